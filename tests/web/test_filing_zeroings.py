"""A zeroing decided after the filing, on the pages: it waits on the first page, at its case and at the filing, and is
proposed from there."""

import pytest
from django.test import Client
from django.urls import reverse

from pioneer.filings.models import Amendment
from pioneer.kernel import clock
from pioneer.organisations.models import HolidayYear
from tests.filings.conftest import filed
from tests.filings.test_amend_zeroing import WHO, annul, approved, zero
from tests.world import World, adopt_rulebook
from tests.year import AFTER, announce_plainly, settle_plainly

pytestmark = pytest.mark.one_database


def main_of(client: Client, address: str) -> str:
    """What the page says."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]


def test_it_waits_where_people_look_and_is_proposed_from_there(world: World) -> None:
    adopt_rulebook(world)
    HolidayYear.objects.create(year=2027, source="测试用表")
    client = Client()
    client.force_login(world.users["community_officer"], backend="pioneer.accounts.backends.NumberBackend")
    with clock.at(AFTER):
        announce_plainly(settle_plainly(world), world.organisations["community"])
        filing = filed(world)
    with clock.at(AFTER.replace(day=12)):
        case = zero(world)
        propose = reverse("amend-filing-zeroing", args=[filing.pk, world.member(WHO).pk])
        assert f"{WHO}的清零在备案以后，须提出更正" in main_of(client, "/") and propose in main_of(client, "/")
        assert propose in main_of(client, reverse("filing", args=[filing.pk]))
        told = main_of(client, propose)
        assert "0分，列最低等次" in told and "清公行罚决字" in told and "75分" in told
        client.post(propose, {"told_how": ""})
        made = Amendment.objects.get()
        shown = main_of(client, reverse("amendment", args=[made.pk]))
        assert "清零：Z2" in shown and "计入的分值" not in shown and "75分 → <b>0分</b>" in shown
        approved(world, made)
        assert "须提出更正" not in main_of(client, "/")
        annul(world, case)
        assert "清零撤销在备案以后" in main_of(client, "/")
    client.force_login(world.users["township_officer"], backend="pioneer.accounts.backends.NumberBackend")
    with clock.at(AFTER.replace(day=12)):
        said = main_of(client, reverse("zeroing", args=[case.pk]))
        assert "备案的结果还没有跟着改" in said and "（更正1）" in said
        valid = Amendment.objects.get().made
        assert valid is not None and "等槐园社区提出更正" in main_of(client, reverse("filing", args=[valid.pk]))
