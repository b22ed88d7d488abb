"""以往结果的读取 Where they are imported, whose they are, which tiers a cycle knew, and what the pages show of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.kernel.errors import NotVisible
from pioneer.kernel.points import show
from pioneer.members.models import Member, Membership, Status, StatusSpell
from pioneer.members.queries import last_within
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import in_tree_order
from pioneer.results.cycles import cycle_text
from pioneer.results.formers import Filed, former_results
from pioneer.results.models import FormerResult
from pioneer.results.settlement_queries import scope
from pioneer.rulebook.queries import parsed, versions_for
from pioneer.scoring import Cycle, Rulebook
from pioneer.scoring.periods import cycle_of
from pioneer.scoring.tiers import best_first

Level = Organisation.Level


def said(one: FormerResult | Filed) -> str:
    """一条以往结果的说法"""
    score = f"，得分{show(one.score)}分" if one.score is not None else ""
    tier = f"，等次{one.tier_name}" if one.tier else f"，不定等次（{one.why}）"
    return f"{cycle_text(Cycle(one.first_on, one.last_on))}{score}{tier}，备案号{one.filing_number}"


# ------------------------------------------------------------------ where


def places_of_formers(actor: AnyActor) -> list[Organisation]:
    """可看以往结果的组织 Where the actor imports, settles or audits; in the order of the tree."""
    seen = Q(pk__in=[])
    for path in {*scope(actor), *paths(actor, Act.IMPORT_FORMERS)}:
        seen |= Q(path__startswith=path)
    return in_tree_order(Organisation.objects.filter(seen, closed_on__isnull=True))


def place_of_formers(actor: AnyActor, organisation_id: int) -> Organisation:
    """可看以往结果的一个组织 Raises NotVisible."""
    found = Organisation.objects.filter(pk=organisation_id, closed_on__isnull=True).first()
    if found is None or not any(
        found.path.startswith(path) for path in {*scope(actor), *paths(actor, Act.IMPORT_FORMERS)}
    ):
        raise NotVisible
    return found


@dataclass(slots=True)
class Roster:
    """花名册 Whoever's latest branch lies at an organisation, by number and by name."""

    at: str
    by_number: dict[str, Member]
    by_name: dict[str, list[Member]]
    branches: dict[int, str]
    users: dict[int, int]
    units: dict[str, int] = field(default_factory=dict)

    def find(self, number: str, name: str, branch: str) -> tuple[Member | None, str]:
        """是哪一位 By the number, which the name must fit; else by a name that stands once, in the branch if one is
        named. Otherwise the sentence that says what to do."""
        if number:
            found = self.by_number.get(number)
            if found is None:
                return None, f"{self.at}没有编号为“{number[:20]}”的党员，请核对编号。"
            if found.name != name:
                return None, f"编号{number}是{found.name}，这一行写的是“{name[:20]}”，请改正其一。"
            return found, ""
        alike = self.by_name.get(name, [])
        fits = [one for one in alike if branch in ("", self.branches.get(one.pk, ""))]
        if len(fits) == 1:
            return fits[0], ""
        if fits:
            listed = "、".join(f"{self.branches.get(one.pk, '')}{one.number}" for one in fits[:6])
            return None, f"有{len(fits)}位“{name[:20]}”（{listed}），请填写党员编号。"
        if alike:
            where = "、".join(dict.fromkeys(self.branches.get(one.pk, "") for one in alike))
            return None, f"“{name[:20]}”不在“{branch[:30]}”，在{where}，请核对支部，或填写党员编号。"
        return None, f"{self.at}的花名册上没有“{name[:20]}”，请核对姓名。"


def roster_of(at: Organisation) -> Roster:
    """一个组织的花名册 Those that have gone are on it too; who was erased is not. Four queries."""
    members = list(Member.objects.filter(pk__in=last_within([at.path]), erased_at__isnull=True).order_by("pk"))
    spells = Membership.objects.filter(member__in=last_within([at.path])).order_by("from_on", "pk")
    branches = dict(spells.values_list("member_id", "branch__name"))
    by_name: dict[str, list[Member]] = {}
    for one in members:
        by_name.setdefault(one.name, []).append(one)
    dead = StatusSpell.objects.filter(status=Status.DECEASED, until_on__isnull=True)
    died = set(dead.values_list("member", flat=True))
    users = {one.pk: one.user_id for one in members if one.user_id is not None and one.pk not in died}
    named: dict[str, list[int]] = {}
    for name, number in Organisation.objects.filter(path__startswith=f"/{at.district_number}/").values_list(
        "name", "pk"
    ):
        named.setdefault(name, []).append(number)
    return Roster(
        at=at.name,
        by_number={one.number: one for one in members},
        by_name=by_name,
        branches=branches,
        users=users,
        units={name: numbers[0] for name, numbers in named.items() if len(numbers) == 1},
    )


