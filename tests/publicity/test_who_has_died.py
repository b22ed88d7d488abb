"""A member who has died is on no notice shown afterwards, and its absence holds nothing up."""

from datetime import date
from typing import Any

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.ledger.services import post_sheet
from pioneer.ledger.verification import verify
from pioneer.members.services import change_status
from pioneer.publicity.models import Publication
from pioneer.publicity.services import close_publication, publish_revision, refresh_publication
from tests.notices import On, after, make_sheet, object_to, publish
from tests.publicity.test_objections_guarded import rule
from tests.world import World


def bury(world: World, name: str = "李桂兰", on: date = date(2026, 4, 1)) -> None:
    member = world.member(name).pk
    change_status(actor=world.actor("secretary"), member_id=member, status="deceased", on=on)


def names(shown: Publication) -> set[str]:
    return set(shown.members.values_list("name", flat=True))


def finish(shown: Publication) -> Any:
    with clock.at(after(shown)):
        close_publication(actor=CLOCK, publication_id=shown.pk)
        return post_sheet(actor=CLOCK, publication_id=shown.pk)


def test_died_before_the_notice_it_is_shown_closed_and_posted_without(ruled: World) -> None:
    sheet = make_sheet(ruled, [On("李桂兰"), On("单雪琴")])
    bury(ruled)
    with clock.at(date(2026, 4, 2)):
        shown = publish(ruled, sheet)
    assert "李桂兰" not in names(shown)
    with clock.at(date(2026, 4, 3)), pytest.raises(DomainError) as refused:
        refresh_publication(actor=CLOCK, sheet_id=sheet.pk)
    assert refused.value.code == "nothing_moved"
    assert finish(shown).entries.count() == 1
    assert verify().disagreement == ""


def test_a_revision_does_not_bring_it_back(ruled: World) -> None:
    sheet = make_sheet(ruled, [On("李桂兰"), On("单雪琴")])
    bury(ruled)
    with clock.at(date(2026, 4, 2)):
        shown = publish(ruled, sheet)
        rule(ruled, object_to(shown, shown.lines.get().line), upheld=True)
        again = publish_revision(actor=ruled.actor("secretary"), sheet_id=sheet.pk)
    assert "李桂兰" not in names(again)


def test_died_while_it_was_shown_what_was_shown_is_closed_and_posted(ruled: World) -> None:
    shown = publish(ruled, make_sheet(ruled, [On("李桂兰"), On("单雪琴")]))
    bury(ruled)
    assert finish(shown).entries.count() == 2
    assert verify().disagreement == ""
