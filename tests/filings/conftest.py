"""A cycle settled and announced, for what is filed of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from pioneer.filings.models import Filing
from pioneer.filings.services import receive, send
from pioneer.kernel import clock
from pioneer.organisations.models import HolidayYear
from tests.world import World, adopt_rulebook
from tests.year import AFTER, FIRST, announce_plainly, settle_plainly

SCORES = {"李桂兰": 9250, "张㛃": 8950, "单雪琴": 6100, "解文军": 5800}


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def ruled(world: World) -> Iterator[World]:
    """The shipped rulebook, seen on 11 January of the year after; its holidays are entered."""
    adopt_rulebook(world)
    HolidayYear.objects.create(year=2027, source="国务院办公厅关于2027年部分节假日安排的通知")
    with clock.at(AFTER):
        yield world


@pytest.fixture
def announced(ruled: World) -> World:
    """The community's year is settled and announced, everybody told."""
    made = settle_plainly(ruled, scores=SCORES)
    announce_plainly(made, ruled.organisations["community"])
    return ruled


def sent(world: World, who: str = "community_officer", **more: Any) -> Filing:
    return send(actor=world.actor(who), unit_id=world.organisations["community"].pk, first_on=FIRST, **more)


def filed(world: World, number: str = "槐街备〔2027〕3号") -> Filing:
    made = sent(world)
    return receive(actor=world.actor("township_officer"), filing_id=made.pk, number=number)