# ------------------------------------------------------------------ which cycle, which tier


@dataclass(slots=True)
class Tiers:
    """各版本的等次 As the rulebook of a cycle's last day knows them."""

    versions: Sequence[tuple[date, date | None, Rulebook]]

    def on(self, day: date) -> Rulebook | None:
        """某日适用的办法"""
        for first_on, until_on, book in reversed(self.versions):
            if first_on <= day and (until_on is None or until_on >= day):
                return book
        return None

    def year(self, year: int) -> tuple[Cycle | None, str]:
        """一个年度的周期 As the rules of its last day divide the years, else the earliest ones; the calendar year where
        there are none."""
        last = date(year, 12, 31)
        book = self.on(last) or (self.versions[0][2] if self.versions else None)
        if book is None:
            return Cycle(date(year, 1, 1), last), ""
        if book.cycle.months != 12:
            return None, f"本区的周期是{book.cycle.months}个月，请填写周期起和周期止。"
        if book.cycle.start_month != 1:
            return None, f"本区的周期从{book.cycle.start_month}月开始，请填写周期起和周期止，以免认错。"
        return cycle_of(book.cycle, last), ""

    def find(
        self, cycle: Cycle, name: str, lower: int | None, is_zeroed: bool
    ) -> tuple[tuple[str, str, int | None] | None, str]:
        """一个等次 Code, name and lower bound: by its name in the rules of then; by the bound that is given where there
        was another scheme; the lowest for who was zeroed. Otherwise the sentence that says what to do."""
        book = self.on(cycle.last_on)
        known = {tier.name: tier for tier in best_first(book)} if book is not None else {}
        tier = known.get(name) or next((one for one in known.values() if one.code == name), None)
        if not name and is_zeroed and known:
            tier = list(known.values())[-1]
        if tier is not None and lower in (None, tier.lower):
            return (tier.code, tier.name, tier.lower), ""
        if tier is not None:
            bound = show(tier.lower)
            return None, f"{cycle_text(cycle)}的积分办法里“{tier.name}”的下限是{bound}分，请改正，或空着不填。"
        if not name:
            return None, "没有等次的名称，请填写。"
        if lower is not None:
            return (f"f{lower}", name, lower), ""
        if known:
            listed = "、".join(known)
            unknown = f"{cycle_text(cycle)}的积分办法没有“{name[:20]}”这一等次"
            return None, f"{unknown}，请填{listed}；当时用别的办法的，填写等次下限。"
        unknown = f"系统里没有{cycle_text(cycle)}的积分办法"
        return None, f"{unknown}，请同时填写“等次下限”，即达到“{name[:20]}”的最低分。"

    @property
    def names(self) -> list[str]:
        """现行办法的等次名称"""
        return [tier.name for tier in best_first(self.versions[-1][2])] if self.versions else []


def tiers_of(district_id: int) -> Tiers:
    """一个区各版本的等次 One query."""
    found = versions_for(district_id)
    return Tiers([(one.valid_from, one.valid_until, parsed(one)) for one in found])


# ------------------------------------------------------------------ what the pages show


@dataclass(frozen=True, slots=True)
class Row:
    """一名党员的以往结果 The latest cycle first; empty where nothing is on record."""

    member: Member
    branch: str
    results: list[FormerResult]


def members_at(at: Organisation) -> QuerySet[Member]:
    """名册上的党员 Whose latest branch lies at the organisation, in the order of the roster; not who has died."""
    died = StatusSpell.objects.filter(status=Status.DECEASED, until_on__isnull=True)
    found = Member.objects.filter(pk__in=last_within([at.path]), erased_at__isnull=True)
    return found.exclude(pk__in=died.values("member")).order_by("position", "pk")


def rows_of(members: Iterable[Member]) -> list[Row]:
    """各人的以往结果 Two queries."""
    listed = list(members)
    known = former_results([one.pk for one in listed])
    spells = Membership.objects.filter(member__in=[one.pk for one in listed]).order_by("from_on", "pk")
    branches = dict(spells.values_list("member_id", "branch__name"))
    return [Row(one, branches.get(one.pk, ""), known.get(one.pk, [])) for one in listed]


def formers_of(member: Member) -> list[FormerResult]:
    """一名党员的以往结果 The valid revision of each cycle, the latest first. One query."""
    return former_results([member.pk]).get(member.pk, [])


def cycle_name(one: FormerResult) -> str:
    """周期的说法"""
    return cycle_text(Cycle(one.first_on, one.last_on))
