"""表扬名单 From the announcement of the commending tier: asked, decided by a second person, frozen when issued."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from pioneer.conduct.services import declare_relation
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.members.models import StatusSpell
from pioneer.messages.models import Message
from pioneer.nominations.commending import answer_commendation, draft_commendation, issue_commendation
from pioneer.nominations.models import Commendation, Commended
from pioneer.nominations.queries import people_of
from tests.nominations.course import BEST, announced, drafted
from tests.world import TODAY, World

LATER = date(2026, 4, 9)  # 3 working days after 1 April are over
SECOND = "township_officer"


def row(shown: Commendation, name: str) -> Commended:
    return shown.people.get(member__name=name)


def names(shown: Commendation) -> list[str]:
    return [one.member.name for one in people_of(shown)]


def answer(world: World, shown: Commendation, name: str, who: str, is_willing: bool, **more: Any) -> Commended:
    return answer_commendation(actor=world.actor(who), commended_id=row(shown, name).pk, is_willing=is_willing, **more)


def issue(world: World, shown: Commendation, *named: str, who: str = SECOND, **more: Any) -> Commendation:
    rows = [row(shown, name).pk for name in named]
    return issue_commendation(actor=world.actor(who), commendation_id=shown.pk, named=rows, **more)


def test_those_in_the_commended_tier_are_listed_in_the_order_of_the_roster_and_asked(town: World) -> None:
    shown = drafted(town)
    assert names(shown) == ["王保国", "李桂兰", "单雪琴", "温如春"]  # 89.90 is not 90, and the score orders nobody
    assert shown.answer_until == clock.end_of(date(2026, 4, 7))
    asked = Message.objects.filter(kind="nominations.commendation_asked")
    assert {one.user.name for one in asked} == set(names(shown))
    assert "95" not in asked.first().text  # type: ignore[union-attr]


@pytest.mark.parametrize("who", ["recorder", "committee", "auditor", "other_secretary", "guilan"])
def test_only_those_who_nominate_at_the_unit_draft_it(town: World, who: str) -> None:
    held = announced(town)
    with pytest.raises(DomainError) as refused:
        draft_commendation(actor=town.actor(who), announcement_id=held.pk)
    assert refused.value.status in (403, 404)


def test_once_per_announcement_from_the_latest_and_not_where_nobody_is_to_be_commended(town: World) -> None:
    shown = drafted(town)
    for held, code in ((shown.announcement, "drafted_already"), (announced(town, scores={}), "nobody")):
        with pytest.raises(DomainError) as refused:
            draft_commendation(actor=town.actor("community_officer"), announcement_id=held.pk)
        assert refused.value.code == code
    first = announced(town, "village")
    announced(town, "village")
    with pytest.raises(DomainError) as refused:
        draft_commendation(actor=town.actor("village_secretary"), announcement_id=first.pk)
    assert refused.value.code == "not_latest"


def test_a_second_person_issues_it_and_then_nothing_of_it_changes(town: World) -> None:
    shown = drafted(town)
    answer(town, shown, "李桂兰", "guilan", True)
    answer(town, shown, "单雪琴", "xueqin", False)
    with clock.at(LATER):
        made = issue(town, shown, "王保国", "李桂兰", "温如春")
    assert made.state == "issued" and row(made, "单雪琴").is_named is False
    assert Message.objects.filter(kind="nominations.commendation_issued").count() == 4
    for change in (
        lambda: Commendation.objects.update(state="draft", issued_at=None),
        lambda: Commended.objects.filter(member__name="李桂兰").update(is_named=False),
        lambda: Commended.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()
    with clock.at(LATER), pytest.raises(DomainError) as refused:
        answer(town, shown, "李桂兰", "guilan", False)
    assert refused.value.code == "issued_already"
    with clock.at(LATER), pytest.raises(DomainError) as refused:
        issue(town, shown, "李桂兰")
    assert refused.value.code == "issued_already"


def test_not_before_everybody_answered_or_the_time_is_over(town: World) -> None:
    shown = drafted(town)
    with pytest.raises(DomainError) as refused:
        issue(town, shown, *names(shown))
    assert refused.value.code == "too_early" and "2026年4月7日" in refused.value.message
    for name, who in (
        ("王保国", "secretary"),
        ("李桂兰", "guilan"),
        ("单雪琴", "xueqin"),
        ("温如春", "second_recorder"),
    ):
        answer(town, shown, name, who, True)
    assert issue(town, shown, *names(shown)).state == "issued"


def test_who_declined_is_never_named_and_leaving_others_off_needs_the_reason(town: World) -> None:
    shown = drafted(town)
    answer(town, shown, "李桂兰", "guilan", True)
    answer(town, shown, "李桂兰", "guilan", False)  # it may think again
    with clock.at(LATER):
        with pytest.raises(DomainError) as refused:
            issue(town, shown, *names(shown))
        assert refused.value.code == "declined"
        with pytest.raises(DomainError) as refused:
            issue(town, shown, "王保国", "温如春")
        assert refused.value.code == "bad_input" and "单雪琴" in refused.value.message
        issue(town, shown, "王保国", "温如春", reason="所任项目正在审计")
    assert row(shown, "单雪琴").left_off == "所任项目正在审计" and row(shown, "李桂兰").left_off == ""


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("community_officer", "two_people"),
        ("secretary", "not_allowed"),
        ("other_township_officer", "not_visible"),
        ("guilan", "not_visible"),
    ],
)
def test_nobody_else_issues_it(town: World, who: str, code: str) -> None:
    shown = drafted(town)
    with clock.at(LATER), pytest.raises(DomainError) as refused:
        issue(town, shown, "王保国", who=who)
    assert refused.value.code == code


def test_in_a_village_the_second_person_stands_on_no_list_of_its_own(town: World) -> None:
    shown = drafted(town, "village", "village_secretary")
    with clock.at(LATER), pytest.raises(DomainError) as refused:
        issue(town, shown, "柳满仓", who="village_recorder")
    assert refused.value.status == 404
    with clock.at(LATER):
        assert issue(town, shown, "柳满仓", "柳长根", who="town_officer").state == "issued"


def test_a_relative_of_somebody_listed_steps_aside(town: World) -> None:
    shown = drafted(town, scores={"李桂兰": 9500})
    declare_relation(
        actor=town.actor("guilan"),
        member_id=town.member("李桂兰").pk,
        relative_id=town.member("王保国").pk,
        kind="叔侄",
    )
    with pytest.raises(DomainError) as refused:
        answer(town, shown, "李桂兰", "secretary", True, how="口头")
    assert refused.value.status in (403, 404)


def test_who_has_died_or_left_is_not_on_it(town: World) -> None:
    held = announced(town)
    _gone(town, "王保国", "deceased")
    shown = draft_commendation(actor=town.actor("community_officer"), announcement_id=held.pk)
    assert names(shown) == ["李桂兰", "单雪琴", "温如春"]
    gone = row(shown, "单雪琴")
    _gone(town, "单雪琴", "left")
    assert names(shown) == ["李桂兰", "温如春"]
    with clock.at(LATER):
        with pytest.raises(DomainError):
            issue_commendation(actor=town.actor(SECOND), commendation_id=shown.pk, named=[gone.pk])
        issue(town, shown, "李桂兰", "温如春")
    gone.refresh_from_db()
    assert not gone.is_named and gone.left_off == "已离开本组织"


def _gone(world: World, name: str, status: str) -> None:
    spells = StatusSpell.objects.filter(member=world.member(name), until_on__isnull=True)
    spells.update(until_on=date(2026, 3, 31))
    StatusSpell.objects.create(member=world.member(name), status=status, from_on=TODAY)


def test_an_answer_on_paper_says_how_and_is_told(town: World) -> None:
    shown = drafted(town, scores={"李桂兰": BEST["李桂兰"], "张㛃": 9900})
    with pytest.raises(DomainError) as refused:
        answer(town, shown, "张㛃", "community_officer", True)
    assert refused.value.code == "bad_input"
    one = answer(town, shown, "张㛃", "community_officer", False, how="当面口头答复")
    assert one.answer == "declined" and one.answer_how == "代录：当面口头答复"
    answer(town, shown, "李桂兰", "community_officer", True, how="电话")
    assert Message.objects.filter(kind__startswith="nominations.commendation_answered").count() == 1
