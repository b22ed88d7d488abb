"""申报的写入 Declare, by the member or for it; withdraw while nobody has decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from uuid import UUID

from pioneer.accounts.policies import AnyActor
from pioneer.declarations import finder, policies, queries
from pioneer.declarations.models import Declaration, DeclarationFile, Flag
from pioneer.files import services as files
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.rulebook.queries import engine_for
from pioneer.rulebook.supplement_queries import why_not
from pioneer.scoring import Fact

MATTER_AT_LEAST = 2
MINUTES_IN_A_DAY = 24 * 60
FILES_AT_MOST = 9


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
    _in_time(member, event_on)
    assert branch is not None
    _well_formed(member, fields, evidence)
    made = Declaration.objects.create(
        branch=branch,
        event=_happening(member, same_as_id),
        is_proxy=is_proxy,
        entered_by_number=actor.number,
        request_key=request_key,
        created_at=clock.now(),
        **fields,
    )
    _attach(actor, made, evidence)
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


# ------------------------------------------------------------------ checks


def _same(before: Declaration, fields: dict[str, object]) -> Declaration:
    if any(getattr(before, name) != value for name, value in fields.items()):
        raise DomainError(
            "request_key_reused",
            "这张表单已经提交过一条内容不同的申报。请打开新的申报表单再填，先前那条可在“我的申报”里查看。",
        )
    return before


def _in_time(member: Member, event_on: date) -> None:
    today = clock.today()
    if members.branch_on(member, today) is None:
        raise DomainError("no_branch", f"{member.name}目前不在任何支部，不能申报。请先由支部办理接收。")
    if event_on > today:
        raise DomainError("event_in_future", "发生日期在今天之后。请在事情做完之后再申报，或核对日期。")
    engine = engine_for(member.district_id)
    if engine.version_on(event_on) is None:
        raise DomainError("no_rulebook", f"{_day(event_on)}还没有适用的积分办法，不能申报。请核对发生日期。")
    if event_on < (first := queries.earliest_open(member.district_id, today)):
        raise DomainError("cycle_over", f"{_day(event_on)}所在的年度已经结束。现在可以申报{_day(first)}以后做的事。")
    if members.branch_on(member, event_on) is None:
        raise DomainError("no_member_then", f"{member.name}在{_day(event_on)}还不是本区支部的党员，请核对发生日期。")
    if case := queries.zeroing_in(member, engine.cycle_of(event_on)):
        raise DomainError(
            "cycle_closed",
            f"依据{_day(case.document_on)}的{case.get_document_kind_display()}，{member.name}本周期已作清零处理，"
            "积分管理到下一周期开始时恢复，本周期的事项不再收申报。对清零有意见的，请向批准的党组织申诉。",
        )
    if members.deceased_among([member.pk], today):
        raise DomainError("deceased", "该党员已故，不再收申报。")


def _well_formed(member: Member, fields: dict[str, object], evidence: Sequence[tuple[str, bytes]]) -> None:
    faults = _shape_faults(member, fields)
    if not fields["place"]:
        faults.append(Fault("在哪里", "请填写在哪里做的，写到村或小区即可。"))
    elif len(str(fields["place"])) > 80:
        faults.append(Fault("在哪里", "请缩短到80个字以内。"))
    if len(str(fields["matter"])) < MATTER_AT_LEAST:
        faults.append(Fault("具体事项", f"请写清做了什么事，至少{MATTER_AT_LEAST}个字。"))
    minutes = fields["minutes"]
    if isinstance(minutes, int) and not 0 < minutes <= MINUTES_IN_A_DAY:
        faults.append(Fault("用时（分钟）", "请填写1分钟到24小时之间的时长，不清楚可以不填。"))
    if len(evidence) > FILES_AT_MOST:
        faults.append(Fault("照片或文件", f"一次最多{FILES_AT_MOST}个附件，请挑最能说明问题的上传。"))
    if faults:
        raise BadInput(faults)


def _shape_faults(member: Member, fields: dict[str, object]) -> list[Fault]:
    event_on = fields["event_on"]
    assert isinstance(event_on, date)
    engine = engine_for(member.district_id)
    version = engine.version_on(event_on)
    row = version.indicators.get(str(fields["indicator"])) if version else None
    if row is None:
        return [Fault("做了什么", "积分办法里没有这一项，请从列表中选择。")]
    if row.index != "positive":
        return [Fault("做了什么", f"“{row.name}”不由党员申报，由支部登记。请从列表中选择。")]
    if row.local and (refused := why_not(row, members.branch_on(member, event_on), event_on)):
        return [Fault("做了什么", refused)]
    track = members.track_on(member, event_on)
    if track is None:
        return [Fault("哪一天", f"{member.name}在{_day(event_on)}没有登记类别，请支部先补登。")]
    minimum = row.value.minimum if row.value and row.value.shape == "range" else None
    quantity = fields["quantity"]
    fact = Fact(
        row=0,
        indicator=row.code,
        event_on=event_on,
        quantity=quantity if isinstance(quantity, int) else None,
        value=minimum,
        level=str(fields["level"]) or None,
    )
    mistake = engine.value(fact, track).mistake
    if mistake is None and isinstance(quantity, int) and quantity <= 0:
        mistake = "数量须大于0"
    return [Fault("", mistake + "。")] if mistake else []


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


def _attach(actor: AnyActor, declaration: Declaration, evidence: Sequence[tuple[str, bytes]]) -> None:
    for name, content in evidence:
        kept = files.keep(content, name, actor.number)
        defaults = {"taken_at": kept.taken_at}
        DeclarationFile.objects.get_or_create(declaration=declaration, file=kept.file, defaults=defaults)


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
