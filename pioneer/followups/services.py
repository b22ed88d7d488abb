"""跟进的写入 Hopes told, follow-ups opened, and their steps in order: who talks, the talk, who helps, the plan, visits,
more time. The end stands in `deciding.py`, what the member says and what is corrected in `answering.py`."""

from datetime import date

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.conduct.queries import must_step_aside
from pioneer.followups.entries import (
    LONGEST,
    OWN_PAGE,
    add,
    check_day,
    check_texts,
    due,
    locked,
    person_for,
    refuse,
    require_active,
    require_state,
    tell_member,
    tell_person,
    told_how,
)
from pioneer.followups.models import Encouragement, Entry, FollowUp
from pioneer.followups.policies import Kind, State, require_not_aside, require_talks, require_visits
from pioneer.followups.queries import (
    ENCOURAGE,
    HELP,
    branch_for,
    called,
    cycles_of,
    day,
    follow_of,
    latest_told,
    procedure_of,
)
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, Fault
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.messages.services import tell


@operation("followups.write_encouragement")
def write_encouragement(
    *, actor: AnyActor, member_id: int, first_on: date, text: str, spoken_by: str, spoken_on: date, how: str = ""
) -> Encouragement:
    """写勉励 Hopes and requirements, on the result of a cycle that was announced; told to the member. Written again it
    corrects what was written before. `how` it was told: where the member has no account."""
    member = members.get_visible(actor, member_id)
    branch = members.branch_on(member, clock.today())
    if branch is None:
        raise DomainError("in_no_branch", f"{member.name}现在不在任何支部，不能办理。请先在花名册里核对其所在支部。")
    require(actor, Act.FOLLOW_UP, branch)
    require_not_aside(must_step_aside(actor, member))
    Member.objects.select_for_update().get(pk=member.pk)  # two at once come one after the other
    told = latest_told([member.pk], first_on).get(member.pk)
    if told is None or follow_of(told) != ENCOURAGE:
        raise DomainError("not_called_for", f"按已通报的结果和积分办法，{member.name}这个周期不在勉励的范围内。")
    announced = told.announcement.held_on
    faults = check_texts({"希望和要求": (text, LONGEST), "谈话人": (spoken_by, 40)})
    if not announced <= spoken_on <= clock.today():
        faults.append(Fault("日期", f"日期须在通报（{day(announced)}）以后、今天以前。"))
    refuse(faults)
    before = Encouragement.objects.filter(member=member, first_on=first_on).count()
    made = Encouragement.objects.create(
        told=told, member=member, branch=branch, first_on=first_on, last_on=told.announcement.last_on,
        number=before + 1, text=text.strip(), spoken_by=spoken_by.strip(), spoken_on=spoken_on,
        told_how=told_how(member, how), by_number=actor.number, created_at=clock.now(),
    )  # fmt: skip
    title = "支部对您的勉励" if not before else "支部对您的勉励（更正）"
    tell(member.user_id, "followups.encouraged", str(made.pk), title, f"{branch.name}：{made.text}", OWN_PAGE)
    return made


@operation("followups.open_follow_ups")
def open_follow_ups(*, actor: AnyActor, branch_id: int, first_on: date) -> list[FollowUp]:
    """开展帮教 Of every member of the branch whose announced result calls for it, in the order of the roster; nobody is
    chosen, so nobody steps aside. Again it opens what is missing."""
    branch = branch_for(actor, branch_id)
    require(actor, Act.FOLLOW_UP, branch)
    if first_on not in {first for first, _ in cycles_of(branch)}:
        raise DomainError("not_announced", "这个周期的结果还没有在本支部通报，不能开展帮教。请先通报。")
    ids = [one.person.id for one in called(branch, first_on, HELP)]
    list(Member.objects.select_for_update().filter(pk__in=ids).order_by("pk"))  # opened by two at once: once
    steps, made = procedure_of(branch.district_number), []
    for one in called(branch, first_on, HELP):
        if one.follow_up is not None:
            continue
        held = one.told.announcement
        found = FollowUp(
            told=one.told, member_id=one.person.id, branch=branch, first_on=first_on, last_on=held.last_on,
            announced_on=held.held_on, opened_by_number=actor.number, opened_at=clock.now(),
        )  # fmt: skip
        found.talk_due_on = due(found, steps.follow_talk if steps else None, held.held_on)
        found.save()
        made.append(found)
        text = (
            f"按通报的结果和积分办法，{branch.name}将安排专人与您谈话、结对帮带。各步的记录您都看得到，都可以说明情况。"
        )
        tell_member(found, "opened", "", "支部将对您开展帮教", text)
    return made


@operation("followups.assign_talker")
def assign_talker(*, actor: AnyActor, follow_up_id: int, person_id: int, on: date) -> Entry:
    """确定谈话人 A full member of the branch, neither the member nor a declared relative. Another one until the talk
    was held."""
    found = locked(actor, follow_up_id)
    require(actor, Act.FOLLOW_UP, found.branch)
    require_active(actor, found)
    require_state(found, State.OPENED, State.ASSIGNED)
    person = person_for(found, person_id, "谈话人")
    refuse(check_day(found, on))
    found.assigned, found.state = person, State.ASSIGNED
    found.save(update_fields=["assigned", "state"])
    made = add(found, Kind.ASSIGNED, actor, on, person=person)
    by = f"请在{day(found.talk_due_on)}以前谈话，并登记谈话记录。" if found.talk_due_on else "请谈话，并登记谈话记录。"
    tell_person(found, "assigned", str(made.number), person, f"请您与{found.member.name}谈话", by)
    tell_member(found, "talker", str(made.number), "支部确定了与您谈话的人", f"由{person.name}与您谈话。")
    return made


