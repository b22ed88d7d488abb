"""The sheet of a month's dues: what is written out to be filled in, and what is read of it."""

import pytest

from pioneer.workbooks.dues import dues_template, fen_of, read_dues
from tests.conduct.meetings import dues_workbook

pytestmark = pytest.mark.pure
STATES = {"按时足额": "paid", "未缴": "unpaid"}


def test_the_empty_table_reads_back_empty() -> None:
    found = read_dues(dues_template("3月党费", [("M1", "甲")], ["未缴"]), "a.xlsx", {"未缴": "unpaid"})
    assert found.rows == found.mistakes == []


def test_yuan_become_fen() -> None:
    written = ("12", "12.5", "12.50元", "1,200", "0.005", "-1", "一", "1e9", "nan")
    assert [fen_of(text) for text in written] == [1200, 1250, 1250, 120000, None, None, None, None, None]


def test_headings_may_stand_in_another_order_and_spelling() -> None:
    content = dues_workbook(("未缴", 3, "甲 "), header=("缴费情况", "金额 (元)", "党员姓名"))
    (row,) = read_dues(content, "a.xlsx", STATES).rows
    assert (row.place, row.number, row.name, row.state, row.fen) == ("「党费」第3行", "", "甲", "unpaid", 300)


def test_a_number_is_read_as_it_is_written() -> None:
    (row,) = read_dues(dues_workbook((1000023, "甲", " 按时 足额", "12.5元")), "a.xlsx", STATES).rows
    assert (row.number, row.state, row.fen) == ("1000023", "paid", 1250)


def test_lines_without_a_state_are_passed_over_unless_they_say_something() -> None:
    found = read_dues(dues_workbook(("M1", "甲"), ("", "合计", "", 30)), "a.xlsx", STATES)
    assert found.rows == [] and [one.place for one in found.mistakes] == ["「党费」第4行C列"]
