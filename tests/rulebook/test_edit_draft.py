"""Changing a draft step by step: set, add, move, remove; unfinished on the way; two people at once."""

from decimal import Decimal

import pytest

from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.rulebook.draft_queries import edits_of
from pioneer.rulebook.drafting import edit_draft
from pioneer.rulebook.editing import Change
from pioneer.rulebook.findings import findings_of
from pioneer.rulebook.models import DraftEdit, RulebookDraft
from tests.rulebook.drafts import cap_of_a5, codes, content, started, step
from tests.world import World


def test_it_works(world: World) -> None:
    draft = started(world)
    made = step(world, draft, cap_of_a5(draft, 8))
    assert made.edit == 1 and content(draft)["positive"][4]["caps"] == {"year": 8}
    (told,) = edits_of(made)
    assert told.by == world.users["district_officer"].name and "10分 → 8分" in told.said[0] and "A5" in told.said[0]
    assert not findings_of(made.text).all


def test_the_audit_holds_no_word_of_it(world: World) -> None:
    draft = started(world)
    step(world, draft, cap_of_a5(draft, 8))
    row = AuditEvent.objects.filter(operation="rulebook.edit_draft").get()
    assert row.arguments == {"draft_id": draft.pk, "edit": 0}


def test_what_changes_nothing_is_no_edit(world: World) -> None:
    draft = started(world)
    assert step(world, draft, cap_of_a5(draft, Decimal("10.00"))).edit == 0
    assert not DraftEdit.objects.exists()


def test_it_may_be_wrong_on_the_way(world: World) -> None:
    draft = started(world)
    made = step(world, draft, cap_of_a5(draft, "八分"))
    (found,) = findings_of(made.text).mistakes
    assert (found.section, found.row, found.inner) == ("positive", 4, ("caps", "year"))
    assert found.title == "正向指标 A5 在急难险重任务中冲锋在前·封顶·每年上限" and found.sentence == "须为数字"
    made = step(world, draft, Change("remove", "tiers", 3))
    assert len(findings_of(made.text).mistakes) >= 1 and made.edit == 2
    step(world, draft, cap_of_a5(draft, 8))


def test_rows_are_added_moved_and_removed(world: World) -> None:
    draft = started(world)
    step(world, draft, Change("add", "positive", table={"code": "X1"}))
    assert codes(draft, "positive")[-1] == "X1"
    step(world, draft, Change("add", "positive", table={"code": "X2"}, to=1))
    assert codes(draft, "positive")[:3] == ["A1", "X2", "A2"]
    step(world, draft, Change("move", "positive", 1, to=0))
    assert codes(draft, "positive")[:2] == ["X2", "A1"]
    step(world, draft, Change("set", "positive", 0, {"code": "X3"}, to=2))
    assert codes(draft, "positive")[:3] == ["A1", "A2", "X3"]
    step(world, draft, Change("remove", "positive", 2))
    assert codes(draft, "positive")[:3] == ["A1", "A2", "A3"]


def test_the_last_row_goes_with_its_table(world: World) -> None:
    draft = started(world)
    step(world, draft, Change("remove", "streaks", 0))
    assert "streaks" not in content(draft)


def test_tables_that_stand_once(world: World) -> None:
    draft = started(world)
    step(world, draft, Change("set", "result", table={"method": "total", "clause": "第六条", "provenance": "assumed"}))
    assert content(draft)["result"]["method"] == "total"
    step(world, draft, Change("remove", "result"))
    step(world, draft, Change("remove", "procedure.erasure"))
    step(world, draft, Change("set", "indices.basic", table={"name": "基础分"}))
    assert "result" not in content(draft) and "erasure" not in content(draft)["procedure"]
    assert content(draft)["indices"]["basic"] == {"name": "基础分"} and "positive" in content(draft)["indices"]


def test_what_the_format_doesnt_know_can_only_be_taken_away(world: World) -> None:
    draft = started(world, text='[klamp]\nfloor = 0\n\n[procedure.foo]\nx = 1\n\n[procedure.erasure]\nname = "x"\n')
    with pytest.raises(DomainError, match="不在草稿里"):
        step(world, draft, Change("set", "klamp", table={}))
    step(world, draft, Change("remove", "klamp"))
    step(world, draft, Change("remove", "procedure.foo"))
    assert content(draft) == {"procedure": {"erasure": {"name": "x"}}}


@pytest.mark.parametrize(
    "change",
    [
        Change("set", "positive", 999, {}),
        Change("remove", "positive", -1),
        Change("move", "positive", 999, to=0),
        Change("set", "positive", None, {}),
    ],
)
def test_a_row_that_isnt_there(world: World, change: Change) -> None:
    with pytest.raises(DomainError, match="不在草稿里"):
        step(world, started(world), change)


def test_an_older_page_is_told_and_nothing_is_lost(world: World) -> None:
    draft = started(world)
    first = cap_of_a5(draft, 8)
    step(world, draft, Change("remove", "positive", 0), who="second_district_officer")
    with pytest.raises(DomainError, match="别处改过") as refusal:
        edit_draft(actor=world.actor("district_officer"), draft_id=draft.pk, edit=0, change=first)
    assert refusal.value.code == "changed_meanwhile"
    assert codes(draft, "positive")[0] == "A2" and len(codes(draft, "positive")) == 19


def test_who_may_not(world: World) -> None:
    draft = started(world)
    for who in ("township_officer", "secretary", "guilan", "other_district_officer"):
        with pytest.raises(NotVisible):
            step(world, draft, Change("remove", "positive", 0), who)


def test_not_once_it_is_submitted_or_withdrawn(world: World) -> None:
    draft = started(world)
    RulebookDraft.objects.filter(pk=draft.pk).update(state="withdrawn")
    with pytest.raises(DomainError, match="已撤销，不能再改"):
        step(world, draft, Change("remove", "positive", 0))
