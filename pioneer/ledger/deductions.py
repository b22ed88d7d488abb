"""扣分条目 What stood posted against members at a moment, each with its ground: for papers that tell them why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from pioneer.ledger.models import Entry
from pioneer.scoring import Cycle


@dataclass(frozen=True, slots=True)
class Deduction:
    """一条扣分 Its value is below zero, before any cap; texts are empty once erased."""

    indicator: str
    event_on: date
    value: int
    wording: str
    ground: str
    is_carried: bool


def deductions_at(keys: Iterable[UUID], cycle: Cycle, at: datetime) -> dict[UUID, list[Deduction]]:
    """当时有效的扣分 By member key, by day: posted by then, and not taken back by then. One query."""
    taken_back = Entry.objects.filter(corrects=OuterRef("pk"), posting__posted_at__lte=at)
    rows = (
        Entry.objects.filter(
            member_key__in=list(keys),
            event_on__range=cycle,
            value__lt=0,
            corrects__isnull=True,
            posting__posted_at__lte=at,
        )
        .exclude(Exists(taken_back))
        .order_by("event_on", "pk")
        .values_list("member_key", "indicator", "event_on", "value", "text__wording", "text__ground", "carried")
    )
    found: dict[UUID, list[Deduction]] = {}
    for key, indicator, event_on, value, wording, ground, carried in rows:
        one = Deduction(indicator, event_on, value, wording or "", ground or "", carried)
        found.setdefault(key, []).append(one)
    return found
