"""免评 apply_exemption, agree_exemption, approve_exemption, refuse_exemption, end_exemption"""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from pioneer.accounts.models import Grant
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members import proceedings, queries
from pioneer.members.exemptions import (
    agree_exemption,
    apply_exemption,
    approve_exemption,
    end_exemption,
    refuse_exemption,
)
from pioneer.members.models import Exemption
from pioneer.messages.models import Message
from pioneer.scoring import Cycle
from tests.world import TODAY, World, adopt_rulebook

CYCLE = Cycle(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def world(world: World) -> World:
    adopt_rulebook(world)
    return world


def apply(world: World, who: str = "guilan", name: str = "李桂兰", **values: object) -> Exemption:
    """李桂兰 was born on 8 March 1956: seventy on 8 March 2026."""
    with clock.at(TODAY):
        return apply_exemption(
            **{
                "actor": world.actor(who),
                "member_id": world.member(name).pk,
                "ground": "age",
                "from_on": date(2026, 3, 8),
                **values,
            }
        )


def agree(world: World, exemption: Exemption, who: str = "secretary") -> Exemption:
    with clock.at(TODAY):
        return agree_exemption(actor=world.actor(who), exemption_id=exemption.pk)


def approve(world: World, exemption: Exemption, who: str = "township_officer") -> Exemption:
    with clock.at(TODAY):
        return approve_exemption(actor=world.actor(who), exemption_id=exemption.pk)


def refuse(world: World, exemption: Exemption, who: str, reason: str = "材料不齐。") -> Exemption:
    with clock.at(TODAY):
        return refuse_exemption(actor=world.actor(who), exemption_id=exemption.pk, reason=reason)


def test_application_branch_township(world: World) -> None:
    made = approve(world, agree(world, apply(world)))
    assert made.state == "approved"
    people = (made.applied_by_number, made.branch_by_number, made.township_by_number)
    assert people == tuple(world.actor(who).number for who in ("guilan", "secretary", "township_officer"))
    member = world.member("李桂兰").pk
    assert queries.exempt_on([member], date(2026, 3, 7)) == set()
    assert queries.exempt_on([member], date(2026, 3, 8)) == {member}
    assert queries.scoring_members([member], CYCLE)[member].status == "exempt"
    assert Message.objects.get(user=world.users["guilan"], kind="exemption_approved")


def test_it_holds_only_once_the_township_has_approved(world: World) -> None:
    member = world.member("李桂兰").pk
    agree(world, apply(world))
    assert queries.exempt_on([member], TODAY) == set()


def test_the_age_is_the_rulebooks(world: World) -> None:
    with pytest.raises(DomainError, match="到2026年3月8日才满70周岁"):
        apply(world, from_on=date(2026, 3, 7))
    with pytest.raises(DomainError, match="才满70周岁"):
        apply(world, "secretary", "单雪琴")


def test_without_a_birth_date_age_cannot_be_checked(world: World) -> None:
    member = world.member("李桂兰")
    member.birth_on = None
    member.save()
    with pytest.raises(DomainError, match="没有登记出生日期"):
        apply(world)


def test_who_is_ill_says_what_proves_it(world: World) -> None:
    with pytest.raises(BadInput, match="证明材料"):
        apply(world, "secretary", "单雪琴", ground="ill", from_on=TODAY)
    made = apply(world, "secretary", "单雪琴", ground="ill", from_on=TODAY, explanation="区医院证明")
    assert made.applied_by_number == world.actor("secretary").number


def test_abroad_only_over_half_a_year(world: World) -> None:
    with pytest.raises(DomainError, match="不足6个月"):
        apply(world, "xueqin", "单雪琴", ground="abroad", from_on=TODAY, until_on=date(2026, 9, 30))
    assert apply(world, "xueqin", "单雪琴", ground="abroad", from_on=TODAY, until_on=date(2026, 10, 1))


def test_it_reaches_back_to_the_cycles_first_day_and_no_further(world: World) -> None:
    with pytest.raises(BadInput, match="不追溯到以前的周期"):
        apply(world, from_on=date(2025, 12, 31))


def test_one_application_at_a_time_and_none_while_it_holds(world: World) -> None:
    made = apply(world)
    with pytest.raises(DomainError, match="已有一份免评申请在办"):
        apply(world)
    approve(world, agree(world, made))
    with pytest.raises(DomainError, match="已经免评"):
        apply(world)


@pytest.mark.parametrize("who", ["committee", "xueqin_", "community_officer"])
def test_who_may_not_apply_for_another(world: World, who: str) -> None:
    with pytest.raises((NotAllowed, NotVisible)):
        apply(world, who.rstrip("_"))


def test_the_second_step_needs_the_first(world: World) -> None:
    with pytest.raises(DomainError, match="不在这一步"):
        approve(world, apply(world))


def test_nobody_agrees_to_ones_own(world: World) -> None:
    made = apply(world, "secretary", "王保国", ground="ill", from_on=TODAY, explanation="区医院证明")
    with pytest.raises(NotAllowed, match="须由他人办理"):
        agree(world, made, "secretary")
    assert agree(world, made, "deputy").state == "branch_agreed"


def test_where_the_branch_has_nobody_else_the_level_above_agrees(world: World) -> None:
    made = apply(world, "secretary", "王保国", ground="ill", from_on=TODAY, explanation="区医院证明")
    with pytest.raises(NotAllowed):
        agree(world, made, "community_officer")
    Grant.objects.filter(organisation=world.branch).exclude(user=world.users["secretary"]).delete()
    assert agree(world, made, "community_officer").state == "branch_agreed"


@pytest.mark.parametrize("who", ["recorder", "township_officer", "guilan", "auditor"])
def test_who_may_not_agree(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        agree(world, apply(world), who)


@pytest.mark.parametrize("who", ["secretary", "community_officer", "district_officer"])
def test_who_may_not_approve(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        approve(world, agree(world, apply(world)), who)


def test_the_township_is_another_person(world: World) -> None:
    made = apply(world, "township_officer")
    agree(world, made)
    with pytest.raises(NotAllowed, match="另一个人办理"):
        approve(world, made)
    assert approve(world, made, "second_township_officer").state == "approved"


def test_the_database_itself_refuses_one_person_in_both_steps(world: World) -> None:
    made = agree(world, apply(world))
    made.township_by_number = made.branch_by_number
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


def test_for_another_branch_and_town_it_does_not_exist(world: World) -> None:
    made = apply(world)
    for who in ("second_secretary", "town_officer", "other_township_officer"):
        with pytest.raises(NotVisible):
            agree(world, made, who)


def test_either_level_refuses_with_a_reason(world: World) -> None:
    made = apply(world)
    with pytest.raises(BadInput, match="请写明不同意的理由"):
        refuse(world, made, "secretary", " ")
    assert refuse(world, made, "secretary").state == "refused"
    again = agree(world, apply(world))
    with pytest.raises(NotAllowed):
        refuse(world, again, "secretary")
    assert refuse(world, again, "township_officer").reason == "材料不齐。"
    assert Message.objects.filter(user=world.users["guilan"], kind="exemption_refused").count() == 2


def test_an_ended_one_held_until_its_last_day(world: World) -> None:
    made = approve(world, agree(world, apply(world)))
    with clock.at(TODAY):
        with pytest.raises(BadInput, match="请写明终止的理由"):
            end_exemption(actor=world.actor("guilan"), exemption_id=made.pk, last_on=TODAY, reason="")
        ended = end_exemption(
            actor=world.actor("guilan"), exemption_id=made.pk, last_on=date(2026, 3, 31), reason="本人申请恢复。"
        )
    member = world.member("李桂兰").pk
    assert ended.state == "ended"
    assert queries.exempt_on([member], date(2026, 3, 31)) == {member}
    assert queries.exempt_on([member], TODAY) == set()
    assert queries.scoring_members([member], CYCLE)[member].status == "full"


@pytest.mark.parametrize("last_on", [date(2026, 3, 7), date(2026, 4, 2)])
def test_it_ends_between_its_first_day_and_today(world: World, last_on: date) -> None:
    made = approve(world, agree(world, apply(world)))
    with pytest.raises(BadInput, match="最后一天"), clock.at(TODAY):
        end_exemption(actor=world.actor("secretary"), exemption_id=made.pk, last_on=last_on, reason="已康复")


def test_a_recorder_does_not_end_it(world: World) -> None:
    made = approve(world, agree(world, apply(world)))
    with pytest.raises(NotAllowed), clock.at(TODAY):
        end_exemption(actor=world.actor("recorder"), exemption_id=made.pk, last_on=TODAY, reason="已康复")


def test_what_waits_for_whom(world: World) -> None:
    made = apply(world)
    assert proceedings.exemptions_to_agree(world.actor("secretary")) == [made]
    assert proceedings.exemptions_to_agree(world.actor("second_secretary")) == []
    assert proceedings.exemptions_to_approve(world.actor("township_officer")) == []
    agree(world, made)
    assert proceedings.exemptions_to_agree(world.actor("secretary")) == []
    assert proceedings.exemptions_to_approve(world.actor("township_officer")) == [made]
    assert proceedings.exemptions_to_approve(world.actor("town_officer")) == []
