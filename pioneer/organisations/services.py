"""组织的写入 The tree: set up, renamed, put under another. Merging, splitting and closing are the ledger's operations,
because only it knows whether a sheet stands unposted; what they do to the tree stands in `reorganisation.py`.
"""

from datetime import date

from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.kernel.operations import operation
from pioneer.organisations.models import Organisation, OrganisationChange
from pioneer.organisations.policies import Acting, require
from pioneer.organisations.queries import visible_to
from pioneer.organisations.reorganisation import check_day, check_open, plant, record

Level = Organisation.Level
Setting = Organisation.Setting
Kind = OrganisationChange.Kind
FOUNDING = date(1921, 7, 1)
BELOW = {Level.DISTRICT: Level.TOWNSHIP, Level.TOWNSHIP: Level.COMMUNITY, Level.COMMUNITY: Level.BRANCH}


@operation("organisations.create_organisation")
def create_organisation(
    *,
    actor: Acting,
    parent_id: int,
    name: str,
    on: date,
    setting: str = "",
    is_branch: bool = False,
    document: str = "",
) -> Organisation:
    """设立组织 Under its parent, whose level says which level it is. A village with one branch is both at once."""
    parent = _locked(actor, parent_id)
    require(actor, "edit_tree", parent)
    level = BELOW.get(Level(parent.level))
    if level is None:
        raise DomainError("nothing_below_a_branch", f"“{parent.name}”是党支部，下面不能再设组织。请选择它的上级。")
    if parent.is_branch:
        raise DomainError(
            "parent_is_a_branch",
            f"“{parent.name}”本身就是党支部。要在它下面设几个支部，请由上级办理“分设”，原有党员随之分到各支部。",
        )
    check_open(parent)
    if parent.parent_id is None:  # the district's own day is only the day it began to use the system
        check_day(on, FOUNDING, "建党之日")
    else:
        check_day(on, parent.opened_on, f"上级“{parent.name}”的设立日期")
    faults = _form_faults(level, setting, is_branch)
    if faults:
        raise BadInput(faults)
    made = plant(
        parent=parent,
        name=_free_name(parent, name),
        level=level,
        setting=parent.setting if level == Level.BRANCH else setting,
        is_branch=is_branch or level == Level.BRANCH,
        on=on,
    )
    record(made, Kind.CREATED, on, document=document, by_number=actor.number)
    return made


@operation("organisations.rename_organisation")
def rename_organisation(
    *, actor: Acting, organisation_id: int, name: str, on: date, document: str = ""
) -> Organisation:
    """更名 From a day on; what was published before keeps the name it bore."""
    organisation = _locked(actor, organisation_id)
    require(actor, "edit_tree", organisation)
    check_open(organisation)
    check_day(on, _last_change(organisation), "最近一次变更的日期")
    if organisation.parent_id is not None:  # a name is free or taken among siblings: their parent is the lock
        Organisation.objects.select_for_update().get(pk=organisation.parent_id)
    former = organisation.name
    if name.strip() == former:
        raise DomainError("same_name", f"新名称和现在的名称一样，都是“{former}”，没有需要更改的。")
    organisation.name = _free_name(organisation.parent, name, besides=organisation)
    organisation.save(update_fields=["name"])
    record(organisation, Kind.RENAMED, on, former_name=former, document=document, by_number=actor.number)
    return organisation


@operation("organisations.move_organisation")
def move_organisation(
    *, actor: Acting, organisation_id: int, parent_id: int, on: date, document: str = ""
) -> Organisation:
    """改隶 Under another parent of the same level and district, with all that stands below it."""
    organisation = _locked(actor, organisation_id)
    target = _locked(actor, parent_id)
    former = organisation.parent
    if former is None:
        raise DomainError("district_stays", "区委是组织树的根，不能改隶。")
    require(actor, "edit_tree", former)
    require(actor, "edit_tree", target)
    check_open(organisation)
    check_open(target)
    check_day(on, max(_last_change(organisation), target.opened_on), "最近一次变更（或新上级设立）的日期")
    if target.pk == former.pk:
        raise DomainError("same_parent", f"“{organisation.name}”现在就隶属“{target.name}”，没有需要更改的。")
    if target.level != former.level or target.district_number != organisation.district_number:
        raise DomainError(
            "wrong_parent", f"“{organisation.name}”只能改隶同一个区内的另一个{former.get_level_display()}，请重新选择。"
        )
    if target.is_branch:
        raise DomainError("parent_is_a_branch", f"“{target.name}”本身就是党支部，下面不能再设支部。请先办理“分设”。")
    _free_name(target, organisation.name)
    _replant(organisation, target)
    record(organisation, Kind.MOVED, on, other=former, document=document, by_number=actor.number)
    return organisation


def _locked(actor: Acting, organisation_id: int) -> Organisation:
    found = visible_to(actor).select_for_update(of=("self",)).filter(pk=organisation_id).first()
    if found is None:
        raise NotVisible()
    return found


def _form_faults(level: str, setting: str, is_branch: bool) -> list[Fault]:
    if level == Level.COMMUNITY and setting not in Setting.values:
        return [Fault("类型", "村（社区）要注明是农村还是社区，党员的类别由此而来。")]
    if level == Level.TOWNSHIP and is_branch:
        return [Fault("党支部", "乡镇（街道）不能同时是党支部；只有下设一个支部的村（社区）可以。")]
    return []


def _free_name(parent: Organisation | None, name: str, besides: Organisation | None = None) -> str:
    name = name.strip()
    if not name:
        raise BadInput([Fault("名称", "请填写组织的全称。")])
    if len(name) > 80:
        raise BadInput([Fault("名称", f"名称有{len(name)}个字，最多80个字。")])
    alike = Organisation.objects.filter(parent=parent, name=name, closed_on__isnull=True)
    if besides is not None:
        alike = alike.exclude(pk=besides.pk)
    if alike.exists():
        above = f"“{parent.name}”下面" if parent else "这里"
        raise DomainError("name_taken", f"{above}已经有一个“{name}”。请换一个能分清的名称。")
    return name


def _last_change(organisation: Organisation) -> date:
    last = OrganisationChange.objects.filter(organisation=organisation).order_by("-on").values_list("on", flat=True)
    return max([organisation.opened_on, *last[:1]])


def _replant(organisation: Organisation, target: Organisation) -> None:
    """Everything below hangs by its path: each path is written anew, in one statement."""
    former = organisation.path
    below = list(Organisation.objects.select_for_update().filter(path__startswith=former))
    for one in below:
        one.path = f"{target.path}{organisation.pk}/{one.path[len(former) :]}"
    Organisation.objects.bulk_update(below, ["path"])
    organisation.parent, organisation.path = target, f"{target.path}{organisation.pk}/"
    organisation.save(update_fields=["parent", "path"])
