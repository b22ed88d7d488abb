"""Which version holds on a day; rules read once and kept; deadlines by the procedure."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pioneer.kernel.errors import DomainError
from pioneer.rulebook import queries
from pioneer.rulebook.models import RulebookVersion
from tests.rulebook.conftest import changed
from tests.world import World, adopt_rulebook


@pytest.fixture(autouse=True)
def _nothing_kept():
    queries._rulebooks.clear()
    queries._engines.clear()


def test_the_rules_of_a_day_are_read_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    adopt_rulebook(world)
    first = queries.current_rulebook(world.district.pk, date(2026, 4, 1))
    assert queries.current_rulebook(world.district.pk, date(2026, 5, 1)) is first
    assert first.procedure.publication_window.value == 5
    assert queries.engine_for(world.district.pk) is queries.engine_for(world.district.pk)


def test_asking_takes_one_query_whether_kept_or_not(world: World) -> None:
    adopt_rulebook(world)
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            queries.current_rulebook(world.district.pk, date(2026, 4, 1))
            queries.engine_for(world.district.pk)
        assert len(asked) == 2


def test_a_district_without_rules_is_told_what_to_do(world: World) -> None:
    with pytest.raises(DomainError, match="2026年4月1日没有适用的积分办法") as refusal:
        queries.version_on(world.district.pk, date(2026, 4, 1))
    assert refusal.value.code == "no_rulebook"
    with pytest.raises(DomainError, match="还没有采用"):
        queries.engine_for(world.district.pk)


def test_the_engine_picks_the_version_by_the_day(world: World) -> None:
    first = adopt_rulebook(world)
    first.valid_until = date(2026, 6, 30)
    first.save(update_fields=["valid_until"])
    text = changed(("points = 70", "points = 60"))
    second = RulebookVersion.objects.create(
        district=world.district,
        number=2,
        name="新",
        text=text,
        digest=queries.load_text(text).rulebook.digest,
        valid_from=date(2026, 7, 1),
        state="adopted",
        drafted_at=first.drafted_at,
        adopted_at=first.adopted_at,
    )
    engine = queries.engine_for(world.district.pk)
    assert engine.version_on(date(2026, 6, 30)).opening.points == 7000
    assert engine.version_on(date(2026, 7, 1)).opening.points == 6000
    assert queries.versions_for(world.district.pk) == [first, second]
    assert queries.parsed(second).meta.valid_from == date(2026, 7, 1)


def test_a_text_that_no_longer_matches_its_fingerprint_stops_everything(world: World) -> None:
    version = adopt_rulebook(world)
    version.digest = "0" * 64
    with pytest.raises(DomainError, match="指纹不符"):
        queries.parsed(version)


def test_a_deadline_counts_by_its_unit(world: World) -> None:
    adopt_rulebook(world)
    procedure = queries.current_rulebook(world.district.pk, date(2026, 4, 1)).procedure
    assert queries.deadline(procedure.publication_window, date(2026, 4, 1)) == date(2026, 4, 9)
    assert queries.deadline(procedure.public_page, date(2026, 4, 1)) == date(2026, 5, 1)
    assert queries.deadline(procedure.education_validity, date(2026, 4, 1)) == date(2027, 4, 1)
    assert queries.deadline(procedure.erasure, date(2026, 4, 1)) == date(2031, 4, 1)
    with pytest.raises(ValueError, match="no length"):
        queries.deadline(procedure.objections_split, date(2026, 4, 1))


def test_what_ships_can_be_drafted_from(db: None) -> None:
    found = {one.code: one.name for one in queries.shipped()}
    assert found["jiancaoping"] == "尖草坪区党员先锋指数积分办法"
    assert list(found) == ["chengwan", "jiancaoping", "luqu", "qingwu", "qitang", "wangtang", "yunxiu"]
