"""Former results and announcements: kept by revision, never changed, each cycle of a member closed once."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from pioneer.kernel import clock
from pioneer.members.closing import closed_cycle
from pioneer.members.models import ClosedCycle
from pioneer.results.formers import Filed, former_results, keep_filed
from pioneer.results.models import FormerResult
from pioneer.results.settlement_queries import latest_for, rows_for
from tests.world import World, adopt_rulebook
from tests.year import AFTER, FIRST, LAST, announce_plainly, settle_plainly


def filed(world: World, name: str, year: int = 2025, **changes: object) -> Filed:
    given: dict[str, object] = {
        "member": world.member(name).pk, "first_on": date(year, 1, 1), "last_on": date(year, 12, 31), "score": 5500,
        "tier": "t0", "tier_name": "不合格", "lower": 0, "is_zeroed": False, "why": "", "unit": None,
        "unit_name": "槐园社区", "filing_number": f"槐街备〔{year}〕1号", "filed_on": date(year + 1, 1, 20), **changes,
    }  # fmt: skip
    return Filed(**given)  # type: ignore[arg-type]


def test_of_several_revisions_the_last_counts_and_the_cycle_is_closed_once(world: World) -> None:
    keep_filed([filed(world, "李桂兰"), filed(world, "王保国", 2024)], by_number=1)
    keep_filed([filed(world, "李桂兰", revision=2, score=6100, tier="t60", tier_name="合格", lower=6000)], by_number=1)
    kept = former_results([world.member("李桂兰").pk], before=FIRST)
    assert [(one.revision, one.score, one.tier) for one in kept[world.member("李桂兰").pk]] == [(2, 6100, "t60")]
    assert ClosedCycle.objects.count() == 2
    assert closed_cycle(world.member("李桂兰").pk, date(2025, 7, 1)) is not None
    assert closed_cycle(world.member("李桂兰").pk, date(2026, 7, 1)) is None
    assert not former_results([world.member("李桂兰").pk], before=date(2025, 12, 31))


def test_what_was_filed_and_announced_is_never_changed(world: World) -> None:
    adopt_rulebook(world)
    keep_filed([filed(world, "李桂兰")], by_number=1)
    with clock.at(AFTER):
        made = settle_plainly(world)
        held = announce_plainly(made, world.organisations["community"])
    for change in (
        lambda: FormerResult.objects.update(score=9000),
        lambda: FormerResult.objects.all().delete(),
        lambda: ClosedCycle.objects.update(filing_number="x"),
        lambda: type(held).objects.update(place="别处"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_the_latest_settlement_that_covers_a_unit_is_the_one_to_announce(world: World) -> None:
    adopt_rulebook(world)
    community = world.organisations["community"]
    with clock.at(AFTER):
        settle_plainly(world)
        above = settle_plainly(world, "street")
        settle_plainly(world, is_trial=True)
    assert latest_for(community, FIRST) == above and latest_for(world.village, FIRST) is None
    assert rows_for(community, above).count() == 10 and above.last_on == LAST
