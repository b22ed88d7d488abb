"""assessments.enter_correction"""

from typing import Any

import pytest

from pioneer.assessments import queries
from pioneer.assessments.lines import enter_correction
from pioneer.assessments.models import Line, Sheet
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from tests.assessments.conftest import Month


@pytest.fixture
def april(month: Month) -> Sheet:
    """April is open; March is confirmed with an addition for 李桂兰 and a deduction for 单雪琴."""
    month.enter(indicator="A3")
    month.enter("单雪琴")
    month.done()
    return month.april()


def wrong(name: str) -> Line:
    return Line.objects.get(member__name=name, corrects__isnull=True, sheet__month=3)


def correct(month: Month, april: Sheet, name: str, who: str = "recorder", **more: Any) -> Line:
    return enter_correction(
        actor=month.actor(who),
        sheet_id=april.pk,
        line_id=wrong(name).pk,
        **{"ground": "核对签到册，记错人", **more},
    )


def test_it_names_what_it_takes_back_and_carries_no_value(month: Month, april: Sheet) -> None:
    line = correct(month, april, "单雪琴")
    assert (line.value, line.corrects, queries.effect(line)) == (0, wrong("单雪琴"), 200)
    assert line.wording == "更正：无故不参加组织生活" and line.told_at is None


def test_taking_an_addition_back_is_told_like_a_deduction(month: Month, april: Sheet) -> None:
    line = correct(month, april, "李桂兰")
    assert queries.effect(line) == -100 and line.told_how == "站内消息" and line.wait_until


def test_another_line_in_its_place(month: Month, april: Sheet) -> None:
    correct(month, april, "单雪琴", indicator="N7")
    assert sorted(queries.effect(line) for line in queries.standing_lines(april)) == [-50, 200]


def test_once(month: Month, april: Sheet) -> None:
    correct(month, april, "单雪琴")
    with pytest.raises(DomainError) as refused:
        correct(month, april, "单雪琴")
    assert refused.value.code == "corrected"


def test_it_needs_a_ground(month: Month, april: Sheet) -> None:
    with pytest.raises(BadInput):
        correct(month, april, "单雪琴", ground="")


def test_nobody_corrects_its_own_or_a_relatives(month: Month, april: Sheet) -> None:
    month.relate("解文军", "单雪琴")
    with pytest.raises(NotAllowed):
        correct(month, april, "单雪琴")


def test_an_outsider_sees_nothing_of_it(month: Month, april: Sheet) -> None:
    with pytest.raises(NotVisible):
        correct(month, april, "单雪琴", "second_secretary")


def test_a_correction_is_not_corrected(month: Month, april: Sheet) -> None:
    line = correct(month, april, "单雪琴")
    with pytest.raises(DomainError) as refused:
        enter_correction(actor=month.actor("recorder"), sheet_id=april.pk, line_id=line.pk, ground="再改")
    assert refused.value.code == "is_correction"


def test_what_is_still_open_is_edited_not_corrected(month: Month, april: Sheet) -> None:
    line = month.enter(on=april)
    with pytest.raises(DomainError) as refused:
        enter_correction(actor=month.actor("recorder"), sheet_id=april.pk, line_id=line.pk, ground="再改")
    assert refused.value.code == "not_confirmed"
