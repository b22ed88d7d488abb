"""A township files with its district: what it received, by number and digest, and who is missing and why."""

import pytest

from pioneer.filings.checking import check
from pioneer.filings.collecting import send_collected
from pioneer.filings.models import CollectedFiling, Filing, MissingUnit
from pioneer.filings.services import receive
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.organisations.models import Organisation
from pioneer.results.models import FormerResult
from tests.filings.conftest import filed
from tests.filings.test_send import content_of
from tests.world import World
from tests.year import FIRST


def collect(world: World, who: str = "township_officer", reasons: dict[int, str] | None = None) -> Filing:
    number = world.organisations["street"].pk
    return send_collected(actor=world.actor(who), township_id=number, first_on=FIRST, reasons=reasons or {})


def test_it_works_and_the_district_receives_it(announced: World) -> None:
    with pytest.raises(DomainError, match="还没有接收过2026年度的备案"):
        collect(announced)
    part = filed(announced)
    made = collect(announced)
    found = check(content_of(made))
    assert (found.unit, found.to, found.parts, found.members) == ("槐园街道", "清河示范区", 1, 10)
    assert CollectedFiling.objects.get(filing=made).part == part and not MissingUnit.objects.exists()
    with pytest.raises(DomainError, match="正等清河示范区接收"):
        collect(announced)
    with pytest.raises(NotAllowed, match="由清河示范区的党务工作者"):
        receive(actor=announced.actor("second_township_officer"), filing_id=made.pk, number="1号")
    done = receive(actor=announced.actor("district_officer"), filing_id=made.pk, number="清组备〔2027〕1号")
    assert done.state == "received" and FormerResult.objects.count() == 10, "kept once, by the township"
    with pytest.raises(DomainError, match="此后没有新的备案和更正"):
        collect(announced)


def test_who_is_missing_needs_a_reason(announced: World) -> None:
    filed(announced)
    street = announced.organisations["street"]
    new = Organisation.objects.create(
        name="新槐社区", level="community", parent=street, path="", setting="urban", opened_on=FIRST
    )
    new.path = f"{street.path}{new.pk}/"
    new.save()
    with pytest.raises(BadInput, match="新槐社区：请写明为什么没有备案"):
        collect(announced)
    made = collect(announced, reasons={new.pk: "还没有设支部"})
    assert MissingUnit.objects.get(filing=made).reason == "还没有设支部"


def test_only_the_township(announced: World) -> None:
    filed(announced)
    with pytest.raises(NotVisible):
        collect(announced, "community_officer")
    for who in ("district_officer", "auditor"):
        with pytest.raises(NotAllowed):
            collect(announced, who)
    with pytest.raises(NotVisible):
        send_collected(
            actor=announced.actor("community_officer"),
            township_id=announced.organisations["community"].pk,
            first_on=FIRST,
            reasons={},
        )
