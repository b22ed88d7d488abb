"""组织的读取 Every read of the tree, its history and the holiday table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from pioneer.kernel.asking import remembered
from pioneer.kernel.errors import NotVisible
from pioneer.kernel.workdays import Calendar
from pioneer.organisations.models import Holiday, HolidayYear, Organisation, OrganisationChange
from pioneer.organisations.policies import Acting

Kind = OrganisationChange.Kind
Row = TypeVar("Row")


@dataclass(slots=True)
class Branching:
    """组织树的一行 An organisation with its depth below the first shown, its history, and what stands below it."""

    organisation: Organisation
    depth: int
    changes: list[OrganisationChange] = field(default_factory=list)
    children: list["Branching"] = field(default_factory=list)


@remembered
def calendar() -> Calendar:
    """工作日历 The holiday table as working days count by it. One query, always the present table."""
    days: dict[date, bool] = {}
    years: set[int] = set()
    for year, on, is_working in HolidayYear.objects.values_list("year", "days__on", "days__is_working"):
        years.add(year)
        if on is not None:
            days[on] = is_working
    return Calendar(days, frozenset(years))


def visible_to(actor: Acting) -> QuerySet[Organisation]:
    """可见的组织 What stands at or below each organisation where the actor holds a role that sees the tree, and the
    chain above it. Who keeps a shop or a merchant's books sees nothing of it."""
    seen = Q(pk__in=[])
    for held in actor.grants:
        if not actor.may("see_tree", held.path):
            continue
        above = [int(part) for part in held.path.split("/") if part]
        seen |= Q(path__startswith=held.path) | Q(pk__in=above)
    return Organisation.objects.filter(seen)


def organisation_for(actor: Acting, organisation_id: int) -> Organisation:
    """可见的一个组织 Raises NotVisible where the actor may not see it."""
    found = visible_to(actor).select_related("parent").filter(pk=organisation_id).first()
    if found is None:
        raise NotVisible()
    return found


def tree_for(actor: Acting, *, with_closed: bool = False) -> list[Branching]:
    """组织树 The roots the actor sees, each with its children in order and its history. Two queries."""
    shown = visible_to(actor)
    if not with_closed:
        shown = shown.filter(closed_on__isnull=True)
    rows = {one.pk: Branching(one, one.path.count("/") - 2) for one in shown.order_by("position", "pk")}
    for change in OrganisationChange.objects.filter(organisation__in=shown).select_related("other"):
        rows[change.organisation_id].changes.append(change)
    roots: list[Branching] = []
    for row in rows.values():
        above = rows.get(row.organisation.parent_id or 0)
        (above.children if above else roots).append(row)
    return roots


def flat(rows: Iterable[Branching]) -> list[Branching]:
    """逐行 The tree from the top down, each organisation before what stands below it."""
    listed: list[Branching] = []
    for row in rows:
        listed += [row, *flat(row.children)]
    return listed


def in_tree_order(listed: Iterable[Organisation]) -> list[Organisation]:
    """按组织树排列 Each before what stands below it, those under one in the order of the tree. One query where there
    are several."""
    rows = list(listed)
    if len(rows) < 2:
        return rows
    lines = {one.pk: [int(part) for part in one.path.strip("/").split("/")] for one in rows}
    numbers = {number for line in lines.values() for number in line}
    places = dict(Organisation.objects.filter(pk__in=numbers).values_list("pk", "position"))
    return sorted(rows, key=lambda one: [(places.get(number, 0), number) for number in lines[one.pk]])


def along_tree(rows: Iterable[Row], of: Callable[[Row], Organisation]) -> list[Row]:
    """各行按组织树排列 What belongs to organisations, in the order of the tree; what is of one stays as it came."""
    listed = list(rows)
    order = in_tree_order({of(row).pk: of(row) for row in listed}.values())
    places = {one.pk: place for place, one in enumerate(order)}
    return sorted(listed, key=lambda row: places[of(row).pk])


def history_of(organisation: Organisation) -> list[OrganisationChange]:
    """沿革 What happened to an organisation, in order."""
    return list(OrganisationChange.objects.filter(organisation=organisation).select_related("other"))


def merged_into(organisation: Organisation) -> list[OrganisationChange]:
    """并入的组织 What became part of it, each as a line of its own history."""
    found = OrganisationChange.objects.filter(other=organisation, kind=Kind.MERGED)
    return list(found.select_related("organisation").order_by("on", "pk"))


def name_on(organisation: Organisation, day: date) -> str:
    """某日的名称 The name it bore on that day."""
    return names_on([organisation], day)[organisation.pk]


def names_on(organisations: Iterable[Organisation], day: date) -> dict[int, str]:
    """某日的名称 Of many at once, by number: the former name of the first renaming after that day, else today's."""
    names = {one.pk: one.name for one in organisations}
    later = OrganisationChange.objects.filter(organisation__in=list(names), kind=Kind.RENAMED, on__gt=day)
    for change in later.order_by("-on", "-pk"):
        names[change.organisation_id] = change.former_name
    return names


def branches_under(organisation: Organisation, on: date) -> list[Organisation]:
    """某日所辖支部 The branches at or below an organisation that exist on that day, itself included where it is one."""
    below = Organisation.objects.filter(path__startswith=organisation.path, is_branch=True, opened_on__lte=on)
    return list(below.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=on)).order_by("path"))


def bare(actor: Acting) -> list[Organisation]:
    """下面还没有组织 The organisations at which the actor holds a role, not branches, with nothing below."""
    standing = Organisation.objects.filter(parent=OuterRef("pk"), closed_on__isnull=True)
    held = visible_to(actor).filter(path__in={held.path for held in actor.grants}, closed_on__isnull=True)
    return in_tree_order(held.filter(~Exists(standing), is_branch=False))


def above(organisation: Organisation) -> list[Organisation]:
    """上级 The chain above an organisation, the district first."""
    numbers = [int(part) for part in organisation.path.split("/") if part]
    return list(Organisation.objects.filter(pk__in=numbers[:-1]).order_by("path"))


def holiday_years() -> list[HolidayYear]:
    """已录入的年度 The years of the holiday table, the latest first."""
    return list(HolidayYear.objects.order_by("-year"))


def holidays_of(year: int) -> list[Holiday]:
    """某年的放假和调休 The days of a year that differ from their weekday."""
    return list(Holiday.objects.filter(year__year=year))
