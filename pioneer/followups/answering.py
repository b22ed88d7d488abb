"""本人的话与更正 What the member says to an entry, and what corrects one."""

from datetime import date

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.conduct.policies import is_self
from pioneer.conduct.queries import must_step_aside
from pioneer.followups.entries import LONGEST, add, check_day, check_texts, locked, refuse, require_active, tell_member
from pioneer.followups.models import Encouragement, Entry, FollowUp, Reply
from pioneer.followups.policies import CORRECTABLE, Kind, require_not_aside, require_talks, require_visits
from pioneer.followups.queries import day, encouragement_for, entry_for, standing
from pioneer.followups.services import start
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, Fault
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation


@operation("followups.answer_entry")
def answer_entry(*, actor: AnyActor, entry_id: int, text: str, how: str = "") -> Reply:
    """说明情况 To an entry, at any time, in the member's own words; or taken down by its branch, saying how."""
    entry = entry_for(actor, entry_id)
    return _reply(actor, entry.follow_up.member, text, how, entry=entry)


@operation("followups.answer_encouragement")
def answer_encouragement(*, actor: AnyActor, encouragement_id: int, text: str, how: str = "") -> Reply:
    """回应勉励 Likewise, to what was hoped of it."""
    hope = encouragement_for(actor, encouragement_id)
    return _reply(actor, hope.member, text, how, hope=hope)


@operation("followups.correct_entry")
def correct_entry(
    *, actor: AnyActor, entry_id: int, on: date, text: str, place: str = "", people: str = "", words: str = ""
) -> Entry:
    """更正记录 A talk, a visit or a plan's text, by a further entry; what was written stays to be seen. Its day keeps
    the order of the steps."""
    seen = entry_for(actor, entry_id)
    found = locked(actor, seen.follow_up_id)
    entry = Entry.objects.get(pk=entry_id)
    {Kind.TALK: require_talks, Kind.VISIT: require_visits}.get(Kind(entry.kind), _require_branch)(actor, found)
    require_active(actor, found)
    if entry.kind not in CORRECTABLE:
        raise DomainError("not_correctable", "这一条不用更正：换人、改期限、改结论，请办理相应的一步。")
    if Entry.objects.filter(corrects=entry).exists():
        raise DomainError("corrected_already", "这一条已经更正过，请更正最后的那一条。")
    texts = {"计划" if entry.kind == Kind.PLAN else "内容": (text, LONGEST)}
    if entry.kind == Kind.TALK:
        texts |= {"地点": (place, 80), "在场人": (people, 200), "本人的话": (words, LONGEST)}
    refuse(_check_between(found, entry, on) + check_texts(texts))
    values = {"place": place, "people": people, "words": words} if entry.kind == Kind.TALK else {}
    made = add(
        found, entry.kind, actor, on, text=text.strip(), person=entry.person, due_on=entry.due_on, corrects=entry,
        **{name: value.strip() for name, value in values.items()},
    )  # fmt: skip
    _count_anew(found)
    tell_member(found, "corrected", str(made.number), f"{entry.get_kind_display()}的记录有更正", "请核对更正后的记录。")
    return made


def _require_branch(actor: AnyActor, found: FollowUp) -> None:
    require(actor, Act.FOLLOW_UP, found.branch)


def _check_between(found: FollowUp, entry: Entry, on: date) -> list[Fault]:
    """Between the step before and the one after, as they stand."""
    rows = [one for one in standing(found) if one.kind not in (Kind.MOVED, Kind.ENDED)]
    place = [one.pk for one in rows].index(entry.pk)
    faults = check_day(found, on, rows[place - 1].on if place else found.announced_on)
    if not faults and place + 1 < len(rows) and on > rows[place + 1].on:
        faults.append(Fault("日期", f"日期不能晚于下一步的日期（{day(rows[place + 1].on)}），请核对。"))
    return faults


def _count_anew(found: FollowUp) -> None:
    """The next visit is counted from the last one as it stands."""
    if found.state == "planned":
        counted = [one.on for one in standing(found) if one.kind in (Kind.VISIT, Kind.PLAN)]
        start(found, max(counted), found.due_on)


def _reply(
    actor: AnyActor, member: Member, text: str, how: str, entry: Entry | None = None, hope: Encouragement | None = None
) -> Reply:
    own = is_self(actor, member)
    faults = check_texts({"说明": (text, LONGEST)})
    if not own:
        require(actor, Act.FOLLOW_UP, _branch_of(member, entry, hope), "由本人说明，或由支部代为记下。")
        require_not_aside(must_step_aside(actor, member))
        if not how.strip() or len(how) > 200:
            faults.append(Fault("如何代录", "请写明是怎样代录的，例如“本人口述，当面读给本人听后签字”，最多200个字。"))
    refuse(faults)
    return Reply.objects.create(
        entry=entry, encouragement=hope, text=text.strip(), taken_how="" if own else how.strip(),
        by_number=actor.number, created_at=clock.now(),
    )  # fmt: skip


def _branch_of(member: Member, entry: Entry | None, hope: Encouragement | None) -> Organisation:
    """The member's last branch; where it never had one, the branch that wrote."""
    last = members.last_branch(member)
    if last is not None:
        return last
    return entry.follow_up.branch if entry is not None else hope.branch  # type: ignore[union-attr]
