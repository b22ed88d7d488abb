"""在办的组织事项 Plain functions for the later stations that take something up against a member, and for those before
them that must know of it. Which case it is, and what it says, stays with its station."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from pioneer.kernel import clock
from pioneer.members.models import Matter

Kind = Matter.Kind


def begin_matter(member_id: int, kind: Kind, reference: int) -> None:
    """记下开始办理 Within the operation that begins it."""
    Matter.objects.create(member_id=member_id, kind=kind, reference=reference, begun_on=clock.today())


def end_matter(kind: Kind, reference: int, on: date) -> None:
    """记下办结 On the day from which it no longer stands in anybody's way."""
    Matter.objects.filter(kind=kind, reference=reference).update(ended_on=on)


def open_matters(member_ids: Collection[int], on: date) -> dict[int, list[str]]:
    """某日在办的事项 By member, each kind once and by its name. One query."""
    found = Matter.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), member__in=member_ids)
    names: dict[int, list[str]] = {}
    for number, kind in found.order_by("pk").values_list("member_id", "kind"):
        own, name = names.setdefault(number, []), str(Kind(kind).label)
        if name not in own:
            own.append(name)
    return names
