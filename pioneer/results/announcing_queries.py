"""通报的读取 What a unit has to announce, what it announced, and who was told; as far as each actor sees it.

A unit is the community, or the branch that is one. Who may settle or oversee there, or announces, sees all of it; a
branch's leads see the rows of their branch. Whoever has died since is on no list any more.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members.models import GONE, ClosedCycle, Status, StatusSpell
from pioneer.organisations.models import Organisation
from pioneer.results.models import Announcement, Result, Settlement, SettlementRun, Told
from pioneer.results.settlement_queries import is_working, latest_for, rows_for, settleable
from pioneer.scoring import Cycle

OWED = (Status.FULL, Status.PROBATIONARY, "exempt")  # by status of the cycle's last day: who is to be told
PRESENT, DISSENTS = True, Told.Answer.DISSENTS
COUNTED: tuple[Literal["listed", "present", "confirmed", "dissents", "missing"], ...] = (
    *("listed", "present", "confirmed", "dissents", "missing"),
)


def scope(actor: AnyActor) -> list[str]:
    """看得到通报的范围 Where the actor may announce, settle or oversee."""
    return sorted({path for act in (Act.ANNOUNCE, Act.SETTLE, Act.SEE_OVERVIEW) for path in paths(actor, act)})


def _numbers(path: str) -> list[int]:
    return [int(part) for part in path.strip("/").split("/") if part]


def _units(actor: AnyActor) -> Q:
    """Units below the actor's organisations, and the one above a branch of its own."""
    seen = Q(pk__in=[])
    for path in scope(actor):
        seen |= Q(path__startswith=path) | Q(pk__in=_numbers(path), level=Organisation.Level.COMMUNITY)
    return seen


def units_visible_to(actor: AnyActor) -> QuerySet[Organisation]:
    """看得到的通报单位"""
    own = Q(level=Organisation.Level.COMMUNITY) | (settleable() & Q(is_branch=True))
    return Organisation.objects.filter(_units(actor), own)


def get_unit(actor: AnyActor, unit_id: int) -> Organisation:
    """一个通报单位 Raises NotVisible."""
    found = units_visible_to(actor).filter(pk=unit_id).first()
    if found is None:
        raise NotVisible
    return found


def sees_whole(actor: AnyActor, unit: Organisation) -> bool:
    """是否看得到全单位 Otherwise only the own branch's rows."""
    return any(unit.path.startswith(path) for path in scope(actor))


def _within(actor: AnyActor, unit: str, branch: str) -> Q:
    seen = Q(pk__in=[])
    for path in scope(actor):
        seen |= Q(**{f"{unit}__path__startswith": path}) | Q(**{f"{branch}__path__startswith": path})
    return seen


# ------------------------------------------------------------------ who is still among us


def _open_spells(statuses: Iterable[str]) -> QuerySet[StatusSpell]:
    return StatusSpell.objects.filter(status__in=statuses, from_on__lte=clock.today(), until_on__isnull=True)


def living(results: QuerySet[Result]) -> QuerySet[Result]:
    """不含已故 Of results those whose member lives."""
    return results.exclude(member__in=_open_spells([Status.DECEASED]).values("member"))


def _not_owed() -> Q:
    """Who cannot, or need not, be handed anything: gone since, or out of contact."""
    gone = _open_spells([*GONE, Status.OUT_OF_CONTACT]).values("member")
    return ~Q(result__status__in=OWED) | Q(result__member__in=gone)


# ------------------------------------------------------------------ before it is announced


def results_for(actor: AnyActor, unit: Organisation, made: Settlement) -> QuerySet[Result]:
    """通报单位的结果 As far as the actor sees them, in the order of the roster."""
    return living(rows_for(unit, made)).filter(_within(actor, "unit", "branch"))


def get_settled(actor: AnyActor, settlement_id: int, unit_id: int) -> tuple[Settlement, Organisation]:
    """一次正式评定和一个单位 NotVisible where the actor sees no row of it, or it is a trial."""
    unit = get_unit(actor, unit_id)
    made = Settlement.objects.select_related("organisation", "version").filter(pk=settlement_id, is_trial=False).first()
    if made is None or not results_for(actor, unit, made).exists():
        raise NotVisible
    return made, unit


def get_result(actor: AnyActor, result_id: int) -> Result:
    """一条结果 In earnest: the member's own, or as the actor sees them."""
    own = Q(member__user=actor.number) if actor.number is not None else Q(pk__in=[])
    found = Result.objects.filter(own | _within(actor, "unit", "branch"), pk=result_id, settlement__is_trial=False)
    one = living(found).select_related("settlement__version", "unit", "branch", "member").first()
    if one is None:
        raise NotVisible
    return one


