"""The weekly form on paper: a page for each member, and a code that leads back to it."""

import io
from dataclasses import replace
from typing import Any

import pytest
import segno
from PIL import Image

from pioneer.papers.rendering import render
from pioneer.papers.weekly_form import Page, content_of, weekly_forms
from tests.papers.reading import pages_of, words_of
from tests.papers.test_rendering import HOSTILE

pytestmark = pytest.mark.pure
ADDRESS = "https://pioneer.example.cn/declarations/forms/7F3AK9C2/"
PPI = 288
DAYS = ("3月30日", "3月31日", "4月1日", "4月2日", "4月3日", "4月4日", "4月5日")


def page(name: str = "李桂兰", **more: Any) -> Page:
    said = {
        "hint": "",
        "branch": "槐园社区第一党支部",
        "week": "2026年第14周　3月30日至4月5日",
        "days": DAYS,
        "indicators": tuple((f"A{number}", f"第{number}项", "小时" if number == 2 else "") for number in range(1, 9)),
        "code": "7F3A-K9C2",
        "address": ADDRESS,
    }
    return Page(name=name, **{**said, **more})


def test_each_member_has_one_page_with_all_there_is_to_fill_in() -> None:
    made = weekly_forms([page(), page("王保国", hint="身份证尾号1234")])
    pages = ["".join(text.split()) for text in pages_of(made)]
    assert len(pages) == 2
    for said in ("每周申报表", "李桂兰", "2026年第14周", "3月30日至4月5日", "槐园社区第一党支部", "7F3A-K9C2", "第8项"):
        assert said in pages[0], said
    for asked, times in (("在哪里", 4), ("几点", 4), ("数量", 4), ("周三", 4), ("本人签名", 1), ("收表人", 1)):
        assert pages[0].count(asked) == times, asked
    assert "（写几小时）" in pages[0] and "王保国身份证尾号1234" in pages[1] and "李桂兰" not in pages[1]


def test_however_long_the_names_are_the_page_stays_one() -> None:
    long = tuple((f"ABCDEF{number}", "很长的指标名称" * 9, "小时") for number in range(8))
    made = weekly_forms([page(indicators=long, branch="很长的支部名称" * 8), page(indicators=())])
    assert len(pages_of(made)) == 2


def test_rare_names_are_printed_as_they_are() -> None:
    words = words_of(weekly_forms([page("张㛃"), page("喆䶮堃")]))
    assert "张㛃" in words and "喆䶮堃" in words


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_name_holds_stands_on_the_paper_as_it_is(name: str) -> None:
    said = words_of(weekly_forms([page(name, branch=name, hint=name)]))
    assert said.count("".join(name.split())) == 3


@pytest.mark.parametrize("address", [ADDRESS, ADDRESS.replace("7F3A", "MMMM")])
def test_the_square_on_the_page_reads_as_the_address(address: str) -> None:
    """Every one of its dots, measured on the printed page, is that of the code of this address."""
    drawn = render("weekly_form", content_of([page(address=address)]), format="png", ppi=PPI)[0]
    wanted = [[bool(dot) for dot in row] for row in segno.make(address, error="m").matrix]
    assert dots_of(drawn, len(wanted)) == wanted


def dots_of(picture: bytes, count: int) -> list[list[bool]]:
    """The square at the upper right as dark and light dots."""
    millimetre = PPI / 25.4
    left, top, right, bottom = (round(at * millimetre) for at in (164, 14, 196, 46))
    corner = Image.open(io.BytesIO(picture)).convert("L").crop((left, top, right, bottom))
    dark = [[corner.getpixel((x, y)) < 128 for x in range(corner.width)] for y in range(corner.height)]  # type: ignore[operator]
    first = next(y for y, row in enumerate(dark) if any(row))
    columns = [x for x, is_dark in enumerate(dark[first + 2]) if is_dark]
    size = (columns[-1] - columns[0] + 1) / count
    middles = [(number + 0.5) * size for number in range(count)]
    return [[dark[round(first + y)][round(columns[0] + x)] for x in middles] for y in middles]


def test_the_same_form_gives_the_same_bytes_and_another_code_another_square() -> None:
    assert weekly_forms([page()]) == weekly_forms([page()])
    assert weekly_forms([page()]) != weekly_forms([replace(page(), address=ADDRESS + "x")])
