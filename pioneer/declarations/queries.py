"""申报的读取 Every read of declarations, and what the form offers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from pioneer.accounts.models import User
from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.conduct.models import ZeroingCase
from pioneer.conduct.queries import zeroings_in_force
from pioneer.declarations.models import Declaration, DeclarationFile, Flag, WeeklyForm
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.kernel.points import show
from pioneer.members import queries as members
from pioneer.members.models import Member, Membership
from pioneer.organisations.models import Organisation
from pioneer.rulebook.queries import engine_for
from pioneer.rulebook.supplement_queries import rules_for
from pioneer.scoring import Cycle, Indicator, Rulebook

RECENT = 60  # how many of the member's latest claims the form learns from
LATEST = 6  # indicators offered before all others


def visible_to(actor: AnyActor) -> QuerySet[Declaration]:
    """看得到的申报 The actor's own, and those of the branches whose sheets it may see; an undecided one also where its
    member belongs by now, for it moves along."""
    scope = Q(member__user_id=actor.number) if actor.number is not None else Q(pk__in=[])
    subtrees = paths(actor, Act.SEE_SHEET)
    for path in subtrees:
        scope |= Q(branch__path__startswith=path)
    if subtrees:
        scope |= Q(state=Declaration.State.SUBMITTED, member__in=members.last_within(subtrees))
    return Declaration.objects.filter(scope).select_related("member", "branch")


def get(actor: AnyActor, declaration_id: int) -> Declaration:
    """取一条申报 NotVisible where the actor may not see it."""
    found = visible_to(actor).filter(pk=declaration_id).first()
    if found is None:
        raise NotVisible
    return found


def own(actor: AnyActor) -> QuerySet[Declaration]:
    """本人的申报 The newest first."""
    if actor.number is None:
        return Declaration.objects.none()
    mine = Declaration.objects.filter(member__user_id=actor.number)
    return mine.select_related("member", "branch").order_by("-event_on", "-id")


def of_branch(branch_id: int, *states: str) -> QuerySet[Declaration]:
    """支部的申报 Those a branch received, in the states asked for (all where none is named)."""
    found = Declaration.objects.filter(branch_id=branch_id).select_related("member", "branch")
    return found.filter(state__in=states) if states else found


def entered_by(actor: AnyActor) -> QuerySet[Declaration]:
    """我代报的 What the actor entered for others, the newest first."""
    found = Declaration.objects.filter(is_proxy=True, entered_by_number=actor.number)
    return found.select_related("member", "branch").order_by("-created_at", "-id")


def described(declarations: Iterable[Declaration]) -> list[Declaration]:
    """连同说明 Declarations of one district with their indicator's `name` and `local`, their files in `evidence`, and
    `by`: who entered them for the member. The same number of queries for any number of them."""
    rows = list(declarations)
    files: dict[int, list[DeclarationFile]] = {}
    attached = DeclarationFile.objects.filter(declaration__in=[row.pk for row in rows]).select_related("file")
    for file in attached.order_by("id"):
        files.setdefault(file.declaration_id, []).append(file)
    proxies = {row.entered_by_number for row in rows if row.is_proxy}
    names = dict(User.objects.filter(pk__in=[n for n in proxies if n]).values_list("pk", "name"))
    engine = engine_for(rows[0].member.district_id) if rows else None
    for row in rows:
        version = engine.version_on(row.event_on) if engine else None
        known = version.indicators.get(row.indicator) if version else None
        row.name = known.name if known else row.indicator  # type: ignore[attr-defined]
        row.local = known.local if known else ""  # type: ignore[attr-defined]
        row.evidence = files.get(row.pk, [])  # type: ignore[attr-defined]
        row.by = names.get(row.entered_by_number or 0, "") if row.is_proxy else ""  # type: ignore[attr-defined]
    return rows


def doubts_of(declaration_ids: Iterable[int]) -> dict[int, list[Flag]]:
    """疑点 What the finder noticed, by claim, decided or not. One query."""
    found: dict[int, list[Flag]] = {}
    for flag in Flag.objects.filter(declaration__in=list(declaration_ids)).order_by("id"):
        found.setdefault(flag.declaration_id, []).append(flag)
    return found


def own_doubts(member_id: int) -> QuerySet[Flag]:
    """本人申报的疑点 Of one member, for its file; with what was decided."""
    return Flag.objects.filter(declaration__member=member_id).select_related("declaration").order_by("id")


def own_one(actor: AnyActor, declaration_id: int) -> Declaration | None:
    """本人的一条申报 None where it is somebody else's."""
    return own(actor).filter(pk=declaration_id).first()


def own_forms(member_id: int) -> QuerySet[WeeklyForm]:
    """为本人打印的申报表 Of one member, for its file."""
    return WeeklyForm.objects.filter(member=member_id).select_related("branch").order_by("monday", "pk")


def evidence(actor: AnyActor, declaration_id: int, file_id: int) -> DeclarationFile:
    """取一份佐证 Seen by whoever sees the declaration."""
    declaration = get(actor, declaration_id)
    found = DeclarationFile.objects.filter(declaration=declaration, file_id=file_id).select_related("file").first()
    if found is None:
        raise NotVisible
    return found


# ------------------------------------------------------------------ what the form needs to know of a member


def zeroing_in(member: Member, cycle: Cycle) -> ZeroingCase | None:
    """周期内的清零 The approved zeroing that closes this cycle for the member."""
    return next(iter(zeroings_in_force([member.pk], cycle.first_on, cycle.last_on)), None)


