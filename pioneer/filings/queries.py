"""备案的读取 Which units file, what was filed, what stands in the way; as far as each actor sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.assessments.models import Sheet
from pioneer.conduct.models import ZeroingCase
from pioneer.conduct.queries import those_to_step_aside
from pioneer.filings.models import Amendment, Filing, ReturnedLine
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.ledger.queries import posted_at
from pioneer.members import queries as members
from pioneer.members.models import Member, Status, StatusSpell
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import in_tree_order
from pioneer.publicity.models import Publication
from pioneer.results.cycles import cycle_text, cycles_of
from pioneer.results.hindrances import unfinished_sheets
from pioneer.results.models import Announcement, Result, Settlement, Told
from pioneer.results.settlement_queries import latest_for, rows_for
from pioneer.rulebook.queries import current_rulebook, deadline
from pioneer.scoring import Cycle
from pioneer.scoring.model import Parameter

Level = Organisation.Level
State = Filing.State
SHOWN = 3  # of what stands in the way, in a refusal


# ------------------------------------------------------------------ who files, who sees


def units() -> Q:
    """备案单位 A community, and a branch outside any community."""
    return Q(level=Level.COMMUNITY) | (Q(is_branch=True) & ~Q(parent__level=Level.COMMUNITY))


def scope(actor: AnyActor) -> list[str]:
    """看得到备案的范围 Where the actor files, receives, or looks on."""
    acts = (Act.FILE, Act.RECEIVE_FILING, Act.PROPOSE_AMENDMENT, Act.APPROVE_AMENDMENT, Act.SEE_OVERVIEW)
    return sorted({path for act in acts for path in paths(actor, act)})


def _below(actor: AnyActor, column: str) -> Q:
    found = Q(pk__in=[])
    for path in scope(actor):
        found |= Q(**{f"{column}__startswith": path})
    return found


def places(actor: AnyActor) -> list[Organisation]:
    """看得到的备案单位 Units and townships, in the order of the tree."""
    wanted = units() | Q(level=Level.TOWNSHIP)
    return in_tree_order(Organisation.objects.filter(wanted, _below(actor, "path"), closed_on__isnull=True))


def place_for(actor: AnyActor, unit_id: int) -> Organisation:
    """一个备案单位 Raises NotVisible."""
    found = Organisation.objects.filter(units() | Q(level=Level.TOWNSHIP), _below(actor, "path"), pk=unit_id).first()
    if found is None:
        raise NotVisible
    return found


def is_township(unit: Organisation) -> bool:
    """是否乡镇（街道）"""
    return unit.level == Level.TOWNSHIP


def receiver_of(unit: Organisation) -> Organisation:
    """报到哪里 The township above a unit, the district above a township."""
    wanted = Level.DISTRICT if is_township(unit) else Level.TOWNSHIP
    line = [int(part) for part in unit.path.strip("/").split("/")]
    found = Organisation.objects.filter(pk__in=line, level=wanted).first()
    if found is None:
        raise DomainError("nobody_above", f"{unit.name}上面没有接收备案的组织，请先在“组织”页核对隶属关系。")
    return found


def cycle_for(unit: Organisation, first_on: date) -> Cycle:
    """周期 Of those that can be filed; NotVisible for a day on which none begins."""
    found = next((one for one in cycles_of(unit.district_number) if one.first_on == first_on), None)
    if found is None:
        raise NotVisible
    return found


def text_of(filing: Filing) -> str:
    """哪一周期 In words."""
    return cycle_text(Cycle(filing.first_on, filing.last_on))


# ------------------------------------------------------------------ filings


def visible_to(actor: AnyActor) -> QuerySet[Filing]:
    """看得到的备案"""
    return Filing.objects.filter(_below(actor, "unit__path")).select_related("unit", "to", "package", "settlement")


def get_filing(actor: AnyActor, filing_id: int) -> Filing:
    """一份备案 Raises NotVisible."""
    found = visible_to(actor).filter(pk=filing_id).first()
    if found is None:
        raise NotVisible
    return found


def latest_filings(unit_ids: Iterable[int], first_on: date) -> dict[int, Filing]:
    """各单位最近一份备案 By unit. One query."""
    found = Filing.objects.filter(unit__in=list(unit_ids), first_on=first_on).select_related("unit", "to")
    return {one.unit_id: one for one in found.order_by("revision")}


def received(unit: Organisation, first_on: date) -> Filing | None:
    """已备案的有效一份 The latest revision that was received."""
    found = Filing.objects.filter(unit=unit, first_on=first_on, state=State.RECEIVED)
    return found.select_related("unit", "to").order_by("-revision").first()


def revisions_of(filing: Filing) -> list[Filing]:
    """历次报送 Of the unit and cycle, the latest first."""
    found = Filing.objects.filter(unit=filing.unit_id, first_on=filing.first_on)
    return list(found.order_by("-revision"))


def to_receive(actor: AnyActor) -> QuerySet[Filing]:
    """待我接收的 At the organisations where the actor receives, and sent by somebody else."""
    here = [held.organisation for held in actor.grants if held.path in paths(actor, Act.RECEIVE_FILING)]
    found = Filing.objects.filter(state=State.SENT, to__in=here).exclude(sent_by_number=actor.number)
    return found.select_related("unit", "to").order_by("sent_at")


# ------------------------------------------------------------------ what a unit's filing stands on


@dataclass(frozen=True, slots=True)
class Standing:
    """备案的依据 The settlement and its announcement as far as they are there, and what still stands in the way.
    `untold`: members neither present nor handed their statement."""

    made: Settlement | None
    held: Announcement | None
    untold: tuple[str, ...]
    hindrances: tuple[str, ...]


def standing(unit: Organisation, cycle: Cycle) -> Standing:
    """备案的依据"""
    text = cycle_text(cycle)
    made = latest_for(unit, cycle.first_on)
    if made is None:
        return Standing(None, None, (), (f"{unit.name}{text}还没有正式评定，请先在“年度评定”页评定。",))
    held = Announcement.objects.filter(unit=unit, settlement=made).first()
    if held is None:
        said = f"最近一次评定（{_day(made.made_on)}）还没有通报，请先开会通报并登记。"
        return Standing(made, None, (), (said,))
    found = [one.sentence for one in unfinished_sheets(unit, cycle)]
    if found:
        found.append("办完以后结果会变的，请重新评定、通报，再报备案。")
    elif moved_since(unit, cycle, made):
        found.append(
            f"评定（{_day(made.made_on)}）以后又有入账，或清零有变动，结果会变的，请重新评定、通报，再报备案。"
        )
    return Standing(made, held, tuple(untold(held)), tuple(found))


def moved_since(unit: Organisation, cycle: Cycle, made: Settlement) -> bool:
    """评定以后是否又有变动 A notice of the cycle posted, or a zeroing decided or reversed, after the settlement."""
    posted = posted_at(notices(unit, cycle).values_list("pk", flat=True))
    if any(at > made.made_at for at in posted.values()):
        return True
    later = Q(decided_at__gt=made.made_at, state=ZeroingCase.State.APPROVED) | Q(reversed_at__gt=made.made_at)
    return ZeroingCase.objects.filter(later, document_on__range=cycle, branch__path__startswith=unit.path).exists()


def notices(unit: Organisation, cycle: Cycle) -> QuerySet[Publication]:
    """本周期的公示 What was shown in the cycle's months and stands, branch by branch."""
    first, last = cycle
    months = Q(sheet__year__gt=first.year) | Q(sheet__year=first.year, sheet__month__gte=first.month)
    months &= Q(sheet__year__lt=last.year) | Q(sheet__year=last.year, sheet__month__lte=last.month)
    found = Publication.objects.filter(
        months, sheet__branch__path__startswith=unit.path, superseded_at__isnull=True
    ).select_related("sheet__branch")
    return found.order_by("sheet__branch__path", "sheet__year", "sheet__month", "sheet__sequence")


