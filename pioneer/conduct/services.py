"""日常纪实的写入 Education records, reminders and declared relations. Zeroing stands in `zeroing.py`."""

from datetime import date

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.conduct.models import DeclaredRelation, EducationRecord
from pioneer.conduct.policies import is_self, require_not_aside, writes_at
from pioneer.conduct.queries import indicators_needing, must_step_aside, relations_visible_to
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotAllowed, NotVisible
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.messages.services import tell
from pioneer.organisations.models import Organisation

Kind = EducationRecord.Kind


@operation("conduct.write_education_record", tell=("indicator",))
def write_education_record(
    *, actor: AnyActor, member_id: int, indicator: str, on: date, content: str, shown_how: str = ""
) -> EducationRecord:
    """写教育记录 For an indicator that needs one before it may be charged; shown to the member as it is written."""
    return _write(actor, member_id, Kind.EDUCATION, indicator, on, content, shown_how)


@operation("conduct.write_reminder", tell=("indicator",))
def write_reminder(
    *, actor: AnyActor, member_id: int, indicator: str, on: date, content: str, shown_how: str = ""
) -> EducationRecord:
    """写提醒 For an indicator that needs a reminder before it may be charged; shown to the member as it is written."""
    return _write(actor, member_id, Kind.REMINDER, indicator, on, content, shown_how)


@operation("conduct.declare_relation")
def declare_relation(*, actor: AnyActor, member_id: int, relative_id: int, kind: str) -> DeclaredRelation:
    """申明亲属关系 By either of the two, or by the branch of either. From then on neither rules on the other."""
    member, relative = _pair(member_id, relative_id)
    if not any(is_self(actor, one) or _writes_for(actor, one) for one in (member, relative)):
        if not any(members.visible_to(actor).filter(pk=one.pk).exists() for one in (member, relative)):
            raise NotVisible()
        raise NotAllowed("亲属关系由当事人本人申明，或由其所在支部的书记、副书记、委员、记录员登记。")
    kind = kind.strip()
    if not kind or len(kind) > 30:
        raise BadInput([Fault("关系", "请写明是什么亲属关系，例如夫妻、父子、兄弟姐妹，最多30个字。")])
    if member.district_id != relative.district_id:
        raise DomainError("another_district", "两位党员不在同一个区，彼此不会评议，不必申明。")
    known = DeclaredRelation.objects.filter(member=member, relative=relative, withdrawn_at__isnull=True)
    if known.exists():
        raise DomainError("declared_already", f"{member.name}和{relative.name}的亲属关系已经申明过，不必再申明。")
    return DeclaredRelation.objects.create(
        member=member, relative=relative, kind=kind, by_number=actor.number, created_at=clock.now()
    )


@operation("conduct.withdraw_relation")
def withdraw_relation(*, actor: AnyActor, relation_id: int) -> DeclaredRelation:
    """撤回亲属关系 Entered in error, or ended. By a third person of the branch: the two themselves would be judges in
    their own cause."""
    visible = relations_visible_to(actor).select_for_update(of=("self",))
    relation = visible.filter(pk=relation_id).first()
    if relation is None:
        raise NotVisible()
    pair = (relation.member, relation.relative)
    if any(is_self(actor, one) for one in pair):
        raise NotAllowed("撤回关系到您本人的回避，须由支部另一位同志核实后办理。", code="step_aside")
    if not any(_writes_for(actor, one) for one in pair):
        raise NotAllowed("撤回由其中一方所在支部的书记、副书记、委员、记录员核实后办理。")
    relation.withdrawn_by_number = actor.number
    relation.withdrawn_at = clock.now()
    relation.save(update_fields=["withdrawn_by_number", "withdrawn_at"])
    return relation


def _write(
    actor: AnyActor, member_id: int, kind: Kind, indicator: str, on: date, content: str, shown_how: str
) -> EducationRecord:
    member = members.get_visible(actor, member_id)
    branch = _branch_now(member)
    require(actor, Act.WRITE_CONDUCT, branch)
    require_not_aside(must_step_aside(actor, member))
    _check_shape(member, kind, indicator, on, content, shown_how)
    record = EducationRecord.objects.create(
        member=member,
        branch=branch,
        kind=kind,
        indicator=indicator,
        on=on,
        content=content.strip(),
        by_number=actor.number,
        created_at=clock.now(),
        shown_at=clock.now(),
        shown_how=shown_how.strip() or "站内消息",
    )
    tell(
        member.user_id,
        "conduct.record",
        str(record.pk),
        f"您有一条{kind.label}",
        f"{on.year}年{on.month}月{on.day}日，{branch.name}：{record.content}",
        "/my/conduct/",
    )
    return record


def _check_shape(member: Member, kind: Kind, indicator: str, on: date, content: str, shown_how: str) -> None:
    """A record counts from the day it was shown: today by a message, an earlier day only with a paper that says so."""
    today = clock.today()
    faults = []
    if on > today:
        faults.append(Fault("日期", "日期不能晚于今天。"))
    elif indicator not in {row.code for row in indicators_needing(kind, member.district_id, on)}:
        what = "须先有教育记录" if kind == Kind.EDUCATION else "须先有提醒"
        faults.append(Fault("指标", f"按当日适用的积分办法，“{indicator}”不是{what}的指标。请从所列指标中选择。"))
    if not content.strip():
        faults.append(Fault("内容", f"请写明{kind.label}的具体内容：说了什么事，提了什么要求。"))
    elif len(content) > 2000:
        faults.append(Fault("内容", f"内容有{len(content)}个字，最多2000个字。"))
    if len(shown_how) > 120:
        faults.append(Fault("如何出示", "最多120个字。"))
    if not shown_how.strip():
        if member.user_id is None:
            faults.append(
                Fault("如何出示", f"{member.name}没有账号，请写明当面如何出示：本人签字的日期，或两位见证人的姓名。")
            )
        elif on < today:
            faults.append(
                Fault("如何出示", "补录以前的记录，请写明当日如何出示给本人：本人签字的日期，或两位见证人的姓名。")
            )
    if faults:
        raise BadInput(faults)


def _branch_now(member: Member) -> Organisation:
    branch = members.branch_on(member, clock.today())
    if branch is None:
        raise DomainError("in_no_branch", f"{member.name}现在不在任何支部，不能办理。请先在花名册里核对其所在支部。")
    return branch


def _writes_for(actor: AnyActor, member: Member) -> bool:
    branch = members.branch_on(member, clock.today())
    return branch is not None and writes_at(actor, branch)


def _pair(member_id: int, relative_id: int) -> tuple[Member, Member]:
    """In one order, so that a relation stands once whoever declares it."""
    if member_id == relative_id:
        raise BadInput([Fault("亲属", "请选择另一位党员。")])
    found = Member.objects.select_for_update().filter(pk__in=[member_id, relative_id]).order_by("pk")
    pair = tuple(found)
    if len(pair) != 2:
        raise NotVisible()
    return pair[0], pair[1]
