"""以往结果 What was filed of former cycles: kept by whoever receives a filing or imports one, read by the streaks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pioneer.kernel import clock
from pioneer.members.closing import close_cycles
from pioneer.results.models import FormerResult


@dataclass(frozen=True, slots=True)
class Filed:
    """一条已备案的结果 Points in hundredths; `tier`, `tier_name` and `lower` (its lower bound) are empty where none
    was given, and then `why` says so in words. `result` where it was settled here."""

    member: int
    first_on: date
    last_on: date
    score: int | None
    tier: str
    tier_name: str
    lower: int | None
    is_zeroed: bool
    why: str
    unit: int | None
    unit_name: str
    filing_number: str
    filed_on: date
    result: int | None = None
    revision: int = 1


def keep_filed(found: Sequence[Filed], by_number: int | None) -> None:
    """记入以往结果 Within the operation that receives or imports them: kept for good, and the cycle is closed."""
    FormerResult.objects.bulk_create(
        [
            FormerResult(
                member_id=one.member,
                first_on=one.first_on,
                last_on=one.last_on,
                revision=one.revision,
                score=one.score,
                tier=one.tier,
                tier_name=one.tier_name,
                lower=one.lower,
                is_zeroed=one.is_zeroed,
                why=one.why,
                unit_id=one.unit,
                unit_name=one.unit_name,
                filing_number=one.filing_number,
                filed_on=one.filed_on,
                result_id=one.result,
                by_number=by_number,
                created_at=clock.now(),
            )
            for one in found
        ]
    )
    for cycle in sorted({(one.first_on, one.last_on, one.filing_number) for one in found}):
        close_cycles([one.member for one in found if (one.first_on, one.last_on, one.filing_number) == cycle], *cycle)


def former_results(member_ids: Iterable[int], before: date | None = None) -> dict[int, list[FormerResult]]:
    """以往结果 By member the valid revision of each cycle, the latest first; `before` a day: of cycles ended by then.
    One query."""
    found = FormerResult.objects.filter(member__in=member_ids).order_by("member", "-first_on", "-revision")
    if before is not None:
        found = found.filter(last_on__lt=before)
    kept: dict[int, list[FormerResult]] = {}
    for one in found:
        rows = kept.setdefault(one.member_id, [])
        if not rows or rows[-1].first_on != one.first_on:
            rows.append(one)
    return kept
