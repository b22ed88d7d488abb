"""`results.settle_cycle`: who may, for which organisations and cycles; what stands in the way; what a rerun keeps."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from pioneer.accounts.models import Grant
from pioneer.accounts.policies import CLOCK, VISITOR, Actor
from pioneer.assessments.models import Line, Sheet
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent, Task
from pioneer.kernel.tasks import run_task
from pioneer.ledger.queries import score_of
from pioneer.members.models import Exemption, Member, StatusSpell
from pioneer.results import storing
from pioneer.results.cycles import cycles_of
from pioneer.results.models import Result, ResultChange, Settlement
from pioneer.results.settlement_queries import (
    changes_of,
    get_settlement,
    own_results,
    places_to_settle,
    results_of,
    tier_counts,
)
from pioneer.results.settling import settle_cycle
from tests.notices import make_sheet, post, publish
from tests.results.cycles import FIRST, adopt, ask, holidays, line, make, of, settled
from tests.results.drafts import rationed
from tests.world import World

# ------------------------------------------------------------------ it works


def test_it_works(year: World) -> None:
    made = settled(year.organisations["community"], year.actor("community_officer"))
    assert (made.number, made.members, made.is_trial, made.replaces) == (1, 10, False, None)
    assert (made.by_number, made.versions) == (year.users["community_officer"].pk, [1])
    for name in ("李桂兰", "王保国", "温如春"):
        one, engine = of(made, year, name), score_of(year.member(name), date(2026, 12, 31))
        assert (one.opening, one.positive, one.score, one.tier) == (
            engine.basic, engine.positive, engine.score, engine.tier,
        )  # fmt: skip
    assert [(row.aspect, row.raw, row.counted) for row in of(made, year, "李桂兰").aspects.all()] == [("B", 100, 100)]
    assert storing.digest_of(made) == made.digest
    assert AuditEvent.objects.filter(operation="results.settle_cycle", refused="").count() == 1
    assert AuditEvent.objects.get(operation="results.write_settlement").target_number == made.pk


def test_who_gets_no_tier_is_listed_with_the_reason(year: World) -> None:
    Exemption.objects.create(
        member=year.member("张㛃"), ground="age", from_on=FIRST, state="approved", applied_at=clock.now()
    )
    Member.objects.filter(name="单雪琴").update(joined_on=date(2026, 9, 1))
    made = settled(year.organisations["community"])
    found = {one.member.name: (one.tier, one.why) for one in Result.objects.filter(settlement=made)}
    assert found["喆䶮堃"] == ("", "probationary") and found["张㛃"] == ("", "exempt")
    assert found["单雪琴"] == ("", "too_short") and found["王保国"] == ("t60", "")


def test_the_order_is_that_of_the_rosters(year: World) -> None:
    made = settled(year.district)
    names = [one.member.name for one in Result.objects.filter(settlement=made)]
    assert names == [name for name in year.members if not name.startswith("外")]


def test_who_died_since_is_on_no_list(year: World) -> None:
    made = settled(year.district)
    StatusSpell.objects.filter(member=year.member("张㛃")).update(until_on=date(2027, 1, 18))
    StatusSpell.objects.create(member=year.member("张㛃"), status="deceased", from_on=date(2027, 1, 19))
    seen = results_of(year.actor("township_officer"), made)
    assert "张㛃" not in [one.member.name for one in seen] and seen.count() == 9


# ------------------------------------------------------------------ who may


@pytest.mark.parametrize(
    ("who", "at"),
    [
        ("community_officer", "community"), ("township_officer", "community"), ("township_officer", "street"),
        ("district_officer", "district"), ("district_officer", "village"), ("village_secretary", "village"),
        ("town_officer", "village"),
    ],
)  # fmt: skip
def test_who_may(year: World, who: str, at: str) -> None:
    assert settled(year.organisations[at], year.actor(who)).members


@pytest.mark.parametrize(
    ("who", "at"),
    [
        ("secretary", "community"), ("secretary", "branch"), ("community_officer", "street"),
        ("community_officer", "branch"), ("township_officer", "district"), ("township_officer", "village"),
        ("village_recorder", "village"), ("village_secretary", "town"), ("town_officer", "community"),
        ("other_district_officer", "community"), ("system_admin", "district"), ("security_admin", "district"),
        ("guilan", "community"), ("recorder", "community"),
    ],
)  # fmt: skip
def test_who_sees_no_such_organisation_to_settle(year: World, who: str, at: str) -> None:
    with pytest.raises(NotVisible):
        ask(year, who, at)


def test_an_auditor_sees_and_does_not_settle(year: World) -> None:
    made = settled(year.organisations["community"])
    assert get_settlement(year.actor("auditor"), made.pk) == made
    with pytest.raises(NotAllowed):
        ask(year, "auditor")


@pytest.mark.parametrize("actor", [CLOCK, VISITOR, Actor(number=0, name="")])
def test_nobody_else_settles(year: World, actor: Any) -> None:
    with pytest.raises(NotVisible):
        settle_cycle(actor=actor, organisation_id=year.district.pk, first_on=FIRST, is_trial=True)


def test_who_lost_the_role_meanwhile_writes_nothing(year: World) -> None:
    asked = ask(year)
    Grant.objects.filter(user=year.users["community_officer"]).update(until_on=date(2027, 1, 19))
    run_task.call(asked.task_id)
    assert Task.objects.get(pk=asked.task_id).state == "failed" and not Settlement.objects.exists()


def test_who_stands_below_sees_the_own_rows_of_a_settlement_above(year: World) -> None:
    made, trial = settled(year.organisations["street"]), settled(year.organisations["street"], is_trial=True)
    village = settled(year.district)
    officer = year.actor("community_officer")
    assert results_of(officer, get_settlement(officer, made.pk)).count() == 10
    assert results_of(year.actor("village_secretary"), get_settlement(officer, village.pk)).count() == 3
    for one, who in ((made, "village_secretary"), (trial, "community_officer"), (made, "secretary")):
        with pytest.raises(NotVisible):
            get_settlement(year.actor(who), one.pk)


def test_places_are_whole_settling_organisations(year: World) -> None:
    assert [one.name for one in places_to_settle(year.actor("township_officer"))] == ["槐园街道", "槐园社区"]
    assert [one.name for one in places_to_settle(year.actor("village_secretary"))] == ["柳沟村"]
    assert places_to_settle(year.actor("secretary")) == []


# ------------------------------------------------------------------ which cycle


def test_the_cycles_on_offer_are_this_one_and_those_before(year: World) -> None:
    assert [one.first_on for one in cycles_of(year.district.pk)] == [date(2027 - back, 1, 1) for back in range(3)]


@pytest.mark.parametrize("first_on", [date(2026, 2, 1), date(2028, 1, 1)])
def test_a_day_on_which_no_cycle_has_begun_is_refused(year: World, first_on: date) -> None:
    with pytest.raises(BadInput, match="请从列表中选择"):
        ask(year, first_on=first_on, is_trial=True)


def test_a_cycle_without_rules_is_refused(year: World) -> None:
    with pytest.raises(DomainError, match="没有适用的积分办法"):
        ask(year, first_on=date(2018, 1, 1), is_trial=True)


def test_a_cycle_in_which_nobody_was_there_is_said(year: World) -> None:
    asked = ask(year, first_on=date(2025, 1, 1), is_trial=True)
    run_task.call(asked.task_id)
    task = Task.objects.get(pk=asked.task_id)
    assert task.state == "failed" and "没有参评的党员" in task.message


# ------------------------------------------------------------------ again


def test_the_same_facts_give_the_same_rows(year: World) -> None:
    first, again = settled(year.district), settled(year.district)
    assert first.digest == again.digest and again.replaces == first and not again.changes.exists()


def test_what_changed_since_is_kept_line_by_line(year: World) -> None:
    community = year.organisations["community"]
    holidays()
    first = settled(community)
    wrong = Line.objects.get(member=year.member("李桂兰"), indicator="B5")
    with clock.at(date(2027, 2, 2)):
        correct(year, wrong)
    with clock.at(date(2027, 2, 20)):
        StatusSpell.objects.filter(member=year.member("喆䶮堃")).update(status="full")
        again = settled(community)
        seen = changes_of(year.actor("community_officer"), again)
        found = {(one.member.name, one.what): (one.was, one.now, one.correction) for one in seen}
    fixed = Line.objects.get(corrects=wrong)
    assert again.replaces == first
    assert found == {
        ("李桂兰", "score"): ("7100", "7000", fixed),
        ("喆䶮堃", "tier"): ("", "t60", None),
        ("喆䶮堃", "why"): ("probationary", "", None),
    }


def correct(world: World, wrong: Line) -> None:
    """Taken back on a sheet of January, which is over: published, closed and posted."""
    sheet = make_sheet(world, [], month=12)
    Sheet.objects.filter(pk=sheet.pk).update(year=2027, month=1)
    by = world.users["secretary"].pk
    columns = {"corrects": wrong, "confirmed_by_number": by, "confirmed_at": clock.now()}
    line(world, sheet, indicator="B5", event_on=wrong.event_on, value=0, wording=wrong.wording, **columns)
    sheet.refresh_from_db()
    post(publish(world, sheet))


def test_who_is_listed_no_more_and_who_is_newly(year: World) -> None:
    first = settled(year.district)
    gone, new = year.member("李桂兰"), year.member("外一")
    gone.memberships.update(until_on=date(2025, 12, 31), from_on=date(2025, 1, 1))
    new.memberships.update(branch=year.branch)
    again = settled(year.district)
    assert first.pk == again.replaces_id
    assert sorted((one.member.name, one.what) for one in ResultChange.objects.filter(settlement=again)) == [
        ("外一", "listed"), ("李桂兰", "gone"),
    ]  # fmt: skip


def test_trials_are_counted_by_themselves_and_shown_to_no_member(year: World) -> None:
    community = year.organisations["community"]
    trial, made = settled(community, is_trial=True), settled(community)
    assert (trial.number, made.number, made.replaces) == (1, 1, None)
    assert [one.settlement for one in own_results(year.users["guilan"].pk)] == [made]


def test_asked_again_by_the_same_person_while_it_runs_it_is_the_same(year: World) -> None:
    assert ask(year) == ask(year)
    assert ask(year) != ask(year, "township_officer")
    assert ask(year) != ask(year, is_trial=True)


def test_a_run_is_written_once(year: World) -> None:
    asked = ask(year)
    run_task.call(asked.task_id)
    Task.objects.filter(pk=asked.task_id).update(state="waiting")
    run_task.call(asked.task_id)
    assert Settlement.objects.filter(run=asked).count() == 1 and Result.objects.count() == 10


def test_it_is_checked_again_when_it_is_written(year: World) -> None:
    asked = ask(year)
    make(year)
    run_task.call(asked.task_id)
    task = Task.objects.get(pk=asked.task_id)
    assert task.state == "failed" and "还没有公示" in task.message and not Settlement.objects.exists()


def test_tiers_are_counted_the_best_first(year: World) -> None:
    made = settled(year.organisations["community"])
    counts = tier_counts(made, results_of(year.actor("community_officer"), made))
    assert [one.members for one in counts] == [0, 0, 9, 0, 1] and counts[-1].name == "不定等次"


def test_quotas_are_counted_in_the_settling_organisation(year: World) -> None:
    adopt(year, rationed)
    whole = settled(year.district)
    units = {one.unit.name for one in Result.objects.filter(settlement=whole)}
    assert units == {"槐园社区", "柳沟村"}


# ------------------------------------------------------------------ nothing is changed afterwards


@pytest.mark.parametrize("table", ["settlementrun", "settlement", "result", "resultaspect", "resultchange"])
@pytest.mark.parametrize("act", ["UPDATE results_{} SET id = id", "DELETE FROM results_{}"])
def test_the_database_refuses_to_change_what_was_settled(year: World, table: str, act: str) -> None:
    settled(year.district)
    year.member("外一").memberships.update(branch=year.branch)
    settled(year.district)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table))


def test_the_database_refuses_a_settlement_in_earnest_before_the_cycle_is_over(year: World) -> None:
    made = settled(year.district)
    asked = ask(year)
    with pytest.raises(DatabaseError), transaction.atomic():
        Settlement.objects.create(
            run=asked, organisation=made.organisation, district=made.district, first_on=FIRST, last_on=made.last_on,
            number=9, version=made.version, members=0, made_on=made.last_on, made_at=clock.now(), digest="",
        )  # fmt: skip
