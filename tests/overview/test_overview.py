"""The overview: who is late with which step, what waits, how the scores lie; over one's own part of the tree only."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from pioneer.accounts.models import User
from pioneer.accounts.policies import Actor
from pioneer.accounts.queries import actor_of
from pioneer.assessments.models import Sheet
from pioneer.jobs.demo.extent import Extent
from pioneer.jobs.demo.filling import fill
from pioneer.kernel import clock
from pioneer.kernel.errors import NotAllowed, NotVisible
from pioneer.kernel.workdays import Calendar
from pioneer.organisations.models import Organisation
from pioneer.overview import queries
from pioneer.overview.queries import Month
from pioneer.publicity.due_days import due_days
from pioneer.publicity.models import PublishedMember
from tests.stage import scene
from tests.world import ROOT, World, adopt_rulebook

TODAY = date(2026, 11, 24)


@scene
def district() -> dict[str, Actor]:
    """An invented one, and its people by their roles."""
    with clock.at(TODAY):
        filled = fill(Extent(townships=3, branches=8, members=90, months=3))
        return {one.role: actor_of(User.objects.get(login=one.login)) for one in filled.sign_ins}


def opened(world: World, **more: object) -> Sheet:
    at = clock.noon(date(2026, 3, 1))
    return Sheet.objects.create(branch=world.branch, year=2026, month=3, opened_at=at, **more)


def test_it_says_where_each_branch_stands(world: World) -> None:
    adopt_rulebook(world)
    opened(world)
    with clock.at(date(2026, 4, 2)):
        seen = queries.overview(world.actor("township_officer"))
    first, second = seen.rows
    assert seen.month == Month(2026, 3)
    assert (first.branch, second.branch) == (world.branch, world.second_branch)
    assert [step.is_done for step in first.steps] == [True, False, False, False, False, False]
    assert first.next_step is not None and first.next_step.name == "送复核"
    assert second.sheet_id is None and not first.is_late


def test_a_step_is_late_after_its_day_by_the_rulebook(world: World) -> None:
    adopt_rulebook(world)
    opened(world)
    officer = world.actor("township_officer")
    with clock.at(date(2026, 4, 3)):  # three working days after 31 March
        assert not queries.overview(officer).late
    with clock.at(date(2026, 4, 7)):
        late = queries.overview(officer).rows[0]
    assert late.is_late and [step.days_late for step in late.steps] == [0, 4, 0, 0, 0, 0]


def test_what_was_done_late_stays_marked_but_is_no_longer_overdue(world: World) -> None:
    adopt_rulebook(world)
    at = clock.noon(date(2026, 4, 7))
    opened(world, state="confirmed", submitted_at=at, confirmed_at=at)
    with clock.at(date(2026, 4, 8)):
        row = queries.overview(world.actor("township_officer")).rows[0]
    assert row.steps[1].is_done and row.steps[1].is_late and not row.is_late


def test_a_branch_that_begins_later_owed_nothing_before(world: World) -> None:
    adopt_rulebook(world)
    with clock.at(date(2026, 4, 20)):
        assert not queries.overview(world.actor("township_officer")).late
    Sheet.objects.create(branch=world.branch, year=2026, month=2, opened_at=clock.noon(date(2026, 2, 1)))
    with clock.at(date(2026, 4, 20)):
        late = queries.overview(world.actor("township_officer")).late
    assert [row.branch for row in late] == [world.branch]  # it had begun, so March is missing


def test_each_officer_sees_its_own_part_of_the_tree(world: World) -> None:
    adopt_rulebook(world)
    with clock.at(date(2026, 4, 2)):
        seen = {
            who: {row.branch for row in queries.overview(world.actor(who)).rows}
            for who in ("community_officer", "township_officer", "town_officer", "district_officer", "auditor")
        }
    street = {world.branch, world.second_branch}
    assert seen["community_officer"] == seen["township_officer"] == street
    assert seen["town_officer"] == {world.organisations["village"]}
    assert seen["district_officer"] == seen["auditor"] == street | {world.organisations["village"]}


@pytest.mark.parametrize("who", ["secretary", "recorder", "guilan", "system_admin"])
def test_a_branch_and_a_member_have_no_overview(world: World, who: str) -> None:
    with pytest.raises(NotAllowed, match="总览由"):
        queries.overview(world.actor(who))


def test_another_part_of_the_tree_is_not_there(world: World) -> None:
    adopt_rulebook(world)
    for code in ("town", "other_street", "district"):
        with pytest.raises(NotVisible):
            queries.overview(world.actor("township_officer"), at=world.organisations[code].pk)


def test_a_district_without_a_rulebook_has_no_days_but_an_overview(world: World) -> None:
    with clock.at(date(2026, 4, 2)):
        seen = queries.overview(world.actor("district_officer"))
    assert len(seen.rows) == 3 and seen.deadlines is None and seen.tiers == ()


def test_the_scores_are_counted_by_tier_in_organisation_order(district: dict[str, Actor]) -> None:
    with clock.at(TODAY):
        seen = queries.overview(district["区委组织部（一）"], Month(2026, 9))
    scored = PublishedMember.objects.filter(
        publication__superseded_at__isnull=True, publication__sheet__month=9, total__isnull=False
    )
    assert sum(seen.spread) == scored.count()
    assert seen.spread[0] == scored.filter(total__gte=9000).count()
    order = [[int(n) for n in row.branch.path.strip("/").split("/")] for row in seen.rows]
    assert order == sorted(order)
    assert sum(row.branches for row in seen.townships) == len(seen.rows)


def test_it_adds_up_by_township(district: dict[str, Actor]) -> None:
    with clock.at(TODAY):
        seen = queries.overview(district["审计员"])
        first = queries.overview(district["审计员"], at=seen.townships[0].number)
    assert tuple(map(sum, zip(*(row.done for row in seen.townships), strict=True))) == seen.done
    assert len(first.rows) == seen.townships[0].branches
    assert first.done == seen.townships[0].done


def test_the_number_of_queries_does_not_grow_with_the_branches(
    world: World, district_of_many: Callable[[], Actor], django_assert_max_num_queries: Callable[..., object]
) -> None:
    adopt_rulebook(world)
    with clock.at(date(2026, 4, 2)), django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        queries.overview(world.actor("district_officer"))
    actor = district_of_many()
    with clock.at(date(2026, 4, 2)), django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        assert len(queries.overview(actor).rows) > 30


@pytest.fixture
def district_of_many(world: World) -> Callable[[], Actor]:
    def make() -> Actor:
        community = world.organisations["community"]
        for number in range(30):
            branch = Organisation.objects.create(
                name=f"支部{number}",
                level="branch",
                is_branch=True,
                parent=community,
                path="",
                opened_on=date(2026, 1, 1),
            )
            Organisation.objects.filter(pk=branch.pk).update(path=f"{community.path}{branch.pk}/")
            Sheet.objects.create(branch=branch, year=2026, month=3, opened_at=clock.noon(date(2026, 3, 1)))
        return world.actor("district_officer")

    return make


@pytest.mark.pure
def test_the_days_come_from_the_rulebooks_own_parameters() -> None:
    from pioneer.scoring import load_path

    rulebook = load_path(ROOT / "rulebooks" / "jiancaoping").rulebook
    assert rulebook is not None
    holidays = {date(2026, 4, day): False for day in (4, 5, 6)}
    found = due_days(rulebook, Calendar(holidays, frozenset({2026})), date(2026, 3, 31))
    assert (found.opened, found.submitted, found.confirmed) == (date(2026, 3, 31), date(2026, 4, 3), date(2026, 4, 9))
    assert found.published == date(2026, 4, 15)  # ten working days, by `publish_by`


@pytest.mark.pure
def test_without_the_parameter_no_day_is_claimed_and_no_step_is_due_after_the_notice() -> None:
    from pioneer.scoring import load_path

    rulebook = load_path(ROOT / "rulebooks" / "jiancaoping").rulebook
    assert rulebook is not None and rulebook.procedure.publish_by is not None
    workdays = Calendar({}, frozenset({2026}))
    without = replace(rulebook, procedure=replace(rulebook.procedure, publish_by=None))
    assert due_days(without, workdays, date(2026, 3, 31)).published is None
    short = replace(rulebook.procedure.publish_by, value=2, unit="days")
    soon = replace(rulebook, procedure=replace(rulebook.procedure, publish_by=short))
    found = due_days(soon, workdays, date(2026, 3, 31))
    assert found.submitted == found.confirmed == found.published == date(2026, 4, 2)


def test_a_branch_without_a_sheet_yet_gets_the_running_month_only(world: World) -> None:
    opened(world)
    found = queries.unopened(date(2026, 5, 2))
    assert [(year, month) for branch, year, month in found if branch == world.branch.pk] == [(2026, 4), (2026, 5)]
    assert [(year, month) for branch, year, month in found if branch == world.second_branch.pk] == [(2026, 5)]
    assert found == sorted(found, key=lambda row: row[1:])
