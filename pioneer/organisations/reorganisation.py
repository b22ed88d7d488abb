"""合并、分设、撤销 What they do to the tree, as plain functions with their own checks of dates and kinds.

The operations around them stand in the ledger, which first makes sure that no sheet of a branch stands unposted.
`on` is always the first day on which the new order holds; what ends has its last day on the day before.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, bad
from pioneer.organisations.models import Organisation, OrganisationChange

Level = Organisation.Level
Kind = OrganisationChange.Kind


def found_district(name: str, on: date, by_number: int | None) -> Organisation:
    """设立区委 The root of a tree; called once by the first setup."""
    if not name.strip():
        raise bad("区名称", "请填写区的名称，例如“清河示范区”。")
    if Organisation.objects.filter(parent__isnull=True, name=name.strip()).exists():
        raise DomainError("name_taken", f"已经有一个“{name.strip()}”。请换一个名称，或直接使用已有的区。")
    made = plant(parent=None, name=name.strip(), level=Level.DISTRICT, setting="", is_branch=False, on=on)
    record(made, Kind.CREATED, on, by_number=by_number)
    return made


def apply_merge(
    branches: Sequence[Organisation],
    *,
    on: date,
    by_number: int | None,
    into: Organisation | None = None,
    name: str = "",
    document: str = "",
) -> Organisation:
    """合并 Several branches become one: one of them or another that stands (`into`), or a new one by `name` beside the
    first. Returns the branch that goes on; its members and postings are the caller's business."""
    ending = [one for one in branches if into is None or one.pk != into.pk]
    if not ending or len(ending) + (into is not None) < 2:
        raise DomainError("nothing_to_merge", "合并至少要有两个党支部。请再选择一个。")
    for one in [*ending, *([into] if into else [])]:
        _check_branch(one)
        check_day(on, one.opened_on + timedelta(days=1), f"“{one.name}”设立的次日")
        if one.district_number != ending[0].district_number:
            raise DomainError("another_district", "只能合并同一个区内的党支部，请重新选择。")
    for one in ending:
        if one.level != Level.BRANCH:
            raise DomainError(
                "village_cannot_end",
                f"“{one.name}”既是村（社区）又是党支部，不能并入别的支部；可以把别的支部并入它，或先办理“分设”。",
            )
    for one in ending:
        _end(one, on)
    if into is None:
        parent = ending[0].parent
        assert parent is not None
        into = plant(parent=parent, name=_new_name(parent, name), level=Level.BRANCH, setting=parent.setting, on=on)
        record(into, Kind.CREATED, on, document=document, by_number=by_number)
    for one in ending:
        record(one, Kind.MERGED, on, other=into, document=document, by_number=by_number)
    return into


def apply_split(
    branch: Organisation, *, names: Sequence[str], on: date, by_number: int | None, document: str = ""
) -> list[Organisation]:
    """分设 New branches beside a branch, which itself goes on; below a village that was its own branch, which from then
    on is a community only. Returns the new branches; who goes where is the caller's business."""
    _check_branch(branch)
    check_day(on, branch.opened_on + timedelta(days=1), f"“{branch.name}”设立的次日")
    is_village = branch.level != Level.BRANCH
    if len(names) < (2 if is_village else 1):
        few = "至少要分成两个支部，请写出两个名称。" if is_village else "请写出新设支部的名称。"
        raise bad("新支部名称", few)
    parent = branch if is_village else branch.parent
    assert parent is not None
    if is_village:
        branch.is_branch = False
        branch.save(update_fields=["is_branch"])
    made = []
    for name in names:
        new = plant(parent=parent, name=_new_name(parent, name), level=Level.BRANCH, setting=parent.setting, on=on)
        record(new, Kind.CREATED, on, other=branch, document=document, by_number=by_number)
        record(branch, Kind.SPLIT, on, other=new, document=document, by_number=by_number)
        made.append(new)
    return made


def apply_close(organisation: Organisation, *, on: date, by_number: int | None, document: str = "") -> Organisation:
    """撤销 Nothing may stand below it any more."""
    check_open(organisation)
    check_day(on, organisation.opened_on + timedelta(days=1), f"“{organisation.name}”设立的次日")
    if organisation.level == Level.DISTRICT:
        raise DomainError("district_stays", "区委是组织树的根，不能撤销。")
    below = Organisation.objects.filter(parent=organisation, closed_on__isnull=True).first()
    if below is not None:
        raise DomainError(
            "something_below", f"“{organisation.name}”下面还有“{below.name}”。请先撤销、合并或改隶它下面的组织。"
        )
    _end(organisation, on)
    record(organisation, Kind.CLOSED, on, document=document, by_number=by_number)
    return organisation


def plant(
    *,
    parent: Organisation | None,
    name: str,
    level: str,
    setting: str,
    on: date,
    is_branch: bool = True,
) -> Organisation:
    """种下 The row with its path and its place after its siblings."""
    position = Organisation.objects.filter(parent=parent).count() + 1
    made = Organisation.objects.create(
        parent=parent,
        name=name,
        level=level,
        setting=setting,
        is_branch=is_branch,
        path="",
        position=position,
        opened_on=on,
    )
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save(update_fields=["path"])
    return made


def record(
    organisation: Organisation,
    kind: str,
    on: date,
    *,
    by_number: int | None,
    former_name: str = "",
    other: Organisation | None = None,
    document: str = "",
) -> OrganisationChange:
    """记入沿革"""
    return OrganisationChange.objects.create(
        organisation=organisation,
        kind=kind,
        on=on,
        former_name=former_name,
        other=other,
        document=document.strip()[:120],
        by_number=by_number,
        created_at=clock.now(),
    )


def check_open(organisation: Organisation) -> None:
    """须未撤销"""
    if organisation.closed_on is not None:
        gone = organisation.closed_on
        raise DomainError(
            "closed",
            f"“{organisation.name}”已于{gone.year}年{gone.month}月{gone.day}日撤销，不能再办理。请选择现有的组织。",
        )


def check_day(on: date, earliest: date, what: str) -> None:
    """日期须在范围内 Not before `earliest`, not after today."""
    if on > clock.today():
        raise bad("日期", "日期不能晚于今天。请在生效当日或之后办理。")
    if on < earliest:
        raise bad("日期", f"日期不能早于{what}（{earliest.year}年{earliest.month}月{earliest.day}日）。")


def _check_branch(organisation: Organisation) -> None:
    check_open(organisation)
    if not organisation.is_branch:
        raise DomainError("not_a_branch", f"“{organisation.name}”不是党支部，不能这样办理。请选择党支部。")


def _end(organisation: Organisation, on: date) -> None:
    organisation.closed_on = on - timedelta(days=1)
    organisation.save(update_fields=["closed_on"])


def _new_name(parent: Organisation, name: str) -> str:
    name = name.strip()
    if not name or len(name) > 80:
        raise bad("新支部名称", "请填写新支部的全称，最多80个字。")
    if Organisation.objects.filter(parent=parent, name=name, closed_on__isnull=True).exists():
        raise DomainError("name_taken", f"“{parent.name}”下面已经有一个“{name}”。请换一个能分清的名称。")
    return name
