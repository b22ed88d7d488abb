"""评定的读取 Settlements that were asked for and made, as far as each actor sees them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from pioneer.accounts.policies import CONSOLE, Act, AnyActor, paths
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.kernel.tasks import is_under_way
from pioneer.members.models import Status, StatusSpell
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import in_tree_order
from pioneer.results.models import Result, ResultChange, ResultReached, Settlement, SettlementRun
from pioneer.results.queries import PATIENCE
from pioneer.rulebook.queries import parsed
from pioneer.scoring import Cycle
from pioneer.scoring.tiers import best_first

Level = Organisation.Level
WHY = {str(code): str(text) for code, text in Result.Why.choices}


def scope(actor: AnyActor) -> list[str]:
    """看得到评定的范围 Where the actor may settle, or audits."""
    return ["/"] if actor == CONSOLE else sorted({*paths(actor, Act.SETTLE), *_audited(actor)})


def _audited(actor: AnyActor) -> list[str]:
    return [path for path in paths(actor, Act.SEE_OVERVIEW) if path not in paths(actor, Act.SETTLE)]


def settleable() -> Q:
    """可评定的组织 Whole ones: a district, township or community, and a branch outside any community."""
    return Q(level__in=(Level.DISTRICT, Level.TOWNSHIP, Level.COMMUNITY)) | (
        Q(is_branch=True) & ~Q(parent__level=Level.COMMUNITY)
    )


def places_to_settle(actor: AnyActor) -> list[Organisation]:
    """可评定或查看的组织 In the order of the tree."""
    seen = Q(pk__in=[])
    for path in scope(actor):
        seen |= Q(path__startswith=path)
    return in_tree_order(Organisation.objects.filter(seen, settleable(), closed_on__isnull=True))


def place_to_settle(actor: AnyActor, organisation_id: int) -> Organisation:
    """可评定或查看的一个组织 Raises NotVisible."""
    found = Organisation.objects.filter(settleable(), pk=organisation_id).first()
    if found is None or not any(found.path.startswith(path) for path in scope(actor)):
        raise NotVisible
    return found


# ------------------------------------------------------------------ runs and settlements


def runs_of(at: Organisation, cycle: Cycle) -> QuerySet[SettlementRun]:
    """历次评定 The latest first, what is being worked on among them."""
    found = SettlementRun.objects.filter(organisation=at, first_on=cycle.first_on)
    return found.select_related("task", "settlement", "organisation")


def get_run(actor: AnyActor, run_id: int) -> SettlementRun:
    """一次评定任务 NotVisible to who sees nothing of it."""
    found = SettlementRun.objects.select_related("task", "settlement", "organisation").filter(pk=run_id).first()
    if found is None or not any(found.organisation.path.startswith(path) for path in scope(actor)):
        raise NotVisible
    return found


def is_working(run: SettlementRun) -> bool:
    """是否正在评定"""
    return is_under_way(run.task, PATIENCE)


def settlements_above(actor: AnyActor, at: Organisation, cycle: Cycle) -> list[Settlement]:
    """上级的评定 In earnest, made for organisations above, whose rows for this one can be seen here."""
    above = [int(part) for part in at.path.strip("/").split("/")][:-1]
    found = Settlement.objects.filter(organisation__in=above, first_on=cycle.first_on, is_trial=False)
    return list(found.select_related("organisation")) if any(at.path.startswith(p) for p in scope(actor)) else []


def latest_for(unit: Organisation, first_on: date) -> Settlement | None:
    """最近一次正式评定 In earnest, of the unit or of an organisation above it: what may be announced and filed."""
    line = [int(part) for part in unit.path.strip("/").split("/")]
    found = Settlement.objects.filter(organisation__in=line, first_on=first_on, is_trial=False)
    return found.select_related("organisation", "version").order_by("-id").first()


def rows_for(unit: Organisation, made: Settlement) -> QuerySet[Result]:
    """一个单位的结果 All of them, in the order of the roster: for operations, which ask who may first."""
    return Result.objects.filter(settlement=made, unit=unit).select_related("member", "branch").order_by("order")


def get_settlement(actor: AnyActor, settlement_id: int) -> Settlement:
    """一次评定 NotVisible to who sees none of its rows."""
    found = (
        Settlement.objects.select_related("organisation", "version", "run", "replaces").filter(pk=settlement_id).first()
    )
    if found is None:
        raise NotVisible
    own = found.organisation.path
    if any(own.startswith(path) for path in scope(actor)):
        return found
    if found.is_trial or not _rows(actor, found).exists():
        raise NotVisible
    return found


def results_of(actor: AnyActor, made: Settlement) -> QuerySet[Result]:
    """看得到的结果 In the order of the roster. Whoever has died since is on no list any more."""
    found = _rows(actor, made)
    died = StatusSpell.objects.filter(status=Status.DECEASED, from_on__lte=clock.today(), until_on__isnull=True)
    return found.exclude(member__in=died.values("member")).select_related("member", "branch", "unit")


def _rows(actor: AnyActor, made: Settlement) -> QuerySet[Result]:
    seen = Q(pk__in=[])
    for path in scope(actor):
        seen |= Q(unit__path__startswith=path)
    return Result.objects.filter(seen, settlement=made)


def changes_of(actor: AnyActor, made: Settlement) -> QuerySet[ResultChange]:
    """看得到的变动 Since the settlement before."""
    before = [made.pk, *([made.replaces_id] if made.replaces_id else [])]
    seen = Q(pk__in=[])
    for path in scope(actor):
        rows = Result.objects.filter(settlement__in=before, unit__path__startswith=path)
        seen |= Q(member__in=rows.values("member"))
    return ResultChange.objects.filter(seen, settlement=made).select_related("member", "correction__sheet__branch")


@dataclass(frozen=True, slots=True)
class TierCount:
    """一个等次的人数 `code` is empty for those without a tier."""

    code: str
    name: str
    members: int


def tier_names(made: Settlement) -> dict[str, str]:
    """等次的名称 By code, the best first, as the version of the cycle's last day names them."""
    return {tier.code: tier.name for tier in best_first(parsed(made.version))}


