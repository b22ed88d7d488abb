"""What later stations do with lines after confirmation: strike, replace, carry, admit."""

from pioneer.assessments import queries
from pioneer.assessments.models import Line, Review
from pioneer.assessments.services import admit_claim, carry_line, replace_line, revise, strike_line
from tests.assessments.conftest import Month


def test_a_struck_line_stays_on_record_and_no_longer_stands(month: Month) -> None:
    line = month.enter(indicator="A3")
    sheet = month.done()
    revision = revise(sheet)
    strike_line(line, why="异议成立", revision=revision)
    assert queries.standing_lines(sheet) == []
    assert (line.struck_in, line.struck_why, sheet.revision) == (2, "异议成立", 2)


def test_a_replaced_line_names_the_one_before(month: Month) -> None:
    claim = month.claim(indicator="B2", quantity=300)
    month.review(claim)
    sheet = month.done()
    old = Line.objects.get()
    new = replace_line(
        old, value=100, wording="参加志愿服务2小时", why="异议成立", revision=revise(sheet), by_number=None
    )
    assert queries.standing_lines(sheet) == [new]
    assert (new.replaces, new.value, new.added_in, new.event_on) == (old, 100, 2, old.event_on)


def test_a_line_still_held_moves_to_the_next_open_sheet(month: Month) -> None:
    line = month.enter()
    sheet = month.done()
    april = month.april()
    assert queries.open_sheet_for(month.world.branch, line.event_on) == april
    moved = carry_line(line, april, why="异议未办结", revision=revise(sheet))
    assert queries.standing_lines(sheet) == [] and queries.standing_lines(april) == [moved]
    assert moved.told_at and moved.value == -200


def test_a_rejected_claim_admitted_after_all_becomes_a_line(month: Month) -> None:
    month.review(month.claim(), outcome="rejected", reason="无记录")
    sheet = month.done()
    line = admit_claim(
        Review.objects.get(),
        value=100,
        wording="为群众办好事实事",
        why="异议成立",
        revision=revise(sheet),
        by_number=None,
    )
    assert queries.standing_lines(sheet) == [line] and line.added_in == 2
