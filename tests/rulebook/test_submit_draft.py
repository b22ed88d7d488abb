"""Submitting a draft: every check, the day it begins, and who may adopt it then."""

from datetime import date

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotVisible
from pioneer.rulebook.draft_queries import drafters_of, waiting_for
from pioneer.rulebook.drafting import submit_draft, withdraw_draft
from pioneer.rulebook.editing import Change
from pioneer.rulebook.models import RulebookDraft, RulebookVersion
from pioneer.rulebook.services import adopt_version
from pioneer.scoring import load_text
from tests.rulebook.drafts import LATER, cap_of_a5, started, step
from tests.world import TODAY, World, adopt_rulebook


def submitted(world: World, draft: RulebookDraft, on: date = LATER, who: str = "district_officer") -> RulebookDraft:
    now = RulebookDraft.objects.get(pk=draft.pk)
    with clock.at(TODAY):
        return submit_draft(actor=world.actor(who), draft_id=draft.pk, edit=now.edit, valid_from=on)


def test_it_works(world: World) -> None:
    adopt_rulebook(world)
    draft = started(world)
    step(world, draft, cap_of_a5(draft, 8))
    made = submitted(world, draft)
    version = made.version
    assert made.state == "submitted" and version is not None
    assert (version.state, version.number, version.valid_from) == ("draft", 2, LATER)
    assert version.text == made.text and load_text(version.text).rulebook.meta.valid_from == LATER
    with clock.at(TODAY):
        assert adopt_version(actor=world.actor("second_district_officer"), version_id=version.pk).state == "adopted"


def test_every_mistake_is_named_in_words_and_nothing_is_written(world: World) -> None:
    draft = started(world)
    step(world, draft, cap_of_a5(draft, "八"))
    step(world, draft, Change("remove", "procedure.erasure"))
    with pytest.raises(BadInput) as refusal:
        submitted(world, draft)
    said = [str(fault) for fault in refusal.value.faults]
    assert len(said) == 2 and any("A5" in one and "须为数字" in one for one in said)
    assert any(one.startswith("离开后个人文字保留") for one in said)
    assert not RulebookVersion.objects.exists() and RulebookDraft.objects.get().state == "work"


def test_the_day_must_be_later_than_what_holds(world: World) -> None:
    adopt_rulebook(world)
    draft = started(world)
    step(world, draft, cap_of_a5(draft, 8))
    for on, said in ((date(2018, 1, 1), "更晚的日期"), (date(2026, 3, 31), "今天或以后")):
        with pytest.raises(BadInput, match=said):
            submitted(world, draft, on)


def test_the_first_version_may_begin_earlier(world: World) -> None:
    assert submitted(world, started(world), date(2019, 1, 1)).version.valid_from == date(2019, 1, 1)


def test_what_changes_nothing_is_no_new_version(world: World) -> None:
    submitted(world, started(world))
    with pytest.raises(DomainError, match="一字不差"):
        submitted(world, started(world))


def test_an_older_page_is_told(world: World) -> None:
    draft = started(world)
    step(world, draft, cap_of_a5(draft, 8))
    with pytest.raises(DomainError, match="别处改过"):
        submit_draft(actor=world.actor("district_officer"), draft_id=draft.pk, edit=0, valid_from=LATER)


def test_whoever_had_a_hand_in_it_doesnt_adopt_it(world: World) -> None:
    draft = started(world)
    step(world, draft, cap_of_a5(draft, 8), who="second_district_officer")
    version = submitted(world, draft).version
    assert drafters_of(version) == {world.users[one].pk for one in ("district_officer", "second_district_officer")}
    assert not waiting_for(world.actor("second_district_officer")) and not waiting_for(world.actor("district_officer"))
    with clock.at(TODAY), pytest.raises(DomainError, match="参与起草") as refusal:
        adopt_version(actor=world.actor("second_district_officer"), version_id=version.pk)
    assert refusal.value.code == "same_person"


def test_who_had_no_hand_in_it_is_asked(world: World) -> None:
    version = submitted(world, started(world)).version
    assert waiting_for(world.actor("second_district_officer")) == [version]
    assert not waiting_for(world.actor("district_officer")) and not waiting_for(world.actor("secretary"))


def test_who_may_not_and_not_twice(world: World) -> None:
    draft = started(world)
    for who in ("township_officer", "guilan", "other_district_officer"):
        with pytest.raises(NotVisible):
            submitted(world, draft, who=who)
    submitted(world, draft)
    with pytest.raises(DomainError, match="已提交，不能再改"):
        submitted(world, draft)
    with pytest.raises(DomainError, match="已提交，不能再改"):
        withdraw_draft(actor=world.actor("district_officer"), draft_id=draft.pk)
