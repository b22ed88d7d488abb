"""推荐的决定 After opinions, the notice and its window, the checks, every objection answered; never past the places."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from pioneer.conduct.services import declare_relation
from pioneer.kernel.errors import DomainError
from pioneer.members.models import StatusSpell
from pioneer.messages.models import Message
from pioneer.nominations.calling import withdraw_call
from pioneer.nominations.deciding import answer_objection, confirm_check, give_opinion, record_objection
from pioneer.nominations.models import Nomination, Notice, Objection, Opinion
from pioneer.nominations.policies import asked_for_opinion
from pioneer.nominations.queries import objections_of
from pioneer.nominations.services import answer_nomination, withdraw_nomination
from tests.nominations.course import agreed, call, decide, file, opined, propose, ready, shown
from tests.world import TODAY, World

OTHER = "second_township_officer"


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def opine(world: World, one: Nomination, who: str, at: str = "community", text: str = "同意") -> Opinion:
    place = world.organisations[at].pk
    return give_opinion(actor=world.actor(who), nomination_id=one.pk, organisation_id=place, is_for=True, text=text)


def check(world: World, one: Nomination, who: str = "township_officer", position: int = 0, **more: Any) -> Any:
    given = {"is_clear": True, **more}
    return confirm_check(actor=world.actor(who), nomination_id=one.pk, position=position, **given)


def object_(world: World, one: Nomination, who: str = "secretary", at: str = "branch", **more: Any) -> Objection:
    given = {"came_on": TODAY, "text": "有一次志愿服务没有到场", "objector_name": "赵某", **more}
    place = world.organisations[at].pk
    return record_objection(actor=world.actor(who), nomination_id=one.pk, organisation_id=place, **given)


def reply(world: World, found: Objection, who: str = "secretary", is_upheld: bool = False, answer: str = "已核") -> Any:
    return answer_objection(actor=world.actor(who), objection_id=found.pk, is_upheld=is_upheld, answer=answer)


def test_chosen_with_the_document_told_and_frozen(town: World) -> None:
    file(town, "李桂兰")
    one, day = ready(town, call(town), "李桂兰")
    assert day == date(2026, 4, 10)  # 2, 3, 7, 8, 9 April
    made = decide(town, one, day)
    assert made.state == "chosen" and made.decided_on == day
    assert Message.objects.get(kind="nominations.decided").title == "您已被确定为推荐人选"
    for change in (
        lambda: Nomination.objects.update(state="not_chosen"),
        lambda: Nomination.objects.update(document_number="x"),
        lambda: Nomination.objects.update(member=town.member("张㛃")),
        lambda: Opinion.objects.update(is_for=False),
        lambda: Opinion.objects.all().delete(),
        lambda: Notice.objects.update(last_on=date(2026, 4, 30)),
    ):
        with pytest.raises(DatabaseError, match=r"frozen|append-only"), transaction.atomic():
            change()
    assert code_of(lambda: decide(town, one, day)) == "not_now"


@pytest.mark.parametrize(
    "who", ["secretary", "community_officer", "town_officer", "auditor", "guilan", "other_township_officer"]
)
def test_nobody_else_decides(town: World, who: str) -> None:
    file(town, "李桂兰")
    one, day = ready(town, call(town), "李桂兰")
    assert code_of(lambda: decide(town, one, day, who)) in ("not_allowed", "not_visible")


def test_what_stands_in_the_way_is_said_one_by_one(town: World) -> None:
    file(town, "李桂兰")
    made = call(town)
    one = propose(town, made, "李桂兰")
    day = date(2026, 4, 10)
    assert code_of(lambda: decide(town, one, day)) == "not_agreed"
    assert code_of(lambda: shown(town, made, one)) == "not_agreed"
    answer_nomination(actor=town.actor("guilan"), nomination_id=one.pk, is_willing=True)
    one.refresh_from_db()
    assert code_of(lambda: decide(town, one, day)) == "not_shown"
    assert code_of(lambda: shown(town, made, one)) == "opinion_missing"
    opined(town, one)
    assert code_of(lambda: shown(town, made)) == "bad_input"
    assert shown(town, made, one) == day
    assert code_of(lambda: shown(town, made, one)) == "shown_already"
    assert code_of(lambda: decide(town, one, day - timedelta(days=1))) == "window_open"
    assert code_of(lambda: decide(town, one, day, decided_on=day - timedelta(days=1))) == "window_open"
    assert code_of(lambda: decide(town, one, day)) == "check_missing"
    check(town, one, is_clear=False, note="有一件在核实")
    assert code_of(lambda: decide(town, one, day)) == "check_failed"
    check(town, one)  # the latest counts
    found = object_(town, one)
    assert code_of(lambda: decide(town, one, day)) == "objection_open"
    reply(town, found, is_upheld=True, answer="查实")
    assert code_of(lambda: decide(town, one, day)) == "objection_upheld"
    assert code_of(lambda: decide(town, one, day, is_chosen=False)) == "bad_input"
    assert decide(town, one, day, is_chosen=False, reason="异议成立").state == "not_chosen"


def test_who_is_no_longer_eligible_is_not_chosen(town: World) -> None:
    file(town, "李桂兰")
    one, day = ready(town, call(town), "李桂兰")
    StatusSpell.objects.filter(member=one.member).update(status="out_of_contact")
    assert code_of(lambda: decide(town, one, day)) == "not_eligible"


def test_never_more_than_the_places(town: World) -> None:
    for name in ("李桂兰", "单雪琴"):
        file(town, name)
    made = call(town)
    (first, day), (second, _) = ready(town, made, "李桂兰"), ready(town, made, "单雪琴")
    decide(town, first, day)
    assert code_of(lambda: decide(town, second, day)) == "places_full"
    assert decide(town, second, day, is_chosen=False, reason="名额已满").state == "not_chosen"


def test_opinions_are_those_of_who_stands_between_and_by_another_person(town: World) -> None:
    file(town, "李桂兰")
    one = propose(town, call(town), "李桂兰")
    assert code_of(lambda: opine(town, one, "community_officer")) == "not_now"
    answer_nomination(actor=town.actor("guilan"), nomination_id=one.pk, is_willing=True)
    for who in ("township_officer", "secretary", "guilan", "district_officer"):
        assert code_of(lambda who=who: opine(town, one, who)) in ("not_allowed", "not_visible")
    assert code_of(lambda: opine(town, one, "township_officer", "street")) == "not_asked"
    assert code_of(lambda: opine(town, one, "community_officer", text=" ")) == "bad_input"
    assert opine(town, one, "community_officer").by_name == "段雅文"
    assert code_of(lambda: opine(town, one, "community_officer")) == "given_already"
    other = agreed(town, call(town), "李桂兰", "community_officer")
    assert code_of(lambda: opine(town, other, "community_officer")) == "two_people"


def test_for_the_district_the_township_is_asked_too_and_does_not_decide(town: World) -> None:
    file(town, "李桂兰")
    made = call(town, "district_officer", "district", level="district")
    one = opined(town, agreed(town, made, "李桂兰"))
    assert code_of(lambda: shown(town, made, one, who="district_officer")) == "opinion_missing"
    opined(town, one, "street", "township_officer")
    day = shown(town, made, one, who="district_officer")
    check(town, one, OTHER)
    assert code_of(lambda: decide(town, one, day, "township_officer")) == "not_allowed"
    assert decide(town, one, day, "district_officer").state == "chosen"
    file(town, "柳满仓")
    assert asked_for_opinion(propose(town, made, "柳满仓", "village_secretary")) == [town.organisations["town"].pk]


def test_a_relative_gives_no_opinion_checks_nothing_and_decides_nothing(town: World) -> None:
    file(town, "李桂兰")
    made = call(town)
    one, day = ready(town, made, "李桂兰")
    town.member("张㛃").user = town.users["township_officer"]
    town.member("张㛃").save()
    declare_relation(
        actor=town.actor("guilan"),
        member_id=town.member("李桂兰").pk,
        relative_id=town.member("张㛃").pk,
        kind="姐妹",
    )
    assert code_of(lambda: check(town, one)) == "step_aside"
    assert code_of(lambda: decide(town, one, day)) == "step_aside"
    assert code_of(lambda: object_(town, one, "township_officer", "street")) == "step_aside"
    assert decide(town, one, day, OTHER).state == "chosen"


def test_checks_are_confirmed_by_name_by_the_township_or_above(town: World) -> None:
    file(town, "李桂兰")
    one = agreed(town, call(town), "李桂兰")
    for who in ("secretary", "community_officer", "guilan"):
        assert code_of(lambda who=who: check(town, one, who)) in ("not_allowed", "not_visible")
    assert code_of(lambda: check(town, one, position=1)) == "bad_input"
    assert code_of(lambda: check(town, one, is_clear=False)) == "bad_input"
    assert check(town, one, OTHER).by_name == "苗青"
    check(town, one, "district_officer", is_clear=False, note="有一件案件")
    assert Message.objects.filter(kind__startswith="nominations.check_").count() == 1


def test_an_objection_is_answered_where_it_went_and_only_there_the_name_is_seen(town: World) -> None:
    file(town, "李桂兰")
    one, _ = ready(town, call(town), "李桂兰")
    for who, at in (
        ("recorder", "branch"),
        ("community_officer", "branch"),
        ("secretary", "street"),
        ("guilan", "branch"),
    ):
        assert code_of(lambda who=who, at=at: object_(town, one, who, at)) in ("not_allowed", "not_visible")
    assert code_of(lambda: object_(town, one, at="community")) == "not_received_here"
    assert code_of(lambda: object_(town, one, text="")) == "bad_input"
    for day in (date(2026, 3, 31), date(2026, 4, 2), date(2026, 4, 10)):
        assert code_of(lambda day=day: object_(town, one, came_on=day)) == "out_of_window"
    found = object_(town, one, "committee")
    assert "赵某" not in Message.objects.get(kind=f"nominations.objection_{found.pk}").text
    sees = {
        who: objections_of(town.actor(who), one)[0][1] for who in ("secretary", "deputy", "guilan", "township_officer")
    }
    assert sees == {"secretary": True, "deputy": False, "guilan": False, "township_officer": False}
    assert code_of(lambda: reply(town, found, "deputy")) == "two_people"  # who proposed
    for who in ("guilan", "township_officer"):
        assert code_of(lambda who=who: reply(town, found, who)) in ("not_allowed", "step_aside", "not_visible")
    assert code_of(lambda: reply(town, found, answer=" ")) == "bad_input"
    reply(town, found)
    assert code_of(lambda: reply(town, found)) == "answered_already"
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Objection.objects.update(is_upheld=True)
    above = object_(town, one, OTHER, "street")
    assert reply(town, above, OTHER).is_upheld is False


# state → what is refused in it; everything else of ACTS goes through
ACTS: dict[str, Callable[[World, Nomination], Any]] = {
    "answer": lambda w, n: answer_nomination(actor=w.actor("guilan"), nomination_id=n.pk, is_willing=True),
    "decline": lambda w, n: answer_nomination(actor=w.actor("guilan"), nomination_id=n.pk, is_willing=False),
    "opinion": lambda w, n: opine(w, n, "community_officer"),
    "check": lambda w, n: check(w, n),
    "show": lambda w, n: shown(w, n.call, n),
    "object": lambda w, n: object_(w, n),
    "choose": lambda w, n: decide(w, n, date(2026, 4, 10)),
    "refuse": lambda w, n: decide(w, n, date(2026, 4, 10), is_chosen=False, reason="条件不够"),
    "withdraw": lambda w, n: withdraw_nomination(actor=w.actor("secretary"), nomination_id=n.pk, reason="调动"),
}
MAY = {
    "proposed": {"answer", "decline", "check", "refuse", "withdraw"},
    "agreed": {"decline", "opinion", "check", "refuse", "withdraw"},
    "opined": {"decline", "check", "show", "refuse", "withdraw"},
    "ready": {"decline", "check", "object", "choose", "refuse", "withdraw"},
    "declined": set(),
    "withdrawn": set(),
    "chosen": set(),
    "not_chosen": set(),
    "call withdrawn": set(),
}


def brought(world: World, state: str) -> Nomination:
    made = call(world)
    if state == "proposed":
        return propose(world, made, "李桂兰")
    if state in ("ready", "chosen"):
        one, day = ready(world, made, "李桂兰")
        return decide(world, one, day) if state == "chosen" else one
    one = propose(world, made, "李桂兰") if state == "call withdrawn" else agreed(world, made, "李桂兰")
    if state == "opined":
        return opined(world, one)
    if state == "declined":
        ACTS["decline"](world, one)
    elif state == "withdrawn":
        ACTS["withdraw"](world, one)
    elif state == "not_chosen":
        ACTS["refuse"](world, one)
    elif state == "call withdrawn":
        withdraw_call(actor=world.actor("township_officer"), call_id=made.pk, reason="另发")
    return one


@pytest.mark.parametrize("state", MAY)
def test_what_may_be_done_in_which_state(town: World, state: str) -> None:
    file(town, "李桂兰")
    one = brought(town, state)
    done = set()
    for name, act in ACTS.items():
        try:
            with transaction.atomic():
                one.refresh_from_db()
                act(town, one)
                done.add(name)
                transaction.set_rollback(True)
        except DomainError:
            pass
    assert done == MAY[state]