def sees_result(actor: AnyActor, one: Result) -> bool:
    """是否因任职看得到这条结果 Not as the member itself."""
    return any(one.unit.path.startswith(path) or one.branch.path.startswith(path) for path in scope(actor))


def to_hand(results: QuerySet[Result]) -> QuerySet[Result]:
    """要交告知单的 Of results those whose member is still on the roster and can be reached."""
    gone = _open_spells([*GONE, Status.OUT_OF_CONTACT]).values("member")
    return results.filter(status__in=OWED).exclude(member__in=gone).select_related("settlement__version", "unit")


def being_settled(unit: Organisation, first_on: date) -> SettlementRun | None:
    """正在进行的正式评定 Of the unit or above it, so that what stands now may soon be replaced."""
    runs = SettlementRun.objects.filter(
        organisation__in=_numbers(unit.path), first_on=first_on, is_trial=False, settlement__isnull=True
    )
    return next((run for run in runs.select_related("task", "organisation") if is_working(run)), None)


# ------------------------------------------------------------------ announcements


def announcements_visible_to(actor: AnyActor) -> QuerySet[Announcement]:
    """看得到的通报 The latest first."""
    units = Organisation.objects.filter(_units(actor))
    return Announcement.objects.filter(unit__in=units.values("pk")).select_related("unit", "settlement__version")


def get_announcement(actor: AnyActor, announcement_id: int) -> Announcement:
    """一次通报 Raises NotVisible."""
    found = announcements_visible_to(actor).filter(pk=announcement_id).first()
    if found is None:
        raise NotVisible
    return found


def announced_for(unit: Organisation, first_on: date) -> Announcement | None:
    """一个周期最近的通报 Earlier ones keep their answers."""
    found = Announcement.objects.filter(unit=unit, first_on=first_on).select_related("unit", "settlement__version")
    return found.order_by("-id").first()


def announcement_of(unit: Organisation, made: Settlement) -> Announcement | None:
    """一次评定的通报 Of a unit; None where it was not held."""
    return Announcement.objects.filter(unit=unit, settlement=made).select_related("unit", "settlement__version").first()


def is_latest(held: Announcement) -> bool:
    """是否最近的通报"""
    return not Announcement.objects.filter(unit=held.unit_id, first_on=held.first_on, pk__gt=held.pk).exists()


