"""党员的写入 Entering, correcting, status and track by date, accounts. Beside it: transfers, exemptions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max

from pioneer.accounts import following
from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.kernel import clock, encryption
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.members import policies, queries, spells
from pioneer.members.models import (
    GONE,
    Exemption,
    Member,
    Membership,
    Rectification,
    Status,
    StatusSpell,
    TrackSpell,
    Transfer,
)
from pioneer.members.numbers import next_numbers
from pioneer.members.particulars import (
    IDENTIFYING,
    LABELS,
    MOBILE,
    Identity,
    Particulars,
    against_identity,
    faults_of,
    identity_of,
    read_identity,
    require_unused,
)
from pioneer.organisations.models import Organisation

PRESENT = (Status.FULL, Status.PROBATIONARY, Status.OUT_OF_CONTACT)
WITHOUT_DOCUMENT = (Status.DECEASED,)


# ------------------------------------------------------------------ entering a person


@operation("members.add_member", tell=("status", "track"))
def add_member(
    *,
    actor: AnyActor,
    branch_id: int,
    particulars: Particulars,
    identity: str = "",
    identity_missing_why: str = "",
    status: str = Status.FULL,
    track: str = "",
    since: date | None = None,
) -> Member:
    """添加党员 By hand, at the end of the branch's roster. Without an identity number only with the reason."""
    queries.branch_for(actor, branch_id)
    branch = locked_branch(branch_id)
    policies.require_edit(actor, branch)
    on = since or clock.today()
    values = particulars.cleaned()
    columns = _identity_columns(values, identity, identity_missing_why)
    _check_entry(branch, values, status, on)
    track = track or queries.usual_track(branch)
    _check_track(branch.district_number, track, on)
    if not columns.get("identity_lookup"):
        _check_same_name(branch, values)
    last = Member.objects.filter(memberships__branch=branch).aggregate(last=Max("position"))["last"]
    member = Member.objects.create(
        district_id=branch.district_number,
        number=next_numbers(branch.district_number)[0],
        position=(last or 0) + 1,
        created_at=clock.now(),
        **values,
        **columns,
    )
    spells.turn(Membership, member, on, branch=branch)
    spells.turn(StatusSpell, member, on, status=status)
    spells.turn(TrackSpell, member, on, track=track)
    return member


def _identity_columns(values: dict[str, Any], number: str, missing_why: str) -> dict[str, Any]:
    """What is kept of the number; fills in birth date and sex. BadInput with every mistake of the person."""
    faults = faults_of(values)
    if not number.strip():
        if not missing_why.strip():
            faults.append(Fault("身份证号", "请填写18位身份证号；确实没有的，请写明原因，例如“证件遗失，补办中”。"))
        if faults:
            raise BadInput(faults)
        return {"identity_missing_why": missing_why.strip()[:120]}
    found = read_identity(number)
    faults += [found] if isinstance(found, Fault) else against_identity(values, found)
    if faults or isinstance(found, Fault):
        raise BadInput(faults)
    require_unused(found)
    values["birth_on"] = values["birth_on"] or found.birth_on
    values["sex"] = values["sex"] or found.sex
    return found.columns


def _check_entry(branch: Organisation, values: Mapping[str, Any], status: str, on: date) -> None:
    faults = []
    if status not in PRESENT:
        faults.append(Fault("状态", "新添加的只能是正式党员、预备党员或失联党员。"))
    if status == Status.PROBATIONARY and values["full_on"]:
        faults.append(Fault("转正日期", "预备党员还没有转正日期；已转正的，请把状态选为正式党员。"))
    if on > clock.today() or on < branch.opened_on:
        faults.append(Fault("编入日期", f"编入日期应在支部设立（{spells.said(branch.opened_on)}）之后、今天或以前。"))
    if faults:
        raise BadInput(faults)


def _check_same_name(branch: Organisation, values: Mapping[str, Any]) -> None:
    """Without an identity number two of one name are told apart by the birth date, which both must have."""
    for other in queries.present_named(branch, values["name"]):
        if values["birth_on"] is None or other.birth_on is None or other.birth_on == values["birth_on"]:
            raise DomainError(
                "same_name",
                f"{branch.name}已有一位{other.name}（编号{other.number}），分不清是不是同一人。"
                "如果是另一个人，请填写身份证号，或填写与那位不同的出生日期。",
            )


