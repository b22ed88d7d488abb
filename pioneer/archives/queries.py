"""年度档案的读取 Of which branches and cycles there is one, what is still open before a whole one, the editions and
what is being made; as far as each actor sees them."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from pioneer.accounts.policies import CONSOLE, Act, AnyActor, paths
from pioneer.archives.models import Archive, ArchiveRun
from pioneer.filings import queries as filings
from pioneer.filings.models import Amendment
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.tasks import is_under_way
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import in_tree_order
from pioneer.results.announcing_queries import announcement_of
from pioneer.results.cycles import cycle_text
from pioneer.results.hindrances import Hindrance, unfinished_sheets
from pioneer.results.settlement_queries import latest_for
from pioneer.rulebook.queries import parsed, version_on
from pioneer.scoring import Cycle
from pioneer.scoring.periods import add_months, cycle_of

PATIENCE = timedelta(minutes=30)  # work that has said nothing for longer is not waited for
MONTHS = 12


# ------------------------------------------------------------------ which branches, which cycles


def scope(actor: AnyActor) -> list[str]:
    """可做档案的范围"""
    return ["/"] if actor == CONSOLE else paths(actor, Act.ARCHIVE)


def _below(actor: AnyActor, column: str) -> Q:
    seen = Q(pk__in=[])
    for path in scope(actor):
        seen |= Q(**{f"{column}__startswith": path})
    return seen


def branches_for(actor: AnyActor, below: Organisation | None = None) -> list[Organisation]:
    """可做档案的支部 Open or closed, in the order of the tree."""
    found = Organisation.objects.filter(_below(actor, "path"), is_branch=True)
    if below is not None:
        found = found.filter(path__startswith=below.path)
    return in_tree_order(found.select_related("parent"))


def branch_for(actor: AnyActor, branch_id: int) -> Organisation:
    """可做档案的一个支部 Raises NotVisible."""
    found = Organisation.objects.filter(_below(actor, "path"), is_branch=True, pk=branch_id)
    one = found.select_related("parent").first()
    if one is None:
        raise NotVisible
    return one


def unit_of(branch: Organisation) -> Organisation:
    """评定、通报和备案的单位 The community above, or the branch itself."""
    above = branch.parent
    return above if above is not None and above.is_community else branch


def cycle_on(district_id: int, day: date) -> Cycle | None:
    """含这一天的周期 None where no rulebook holds."""
    try:
        return cycle_of(parsed(version_on(district_id, day)).cycle, day)
    except DomainError:
        return None


def cycle_for(branch: Organisation, first_on: date) -> Cycle:
    """一个周期 NotVisible for a day on which none begins, or that is still to come."""
    cycle = cycle_on(branch.district_number, first_on)
    if cycle is None or cycle.first_on != first_on or first_on > clock.today():
        raise NotVisible
    return cycle


def cycles_in(district_id: int, year: int) -> list[Cycle]:
    """一年里开始的周期 In order; none that is still to come."""
    found: dict[date, Cycle] = {}
    for month in range(MONTHS):
        cycle = cycle_on(district_id, add_months(date(year, 1, 1), month))
        if cycle is not None and cycle.first_on.year == year and cycle.first_on <= clock.today():
            found[cycle.first_on] = cycle
    return list(found.values())


def cycles_of(branch: Organisation) -> list[Cycle]:
    """可做档案的周期 The running one and all before it, as far as rulebooks reach and the branch stood."""
    found: list[Cycle] = []
    day = min(clock.today(), branch.closed_on or clock.today())
    while (cycle := cycle_on(branch.district_number, day)) is not None:
        found.append(cycle)
        if cycle.first_on <= branch.opened_on:
            break
        day = cycle.first_on - timedelta(days=1)
    return found


def last_cycle(branch: Organisation) -> Cycle | None:
    """先看哪个周期 The last one that is over, if there is one, else the running one."""
    cycles = cycles_of(branch)
    return next((one for one in cycles if one.last_on < clock.today()), next(iter(cycles), None))


# ------------------------------------------------------------------ what is still open


def unfinished(branch: Organisation, cycle: Cycle) -> list[Hindrance]:
    """还没有办完的 Before an archive can be whole, each with its `kind` and `subject` for a link: the cycle's end,
    sheets, the settlement, its announcement, the filing, amendments. Help, nominations and cases go on longer than a
    cycle and hold up nothing."""
    unit, text, found = unit_of(branch), cycle_text(cycle), []
    if clock.today() <= cycle.last_on:
        found.append(Hindrance("running", f"{text}到{_day(cycle.last_on)}才结束。"))
    found += unfinished_sheets(branch, cycle)
    made = latest_for(unit, cycle.first_on)
    if made is None:
        return [*found, Hindrance("settlement", f"{unit.name}{text}还没有正式评定。", unit.pk)]
    if announcement_of(unit, made) is None:
        return [*found, Hindrance("announcement", f"{unit.name}最近一次评定（{_day(made.made_on)}）还没有通报。")]
    filing = filings.received(unit, cycle.first_on)
    if filing is None:
        return [*found, Hindrance("filing", f"{unit.name}{text}的结果还没有备案。", unit.pk)]
    for one in open_amendments(branch, cycle):
        number = one.filing.number
        found.append(Hindrance("amendment", f"备案（{number}）的一项更正{one.get_state_display()}。", one.pk))
    return found


def open_amendments(branch: Organisation, cycle: Cycle) -> QuerySet[Amendment]:
    """没有办完的更正 Of this branch's results."""
    waiting = (Amendment.State.PROPOSED, Amendment.State.ANSWERED)
    found = Amendment.objects.filter(result__branch=branch, filing__first_on=cycle.first_on, state__in=waiting)
    return found.select_related("filing").order_by("pk")


