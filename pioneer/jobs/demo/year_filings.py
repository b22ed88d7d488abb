"""上一年度的通报和备案 The meetings, who was told and what it answered, and packages received, returned, waiting."""

from datetime import date, timedelta
from typing import Any

from pioneer.archives.services import ask_archive
from pioneer.filings.collecting import parts_of, send_collected
from pioneer.filings.services import receive, send, send_back
from pioneer.jobs.demo.world import Community
from pioneer.jobs.demo.year_course import Course
from pioneer.kernel.tasks import run_task
from pioneer.results import announcing, announcing_queries
from pioneer.results.announcing import Mark, answer_result, record_told
from pioneer.scoring import Cycle

ABSENT = "在外地的已经电话告知，告知单随后寄去。"
DISSENTS = ["九月上门帮助孤寡老人的两次没有计入，请核对。", "十一月的迟到是因为送邻居就医，当时说明过。"]
NOT_SIGNED = "签到册上没有签名，登记的却是到会，请核对。"
ANSWERS = 6  # of the first unit, on their own pages; of the others a few
PAPER = "演示备〔{year}〕{number}号"


def announce(course: Course) -> None:
    """通报 The first two in January, the others late."""
    days = (course.day(1, 20), course.day(1, 20), course.ago(25), course.ago(12))
    for unit, day in zip(course.units, days, strict=False):
        _meeting(course, unit, day)


def _meeting(course: Course, unit: Community, day: date) -> None:
    with course.on(day):
        officer = course.actor(unit.officer)
        held = announcing.announce(
            actor=officer, settlement_id=course.settlement, unit_id=unit.number, held_on=day,
            place=f"{unit.name}党群服务中心", presided_by=officer.name,
        )  # fmt: skip
    course.held[unit.number] = held
    with course.on(day + timedelta(days=2)):
        rows = list(announcing_queries.told_of(officer, held))
        branches = {one.result.branch_id for one in rows}
        marks = {one.pk: _mark(course, day) for one in rows}
        seal = announcing_queries.seal_of(held, branches)
        record_told(actor=officer, announcement_id=held.pk, seal=seal, marks=marks)
        own = [one for one in rows if one.result.member.user_id is not None]
        _answers(course, own[: ANSWERS if unit is course.units[0] else 2])


def _mark(course: Course, day: date) -> Mark:
    if course.world.chance(0.85):
        return Mark(True, day, "会上交给本人")
    return Mark(False, day + timedelta(days=1), "邮寄") if course.world.chance(0.7) else Mark(False)


def _answers(course: Course, rows: list[Any]) -> None:
    for place, one in enumerate(rows):
        actor = course.actor(one.result.member.user_id)
        words = DISSENTS[place % 2] if place in (1, 4) else ""
        answer_result(actor=actor, told_id=one.pk, answer="dissents" if words else "confirmed", words=words)


def file(course: Course) -> None:
    """备案 Received; returned, mended and received; returned and waiting for the unit; waiting for the township."""
    for place, unit in enumerate(course.units):
        if place < 2:
            _received(course, unit, place + 1, is_returned_first=place == 1)
        elif place == 2:
            sent = _send(course, unit, course.ago(9))
            _return(course, sent, course.ago(6))
        else:
            _send(course, unit, course.ago(2))
    _collect(course)


def _received(course: Course, unit: Community, number: int, *, is_returned_first: bool) -> None:
    sent = _send(course, unit, course.day(1, 26))
    if is_returned_first:
        named = _return(course, sent, course.day(1, 28))
        _mend(course, unit, named, course.day(1, 30))
        sent = _send(course, unit, course.day(2, 3))
    with course.on(course.day(2, 4)):
        paper = PAPER.format(year=course.world.start.year, number=number)
        receive(actor=course.actor(course.township[0]), filing_id=sent.pk, number=paper)


def _send(course: Course, unit: Community, day: date) -> Any:
    with course.on(day):
        return send(
            actor=course.actor(unit.officer), unit_id=unit.number, first_on=course.first_on, untold_reason=ABSENT
        )


def _mend(course: Course, unit: Community, named: list[int], day: date) -> None:
    """Of those named: not at the meeting, the statement brought to them since."""
    with course.on(day):
        officer, held = course.actor(unit.officer), course.held[unit.number]
        rows = [one for one in announcing_queries.told_of(officer, held) if one.result.member_id in named]
        seal = announcing_queries.seal_of(held, {one.result.branch_id for one in rows})
        marks = {one.pk: Mark(False, day, "上门送达，本人签收") for one in rows}
        record_told(actor=officer, announcement_id=held.pk, seal=seal, marks=marks)


def _return(course: Course, sent: Any, day: date) -> list[int]:
    """With a reason per line of two members; their numbers."""
    branches = [each for each in course.world.branches if each.community.number == sent.unit_id]
    listed = [one for each in branches for one in course.plain(each)]
    lines = {one.person.number: NOT_SIGNED for one in listed[2:4]}
    with course.on(day):
        said = "到会登记与签到册不符，逐人写在下面，请核对登记后再报。"
        send_back(actor=course.actor(course.township[0]), filing_id=sent.pk, reason=said, lines=lines)
    return list(lines)


def _collect(course: Course) -> None:
    """The township's own, received by the district."""
    township, first_on = course.world.townships[0].number, course.first_on
    with course.on(course.day(2, 10)):
        actor = course.actor(course.township[0])
        place = next(iter(course.held.values())).unit.parent
        missing = parts_of(place, Cycle(first_on, course.last_on)).missing
        reasons = {one.pk: "还没有开会通报，通报以后补报。" for one in missing}
        sent = send_collected(actor=actor, township_id=township, first_on=first_on, reasons=reasons)
    with course.on(course.day(2, 12)):
        officer = course.actor(course.world.sign_ins["district_officer"])
        paper = f"演示组备〔{course.world.start.year}〕1号"
        receive(actor=officer, filing_id=sent.pk, number=paper)


def archive(course: Course) -> None:
    """年度档案 Of the branch shown, by its secretary, with all that followed so far."""
    with course.on(course.ago(1)):
        asked = ask_archive(
            actor=course.actor(course.shown.officers["secretary"]), branch_id=course.shown.number,
            first_on=course.first_on, is_provisional=False,
        )  # fmt: skip
        run_task.call(asked.task_id)
