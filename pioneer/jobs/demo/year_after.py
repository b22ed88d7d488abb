"""通报以后 A commendation list, hopes and follow-ups of the branch shown, and a call to which it proposes people."""

from datetime import date
from typing import Any

from pioneer.followups.deciding import confirm_outcome, decide_outcome
from pioneer.followups.services import (
    assign_talker,
    open_follow_ups,
    pair_helper,
    record_talk,
    record_visit,
    set_plan,
    write_encouragement,
)
from pioneer.jobs.demo.world import Person
from pioneer.jobs.demo.year_course import Course, Scored
from pioneer.nominations import queries as nominations
from pioneer.nominations.calling import Terms, issue_call
from pioneer.nominations.commending import answer_commendation, draft_commendation, issue_commendation
from pioneer.nominations.services import answer_nomination, propose_nomination

HOPES = "希望继续带头参加志愿服务，新的一年把结对帮扶坚持下去；组织生活要按时到会。"
TALK: dict[str, Any] = {
    "text": "通报了年度结果，逐条说明扣分的依据，了解家里的情况和困难，提出改进的要求。",
    "words": "去年在外打零工，参加活动少。今年有时间就报名，争取多参加。",
    "place": "支部活动室",
}
PLAN = "按月参加主题党日；每月至少参加一次志愿服务；由结对的同志每两个月上门走访一次。"
VISIT = "上门走访，近来都按时到会，报名参加了两次义务清洁。"
PROPOSED = 2


def commend(course: Course) -> None:
    """表扬名单 Of the first unit: asked, one declines, issued by the township as second person."""
    unit = course.units[0]
    with course.on(course.day(1, 22)):
        shown = draft_commendation(actor=course.actor(unit.officer), announcement_id=course.held[unit.number].pk)
    with course.on(course.day(1, 26)):
        people = list(nominations.people_of(shown))
        for place, one in enumerate(people):
            own, how = one.member.user_id, ""
            if own is None:
                own, how = unit.officer, "当面口头答复（演示）"
            answer_commendation(actor=course.actor(own), commended_id=one.pk, is_willing=place != 2, how=how)
    with course.on(course.day(2, 2)):
        named = [one.pk for place, one in enumerate(people) if place != 2]
        issue_commendation(actor=course.actor(course.township[0]), commendation_id=shown.pk, named=named)


# ------------------------------------------------------------------ hopes and follow-ups


def follow_up(course: Course) -> None:
    """勉励和帮教 Of the branch shown; each further than the next."""
    branch = course.shown
    secretary, helpers = branch.officers["secretary"], _helpers(course)
    stayed = [one.person for one in course.of(branch) if len(one.person.homes) == 1 and one.person.gone_on is None]
    here = {person.number for person in stayed}
    with course.on(course.day(1, 27)):
        actor = course.actor(secretary)
        for hoped in _hoped(course)[:4]:
            how = "" if hoped.person.user else "当面告知（演示）"
            write_encouragement(
                actor=actor, member_id=hoped.person.number, first_on=course.first_on, text=HOPES,
                spoken_by=actor.name, spoken_on=course.day(1, 27), how=how,
            )  # fmt: skip
        opened = open_follow_ups(actor=actor, branch_id=branch.number, first_on=course.first_on)
    running = [one for one in opened if one.member_id in here]
    if len(helpers) < 2:
        return
    for place, one in enumerate(running):
        others = [person for person in helpers if person.number != one.member_id]
        _steps(course, one, secretary, others, place)


def _hoped(course: Course) -> list[Scored]:
    return [one for one in course.plain(course.shown) if one.tier == "t80"]


def _helpers(course: Course) -> list[Person]:
    """Who talks and helps: full members of the branch, nobody's declared relative."""
    kin = {row[name] for row in course.world.of("relation") for name in ("member_id", "relative_id")}
    branch = course.shown
    return [
        one
        for one in branch.roster
        if one.status == "full" and one.gone_on is None and len(one.homes) == 1 and one.number not in kin
    ][:3]


def _steps(course: Course, one: Any, secretary: int, others: list[Person], place: int) -> None:
    """The first is closed, the second waits for the second person, the others go on."""
    talker, helper = others[0], others[1]

    def given(day: date) -> dict[str, Any]:
        return {"actor": course.actor(secretary), "follow_up_id": one.pk, "on": day}

    with course.on(day := course.day(2, 2)):
        assign_talker(**given(day), person_id=talker.number)
    with course.on(day := course.day(2, 6)):
        record_talk(**given(day), people=talker.name, **TALK)
    if place > 4:
        return
    with course.on(day := course.day(2, 9)):
        pair_helper(**given(day), person_id=helper.number)
        set_plan(**given(day), text=PLAN, due_on=course.day(12, 20))
    with course.on(day := course.day(3, 10)):
        record_visit(**given(day), text=VISIT)
    if place > 1:
        if place < 4:  # the last of them has not been visited since
            with course.on(day := max(course.ago(15), course.day(3, 12))):
                record_visit(**given(day), text=VISIT)
        return
    with course.on(day := max(course.ago(20), course.day(3, 12))):
        told: dict[str, Any] = {"people": "支部委员会", "text": "半年来按时到会，参加志愿服务六次，已经改正。"}
        decide_outcome(**given(day), outcome="corrected", **told)
    second = course.shown.officers.get("committee_member") or course.shown.officers.get("deputy_secretary")
    if place == 0 and second is not None:
        with course.on(course.ago(12)):
            confirm_outcome(actor=course.actor(second), follow_up_id=one.pk, how="当面告知（演示）")


# ------------------------------------------------------------------ a call


def nominate(course: Course) -> None:
    """推荐 The township calls; the branch shown proposes, and who is proposed agrees on its own page."""
    world, branch = course.world, course.shown
    with course.on(course.ago(6)):
        terms = Terms(
            kind="outstanding", level="township", title=f"{world.townships[0].name}优秀共产党员",
            document_number=f"演示党〔{world.today.year}〕7号", places=3, opens_on=course.ago(6),
            closes_on=course.ago(-16), requirements="事迹要具体，经支部党员大会讨论；兼顾各条战线。",
            checks=["没有正在核查的问题反映", "本人没有受到行政处罚"],
        )  # fmt: skip
        call = issue_call(
            actor=course.actor(course.township[0]), organisation_id=world.townships[0].number, terms=terms
        )
    best = [one for one in course.plain(branch) if one.tier == "t90" and one.person.user][:PROPOSED]
    for one in best:
        with course.on(course.ago(2)):
            made = propose_nomination(
                actor=course.actor(branch.officers["secretary"]), call_id=call.pk, member_id=one.person.number,
                grounds="常年参加志愿服务，带头调解邻里纠纷，全年到会。", meeting_on=course.ago(3),
                wording="热心服务居民，带头参加志愿服务和网格巡查。",
            )  # fmt: skip
        with course.on(course.ago(1)):
            answer_nomination(actor=course.actor(one.person.user or 0), nomination_id=made.pk, is_willing=True)
