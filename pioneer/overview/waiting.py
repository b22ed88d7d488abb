"""等待处理的 Exemptions and zeroings by whose turn it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from pioneer.conduct.models import ZeroingCase
from pioneer.members.models import Exemption

WAITING_EXEMPTIONS = (Exemption.State.APPLIED, Exemption.State.BRANCH_AGREED)
WAITING_ZEROINGS = (ZeroingCase.State.PROPOSED, ZeroingCase.State.ANSWERED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """等待处理的 Exemptions and zeroings by whose turn it is."""

    exemptions_branch: int = 0
    exemptions_township: int = 0
    zeroings_member: int = 0
    zeroings_township: int = 0


def below(paths: Iterable[str], prefix: str = "") -> Q:
    """其下的 What lies in one of these subtrees."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{f"{prefix}path__startswith": path})
    return found


def waiting(paths: list[str]) -> Waiting:
    """等待处理的 Two queries."""
    exemptions = Counter(
        Exemption.objects.filter(
            below(paths, "member__memberships__branch__"),
            member__memberships__until_on__isnull=True,
            state__in=WAITING_EXEMPTIONS,
        ).values_list("state", flat=True)
    )
    zeroings = Counter(
        ZeroingCase.objects.filter(below(paths, "branch__"), state__in=WAITING_ZEROINGS)
        .order_by()
        .values_list("state", flat=True)
    )
    return Waiting(
        exemptions[Exemption.State.APPLIED],
        exemptions[Exemption.State.BRANCH_AGREED],
        zeroings[ZeroingCase.State.PROPOSED],
        zeroings[ZeroingCase.State.ANSWERED],
    )
