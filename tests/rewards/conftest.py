"""存折的测试 The community's passbook on the first of April, with a shop that holds ten of one good."""

from collections.abc import Iterator

import pytest

from pioneer.kernel import clock
from pioneer.rewards.reconciliation import reconcile
from tests.passbooks import House, build_house, with_merchant
from tests.world import TODAY, World, adopt_rulebook, build


@pytest.fixture
def house(world: World) -> Iterator[House]:
    """Opened today; at the end of every test the books must come out."""
    adopt_rulebook(world)
    with clock.at(TODAY):
        made = build_house(world)
        yield made
        assert reconcile(made.passbook).is_clean, reconcile(made.passbook).findings


@pytest.fixture
def real_house(transactional_db: None) -> Iterator[House]:
    """The same, committed, for threads and for other processes."""
    world = build()
    adopt_rulebook(world)
    with clock.at(TODAY):
        yield build_house(world)


@pytest.fixture
def town(house: House) -> House:
    """With a merchant."""
    return with_merchant(house)
