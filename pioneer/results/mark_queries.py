"""外部成绩的读取 Which components a cycle folds in, whose marks stand or wait, and what is still to come."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.conduct.queries import those_to_step_aside, zeroings_in_force
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members.models import ClosedCycle, Member, Status, StatusSpell
from pioneer.members.queries import same_name_hints
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import in_tree_order
from pioneer.results import gathering
from pioneer.results.cycles import Ruled, cycle_text, cycles_of, ruled
from pioneer.results.gathering import Person
from pioneer.results.models import OutsideMark
from pioneer.results.rules import Rules, joined_too_late_from
from pioneer.results.settlement import MARKS
from pioneer.results.slate import Slate
from pioneer.rulebook.queries import parsed, versions_for
from pioneer.scoring import Cycle, Fact
from pioneer.scoring.model import Component

SEEING = (Act.ENTER_MARKS, Act.CONFIRM_MARKS, Act.SETTLE, Act.SEE_OVERVIEW)
SOON = timedelta(days=31)  # before a cycle's end whoever enters marks is reminded of what is missing
MANY = 10_000  # members in one question
FAR = 10**12  # as facts they are numbered beyond all lines of sheets
BACK = 2  # how many cycles marks are entered for: the running one and the one before

# ------------------------------------------------------------------ which rows count


def standing_marks() -> QuerySet[OutsideMark]:
    """有效的外部成绩 Of each member, component and day the highest confirmed revision, where it is no withdrawal."""
    later = OutsideMark.objects.filter(
        member=OuterRef("member"),
        component=OuterRef("component"),
        first_on=OuterRef("first_on"),
        on=OuterRef("on"),
        revision__gt=OuterRef("revision"),
        confirmed_at__isnull=False,
    )
    return OutsideMark.objects.filter(~Exists(later), confirmed_at__isnull=False, value__isnull=False)


def usable(marks: QuerySet[OutsideMark], components: Iterable[Component], cycle: Cycle) -> QuerySet[OutsideMark]:
    """可用的 As the rules of the cycle's last day take them."""
    fits = Q(pk__in=[])
    for one in components:
        fits |= Q(component=one.code, value__lte=one.maximum)
    return marks.filter(fits, first_on=cycle.first_on, on__range=cycle)


def mark_facts(member_ids: Collection[int], cycle: Cycle) -> dict[int, list[Fact]]:
    """作为事实的外部成绩 As the engine takes them, by member. One query."""
    found: dict[int, list[Fact]] = {}
    rows = standing_marks().filter(member__in=member_ids, first_on=cycle.first_on, on__range=cycle)
    for row in rows.order_by("on", "pk"):
        fact = Fact(FAR + row.pk, row.component, row.on, value=row.value)
        found.setdefault(row.member_id, []).append(fact)
    return found


TAKEN = "member BIGINT, component TEXT, on_day DATE, line BIGINT, value BIGINT"
PUT = """
SELECT taken_marks.member, taken_marks.component, days.day, taken_marks.line, taken_marks.value
FROM taken_marks JOIN days ON days.on_day = taken_marks.on_day
WHERE days.within = 1
"""


def put_marks(slate: Slate, district: int, rules: Rules) -> None:
    """外部成绩入表 `marks`: the usable ones of the cycle. The rules are on the slate."""
    components = rules.closing.components
    if not components:
        slate.fill("marks", MARKS, ())
        return
    found = usable(standing_marks().filter(member__district=district), components, rules.cycle)
    slate.take("taken_marks", TAKEN, found.values_list("member_id", "component", "on", "pk", "value"))
    slate.make("marks", PUT)


# ------------------------------------------------------------------ where, and for which cycle


def branches_for(actor: AnyActor) -> list[Organisation]:
    """看得到外部成绩的支部 Where the actor enters or confirms them, settles or audits; in the order of the tree."""
    seen = Q(pk__in=[])
    for act in SEEING:
        for path in paths(actor, act):
            seen |= Q(path__startswith=path)
    return in_tree_order(Organisation.objects.filter(seen, is_branch=True, closed_on__isnull=True))


def branch_for(actor: AnyActor, branch_id: int) -> Organisation:
    """一个支部 Raises NotVisible."""
    found = next((one for one in branches_for(actor) if one.pk == branch_id), None)
    if found is None:
        raise NotVisible
    return found