def untold(held: Announcement) -> list[str]:
    """没有通报到的人 By name, in the order of the roster; who has died is on no list."""
    missing = Told.objects.filter(announcement=held, handed_on__isnull=True).exclude(was_present=True)
    told = Told.objects.filter(announcement=held)
    listed = Result.objects.filter(settlement=held.settlement_id, unit=held.unit_id)
    found = listed.filter(Q(pk__in=missing.values("result")) | ~Q(pk__in=told.values("result")))
    found = found.exclude(member__in=deceased())
    return list(found.order_by("order").values_list("member__name", flat=True))


def deceased() -> QuerySet[StatusSpell, int]:
    """已故 Members by number."""
    gone = StatusSpell.objects.filter(status=Status.DECEASED, from_on__lte=clock.today(), until_on__isnull=True)
    return gone.values_list("member_id", flat=True)


def listed(filing: Filing) -> list[Result]:
    """备案所列的党员 In the order of the roster, without who has died."""
    if filing.settlement is None:
        return []
    found = rows_for(filing.unit, filing.settlement).exclude(member__in=deceased())
    return list(found)


def is_on(actor: AnyActor, filing: Filing) -> bool:
    """本人是否在其中"""
    own = members.member_of(actor.number)
    return own is not None and filing.settlement_id is not None and rows_of(filing).filter(member=own).exists()


