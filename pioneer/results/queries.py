"""年度评定的读取 Dry runs and the names behind their figures."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet

from pioneer.accounts.policies import CONSOLE, Act, AnyActor, paths
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.tasks import is_under_way
from pioneer.members.models import Member, Membership
from pioneer.members.queries import visible_to as members_visible_to
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import in_tree_order
from pioneer.results.models import DryRun
from pioneer.rulebook.models import RulebookVersion

PATIENCE = timedelta(hours=1)  # work that has said nothing for longer is not waited for


@dataclass(frozen=True, slots=True)
class Known:
    """一位党员 As who may see the roster knows it."""

    number: int
    name: str
    branch: str


def dry_runs(actor: AnyActor, version: RulebookVersion) -> QuerySet[DryRun]:
    """一个版本的历次试算 The latest first."""
    return _seen(actor).filter(version=version)


def get_dry_run(actor: AnyActor, version_id: int, number: int) -> DryRun:
    """一次试算 NotVisible to whoever neither drafts nor adopts in its district."""
    found = _seen(actor).filter(pk=number, version=version_id).first()
    if found is None:
        raise NotVisible
    return found


def _seen(actor: AnyActor) -> QuerySet[DryRun]:
    seen = Q(pk__in=[])
    for act in (Act.DRAFT_RULEBOOK, Act.ADOPT_RULEBOOK):
        for path in paths(actor, act):
            seen |= Q(organisation__path__startswith=path)
    return DryRun.objects.filter(seen).select_related("version__district", "organisation", "task")


def is_busy(run: DryRun) -> bool:
    """是否正在试算"""
    return is_under_way(run.task, PATIENCE)


def places(version: RulebookVersion) -> list[Organisation]:
    """可试算的组织 The district, its townships and their communities and branches, in the order of the tree."""
    return in_tree_order(Organisation.objects.filter(path__startswith=version.district.path, closed_on__isnull=True))


def only_district() -> Organisation:
    """唯一的区 Where there are several, one must be named."""
    found = list(Organisation.objects.filter(level=Organisation.Level.DISTRICT)[:2])
    if not found:
        raise DomainError("no_district", "数据库里还没有组织，请先运行 pioneer setup 设立。")
    if len(found) > 1:
        raise DomainError("which_district", "数据库里不止一个区，请用 --at 写明组织的名称或编号。")
    return found[0]


def members_behind(actor: AnyActor, numbers: Collection[int]) -> dict[int, Known]:
    """党员姓名 Of those whom the actor may see; the console sees all. Whose file was erased has none. Two queries."""
    seen = Member.objects.all() if actor == CONSOLE else members_visible_to(actor)
    seen = seen.filter(pk__in=numbers, erased_at__isnull=True)
    names = dict(seen.order_by().values_list("pk", "name"))
    spells = Membership.objects.filter(member__in=names).order_by("from_on", "pk")
    branches = dict(spells.values_list("member_id", "branch__name"))
    return {number: Known(number, name, branches.get(number, "")) for number, name in names.items()}
