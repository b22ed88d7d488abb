"""What the tests of disposals share: announced and filed cycles, a finding and a case brought to any step."""

from datetime import date, timedelta
from typing import Any

from pioneer.disposals import appeals, case_steps, cases, order, services
from pioneer.disposals.models import Case, Finding, Step
from pioneer.kernel import clock
from pioneer.organisations.models import Holiday, HolidayYear
from pioneer.results.formers import Filed, keep_filed
from pioneer.results.models import Result
from tests.world import World
from tests.year import announce_plainly, settle_plainly

FIRST_DAY = date(2027, 1, 11)  # a Monday
WHO = "单雪琴"
CALL = "xueqin"
DESK_OF = {"branch": "secretary", "township": "township_officer", "district": "district_officer"}


def calendars() -> None:
    """Two more years in the holiday table, with New Year alone."""
    for year in (2027, 2028):
        made = HolidayYear.objects.create(year=year, source="测试用表")
        Holiday.objects.create(year=made, on=date(year, 1, 1), is_working=False, name="元旦")


def announced(world: World, scores: dict[str, int] | None = None, **more: Any) -> dict[str, Result]:
    """The cycle 2026 of the community settled and announced; the results by name."""
    made = settle_plainly(world, scores={WHO: 4500} if scores is None else scores, **more)
    announce_plainly(made, world.organisations["community"])
    return {row.member.name: row for row in Result.objects.filter(settlement=made).select_related("member")}


def propose(world: World, result: Result, who: str = "secretary", **more: Any) -> Finding:
    return services.propose_unqualified(actor=world.actor(who), result_id=result.pk, **more)


def voted(world: World, found: Finding, who: str = "secretary", on: date | None = None, **vote: Any) -> Finding:
    """Six of seven present, five in favour, unless said otherwise."""
    counted = {"present": 6, "in_favour": 5, "against": 1, "abstained": 0, **vote}
    day = on or clock.today()
    return services.vote_unqualified(actor=world.actor(who), finding_id=found.pk, on=day, **counted)


def filed(
    world: World,
    name: str = WHO,
    scores: tuple[int | None, ...] = (4500, 5000),
    *,
    zeroed: bool = False,
    last_year: int = 2026,
) -> None:
    """Filed results of cycles on end, the earliest first; None: a cycle without tier."""
    for place, score in enumerate(scores):
        year = last_year - len(scores) + 1 + place
        is_zeroed = zeroed and place == len(scores) - 1
        lower = None if score is None else next(low for low in (9000, 8000, 6000, 0) if score >= low)
        code = "" if lower is None else f"t{lower // 100}"
        row = Filed(
            member=world.member(name).pk, first_on=date(year, 1, 1), last_on=date(year, 12, 31),
            score=0 if is_zeroed else score, tier=code, tier_name="不合格" if code == "t0" else code, lower=lower,
            is_zeroed=is_zeroed, why="" if code else "经批准免评", unit=None, unit_name="槐园社区",
            filing_number=f"槐备〔{year + 1}〕1号", filed_on=date(year + 1, 1, 20),
        )  # fmt: skip
        keep_filed([row], None)


def open_case(world: World, kind: str = "correction", name: str = WHO, who: str = "secretary", **more: Any) -> Case:
    given = {"on": clock.today(), "people": "王保国、曾永福、罗小红", "content": "连续两年不合格，提议处置。", **more}
    return cases.open_case(actor=world.actor(who), member_id=world.member(name).pk, kind=kind, **given)


def refused_advice(world: World, name: str = WHO) -> Case:
    """An advice to leave that was announced and refused, so that a removal may follow."""
    case = brought(world, Step.Kind.ANNOUNCED, "advice", name)
    act(world, case, Step.Kind.RESPONDED, agreed=False)
    return case


def brought(world: World, upto: str = "announced", kind: str = "correction", name: str = WHO) -> Case:
    """A case with all steps up to and with this one, each on the day the clock says."""
    case = open_case(world, kind, name)
    for step in order.order_of(kind)[1:]:
        if case.steps.filter(kind=upto).exists():
            break
        act(world, case, step)
    case.refresh_from_db()
    return case


def act(world: World, case: Case, step: str, who: str = "", on: date | None = None, **more: Any) -> Step:
    """One step by whoever it is for, or by `who`."""
    desk = order.DESK[step]
    actor = world.actor(who or (CALL if desk == "member" else DESK_OF[desk]))
    given: dict[str, Any] = {"actor": actor, "case_id": case.pk}
    if step != Step.Kind.APPEALED:
        given["on"] = on or clock.today()
    return OPERATIONS[step](**{**given, **content(world, step), **more})


def content(world: World, step: str) -> dict[str, Any]:
    """What a form of this step brings."""
    agreed = {"agreed": True, "document": "槐委〔2027〕6号", "content": "同意。"}
    return {
        "prior_filed": agreed,
        "investigated": {"people": "曾永福、罗小红", "content": "查阅台账，走访邻居，情况属实。"},
        "talked": {
            "talkers": [world.member("王保国").pk, world.member("罗小红").pk],
            "content": "讲明依据，听取意见。",
            "spoke": True,
            "opinion": "我认识到了不足，愿意改。",
        },
        "reviewed": agreed,
        "reviewed_above": agreed,
        "voted": {"present": 6, "in_favour": 5, "against": 1, "abstained": 0, "content": "本人到会作了说明。"},
        "approved": agreed,
        "approved_above": agreed,
        "announced": {"people": "王保国", "content": "在支部党员大会上宣布，决定书当面送达。"},
        "responded": {"agreed": False, "content": "我不退。", "how": "本人书面答复"},
        "appealed": {"content": "有两次请过假，没有算上。"},
        "appeal_answered": {"upheld": False, "content": "原决定依据充分。", "document": "清组〔2027〕9号",
                            "actor": world.actor("second_district_officer")},
    }[step]  # fmt: skip


OPERATIONS = {
    "prior_filed": case_steps.answer_prior_filing,
    "investigated": case_steps.record_investigation,
    "talked": case_steps.record_talk,
    "reviewed": case_steps.review_case,
    "reviewed_above": case_steps.review_case_above,
    "voted": case_steps.record_vote,
    "approved": case_steps.approve_case,
    "approved_above": case_steps.approve_case_above,
    "announced": case_steps.announce_case,
    "responded": case_steps.record_response,
    "appealed": appeals.appeal_case,
    "appeal_answered": appeals.answer_appeal,
}


def later(days: int) -> date:
    return clock.today() + timedelta(days=days)
