"""跟进中保存的本人资料 For what a member takes away: what was hoped, every entry of its follow-ups, its own words."""

from pioneer.followups.models import Encouragement, Entry, Reply
from pioneer.members.dossier import Section


def sections(member_id: int) -> list[Section]:
    """勉励和帮教"""
    hopes = Encouragement.objects.filter(member=member_id).select_related("branch").order_by("first_on", "number")
    entries = Entry.objects.filter(follow_up__member=member_id).select_related("person", "branch", "corrects")
    replies = Reply.objects.filter(entry__follow_up__member=member_id).select_related("entry")
    answers = Reply.objects.filter(encouragement__member=member_id).select_related("encouragement")
    return [
        Section(
            "勉励",
            ("周期", "支部", "希望和要求", "谈话人", "日期", "告知"),
            tuple(
                (one.first_on, one.branch.name, one.text, one.spoken_by, one.spoken_on, one.told_how) for one in hopes
            ),
        ),
        Section(
            "帮教记录",
            ("序号", "记录", "日期", "支部", "人员", "地点", "内容", "本人的话", "期限", "结论", "更正第几条"),
            tuple(
                (
                    *(str(one.number), one.get_kind_display(), one.on, one.branch.name),
                    "；".join(part for part in (one.person.name if one.person else "", one.people) if part),
                    *(one.place, one.text, one.words, one.due_on, one.get_outcome_display()),
                    str(one.corrects.number) if one.corrects else "",
                )
                for one in entries.order_by("follow_up_id", "number")
            ),
        ),
        Section(
            "对勉励和帮教的说明",
            ("对哪一条", "本人的话", "代录", "时间"),
            (
                *(
                    (f"帮教记录第{one.entry.number}条", one.text, one.taken_how, one.created_at)
                    for one in replies
                    if one.entry
                ),
                *(("勉励", one.text, one.taken_how, one.created_at) for one in answers),
            ),
        ),
    ]
