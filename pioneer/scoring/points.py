"""分数: exact points. Inside, an ``int`` in hundredths; Decimal only here, at the edges of reading and printing."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

HUNDRED = 100
LARGEST = 1_000_000_000  # in whole points: anything larger is a slip of the pen
LONGEST = 40  # characters of a number worth reading


def show(points: int) -> str:
    """分数写法: hundredths as text without trailing zeros: ``150`` → ``"1.5"``, ``-200`` → ``"-2"``."""
    whole, part = divmod(abs(points), HUNDRED)
    sign = "-" if points < 0 else ""
    if not part:
        return f"{sign}{whole}"
    if part % 10 == 0:
        return f"{sign}{whole}.{part // 10}"
    return f"{sign}{whole}.{part:02d}"


def product(left: int, right: int) -> int:
    """乘积: two amounts in hundredths multiplied, rounded once, half up (away from zero), to hundredths."""
    rounded = (abs(left * right) + HUNDRED // 2) // HUNDRED
    return -rounded if (left < 0) != (right < 0) else rounded


def quotient(amount: int, number: int) -> int:
    """商: an amount in hundredths divided by a positive whole number, rounded once, half up (away from zero)."""
    rounded = (2 * abs(amount) + number) // (2 * number)
    return -rounded if amount < 0 else rounded


def parse_points(value: object) -> int:
    """读数: a number, or its text, to hundredths. A binary float is read by its shortest text, as a cell shows it.

    Raises ValueError with a Chinese sentence when it is no number, not finite, too large, or has more than two
    decimals.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise ValueError(f"“{str(value)[:LONGEST]}”不是数字")
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise ValueError("数字过大，请核对")
        return value * HUNDRED
    text = repr(value) if isinstance(value, float) else str(value).strip()
    if len(text) > LONGEST or "_" in text:
        raise ValueError(f"“{text[:LONGEST]}”不是可用的数字，请写成不超过两位小数的数")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"“{text}”不是数字") from None
    return _hundredths(number, text)


def _hundredths(number: Decimal, text: str) -> int:
    if not number.is_finite():
        raise ValueError(f"“{text}”不是数字")
    if abs(number) > LARGEST:
        raise ValueError(f"“{text}”过大，请核对")
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"“{text}”不是数字")
    whole = int("".join(map(str, digits)))
    shift = exponent + 2
    if shift < 0:
        if any(digits[shift:]) or (-shift > len(digits) and whole):
            raise ValueError(f"“{text}”超过两位小数，请先取到两位")
        whole = int("".join(map(str, digits[:shift])) or "0")
    else:
        whole *= 10**shift if whole else 1
    return -whole if sign else whole
