from datetime import date

import pytest

from pioneer.kernel import clock
from pioneer.ledger.verification import verify
from tests.notices import On, run
from tests.world import World, adopt_rulebook


@pytest.fixture
def ruled(world: World) -> World:
    adopt_rulebook(world)
    return world


def test_it_passes_on_what_the_operations_wrote(ruled: World) -> None:
    run(ruled, [On("李桂兰"), On("李桂兰", "N7", 14), On("王保国", "B2", 3, quantity=300)], month=1)
    run(ruled, [On("李桂兰"), On("单雪琴", "B2", 3, quantity=300)], month=2)
    run(ruled, [On("柳满仓", "C1", 5)], month=2, branch=ruled.village)
    report = verify()
    assert report.disagreement == ""
    assert report.entries == 6
    assert report.postings == 3
    assert "全部相符" in report.summary
