"""支部补充的查询 Which supplements a branch has, which hold on a day, and for whom. Reads only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet, Sum

from pioneer.accounts.models import Grant, User
from pioneer.accounts.policies import TABLE, Act, AnyActor, paths
from pioneer.accounts.queries import holds_on
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import in_tree_order
from pioneer.rulebook import local
from pioneer.rulebook.amounts import caps_text, conditions, track_name, value_text
from pioneer.rulebook.articles import Row
from pioneer.rulebook.local import LocalRow
from pioneer.rulebook.models import RulebookVersion, Supplement
from pioneer.rulebook.queries import parsed, version_on, versions_for
from pioneer.scoring import Indicator, Rulebook, show
from pioneer.scoring.model import SupplementRule
from pioneer.scoring.supplements import SHAPES

State = Supplement.State
Branches = Collection[int] | QuerySet[Any, Any]
SHAPE_NAMES = {"fixed": "每次固定分", "per_unit": "按数量计分", "range": "在范围内核定"}
assert set(SHAPE_NAMES) == set(SHAPES)

# ------------------------------------------------------------------ who sees which


def visible_to(actor: AnyActor) -> QuerySet[Supplement]:
    """看得到的支部补充 Of the branches at or below the actor's organisations; the latest first."""
    scope = Q(pk__in=[])
    for path in paths(actor, Act.SEE_SHEET):
        scope |= Q(branch__path__startswith=path)
    found = Supplement.objects.filter(scope).select_related("branch__parent", "version", "district", "scan")
    return found.order_by("-proposed_at", "-pk")


def get(actor: AnyActor, supplement_id: int) -> Supplement:
    """取一份支部补充"""
    found = visible_to(actor).filter(pk=supplement_id).first()
    if found is None:
        raise NotVisible()
    return found


def to_decide(actor: AnyActor) -> list[Supplement]:
    """待我批准的 Those that another person proposed, the longest waiting first."""
    scope = Q(pk__in=[])
    for path in paths(actor, Act.APPROVE_SUPPLEMENT):
        scope |= Q(branch__path__startswith=path)
    waiting = Supplement.objects.filter(scope, state=State.PROPOSED).exclude(proposed_by_number=actor.number)
    return list(waiting.select_related("branch").order_by("proposed_at", "pk"))


def branches_to_propose(actor: AnyActor) -> list[Organisation]:
    """可提出补充的支部"""
    scope = Q(pk__in=[])
    for path in paths(actor, Act.PROPOSE_SUPPLEMENT):
        scope |= Q(path__startswith=path)
    return in_tree_order(Organisation.objects.filter(scope, is_branch=True, closed_on__isnull=True))


def branch_for(actor: AnyActor, branch_id: int) -> Organisation:
    """取一个可提出补充的支部"""
    found = next((branch for branch in branches_to_propose(actor) if branch.pk == branch_id), None)
    if found is None:
        raise NotVisible()
    return found


def leads_of(branch: Organisation) -> list[int]:
    """支部的书记、副书记 Account numbers of who proposes for the branch today."""
    roles = TABLE[Act.PROPOSE_SUPPLEMENT]
    held = Grant.objects.filter(holds_on(clock.today()), organisation=branch, role__in=roles)
    return sorted(set(held.values_list("user_id", flat=True)))


def names_behind(supplement: Supplement) -> dict[str, str]:
    """经办的人 By name, as far as the accounts still know them."""
    numbers = {
        "proposed": supplement.proposed_by_number,
        "decided": supplement.decided_by_number,
        "ended": supplement.ended_by_number,
    }
    names = dict(User.objects.filter(pk__in=[n for n in numbers.values() if n]).values_list("pk", "name"))
    return {step: names.get(number or 0, "") for step, number in numbers.items()}


# ------------------------------------------------------------------ what holds on a day


def standing_of(supplement: Supplement) -> tuple[str, str]:
    """现状 Words and colour: what has become of it by today."""
    today, until = clock.today(), supplement.version.valid_until
    if supplement.state != State.APPROVED or supplement.valid_from is None:
        return str(State(supplement.state).label), "gold" if supplement.state == State.PROPOSED else "muted"
    if supplement.ended_from is not None and supplement.ended_from <= today:
        return "已终止", "muted"
    if until is not None and until < max(today, supplement.valid_from):
        return "随原办法终止", "muted"
    return ("施行中", "green") if supplement.valid_from <= today else ("已批准，待施行", "gold")


def of_branches(branch_ids: Branches, version: RulebookVersion) -> list[Supplement]:
    """支部在某版办法下的补充 Approved ones, also those to come and those ended. One query."""
    found = Supplement.objects.filter(branch__in=branch_ids, version=version, state=State.APPROVED)
    return list(found.select_related("branch", "version").order_by("branch__path", "number"))


def rules_for(district_id: int, branch_ids: Branches, on: date, *, since: date | None = None) -> Rulebook:
    """支部适用的办法 The rules of a day, with what these branches added and held on that day, or on any day from
    `since` on. One query, and one more where the version allows supplements; only then is `branch_ids` read."""
    version = version_on(district_id, on)
    base = parsed(version)
    if base.supplement is None:
        return base
    own = of_branches(branch_ids, version)
    return local.merged(base, [one for one in own if _touches(one, since or on, on)])


