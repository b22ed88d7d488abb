"""申报的核对 What a claim must satisfy before it is kept, whoever enters it and however many at once."""

from collections.abc import Mapping
from datetime import date

from pioneer.declarations import queries
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, Fault
from pioneer.members import queries as members
from pioneer.members.closing import closed_cycle
from pioneer.members.models import Member
from pioneer.rulebook.queries import engine_for
from pioneer.rulebook.supplement_queries import why_not
from pioneer.scoring import Fact

MATTER_AT_LEAST = 2
MINUTES_IN_A_DAY = 24 * 60
FILES_AT_MOST = 9


def require_in_time(member: Member, event_on: date) -> None:
    """须在可申报的时间 Raises DomainError where the member can't declare what happened on that day."""
    today = clock.today()
    if members.branch_on(member, today) is None:
        raise DomainError("no_branch", f"{member.name}目前不在任何支部，不能申报。请先由支部办理接收。")
    if event_on > today:
        raise DomainError("event_in_future", "发生日期在今天之后。请在事情做完之后再申报，或核对日期。")
    engine = engine_for(member.district_id)
    if engine.version_on(event_on) is None:
        raise DomainError("no_rulebook", f"{day(event_on)}还没有适用的积分办法，不能申报。请核对发生日期。")
    if event_on < (first := queries.earliest_open(member.district_id, today)):
        raise DomainError("cycle_over", f"{day(event_on)}所在的年度已经结束。现在可以申报{day(first)}以后做的事。")
    if members.branch_on(member, event_on) is None:
        raise DomainError("no_member_then", f"{member.name}在{day(event_on)}还不是本区支部的党员，请核对发生日期。")
    if case := queries.zeroing_in(member, engine.cycle_of(event_on)):
        raise DomainError(
            "cycle_closed",
            f"依据{day(case.document_on)}的{case.get_document_kind_display()}，{member.name}本周期已作清零处理，"
            "积分管理到下一周期开始时恢复，本周期的事项不再收申报。对清零有意见的，请向批准的党组织申诉。",
        )
    if filed := closed_cycle(member.pk, event_on):
        raise DomainError(
            "cycle_filed",
            f"{day(event_on)}所在周期的结果已经备案（{filed.filing_number}），不再收申报，也不计入以后的周期。"
            "认为备案的结果有差错的，请告诉所在支部，由其提出更正。",
        )
    if members.deceased_among([member.pk], today):
        raise DomainError("deceased", "该党员已故，不再收申报。")


def text_faults(fields: Mapping[str, object], files: int) -> list[Fault]:
    """文字的错误 What is wrong with place, matter, time and the number of files, whoever's claim it is."""
    faults = []
    if not fields["place"]:
        faults.append(Fault("在哪里", "请填写在哪里做的，写到村或小区即可。"))
    elif len(str(fields["place"])) > 80:
        faults.append(Fault("在哪里", "请缩短到80个字以内。"))
    if len(str(fields["matter"])) < MATTER_AT_LEAST:
        faults.append(Fault("具体事项", f"请写清做了什么事，至少{MATTER_AT_LEAST}个字。"))
    minutes = fields["minutes"]
    if isinstance(minutes, int) and not 0 < minutes <= MINUTES_IN_A_DAY:
        faults.append(Fault("用时（分钟）", "请填写1分钟到24小时之间的时长，不清楚可以不填。"))
    if files > FILES_AT_MOST:
        faults.append(Fault("照片或文件", f"一次最多{FILES_AT_MOST}个附件，请挑最能说明问题的上传。"))
    return faults


def shape_faults(member: Member, fields: Mapping[str, object]) -> list[Fault]:
    """指标的错误 What the indicator asks of this member's claim and does not find."""
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
        return [Fault("哪一天", f"{member.name}在{day(event_on)}没有登记类别，请支部先补登。")]
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


def day(on: date) -> str:
    """日期 In words."""
    return f"{on.year}年{on.month}月{on.day}日"
