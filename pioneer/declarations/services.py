"""申报的写入 Declare, by the member or for it; withdraw while nobody has decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from uuid import UUID

from pioneer.accounts.policies import AnyActor
from pioneer.declarations import checking, finder, policies, queries
from pioneer.declarations.models import Declaration, DeclarationFile, Flag
from pioneer.files import services as files
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.members.models import Member


@operation("declarations.declare", tell=("indicator", "level"))
def declare(
    *,
    actor: AnyActor,
    member_id: int,
    indicator: str,
    event_on: date,
    place: str,
    matter: str,
    request_key: UUID,
    quantity: int | None = None,
    level: str = "",
    started_at: time | None = None,
    minutes: int | None = None,
    same_as_id: int | None = None,
    evidence: Sequence[tuple[str, bytes]] = (),
) -> Declaration:
    """申报 What good was done: time, place, the matter. Sent twice with one `request_key` it counts once.

    `quantity` in hundredths. `same_as_id` names another claim of the member about the same happening.
    """
    member = Member.objects.select_for_update().filter(pk=member_id).first()
    if member is None:
        raise NotVisible
    branch = members.branch_on(member, clock.today())
    is_proxy = policies.require_declare(actor, member, branch)
    fields = {
        "member_id": member.pk,
        "indicator": indicator.strip(),
        "event_on": event_on,
        "started_at": started_at,
        "minutes": minutes,
        "place": place.strip(),
        "matter": matter.strip(),
        "quantity": quantity,
        "level": level.strip(),
    }
    if before := Declaration.objects.filter(request_key=request_key).first():
        return _same(before, fields)
    checking.require_in_time(member, event_on)
    assert branch is not None
    if faults := checking.shape_faults(member, fields) + checking.text_faults(fields, len(evidence)):
        raise BadInput(faults)
    made = Declaration.objects.create(
        branch=branch,
        event=_happening(member, same_as_id),
        is_proxy=is_proxy,
        entered_by_number=actor.number,
        request_key=request_key,
        created_at=clock.now(),
        **fields,
    )
    attach(made, keep_files(actor, evidence))
    finder.note_flags(made)
    return made


@operation("declarations.withdraw_declaration")
def withdraw_declaration(*, actor: AnyActor, declaration_id: int) -> Declaration:
    """撤回申报 While the branch has not decided it."""
    declaration = (
        Declaration.objects.select_for_update(of=("self",))
        .select_related("member", "branch")
        .filter(pk__in=queries.visible_to(actor).order_by().values("pk"), pk=declaration_id)
        .first()
    )
    if declaration is None:
        raise NotVisible
    policies.require_withdraw(actor, declaration)
    if declaration.state == Declaration.State.WITHDRAWN:
        return declaration
    if declaration.state != Declaration.State.SUBMITTED:
        raise DomainError(
            "already_reviewed", "支部已考评这条申报，不能撤回。如有不同意见，请向支部说明，或在公示期内提出异议。"
        )
    declaration.state = Declaration.State.WITHDRAWN
    declaration.save(update_fields=["state"])
    return declaration


# ------------------------------------------------------------------ for the evaluation, inside its operations


def take(declaration: Declaration) -> None:
    """收入考评 The branch has decided it; the member can no longer withdraw it."""
    declaration.state = Declaration.State.TAKEN
    declaration.save(update_fields=["state"])


def give_back(declaration: Declaration) -> None:
    """退回待考评 The decision was taken back on a sheet still open."""
    declaration.state = Declaration.State.SUBMITTED
    declaration.save(update_fields=["state"])


def decide_doubts(actor: AnyActor, declaration: Declaration, reasons: Mapping[int, str], *, rejected: str = "") -> None:
    """疑点的认定 Each open one with a reason. Where the claim is rejected they are founded, for that reason, unless one
    of their own says why not; where it counts, each must be said to be unfounded and why."""
    faults = []
    for flag in Flag.objects.select_for_update().filter(declaration=declaration, decision="").order_by("pk"):
        reason = reasons.get(flag.pk, "").strip()
        if not reason and not rejected:
            said = "请写明核实的情况、为何不成立；疑点成立的，请选不予认可。"
            faults.append(Fault(f"疑点“{flag.get_kind_display()}”", said))
            continue
        flag.decision = Flag.Decision.UNFOUNDED if reason else Flag.Decision.FOUNDED
        flag.reason = (reason or rejected)[:300]
        flag.decided_by_number = actor.number
        flag.decided_at = clock.now()
        flag.save(update_fields=["decision", "reason", "decided_by_number", "decided_at"])
    if faults:
        raise BadInput(faults)


def reopen_doubts(declaration: Declaration) -> None:
    """疑点重新认定 The decision on the claim was taken back."""
    open_again = {"decision": "", "reason": "", "decided_by_number": None, "decided_at": None}
    Flag.objects.filter(declaration=declaration).update(**open_again)


def forget_when_taken(declaration_ids: Iterable[int]) -> None:
    """忘记拍摄时间 The sheet is posted: when the photographs were taken is needed no more."""
    kept = DeclarationFile.objects.filter(declaration__in=list(declaration_ids), taken_at__isnull=False)
    kept.update(taken_at=None)


# ------------------------------------------------------------------ what entering one and entering several share


def keep_files(actor: AnyActor, evidence: Sequence[tuple[str, bytes]]) -> list[files.Kept]:
    """存入佐证 Each content once, however many claims it supports."""
    return [files.keep(content, name, actor.number) for name, content in evidence]


def attach(declaration: Declaration, evidence: Iterable[files.Kept]) -> None:
    """附上佐证"""
    for kept in evidence:
        defaults = {"taken_at": kept.taken_at}
        DeclarationFile.objects.get_or_create(declaration=declaration, file=kept.file, defaults=defaults)


def _same(before: Declaration, fields: dict[str, object]) -> Declaration:
    if any(getattr(before, name) != value for name, value in fields.items()):
        raise DomainError(
            "request_key_reused",
            "这张表单已经提交过一条内容不同的申报。请打开新的申报表单再填，先前那条可在“我的申报”里查看。",
        )
    return before


def _happening(member: Member, same_as_id: int | None) -> str:
    """The name of the happening shared with another claim, so that several indicators for it count the highest only."""
    if same_as_id is None:
        return ""
    other = Declaration.objects.select_for_update().filter(pk=same_as_id, member=member).first()
    if other is None:
        raise NotVisible
    if not other.event:
        if other.state != Declaration.State.SUBMITTED:
            raise DomainError(
                "already_reviewed", "所选的那条申报已经考评，不能再关联。请不选关联直接提交，支部考评时会一并考虑。"
            )
        other.event = f"申报{other.pk}"
        other.save(update_fields=["event"])
    return other.event
