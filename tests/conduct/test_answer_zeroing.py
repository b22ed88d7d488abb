"""The member's answer, its own or taken down for it."""

import pytest

from pioneer.conduct.zeroing import answer_zeroing
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from tests.conduct.conftest import OVER, Case
from tests.world import World


def test_it_works(ruled: World, case_in: Case) -> None:
    made = answer_zeroing(actor=ruled.actor("guilan"), case_id=case_in().pk, statement=" 那天我在劝架。 ")
    assert (made.state, made.statement, made.statement_how) == ("answered", "那天我在劝架。", "")
    assert made.statement_at == clock.now() and made.statement_by_number == ruled.users["guilan"].pk


def test_somebody_of_the_branch_takes_it_down_and_says_how(ruled: World, case_in: Case) -> None:
    case = case_in(name="张㛃")
    recorder = ruled.actor("recorder")
    with pytest.raises(BadInput, match="怎样代录"):
        answer_zeroing(actor=recorder, case_id=case.pk, statement="没有意见")
    made = answer_zeroing(actor=recorder, case_id=case.pk, statement="没有意见", taken_how="本人口述后签字")
    assert made.statement_how == "代录：本人口述后签字" and made.statement_by_number == recorder.number


def test_the_member_hears_of_what_was_taken_down(ruled: World, case_in: Case) -> None:
    answer_zeroing(actor=ruled.actor("recorder"), case_id=case_in().pk, statement="没有意见", taken_how="电话口述")
    assert Message.objects.filter(user=ruled.users["guilan"], title="您的申辩已代为录入").exists()


def test_who_proposed_doesnt_take_it_down(ruled: World, case_in: Case) -> None:
    with pytest.raises(DomainError, match="不能由您代录"):
        answer_zeroing(actor=ruled.actor("secretary"), case_id=case_in().pk, statement="没有意见", taken_how="口述")


def test_the_township_doesnt_answer_for_the_member(ruled: World, case_in: Case) -> None:
    with pytest.raises(NotAllowed, match="支部"):
        answer_zeroing(actor=ruled.actor("township_officer"), case_id=case_in().pk, statement="x", taken_how="x")


@pytest.mark.parametrize("who", ["xueqin", "second_secretary", "other_member", "district_officer", "community_officer"])
def test_for_others_there_is_no_such_case(ruled: World, case_in: Case, who: str) -> None:
    with pytest.raises(NotVisible):
        answer_zeroing(actor=ruled.actor(who), case_id=case_in().pk, statement="x", taken_how="x")


@pytest.mark.parametrize("statement", ["  ", "字" * 2001])
def test_it_says_what_to_write(ruled: World, case_in: Case, statement: str) -> None:
    with pytest.raises(BadInput, match="没有意见"):
        answer_zeroing(actor=ruled.actor("guilan"), case_id=case_in().pk, statement=statement)


def test_until_the_last_day_ends(ruled: World, case_in: Case) -> None:
    case = case_in()
    with clock.at(OVER), pytest.raises(DomainError, match="期限已过"):
        answer_zeroing(actor=ruled.actor("guilan"), case_id=case.pk, statement="来晚了")