def waiting_for(actor: AnyActor) -> int:
    """待本人核对的 Of the cycles marks are entered for; entered by somebody else, of nobody to step aside from."""
    seen = Q(pk__in=[])
    for path in paths(actor, Act.CONFIRM_MARKS):
        seen |= Q(branch__path__startswith=path)
    oldest = clock.today() - timedelta(days=366 * BACK)
    found = OutsideMark.objects.filter(seen, confirmed_at__isnull=True, last_on__gte=oldest)
    if actor.number is not None:
        found = found.exclude(entered_by_number=actor.number)
    numbers = list(found.values_list("member_id", flat=True))
    aside = those_to_step_aside(actor, numbers) if numbers else {}
    return sum(1 for one in numbers if one not in aside)


def has_components(actor: AnyActor) -> bool:
    """任职所在区的积分办法是否计入外部成绩 One query."""
    districts = {int(held.path.split("/")[1]) for held in actor.grants}
    return any(parsed(version).components for one in sorted(districts) for version in versions_for(one))


def ruled_cycles(district_id: int) -> list[Ruled]:
    """要外部成绩的周期 The running one and the one before, as far as their rules fold marks in."""
    found = [ruled(district_id, cycle.first_on) for cycle in cycles_of(district_id)[:BACK]]
    return [one for one in found if one.rules.closing.components]


def component_for(branch: Organisation, first_on: date, code: str) -> tuple[Ruled, Component]:
    """一项外部成绩 Raises NotVisible where the cycle's rules don't fold it in."""
    for one in ruled_cycles(branch.district_number):
        component = one.rules.closing.component(code)
        if one.cycle.first_on == first_on and component is not None:
            return one, component
    raise NotVisible


# ------------------------------------------------------------------ a branch's grid


@dataclass(slots=True)
class Row:
    """一名党员 Its marks that count, those that wait for the second person, and why none is needed."""

    number: int
    code: str
    name: str
    hint: str
    standing: list[OutsideMark] = field(default_factory=list)
    waiting: list[OutsideMark] = field(default_factory=list)
    no_need: str = ""

    @property
    def who(self) -> str:
        """姓名，同名的加提示"""
        return f"{self.name}（{self.hint}）" if self.hint else self.name


@dataclass(slots=True)
class Grid:
    """一个支部的一项外部成绩"""

    branch: Organisation
    ruled: Ruled
    component: Component
    rows: list[Row]

    @property
    def cycle(self) -> Cycle:
        """周期"""
        return self.ruled.cycle

    @property
    def entered(self) -> int:
        """已核对的人数"""
        return sum(1 for row in self.rows if row.standing)

    @property
    def waiting(self) -> list[OutsideMark]:
        """待核对的"""
        return [one for row in self.rows for one in row.waiting]

    @property
    def left(self) -> int:
        """还缺的人数"""
        return sum(1 for row in self.rows if not (row.standing or row.waiting or row.no_need))


def grid_of(branch: Organisation, rules: Ruled, component: Component) -> Grid:
    """一个支部的一项外部成绩 Everybody whose last branch of the cycle it is, in the order of the roster."""
    people = gathering.people_of(branch, rules.cycle)
    numbers = [one.number for one in people]
    members = {one.pk: one for one in Member.objects.filter(pk__in=numbers).order_by("position", "pk")}
    hints, free = same_name_hints(list(members.values())), _not_needed(people, rules)
    rows = {
        pk: Row(pk, one.number, one.name, hints.get(pk, ""), no_need=free.get(pk, "")) for pk, one in members.items()
    }
    found = OutsideMark.objects.filter(member__in=numbers, component=component.code, first_on=rules.cycle.first_on)
    for mark in standing_marks().filter(pk__in=found.values("pk")).order_by("on"):
        rows[mark.member_id].standing.append(mark)
    for mark in found.filter(confirmed_at__isnull=True).order_by("on"):
        rows[mark.member_id].waiting.append(mark)
    return Grid(branch, rules, component, list(rows.values()))


def _not_needed(people: Collection[Person], rules: Ruled) -> dict[int, str]:
    """Who gets no tier whatever the mark, or is zeroed: the engine asks for none; and whose cycle is filed."""
    book = rules.rules.closing
    late = joined_too_late_from(rules.rules)
    found = {}
    for one in people:
        joined = one.scored.joined_on
        if one.scored.status in book.people.untiered or (joined is not None and joined.toordinal() >= late):
            found[one.number] = "不定等次，可以不填"
    numbers = [one.number for one in people]
    for start in range(0, len(numbers), MANY):
        some = numbers[start : start + MANY]
        for case in zeroings_in_force(some, *rules.cycle):
            found[case.member_id] = "已清零，可以不填"
        closed = ClosedCycle.objects.filter(member__in=some, first_on=rules.cycle.first_on)
        found |= dict.fromkeys(closed.values_list("member_id", flat=True), "已备案，不再录入")
    return found


# ------------------------------------------------------------------ what is still to come


