"""模板标签 How points and dates are written."""

from datetime import date, datetime, timedelta

from django import template

from pioneer.kernel import points as exact
from pioneer.kernel.clock import SHANGHAI
from pioneer.rewards import merchant_queries

register = template.Library()


@register.filter
def points(hundredths: int | None) -> str:
    """分值 150 → "1.5"."""
    return "" if hundredths is None else exact.show(hundredths)


@register.filter
def signed(hundredths: int | None) -> str:
    """带号分值 150 → "+1.5", -50 → "−0.5", 0 → "0"."""
    return "" if hundredths is None else exact.show(hundredths, signed=True)


@register.filter
def yuan(cents: int | None) -> str:
    """金额 1250 cents → "12.5"."""
    return "" if cents is None else merchant_queries.yuan(cents)


@register.filter
def day(on: date | None) -> str:
    """日期 2026年3月8日; a moment counts for its day in Asia/Shanghai."""
    on = on.astimezone(SHANGHAI) if isinstance(on, datetime) else on
    return "" if on is None else f"{on.year}年{on.month}月{on.day}日"


@register.filter
def month_day(on: date | None) -> str:
    """月日 3月8日."""
    on = on.astimezone(SHANGHAI) if isinstance(on, datetime) else on
    return "" if on is None else f"{on.month}月{on.day}日"


@register.filter
def last_day(moment: datetime | None) -> date | None:
    """末日 The last day of something that ends at a moment: midnight belongs to the day it closes."""
    return None if moment is None else (moment - timedelta(seconds=1)).astimezone(SHANGHAI).date()
