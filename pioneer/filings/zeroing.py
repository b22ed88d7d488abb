"""清零的更正的写入 A zeroing was approved, or annulled, after the filing: the unit proposes that it be
followed, the member answers, the township decides, as with any amendment."""

from pioneer.accounts.policies import AnyActor
from pioneer.conduct.queries import name_of_indicator
from pioneer.filings import zeroed
from pioneer.filings.amending import check_told, in_force, last_day_to_lower, may_amend, put_amendment
from pioneer.filings.models import Amendment, Filing
from pioneer.filings.reckoning import reckon_restored, reckon_zeroed
from pioneer.filings.zeroed import ToAmend
from pioneer.kernel.errors import DomainError
from pioneer.kernel.operations import operation

Kind = Amendment.Kind


@operation("filings.propose_zeroing_amendment")
def propose_zeroing_amendment(*, actor: AnyActor, filing_id: int, member_id: int, told_how: str = "") -> Amendment:
    """提出清零的更正 By the unit: score and tier as the zeroing makes them, or, annulled, as if it had never been.
    Ground and document are the case's."""
    filing = in_force(actor, filing_id)
    result = may_amend(actor, filing, member_id)
    check_told(result.member, told_how)
    assert filing.settlement is not None
    found = next((one for one in zeroed.to_amend(filing) if one.case.member_id == member_id), None)
    if found is None:
        raise _nothing_to_amend(filing, member_id)
    reckon = reckon_zeroed if found.kind == Kind.ZEROED else reckon_restored
    return put_amendment(
        actor,
        filing,
        reckon(filing.unit, filing.settlement, result.pk),
        told_how,
        kind=found.kind,
        zeroing=found.case,
        indicator=found.case.indicator,
        event_on=found.case.document_on,
        was_points=0,
        now_points=0,
        ground=ground_of(found),
        document=document_of(found),
    )


def ground_of(one: ToAmend) -> str:
    """事由 In words, for the member and the township."""
    case = one.case
    what = name_of_indicator(case.member.district_id, case.indicator, case.document_on)
    if one.kind == Kind.RESTORED:
        return f"清零（{what}）已经撤销，得分和等次恢复，如同没有清零。"
    return f"备案以后批准清零（{what}）：得分为0，列最低等次。"


def document_of(one: ToAmend) -> str:
    """依据的文件"""
    case = one.case
    if one.kind == Kind.RESTORED:
        return case.reversal_document[:200]
    on = case.document_on
    return f"{case.issuer}{case.document_number}，{on.year}年{on.month}月{on.day}日"[:200]


def _nothing_to_amend(filing: Filing, member_id: int) -> DomainError:
    """The sentence for why not: too late, or nothing differs."""
    late = zeroed.too_late(filing, member_id)
    if late is not None:
        last, limit = last_day_to_lower(filing, late.document_on)
        said = f"{last.year}年{last.month}月{last.day}日"
        return DomainError(
            "too_late",
            f"清零的更正应在文件日期以后{limit.value}个月内（{said}以前）提出（办法{limit.clause}），现在已经超过，"
            "备案结果不再更正。",
        )
    return DomainError("changes_nothing", "备案的结果与这一周期的清零相符，不用更正。请核对后再选。")