def told_of(actor: AnyActor, held: Announcement) -> QuerySet[Told]:
    """通报到人 As far as the actor sees it, in the order of the roster."""
    dead = _open_spells([Status.DECEASED]).values("member")
    found = Told.objects.filter(_within(actor, "result__unit", "result__branch"), announcement=held)
    owed = Case(When(_not_owed(), then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        found.exclude(result__member__in=dead)
        .annotate(is_owed=owed)
        .select_related("result__member", "result__branch", "result__unit", "announcement")
        .order_by("result__order")
    )


def get_told(actor: AnyActor, told_id: int) -> Told:
    """通报到的一个人 Raises NotVisible."""
    seen = Told.objects.select_related("announcement").filter(pk=told_id).first()
    found = told_of(actor, seen.announcement).filter(pk=told_id).first() if seen is not None else None
    if found is None:
        raise NotVisible
    return found


def is_missing(one: Told) -> bool:
    """是否尚未告知到人 Neither present nor handed the statement; of rows as `told_of` gives them."""
    return bool(one.is_owed) and not one.was_present and one.handed_on is None  # type: ignore[attr-defined]


def missing(rows: QuerySet[Told]) -> QuerySet[Told]:
    """尚未告知到人的 Of such rows."""
    return rows.exclude(was_present=PRESENT).filter(handed_on__isnull=True).exclude(_not_owed())


def dissents_of(unit: Organisation, first_on: date) -> list[Told]:
    """不同意见 Those that stand with the latest announcement of a cycle: for who files it, and the township."""
    held = announced_for(unit, first_on)
    if held is None:
        return []
    dead = _open_spells([Status.DECEASED]).values("member")
    found = Told.objects.filter(announcement=held, answer=DISSENTS).exclude(result__member__in=dead)
    return list(found.select_related("result__member", "result__branch").order_by("result__order"))


def own_told(user_number: int) -> dict[date, Told]:
    """本人的通报 Of each cycle the latest, by its first day."""
    found = Told.objects.filter(result__member__user=user_number).order_by("announcement_id")
    joined = found.select_related("announcement", "result__settlement__version", "result__unit", "result__member")
    return {one.announcement.first_on: one for one in joined.select_related("result__branch")}


def told_results(member_id: int) -> QuerySet[Told]:
    """一名党员的全部通报 For what it takes away."""
    found = Told.objects.filter(result__member=member_id).select_related(
        "announcement__unit", "announcement__settlement__version", "result"
    )
    return found.order_by("announcement_id")


def closed_among(member_ids: Collection[int], cycle: Cycle) -> dict[int, str]:
    """已备案的 Of these members those whose cycle was filed, with the filing's number."""
    found = ClosedCycle.objects.filter(member__in=member_ids, first_on__lte=cycle.last_on, last_on__gte=cycle.last_on)
    return dict(found.values_list("member_id", "filing_number"))


def seal_of(held: Announcement, branches: Collection[int]) -> str:
    """登记的状态 What stands recorded of attendance and hand-over in these branches, as a short text: a page that was
    opened before somebody else recorded brings another one."""
    rows = Told.objects.filter(announcement=held, result__branch__in=branches).order_by("pk")
    stands = list(rows.values_list("pk", "was_present", "handed_on", "handed_how"))
    return hashlib.sha256(repr(stands).encode()).hexdigest()[:16]


# ------------------------------------------------------------------ told anew


@dataclass(frozen=True, slots=True)
class Anew:
    """须重新告知的一个人 What was announced before, and what is now; `was` is None for who was not listed then."""

    result: Result
    was: Result | None


def to_tell_anew(unit: Organisation, made: Settlement, before: Settlement) -> list[Anew]:
    """须重新告知的 Whose score, tier or reason is another than in the settlement announced before, in roster order."""
    former = {one.member_id: one for one in rows_for(unit, before)}
    found = []
    for one in living(rows_for(unit, made)):
        was = former.get(one.member_id)
        if was is None or (was.score, was.tier, was.why) != (one.score, one.tier, one.why):
            found.append(Anew(one, was))
    return found


def announced_before(held: Announcement) -> Announcement | None:
    """前一次通报 Of the same cycle."""
    found = Announcement.objects.filter(unit=held.unit_id, first_on=held.first_on, pk__lt=held.pk)
    return found.select_related("settlement").order_by("-id").first()


# ------------------------------------------------------------------ how the units stand


@dataclass(slots=True)
class Standing:
    """一个单位通报的情况 `made` is what may be announced, `held` what was; it is to be announced where they differ."""

    unit: Organisation
    made: Settlement | None = None
    held: Announcement | None = None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_due(self) -> bool:
        """是否待通报"""
        return self.made is not None and (self.held is None or self.held.settlement_id != self.made.pk)


def standings(actor: AnyActor, units: Collection[Organisation], first_on: date) -> list[Standing]:
    """各单位通报的情况 In a constant number of queries."""
    district = {_numbers(one.path)[0] for one in units}
    made: dict[int, Settlement] = {}
    for one in Settlement.objects.filter(district__in=district, first_on=first_on, is_trial=False).order_by("id"):
        made[one.organisation_id] = one
    if not made:
        return [Standing(unit, None, None, {}) for unit in units]
    held: dict[int, Announcement] = {}
    for each in Announcement.objects.filter(unit__in=units, first_on=first_on).order_by("id"):
        held[each.unit_id] = each
    counts = _counts(actor, [each.pk for each in held.values()])
    settled_in = _units_settled(made.values(), units)
    found = []
    for unit in units:
        above = [made[number] for number in _numbers(unit.path) if number in made and unit.pk in settled_in]
        latest = max(above, key=lambda one: one.pk, default=None)
        said = held.get(unit.pk)
        found.append(Standing(unit, latest, said, counts.get(said.pk, {}) if said else {}))
    return found


def _units_settled(made: Iterable[Settlement], units: Collection[Organisation]) -> set[int]:
    """Those with a row at all: a community without members has nothing to announce."""
    found = Result.objects.filter(settlement__in=[one.pk for one in made], unit__in=units)
    return set(found.order_by().values_list("unit_id", flat=True).distinct())


def _counts(actor: AnyActor, announcements: Collection[int]) -> dict[int, dict[str, int]]:
    dead = _open_spells([Status.DECEASED]).values("member")
    rows = Told.objects.filter(_within(actor, "result__unit", "result__branch"), announcement__in=announcements)
    unsaid = (Q(was_present__isnull=True) | Q(was_present=False)) & Q(handed_on__isnull=True) & ~_not_owed()
    found = rows.exclude(result__member__in=dead).order_by().values("announcement")
    counted = found.annotate(
        listed=Count("pk"),
        present=Count("pk", filter=Q(was_present=PRESENT)),
        confirmed=Count("pk", filter=Q(answer=Told.Answer.CONFIRMED)),
        dissents=Count("pk", filter=Q(answer=DISSENTS)),
        missing=Count("pk", filter=unsaid),
    )
    return {row["announcement"]: {key: row[key] for key in COUNTED} for row in counted}


def standing_of(actor: AnyActor, unit: Organisation, first_on: date) -> Standing:
    """一个单位通报的情况"""
    held = announced_for(unit, first_on)
    counts = _counts(actor, [held.pk]).get(held.pk, {}) if held else {}
    return Standing(unit, latest_for(unit, first_on), held, counts)
