"""A rulebook as Excel and back: nothing lost, Excel's ways understood, every mistake at its cell."""

from __future__ import annotations

import io
import random
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pioneer.scoring import load_text
from pioneer.scoring.writing import format_text, read_content
from pioneer.workbooks.rulebook_book import NotForExcel, rulebook_to_excel
from pioneer.workbooks.rulebook_layout import grids
from pioneer.workbooks.rulebook_reading import ReadBook, read_rulebook_excel
from tests.scoring.everything import FILES, SHIPPED, contents
from tests.scoring.generate import Skeleton, rulebooks

pytestmark = pytest.mark.pure
ALL = [*SHIPPED, *FILES]
Sheets = dict[str, list[list[Any]]]


def sheets_of(data: bytes) -> Sheets:
    """The cells of a workbook, sheet by sheet."""
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def book_of(sheets: Sheets) -> bytes:
    """A workbook of these cells, whatever their types."""
    stream = io.BytesIO()
    options = {"strings_to_urls": False, "strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(stream, options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if cell != "":
                        sheet.write(number, place, cell)
    return stream.getvalue()


def changed(change: Any, number: int = 0) -> ReadBook:
    """The file of everything, its cells changed by a function, read again."""
    sheets = sheets_of(rulebook_to_excel(contents()[number]))
    change(sheets)
    return read_rulebook_excel(book_of(sheets))


def put(sheets: Sheets, sheet: str, row: int, title: str, value: Any) -> None:
    """Put a value into a cell, found by the title of its column; row 1 is the first."""
    rows = sheets[sheet]
    rows[row - 1][rows[0].index(title)] = value


def same(content: dict[str, Any]) -> bool:
    back = read_rulebook_excel(rulebook_to_excel(content))
    assert back.mistakes == ()
    assert back.content is not None
    return format_text(back.content) == format_text(content)


@pytest.mark.parametrize("file", ALL, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_rulebook_comes_back_byte_by_byte(file: Path) -> None:
    content = read_content(file.read_bytes())
    assert same(content)
    outcome = read_rulebook_excel(rulebook_to_excel(content)).outcome()
    assert outcome.rulebook is not None and outcome.mistakes == ()


bounded = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
campaign = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


@bounded
@given(rulebooks())
def test_rulebooks_of_every_shape_come_back(drawn: tuple[Skeleton, list[str]]) -> None:
    for text in drawn[1]:
        assert same(read_content(text))


@pytest.mark.campaign
@campaign
@given(rulebooks())
def test_many_rulebooks_of_every_shape_come_back(drawn: tuple[Skeleton, list[str]]) -> None:
    for text in drawn[1]:
        assert same(read_content(text))


ODD = [
    '"',
    '""',
    "（空）",
    "；",
    "a；b",
    "甲、乙",
    " 甲",
    "乙　",
    "\u200b",
    "=1+1",
    "1",
    "1/3",
    "_x0041_",
    "\x07\n\t",
    "x\r\n",
]
TEXT = st.text(max_size=12) | st.sampled_from(
    [*ODD, "\ufeff", "\uffff", "是", "a=1", '"a"；"b"', "2026-01-01", "[1]", "0.50"]
)
NUMBER = st.decimals(0, 10**9, places=2) | st.integers(0, 10**18) | st.decimals(0, 1, places=12)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.lists(TEXT, min_size=9, max_size=9), st.lists(TEXT, max_size=4), st.lists(NUMBER, min_size=6, max_size=6))
def test_any_text_and_any_number_comes_back(texts: list[str], words: list[str], numbers: list[Decimal]) -> None:
    content = contents()[0]
    content["meta"]["name"], content["meta"]["note"], content["meta"]["version"] = texts[:3]
    row = content["positive"][3]
    row["name"], row["note"], row["tracks"] = texts[3], texts[4], words
    row["value"]["steps"][0] |= {"name": texts[5], "aliases": words, "points": numbers[0]}
    content["positive"][1]["value"]["by_track"] = {texts[6]: numbers[1], texts[7]: numbers[2]}
    content["positive"][6]["value"]["points"] = numbers[3:]
    content["quotas"][0]["share"] = texts[8]
    content["quotas"][1]["share"] = numbers[5]
    assert same(content)


def test_what_is_written_as_empty_stays_written() -> None:
    content = contents()[0]
    content["positive"][0] |= {"tracks": [], "multipliers": [], "caps": {}, "note": ""}
    content["positive"][0]["value"]["by_track"] = {}
    content["people"]["untiered"] = []
    content |= {"pools": [], "groups": [], "zeroing": []}
    assert same(content)


def test_excels_ways_are_understood() -> None:
    def change(sheets: Sheets) -> None:
        put(sheets, "办法", 3, "版本", 1)
        put(sheets, "办法", 3, "起始日", "2026年1月1日")
        put(sheets, "办法", 3, "截止日", 46387)  # the serial number of 31 December 2026
        put(sheets, "周期", 3, "月数", "１２ ")
        put(sheets, "周期", 3, "起始月份", 1.0)
        put(sheets, "基本指数", 3, "分类别基本分", "rural：65，community＝６２.５")
        put(sheets, "基本指数", 3, "结转比例", "0.10")
        put(sheets, "正向指标", 3, "分值·分值形式", "fixed")
        put(sheets, "正向指标", 3, "适用类别", "rural、community")
        put(sheets, "正向指标", 3, "须有决议", True)
        put(sheets, "正向指标", 3, "须有原话", "√")
        put(sheets, "正向指标", 9, "分值·分值", "1、2.50、5")
        put(sheets, "名额", 3, "比例", "１／３")
        put(sheets, "名额", 4, "比例", "0.05")
        for rows in sheets.values():
            rows.append([""] * len(rows[0]))

    book = changed(change)
    assert book.mistakes == ()
    assert book.content is not None
    assert format_text(book.content) == format_text(contents()[0])


def test_columns_and_sheets_come_in_any_order_and_the_second_header_row_may_be_missing() -> None:
    def change(sheets: Sheets) -> None:
        chance = random.Random(5)
        for name, rows in list(sheets.items()):
            if name == "说明":
                continue
            order = list(range(len(rows[0])))
            chance.shuffle(order)
            sheets[name] = [[row[place] for place in order] for row in rows]
            if chance.random() < 0.5:
                del sheets[name][chance.randrange(2)]  # of title and key one is enough
        names = list(sheets)
        chance.shuffle(names)
        for name in names:
            sheets[name] = sheets.pop(name)

    book = changed(change)
    assert [str(mistake) for mistake in book.mistakes] == []
    assert book.content is not None
    assert format_text(book.content) == format_text(contents()[0])


def spoil(sheets: Sheets) -> None:
    """One mistake of every kind a sheet can have."""
    put(sheets, "办法", 3, "起始日", "明年")
    sheets["办法"].append(["again"])
    put(sheets, "正向指标", 4, "分值·分值", "五分")
    put(sheets, "正向指标", 5, "分值·分值形式", "随便")
    put(sheets, "正向指标", 6, "须有决议", "也许")
    put(sheets, "基本指数", 3, "分类别基本分", "农村65")
    put(sheets, "名额", 3, "比例", datetime(2026, 1, 3))
    sheets["级别与档次"].append(["X9", "a"])
    sheets["级别与档次"].append(["", "a"])
    sheets["程序"][2][0] = "没有的"
    sheets["程序"][4][0] = "支部答复异议"
    sheets["程序"][6][0] = ""
    sheets["等次"][0].append("颜色")
    sheets["等次"][3] += ["", "白"]
    sheets["草稿"] = [["随手记"]]
    sheets["空表"] = []
    sheets["预警线"][0] = [f"{cell}？" for cell in sheets["预警线"][0]]
    sheets["预警线"][1] = []


def test_every_mistake_is_told_at_its_cell_and_nothing_is_half_read() -> None:
    book = changed(spoil)
    assert book.content is None
    said = [str(mistake) for mistake in book.mistakes]
    names = "、".join(grid.name for grid in grids())
    assert said == [
        f"工作表「草稿」：不认识这张工作表，请删去或改名；可用的名称：{names}",
        "工作表「办法」第4行：这张表只能有一行，请删去",
        "工作表「办法」第3行“起始日”：" + said[2].partition("：")[2],
        "工作表「基本指数」第3行“分类别基本分”：须写作“类别编号=数”，多个用；隔开，如 rural=65；community=62.5",
        "工作表「正向指标」第4行“分值·分值”：“五分”不是数字，请只写数字",
        "工作表「正向指标」第5行“分值·分值形式”：“随便”不在可选之内，可写：每次固定、按数量、幅度内裁定、按级别、按数量分档、"
        "按累计分档、按次数递进",
        "工作表「正向指标」第6行“须有决议”：“也许”须为 是 或 否",
        "工作表「等次」第1行：I列“颜色”不是这张表的列，请改正或删去整列；可用的列：编号、名称、下限、运用、公开名单、后续、条款、出处",
        "工作表「等次」第4行：J列没有表头，请补上表头或删去这一格",
        "工作表「名额」第3行“比例”：Excel 已把比例变成日期，请把这一格设为文本后重填，如 1/3",
        "工作表「预警线」：找不到表头，请在第一行写：编号、名称、得分低于、扣分达到、扣分时段、限定最高等次……",
        *said[11:14],
        "工作表「级别与档次」第15行“指标编号”：没有指标“X9”，请改正",
        "工作表「级别与档次」第16行“指标编号”：没有写明属于哪个指标，请补填",
    ]  # fmt: skip
    assert said[11].startswith("工作表「程序」第3行“程序”：“没有的”不在可选之内，可写：公示期、")
    assert said[12:14] == [
        "工作表「程序」第6行“程序”：这一项写了两次，请删去其一",
        "工作表「程序」第7行“程序”：没有写明是哪一项，请补填",
    ]


def test_what_the_loader_finds_is_told_at_its_cell() -> None:
    def change(sheets: Sheets) -> None:
        put(sheets, "办法", 3, "名称", "")
        put(sheets, "正向指标", 3, "封顶·每日上限", 13)
        put(sheets, "正向指标", 4, "方面", "Q")
        put(sheets, "级别与档次", 4, "分值", 2)
        put(sheets, "程序", 3, "数值", 0.5)
        put(sheets, "程序", 4, "单位", "年")
        put(sheets, "加倍情形", 3, "倍数", 0)
        del sheets["周期"]

    outcome = changed(change).outcome()
    assert outcome.rulebook is None
    said = {mistake.place for mistake in outcome.mistakes}
    assert said == {
        "工作表「办法」第3行“名称”",
        "cycle",
        "工作表「级别与档次」第4行“分值”",
        "工作表「加倍情形」第3行“倍数”",
        "工作表「程序」第3行“数值”",
        "工作表「程序」第4行“单位”",
    }

    def traps(sheets: Sheets) -> None:
        put(sheets, "正向指标", 3, "封顶·每日上限", 13)
        put(sheets, "正向指标", 4, "方面", "Q")

    places = [mistake.place for mistake in changed(traps).outcome().mistakes]
    assert places == ["工作表「正向指标」第3行“封顶·每日上限”", "工作表「正向指标」第4行“方面”"]


def test_what_no_sheet_can_hold_is_refused_with_every_place() -> None:
    content = contents()[0]
    content["novel"] = 1
    content["meta"]["colour"] = "red"
    content["meta"]["valid_from"] = "soon"
    content["positive"][0]["value"]["points"] = "五"
    content["positive"][1]["code"] = content["positive"][0]["code"]
    content["positive"][2] = {}
    content["tracks"] = 1
    content["procedure"]["novelty"] = {"value": 1}
    content["quotas"][0]["end"] = "middle"
    with pytest.raises(NotForExcel) as refused:
        rulebook_to_excel(content)
    assert {mistake.place for mistake in refused.value.mistakes} == {
        "novel", "meta.colour", "meta.valid_from", "positive[1].value.points", "positive[1]", "positive[3]", "tracks",
        "procedure.novelty", "quotas[1].end",
    }  # fmt: skip


def test_a_draft_with_gaps_goes_to_excel_and_comes_back() -> None:
    content = contents()[0]
    del content["positive"][3]["value"]["shape"], content["meta"]["name"], content["cycle"], content["tiers"]
    content["positive"][0]["value"]["max"] = 3
    assert same(content)
    assert load_text(format_text(content)).mistakes


def test_an_empty_form_is_a_workbook_with_every_sheet() -> None:
    sheets = sheets_of(rulebook_to_excel({}))
    assert list(sheets) == ["说明", *(grid.name for grid in grids())]
    for grid in grids():
        assert sheets[grid.name][0] == [column.title for column in grid.columns]
        assert sheets[grid.name][1] == [column.name for column in grid.columns]
        assert len({column.title for column in grid.columns}) == len(grid.columns)
    book = read_rulebook_excel(rulebook_to_excel({}))
    assert book.content == {} and book.outcome().mistakes


def test_a_day_before_excel_began_comes_back() -> None:
    content = contents()[0]
    content["meta"] |= {"valid_from": date(1, 1, 1), "valid_to": date(9999, 12, 31)}
    assert same(content)
