"""跟进文书 The talk record, the plan, the end of a follow-up and the slip of what was hoped of a member: filled from
what is on record, or as a form to be written by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pioneer.followups.models import Encouragement, Entry, FollowUp
from pioneer.followups.policies import Kind
from pioneer.followups.queries import day, standing, tier_of
from pioneer.kernel.erased import ERASED
from pioneer.papers.rendering import render

Content = dict[str, Any]
ROOM_FOR_VISITS = 5


@dataclass(frozen=True, slots=True)
class Paper:
    """一种文书"""

    kind: str
    title: str
    content: Callable[[FollowUp, dict[str, Entry], list[Entry]], Content]


def follow_up_pdf(found: FollowUp, kind: str, *, empty: bool = False) -> bytes:
    """做一份文书 PDF, A4. `empty`: only whom it is about. LookupError for a kind that does not exist."""
    paper = next((one for one in PAPERS if one.kind == kind), None)
    if paper is None:
        raise LookupError(f"没有“{kind}”这种文书")
    rows = [] if empty else standing(found)
    latest = {one.kind: one for one in rows}
    visits = [one for one in rows if one.kind == Kind.VISIT]
    return render("follow_up", {**_common(found), "title": paper.title, **paper.content(found, latest, visits)})


def encouragement_pdf(hope: Encouragement) -> bytes:
    """勉励单 To be handed to the member, with a receipt."""
    tier = tier_of(hope.told)
    return render(
        "follow_up",
        {
            "title": "勉励单", "member": hope.member.name, "branch": hope.branch.name, "number": str(hope.pk),
            "to": f"{hope.member.name}同志", "visits": [],
            "opening": [
                f"{_cycle(hope)}的结果已于{day(hope.told.announcement.held_on)}通报"
                f"{f'，等次为{tier.name}' if tier else ''}。支部对您的希望和要求如下："
            ],
            "rows": [
                _row("希望和要求", hope.text or ERASED, 60),
                _row("谈话人", hope.spoken_by or ERASED),
                _row("谈话日期", day(hope.spoken_on)),
                _row("本人的话", "", 50),
            ],
            "closing": ["您有话要说的，可以写在上面交给支部，或在“我的勉励和帮教”里写。"],
            "signatures": [_blank("党支部（盖章）"), _blank("本人签收")],
        },
    )  # fmt: skip


# ------------------------------------------------------------------ the three


def _talk(found: FollowUp, latest: dict[str, Entry], visits: list[Entry]) -> Content:
    talk = latest.get(Kind.TALK)
    by = talk.person if talk and talk.person else latest[Kind.ASSIGNED].person if Kind.ASSIGNED in latest else None
    return {
        "opening": [_ground(found)],
        "rows": [
            *_who(found),
            _row("谈话人", by.name if by else ""),
            _row("时间", day(talk.on) if talk else ""),
            _row("地点", talk.place if talk else ""),
            _row("在场人", talk.people if talk else ""),
            _row("谈话内容", talk.text if talk else "", 58),
            _row("本人的话", talk.words if talk else "", 38),
        ],
        "closing": ["本记录读给本人听过，或由本人看过。本人认为不符的，可以另写说明，与本记录一并保存。"],
        "signatures": [_blank("谈话人"), _blank("记录人"), _blank("本人")],
    }


def _plan(found: FollowUp, latest: dict[str, Entry], visits: list[Entry]) -> Content:
    plan, paired = latest.get(Kind.PLAN), latest.get(Kind.PAIRED)
    until = found.due_on if plan else None
    written = [{"on": day(one.on), "text": one.text} for one in visits]
    room = [{"on": "", "text": ""}] * max(0, ROOM_FOR_VISITS - len(written))
    return {
        "opening": [_ground(found)],
        "rows": [
            *_who(found),
            _row("帮带人", paired.person.name if paired and paired.person else ""),
            _row("定计划日期", day(plan.on) if plan else ""),
            _row("期限", f"到{day(until)}" if until else ""),
            _row("计划", plan.text if plan else "", 30),
        ],
        "visits": written + room,
        "signatures": [_blank("帮带人"), _blank("本人"), _blank("党支部")],
    }


def _end(found: FollowUp, latest: dict[str, Entry], visits: list[Entry]) -> Content:
    decided, confirmed, talk = latest.get(Kind.DECIDED), latest.get(Kind.CONFIRMED), latest.get(Kind.TALK)
    ended = latest.get(Kind.ENDED)
    outcome = FollowUp.Outcome(decided.outcome).label if decided else FollowUp.Outcome.ENDED.label if ended else ""
    reason = decided.text if decided else ended.text if ended else ""
    return {
        "opening": [_ground(found)],
        "rows": [
            *_who(found),
            _row("警示谈话", f"{day(talk.on)}　{talk.place}" if talk else ""),
            _row("结对帮带", found.helper.name if talk and found.helper else ""),
            _row("走访", f"{len(visits)}次，最近一次{day(visits[-1].on)}" if visits else ""),
            _row("结论", str(outcome)),
            _row("作出结论", f"{day(decided.on)}　{decided.people}" if decided else ""),
            _row("理由", reason, 44),
            _row("确认", day(confirmed.on) if confirmed else ""),
        ],
        "closing": ["本人对结论有意见的，可以向支部或上级党组织说明。"],
        "signatures": [_blank("党支部书记"), _blank("确认人"), _blank("本人")],
    }


PAPERS = (
    Paper("talk", "警示谈话记录", _talk),
    Paper("plan", "结对帮带计划表", _plan),
    Paper("closing", "帮教了结表", _end),
)


# ------------------------------------------------------------------ in common


def _common(found: FollowUp) -> Content:
    return {
        "member": found.member.name, "branch": found.branch.name, "number": str(found.pk), "to": "", "closing": [],
        "visits": [],
    }  # fmt: skip


def _ground(found: FollowUp) -> str:
    tier = tier_of(found.told)
    said = f"，等次为{tier.name}" if tier else ""
    return f"{_cycle(found)}的结果已于{day(found.announced_on)}通报{said}，按办法由专人谈话、结对帮带，跟踪到改正为止。"


def _cycle(one: FollowUp | Encouragement) -> str:
    return f"{day(one.first_on)}至{day(one.last_on)}"


def _who(found: FollowUp) -> list[Content]:
    return [_row("党员", f"{found.member.name}　编号{found.member.number}"), _row("党支部", found.branch.name)]


def _row(label: str, text: str, height: int = 7) -> Content:
    return {"label": label, "text": text, "height": height}


def _blank(role: str) -> dict[str, str]:
    return {"role": role, "name": "", "date": ""}
