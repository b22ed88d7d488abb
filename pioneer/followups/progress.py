"""跟进的进度 Of many branches at once, for who oversees them; a constant number of queries."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Q, Value, When
from django.db.models.fields import BooleanField

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.conduct.queries import those_to_step_aside
from pioneer.followups.models import Encouragement, FollowUp
from pioneer.followups.policies import State
from pioneer.followups.queries import ENCOURAGE, HELP, branches_for, late, visible_to
from pioneer.kernel import clock
from pioneer.members.models import GONE, Membership, StatusSpell
from pioneer.members.queries import last_within
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import along_tree, in_tree_order
from pioneer.results.models import Announcement, Settlement, Told
from pioneer.rulebook.queries import parsed


@dataclass(slots=True)
class Progress:
    """一个支部的进度"""

    branch: Organisation
    to_open: int = 0
    running: int = 0
    closed: int = 0
    late: int = 0
    hopes: int = 0
    hopes_told: int = 0

    @property
    def is_done(self) -> bool:
        """是否都办了"""
        return not self.to_open and not self.running and self.hopes == self.hopes_told

    @property
    def has_any(self) -> bool:
        """是否有要跟进的"""
        return bool(self.to_open or self.running or self.closed or self.hopes)


@dataclass(slots=True)
class Group:
    """一个乡镇（街道） Its branches and their sum."""

    above: Organisation | None
    rows: list[Progress] = field(default_factory=list)

    def __getattr__(self, name: str) -> int:
        if name in ("to_open", "running", "closed", "late", "hopes", "hopes_told"):
            return sum(getattr(one, name) for one in self.rows)
        raise AttributeError(name)


def cycles_seen(actor: AnyActor) -> list[tuple[date, date]]:
    """通报过的周期 Below the actor, the latest first."""
    below = list(branches_for(actor).values_list("path", flat=True))
    if not below:
        return []
    held = Announcement.objects.filter(held_on__lte=clock.today()).select_related("unit")
    units = held.order_by("-first_on").values_list("first_on", "last_on", "unit__path").distinct()
    rows = [(first, last) for first, last, path in units if any(one.startswith(path) for one in below)]
    return list(dict.fromkeys(rows))


def progress_of(actor: AnyActor, first_on: date) -> list[Progress]:
    """各支部的进度 Below the actor, of one cycle, in the order of the tree. Some seven queries."""
    return progress_in(in_tree_order(branches_for(actor)), first_on)


def progress_in(branches: Sequence[Organisation], first_on: date) -> list[Progress]:
    """这些支部的进度"""
    found = {one.pk: Progress(one) for one in branches}
    here = _here(found)
    calls = _calls(here, first_on)
    cases = FollowUp.objects.filter(member__in=here, first_on=first_on)
    late_case = Case(When(late(), then=Value(True)), default=Value(False), output_field=BooleanField())
    known = set()
    for member, state, is_late in cases.annotate(is_late=late_case).values_list("member_id", "state", "is_late"):
        row = found[here[member]]
        known.add(member)
        row.closed += state == State.CLOSED
        row.running += state != State.CLOSED
        row.late += is_late
    hoped = set(Encouragement.objects.filter(member__in=here, first_on=first_on).values_list("member_id", flat=True))
    for member, follow in calls.items():
        row = found[here[member]]
        row.to_open += follow == HELP and member not in known
        row.hopes += follow == ENCOURAGE
        row.hopes_told += follow == ENCOURAGE and member in hoped
    return [found[one.pk] for one in branches]


def grouped(rows: Sequence[Progress]) -> list[Group]:
    """按乡镇（街道）归并 Of branches in the order of the tree."""
    groups: list[Group] = []
    for row in rows:
        above = _township(row.branch)
        if not groups or groups[-1].above != above:
            groups.append(Group(above))
        groups[-1].rows.append(row)
    return groups


def total(rows: Sequence[Progress]) -> Counter[str]:
    """合计"""
    names = ("to_open", "running", "closed", "late", "hopes", "hopes_told")
    return Counter({name: sum(getattr(one, name) for one in rows) for name in names})


def cases_below(actor: AnyActor, first_on: date, state: str = "", only_late: bool = False) -> list[FollowUp]:
    """下级的帮教 One by one, filtered, in the order of the tree and the roster."""
    found = visible_to(actor).filter(first_on=first_on)
    if state:
        found = found.filter(state=state)
    if only_late:
        found = found.filter(late())
    return along_tree(found.order_by("member__position", "pk"), lambda one: one.branch)


def waiting_for(actor: AnyActor) -> list[tuple[Progress, date]]:
    """等我的支部办的 Where the actor follows up: each branch with what is open of the latest cycle announced to it."""
    branches = in_tree_order(branches_for(actor, Act.FOLLOW_UP)) if paths(actor, Act.FOLLOW_UP) else []
    found = []
    for branch in branches:
        line = [int(part) for part in branch.path.strip("/").split("/")]
        held = Announcement.objects.filter(unit__in=line, held_on__lte=clock.today())
        first_on = held.order_by("-first_on").values_list("first_on", flat=True).first()
        if first_on is not None:
            found.append((progress_in([branch], first_on)[0], first_on))
    return found


def to_confirm(actor: AnyActor) -> list[FollowUp]:
    """等我确认的结论 Entered by another person of the branch; without those one steps aside for."""
    subtrees = paths(actor, Act.CONFIRM)
    if not subtrees:
        return []
    decided = FollowUp.objects.filter(state=State.DECIDED, member__in=last_within(subtrees))
    rows = list(decided.exclude(decided_by_number=actor.number).select_related("member").order_by("pk"))
    aside = those_to_step_aside(actor, [one.member_id for one in rows]) if rows else {}
    return [one for one in rows if one.member_id not in aside]


def _township(branch: Organisation) -> Organisation | None:
    above = branch.parent
    while above is not None and above.level != Organisation.Level.TOWNSHIP:
        above = above.parent
    return above


def _here(branch_ids: Collection[int]) -> dict[int, int]:
    """Who belongs to these branches today: branch by member."""
    today = clock.today()
    now = Q(from_on__lte=today) & (Q(until_on__isnull=True) | Q(until_on__gte=today))
    gone = StatusSpell.objects.filter(now, status__in=GONE).values("member")
    here = Membership.objects.filter(now, branch__in=list(branch_ids)).exclude(member__in=gone)
    return dict(here.values_list("member_id", "branch_id"))


def _calls(here: Collection[int], first_on: date) -> dict[int, str]:
    """What the result as last announced calls for, by member."""
    told = Told.objects.filter(announcement__first_on=first_on, announcement__held_on__lte=clock.today())
    rows = told.filter(result__member__in=here).order_by("announcement_id", "pk")
    latest = {
        member: (settlement, tier)
        for member, settlement, tier in rows.values_list("result__member_id", "result__settlement_id", "result__tier")
    }
    made = Settlement.objects.filter(pk__in={one for one, _ in latest.values()}).select_related("version")
    books = {one.pk: parsed(one.version) for one in made}
    calls: dict[int, str] = {}
    for member, (settlement, code) in latest.items():
        tier = books[settlement].tier(code) if code else None
        if tier is not None and tier.follow:
            calls[member] = tier.follow
    return calls
