"""花名册: rosters as branches keep them, trap by trap."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pioneer.kernel.identity import ROUNDED
from pioneer.workbooks.headings import FIELDS
from pioneer.workbooks.layout import guess_layout
from pioneer.workbooks.reading import Sheet, Workbook, read_workbook
from pioneer.workbooks.roster import RosterRow, parse_roster
from tests.workbooks.people import PHONE, TODAY, codes, number, read, read_all, xlsx

pytestmark = pytest.mark.pure


def _person(**cells: Any) -> RosterRow:
    """One member with these cells, over the fields' own Chinese headings."""
    heads = [FIELDS[name] for name in cells]
    return read([["姓名", *heads], ["李明", *cells.values()]])[0][0]


def test_a_clean_row() -> None:
    row = _person(identity=number(),
    sex="男", birth="1987-03-15", joined="2010年7月", full="2011-07-01", status="正式党员",
                  branch="第一党支部", phone=PHONE, floating="否", track="农村", nation="汉",
                  education="大专")  # fmt: skip
    assert row.mistakes == []
    assert (row.sheet, row.row, row.name, row.identity, row.sex) == ("花名册", 2, "李明", number(), "male")
    assert (row.birth_on, row.birth_precision) == (date(1987, 3, 15), "day")
    assert (row.joined_on, row.joined_precision) == (date(2010, 7, 1), "month")
    assert (row.full_on, row.status, row.branch, row.phone) == (date(2011, 7, 1), "full", "第一党支部", PHONE)
    assert (row.floating, row.track, row.nation, row.education) == (False, "rural", "汉族", "大专")


@pytest.mark.parametrize("value", [1.40108198703e17, 140108198703150001.0, "1.40108E+17", 1401081987031500])
def test_a_rounded_identity_number_is_said_and_never_completed(value: Any) -> None:
    row = _person(identity=value, birth="1987-03-15")
    assert row.identity == ""
    assert row.wrong
    assert row.sentences()[0] == f"工作表「花名册」第2行 B列「身份证号」：{ROUNDED}"


@pytest.mark.parametrize(
    "value",
    [
        number("19870103").lower(),
        " ".join(number()),
        "'" + number(),
        f'="{number()}"',
        number().translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ],
)
def test_ways_of_writing_an_identity_number(value: str) -> None:
    assert _person(identity=value).identity in (number(), number("19870103"))


@pytest.mark.parametrize(
    ("value", "code"),
    [("140108870315000", "identity_old"), (140108870315000, "identity_old"), ("1401081987", "identity_length"),
     (number()[:-1] + "5", "identity_checksum"), (True, "identity_characters"), (date(2001, 1, 1),
     "identity_characters")],
)  # fmt: skip
def test_wrong_identity_numbers(value: Any, code: str) -> None:
    row = _person(identity=value)
    assert (codes(row), row.identity, row.wrong) == ({code}, "", True)


def test_no_identity_number_is_a_mark_and_no_error() -> None:
    row = _person(identity="", phone=PHONE)
    assert codes(row) == {"identity_missing"}
    assert not row.wrong
    assert codes(_person(phone=PHONE)) == {"identity_missing"}


@pytest.mark.parametrize(
    ("written", "name", "fine"),
    [("李 明", "李明", True), ("李\u3000明", "李明", True), ("郭㛃明", "郭㛃明", True), ("林䶮国", "林䶮国", True),
    ("阿依古丽•买买提", "阿依古丽·买买提", True),
     ("阿依古丽.买买提", "阿依古丽·买买提", True), ("阿依古丽‧买买提", "阿依古丽·买买提", True),
     ("王?明", "王?明", False), ("王3", "王3", False),
     ("王\ue123", "王\ue123", False)],
)  # fmt: skip
def test_names(written: str, name: str, fine: bool) -> None:
    row = read([["姓名", "身份证号"], [written, number()]])[0][0]
    assert row.name == name
    assert row.wrong is not fine


def test_a_remark_behind_a_name() -> None:
    people, _, _ = read([["姓名", "身份证号"], ["李明（预备）", number("19870101")], ["王兰(女)", number("19870102")]])
    assert (people[0].name, people[0].status, people[1].name, people[1].sex) == (
        "李明",
        "probationary",
        "王兰",
        "female",
    )
    assert "name_remark" in codes(read([["姓名", "身份证号"], ["李明（困难）", number()]])[0][0])


