"""时钟 The one clock. Days are days of Asia/Shanghai; a test or the demo may set it, a running site never does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_set_to: datetime | None = None


def now() -> datetime:
    """此刻 The present moment, with its time zone."""
    return _set_to or datetime.now(SHANGHAI)


def today() -> date:
    """今天 The present day in Asia/Shanghai."""
    return now().astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    """某日24时 The moment at which a day ends."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=SHANGHAI)


def noon(day: date) -> datetime:
    """某日正午 A moment well inside a day."""
    return datetime.combine(day, time(12), tzinfo=SHANGHAI)


@contextmanager
def at(moment: datetime | date) -> Iterator[None]:
    """拨到某时 For tests and the demo: the whole process takes `moment` as the present until the block ends."""
    global _set_to
    before = _set_to
    _set_to = moment if isinstance(moment, datetime) else noon(moment)
    try:
        yield
    finally:
        _set_to = before