@dataclass(frozen=True, slots=True)
class Tally:
    """一个支部的一项成绩 How many members have a mark that counts, lack one that is needed, and how many marks wait."""

    branch: Organisation
    component: Component
    standing: int
    missing: int
    waiting: int


def tallies(at: Organisation, rules: Ruled) -> list[Tally]:
    """各支部的外部成绩 Below an organisation. Constant queries, none where nothing is folded in."""
    components = rules.rules.closing.components
    if not components:
        return []
    people = gathering.people_of(at, rules.cycle)
    free = _not_needed(people, rules)
    members: dict[int, set[int]] = {}
    for one in people:
        members.setdefault(one.branch, set()).add(one.number)
    held: dict[str, set[int]] = {}
    for code, member in usable(standing_marks(), components, rules.cycle).values_list("component", "member_id"):
        held.setdefault(code, set()).add(member)
    waits = OutsideMark.objects.filter(confirmed_at__isnull=True, first_on=rules.cycle.first_on)
    waiting = list(waits.values_list("component", "member_id"))
    found = []
    for branch in in_tree_order(Organisation.objects.filter(pk__in=members)):
        own = members[branch.pk]
        for component in components:
            has = own & held.get(component.code, set())
            missing = own - has - free.keys() if component.without is None else set()
            number = sum(1 for code, member in waiting if code == component.code and member in own)
            found.append(Tally(branch, component, len(has), len(missing), number))
    return found


def lacking(at: Organisation, rules: Ruled) -> list[Tally]:
    """还缺的外部成绩"""
    return [one for one in tallies(at, rules) if one.missing or one.waiting]


def missing_for(actor: AnyActor) -> int:
    """待本人录入的 Needed marks that are missing when the cycle is over or nearly so, by the member."""
    if not has_components(actor):
        return 0
    districts = {int(path.split("/")[1]) for path in paths(actor, Act.ENTER_MARKS)}
    cycles = [one for district in sorted(districts) for one in ruled_cycles(district)]
    due = [one for one in cycles if clock.today() >= one.cycle.last_on - SOON]
    return sum(one.missing for rules in due for one in tallies_for(actor, rules, (Act.ENTER_MARKS,)))


def tallies_for(actor: AnyActor, rules: Ruled, acts: Sequence[Act] = SEEING) -> list[Tally]:
    """本人录入或核对的各支部"""
    scopes = sorted({path for act in acts for path in paths(actor, act)})
    tops = [path for path in scopes if not any(path != other and path.startswith(other) for other in scopes)]
    found = in_tree_order(Organisation.objects.filter(path__in=tops))
    return [one for at in found for one in tallies(at, rules) if one.branch.closed_on is None]


# ------------------------------------------------------------------ one member


@dataclass(frozen=True, slots=True)
class Shown:
    """一次外部成绩 As the member sees it: withdrawn ones too."""

    mark: OutsideMark
    name: str
    cycle: str


def marks_of(member: Member) -> list[Shown]:
    """一名党员的外部成绩 Confirmed ones, of each day the latest revision, the latest day first."""
    found: dict[tuple[str, date], OutsideMark] = {}
    rows = OutsideMark.objects.filter(member=member, confirmed_at__isnull=False).order_by(
        "-on", "component", "revision"
    )
    for one in rows:
        found[one.component, one.on] = one
    names = component_names(member.district_id)
    return [
        Shown(one, names.get(one.component, one.component), cycle_text(Cycle(one.first_on, one.last_on)))
        for one in found.values()
    ]


def history_of(member: Member) -> list[Shown]:
    """全部外部成绩 Every revision, what waits too: all that is held."""
    names = component_names(member.district_id)
    rows = OutsideMark.objects.filter(member=member).order_by("on", "component", "revision")
    return [
        Shown(one, names.get(one.component, one.component), cycle_text(Cycle(one.first_on, one.last_on)))
        for one in rows
    ]


def component_names(district_id: int) -> dict[str, str]:
    """外部成绩的名称 By code, as the latest version names them. One query."""
    return {one.code: one.name for version in versions_for(district_id) for one in parsed(version).components}


def mark_for(actor: AnyActor, mark_id: int) -> OutsideMark:
    """一次外部成绩 Raises NotVisible."""
    found = OutsideMark.objects.select_related("member", "branch").filter(pk=mark_id).first()
    if found is None or found.branch not in branches_for(actor):
        raise NotVisible
    return found


def alive(members: Collection[int]) -> set[int]:
    """在世的 Whoever has died is told nothing."""
    died = StatusSpell.objects.filter(status=Status.DECEASED, member__in=members, from_on__lte=clock.today())
    return set(members) - set(died.values_list("member_id", flat=True))
