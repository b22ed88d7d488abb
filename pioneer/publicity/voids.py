"""认定无效的事项 Whose closed lines declare an event void for everybody. Asked only where the rulebook knows such an
indicator (`engine.voids_for_everybody`)."""

from collections.abc import Collection

from pioneer.publicity.models import PublishedLine
from pioneer.rulebook.queries import void_codes
from pioneer.scoring import Cycle


def with_declaring(member_ids: Collection[int], district_id: int, cycle: Cycle) -> list[int]:
    """连同认定无效的党员 These members, and those elsewhere in the district whose closed lines of the cycle declare an
    event void. Two queries."""
    closed = PublishedLine.objects.filter(
        publication__closed_at__isnull=False,
        withheld=False,
        kind=PublishedLine.Kind.OWN,
        indicator__in=void_codes(district_id),
        event_on__range=(cycle.first_on, cycle.last_on),
        member__district=district_id,
    )
    declaring = closed.exclude(line__event="").exclude(member__in=member_ids).order_by("member_id")
    return [*member_ids, *declaring.values_list("member_id", flat=True).distinct()]
