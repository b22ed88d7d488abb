"""身份证号: the rules of the 18-digit citizen identity number (GB 11643-1999), with nothing stored and nothing guessed.

A number is read as text. One that a spreadsheet has turned into a number has lost its last digits and is refused by
`number_problem`; nothing here ever completes a number. The serial 000 (digits 15 to 17) is never issued: invented
people carry it, it is accepted, and it says nothing about a person's sex.
"""

from __future__ import annotations

from datetime import date
from operator import mul

__all__ = [
    "ROUNDED",
    "born_on",
    "check_digit",
    "clean_number",
    "mask",
    "number_problem",
    "sex_of",
    "text_of",
]

ROUNDED = "Excel 已丢失末几位，请将该列设为文本后重填"

_PROVINCE_CODES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
)
PROVINCES = frozenset(_PROVINCE_CODES.split())
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# The sum is taken over character codes; each weight also carries 48, the code of "0".
_ZERO_SHARE = 48 * sum(_WEIGHTS)
_NARROW = str.maketrans("０１２３４５６７８９Ｘｘ＋－．Ｅｅ", "0123456789XX+-.EE")
_DROPPED = dict.fromkeys(map(ord, " \t\r\n\u3000\u00a0\u200b\u200c\u200d\ufeff\u2060'‘’`′＇\"“”=-—–－‐‑"))
_births: dict[str, date | None] = {}


def check_digit(first_seventeen: str) -> str:
    """校验码: the eighteenth character that belongs to seventeen digits (ISO 7064, MOD 11-2)."""
    return _CHECKS[(sum(map(mul, first_seventeen.encode(), _WEIGHTS)) - _ZERO_SHARE) % 11]


def clean_number(text: str) -> str:
    """身份证号整理: narrow digits, a capital X, without the spaces, quotes and hyphens people put into a number."""
    if len(text) == 18 and text.isascii() and text.isdigit():
        return text
    return text.translate(_NARROW).translate(_DROPPED).upper()


def _birth(digits: str) -> date | None:
    """The date in eight digits, or None when there is no such day; remembered, since days repeat."""
    try:
        return _births[digits]
    except KeyError:
        pass
    try:
        found = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        found = None
    if len(_births) < 100_000:
        _births[digits] = found
    return found


def born_on(number: str) -> date | None:
    """出生日期: the day of birth within an 18-digit number, or None when it is no day."""
    return _birth(number[6:14]) if len(number) == 18 else None


def sex_of(number: str) -> str:
    """性别: `male`, `female`, or an empty string where the serial is the never-issued 000."""
    if len(number) != 18 or number[14:17] == "000":
        return ""
    return "male" if number[16] in "13579" else "female"


def mask(number: str) -> str:
    """遮挡: the first four and the last four characters, ten stars between: enough to tell two people of one name
    apart on paper, and neither the day of birth nor the county is shown. A shorter text keeps its last two only."""
    if len(number) == 18:
        return f"{number[:4]}**********{number[14:]}"
    return "*" * max(len(number) - 2, 0) + number[-2:] if len(number) > 4 else "*" * len(number)


def text_of(value: object) -> str:
    """原文: a cell's value as the text somebody meant, where that can be known; a whole number without its ".0"."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _is_rounded_text(text: str) -> bool:
    """Whether a text is the picture of a number a spreadsheet has shortened, such as 1.40108E+17."""
    mantissa, mark, exponent = text.partition("E")
    exponent = exponent.removeprefix("+")
    return bool(mark) and exponent.isdigit() and mantissa.replace(".", "", 1).isdigit()


def number_problem(number: str, today: date) -> tuple[str, str] | None:
    """身份证号的毛病: what is wrong with a cleaned number as (code, sentence), or None when it holds."""
    if len(number) != 18:
        return _length_problem(number)
    front = number[:17]
    if not (front.isascii() and front.isdigit()) or number[17] not in "0123456789X":
        if _is_rounded_text(number):
            return "identity_rounded", ROUNDED
        return "identity_characters", "身份证号只能是17位数字加1位数字或X，请对照证件重填"
    if number[17] != _CHECKS[(sum(map(mul, front.encode(), _WEIGHTS)) - _ZERO_SHARE) % 11]:
        if number.endswith("000"):
            return "identity_rounded", ROUNDED
        return "identity_checksum", "身份证号校验不通过，可能有一位写错或两位颠倒，请对照证件重填"
    if number[:2] not in PROVINCES:
        return "identity_region", "身份证号开头两位不是省级地区代码，请对照证件重填"
    born = _birth(number[6:14])
    if born is None or born.year < 1900 or born > today:
        return "identity_birth", "身份证号中的出生日期不存在，请对照证件重填"
    return None


def _length_problem(number: str) -> tuple[str, str]:
    """The sentence for a number that has not 18 characters."""
    if _is_rounded_text(number):
        return "identity_rounded", ROUNDED
    if len(number) == 15 and number.isascii() and number.isdigit():
        return "identity_old", "这是15位的旧号码，系统不代为升位，请填18位身份证号"
    return "identity_length", f"身份证号应为18位，这里是{len(number)}位，请对照证件重填"