def test_days_that_contradict_one_another() -> None:
    row = _person(identity=number("19870315"), birth="1986-03-15")
    assert codes(row) == {"birth_differs"}
    assert row.wrong
    assert _person(identity=number("19870315"), birth="1987.03").mistakes == []
    assert _person(identity=number("19871015"), birth=1987.1).mistakes == []
    assert codes(_person(identity=number("19870715"), birth=1987.1)) == {"birth"}
    assert codes(_person(identity=number(), joined="1980-01-01")) == {"joined_before_birth"}
    early = _person(identity=number(), joined="2005-03-14")
    assert codes(early) == {"joined_under_age"}
    assert not early.wrong
    assert _person(identity=number(), joined="2005-03-15").mistakes == []
    assert _person(identity=number(), joined="2005.03").mistakes == []
    assert codes(_person(identity=number(), joined="2010-07-01", full="2009-07-01")) == {"full_before_joined"}


def test_future_days_are_wrong() -> None:
    assert _person(identity=number(), joined="2026-04-02", status="预备党员").wrong
    assert not _person(identity=number(), joined="2026-04-01", status="预备党员").wrong
    assert _person(identity=number(), joined="2010-07-01", full="2027-07-01", status="正式党员").wrong
    planned = _person(identity=number(), joined="2025-07-01", full="2026-07-01", status="预备党员")
    assert (codes(planned), planned.full_on, planned.wrong) == ({"full_planned"}, None, False)


@pytest.mark.parametrize(
    ("written", "status"),
    [("正式", "full"), ("预备党员", "probationary"), ("失联党员", "out_of_contact"), ("已转出", "transferred_out"),
    ("已去世", "deceased"),
     ("自行退党", "left"), ("除名", "removed"), ("开除党籍", "expelled"), ("入党积极分子", ""), ("群众", "")],
)  # fmt: skip
def test_statuses(written: str, status: str) -> None:
    row = _person(identity=number(), status=written)
    assert row.status == status
    assert row.wrong is not bool(status)


def test_doubts_about_a_status_are_warnings() -> None:
    assert codes(_person(identity=number(), status="预备党员", joined="2010-07-01")) == {"probation_long"}
    assert codes(_person(identity=number(), status="正式党员", note="2025年去世")) == {"note_status"}
    assert codes(_person(identity=number(), status="")) == {"status_missing"}
    assert codes(_person(identity=number(), joined="2025-07-01")) == {"status_missing"}


@pytest.mark.parametrize(
    ("flag", "place", "floating", "going"),
    [("是", "", True, ""), ("否", "", False, ""), ("√", "北京", True, "北京"), ("", "北京市", True, "北京市"),
    ("", "", None, ""),
     ("是（太原）", "", True, "太原"), ("否", "北京", False, ""), ("未流动", "", False, "")],
)  # fmt: skip
def test_floating(flag: str, place: str, floating: bool | None, going: str) -> None:
    row = _person(identity=number(), floating=flag, floating_to=place)
    assert (row.floating, row.floating_to) == (floating, going)


@pytest.mark.parametrize(
    "value", [10000000001, "100 0000 0001", "100-0000-0001", "１００００００００01", "+86 10000000001", " 10000000001"]
)
def test_phones(value: Any) -> None:
    row = _person(identity=number(), phone=value)
    assert (row.phone, row.mistakes) == (PHONE, [])


def test_phones_that_are_none() -> None:
    for value in ("0351-1234567", "1000000000", 3.5, "没有手机"):
        row = _person(identity=number(), phone=value)
        assert (row.phone, codes(row), row.wrong) == ("", {"phone"}, False)


def test_the_same_person_twice() -> None:
    people, _, _ = read([["姓名", "身份证号"], ["李明", number()], ["王军", number("19870101")], ["李 明", number()]])
    assert [person.wrong for person in people] == [False, False, True]
    assert "第2行" in people[2].sentences()[0]


def test_two_of_one_name() -> None:
    head = ["姓名", "身份证号", "出生日期"]
    apart = [["李明", number("19870101"), ""], ["李明", number("19870102"), ""]]
    assert not any(person.mistakes for person in read([head, *apart])[0])
    by_birth = read([head, ["李明", "", "1987-01-01"], ["李明", "", "1990-01-01"]])[0]
    assert codes(by_birth[1]) == {"identity_missing"}
    unknown = read([head, ["李明", "", ""], ["李明", "", ""]])[0]
    assert unknown[1].asks
    assert "same_name" in codes(unknown[1])
    alike = read([head, ["李明", number("19870101"), ""], ["李明", "", "1987.01"]])[0]
    assert "same_name_and_birth" in codes(alike[1])


