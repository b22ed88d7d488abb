"""What the tests of drafts share: one in work, its content, and steps in it."""

from datetime import date
from typing import Any

from pioneer.kernel import clock
from pioneer.rulebook.drafting import edit_draft, start_draft
from pioneer.rulebook.editing import Change, rows_of
from pioneer.rulebook.models import RulebookDraft
from pioneer.scoring.writing import Content, read_content
from tests.rulebook.conftest import TEXT
from tests.world import TODAY, World

LATER = date(2026, 7, 1)


def started(world: World, who: str = "district_officer", text: str | bytes = TEXT, **more: Any) -> RulebookDraft:
    with clock.at(TODAY):
        return start_draft(actor=world.actor(who), district_id=world.district.pk, text=text, **more)


def content(draft: RulebookDraft) -> Content:
    return read_content(RulebookDraft.objects.get(pk=draft.pk).text)


def codes(draft: RulebookDraft, section: str) -> list[str]:
    return [row["code"] for row in rows_of(content(draft), section)]


def step(world: World, draft: RulebookDraft, change: Change, who: str = "district_officer") -> RulebookDraft:
    """One edit, by whoever has the latest page open."""
    now = RulebookDraft.objects.get(pk=draft.pk)
    with clock.at(TODAY):
        return edit_draft(actor=world.actor(who), draft_id=draft.pk, edit=now.edit, change=change)


def cap_of_a5(draft: RulebookDraft, points: Any) -> Change:
    """The yearly cap of A5 as another number, or as what is none."""
    row = codes(draft, "positive").index("A5")
    return Change("set", "positive", row, {**rows_of(content(draft), "positive")[row], "caps": {"year": points}})