@operation("followups.record_talk")
def record_talk(
    *, actor: AnyActor, follow_up_id: int, on: date, place: str, people: str, text: str, words: str
) -> Entry:
    """登记谈话 When, where, who was there, what was said, and the member's own words. By the branch or who talked."""
    found = locked(actor, follow_up_id)
    require_talks(actor, found)
    require_active(actor, found)
    require_state(found, State.ASSIGNED)
    texts = {"地点": (place, 80), "在场人": (people, 200), "谈话内容": (text, LONGEST), "本人的话": (words, LONGEST)}
    refuse(check_day(found, on) + check_texts(texts))
    found.state = State.TALKED
    found.save(update_fields=["state"])
    made = add(
        found, Kind.TALK, actor, on, place=place.strip(), people=people.strip(), text=text.strip(),
        words=words.strip(), person=found.assigned,
    )  # fmt: skip
    tell_member(found, "talk", str(made.number), "谈话记录已登记", "请核对。记得不对的，可以在记录下面写明。")
    return made


@operation("followups.pair_helper")
def pair_helper(*, actor: AnyActor, follow_up_id: int, person_id: int, on: date) -> Entry:
    """结对帮带 Another member helps. Another helper as long as it runs."""
    found = locked(actor, follow_up_id)
    require(actor, Act.FOLLOW_UP, found.branch)
    require_active(actor, found)
    require_state(found, State.TALKED, State.PAIRED, State.PLANNED)
    person = person_for(found, person_id, "帮带人")
    refuse(check_day(found, on))
    found.helper = person
    found.state = State.PAIRED if found.state == State.TALKED else found.state
    found.save(update_fields=["helper", "state"])
    made = add(found, Kind.PAIRED, actor, on, person=person)
    text = "请按帮教计划走访、帮助，每次走访登记一条。"
    tell_person(found, "paired", str(made.number), person, f"请您与{found.member.name}结对帮带", text)
    tell_member(found, "helper", str(made.number), "支部确定了与您结对帮带的人", f"由{person.name}与您结对帮带。")
    return made


@operation("followups.set_plan")
def set_plan(*, actor: AnyActor, follow_up_id: int, on: date, text: str, due_on: date) -> Entry:
    """定帮教计划 What is to be put right and until when."""
    found = locked(actor, follow_up_id)
    require(actor, Act.FOLLOW_UP, found.branch)
    require_active(actor, found)
    require_state(found, State.PAIRED)
    refuse(check_day(found, on) + check_texts({"计划": (text, LONGEST)}) + check_until(found, on, due_on))
    made = add(found, Kind.PLAN, actor, on, text=text.strip(), due_on=due_on)
    start(found, on, due_on)
    tell_member(found, "plan", str(made.number), "您的帮教计划", f"期限到{day(due_on)}：{made.text}")
    return made


@operation("followups.record_visit")
def record_visit(*, actor: AnyActor, follow_up_id: int, on: date, text: str) -> Entry:
    """登记走访 By the branch, who talks or who helps."""
    found = locked(actor, follow_up_id)
    require_visits(actor, found)
    require_active(actor, found)
    require_state(found, State.PLANNED)
    refuse(check_day(found, on) + check_texts({"走访情况": (text, LONGEST)}))
    made = add(found, Kind.VISIT, actor, on, text=text.strip())
    start(found, on, found.due_on)
    tell_member(found, "visit", str(made.number), "一次走访已登记", "请核对。记得不对的，可以在记录下面写明。")
    return made


@operation("followups.extend_plan")
def extend_plan(*, actor: AnyActor, follow_up_id: int, due_on: date, reason: str) -> Entry:
    """延长期限 With the reason; counted from today no longer than a plan may run."""
    found = locked(actor, follow_up_id)
    require(actor, Act.FOLLOW_UP, found.branch)
    require_active(actor, found)
    require_state(found, State.PLANNED)
    faults = check_texts({"理由": (reason, LONGEST)}) + check_until(found, clock.today(), due_on)
    if found.due_on is not None and due_on <= found.due_on:
        faults.append(Fault("期限", f"新的期限须晚于现在的期限（{day(found.due_on)}）。"))
    refuse(faults)
    made = add(found, Kind.EXTENDED, actor, clock.today(), text=reason.strip(), due_on=due_on)
    found.due_on = due_on
    found.save(update_fields=["due_on"])
    tell_member(found, "extended", str(made.number), "帮教期限延长了", f"延长到{day(due_on)}：{made.text}")
    return made


# ------------------------------------------------------------------ shared with the end


def check_until(found: FollowUp, start_on: date, until: date) -> list[Fault]:
    """期限须合规定 After today, and no longer than the rulebook lets a plan run."""
    steps = procedure_of(found.member.district_id)
    last = due(found, steps.follow_limit if steps else None, start_on)
    if until <= clock.today():
        return [Fault("期限", "期限须晚于今天。")]
    if last is not None and until > last:
        return [Fault("期限", f"期限最晚到{day(last)}。")]
    return []


def start(found: FollowUp, on: date, until: date | None) -> None:
    """从某日起算 It runs until then; the next visit is counted from `on`."""
    steps = procedure_of(found.member.district_id)
    found.state, found.due_on = State.PLANNED, until
    found.visit_due_on = due(found, steps.follow_visit if steps else None, on)
    found.save(update_fields=["state", "due_on", "visit_due_on"])
