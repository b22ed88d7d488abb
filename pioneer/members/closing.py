"""已备案的周期 Plain functions for the stations that file results and for those that must refuse afterwards."""

from collections.abc import Iterable
from datetime import date

from pioneer.kernel import clock
from pioneer.members.models import ClosedCycle


def close_cycles(member_ids: Iterable[int], first_on: date, last_on: date, filing_number: str) -> None:
    """关闭周期 Of these members, within the operation that receives a filing or imports results; closed ones stay."""
    ClosedCycle.objects.bulk_create(
        [
            ClosedCycle(
                member_id=number, first_on=first_on, last_on=last_on, filing_number=filing_number, closed_at=clock.now()
            )
            for number in member_ids
        ],
        ignore_conflicts=True,
    )


def closed_cycle(member_id: int, on: date) -> ClosedCycle | None:
    """该日所在的已备案周期 None where the member's cycle of that day is not filed."""
    return ClosedCycle.objects.filter(member=member_id, first_on__lte=on, last_on__gte=on).first()


def closed_on(member_ids: Iterable[int], on: date) -> dict[int, ClosedCycle]:
    """各人该日所在的已备案周期 Only members who have one. One query."""
    found = ClosedCycle.objects.filter(member__in=list(member_ids), first_on__lte=on, last_on__gte=on)
    return {one.member_id: one for one in found}
