"""开设与停办 Who decides, by which document; closed again with notice."""

from datetime import timedelta
from typing import Any

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from pioneer.rewards.models import Account, Passbook
from pioneer.rewards.money_queries import books_for
from pioneer.rewards.queries import passbook_for, passbooks_to_open, standing_of, visible_to
from pioneer.rewards.services import close_passbook, open_passbook
from tests.passbooks import House, adopt_with
from tests.world import TODAY, World, adopt_rulebook


def opened(world: World, who: str = "village_secretary", at: str = "village", **more: Any) -> Passbook:
    form = {"opened_on": TODAY, "decided_on": TODAY, "decided_by": "村党支部", "document": "会议纪要3号", **more}
    with clock.at(TODAY):
        return open_passbook(actor=world.actor(who), organisation_id=world.organisations[at].pk, **form)


def test_a_community_opens_one_where_the_rulebook_says_what_a_point_is_worth(world: World) -> None:
    adopt_rulebook(world)
    made = opened(world)
    kinds = Account.objects.filter(passbook=made).values_list("kind", "balance")
    assert sorted(kinds) == [("expiry", 0), ("fund", 0)]
    assert opened(world, "community_officer", "community")
    assert [one.pk for one in visible_to(world.actor("village_secretary"))] == [made.pk]
    assert passbooks_to_open(world.actor("community_officer")) == []
    with pytest.raises(DomainError) as error:
        opened(world)
    assert error.value.code == "already_open"


def test_without_the_rule_a_document_or_the_office_it_is_refused(world: World) -> None:
    adopt_with(world, "")
    with pytest.raises(DomainError, match="没有“积分存折”一节"):
        opened(world)
    with pytest.raises(NotVisible):
        opened(world, "other_secretary")
    with pytest.raises(NotAllowed):
        opened(world, "secretary", "community")
    with pytest.raises(NotAllowed):
        opened(world, "township_officer", "community")


def test_the_form_names_every_mistake(world: World) -> None:
    adopt_rulebook(world)
    with pytest.raises(BadInput) as error:
        opened(world, decided_by=" ", document="", opened_on=TODAY - timedelta(days=1))
    assert [fault.place for fault in error.value.faults] == ["决定人", "决定文件", "启用日期"]
    with pytest.raises(DomainError, match="由村（社区）党组织开设"):
        opened(world, "secretary", "branch")


def test_it_is_closed_with_thirty_days_of_notice_and_everybody_with_points_is_told(house: House) -> None:
    house.give("李桂兰", 5000)
    form: dict[str, Any] = {
        "actor": house.actor("community_officer"), "passbook_id": house.passbook.pk, "decided_on": TODAY,
        "decided_by": "社区党委会", "document": "槐社党〔2026〕19号", "reason": "经费不再安排",
    }  # fmt: skip
    with pytest.raises(BadInput, match="最早为2026年5月1日"):
        close_passbook(closes_on=TODAY + timedelta(days=29), **form)
    with pytest.raises(NotAllowed):
        close_passbook(closes_on=TODAY + timedelta(days=60), **{**form, "actor": house.actor("shopkeeper")})
    last = TODAY + timedelta(days=30)
    close_passbook(closes_on=last, **form)
    assert "2026年5月1日" in Message.objects.get(kind="rewards.closing").text
    with clock.at(last):
        house.redeem("李桂兰")
    with clock.at(last + timedelta(days=1)):
        assert "停办" in standing_of(passbook_account(house)).why_not
        with pytest.raises(DomainError, match="停办"):
            house.redeem("李桂兰")
    with pytest.raises(DomainError) as error:
        close_passbook(closes_on=last, **form)
    assert error.value.code == "closing_already"


def passbook_account(house: House) -> Account:
    house.passbook.refresh_from_db()
    found = Account.objects.select_related("passbook__organisation", "member")
    return found.get(pk=house.account("李桂兰").pk)


def test_who_sees_the_passbook(house: House) -> None:
    for who in ("shopkeeper", "community_officer", "township_officer", "district_officer", "auditor"):
        assert passbook_for(house.actor(who), house.passbook.pk) == house.passbook
    for who in ("secretary", "recorder", "second_secretary", "second_recorder"):  # issues cards in a branch below
        assert passbook_for(house.actor(who), house.passbook.pk) == house.passbook
        with pytest.raises(NotVisible):
            books_for(house.actor(who), house.passbook.pk)
    for who in ("guilan", "committee", "village_secretary", "town_officer", "other_district_officer", "system_admin"):
        with pytest.raises(NotVisible):
            passbook_for(house.actor(who), house.passbook.pk)
    house.give("李桂兰", 100)
    assert passbook_for(house.actor("guilan"), house.passbook.pk) == house.passbook
