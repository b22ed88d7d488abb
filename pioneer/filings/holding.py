"""本人的备案记录 What this station holds of a person, for the file that it may take away."""

from pioneer.filings import queries
from pioneer.filings.models import Amendment
from pioneer.kernel.points import show
from pioneer.members.dossier import Section
from pioneer.members.models import Member


def _points(one: Amendment) -> str:
    if one.kind != Amendment.Kind.POINTS:
        return str(one.get_kind_display())
    return f"{show(int(one.was_points), signed=True)} → {show(int(one.now_points), signed=True)}"


def sections(member: Member) -> list[Section]:
    """备案和更正 What the member sees of it."""
    return [
        Section(
            "备案",
            ("周期", "单位", "第几次", "备案号", "接收日期"),
            tuple(
                (queries.text_of(one), one.unit.name, str(one.revision), one.number, one.decided_at)
                for one in queries.own_filings(member)
            ),
        ),
        Section(
            "备案的更正",
            ("周期", "指标", "日期", "分值", "得分", "事由", "依据", "状态", "本人意见", "审批理由"),
            tuple(
                (
                    *(queries.text_of(one.filing), one.indicator, one.event_on),
                    _points(one),
                    f"{show(int(one.was_score))} → {show(int(one.now_score))}",
                    *(one.ground, one.document, one.get_state_display(), one.statement, one.decision_reason),
                )
                for one in queries.own_amendments(member)
            ),
        ),
        Section(
            "备案退回时对本人一条的说明",
            ("周期", "说明"),
            tuple((queries.text_of(one.filing), one.reason) for one in queries.own_returned(member)),
        ),
    ]
