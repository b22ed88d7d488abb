"""What the tests of publicity share: the shipped rulebook, and March's notice of the first branch on 1 April."""

from typing import Any

import pytest

from pioneer.assessments.models import Line
from pioneer.kernel import clock
from pioneer.publicity.models import Publication
from tests.notices import On, make_sheet, publish
from tests.world import TODAY, World, adopt_rulebook


@pytest.fixture
def ruled(world: World) -> World:
    """The cast with the shipped rulebook in force."""
    adopt_rulebook(world)
    return world


@pytest.fixture(autouse=True)
def _first_of_april() -> Any:
    with clock.at(TODAY):
        yield


@pytest.fixture
def shown(ruled: World) -> Publication:
    """March's notice: 李桂兰 four times B5 (three count), 单雪琴 once, 王保国, the secretary, once."""
    lines = [On("李桂兰", "B5", day) for day in (3, 5, 7, 9)]
    return publish(ruled, make_sheet(ruled, [*lines, On("单雪琴", "N7"), On("王保国")]))


def line_of(shown: Publication, name: str, day: int = 12) -> Line:
    """The line of a member on a day of March."""
    return Line.objects.get(sheet=shown.sheet, member__name=name, event_on__day=day, state="standing")
