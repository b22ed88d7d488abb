"""Declared relations: either of the two or the branch declares, a third person withdraws; who steps aside."""

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.conduct.models import DeclaredRelation
from pioneer.conduct.queries import (
    must_step_aside,
    person_named,
    relations_visible_to,
    relatives_of,
    those_to_step_aside,
)
from pioneer.conduct.services import declare_relation, withdraw_relation
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from tests.world import World


def declare(
    world: World, who: str = "guilan", member: str = "李桂兰", relative: str = "王保国", kind: str = "母子"
) -> DeclaredRelation:
    return declare_relation(
        actor=world.actor(who), member_id=world.member(member).pk, relative_id=world.member(relative).pk, kind=kind
    )


@pytest.mark.parametrize("who", ["guilan", "secretary", "recorder"])
def test_either_of_the_two_or_the_branch_declares(ruled: World, who: str) -> None:
    made = declare(ruled, who)
    assert made.kind == "母子" and made.by_number == ruled.users[who].pk
    assert relatives_of(ruled.member("李桂兰").pk) == {ruled.member("王保国").pk}
    assert relatives_of(ruled.member("王保国").pk) == {ruled.member("李桂兰").pk}
    assert relatives_of(ruled.member("单雪琴").pk) == set()


def test_it_stands_once_whoever_declares_it(ruled: World) -> None:
    declare(ruled)
    with pytest.raises(DomainError, match="已经申明过"):
        declare(ruled, "secretary", "王保国", "李桂兰", "母子")


def test_it_may_reach_across_branches(ruled: World) -> None:
    declare(ruled, "guilan", "李桂兰", "温如春", "姐妹")
    assert "姐妹" in (must_step_aside(ruled.actor("second_recorder"), ruled.member("李桂兰")) or "")


@pytest.mark.parametrize(
    ("who", "error"), [("xueqin", NotVisible), ("village_secretary", NotVisible), ("auditor", NotAllowed)]
)
def test_others_dont_declare_for_them(ruled: World, who: str, error: type[DomainError]) -> None:
    with pytest.raises(error):
        declare(ruled, who)


def test_it_says_what_is_wrong(ruled: World) -> None:
    with pytest.raises(BadInput, match="另一位党员"):
        declare(ruled, relative="李桂兰")
    with pytest.raises(BadInput, match="什么亲属关系"):
        declare(ruled, kind=" ")
    with pytest.raises(DomainError, match="不在同一个区"):
        declare(ruled, relative="外一")


def test_a_third_person_of_the_branch_withdraws_it(ruled: World) -> None:
    made = declare(ruled)
    for who in ("guilan", "secretary"):
        with pytest.raises(NotAllowed, match="另一位同志核实"):
            withdraw_relation(actor=ruled.actor(who), relation_id=made.pk)
    for who in ("xueqin", "second_secretary", "other_secretary"):
        with pytest.raises(NotVisible):
            withdraw_relation(actor=ruled.actor(who), relation_id=made.pk)
    with pytest.raises(NotAllowed, match="支部"):
        withdraw_relation(actor=ruled.actor("township_officer"), relation_id=made.pk)
    assert withdraw_relation(actor=ruled.actor("recorder"), relation_id=made.pk).withdrawn_at
    assert must_step_aside(ruled.actor("secretary"), ruled.member("李桂兰")) is None
    with pytest.raises(NotVisible):
        withdraw_relation(actor=ruled.actor("recorder"), relation_id=made.pk)
    assert declare(ruled), "it may be declared again"


def test_recusal_follows_the_person(ruled: World) -> None:
    declare(ruled)
    secretary = ruled.actor("secretary")
    assert "本人的事项" in (must_step_aside(secretary, ruled.member("王保国")) or "")
    assert "亲属（母子）" in (must_step_aside(secretary, ruled.member("李桂兰")) or "")
    assert must_step_aside(secretary, ruled.member("单雪琴")) is None
    assert must_step_aside(ruled.actor("township_officer"), ruled.member("李桂兰")) is None
    assert must_step_aside(CLOCK, ruled.member("李桂兰")) is None


def test_a_whole_branch_takes_two_queries(ruled: World, django_assert_num_queries) -> None:
    declare(ruled)
    secretary, ids = ruled.actor("secretary"), [member.pk for member in ruled.members.values()]
    with django_assert_num_queries(2):
        found = those_to_step_aside(secretary, ids)
    assert set(found) == {ruled.member("王保国").pk, ruled.member("李桂兰").pk}


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("guilan", True),
        ("secretary", True),
        ("recorder", True),
        ("community_officer", True),
        ("township_officer", True),
        ("xueqin", False),
        ("second_secretary", False),
        ("district_officer", False),
        ("auditor", False),
        ("other_secretary", False),
    ],
)
def test_who_sees_it(ruled: World, who: str, sees: bool) -> None:
    declare(ruled)
    assert relations_visible_to(ruled.actor(who)).exists() is sees


def test_a_relative_is_found_by_name_here_and_by_name_and_number_elsewhere(ruled: World) -> None:
    guilan, wen = ruled.member("李桂兰"), ruled.member("温如春")
    assert person_named(guilan, "王保国") == ruled.member("王保国")
    with pytest.raises(BadInput, match="本支部没有叫“温如春”"):
        person_named(guilan, "温如春")
    assert person_named(guilan, "温如春", wen.number) == wen
    with pytest.raises(BadInput, match="没有这个姓名和编号都相符"):
        person_named(guilan, "温如春", guilan.number)
    with pytest.raises(BadInput, match="没有这个姓名"):
        person_named(guilan, "外一", ruled.member("外一").number)
