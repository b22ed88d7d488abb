"""转接 A member goes to another branch of the district, or outside; and comes back. The score follows by itself, since
the ledger knows the member by its key."""

from collections.abc import Collection
from datetime import date

from pioneer.accounts import following
from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.members import policies, proceedings, queries, spells
from pioneer.members.models import Member, Membership, Status, StatusSpell, Transfer
from pioneer.members.services import locked, locked_branch, require_present
from pioneer.messages.services import tell
from pioneer.organisations.models import Organisation

State = Transfer.State


@operation("members.propose_transfer")
def propose_transfer(
    *,
    actor: AnyActor,
    member_id: int,
    on: date,
    to_branch_id: int | None = None,
    to_outside: str = "",
    document: str = "",
) -> Transfer:
    """提出转接 By the branch it leaves, or above. Nothing changes until who receives has accepted."""
    member, branch = locked(actor, member_id)
    require(actor, Act.PROPOSE_TRANSFER, branch)
    require_present(member)
    outside = to_outside.strip()
    _check_proposal(on, to_branch_id, outside, document)
    to_branch = _destination(branch, to_branch_id) if to_branch_id is not None else None
    if Transfer.objects.filter(member=member, state=State.PROPOSED).exists():
        raise DomainError("transfer_open", f"{member.name}已有一项转接等待接收，请先由接收方办理，或先撤回它。")
    made = Transfer.objects.create(
        member=member,
        from_branch=branch,
        to_branch=to_branch,
        to_outside="" if to_branch else outside[:120],
        on=on,
        document=document.strip()[:120],
        proposed_by_number=actor.number,
        created_at=clock.now(),
    )
    goal = to_branch.name if to_branch else outside
    _tell(made, "proposed", "您的组织关系转接已提出", f"{branch.name}已提出把您的组织关系转到{goal}，等待接收。")
    return made


def _check_proposal(on: date, to_branch_id: int | None, outside: str, document: str) -> None:
    faults = []
    if (to_branch_id is None) == (not outside):
        faults.append(Fault("转往", "请选择本区的一个支部，或者填写区外的党组织，两者填一项。"))
    if to_branch_id is None and not document.strip():
        faults.append(Fault("介绍信", "转往区外须填写组织关系介绍信的编号。"))
    if on > clock.today():
        faults.append(Fault("转接日期", "日期不能晚于今天，请在生效当日或之后办理。"))
    if on < spells.month_start():
        faults.append(
            Fault("转接日期", f"以前月份由原支部考评，请写本月（{spells.said(spells.month_start())}起）的日期。")
        )
    if faults:
        raise BadInput(faults)


def _destination(branch: Organisation, to_branch_id: int) -> Organisation:
    """A branch of the same district that stands. Every branch of the district may be named, seen or not."""
    if to_branch_id == branch.pk:
        raise bad("转往", "党员已在这个支部，请选择另一个。")
    to_branch = locked_branch(to_branch_id)
    if to_branch.district_number != branch.district_number:
        raise NotVisible
    return to_branch


@operation("members.accept_transfer")
def accept_transfer(*, actor: AnyActor, transfer_id: int) -> Transfer:
    """接收转接 By who receives. The membership turns on the agreed day, or on the first of this month where a month has
    begun meanwhile: the former months were the former branch's to assess."""
    transfer = _locked_transfer(actor, transfer_id)
    policies.require_receive(actor, transfer)
    _check_open(transfer)
    member = transfer.member
    require_present(member)
    transfer.on = max(transfer.on, spells.month_start())
    if transfer.to_branch is not None:
        locked_branch(transfer.to_branch.pk)
        spells.turn(Membership, member, transfer.on, branch=transfer.to_branch)
        if member.user_id is not None:
            following.move_users([member.user_id], transfer.to_branch)
    else:
        spells.end(Membership, member, transfer.on)
        spells.turn(StatusSpell, member, transfer.on, status=Status.TRANSFERRED_OUT, document=transfer.document)
    _decide(transfer, actor, State.ACCEPTED)
    goal = transfer.to_branch.name if transfer.to_branch else transfer.to_outside
    _tell(
        transfer,
        "accepted",
        "组织关系已转接",
        f"您的组织关系已自{spells.said(transfer.on)}起转到{goal}。积分随您转移。",
    )
    return transfer


@operation("members.refuse_transfer")
def refuse_transfer(*, actor: AnyActor, transfer_id: int, reason: str) -> Transfer:
    """退回转接 By who receives, or taken back by who proposed; with the reason. The member stays where it is."""
    transfer = _locked_transfer(actor, transfer_id)
    policies.require_refuse(actor, transfer)
    _check_open(transfer)
    if not reason.strip():
        raise bad("理由", "请写明退回的理由，例如“介绍信缺失，请补齐后重新提出”。")
    _decide(transfer, actor, State.REFUSED, reason)
    _tell(transfer, "refused", "组织关系转接已退回", f"理由：{transfer.reason}您仍在{transfer.from_branch.name}。")
    return transfer


