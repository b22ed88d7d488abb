"""分数: exact points. Inside, an ``int`` in hundredths; Decimal only here, at the edges of reading and printing."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

HUNDRED = 100
LARGEST = 100_000_000_00


def show(points: int) -> str:
    """分数写法: hundredths as text without trailing zeros: ``150`` → ``"1.5"``, ``-200`` → ``"-2"``, ``0`` → ``"0"``."""
    whole, part = divmod(abs(points), HUNDRED)
    sign = "-" if points < 0 else ""
    if not part:
        return f"{sign}{whole}"
    if part % 10 == 0:
        return f"{sign}{whole}.{part // 10}"
    return f"{sign}{whole}.{part:02d}"


def product(left: int, right: int) -> int:
    """乘积: two amounts in hundredths multiplied, rounded once, half up (away from zero), to hundredths."""
    negative = (left < 0) != (right < 0)
    rounded = (abs(left) * abs(right) + 50) // HUNDRED
    return -rounded if negative else rounded


def parse_points(value: object) -> int:
    """读数: a number or its text to hundredths.

    Raises ValueError with a Chinese sentence when it is no number, not finite, too large, or has more than two
    decimals (a binary float is read by its shortest text, as it stands in the cell).
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise ValueError(f"“{value}”不是数字")
    text = repr(value) if isinstance(value, float) else str(value).strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"“{text}”不是数字") from None
    if not number.is_finite():
        raise ValueError(f"“{text}”不是数字")
    if abs(number) * HUNDRED > LARGEST:
        raise ValueError(f"“{text}”过大，请核对")
    scaled = number * HUNDRED
    if scaled != scaled.to_integral_value():
        raise ValueError(f"“{text}”超过两位小数，请先按办法取到两位")
    return int(scaled)