# ------------------------------------------------------------------ correcting


@operation("members.edit_member")
def edit_member(*, actor: AnyActor, member_id: int, particulars: Particulars, reason: str = "") -> Member:
    """修改资料 What identifies a person only with a reason, which stays in the file with what stood there before."""
    member, branch = locked(actor, member_id)
    policies.require_edit(actor, branch)
    values = particulars.cleaned()
    faults = faults_of(values)
    if member.identity_sealed is not None:
        faults += against_identity(values, Identity(encryption.decrypt(bytes(member.identity_sealed))))
    changed = [name for name, value in values.items() if getattr(member, name) != value]
    corrected = [name for name in changed if name in IDENTIFYING]
    if corrected and not reason.strip():
        fields = "、".join(LABELS[name] for name in corrected)
        faults.append(Fault("更正理由", f"更正{fields}须写明理由和依据，例如“与身份证核对，原登记有误”。"))
    if faults:
        raise BadInput(faults)
    if corrected:
        policies.require_other(actor, member, "姓名、性别和各项日期的更正")
        _rectify(actor, member, corrected, reason)
    for name in changed:
        setattr(member, name, values[name])
    for name in ("birth", "joined"):
        if f"{name}_on" in corrected:
            setattr(member, f"{name}_precision", "day")
    member.save()
    _follow_account(member, changed)
    return member


def _rectify(actor: AnyActor, member: Member, fields: list[str], reason: str) -> None:
    shown = {"identity": member.identity_shown or "无"}
    before = {name: shown.get(name) or str(getattr(member, name, "") or "") for name in fields}
    Rectification.objects.create(
        member=member,
        fields=fields,
        before=before,
        reason=reason.strip()[:200],
        by_number=actor.number,
        created_at=clock.now(),
    )


def _follow_account(member: Member, changed: list[str]) -> None:
    """The account bears the same name and, where it is a mobile number, the same phone."""
    if member.user is None:
        return
    if "name" in changed:
        following.rename_user(member.user, member.name)
    if "phone" in changed and MOBILE.fullmatch(member.phone):
        following.rephone_user(member.user, member.phone)


@operation("members.correct_identity")
def correct_identity(*, actor: AnyActor, member_id: int, identity: str, reason: str) -> Member:
    """更正身份证号 Entered where it was missing, or put right; by somebody else, with the reason."""
    member, branch = locked(actor, member_id)
    policies.require_edit(actor, branch)
    policies.require_other(actor, member, "身份证号的更正")
    found = identity_of(identity)
    if not reason.strip():
        raise bad("更正理由", "请写明理由和依据，例如“与身份证原件核对”。")
    require_unused(found, besides=member.pk)
    if member.identity_lookup == encryption.lookup(found.number):
        raise DomainError("identity_same", "登记的就是这个身份证号，无须更正。")
    _rectify(actor, member, ["identity", "birth_on"], reason)
    for name, value in found.columns.items():
        setattr(member, name, value)
    member.birth_on, member.birth_precision = found.birth_on, "day"
    member.sex = found.sex or member.sex
    member.save()
    return member


@operation("members.reveal_identity")
def reveal_identity(*, actor: AnyActor, member_id: int) -> str:
    """查看身份证号 The whole number, once; that it was looked at stays in the audit. One's own may always be seen."""
    member, branch = locked(actor, member_id)
    if not policies.is_self(actor, member):
        require(actor, Act.SEE_IDENTITY, branch)
    if member.identity_sealed is None:
        raise DomainError("identity_missing", f"{member.name}没有登记身份证号。有证件后请办理“更正身份证号”。")
    return encryption.decrypt(bytes(member.identity_sealed))


# ------------------------------------------------------------------ status and track by date


@operation("members.change_status", tell=("status",))
def change_status(
    *,
    actor: AnyActor,
    member_id: int,
    status: str,
    on: date,
    document: str = "",
    full_on: date | None = None,
) -> Member:
    """状态变动 Entered by a person with a document; no score ever does. The former spell ends the day before."""
    member, branch = locked(actor, member_id)
    policies.require_status(actor, branch, member)
    before = queries.status_on(member, clock.today())
    _check_change(member, before, status, document)
    if before == Status.PROBATIONARY and status == Status.FULL:
        member.full_on = full_on or on
        if member.joined_on and member.full_on < member.joined_on:
            raise bad("转正日期", f"转正日期不能早于入党日期（{spells.said(member.joined_on)}），请核对。")
        member.save(update_fields=["full_on"])
    spells.turn(StatusSpell, member, on, status=status, document=document.strip()[:120])
    if status in GONE:
        _stop_proposals(member, Status(status))
    if member.user is not None and Status.DECEASED in (before, status):
        following.set_active(member.user, status != Status.DECEASED)
    return member