def tier_counts(made: Settlement, results: QuerySet[Result]) -> list[TierCount]:
    """各等次的人数 The best first, at the end those without."""
    rows = results.order_by().values_list("tier").annotate(number=Count("pk"))
    number = dict(rows)
    names = {**tier_names(made), "": "不定等次"}
    return [TierCount(code, name, number.get(code, 0)) for code, name in names.items()]


@dataclass(frozen=True, slots=True)
class Reached:
    """已触发的一项 An alarm line or a streak, as the version of the last day names it; nothing follows of it."""

    code: str
    name: str
    is_streak: bool
    consequence: str = ""
    clause: str = ""


def _named(made: Settlement) -> dict[tuple[str, str], Reached]:
    book = parsed(made.version)
    found = {
        ("streak", one.code): Reached(one.code, one.name, True, one.consequence, one.clause) for one in book.streaks
    }
    alarms = {
        ("alarm", one.code): Reached(one.code, one.name, False, one.consequence, one.clause) for one in book.alarms
    }
    return found | alarms


def reached_by(made: Settlement, results: Iterable[Result] | None = None) -> dict[int, list[Reached]]:
    """各人触发的预警和连续等次 Of these results, or of all: by the number of the result. One query."""
    names = _named(made)
    found: dict[int, list[Reached]] = {}
    rows = ResultReached.objects.filter(result__settlement=made).order_by("result", "kind", "code")
    if results is not None:
        rows = rows.filter(result__in=[one.pk for one in results])
    for one in rows:
        if (each := names.get((one.kind, one.code))) is not None:
            found.setdefault(one.result_id, []).append(each)
    return found


def streak_counts(made: Settlement, results: QuerySet[Result]) -> list[tuple[Reached, int]]:
    """各项连续等次提议几人 One query."""
    names = _named(made)
    rows = ResultReached.objects.filter(result__in=results.order_by().values("pk"), kind="streak")
    counted = rows.order_by("code").values_list("code").annotate(number=Count("pk"))
    return [(names["streak", code], number) for code, number in counted if ("streak", code) in names]


def own_results(user_number: int) -> list[Result]:
    """本人的结果 Of each cycle the latest settled in earnest, the latest cycle first."""
    found = Result.objects.filter(member__user=user_number, settlement__is_trial=False)
    latest: dict[date, Result] = {}
    for one in found.select_related("settlement__version", "unit", "branch", "member").order_by("settlement_id"):
        latest[one.settlement.first_on] = one
    return [latest[first] for first in sorted(latest, reverse=True)]