# ------------------------------------------------------------------ editions and what is being made


def visible_to(actor: AnyActor) -> QuerySet[Archive]:
    """看得到的档案"""
    return Archive.objects.filter(_below(actor, "branch__path")).select_related("branch__parent", "package")


def get_archive(actor: AnyActor, archive_id: int) -> Archive:
    """一版档案 Raises NotVisible."""
    found = visible_to(actor).filter(pk=archive_id).first()
    if found is None:
        raise NotVisible
    return found


def editions_of(branch: Organisation, first_on: date) -> QuerySet[Archive]:
    """各版 Of a branch and cycle, the latest first."""
    return Archive.objects.filter(branch=branch, first_on=first_on).order_by("-edition")


def latest_of(branches: list[Organisation], first_on: date) -> dict[int, Archive]:
    """各支部最近一版 By branch. One query."""
    found = Archive.objects.filter(branch__in=branches, first_on=first_on).order_by("edition")
    return {one.branch_id: one for one in found}


def runs_of(branch: Organisation, first_on: date) -> QuerySet[ArchiveRun]:
    """做过的和正在做的 The latest first."""
    return ArchiveRun.objects.filter(branch=branch, first_on=first_on).select_related("task", "branch")


def get_run(actor: AnyActor, run_id: int) -> ArchiveRun:
    """一次任务 Raises NotVisible."""
    found = ArchiveRun.objects.filter(_below(actor, "branch__path"), pk=run_id)
    one = found.select_related("task", "branch__parent").first()
    if one is None:
        raise NotVisible
    return one


def is_working(run: ArchiveRun) -> bool:
    """是否正在做"""
    return is_under_way(run.task, PATIENCE)


def working_on(branch: Organisation, first_on: date) -> ArchiveRun | None:
    """正在做的一次"""
    return next((run for run in runs_of(branch, first_on)[:3] if is_working(run)), None)


def latest_number(branch_id: int, first_on: date) -> int:
    """最近一版是第几版 0 where there is none."""
    found = Archive.objects.filter(branch=branch_id, first_on=first_on).order_by("-edition")
    return found.values_list("edition", flat=True).first() or 0


def made_by(run: ArchiveRun) -> Archive:
    """任务做成的一版 Refused with why it came to nothing."""
    number = run.task.result.get("archive")
    if number is None:
        raise DomainError("not_made", run.task.message or "做档案中断了，没有存下任何内容。请重试。")
    return Archive.objects.select_related("branch", "package").get(pk=number)


def archives_naming(member: Member) -> list[Archive]:
    """列有本人的档案 The latest first."""
    found = Archive.objects.filter(named__member=member).select_related("branch")
    return list(found.order_by("-first_on", "-edition"))


def text_of(archive: Archive | ArchiveRun) -> str:
    """哪一周期 In words."""
    return cycle_text(Cycle(archive.first_on, archive.last_on))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