def recent_open(member: Member) -> list[Declaration]:
    """可关联的申报 The member's undecided claims of late, of which a new one may be another side."""
    waiting = Declaration.objects.filter(member=member, state=Declaration.State.SUBMITTED)
    return list(waiting.order_by("-event_on", "-id")[:12])


@dataclass(frozen=True, slots=True)
class Choice:
    """可选指标 One indicator as the form offers it."""

    code: str
    name: str
    aspect: str
    worth: str
    unit: str
    whole: bool
    levels: tuple[tuple[str, str], ...]
    is_recent: bool
    local: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """申报表单 What a member can declare today: indicators of its track with its branch's own, its usual places, and
    the days it last declared for. `latest` are the codes it used, those of last week first."""

    member: Member
    branch: Organisation | None
    choices: tuple[Choice, ...]
    places: tuple[str, ...]
    earliest: date
    latest: tuple[str, ...] = ()
    days: tuple[date, ...] = ()

    @property
    def recent(self) -> tuple[Choice, ...]:
        """上次用过的 Those of last week first, then the others used last."""
        return tuple(
            sorted((one for one in self.choices if one.is_recent), key=lambda one: self.latest.index(one.code))
        )


def offer(member: Member) -> Offer:
    """可申报的 The indicators for today, with the ones this member used last, and its last places. Of its branches' own
    those that held since the beginning of last month."""
    today = clock.today()
    lately = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    branches = members.branches_during([member.pk], lately, today)
    version = rules_for(member.district_id, branches, today, since=lately)
    track = members.track_on(member, today)
    used = list(_used_by([member.pk]).values_list("indicator", "place", "event_on")[:RECENT])
    recent = latest_codes([(code, on) for code, _, on in used], today)
    rows = version.of_index("positive", track) if track else ()
    return Offer(
        member=member,
        branch=members.branch_on(member, today),
        choices=tuple(choice_of(row, version, row.code in recent) for row in rows),
        places=tuple(dict.fromkeys(place for _, place, _ in used if place))[:5],
        earliest=earliest_open(member.district_id, today),
        latest=recent,
        days=tuple(dict.fromkeys(on for _, _, on in used if on >= today - timedelta(days=14)))[:3],
    )


def offer_of(branch: Organisation) -> tuple[Choice, ...]:
    """支部可申报的 The indicators of every track with the branch's own, for who enters one event for several."""
    today = clock.today()
    version = rules_for(branch.district_number, [branch.pk], today)
    return tuple(choice_of(row, version) for row in version.indicators.values() if row.index == "positive")


def _used_by(member_ids: Collection[int]) -> QuerySet[Declaration]:
    return Declaration.objects.filter(member__in=member_ids).order_by("-created_at", "-id")


def latest_codes(used: Iterable[tuple[str, date]], today: date) -> tuple[str, ...]:
    """上次用过的指标 Of claims by indicator and day, the latest first: what was done since last Monday comes first."""
    listed = list(used)
    since = today - timedelta(days=today.weekday() + 7)
    return tuple(dict.fromkeys([*(code for code, on in listed if on >= since), *(code for code, _ in listed)]))[:LATEST]


def earliest_open(district_id: int, today: date) -> date:
    """最早可申报的日期 The first day of the cycle before the present one: what lies before is settled."""
    engine = engine_for(district_id)
    cycle = engine.cycle_of(today)
    day_before = date.fromordinal(cycle.first_on.toordinal() - 1)
    try:
        return engine.cycle_of(day_before).first_on
    except LookupError:
        return cycle.first_on


def choice_of(row: Indicator, rules: Rulebook, is_recent: bool = False) -> Choice:
    """可选指标 One row of the rules as a form offers it."""
    aspects = {aspect.code: aspect.name for aspect in rules.aspects}
    aspect = "支部补充" if row.local else aspects.get(row.aspect or "", "")
    value = row.value
    by_quantity = value is not None and value.shape in ("per_unit", "brackets", "cumulative")
    return Choice(
        code=row.code,
        name=row.name,
        aspect=aspect,
        worth=worth(row),
        unit=value.unit if value and by_quantity else "",
        whole=bool(value and value.whole),
        levels=tuple((step.code, step.name) for step in value.steps) if value and value.shape == "ladder" else (),
        is_recent=is_recent,
        local=row.local,
    )


def worth(row: Indicator) -> str:
    """分值说明 How an indicator is valued, in a few words."""
    value = row.value
    if value is None:
        return ""
    if value.shape == "per_unit":
        most = f"，一次最多{show(value.maximum)}分" if value.maximum is not None else ""
        return f"每{value.unit}{show(value.points)}分{most}"
    if value.shape == "range":
        return f"{show(value.minimum)}至{show(value.maximum or 0)}分，由支部核定"
    if value.shape in ("ladder", "brackets", "cumulative"):
        return "、".join(f"{step.name or show(step.start) + value.unit}{show(step.points)}分" for step in value.steps)
    if value.shape == "nth":
        return "按次数计分"
    return f"每次{show(value.points)}分"


def declarable_for(actor: AnyActor) -> QuerySet[Member]:
    """可代报的党员 Members of the branches for which the actor may enter claims, in roster order."""
    scope = Q(pk__in=[])
    for path in paths(actor, Act.DECLARE_FOR):
        scope |= Q(branch__path__startswith=path)
    here = Membership.objects.filter(members.covering(clock.today())).filter(scope)
    return Member.objects.filter(pk__in=here.order_by().values("member_id"))