def rows_of(filing: Filing) -> QuerySet[Result]:
    """备案的各行"""
    return Result.objects.filter(settlement=filing.settlement_id, unit=filing.unit_id)


# ------------------------------------------------------------------ when it is due


def due_day(district_id: int, cycle: Cycle) -> date | None:
    """备案时限 The last day by the rulebook of the cycle's last day; None where none says."""
    try:
        parameter = current_rulebook(district_id, cycle.last_on).procedure.file_by
        return None if parameter is None else deadline(parameter, cycle.last_on)
    except DomainError:
        return None


def parameter_of(district_id: int, cycle: Cycle, name: str) -> Parameter | None:
    """办法里的期限 `file_by` or `amendment`, for pages that say it and whether it is assumed."""
    try:
        return getattr(current_rulebook(district_id, cycle.last_on).procedure, name, None)
    except DomainError:
        return None


def at_work(below: str, cycle: Cycle) -> set[int]:
    """在这一周期考评过的组织 Everything on the paths of branches that had a sheet in it: a unit that was not here yet
    owes no filing. One query."""
    months = Q(year__gt=cycle.first_on.year) | Q(year=cycle.first_on.year, month__gte=cycle.first_on.month)
    months &= Q(year__lt=cycle.last_on.year) | Q(year=cycle.last_on.year, month__lte=cycle.last_on.month)
    found = Sheet.objects.filter(months, branch__path__startswith=below).order_by()
    paths_of = found.values_list("branch__path", flat=True).distinct()
    return {int(part) for path in paths_of for part in path.strip("/").split("/")}


def days_late(due: date | None, filing: Filing | None) -> int:
    """逾期天数 0 as long as there is time, and once something was sent that was not returned."""
    if due is None or (filing is not None and filing.state != State.RETURNED):
        return 0
    return max(0, (clock.today() - due).days)


def is_over(cycle: Cycle) -> bool:
    """周期是否已满"""
    return clock.today() > cycle.last_on


@dataclass(frozen=True, slots=True)
class Listed:
    """备案一览的一行 `is_owing`: the cycle is over, the unit was at work in it, and nothing was received."""

    unit: Organisation
    is_township: bool
    filing: Filing | None
    is_owing: bool
    days_late: int

    @property
    def state(self) -> str:
        """状态 Of the latest filing, or "none"."""
        return self.filing.state if self.filing is not None else "none"


def register(places: Iterable[Organisation], cycle: Cycle, due: date | None) -> list[Listed]:
    """备案一览 In the order of the tree. Three queries."""
    shown = list(places)
    if not shown:
        return []
    filed = latest_filings([one.pk for one in shown], cycle.first_on)
    here = at_work(f"/{shown[0].district_number}/", cycle) if is_over(cycle) else set()
    found = []
    for place in shown:
        filing = filed.get(place.pk)
        owes = place.pk in here and (filing is None or filing.state != State.RECEIVED)
        late = days_late(due, filing) if place.pk in here and not is_township(place) else 0
        found.append(Listed(place, is_township(place), filing, owes, late))
    return found