def test_branches_by_merged_cells() -> None:
    rows = [
        ["姓名", "所在支部", "性别"],
        ["甲一", "第一党支部", "男"],
        ["乙一", None, "女"],
        [],
        ["丙一", "第二党支部", "男"],
        ["丁一", None, "男"],
    ]
    people, skipped, _ = read(rows, merged=["B2:B4", "B5:B6"])
    assert [(person.name, person.branch) for person in people] == [
        ("甲一", "第一党支部"), ("乙一", "第一党支部"), ("丙一", "第二党支部"), ("丁一", "第二党支部")]  # fmt: skip
    assert skipped == []


def test_branches_written_once_without_a_merge() -> None:
    rows = [
        ["姓名", "所在支部"],
        ["甲一", "第一党支部"],
        ["乙一", ""],
        ["乙二", ""],
        ["丙一", "第二党支部"],
        ["丁一", ""],
        ["丁二", ""],
    ]
    assert [person.branch for person in read(rows)[0]] == ["第一党支部"] * 3 + ["第二党支部"] * 3


def test_a_branch_left_out_here_and_there_is_not_guessed() -> None:
    rows = [["姓名", "所在支部"], ["甲一", "第一党支部"], ["乙一", "第一党支部"], ["乙二", ""], ["丙一", "第二党支部"]]
    assert [person.branch for person in read(rows)[0]] == ["第一党支部", "第一党支部", "", "第二党支部"]


def test_branches_by_section_rows() -> None:
    rows = [
        ["某社区党员花名册", "", ""], ["序号", "姓名", "身份证号"],
        ["一、第一党支部（2人）", "", ""], [1, "李明", number("19870101")], [2, "王军", number("19870102")],
        ["二、第二党支部", "", ""], ["序号", "姓名", "身份证号"], [1, "赵红", number("19870103")],
        ["预备党员", "", ""], [2, "钱志", number("19870104")],
    ]  # fmt: skip
    for merged in ([], ["A1:C1", "A3:C3", "A6:C6", "A9:C9"]):
        people, skipped, _ = read(rows, merged=merged)
        assert [person.branch for person in people] == ["第一党支部", "第一党支部", "第二党支部", "第二党支部"]
        assert [person.status for person in people] == ["full", "full", "full", "probationary"]
        assert [entry.reason for entry in skipped] == ["支部标题", "支部标题", "重复的表头", "分类标题"]


@pytest.mark.parametrize(
    "title", ["党支部名称：槐园第一党支部", "槐园第一党支部党员花名册", "填报单位：槐园第一党支部（盖章）"]
)
def test_a_branch_over_the_whole_sheet(title: str) -> None:
    people, _, _ = read([[title], ["姓名", "身份证号"], ["李明", number()]], merged=["A1:B1"])
    assert people[0].branch == "槐园第一党支部"


@pytest.mark.parametrize(
    "form", ["{}党员名单", "党支部名称：{}", "填报单位：{}（盖章）", "{}", "三、{}正式党员（1人）"]
)
def test_tables_stacked_in_one_sheet(form: str) -> None:
    head = ["姓名", "身份证号"]
    rows = [[form.format("槐园第一党支部")], head, ["李明", number("19870101")], ["制表人：张三", "2026.3.1"], []]
    rows += [[form.format("槐园第二党支部")], head, ["王军", number("19870102")]]
    people, skipped, _ = read(rows)
    assert [(person.name, person.branch) for person in people] == [
        ("李明", "槐园第一党支部"),
        ("王军", "槐园第二党支部"),
    ]
    assert [entry.row for entry in skipped] == [4, 6, 7]


@pytest.mark.parametrize(
    ("title", "status", "floating"),
    [
        ("预备党员花名册", "probationary", None),
        ("流动党员花名册", "full", True),
        ("正式党员、预备党员花名册", "full", None),
    ],
)
def test_a_title_that_names_a_category(title: str, status: str, floating: bool | None) -> None:
    for rows, sheet in (([[title], ["姓名", "身份证号"]], "表"), ([["姓名", "身份证号"]], title)):
        people, _, _ = read([*rows, ["李明", number()]], sheet=sheet)
        assert (people[0].status, people[0].floating) == (status, floating)


