"""认定和处置 Of the branch shown: a finding that was approved and the case that followed a second such year, at the
township's desk; another finding that waits for the member."""

from datetime import date
from typing import Any

from pioneer.disposals import case_steps, cases, queries, services
from pioneer.jobs.demo.year_course import Course, Scored

AGREED: dict[str, Any] = {"agreed": True, "content": "同意。"}


def take_up(course: Course) -> None:
    """提出 Nobody who is in an office, exempt, old or floating."""
    low = [one for one in course.plain(course.shown) if one.tier == "t0"]
    if not low:
        return
    _found(course, low[0])
    _case(course, low[0])
    for one in low[1:2]:
        with course.on(course.ago(3)):
            _propose(course, one)


def _propose(course: Course, one: Scored) -> Any:
    actor = course.actor(course.shown.officers["secretary"])
    told = "" if one.person.user else "书面告知，本人签收回执（演示）"
    remarks = "支部多次谈心，本人全年没有参加志愿服务。"
    return services.propose_unqualified(actor=actor, result_id=one.result, remarks=remarks, told_how=told)


def _found(course: Course, one: Scored) -> None:
    """Proposed, answered, adopted by the meeting, approved by the township."""
    with course.on(course.day(2, 10)):
        found = _propose(course, one)
    with course.on(course.day(2, 12)):
        number, how = one.person.user, ""
        if number is None:
            number, how = course.shown.recorder, "本人口述，当面读给本人听后签字（演示）"
        actor = course.actor(number)
        services.answer_unqualified(
            actor=actor, finding_id=found.pk, statement="家里有病人，去年参加得少。", taken_how=how
        )
    with course.on(day := course.day(2, 24)):
        actor = course.actor(course.shown.officers["secretary"])
        services.vote_unqualified(
            actor=actor, finding_id=found.pk, on=day, note="本人到会作了说明。", **_vote(found, day)
        )
    with course.on(course.day(2, 27)):
        services.approve_unqualified(actor=course.actor(course.township[1]), finding_id=found.pk)


def _vote(found: Any, day: date) -> dict[str, Any]:
    """All but two there, all but two of them in favour."""
    present = max(1, queries.with_vote(found.branch, day) - 2)
    against = 1 if present > 4 else 0
    return {"present": present, "in_favour": present - 2 * against, "against": against, "abstained": against}


def _case(course: Course, one: Scored) -> None:
    """Proposed a month ago; the prior filing, the investigation and the talk are done."""
    secretary, township = course.shown.officers["secretary"], course.township[0]
    with course.on(day := course.ago(34)):
        actor = course.actor(secretary)
        case = cases.open_case(
            actor=actor, member_id=one.person.number, kind="correction", months=6, on=day, people=actor.name,
            content="连续两个周期在60分以下，帮教以后改进不明显，提议限期改正。",
        )  # fmt: skip
    with course.on(day := course.ago(28)):
        paper = f"演示委〔{day.year}〕31号"
        case_steps.answer_prior_filing(actor=course.actor(township), case_id=case.pk, on=day, document=paper, **AGREED)
    with course.on(day := course.ago(20)):
        case_steps.record_investigation(
            actor=course.actor(secretary), case_id=case.pk, on=day, people="支部委员会两名同志",
            content="查阅两年的台账和会议记录，走访邻居三户：扣分属实；照料病人的情况也属实。",
        )  # fmt: skip
    talkers = [each.number for each in _talkers(course, one)]
    if len(talkers) < 2:
        return
    with course.on(day := course.ago(11)):
        case_steps.record_talk(
            actor=course.actor(secretary), case_id=case.pk, on=day, talkers=talkers, spoke=True,
            content="讲明依据和程序，听取本人意见。", opinion="我认识到了不足，愿意在期限内改正。",
        )  # fmt: skip


def _talkers(course: Course, one: Scored) -> list[Any]:
    kin = {row[name] for row in course.world.of("relation") for name in ("member_id", "relative_id")}
    here = [each.person for each in course.plain(course.shown)]
    return [each for each in here if each is not one.person and each.number not in kin][:2]
