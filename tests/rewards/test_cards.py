"""积分卡 Issued, lost, shown by number or by a code that changes; guesses are counted, refusals are audited."""

from datetime import datetime, timedelta

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.members.models import StatusSpell
from pioneer.messages.models import Message
from pioneer.rewards.cards import issue_card, present_card, report_lost
from pioneer.rewards.codes import is_number, new_number
from pioneer.rewards.models import Card, Presentation
from pioneer.rewards.queries import accounts_of, card_for, card_of, cards_to_issue, code_of, standing_of
from tests.passbooks import House, freeze
from tests.world import TODAY

NAME = "李桂兰"
NOON = datetime(2026, 4, 1, 12, tzinfo=clock.SHANGHAI)


def present(house: House, typed: str, who: str = "shopkeeper") -> Presentation:
    return present_card(actor=house.actor(who), typed=typed, shop_id=house.shop.pk)


def refused(house: House, code: str, typed: str, who: str = "shopkeeper") -> str:
    with pytest.raises(DomainError) as error:
        present(house, typed, who)
    row = AuditEvent.objects.latest("pk")
    assert (error.value.code, row.refused, row.operation) == (code, code, "rewards.present_card")
    assert typed not in str(row.arguments)
    return error.value.message


def test_a_code_is_good_for_a_minute_and_once(house: House) -> None:
    card = house.card(NAME)
    guilan = house.actor("guilan")
    with clock.at(NOON):
        shown = code_of(guilan, card.pk)
        assert shown.text == f"{card.number}-{shown.code}" and 0 < shown.seconds <= 30
        made = present(house, f" {card.number}—{shown.code} ")
        assert made.by_code and made.card == card
        assert "已经用过" in refused(house, "code_old", shown.text)
    with clock.at(NOON + timedelta(seconds=59)):
        late = code_of(guilan, card.pk)
        assert late.code != shown.code
    with clock.at(NOON + timedelta(seconds=60 + 55)):
        assert "一分钟内有效" in refused(house, "code_old", late.text)
        wrong = "00000000" if code_of(guilan, card.pk).code != "00000000" else "11111111"
        refused(house, "code_wrong", f"{card.number}-{wrong}")
    for who in ("shopkeeper", "community_officer", "secretary"):
        with pytest.raises(NotVisible):
            code_of(house.actor(who), card.pk)


def test_a_lost_card_is_dead_at_once_and_the_next_has_another_number(house: House) -> None:
    card = house.card(NAME)
    with pytest.raises(NotAllowed):
        report_lost(actor=house.actor("auditor"), card_id=card.pk)
    report_lost(actor=house.actor("guilan"), card_id=card.pk)
    assert "挂失" in refused(house, "card_dead", card.number)
    assert card_of(house.actor("guilan"), card.account_id) is None
    with pytest.raises(DomainError):
        report_lost(actor=house.actor("shopkeeper"), card_id=card.pk)
    keeper = house.actor("shopkeeper")
    second = issue_card(actor=keeper, passbook_id=house.passbook.pk, member_id=house.member(NAME).pk)
    third = issue_card(actor=keeper, passbook_id=house.passbook.pk, member_id=house.member(NAME).pk)
    assert len({card.number, second.number, third.number}) == 3
    refused(house, "card_dead", second.number)
    assert present(house, third.number).card == third
    kinds = Message.objects.filter(user=house.world.users["guilan"]).values_list("kind", flat=True)
    assert sorted(kinds) == ["rewards.card"] * 3 + ["rewards.card_lost"]
    assert all(one.secret_sealed is None for one in Card.objects.exclude(pk=third.pk))


def test_who_issues_a_card_and_to_whom(house: House) -> None:
    form = {"passbook_id": house.passbook.pk, "member_id": house.member(NAME).pk}
    card = issue_card(actor=house.actor("secretary"), **form)  # of the member's branch
    for who in ("village_secretary", "second_secretary", "committee"):
        with pytest.raises(NotVisible):
            issue_card(actor=house.actor(who), **form)
    with pytest.raises(NotAllowed):
        report_lost(actor=house.actor("second_secretary"), card_id=card.pk)
    report_lost(actor=house.actor("recorder"), card_id=card.pk)
    assert issue_card(actor=house.actor("recorder"), **form)
    with pytest.raises(NotAllowed):
        issue_card(actor=house.actor("township_officer"), **form)
    with pytest.raises(DomainError, match="所在村（社区）"):
        issue_card(actor=house.actor("shopkeeper"), **{**form, "member_id": house.member("柳满仓").pk})
    numbers = {
        who: len(cards_to_issue(house.actor(who), house.passbook.pk))
        for who in ("shopkeeper", "secretary", "second_recorder")
    }
    assert numbers == {"shopkeeper": 10, "secretary": 8, "second_recorder": 2}
    with pytest.raises(NotVisible):
        card_for(house.actor("second_secretary"), card.pk)
    assert card_for(house.actor("secretary"), card.pk) == card
    listed = cards_to_issue(house.actor("community_officer"), house.passbook.pk)
    assert [card is not None for member, card in listed if member.name in (NAME, "张㛃")] == [True, False]


def test_guessing_stops_after_five(house: House) -> None:
    assert all(is_number(new_number()) for _ in range(50))
    number = house.card(NAME).number
    for _ in range(5):
        refused(house, "card_unknown", "1234567890" if not is_number("1234567890") else "1234567891")
    assert "15分钟后" in refused(house, "too_many_guesses", number)
    assert present(house, number, "second_shopkeeper")
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert present(house, number)


def test_a_frozen_passbook_is_refused_and_nothing_of_it_is_lost(house: House) -> None:
    house.give(NAME, 5000)
    number = house.card(NAME).number
    case = freeze(house, NAME)
    assert "积分保留" in refused(house, "frozen", number)
    assert "冻结" in accounts_of(house.actor("guilan"))[0].why_not
    case.state, case.reversed_at, case.reversal_document = "reversed", clock.now(), "再审判决"
    case.save()
    assert present(house, number) and house.redeem(NAME).points == 2000


def test_after_a_transfer_out_of_the_district_it_is_usable_ninety_days(house: House) -> None:
    house.give(NAME, 5000)
    number = house.card(NAME).number
    member = house.member(NAME)
    member.statuses.filter(until_on=None).update(until_on=TODAY - timedelta(days=1))
    StatusSpell.objects.create(member=member, status="transferred_out", from_on=TODAY)
    assert standing_of(house.account(NAME)).usable_until == TODAY + timedelta(days=90)
    with clock.at(TODAY + timedelta(days=90)):
        assert present(house, number)
    with clock.at(TODAY + timedelta(days=91)):
        assert "转出后存折可用到2026年6月30日" in refused(house, "too_late", number)
