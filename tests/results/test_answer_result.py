"""答复评定结果 The member confirms or dissents, on its page or on its signed slip; nothing of the result changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.ledger.erasure import later
from pioneer.members.closing import close_cycles
from pioneer.messages.models import Message
from pioneer.results import announcing_queries as queries
from pioneer.results.announcing import answer_result
from pioneer.results.erasure import erase_texts
from pioneer.results.models import Announcement, Told
from tests.results.test_announce import hold
from tests.results.test_record_told import row
from tests.world import World, adopt_rulebook
from tests.year import AFTER, FIRST, LAST, settle_plainly

WORDS = "七月的志愿服务四小时没有算进去。"


@pytest.fixture
def held(world: World) -> Iterator[Announcement]:
    adopt_rulebook(world)
    with clock.at(AFTER):
        yield hold(world, settle_plainly(world))


def say(world: World, name: str = "李桂兰", who: str = "guilan", answer: str = "dissents", **more: Any) -> Told:
    return answer_result(actor=world.actor(who), told_id=row(world, name).pk, answer=answer, **{"words": WORDS, **more})


def test_a_dissent_is_seen_by_community_and_township_and_changes_nothing(world: World, held: Announcement) -> None:
    before = row(world, "李桂兰").result.score
    one = say(world)
    assert (one.answer, one.words, one.answered_on, one.entered_by_number) == ("dissents", WORDS, AFTER, None)
    assert row(world, "李桂兰").result.score == before
    assert [each.pk for each in queries.dissents_of(held.unit, FIRST)] == [one.pk]
    for who in ("community_officer", "township_officer"):
        assert one in queries.told_of(world.actor(who), held)
        assert queries.standings(world.actor(who), [held.unit], FIRST)[0].counts["dissents"] == 1
    told = Message.objects.get(user=world.users["community_officer"], kind="results.dissent")
    assert "李桂兰" not in told.text and told.link == f"/results/announcements/{held.pk}/"
    audit = AuditEvent.objects.filter(operation="results.answer_result").latest("id")
    assert audit.arguments["answer"] == "dissents" and WORDS not in str(audit.arguments)


def test_the_last_answer_counts_until_the_filing(world: World, held: Announcement) -> None:
    say(world)
    one = say(world, answer="confirmed")
    assert (one.answer, one.words) == ("confirmed", "")
    close_cycles([world.member("李桂兰").pk], FIRST, LAST, "槐街备〔2027〕1号")
    with pytest.raises(DomainError, match="已备案"):
        say(world)


def test_from_the_signed_slip_it_is_entered_for_the_member_who_is_told(world: World, held: Announcement) -> None:
    with clock.at(date(2027, 1, 14)):
        one = say(world, "单雪琴", "secretary", "confirmed", answered_on=date(2027, 1, 12))
    assert (one.answered_on, one.entered_by_number) == (date(2027, 1, 12), world.users["secretary"].pk)
    told = Message.objects.get(user=world.users["xueqin"], kind="results.answer_entered")
    assert "已登记为“无异议”" in told.text
    assert say(world, "单雪琴", "xueqin").entered_by_number is None
    with pytest.raises(DomainError, match="本人已经自己答复，不能代为更改"):
        say(world, "单雪琴", "secretary", "confirmed")


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("township_officer", NotAllowed),
        ("xueqin", NotVisible),
        ("recorder", NotVisible),
        ("second_secretary", NotVisible),
        ("village_secretary", NotVisible),
    ],
)
def test_nobody_else_answers(world: World, held: Announcement, who: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        say(world, who=who)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"answer": ""}, "请选择"),
        ({"words": " "}, "请写明哪里有不同意见"),
        ({"words": "字" * 501}, "500个字以内"),
        ({"who": "secretary", "answered_on": date(2027, 1, 12)}, "至今天之间的一天"),
        ({"who": "secretary", "answered_on": date(2027, 1, 10)}, "2027年1月11日（评定算好）"),
    ],
)
def test_a_dissent_has_words_and_an_answer_its_day(
    world: World, held: Announcement, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        say(world, **changes)


def test_once_told_anew_the_old_answer_stays_with_the_old_announcement(world: World, held: Announcement) -> None:
    old = say(world)
    hold(world, settle_plainly(world))
    with pytest.raises(DomainError, match="已经重新通报"):
        answer_result(actor=world.actor("guilan"), told_id=old.pk, answer="confirmed")
    assert queries.own_told(world.users["guilan"].pk)[FIRST].answer == ""


def test_words_are_erased_with_the_rest(world: World, held: Announcement) -> None:
    say(world)
    assert erase_texts in later()
    assert list(erase_texts(world.member("李桂兰").pk)) == []
    one = row(world, "李桂兰")
    assert (one.words, one.answer, one.answered_on) == ("", "dissents", AFTER)


def test_who_presided_and_is_erased_loses_its_name_there(world: World, held: Announcement) -> None:
    held = hold(world, settle_plainly(world), presided_by="社区书记王保国")
    erase_texts(world.member("李桂兰").pk)
    for change in ({"presided_by": "别人"}, {"place": "别处"}, {"by_number": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Announcement.objects.filter(pk=held.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Announcement.objects.filter(pk=held.pk)._raw_delete("default")
    erase_texts(world.member("王保国").pk)
    held.refresh_from_db()
    assert (held.presided_by, held.place) == ("社区书记（已抹除）", "党群服务中心")
