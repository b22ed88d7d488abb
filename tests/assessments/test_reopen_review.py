"""assessments.reopen_review, assessments.accept_declarations"""

import pytest

from pioneer.assessments.claims import accept_declarations, reopen_review
from pioneer.assessments.models import Line, Review
from pioneer.kernel.errors import BadInput, NotAllowed, NotVisible
from tests.assessments.conftest import Month


def test_a_decision_is_taken_back_while_the_sheet_is_open(month: Month) -> None:
    claim = month.claim()
    month.review(claim)
    claim = reopen_review(actor=month.actor("committee"), declaration_id=claim.pk)
    assert claim.state == "submitted" and not Review.objects.exists()
    assert Line.objects.get().state == "struck"
    assert month.review(claim, outcome="rejected", reason="核实不符").pk


def test_nobody_takes_back_its_own_rejection(month: Month) -> None:
    claim = month.claim("解文军")
    month.review(claim, "secretary", outcome="rejected", reason="不符")
    with pytest.raises(NotAllowed):
        reopen_review(actor=month.actor("recorder"), declaration_id=claim.pk)


def test_what_was_never_decided_is_not_taken_back(month: Month) -> None:
    with pytest.raises(NotVisible):
        reopen_review(actor=month.actor("recorder"), declaration_id=month.claim().pk)


def test_many_are_accepted_at_once(month: Month) -> None:
    chosen = [month.claim(name).pk for name in ("李桂兰", "单雪琴", "张㛃")]
    done = accept_declarations(actor=month.actor("recorder"), sheet_id=month.sheet.pk, declaration_ids=chosen)
    assert len(done) == 3 and Line.objects.count() == 3


def test_all_or_none_and_each_reason_is_named(month: Month) -> None:
    own, ranged = month.claim("解文军"), month.claim("李桂兰", indicator="A5")
    fine = month.claim("单雪琴")
    with pytest.raises(BadInput) as refused:
        accept_declarations(
            actor=month.actor("recorder"), sheet_id=month.sheet.pk, declaration_ids=[own.pk, ranged.pk, fine.pk]
        )
    assert len(refused.value.faults) == 2 and not Line.objects.exists() and not Review.objects.exists()


def test_choosing_nothing_says_so(month: Month) -> None:
    with pytest.raises(BadInput):
        accept_declarations(actor=month.actor("recorder"), sheet_id=month.sheet.pk, declaration_ids=[])


def test_an_outsider_accepts_nothing(month: Month) -> None:
    with pytest.raises(NotVisible):
        accept_declarations(
            actor=month.actor("second_secretary"), sheet_id=month.sheet.pk, declaration_ids=[month.claim().pk]
        )
