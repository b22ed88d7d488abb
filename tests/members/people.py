"""虚构的人 Particulars of invented people; identity numbers carry the serial 000, which is never issued."""

from datetime import date

from pioneer.kernel.identity import check_digit
from pioneer.members.particulars import Particulars


def number_of(born: date, region: str = "140108") -> str:
    """虚构的身份证号"""
    front = f"{region}{born:%Y%m%d}000"
    return front + check_digit(front)


def somebody(**values: object) -> Particulars:
    """一位新党员 Of whom everything needed is known."""
    plain: dict[str, object] = {"name": "薛明月", "joined_on": date(2015, 7, 1), "phone": "19700001111"}
    return Particulars(**{**plain, **values})  # type: ignore[arg-type]
