"""`results.simulate_version`: who may, for what, once at a time; figures without names; nobody's record touched."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers

from pioneer.accounts.policies import Actor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent, Task
from pioneer.results import telling
from pioneer.results.models import DryRun
from pioneer.results.services import simulate_version
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.services import discard_draft, draft_version
from tests.notices import On, run
from tests.results.drafts import lower_opening, text_of
from tests.world import TODAY, World, adopt_rulebook

OWN = {"results.DryRun", "kernel.Task", "kernel.AuditEvent"}


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.at(TODAY):
        yield


@pytest.fixture
def draft(world: World) -> RulebookVersion:
    adopt_rulebook(world)
    return draft_version(
        actor=world.actor("district_officer"),
        district_id=world.district.pk,
        text=text_of(lower_opening),
        valid_from=date(2026, 7, 1),
    )


def asked(world: World, draft: RulebookVersion, who: str = "district_officer", **changes: Any) -> DryRun:
    given = {"version_id": draft.pk, "organisation_id": world.district.pk, "year": 2026, **changes}
    return simulate_version(actor=world.actor(who), **given)


def figures(made: DryRun) -> dict[str, Any]:
    task = Task.objects.get(pk=made.task_id)
    assert task.state == "done", task.message
    return dict(task.result)


def test_it_works(world: World, draft: RulebookVersion, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = asked(world, draft)
    found = figures(made)
    assert found["members"] == 13 and found["entries"] == 0
    assert found["moved"] == {"up": 0, "down": 13, "most": 0, "least": -500}
    assert telling.changed(found) == (0, 0)
    assert telling.matrix(found)[2][2] == 12 and telling.matrix(found)[4][4] == 1  # the probationary one
    assert AuditEvent.objects.get(operation="results.simulate_version").target_number == made.pk


def test_what_stands_posted_is_valued_anew(
    world: World, draft: RulebookVersion, django_capture_on_commit_callbacks: Any
) -> None:
    run(world, [On("李桂兰", "A1", 3), On("李桂兰", "B5", 4)])
    with django_capture_on_commit_callbacks(execute=True):
        made = asked(world, draft)
    found = figures(made)
    assert found["entries"] == 2
    counted = {row["code"]: row["points"] for row in found["indicators"] if row["points"]}
    assert counted == {"A1": 50, "B5": 100}


def test_nobodys_record_is_touched(
    world: World, draft: RulebookVersion, django_capture_on_commit_callbacks: Any
) -> None:
    before = everything()
    with django_capture_on_commit_callbacks(execute=True):
        asked(world, draft)
    assert everything() == before


def everything() -> dict[str, str]:
    models = [model for model in apps.get_models() if model.__module__.startswith("pioneer.")]
    return {
        model._meta.label: serializers.serialize("json", model._default_manager.order_by("pk"))
        for model in models
        if model._meta.label not in OWN
    }


def test_the_figures_name_nobody(world: World, draft: RulebookVersion, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = asked(world, draft)
    said = json.dumps(figures(made), ensure_ascii=False)
    assert not [name for name in world.members if name in said]


def test_an_organisation_below_has_only_its_own(
    world: World, draft: RulebookVersion, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = asked(world, draft, organisation_id=world.second_branch.pk)
    assert figures(made)["members"] == 2


def test_asked_again_while_it_runs_it_is_the_same(world: World, draft: RulebookVersion) -> None:
    assert asked(world, draft) == asked(world, draft, "second_district_officer")
    assert asked(world, draft) != asked(world, draft, organisation_id=world.branch.pk)


@pytest.mark.parametrize("who", ["secretary", "township_officer", "auditor", "other_district_officer"])
def test_who_neither_drafts_nor_adopts_sees_no_draft(world: World, draft: RulebookVersion, who: str) -> None:
    with pytest.raises(NotVisible):
        asked(world, draft, who)


def test_who_may_read_an_adopted_version_may_still_not_try_it(world: World, draft: RulebookVersion) -> None:
    adopted = RulebookVersion.objects.get(state="adopted")
    with pytest.raises(NotAllowed):
        asked(world, adopted, "secretary")


def test_only_a_draft_is_tried(world: World, draft: RulebookVersion) -> None:
    discard_draft(actor=world.actor("district_officer"), version_id=draft.pk)
    with pytest.raises(DomainError, match="试算只用于待采用的草案"):
        asked(world, draft)


@pytest.mark.parametrize("year", [1999, 2027, 0, -5])
def test_a_year_that_cannot_be_is_refused(world: World, draft: RulebookVersion, year: int) -> None:
    with pytest.raises(DomainError) as refusal:
        asked(world, draft, year=year)
    assert "之间的年份" in str(refusal.value)


def test_another_districts_organisation_is_refused(world: World, draft: RulebookVersion) -> None:
    with pytest.raises(DomainError):
        asked(world, draft, organisation_id=world.organisations["other_branch"].pk)


def test_a_year_in_which_nobody_was_there_is_said(
    world: World, draft: RulebookVersion, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = asked(world, draft, year=2024)
    task = Task.objects.get(pk=made.task_id)
    assert task.state == "failed" and "没有参评的党员" in task.message


def test_a_year_before_all_rules_is_said(
    world: World, draft: RulebookVersion, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = asked(world, draft, year=2018)
    task = Task.objects.get(pk=made.task_id)
    assert task.state == "failed" and "没有适用的积分办法" in task.message


def test_an_actor_without_a_number_is_nobody_here(world: World, draft: RulebookVersion) -> None:
    with pytest.raises(NotVisible):
        simulate_version(
            actor=Actor(number=0, name=""), version_id=draft.pk, organisation_id=world.district.pk, year=2026
        )
