"""Accepting many claims at once: all as declared, or none."""

from datetime import date

import pytest

from pioneer.assessments.claims import accept_declarations
from pioneer.assessments.models import Line, Review
from pioneer.declarations.models import Declaration
from pioneer.kernel.errors import BadInput, NotAllowed, NotVisible
from tests.assessments.conftest import Month


def accept(month: Month, *claims: Declaration, who: str = "recorder") -> list[Review]:
    chosen = [claim.pk for claim in claims]
    return accept_declarations(actor=month.actor(who), sheet_id=month.sheet.pk, declaration_ids=chosen)


def test_each_becomes_a_line_as_declared(month: Month) -> None:
    claims = [month.claim(), month.claim(indicator="B6", matter="讲防诈骗"), month.claim("单雪琴")]
    done = accept(month, *claims)
    assert [review.outcome for review in done] == ["accepted"] * 3
    assert sorted(Line.objects.values_list("indicator", "value")) == [("B5", 100), ("B5", 100), ("B6", 50)]


def test_one_that_cannot_be_accepted_keeps_all_back_and_is_named(month: Month) -> None:
    good, own = month.claim(), month.claim("解文军")
    with pytest.raises(BadInput) as refused:
        accept(month, good, own)
    assert "解文军 3月12日 B5" in str(refused.value) and "应回避" in str(refused.value)
    assert not Line.objects.exists()


def test_nothing_chosen_is_said_so(month: Month) -> None:
    with pytest.raises(BadInput, match="先勾选"):
        accept(month)


@pytest.mark.parametrize("who", ["auditor", "community_officer", "township_officer", "district_officer"])
def test_who_sees_the_sheet_but_does_not_evaluate_may_not(month: Month, who: str) -> None:
    with pytest.raises(NotAllowed):
        accept(month, month.claim(), who=who)


@pytest.mark.parametrize("who", ["second_secretary", "other_secretary", "town_officer", "guilan"])
def test_who_does_not_see_the_sheet_finds_nothing(month: Month, who: str) -> None:
    with pytest.raises(NotVisible):
        accept(month, month.claim(), who=who)


def test_nothing_is_said_of_a_claim_from_another_branch(month: Month) -> None:
    claim = month.claim("温如春", event_on=date(2026, 3, 9))
    with pytest.raises(BadInput) as refused:
        accept(month, claim)
    assert "温如春" not in str(refused.value) and "不在这张考评表上" in str(refused.value)
