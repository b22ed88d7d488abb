"""What a settlement stores against the engine, member by member: every row, for rulebooks of many shapes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from pioneer.kernel import clock
from pioneer.organisations.models import Organisation
from pioneer.results import storing
from pioneer.results.gathering import people_of
from pioneer.results.models import Result, ResultAspect, ResultReached, Settlement
from pioneer.rulebook.models import RulebookVersion
from pioneer.scoring import Cycle
from pioneer.scoring.tiers import streaks_reached
from tests.results import by_hand, drafts
from tests.results.cycles import AFTER, close_year, settled
from tests.results.drafts import DRAFTS, load, lower_opening, text_of

CYCLE = Cycle(date(2026, 1, 1), date(2026, 12, 31))
pytestmark = pytest.mark.django_db


@pytest.fixture
def year_over(district: Organisation) -> Iterator[Organisation]:
    with transaction.atomic(), clock.at(AFTER):
        close_year(district)
        yield district
        transaction.set_rollback(True)


def adopt_instead(text: str) -> None:
    """The district had these rules all along."""
    first = RulebookVersion.objects.get()
    RulebookVersion.objects.filter(pk=first.pk).update(valid_until=date(2019, 12, 31))
    RulebookVersion.objects.create(
        district=first.district, number=2, name="第二版", text=text, digest=load(text).digest, state="adopted",
        valid_from=date(2020, 1, 1), drafted_at=clock.now(), adopted_at=clock.now(),
    )  # fmt: skip


def wanted(district: Organisation, at: Organisation) -> dict[int, dict[str, Any]]:
    return expected(district, at, CYCLE)


def expected(district: Organisation, at: Organisation, cycle: Cycle) -> dict[int, dict[str, Any]]:
    """What the engine makes of each, in the words of `stored`."""
    people = people_of(district, cycle)
    numbers, units = [one.number for one in people], {one.number: one.unit for one in people}
    own = {one.number: one for one in people if one.path.startswith(at.path)}
    scores = by_hand.today(district.pk, numbers, units, cycle)
    found = {}
    for number, one in own.items():
        score, tier = scores[number]
        raw: dict[str, int] = defaultdict(int)
        for line in score.lines:
            if line.indicator.index == "positive" and line.indicator.aspect and not line.refused:
                raw[line.indicator.aspect] += line.raw
        counted = {row.code: row.capped for row in score.aspects}
        found[number] = {
            "unit": one.unit,
            "branch": one.branch,
            "status": score.member.status,
            "points": (score.basic, score.positive, score.reverse, score.outside, score.score),
            "tiers": (score.tier or "", tier or ""),
            "zeroed": score.zeroed,
            "aspects": {code: (points, counted.get(code, 0)) for code, points in raw.items()},
            "alarms": sorted(row.code for row in score.alarms),
            "streaks": sorted(row.code for row in streaks_reached(score.version, tier, score.member.former)),
        }
    return found


def stored(made: Settlement) -> dict[int, dict[str, Any]]:
    aspects: dict[int, dict[str, Any]] = defaultdict(dict)
    for one in ResultAspect.objects.filter(result__settlement=made).select_related("result"):
        aspects[one.result.member_id][one.aspect] = (one.raw, one.counted)
    reached: dict[tuple[int, str], list[str]] = defaultdict(list)
    for each in ResultReached.objects.filter(result__settlement=made).select_related("result"):
        reached[each.result.member_id, each.kind].append(each.code)
    return {
        one.member_id: {
            "unit": one.unit_id,
            "branch": one.branch_id,
            "status": one.status,
            "points": (one.opening, one.positive, one.reverse, one.outside, one.score),
            "tiers": (one.earned, one.tier),
            "zeroed": one.is_zeroed,
            "aspects": aspects[one.member_id],
            "alarms": sorted(reached[one.member_id, "alarm"]),
            "streaks": sorted(reached[one.member_id, "streak"]),
        }
        for one in Result.objects.filter(settlement=made)
    }


def check(made: Settlement, want: dict[int, dict[str, Any]]) -> None:
    found = stored(made)
    assert set(found) == set(want) and made.members == len(want)
    differences = [
        f"{number} {key}: {found[number][key]}, the engine says {one[key]}"
        for number, one in want.items()
        for key in one
        if found[number][key] != one[key]
    ]
    assert differences == []
    assert storing.digest_of(made) == made.digest


@pytest.mark.parametrize("name", DRAFTS)
def test_what_is_stored_is_what_the_engine_makes_of_each(year_over: Organisation, name: str) -> None:
    adopt_instead(texts()[name])
    made = settled(year_over)
    check(made, wanted(year_over, year_over))
    again = settled(year_over)
    assert (again.digest, again.number, again.replaces) == (made.digest, 2, made)
    assert stored(again) == stored(made) and not again.changes.exists()


def texts() -> dict[str, str]:
    changes: dict[str, tuple[Any, ...]] = {
        "the same": (),
        "a lower opening": (drafts.lower_opening,),
        "one indicator less": (drafts.without_b1,),
        "other shapes": (drafts.other_shapes,),
        "by quarter": (drafts.by_quarter,),
        "crossing caps": (drafts.crowded,),
        "pools": (drafts.pooled,),
        "quotas and alarms": (drafts.rationed,),
        "events void for everybody": (drafts.voiding,),
        "reaching back": (drafts.reaching_back,),
        "reaching back, with quotas": (drafts.reaching_back, drafts.rationed),
    }
    everything = (drafts.lower_opening, drafts.without_b1, drafts.other_shapes, drafts.crowded, drafts.pooled)
    changes["everything at once"] = (*everything, drafts.rationed, drafts.voiding)
    return {name: text_of(*some) for name, some in changes.items()}


def test_a_part_of_the_tree_gets_the_same_rows_as_the_whole(year_over: Organisation) -> None:
    adopt_instead(texts()["everything at once"])
    whole = stored(settled(year_over))
    for part in Organisation.objects.filter(path__startswith=year_over.path, level__in=("township", "community")):
        rows = stored(settled(part))
        assert rows == {number: whole[number] for number in rows}


def test_rules_that_changed_in_mid_cycle_are_told_apart(year_over: Organisation) -> None:
    text = text_of(lower_opening)
    first = RulebookVersion.objects.get()
    RulebookVersion.objects.filter(pk=first.pk).update(valid_until=date(2026, 3, 14))
    RulebookVersion.objects.create(
        district=first.district, number=2, name="第二版", text=text, digest=load(text).digest, state="adopted",
        valid_from=date(2026, 3, 15), drafted_at=clock.now(), adopted_at=clock.now(),
    )  # fmt: skip
    made = settled(year_over)
    assert (made.version.number, made.versions) == (2, [1, 2])
    check(made, wanted(year_over, year_over))
