"""合并、分设、撤销 Refused while a sheet of the branch stands unposted, which only the ledger knows. What they do to
the tree stands in `organisations.reorganisation`; members move with their branch, postings stay where they are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.ledger import policies, queries
from pioneer.members.models import GONE, Member, Membership, Transfer
from pioneer.members.queries import statuses_on
from pioneer.members.spells import turn
from pioneer.organisations import reorganisation as tree
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import visible_to


@operation("ledger.merge_branches")
def merge_branches(
    *,
    actor: AnyActor,
    branch_ids: Sequence[int],
    on: date,
    into_id: int | None = None,
    name: str = "",
    document: str = "",
) -> Organisation:
    """合并支部 Into one of them or another that stands, or into a new one. Their members go along; the next posting of
    the branch that goes on cites the last one of each."""
    branches = [_locked(actor, number) for number in sorted({*branch_ids, *([into_id] if into_id else [])})]
    for branch in branches:
        policies.require_reorganise(actor, branch)
    for branch in branches:
        _require_posted(branch)
    into = next((branch for branch in branches if branch.pk == into_id), None)
    leaving = [branch for branch in branches if branch is not into]
    people = [member for branch in leaving for member in _present(branch)]
    goes_on = tree.apply_merge(branches, on=on, by_number=actor.number, into=into, name=name, document=document)
    _move(people, goes_on, on)
    return goes_on


@operation("ledger.split_branch")
def split_branch(
    *, actor: AnyActor, branch_id: int, groups: Mapping[str, Sequence[int]], on: date, document: str = ""
) -> list[Organisation]:
    """分设支部 `groups`: the name of each new branch and the members that go to it. Who is named nowhere stays; where a
    village was its own branch, everybody must go somewhere."""
    branch = _locked(actor, branch_id)
    policies.require_reorganise(actor, branch)
    _require_posted(branch)
    present = {member.pk: member for member in _present(branch)}
    named = [number for group in groups.values() for number in group]
    if len(named) != len(set(named)) or not set(named) <= present.keys():
        raise bad("党员", "每名党员只能分到一个支部，且须是本支部现有的党员。请核对名单。")
    left = _on_roster(present.keys() - set(named))
    if branch.is_community and left:
        raise bad("党员", f"还有{len(left)}名党员没有分到支部。村（社区）不再是支部，请把每名党员分到一个新支部。")
    made = tree.apply_split(branch, names=list(groups), on=on, by_number=actor.number, document=document)
    for new, group in zip(made, groups.values(), strict=True):
        _move([present[number] for number in group], new, on)
    return made


@operation("ledger.close_branch")
def close_branch(*, actor: AnyActor, organisation_id: int, on: date, document: str = "") -> Organisation:
    """撤销组织 When everything is posted and nobody belongs to it any more."""
    organisation = _locked(actor, organisation_id)
    policies.require_reorganise(actor, organisation)
    _require_posted(organisation)
    if people := _on_roster([member.pk for member in _present(organisation)]):
        raise DomainError(
            "members_left",
            f"“{organisation.name}”还有{len(people)}名党员。请先办理组织关系转接或把它并入别的支部，再撤销。",
        )
    return tree.apply_close(organisation, on=on, by_number=actor.number, document=document)


def _locked(actor: AnyActor, organisation_id: int) -> Organisation:
    found = visible_to(actor).select_for_update(of=("self",)).filter(pk=organisation_id).first()
    if found is None:
        raise NotVisible
    return found


def _require_posted(branch: Organisation) -> None:
    waiting = queries.unposted_sheets(branch.pk)
    if waiting:
        which = "、".join(f"{sheet.year}年{sheet.month}月{sheet.get_kind_display()}" for sheet in waiting)
        raise DomainError(
            "unposted_sheet",
            f"“{branch.name}”还有没有入账的考评表：{which}。请先办完公示和入账，再办理合并、分设或撤销。",
        )


def _present(branch: Organisation) -> list[Member]:
    here = Membership.objects.filter(branch=branch, until_on__isnull=True).values("member_id")
    return list(Member.objects.select_for_update().filter(pk__in=here).order_by("position", "pk"))


def _on_roster(numbers: Iterable[int]) -> set[int]:
    """Whoever has died or left keeps the branch it last belonged to, and holds nothing up."""
    ids = set(numbers)
    gone = {number for number, status in statuses_on(ids, clock.today()).items() if status in GONE}
    return ids - gone


def _move(people: Sequence[Member], to: Organisation, on: date) -> None:
    waiting = Transfer.objects.filter(member__in=people, state=Transfer.State.PROPOSED).select_related("member").first()
    if waiting is not None:
        raise DomainError(
            "transfer_open", f"{waiting.member.name}的组织关系转接还没有接收。请先接收或退回，再办理合并、分设。"
        )
    for member in people:
        turn(Membership, member, on, branch=to)
