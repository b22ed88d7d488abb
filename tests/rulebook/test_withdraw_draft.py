"""Giving up a draft that is still in work."""

import pytest

from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.rulebook.draft_queries import in_work
from pioneer.rulebook.drafting import withdraw_draft
from tests.rulebook.drafts import started
from tests.world import World


def test_it_works(world: World) -> None:
    draft = started(world)
    assert withdraw_draft(actor=world.actor("second_district_officer"), draft_id=draft.pk).state == "withdrawn"
    assert not in_work(world.actor("district_officer"))
    with pytest.raises(DomainError, match="已撤销，不能再改"):
        withdraw_draft(actor=world.actor("district_officer"), draft_id=draft.pk)


def test_who_may_not(world: World) -> None:
    draft = started(world)
    for who in ("township_officer", "secretary", "guilan", "other_district_officer"):
        with pytest.raises(NotVisible):
            withdraw_draft(actor=world.actor(who), draft_id=draft.pk)
    with pytest.raises(NotVisible):
        withdraw_draft(actor=world.actor("district_officer"), draft_id=draft.pk + 1)
