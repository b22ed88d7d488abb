"""Giving up a draft."""

import pytest

from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.rulebook.services import adopt_version, discard_draft, draft_version
from tests.rulebook.conftest import TEXT
from tests.world import World


def test_it_works_and_its_number_isnt_used_again(world: World) -> None:
    actor, district = world.actor("district_officer"), world.district.pk
    first = draft_version(actor=actor, district_id=district, text=TEXT)
    assert discard_draft(actor=world.actor("second_district_officer"), version_id=first.pk).state == "discarded"
    assert draft_version(actor=actor, district_id=district, text=TEXT).number == 2


def test_who_may_not(world: World) -> None:
    version = draft_version(actor=world.actor("district_officer"), district_id=world.district.pk, text=TEXT)
    for who in ("township_officer", "secretary", "other_district_officer", "guilan"):
        with pytest.raises(NotVisible):
            discard_draft(actor=world.actor(who), version_id=version.pk)
    with pytest.raises(NotVisible):
        discard_draft(actor=world.actor("district_officer"), version_id=version.pk + 1)


def test_not_once_it_was_adopted_or_discarded(world: World) -> None:
    first, second = world.actor("district_officer"), world.actor("second_district_officer")
    version = draft_version(actor=first, district_id=world.district.pk, text=TEXT)
    adopt_version(actor=second, version_id=version.pk)
    with pytest.raises(NotAllowed, match="区委组织部"):
        discard_draft(actor=world.actor("secretary"), version_id=version.pk)
    with pytest.raises(DomainError, match="已采用，不能再办理"):
        discard_draft(actor=first, version_id=version.pk)