def _check_change(member: Member, before: str, status: str, document: str) -> None:
    if status not in Status.values:
        raise bad("状态", "请从列表中选择状态。")
    if Status.TRANSFERRED_OUT in (before, status):
        raise DomainError("by_transfer", "转出区外和转回不在这里登记，请办理“组织关系转接”。")
    if before == status:
        raise DomainError("status_same", f"{member.name}目前就是“{Status(status).label}”，无须变更。")
    if status == Status.PROBATIONARY and before == Status.FULL:
        raise DomainError(
            "no_way_back", "正式党员不能改为预备党员。如当初登记有误，请先核对入党志愿书，再由乡镇（街道）说明理由。"
        )
    if not document.strip() and status not in WITHOUT_DOCUMENT:
        raise bad(
            "文件", f"登记为“{Status(status).label}”须有文件，请填写作出决定的组织和文号，例如“槐发〔2026〕12号”。"
        )


def _stop_proposals(member: Member, status: Status) -> None:
    """What was proposed for a member that has gone is not waited for any more."""
    why, now = f"党员状态已登记为“{status.label}”，自动终止。", clock.now()
    transfers = Transfer.objects.filter(member=member, state=Transfer.State.PROPOSED)
    transfers.update(state=Transfer.State.REFUSED, reason=why, decided_at=now)
    waiting = [Exemption.State.APPLIED, Exemption.State.BRANCH_AGREED]
    Exemption.objects.filter(member=member, state__in=waiting).update(state=Exemption.State.REFUSED, reason=why)


@operation("members.change_track", tell=("track",))
def change_track(*, actor: AnyActor, member_id: int, track: str, on: date) -> Member:
    """类别变更 From a day of this month on; on the first day of the present spell it is put right as a whole."""
    member, branch = locked(actor, member_id)
    policies.require_edit(actor, branch)
    policies.require_other(actor, member, "类别的变更")
    require_present(member)
    _check_track(member.district_id, track, on)
    last = TrackSpell.objects.filter(member=member).order_by("-from_on").first()
    if last is not None and last.track == track:
        raise DomainError("track_same", f"{member.name}目前就是这个类别，无须变更。")
    if (last is None or on != last.from_on) and on < spells.month_start():
        begun = f"，或写原来的起始日{spells.said(last.from_on)}（整段更正）" if last else ""
        raise bad("日期", f"以前月份已按原类别考评，请写本月的日期{begun}。")
    spells.turn(TrackSpell, member, on, track=track)
    return member


def _check_track(district_id: int, track: str, on: date) -> None:
    names = queries.track_names(district_id, on)
    if track not in names:
        raise bad("类别", f"请选择类别：{'、'.join(names.values())}。")


# ------------------------------------------------------------------ plain functions for this and later stations


def locked(actor: AnyActor, member_id: int) -> tuple[Member, Organisation]:
    """The member, visible and locked, and the branch that keeps its file."""
    policies.require_person(actor)
    seen = queries.visible_to(actor).filter(pk=member_id)
    member = (
        Member.objects.select_for_update(of=("self",)).select_related("user").filter(pk__in=seen.values("pk")).first()
    )
    branch = queries.last_branch(member) if member is not None else None
    if member is None or branch is None or member.erased_at is not None:
        raise NotVisible
    return member, branch


def locked_branch(branch_id: int) -> Organisation:
    """锁定支部 A branch that stands today."""
    found = Organisation.objects.select_for_update().filter(pk=branch_id, closed_on__isnull=True).first()
    if found is None:
        raise NotVisible
    if not found.is_branch:
        raise DomainError("not_a_branch", f"“{found.name}”不是党支部，党员只能编入支部。请选择它下面的支部。")
    return found


def require_present(member: Member) -> None:
    """须在册 Who has gone takes part in nothing any more."""
    status = queries.status_on(member, clock.today())
    if status in GONE:
        raise DomainError("gone", f"{member.name}的状态是“{Status(status).label}”，不能再办理这一项。")
