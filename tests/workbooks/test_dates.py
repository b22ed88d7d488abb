"""日期: every usual way of writing a day, its precision, and what can't be read."""

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pioneer.workbooks.dates import read_date

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "written",
    [
        "1987-7-1", "1987年7月1日", "1987/7/1", "19870701", "1987.07.01", "１９８７．７．１", "1987 年 7 月 1 日",
        "1987-07-01 00:00:00",
        "1987-07-01T08:30", "1987年07月01号", "一九八七年七月一日", "'1987-7-1", "1987。7。1", "1987、7、1", 19870701,
        19870701.0, 31959,
        31959.0, "31959", date(1987, 7, 1), datetime(1987, 7, 1, 9),
    ],
)  # fmt: skip
def test_a_day(written: Any) -> None:
    read = read_date(written)
    assert (read.day, read.precision, read.problem) == (date(1987, 7, 1), "day", "")


@pytest.mark.parametrize(
    "written",
    [
        "1987.07",
        "1987.7",
        "1987年7月",
        "1987-07",
        "198707",
        "1987/7",
        "１９８７年７月",
        "1987.07.",
        198707,
        198707.0,
        1987.07,
        1987.7,
    ],
)
def test_a_month_keeps_its_precision(written: Any) -> None:
    read = read_date(written)
    assert (read.day, read.precision) == (date(1987, 7, 1), "month")


@pytest.mark.parametrize("written", ["", "无", "不详", "/", "—", " ", None, 0.0])
def test_nothing_is_nothing(written: Any) -> None:
    read = read_date(written)
    assert (read.day, read.problem) == (None, "")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1987-02-30", "没有 1987年2月30日 这一天"), ("1987年13月", "没有 1987年13月"),
        ("19870700", "没有 1987年7月0日"),
        ("1987", "只有年份"), ("1987年", "只有年份"), (1987.0, "只有年份"), ("87.7.1", "年份只有两位"),
        ("7/1/1987", "年份写在了后面"),
        (1987.1, "分不清1月还是10月"), ("改日", "看不懂"), ("#N/A", "公式出错"), (True, "不是日期"), (time(1),
        "不是日期"), (1e300, "不是日期"),
        (float("nan"), "不是日期"), (date(1066, 1, 1), "不可能"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_said(written: Any, said: str) -> None:
    read = read_date(written)
    assert read.day is None
    assert said in read.problem


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(alphabet="0123456789年月日.-/一二十 ①", max_size=12), st.text(max_size=12), st.floats(), st.integers()
    )
)
def test_no_value_makes_it_fail(written: Any) -> None:
    read = read_date(written)
    assert read.day is None or not read.problem


@settings(derandomize=True, max_examples=200, deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日"])
)
def test_a_written_day_comes_back(day: date, form: str) -> None:
    assert read_date(day.strftime(form)).day == day