@operation("members.receive_back")
def receive_back(*, actor: AnyActor, member_id: int, branch_id: int, on: date, document: str) -> Member:
    """转回 Who had been transferred outside comes back: a joining, with a new opening score."""
    member, _ = locked(actor, member_id)
    queries.branch_for(actor, branch_id)
    branch = locked_branch(branch_id)
    require(actor, Act.PROPOSE_TRANSFER, branch)
    policies.require_other(actor, member, "转回")
    if branch.district_number != member.district_id:
        raise NotVisible
    if queries.status_on(member, clock.today()) != Status.TRANSFERRED_OUT:
        raise DomainError("not_outside", f"{member.name}没有转出区外，无须办理转回。")
    if not document.strip():
        raise bad("介绍信", "请填写组织关系介绍信的编号。")
    if on < spells.month_start():
        raise bad("日期", f"请写本月（{spells.said(spells.month_start())}起）的日期。")
    spells.turn(Membership, member, on, branch=branch)
    former = queries.status_before_leaving(member)
    spells.turn(StatusSpell, member, on, status=former, document=document.strip()[:120])
    member.arrived_on = on
    member.save(update_fields=["arrived_on"])
    if member.user_id is not None:
        following.move_users([member.user_id], branch)
    return member


def move_memberships(
    from_branch: Organisation,
    to_branch: Organisation,
    on: date,
    by_number: int | None,
    *,
    only: Collection[int] | None = None,
    reason: str = "支部合并",
) -> list[Member]:
    """成批转移 For mergers and splits, inside their operation: all members of a branch (or `only` these) belong to the
    other one from that day. Who has gone goes along, so that somebody keeps the file. Transfers that wait follow."""
    open_here = Membership.objects.filter(branch=from_branch, until_on__isnull=True)
    if only is not None:
        open_here = open_here.filter(member__in=only)
    members = list(Member.objects.select_for_update().filter(pk__in=open_here.values("member_id")))
    now = clock.now()
    for member in members:
        spells.turn(Membership, member, max(on, _begun(member)), branch=to_branch)
    _redirect(from_branch, to_branch, members, whole=only is None)
    Transfer.objects.bulk_create(
        Transfer(
            member=member,
            from_branch=from_branch,
            to_branch=to_branch,
            on=on,
            state=State.ACCEPTED,
            reason=reason,
            proposed_by_number=by_number,
            decided_by_number=by_number,
            created_at=now,
            decided_at=now,
        )
        for member in members
    )
    following.move_users([member.user_id for member in members if member.user_id is not None], to_branch)
    return members


def _begun(member: Member) -> date:
    return max(member.memberships.values_list("from_on", flat=True))


def _redirect(from_branch: Organisation, to_branch: Organisation, members: list[Member], *, whole: bool) -> None:
    """Waiting transfers out of the branch start from the new one; where the whole branch ends, those into it too."""
    waiting = Transfer.objects.filter(state=State.PROPOSED)
    waiting.filter(from_branch=from_branch, member__in=members).update(from_branch=to_branch)
    if whole:
        waiting.filter(to_branch=from_branch).update(to_branch=to_branch)
    done = {"state": State.REFUSED, "reason": "两个支部已合并，无须转接。", "decided_at": clock.now()}
    waiting.filter(from_branch=to_branch, to_branch=to_branch).update(**done)


def _locked_transfer(actor: AnyActor, transfer_id: int) -> Transfer:
    """The transfer and its member, locked: the member first, as everywhere."""
    found = proceedings.get_transfer(actor, transfer_id)
    Member.objects.select_for_update().get(pk=found.member_id)
    related = ("member", "from_branch", "to_branch")
    return Transfer.objects.select_for_update(of=("self",)).select_related(*related).get(pk=transfer_id)


def _check_open(transfer: Transfer) -> None:
    if transfer.state != State.PROPOSED:
        raise DomainError(
            "transfer_decided", f"这项转接{State(transfer.state).label}，不能再办理。需要变动的，请重新提出转接。"
        )


def _decide(transfer: Transfer, actor: AnyActor, state: str, reason: str = "") -> None:
    transfer.state, transfer.reason = state, reason.strip()[:200]
    transfer.decided_by_number, transfer.decided_at = actor.number, clock.now()
    transfer.save()


def _tell(transfer: Transfer, step: str, title: str, text: str) -> None:
    tell(transfer.member.user_id, f"transfer_{step}", str(transfer.pk), title, text, "/me/file/")
