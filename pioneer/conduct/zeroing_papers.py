"""清零文书 A case's four papers, from what is on record: the proposal, the notice to the member, the decision, the
reversal. Each can be made once its step has been taken; what has no record yet is left to be signed by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pioneer.conduct import queries
from pioneer.conduct.models import ZeroingCase
from pioneer.kernel import clock
from pioneer.kernel.erased import ERASED
from pioneer.kernel.errors import DomainError
from pioneer.papers.rendering import render

State = ZeroingCase.State
Content = dict[str, Any]
APPEAL = "对决定不服的，可以向上级党组织申诉。原文件被撤销或改判的，清零随之撤销，得分恢复。"
ANNULLED = "得分恢复，如同没有清零；被清零期间没有申报的事可以补报，没有入账的条目照常公示、入账。"


@dataclass(frozen=True, slots=True)
class Paper:
    """一种文书 `ready`: whether the case has come to it."""

    kind: str
    title: str
    ready: Callable[[ZeroingCase], bool]
    content: Callable[[ZeroingCase], Content]


def papers_of(case: ZeroingCase) -> list[Paper]:
    """现在有的文书 In the order of the steps."""
    return [paper for paper in PAPERS if paper.ready(case)]


def zeroing_pdf(case: ZeroingCase, kind: str) -> bytes:
    """做一份文书 PDF, A4. The same case gives the same bytes. LookupError for a kind that does not exist."""
    paper = next((one for one in PAPERS if one.kind == kind), None)
    if paper is None:
        raise LookupError(f"没有“{kind}”这种文书")
    if not paper.ready(case):
        raise DomainError("not_yet", f"这件清零现在是“{case.get_state_display()}”，还没有{paper.title}。")
    return render("zeroing", {**_common(case), "title": paper.title, **paper.content(case)})


# ------------------------------------------------------------------ the four


def _proposal(case: ZeroingCase) -> Content:
    told = f"{_day(case.told_at)}　{case.told_how}" if case.told_at else ""
    return {
        "opening": ["经查，下列党员有应予清零的情形，依据的文件已经生效。现提出清零，请乡镇（街道）审批。"],
        "rows": [
            *_who(case),
            *_ground(case),
            _row("事实", case.facts),
            _row("告知本人", told),
            _row("申辩期限", f"至{_last_day(case)}24时"),
        ],
        "signatures": [_sign("提出人", case, case.proposed_by_number, case.proposed_at), _blank("支部书记")],
    }


def _notice(case: ZeroingCase) -> Content:
    return {
        "to": f"{case.member.name}同志",
        "opening": [f"{case.branch.name}依据下列已经生效的文件，提出对您的积分清零，报乡镇（街道）审批。现告知如下："],
        "rows": [*_ground(case), _row("事实", case.facts)],
        "closing": [
            "批准以后，文件日期所在周期的得分清零，积分管理在本周期终止，直接列入最低等次；以前入账的条目留在台账，还没有入账的不再入账。"
            "下一周期照常开始。公示时只写指标和文件种类，事实不公开。"
        ],
        "rights": [
            f"一、申辩。{_last_day(case)}24时以前，您可以书面或口头说明情况；口头说的，由支部另一位同志记下，读给您听后签字。"
            "您的话和提议一并交乡镇（街道）。没有申辩的，期满以后审批。",
            "二、看依据。您可以要求看所依据的文件。",
            f"三、申诉。{APPEAL}",
        ],
        "signatures": [_sign("告知人", case, case.proposed_by_number, case.told_at), _blank("党支部（盖章）")],
        "receipt": [_blank("本人"), _blank("见证人"), _blank("见证人")],
    }


def _decision(case: ZeroingCase) -> Content:
    approved = case.state != State.REFUSED
    said = "批准清零" if approved else "不批准清零"
    follows = (
        "自本决定之日起，文件日期所在周期的得分清零，积分管理在本周期终止，直接列入最低等次。以前入账的条目留在台账，还没有入账的不再入账。"
        "下一周期照常开始。"
        if approved
        else "积分照常计算。"
    )
    return {
        "to": f"{case.branch.name}、{case.member.name}同志",
        "opening": [f"{case.branch.name}{_day(case.proposed_at)}提出的清零，经审批，决定如下：{said}。"],
        "rows": [
            *_who(case),
            *_ground(case),
            _row("本人申辩", case.statement or f"期限至{_last_day(case)}24时，本人没有申辩。"),
            _row("决定", said),
            _row("理由", case.decision_reason or "没有另写理由。"),
        ],
        "closing": [follows],
        "rights": [APPEAL] if approved else [],
        "signatures": [_sign("审批人", case, case.decided_by_number, case.decided_at), _blank("党组织（盖章）")],
        "receipt": [_blank("本人"), _blank("党支部")],
    }


def _reversal(case: ZeroingCase) -> Content:
    return {
        "to": f"{case.branch.name}、{case.member.name}同志",
        "opening": [f"{_day(case.decided_at)}批准的清零，所依据的文件已被撤销或改判，现决定撤销清零。"],
        "rows": [*_who(case), *_ground(case), _row("撤销的依据", case.reversal_document)],
        "closing": [ANNULLED],
        "signatures": [_sign("办理人", case, case.reversed_by_number, case.reversed_at), _blank("党组织（盖章）")],
        "receipt": [_blank("本人"), _blank("党支部")],
    }


def _is_decided(case: ZeroingCase) -> bool:
    return case.state in (State.APPROVED, State.REFUSED, State.REVERSED)


PAPERS = (
    Paper("proposal", "积分清零提议表", lambda case: True, _proposal),
    Paper("notice", "积分清零告知书", lambda case: True, _notice),
    Paper("decision", "积分清零审批决定", _is_decided, _decision),
    Paper("reversal", "撤销积分清零决定", lambda case: case.state == State.REVERSED, _reversal),
)


# ------------------------------------------------------------------ in common


def _common(case: ZeroingCase) -> Content:
    return {
        "member": case.member.name,
        "branch": case.branch.name,
        "number": str(case.pk),
        "to": "",
        "closing": [],
        "rights": [],
        "receipt": [],
    }


def _who(case: ZeroingCase) -> list[dict[str, str]]:
    return [_row("党员", f"{case.member.name}　编号{case.member.number}"), _row("党支部", case.branch.name)]


def _ground(case: ZeroingCase) -> list[dict[str, str]]:
    circumstance = queries.name_of_indicator(case.member.district_id, case.indicator, case.document_on)
    document = f"{case.get_document_kind_display()}　{case.issuer}　{case.document_number}　{_day(case.document_on)}"
    return [_row("清零的情形", circumstance), _row("依据的文件", document)]


def _row(label: str, text: str) -> dict[str, str]:
    return {"label": label, "text": text or ERASED}


def _sign(role: str, case: ZeroingCase, number: int | None, at: datetime | None) -> dict[str, str]:
    return {"role": role, "name": queries.names_behind(case).get(number or 0, ""), "date": _day(at)}


def _blank(role: str) -> dict[str, str]:
    return {"role": role, "name": "", "date": ""}


def _last_day(case: ZeroingCase) -> str:
    return _day((case.answer_until - timedelta(seconds=1)).astimezone(clock.SHANGHAI))


def _day(on: date | datetime | None) -> str:
    if on is None:
        return ""
    on = on.astimezone(clock.SHANGHAI) if isinstance(on, datetime) else on
    return f"{on.year}年{on.month}月{on.day}日"
