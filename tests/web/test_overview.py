"""The overview's page: the table of branches and steps, summed by township where there are many."""

from datetime import date

import pytest
from django.test import Client

from pioneer.accounts.models import User
from pioneer.assessments.models import Sheet
from pioneer.jobs.demo.extent import Extent
from pioneer.jobs.demo.filling import fill
from pioneer.kernel import clock
from tests.world import World, adopt_rulebook

TODAY = date(2026, 4, 8)
BACKEND = "pioneer.accounts.backends.NumberBackend"


def entered(client: Client, world: World, who: str) -> Client:
    client.force_login(world.users[who], backend=BACKEND)
    return client


@pytest.fixture
def world(world: World) -> World:
    """Its first branch opened March's sheet."""
    Sheet.objects.create(branch=world.branch, year=2026, month=3, opened_at=clock.noon(date(2026, 3, 1)))
    return world


def test_the_page_names_each_branch_and_what_is_late(client: Client, world: World) -> None:
    adopt_rulebook(world)
    with clock.at(TODAY):
        page = entered(client, world, "township_officer").get("/overview/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "2026年3月总览" in text and "槐园社区第一党支部" in text and "应于4月3日前送复核" in text
    assert "逾期" in text and "柳沟村" not in text


def test_the_first_page_says_how_many_are_late(client: Client, world: World) -> None:
    adopt_rulebook(world)
    with clock.at(TODAY):
        text = entered(client, world, "township_officer").get("/").content.decode()
    assert "3月考评逾期的支部" in text


def test_who_has_no_overview_is_told_who_has(client: Client, world: World) -> None:
    page = entered(client, world, "secretary").get("/overview/")
    assert page.status_code == 403 and "总览由" in page.content.decode()


@pytest.mark.parametrize(
    "address", ["/overview/?month=2026-13", "/overview/?month=x", "/overview/?at=x", "/overview/?at=99999"]
)
def test_an_address_that_means_nothing_is_not_found(client: Client, world: World, address: str) -> None:
    adopt_rulebook(world)
    with clock.at(TODAY):
        assert entered(client, world, "township_officer").get(address).status_code == 404


def test_nobody_enters_without_signing_in(client: Client, world: World) -> None:
    assert client.get("/overview/").status_code == 302


@pytest.mark.django_db
def test_a_whole_district_is_summed_by_township_and_opened_one_by_one(client: Client) -> None:
    with clock.at(date(2026, 11, 24)):
        filled = fill(Extent(townships=3, branches=36, members=300, months=2))
        login = next(one.login for one in filled.sign_ins if one.role == "区委组织部（一）")
        client.force_login(User.objects.get(login=login), backend=BACKEND)
        text = client.get("/overview/").content.decode()
        inside = client.get("/overview/?at=2").content.decode()
    assert "各乡镇、街道已完成的支部数" in text and "得分分布" in text and "柳沟镇" in text
    assert "各支部的进度" in inside and "槐园社区第一党支部" in inside
