"""所存的通报和预警 What is held of announcements made to a member, and of alarm lines it touched, to take away."""

from pioneer.kernel.points import show
from pioneer.members.dossier import Section
from pioneer.members.models import Member
from pioneer.results.alarm_queries import alarms_of
from pioneer.results.announcing_papers import has_score
from pioneer.results.announcing_queries import told_results
from pioneer.results.cycles import cycle_text
from pioneer.results.settlement_queries import WHY, tier_names
from pioneer.scoring import Cycle

PRESENT = {True: "到会", False: "没有到会", None: ""}


def told_section(member_id: int) -> Section:
    """年度评定通报 Each with the result, whether the member was there, and what it answered."""
    headings = (
        "周期",
        "会议日期",
        "评定组织",
        "得分",
        "等次",
        "不定等次的原因",
        "到会",
        "告知单",
        "答复",
        "不同意见",
        "答复日期",
    )
    rows = []
    for one in told_results(member_id):
        held, result = one.announcement, one.result
        rows.append(
            (
                *(cycle_text(Cycle(held.first_on, held.last_on)), held.held_on, held.unit.name),
                show(result.score) if has_score(result) else "",
                *(tier_names(held.settlement).get(result.tier, result.tier), WHY.get(result.why, result.why)),
                PRESENT[one.was_present],
                f"{one.handed_on} {one.handed_how}" if one.handed_on else "",
                *(one.get_answer_display() if one.answer else "", one.words, one.answered_on),
            )
        )
    return Section("年度评定通报", headings, tuple(rows))


def alarm_section(member: Member) -> Section:
    """触及的预警线"""
    rows = tuple(
        (cycle_text(Cycle(one.first_on, one.last_on)), one.code, one.on, show(one.score)) for one in alarms_of(member)
    )
    return Section("触及预警线", ("周期", "预警线", "日期", "当时得分"), rows)