def test_one_sheet_per_branch() -> None:
    head = ["姓名", "身份证号"]
    data = xlsx({
        "第一党支部": [head, ["李明", number("19870101")]],
        "第二党支部": [head, ["王军", number("19870102")], ["李明", number("19870101")]],
        "说明": [["请如实填写"]],
        "旧表": [head, ["赵红", number("19870103")]],
    }, hidden="旧表")  # fmt: skip
    people, _, layout = read_all(read_workbook(data, "册.xlsx"))
    assert [(person.branch, person.name) for person in people] == [
        ("第一党支部", "李明"), ("第二党支部", "王军"), ("第二党支部", "李明")]  # fmt: skip
    assert "工作表「第一党支部」第2行" in people[2].sentences()[0]
    assert [sheet.used for sheet in layout.sheets] == [True, True, False, False]


def test_a_person_over_two_merged_rows_is_one_person() -> None:
    rows = [
        ["姓名", "身份证号", "备注"],
        ["李明", number(), "甲"],
        [None, None, "乙"],
        ["王军", number("19870101"), ""],
    ]
    people, skipped, _ = read(rows, merged=["A2:A3", "B2:B3"])
    assert [person.name for person in people] == ["李明", "王军"]
    assert [(entry.row, entry.reason[:6]) for entry in skipped] == [(3, "姓名与上一行")]


def test_a_second_table_with_other_columns() -> None:
    rows = [
        ["姓名", "性别", "身份证号"],
        ["李明", "男", number("19870101")],
        ["姓名", "身份证号", "性别"],
        ["王兰", number("19870102"), "女"],
    ]
    people, _, _ = read(rows)
    assert [(person.name, person.sex, person.identity) for person in people] == [
        ("李明", "male", number("19870101")), ("王兰", "female", number("19870102"))]  # fmt: skip


def test_totals_notes_and_signatures_are_passed_over() -> None:
    rows = [
        ["序号", "姓名", "性别", "身份证号", "入党时间"], [1, "李明", "男", number(), "2010.07"], [2, "", "", "", ""],
        [],
        ["合计", "", "75", "", ""], ["", "合计：75人"], ["注：以上人员均为虚构"],
        ["填表人：", "张三", "", "审核人：", "李四"], ["支部书记（签字）："],
    ]  # fmt: skip
    people, skipped, _ = read(rows)
    assert [person.name for person in people] == ["李明"]
    assert [entry.row for entry in skipped] == [3, 5, 6, 7, 8, 9]
    assert all(entry.reason and entry.text for entry in skipped)


def test_a_row_without_a_name_but_with_particulars_is_wrong() -> None:
    people, _, _ = read([["姓名", "性别", "身份证号"], ["", "男", number()]])
    assert codes(people[0]) == {"name"}
    assert people[0].wrong


def test_the_sample_roster() -> None:
    """样表 As the branches keep it: title, merged branches, serial days, three rounded numbers, a repeat, a total."""
    place = Path(__file__).parent / "roster-messy.xlsx"
    people, skipped, _ = read_all(read_workbook(place))
    assert len(people) == 76
    rounded = [person.row for person in people if "identity_rounded" in codes(person)]
    assert rounded == [10, 19, 57]
    assert [person.row for person in people if "identity_checksum" in codes(person)] == [4, 32, 70]
    assert [person.row for person in people if "identity_repeated" in codes(person)] == [80]
    assert [person.row for person in people if "joined_future" in codes(person)] == [18, 22, 36, 47, 63, 65, 69]
    assert sum(person.wrong for person in people) == 14
    assert {person.branch[:8] for person in people if person.row < 80} == {
        "槐园社区第一党支",
        "槐园社区第二党支",
        "槐园社区第三党支",
    }
    assert [(entry.row, entry.reason) for entry in skipped] == [(81, "合计、签字或说明")]


_values = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["姓名", "合计", "第一党支部", "正式党员", "1.40108E+17", number(), "1987.07", "是", "=1+1"]),
    st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas(), st.just(""),
    st.none(),
)  # fmt: skip


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(st.lists(_values, max_size=17), max_size=6), st.booleans())
def test_no_cell_makes_it_fail(rows: list[list[Any]], headed: bool) -> None:
    head = [["序号", *FIELDS.values()]] if headed else []
    book = Workbook("册.xlsx", [Sheet("表", head + rows)])
    for person in parse_roster(book, guess_layout(book), today=TODAY):
        person.sentences()
