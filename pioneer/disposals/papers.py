"""组织处置的文书 Proposal, prior-filing report, talk record, resolution, notice and answer, filled from the case; what
has not been done yet is left to be written by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pioneer.disposals import grounds, queries, showing
from pioneer.disposals.models import Case, Finding, Step
from pioneer.kernel.erased import ERASED
from pioneer.kernel.points import show
from pioneer.members import spells
from pioneer.papers.rendering import render
from pioneer.results.cycles import cycle_text
from pioneer.scoring import Cycle

Content = dict[str, Any]
Kind = Step.Kind
RIGHTS = [
    "一、知情。每一步都告知本人，可以要求看所依据的材料。",
    "二、申辩。每一步都可以书面或口头说明意见；党员大会讨论时，可以到会说明。",
    "三、申诉。对决定不服的，可以向作出决定的党组织或上级党组织申诉。",
]


@dataclass(frozen=True, slots=True)
class Paper:
    """一种文书"""

    kind: str
    title: str
    content: Callable[[Any], Content]


def case_pdf(case: Case, kind: str) -> bytes:
    """做一份处置文书 PDF, A4. LookupError for a kind that does not exist."""
    return _pdf(CASE_PAPERS, case, kind)


def finding_pdf(found: Finding, kind: str) -> bytes:
    """做一份认定文书"""
    return _pdf(FINDING_PAPERS, found, kind)


def _pdf(papers: tuple[Paper, ...], about: Any, kind: str) -> bytes:
    paper = next((one for one in papers if one.kind == kind), None)
    if paper is None:
        raise LookupError(f"没有“{kind}”这种文书")
    common = {"member": about.member.name, "branch": about.branch.name, "number": str(about.pk), "to": ""}
    rest: Content = {"closing": [], "rights": [], "receipt": [], "vote": []}
    return render("disposal", {**common, **rest, "title": paper.title, **paper.content(about)})


# ------------------------------------------------------------------ the finding


def _finding_proposal(found: Finding) -> Content:
    until = spells.said(found.answer_until)
    return {
        "opening": [
            "根据已经通报的年度评定结果，现提出对下列党员作不合格认定，提请支部党员大会讨论表决，报乡镇（街道）审批。"
        ],
        "rows": [
            *_who(found),
            *_result(found),
            _row("原因（系统从台账列出）", _numbered(found.causes)),
            _row("支部的说明", found.remarks or "没有另写说明。"),
            _row("告知本人", f"{spells.said(found.proposed_on)}　{found.told_how}"),
            _row("本人答复", found.statement or ("" if found.statement_on is None else ERASED), 3),
        ],
        "closing": [f"本人可以在{until}24时之前答复。认定只记录在案，不改变党籍和党员权利。"],
        "rights": RIGHTS,
        "signatures": [_sign("提出人", found.proposed_by_number, found.proposed_on), _blank("支部书记")],
        "receipt": [_blank("本人"), _blank("见证人"), _blank("见证人")],
    }


def _finding_resolution(found: Finding) -> Content:
    carried = {True: "通过，报乡镇（街道）审批", False: "未通过"}
    said = "" if found.met_on is None else carried[found.state != Finding.State.NOT_ADOPTED]
    return {
        "opening": ["支部党员大会讨论了对下列党员的不合格认定，听取了本人的答复，经表决，决议如下。"],
        "rows": [
            *_who(found),
            *_result(found),
            _row("大会日期", _day(found.met_on)),
            _left_out(found if found.met_on else None),
            _row("讨论情况", found.meeting_note, 3),
            _row("决议", said),
            _row("乡镇（街道）审批", _finding_decision(found), 2),
        ],
        "vote": _vote(found),
        "signatures": [_blank("支部书记"), _blank("记录人"), _blank("乡镇（街道）党委（党工委）（盖章）")],
    }


def _finding_decision(found: Finding) -> str:
    if found.decided_on is None:
        return ""
    said = "批准" if found.state == Finding.State.APPROVED else "退回"
    return f"{said}。{found.decision_reason}（{spells.said(found.decided_on)}）"


def _result(found: Finding) -> list[dict[str, Any]]:
    cycle = cycle_text(Cycle(found.first_on, found.last_on))
    told = f"{spells.said(found.announcement.held_on)}在{found.announcement.unit.name}组织生活会上通报"
    return [_row("年度评定结果", f"{cycle}　{show(found.score)}分　{found.tier_name}"), _row("通报", told)]


# ------------------------------------------------------------------ the case


def _proposal(case: Case) -> Content:
    step = _step(case, Kind.PROPOSED)
    return {
        "opening": ["经支部委员会研究，现提议对下列党员作组织处置。"],
        "rows": [
            *_who(case),
            _row("处置方式", _what(case)),
            _row("依据的备案结果", _numbered([grounds.ground_text(one.former) for one in case.grounds.all()])),
            _row("支委会日期", _on(step)),
            _row("参加人员", _text(step, "people")),
            _row("提议的理由", _text(step, "content"), 4),
            _row("本人意见", _reply(step), 3),
        ],
        "rights": RIGHTS,
        "signatures": [_blank("支部书记"), _blank("支部委员"), _blank("支部委员")],
    }


def _report(case: Case) -> Content:
    step, answer = _step(case, Kind.PROPOSED), _step(case, Kind.PRIOR_FILED)
    return {
        "to": "基层党委（党工委）",
        "opening": [
            f"{_committee(case.branch.name)}{_on(step)}研究，提议对{case.member.name}同志{_what(case)}，现报请预审。同意后开展调查核实。"
        ],
        "rows": [
            *_who(case),
            _row("处置方式", _what(case)),
            _row("依据的备案结果", _numbered([grounds.ground_text(one.former) for one in case.grounds.all()])),
            _row("提议的理由", _text(step, "content"), 4),
            _row("支部文号", _text(step, "document")),
            _row("预审意见", _answered(answer), 3),
            _row("预审日期、文号", _dated(answer)),
        ],
        "signatures": [_blank("党支部（盖章）"), _blank("基层党委（党工委）（盖章）")],
    }


def _talk(case: Case) -> Content:
    step, found = _step(case, Kind.TALKED), _step(case, Kind.INVESTIGATED)
    talkers = f"{step.first_talker}、{step.second_talker}" if step else ""
    opinion = _text(step, "opinion")
    witnesses = "本人说明了意见，不需要见证人。"
    if step is not None and step.spoke is False:
        opinion, witnesses = "本人拒绝说明意见。", _text(step, "people")
    return {
        "opening": ["谈话由两位正式党员进行，向本人讲明拟作的处置、依据和调查核实的情况，听取本人意见，照原话记录。"],
        "rows": [
            *_who(case),
            _row("拟作的处置", _what(case)),
            _row("调查人、核实的情况", "　".join(x for x in (_text(found, "people"), _text(found, "content")) if x), 3),
            _row("谈话日期", _on(step)),
            _row("谈话人", talkers),
            _row("谈话内容", _text(step, "content"), 4),
            _row("本人意见", opinion, 5),
            _row("拒绝说明的，见证人", witnesses if step else ""),
        ],
        "closing": ["以上记录已读给本人听（或由本人阅读），记录无误。"],
        "signatures": [_blank("本人"), _blank("谈话人"), _blank("谈话人")],
    }


def _resolution(case: Case) -> Content:
    step = _step(case, Kind.VOTED)
    said = (
        ""
        if step is None
        else f"同意对{case.member.name}同志{_what(case)}，报上级审批"
        if step.agreed
        else "未通过，处置终结"
    )
    return {
        "opening": ["支部党员大会听取了调查核实和谈话的情况，本人可以到会说明。经讨论和表决，决议如下。"],
        "rows": [
            *_who(case),
            _row("拟作的处置", _what(case)),
            _row("大会日期", _on(step)),
            _left_out(step),
            _row("本人到会和说明的情况", _text(step, "content"), 4),
            _row("决议", said, 2),
        ],
        "vote": _vote(step),
        "signatures": [_blank("大会主持人"), _blank("记录人"), _blank("监票人")],
    }


def _notice(case: Case) -> Content:
    approved, above, told = (_step(case, kind) for kind in (Kind.APPROVED, Kind.APPROVED_ABOVE, Kind.ANNOUNCED))
    final = above or approved
    until = queries.appeal_ends(case) if told else None
    last = spells.said(until) if until else "办法规定的期限"
    rows = [*_who(case), _row("决定", _what(case)), _row("支部大会决议", _on(_step(case, Kind.VOTED)))]
    rows.append(_row("基层党委审批", _dated(approved)))
    if case.kind != Case.Kind.CORRECTION:
        rows.append(_row("上级审批", _dated(above)))
    rows.append(_row("宣布", _on(told)))
    if case.kind == Case.Kind.CORRECTION:
        ends = queries.correction_ends(case, told.on) if told else None
        rows.append(
            _row(
                "改正期限", f"{case.months}个月，至{spells.said(ends)}" if ends else f"{case.months}个月，自宣布之日起"
            )
        )
    closing = [_CONSEQUENCE[Case.Kind(case.kind)]]
    if case.state == Case.State.REVOKED:
        closing = ["申诉成立，本决定已经撤销，不产生任何影响。"]
    return {
        "to": f"{case.member.name}同志",
        "opening": [f"经支部党员大会讨论，{_on(final) or '　　年　　月　　日'}批准，决定对您{_what(case)}。"],
        "rows": rows,
        "closing": closing,
        "rights": [
            f"对本决定不服的，可以在{last}前向作出决定的党组织或上级党组织申诉。申诉可以本人提出，也可以请人代为递交。"
        ],
        "signatures": [_blank("党组织（盖章）")],
        "receipt": [_blank("本人"), _blank("见证人"), _blank("见证人")],
    }


_CONSEQUENCE = {
    Case.Kind.CORRECTION: "请在期限内改正。期满由支部评议改正情况。",
    Case.Kind.ADVICE: "请在收到后答复是否接受劝告。坚持不退的，按程序予以除名。退党的，五年内不能重新入党。",
    Case.Kind.REMOVAL: "自批准之日起，不再保留党籍。被除名的，五年内不能重新入党。",
}


def _appeal(case: Case) -> Content:
    filed, answer = _step(case, Kind.APPEALED), _step(case, Kind.APPEAL_ANSWERED)
    said = "" if answer is None else "申诉成立，撤销原处置" if answer.agreed else "申诉不成立，维持原决定"
    return {
        "to": f"{case.member.name}同志",
        "opening": [f"您{_on(filed) or '　　年　　月　　日'}提出的申诉，经复查，答复如下。"],
        "rows": [
            *_who(case),
            _row("原决定", _what(case)),
            _row("申诉的理由", _text(filed, "opinion"), 4),
            _row("答复", said, 2),
            _row("理由", _text(answer, "content"), 4),
            _row("日期、文号", _dated(answer)),
        ],
        "closing": ["处置自始不产生任何影响。"] if answer is not None and answer.agreed else [],
        "signatures": [_blank("答复的党组织（盖章）")],
        "receipt": [_blank("本人"), _blank("党支部")],
    }


CASE_PAPERS = (
    Paper("proposal", "组织处置提议", _proposal),
    Paper("report", "组织处置预审报告", _report),
    Paper("talk", "组织处置谈话记录", _talk),
    Paper("resolution", "支部党员大会决议", _resolution),
    Paper("notice", "组织处置决定通知书", _notice),
    Paper("appeal", "申诉答复书", _appeal),
)
FINDING_PAPERS = (
    Paper("proposal", "不合格认定提议", _finding_proposal),
    Paper("resolution", "不合格认定大会决议", _finding_resolution),
)


# ------------------------------------------------------------------ in common


def what_of(case: Case) -> str:
    """处置方式的说法 "限期6个月改正"."""
    return f"限期{case.months}个月改正" if case.months else str(case.get_kind_display())


_what = what_of


def _committee(branch: str) -> str:
    """委员会的名称 "槐园社区第一党支部委员会"; of a village that is its branch, "柳沟村党支部委员会"."""
    return f"{branch}委员会" if branch.endswith("支部") else f"{branch}党支部委员会"


def _who(about: Case | Finding) -> list[dict[str, Any]]:
    return [_row("党员", f"{about.member.name}　编号{about.member.number}"), _row("党支部", about.branch.name)]


def _row(label: str, text: str, lines: int = 1) -> dict[str, Any]:
    return {"label": label, "text": text, "lines": lines}


def _numbered(sentences: list[str]) -> str:
    return "\n".join(f"{place}. {said}" for place, said in enumerate(sentences, start=1)) or ERASED


def _step(case: Case, kind: Kind) -> Step | None:
    found = case.steps.filter(kind=kind).select_related("text", "reply", "first_talker", "second_talker")
    return found.first()


def _text(step: Step | None, name: str) -> str:
    if step is None:
        return ""
    return ERASED if step.text.erased_at else str(getattr(step.text, name))


def _reply(step: Step | None) -> str:
    reply = getattr(step, "reply", None)
    return "" if reply is None else str(reply.content or ERASED)


def _on(step: Step | None) -> str:
    return spells.said(step.on) if step else ""


def _day(on: date | None) -> str:
    return spells.said(on) if on else ""


def _answered(step: Step | None) -> str:
    if step is None:
        return ""
    return f"{'同意' if step.agreed else '不同意'}。{_text(step, 'content')}"


def _dated(step: Step | None) -> str:
    return f"{_on(step)}　{_text(step, 'document')}" if step else ""


def _vote(voted: Step | Finding | None) -> list[dict[str, str]]:
    labels = {"with_vote": "有表决权", "present": "到会", "in_favour": "赞成", "against": "反对", "abstained": "弃权"}
    found = {name: getattr(voted, name, None) for name in labels}
    figures = [
        {"label": said, "text": "" if found[name] is None else str(found[name])} for name, said in labels.items()
    ]
    if voted is None or not voted.left_out:
        return figures
    all_told = {"label": "有表决权", "text": str((voted.with_vote or 0) + voted.left_out)}
    left_out = {"label": "不计入", "text": str(voted.left_out)}
    return [all_told, left_out, {**figures[0], "label": "应到会"}, *figures[1:]]


def _left_out(voted: Step | Finding | None) -> dict[str, Any]:
    """Of a meeting not held yet, a line to write on."""
    if voted is None:
        return _row(showing.LEFT_OUT, "", 2)
    said = showing.not_counted_text(voted.not_counted.select_related("member"))
    return _row(showing.LEFT_OUT, said or "没有。")


def _sign(role: str, number: int | None, on: date | None) -> dict[str, str]:
    return {"role": role, "name": queries.names([number]).get(number or 0, ""), "date": _day(on)}


def _blank(role: str) -> dict[str, str]:
    return {"role": role, "name": "", "date": ""}