def waiting_for(actor: AnyActor) -> list[tuple[Organisation, Cycle, date | None, Filing | None]]:
    """待我单位报的备案 Of the last cycle that is over: units of which the actor holds an office that files, and that
    have sent nothing, or got it back."""
    own = [held.organisation for held in actor.grants if held.path in paths(actor, Act.FILE)]
    found = []
    for unit in in_tree_order(Organisation.objects.filter(units(), pk__in=own, closed_on__isnull=True)):
        cycle = next((one for one in cycles_of(unit.district_number) if is_over(one)), None)
        if cycle is None or unit.pk not in at_work(unit.path, cycle):
            continue
        filing = latest_filings([unit.pk], cycle.first_on).get(unit.pk)
        if filing is None or filing.state == State.RETURNED:
            found.append((unit, cycle, due_day(unit.district_number, cycle), filing))
    return found


# ------------------------------------------------------------------ amendments


def amendments_visible_to(actor: AnyActor) -> QuerySet[Amendment]:
    """看得到的更正 The unit and the level above; the branch of the member; the member."""
    seen = _below(actor, "filing__unit__path") | Q(member__user=actor.number if actor.number is not None else -1)
    for path in paths(actor, Act.EVALUATE):
        seen |= Q(result__branch__path__startswith=path)
    return Amendment.objects.filter(seen).select_related(
        "filing__unit", "filing__to", "filing__settlement__version", "member", "result__branch", "result__unit"
    )


def get_amendment(actor: AnyActor, amendment_id: int) -> Amendment:
    """一项更正 Raises NotVisible."""
    found = amendments_visible_to(actor).filter(pk=amendment_id).first()
    if found is None:
        raise NotVisible
    return found


def amendments_of(actor: AnyActor, filing: Filing) -> list[Amendment]:
    """这个单位和周期的更正 As far as the actor sees them, the latest first."""
    found = amendments_visible_to(actor).filter(filing__unit=filing.unit_id, filing__first_on=filing.first_on)
    return list(found.order_by("-pk"))


def to_decide(actor: AnyActor) -> list[Amendment]:
    """待我审批的更正 Answered, or their time over; not proposed by the actor, nor of itself or a declared relative."""
    ready = Q(state=Amendment.State.ANSWERED) | Q(state=Amendment.State.PROPOSED, answer_until__lte=clock.now())
    seen = Q(pk__in=[])
    for path in paths(actor, Act.APPROVE_AMENDMENT):
        seen |= Q(filing__unit__path__startswith=path)
    found = list(Amendment.objects.filter(ready, seen).exclude(proposed_by_number=actor.number))
    aside = those_to_step_aside(actor, {one.member_id for one in found}) if found else {}
    return [one for one in found if one.member_id not in aside]


def approved_for(unit: Organisation, made: Settlement) -> list[Amendment]:
    """已批准的更正 Of the unit's results in a settlement, in the order of approval."""
    found = Amendment.objects.filter(
        filing__unit=unit, result__settlement=made, state=Amendment.State.APPROVED
    ).select_related("member", "result")
    return list(found.order_by("decided_at", "pk"))


def own_amendments(member: Member) -> list[Amendment]:
    """本人的更正"""
    return list(Amendment.objects.filter(member=member).select_related("filing__unit").order_by("-pk"))


def own_returned(member: Member) -> list[ReturnedLine]:
    """退回时对本人一条的说明"""
    return list(ReturnedLine.objects.filter(member=member).select_related("filing"))


def own_filings(member: Member) -> list[Filing]:
    """列有本人的备案 The latest received of each cycle first."""
    rows = Result.objects.filter(member=member)
    found = Filing.objects.filter(state=State.RECEIVED, settlement__in=rows.values("settlement"))
    found = found.filter(unit__in=rows.values("unit")).select_related("unit", "to")
    return list(found.order_by("-first_on", "-revision"))


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
