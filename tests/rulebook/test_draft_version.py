"""Drafting a version from the text of a rulebook file."""

from datetime import date

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.queries import visible_to
from pioneer.rulebook.services import draft_version
from tests.rulebook.conftest import TEXT, changed
from tests.world import TODAY, World


def draft(world: World, text: str | bytes = TEXT, who: str = "district_officer", **more) -> RulebookVersion:
    with clock.at(TODAY):
        return draft_version(actor=world.actor(who), district_id=world.district.pk, text=text, **more)


def test_it_works(world: World) -> None:
    made = draft(world)
    assert (made.number, made.name, made.state) == (1, "尖草坪区党员先锋指数积分办法", "draft")
    assert (made.valid_from, made.valid_until) == (date(2019, 1, 1), None)
    assert made.drafted_by_number == world.users["district_officer"].pk and made.text == TEXT


def test_the_day_it_begins_may_be_chosen(world: World) -> None:
    assert draft(world, valid_from=date(2026, 5, 1)).valid_from == date(2026, 5, 1)


def test_a_file_from_windows_is_the_same_text(world: World) -> None:
    made = draft(world, ("\ufeff" + TEXT.replace("\n", "\r\n")).encode())
    assert made.text == TEXT
    with pytest.raises(DomainError, match="一字不差"):
        draft(world, TEXT)


@pytest.mark.parametrize("who", ["township_officer", "secretary", "auditor", "system_admin"])
def test_only_the_district_may(world: World, who: str) -> None:
    with pytest.raises(NotAllowed, match="区委组织部工作人员"):
        draft(world, who=who)


def test_another_district_doesnt_see_it(world: World) -> None:
    with pytest.raises(NotVisible):
        draft(world, who="other_district_officer")
    with pytest.raises(NotVisible):
        draft_version(actor=world.actor("guilan"), district_id=world.district.pk, text=TEXT)
    with pytest.raises(NotVisible):
        draft_version(actor=world.actor("district_officer"), district_id=world.organisations["street"].pk, text=TEXT)


def test_every_mistake_is_listed_with_its_place_and_nothing_is_written(world: World) -> None:
    wrong = changed(("points = 70", 'points = "七十"'), ('aspect = "A"', 'aspect = "甲"'), ("floor = 0", "flor = 0"))
    with pytest.raises(BadInput) as refusal:
        draft(world, wrong)
    said = refusal.value.faults
    assert len(said) >= 3 and all(fault.place.startswith("第") for fault in said)
    assert not RulebookVersion.objects.exists()


@pytest.mark.parametrize("text", ["", "不是TOML", b"\xff\xfe", "[meta"])
def test_what_is_no_rulebook_is_said_so(world: World, text: str | bytes) -> None:
    with pytest.raises(BadInput):
        draft(world, text)


def test_the_text_may_not_end_before_it_begins(world: World) -> None:
    ends = changed(("valid_from = 2019-01-01", "valid_from = 2019-01-01\nvalid_to = 2025-12-31"))
    with pytest.raises(BadInput, match="2025年12月31日"):
        draft(world, ends, valid_from=date(2026, 1, 1))


def test_drafts_are_seen_by_who_drafts_and_adopts(world: World) -> None:
    made = draft(world)
    assert visible_to(world.actor("second_district_officer")).get() == made
    for who in ("township_officer", "secretary", "guilan", "other_district_officer"):
        assert not visible_to(world.actor(who), also_in=world.district.pk if who == "guilan" else None).exists()
