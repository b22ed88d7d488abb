"""本人的认定和处置 What this station holds of a person, for the file that it may take away."""

from pioneer.disposals import queries
from pioneer.disposals.models import Case, ExemptionAnswer, Finding, Step
from pioneer.disposals.showing import not_counted_text, steps_of, votes_text
from pioneer.kernel.points import show
from pioneer.members.dossier import Section
from pioneer.members.models import Member
from pioneer.results.cycles import cycle_text
from pioneer.scoring import Cycle


def sections(member: Member) -> list[Section]:
    """认定、处置和本人意见"""
    answers = ExemptionAnswer.objects.filter(member=member)
    return [
        Section(
            "免评不适用",
            ("周期起日", "问题", "由谁认定", "日期", "理由"),
            tuple((one.first_on, one.get_ground_display(), one.by, one.on, one.reason) for one in answers),
        ),
        Section(
            "不合格认定",
            ("周期", "得分", "等次", "原因", "支部说明", "告知", "本人答复", "表决", "讨论情况", "状态", "审批理由"),
            tuple(_finding(one) for one in Finding.objects.filter(member=member)),
        ),
        Section(
            "组织处置",
            ("处置", "状态", "步骤", "日期", "结果", "内容", "本人意见", "终止理由"),
            tuple(row for case in Case.objects.filter(member=member) for row in _case(case)),
        ),
        Section(
            "没有计入应到会的党员大会",
            ("大会日期", "支部", "情形", "依据", "上级同意"),
            tuple((one.on, one.branch, one.ground, one.note, one.consent) for one in queries.not_counted(member)),
        ),
    ]


def _finding(one: Finding) -> tuple[object, ...]:
    return (
        *(cycle_text(Cycle(one.first_on, one.last_on)), show(one.score), one.tier_name),
        *("\n".join(one.causes), one.remarks, one.told_how, one.statement),
        *(_voted(one) if one.met_on else "", one.meeting_note, one.get_state_display(), one.decision_reason),
    )


def _voted(one: Finding) -> str:
    left_out = not_counted_text(one.not_counted.select_related("member"))
    return "\n".join(text for text in (votes_text(one), left_out) if text)


def _case(case: Case) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for step in steps_of(case, with_texts=True):
        if step.state != "done":
            continue
        content = "\n".join(f"{label}：{text}" for label, text in step.facts)
        outcome = "；".join(one for one in (step.outcome, step.votes) if one)
        reply = step.reply.content if step.reply else ""
        state = (case.get_kind_display(), case.get_state_display())
        rows.append((*state, Step.Kind(step.kind).label, step.on, outcome, content, reply, case.ended_why))
    return rows
