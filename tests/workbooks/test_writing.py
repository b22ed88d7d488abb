"""写表: safe texts, kept digits, a header that stays."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pioneer.workbooks.reading import read_workbook
from pioneer.workbooks.writing import Heading, Table, write_workbook
from tests.workbooks.people import number

pytestmark = pytest.mark.pure


def _one(value: object, heading: Heading) -> object:
    return read_workbook(write_workbook([Table("表", [heading], [[value]])]), "a.xlsx").sheets[0].rows[1][0]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://x.example", "=cmd|' /C calc'!A0", number()]
)
def test_a_text_stays_a_text(text: str) -> None:
    assert _one(text, Heading("事由")) == text


def test_numbers_days_and_nothing() -> None:
    assert _one(Decimal("89.5"), Heading("得分", "number")) == 89.5
    assert _one(date(2026, 3, 8), Heading("日期", "date")) == date(2026, 3, 8)
    assert _one(140108198703150001, Heading("身份证号")) == "140108198703150001"
    assert _one("未知", Heading("日期", "date")) == "未知"


def test_titles_names_and_several_sheets() -> None:
    rows = ([n, "甲"] for n in range(60))
    data = write_workbook(
        [
            Table("一/二支部", [Heading("序号", "number"), Heading("姓名")], rows, title="花名册"),
            Table("一/二支部", [Heading("姓名")]),
            Table("", [Heading("姓名")]),
        ]
    )
    book = read_workbook(data, "a.xlsx")
    assert [sheet.name for sheet in book.sheets] == ["一·二支部", "一·二支部(2)", "表"]
    assert book.sheets[0].rows[1] == ["序号", "姓名"]
    assert len(book.sheets[0].rows) == 62


@settings(derandomize=True, max_examples=100, deadline=None)
@given(
    st.lists(
        st.one_of(st.text(max_size=40), st.floats(), st.none(), st.dates(), st.booleans(), st.integers()),
        min_size=4,
        max_size=4,
    ),
    st.text(max_size=50),
)
def test_no_value_makes_it_fail(values: list[object], name: str) -> None:
    headings = [Heading("甲"), Heading("乙", "number"), Heading("丙", "date"), Heading("丁", "wrapped")]
    read_workbook(write_workbook([Table(name, headings, [values])]), "a.xlsx")
