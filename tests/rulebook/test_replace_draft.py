"""Putting a whole text in the place of a draft's: what comes back from Excel."""

import pytest

from pioneer.kernel.errors import BadInput, DomainError, NotVisible
from pioneer.rulebook.draft_files import as_excel, text_of
from pioneer.rulebook.drafting import replace_draft
from pioneer.rulebook.models import RulebookDraft
from tests.rulebook.conftest import TEXT, changed
from tests.rulebook.drafts import cap_of_a5 as cap
from tests.rulebook.drafts import content, started, step
from tests.world import World


def replaced(
    world: World, draft: RulebookDraft, text: str, who: str = "district_officer", edit: int = 0
) -> RulebookDraft:
    return replace_draft(actor=world.actor(who), draft_id=draft.pk, edit=edit, text=text)


def test_it_works(world: World) -> None:
    draft = started(world)
    made = replaced(
        world,
        draft,
        changed(("points = 70", "points = 75"), ("尖草坪区党员先锋指数积分办法", "尖草坪区党员先锋积分办法")),
    )
    assert (made.edit, made.name) == (1, "尖草坪区党员先锋积分办法") and content(draft)["opening"]["points"] == 75
    assert made.base_text == draft.base_text


def test_out_to_excel_and_back_is_the_same_draft(world: World) -> None:
    draft = started(world)
    assert replaced(world, draft, text_of("办法.xlsx", as_excel(draft.text), False)).edit == 0


def test_mistakes_of_a_sheet_are_named_by_sheet_row_and_column(world: World) -> None:
    wrong = changed(('aspect = "A"', 'aspect = "甲"'))
    with pytest.raises(BadInput) as refusal:
        text_of("办法.xlsx", as_excel(wrong), with_mistakes=False)
    assert any(
        "工作表「指标」第" in fault.place or "工作表「正向指标」第" in fault.place for fault in refusal.value.faults
    )
    assert "甲" in text_of("办法.xlsx", as_excel(wrong), with_mistakes=True)


def test_a_file_of_text(world: World) -> None:
    assert text_of("rulebook.toml", TEXT.encode(), False) == started(world).text
    with pytest.raises(BadInput, match="第"):
        text_of("rulebook.toml", b"[meta", True)
    with pytest.raises(BadInput, match="甲"):
        text_of("rulebook.toml", changed(('aspect = "A"', 'aspect = "甲"')).encode(), False)


def test_what_no_sheet_can_hold_is_said_so(world: World) -> None:
    with pytest.raises(DomainError, match="放不进 Excel"):
        as_excel("[klamp]\nfloor = 0\n")


def test_an_older_page_is_told(world: World) -> None:
    draft = started(world)
    step(world, draft, cap(draft, 8))
    with pytest.raises(DomainError, match="别处改过"):
        replaced(world, draft, TEXT)


def test_who_may_not(world: World) -> None:
    draft = started(world)
    for who in ("township_officer", "guilan", "other_district_officer"):
        with pytest.raises(NotVisible):
            replaced(world, draft, TEXT, who)


def test_what_is_no_toml_is_refused(world: World) -> None:
    with pytest.raises(BadInput):
        replaced(world, started(world), "[meta")
