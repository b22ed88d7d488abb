"""日期: the ways in which rosters write a day, read without guessing.

A day is kept with its precision: `day`, or `month` where only year and month are written (the first of the month then
stands for it). What can be read in two ways is refused with the sentence that says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

__all__ = ["NO_DATE", "ReadDate", "read_date"]

_EPOCH = date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_SEPARATED = re.compile(r"([12]\d{3})\.(\d{1,2})(?:\.(\d{1,2}))?\.?")
_SHORT_YEAR = re.compile(r"\d{2}\.\d{1,2}(?:\.\d{1,2})?\.?")
_DAY_FIRST = re.compile(r"\d{1,2}\.(?:\d{1,2}\.)?[12]\d{3}")
_TIME_OF_DAY = re.compile(r"[T ]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?$")
_UNIFIED: dict[int, str] = {
    **dict(zip(map(ord, "０１２３４５６７８９"), "0123456789", strict=True)),
    **dict.fromkeys(map(ord, "年月．。·•、，,／/－-—–―‐‑−_\\"), "."),
    **dict.fromkeys(map(ord, "日号'’‘`\"“”\u3000\u00a0\ufeff\u200b"), ""),
    ord("："): ":",
}
_CHINESE_DIGITS = str.maketrans("〇零○Ｏ一二三四五六七八九", "000" + "0" + "123456789")
_NOTHING = frozenset({"", "无", "不详", "未知", "待查", "暂无", "空", "/", "-", ".", "..", "...", "*", "X", "x", "否"})


@dataclass(frozen=True, slots=True)
class ReadDate:
    """读出的日期: the day and its precision, or the sentence that says why there is none; both empty for no date.
    `october` marks 1987.1 held as a number, which may have been 1987.10; `year` is its year then."""

    day: date | None = None
    precision: str = ""
    problem: str = ""
    october: bool = False
    year: int = 0


NO_DATE = ReadDate()
_memory: dict[tuple[type, Any], ReadDate] = {}


def read_date(value: Any) -> ReadDate:
    """读日期: a cell's value as a day with its precision; the same value is worked out once."""
    if value == "":
        return NO_DATE
    key = (type(value), value)
    found = _memory.get(key)
    if found is None:
        found = _read(value)
        if len(_memory) < 200_000:
            _memory[key] = found
    return found


def _read(value: Any) -> ReadDate:
    """A value of any kind."""
    if isinstance(value, datetime):
        return _within(value.date(), "day")
    if isinstance(value, date):
        return _within(value, "day")
    if value is None:
        return NO_DATE
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    if isinstance(value, str):
        return _from_text(value)
    return ReadDate(problem="这里不是日期，请写成 1987-07-01 的样子")


def _within(day: date, precision: str) -> ReadDate:
    """Only days a living person's papers can bear."""
    if _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return ReadDate(day, precision)
    return ReadDate(problem=f"年份 {day.year} 不可能，请核对后重填")


def _made(year: int, month: int, day: int | None) -> ReadDate:
    """The day of these numbers, or the sentence that there is none."""
    shown = f"{year}年{month}月" if day is None else f"{year}年{month}月{day}日"
    try:
        return _within(date(year, month, day or (1 if day is None else 0)), "month" if day is None else "day")
    except ValueError:
        return ReadDate(problem=f"没有 {shown}{'' if day is None else ' 这一天'}，请核对后重填")


def _from_number(value: float) -> ReadDate:
    """A number: 19870701, 198707, an Excel serial, or 1987.07 that a spreadsheet took for a decimal."""
    if value != value or value in (float("inf"), float("-inf")):
        return ReadDate(problem="这里不是日期，请写成 1987-07-01 的样子")
    whole = int(value)
    if value == 0:
        return NO_DATE
    if _FIRST_YEAR <= value < _LAST_YEAR + 1:
        return _from_decimal(value, whole)
    if 19_000_000 <= whole <= 21_001_231 and whole == value:
        return _made(whole // 10_000, whole // 100 % 100, whole % 100)
    if 190_000 <= whole <= 210_099 and whole == value:
        return _made(whole // 100, whole % 100, None)
    if 60 < whole < 73_415:
        return _within(_EPOCH + timedelta(days=whole), "day")
    return ReadDate(problem="这个数字不是日期，请写成 1987-07-01 的样子")


def _from_decimal(value: float, whole: int) -> ReadDate:
    """1987.07 is July; 1987.1 may have been 1987.10; 1987 alone has no month."""
    hundredths = round(value * 100) - whole * 100
    if abs(value * 100 - round(value * 100)) > 1e-6:
        return ReadDate(problem="这个数字不是日期，请将该列设为文本后写成 1987-07-01 的样子")
    if hundredths == 0:
        return ReadDate(problem="只有年份，请补上月份")
    if hundredths == 10:
        problem = f"Excel 把 {whole}.10 和 {whole}.1 存成同一个数，分不清1月还是10月，请将该列设为文本后重填"
        return ReadDate(problem=problem, october=True, year=whole)
    if hundredths % 10 == 0:
        hundredths //= 10
    return _made(whole, hundredths, None)


def _from_text(value: str) -> ReadDate:
    """A text in one of the usual shapes."""
    text = value.strip().translate(_UNIFIED)
    text = _TIME_OF_DAY.sub("", text) if ":" in text else text
    text = "".join(text.split())
    if text in _NOTHING:
        return NO_DATE
    if found := _SEPARATED.fullmatch(text):
        return _made(int(found[1]), int(found[2]), int(found[3]) if found[3] else None)
    if text.isascii() and text.isdigit():
        if len(text) in (5, 6, 8):
            return _from_number(int(text))
        if len(text) == 4:
            return ReadDate(problem="只有年份，请补上月份")
    if text[:1] in "一二〇零○" and text[:1]:
        return _from_chinese(text)
    if _SHORT_YEAR.fullmatch(text):
        return ReadDate(problem="年份只有两位，请写满四位")
    if _DAY_FIRST.fullmatch(text):
        return ReadDate(problem="日期的年份写在了后面，请写成 1987-07-01 的样子")
    if text.rstrip(".").isdigit() and len(text.rstrip(".")) == 4:
        return ReadDate(problem="只有年份，请补上月份")
    if text.startswith("#"):
        return ReadDate(problem="单元格里的公式出错，请改写成日期")
    return ReadDate(problem="看不懂这个日期，请写成 1987-07-01 或 1987年7月 的样子")


def _from_chinese(text: str) -> ReadDate:
    """一九八七年七月一日, already with its marks unified to full stops."""
    numbers = [_chinese_number(part) for part in text.split(".") if part]
    if len(numbers) in (2, 3) and all(number is not None for number in numbers):
        year, month, *rest = (number or 0 for number in numbers)
        return _made(year, month, rest[0] if rest else None)
    return ReadDate(problem="看不懂这个日期，请写成 1987-07-01 或 1987年7月 的样子")


def _chinese_number(text: str) -> int | None:
    """A number of up to four digits in Chinese characters, digit by digit or with 十."""
    if "十" in text:
        tens, _, ones = text.partition("十")
        text = (tens or "一") + (ones or "〇")
    digits = text.translate(_CHINESE_DIGITS)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 4 else None
