"""帮教记录的写入 Plain functions within the operations: fetch and lock, hand over to the branch of today, what day a
step may bear, and one entry more."""

from datetime import date
from typing import Any

from pioneer.accounts.policies import AnyActor
from pioneer.conduct.queries import must_step_aside, relatives_of
from pioneer.followups.models import Entry, FollowUp
from pioneer.followups.policies import Kind, State, require_not_aside
from pioneer.followups.queries import day, follow_up_for, is_gone, people_for, standing
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, bad
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.messages.services import tell
from pioneer.rulebook.queries import deadline
from pioneer.scoring.model import Parameter

LONGEST = 2000
STEPS = frozenset(set(Kind) - {Kind.MOVED, Kind.ENDED})  # whose days follow one another
OWN_PAGE = "/my/followups/"


def locked(actor: AnyActor, follow_up_id: int) -> FollowUp:
    """取来办理 Seen by the actor, under lock, held by the member's branch of today, which says so by an entry."""
    seen = follow_up_for(actor, follow_up_id)
    found = FollowUp.objects.select_for_update(of=("self",)).select_related("member", "branch").get(pk=seen.pk)
    branch = members.branch_on(found.member, clock.today())
    if branch is None or branch.pk == found.branch_id or found.state == State.CLOSED:
        return found
    before, found.branch = found.branch, branch
    found.save(update_fields=["branch"])
    add(found, Kind.MOVED, actor, clock.today(), text=f"党员已由{before.name}转入{branch.name}，由现支部接着帮教。")
    tell_member(found, "moved", str(branch.pk), "您的帮教转由现支部办理", f"您已转入{branch.name}，由它接着帮教。")
    return found


def require_active(actor: AnyActor, found: FollowUp) -> None:
    """须可继续 Nobody deals with oneself or a relative; nothing goes on with who has gone, or after the end."""
    require_not_aside(must_step_aside(actor, found.member))
    if found.state == State.CLOSED:
        raise DomainError("closed", f"这项帮教已于{day(found.closed_on)}了结，不能再登记。")
    if is_gone(found.member):
        raise DomainError("gone", f"{found.member.name}已不在花名册上，帮教不再继续，请办理“终止帮教”。")


def require_state(found: FollowUp, *states: str) -> None:
    """须在这一步 None is skipped, none taken twice."""
    if found.state not in states:
        raise DomainError(
            "not_now",
            f"这项帮教现在是“{found.get_state_display()}”，还不能办理或已经办过这一步，请按页面上的下一步办理。",
        )


def last_on(found: FollowUp) -> date:
    """上一步的日期 The day of the announcement before the first."""
    return max([one.on for one in standing(found) if one.kind in STEPS], default=found.announced_on)


def check_day(found: FollowUp, on: date, earliest: date | None = None) -> list[Fault]:
    """日期须合次序 Not in the future, not before the announcement, not before the step before."""
    since = max(found.announced_on, earliest if earliest is not None else last_on(found))
    if on > clock.today():
        return [Fault("日期", "日期不能晚于今天，请在办理以后登记。")]
    if on < since:
        what = "通报" if since == found.announced_on else "上一步"
        return [Fault("日期", f"日期不能早于{what}的日期（{day(since)}），请核对。")]
    return []


def check_texts(texts: dict[str, tuple[str, int]]) -> list[Fault]:
    """须写明 Each text by its label, with how long it may be."""
    faults = [Fault(label, f"请写明{label}。") for label, (text, _) in texts.items() if not text.strip()]
    faults += [Fault(label, f"最多{most}个字。") for label, (text, most) in texts.items() if len(text) > most]
    return faults


def refuse(faults: list[Fault]) -> None:
    """列出错误 All of them together."""
    if faults:
        raise BadInput(faults)


def person_for(found: FollowUp, person_id: int, label: str) -> Member:
    """选定的人 A full member of the branch of today, not the member itself, no declared relative."""
    relatives = relatives_of(found.member_id)
    if person_id == found.member_id:
        raise bad(label, "不能选本人，请另选一位党员。")
    if person_id in relatives:
        raise bad(label, f"这位同志是{found.member.name}申明的亲属，须回避，请另选一位党员。")
    if person_id not in {one.number for one in people_for(found, relatives)}:
        raise bad(label, f"请从{found.branch.name}现在的正式党员中选一位。")
    return Member.objects.get(pk=person_id)


def due(found: FollowUp, parameter: Parameter | None, start: date) -> date | None:
    """期限 None where the rulebook names none, or no holiday table says."""
    if parameter is None:
        return None
    try:
        return deadline(parameter, start)
    except DomainError:
        return None


def add(found: FollowUp, kind: str, actor: AnyActor, on: date, **values: Any) -> Entry:
    """记一条 At the end."""
    last = found.entries.order_by("-number").values_list("number", flat=True).first() or 0
    return Entry.objects.create(
        follow_up=found,
        number=last + 1,
        kind=kind,
        on=on,
        branch=found.branch,
        by_number=actor.number,
        created_at=clock.now(),
        **values,
    )


def told_how(member: Member, given: str) -> str:
    """如何告知 By a message, or as written where the member has no account."""
    given = given.strip()
    if len(given) > 200:
        raise bad("如何告知", "最多200个字。")
    if member.user_id is None and not given:
        raise bad("如何告知", f"{member.name}没有账号，请写明当面告知的情况：本人签收的日期，或两位见证人的姓名。")
    return given or "站内消息"


def tell_member(found: FollowUp, what: str, reference: str, title: str, text: str) -> None:
    """告知本人"""
    tell(found.member.user_id, f"followups.{what}", f"{found.pk}.{reference}", title, text, OWN_PAGE)


def tell_person(found: FollowUp, what: str, reference: str, person: Member, title: str, text: str) -> None:
    """告知受托的人 Who is to talk, or who helps."""
    tell(person.user_id, f"followups.{what}", f"{found.pk}.{reference}", title, text, f"/followups/{found.pk}/")