def _touches(supplement: Supplement, first: date, last: date) -> bool:
    begins = supplement.valid_from
    ended = supplement.ended_from
    return begins is not None and begins <= last and (ended is None or ended > first)


def allows(version: RulebookVersion) -> bool:
    """是否允许补充"""
    return parsed(version).supplement is not None


def version_allowing(district_id: int, on: date) -> RulebookVersion | None:
    """允许补充的版本 The one that holds on the day, or the next adopted one, that lets branches add. One query."""
    for version in versions_for(district_id):
        if (version.valid_until is None or version.valid_until >= on) and allows(version):
            return version
    return None


def rule_of(version: RulebookVersion) -> SupplementRule:
    """补充的规定 Of a version that allows it."""
    rule = parsed(version).supplement
    assert rule is not None
    return rule


def tracks_of(version: RulebookVersion) -> list[tuple[str, str]]:
    """类别 By code and name."""
    return [(track.code, track.name) for track in parsed(version).tracks]


def limits_of(version: RulebookVersion) -> str:
    """补充的限度 In words: 一次最多2分；一名党员合计每月最多3分，每周期最多8分."""
    rule = rule_of(version)
    together = caps_text(rule.caps)
    return f"一次最多{show(rule.points)}分" + (f"；一名党员合计{together}" if together else "")


def why_not(row: Indicator, branch: Organisation | None, on: date) -> str:
    """为何不能用 A sentence where an indicator was added by another branch than the one to which the member belonged on
    the day, or did not hold on it; empty where it may be used. One query for a supplement's row, none for another."""
    if not row.local:
        return ""
    if branch is None:
        return f"“{row.name}”是支部补充的指标，党员当日不在任何支部，不能按它计。"
    version = version_on(branch.district_number, on)
    found = Supplement.objects.filter(version=version, number=local.number_of(row.code), state=State.APPROVED)
    supplement = found.select_related("branch").first()
    if supplement is None or supplement.branch_id != branch.pk:
        whose = supplement.branch.name if supplement else "别的支部"
        return f"“{row.name}”是{whose}补充的指标，只用于当日属于该支部的党员。请另选一项。"
    if supplement.valid_from is not None and on < supplement.valid_from:
        return f"“{row.name}”自{_day(supplement.valid_from)}起施行，此前的事不能按它计。请另选一项，或核对发生日期。"
    if supplement.ended_from is not None and on >= supplement.ended_from:
        return f"“{row.name}”自{_day(supplement.ended_from)}起终止，此后的事不能按它计。请另选一项，或核对发生日期。"
    return ""


def used_by(branch: Organisation, version: RulebookVersion, since: date) -> int:
    """已占项数 Indicators of the branch's supplements that hold on `since` or later, under this version."""
    held = Supplement.objects.filter(branch=branch, version=version, state=State.APPROVED)
    held = held.filter(Q(ended_from__isnull=True) | Q(ended_from__gt=since))
    return int(held.aggregate(total=Sum("count"))["total"] or 0)


# ------------------------------------------------------------------ as a regulation shows them


@dataclass(frozen=True, slots=True)
class Annex:
    """附录的一节 One supplement of a branch as an annex to the regulation."""

    supplement: Supplement
    standing: tuple[str, str]
    minutes: str
    rows: tuple[Row, ...]


def rows_of(supplement: Supplement) -> tuple[Row, ...]:
    """补充的各项 As the regulation writes them, and which track each is for."""
    base = parsed(supplement.version)
    return tuple(
        Row(
            code=one.code,
            name=one.name,
            track="、".join(track_name(base, code) for code in one.tracks),
            item_assumed=False,
            value=value_text(base, one),
            caps=caps_text(one.caps),
            value_assumed=False,
            conditions=tuple(said for said in conditions(base, one) if one.local not in said),
        )
        for one in local.read(supplement, base).rows
    )


def written_rows(supplement: Supplement) -> list[LocalRow]:
    """写下的各项 As a branch wrote them, to begin the next proposal from."""
    found = []
    for one in local.read(supplement, parsed(supplement.version)).rows:
        value = one.value
        assert value is not None
        is_range = value.shape == "range"
        found.append(
            LocalRow(
                name=one.name,
                shape=value.shape,
                wording=one.wording,
                points=None if is_range else value.points,
                unit=value.unit,
                whole=value.whole,
                least=value.minimum if is_range else None,
                most=value.maximum,
                caps={str(window): cap for window, cap in one.caps.items()},
                tracks=one.tracks,
                note=one.note,
            )
        )
    return found


def annexes(version: RulebookVersion, branch_ids: Collection[int]) -> list[tuple[Organisation, list[Annex]]]:
    """附录 What these branches added to a version, by branch. One query where the version allows supplements."""
    if not branch_ids or not allows(version):
        return []
    found = of_branches(branch_ids, version)
    return [
        (branch, [Annex(one, standing_of(one), minutes_of(one), rows_of(one)) for one in own])
        for branch, own in groupby(found, key=lambda one: one.branch)
    ]


def minutes_of(supplement: Supplement) -> str:
    """会议的说法 2026年4月8日支部党员大会（会议记录第5号）."""
    return minutes_text(supplement.met_on, supplement.reference)


def minutes_text(met_on: date, reference: str) -> str:
    """会议的说法"""
    return f"{_day(met_on)}支部党员大会（{reference.strip()}）"


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
