"""The pages of the tree and of the holiday table."""

from datetime import date

import pytest
from django.test import Client

from pioneer.kernel import clock
from pioneer.organisations.models import HolidayYear, Organisation
from pioneer.organisations.queries import calendar
from tests.world import TODAY, World


@pytest.fixture(autouse=True)
def _today():
    with clock.at(TODAY):
        yield


@pytest.fixture
def enter(world: World, client: Client):
    def sign_in(who: str) -> Client:
        client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
        return client

    return sign_in


def test_the_tree_shows_what_one_sees(world: World, enter) -> None:
    page = enter("township_officer").get("/organisations/").content.decode()
    assert "槐园社区第一党支部" in page and "柳沟村" not in page and "外区" not in page
    assert "没有任职" in enter("guilan").get("/organisations/").content.decode()


def test_the_tree_takes_the_same_queries_however_large(world: World, enter, django_assert_max_num_queries) -> None:
    client = enter("district_officer")
    client.get("/organisations/")
    with django_assert_max_num_queries(8):
        client.get("/organisations/")


def test_an_organisation_is_set_up_renamed_and_moved(world: World, enter) -> None:
    client, street = enter("district_officer"), world.organisations["street"]
    page = client.get(f"/organisations/{street.pk}/").content.decode()
    assert "设立下级村（社区）" in page and "改隶" not in page.split("沿革")[0].replace("改隶</a>", "")
    made = client.post(
        f"/organisations/{street.pk}/new/", {"name": "东街社区", "setting": "urban", "on": "2026-04-01"}, follow=True
    )
    assert "已设立“东街社区”" in made.content.decode()
    new = Organisation.objects.get(name="东街社区")
    client.post(f"/organisations/{new.pk}/rename/", {"name": "东大街社区", "on": "2026-04-01"})
    town = world.organisations["town"]
    client.post(f"/organisations/{new.pk}/move/", {"parent": town.pk, "on": "2026-04-01"})
    new.refresh_from_db()
    assert (new.name, new.parent) == ("东大街社区", town)
    page = client.get(f"/organisations/{new.pk}/").content.decode()
    assert "原名“东街社区”" in page and "原隶属槐园街道" in page


def test_in_its_first_year_a_district_takes_over_what_stood_at_new_year(world: World, enter) -> None:
    client, street = enter("district_officer"), world.organisations["street"]
    assert 'value="2026-01-01"' in client.get(f"/organisations/{street.pk}/new/").content.decode()
    with clock.at(date(2027, 4, 1)):
        client.force_login(world.users["district_officer"], backend="pioneer.accounts.backends.NumberBackend")
        assert 'value="2027-04-01"' in client.get(f"/organisations/{street.pk}/new/").content.decode()


def test_a_refusal_stands_at_its_field(world: World, enter) -> None:
    page = enter("district_officer").post(
        f"/organisations/{world.branch.pk}/rename/", {"name": "槐园社区东片党支部", "on": "2026-04-02"}
    )
    assert page.status_code == 200 and "日期不能晚于今天" in page.content.decode()


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("secretary", "organisations/{branch}/", 200),
        ("secretary", "organisations/{branch}/rename/", 403),
        ("secretary", "organisations/{branch}/move/", 403),
        ("secretary", "organisations/{branch}/new/", 403),
        ("secretary", "organisations/{village}/", 404),
        ("other_district_officer", "organisations/{branch}/", 404),
        ("other_district_officer", "organisations/{branch}/rename/", 404),
        ("guilan", "organisations/{branch}/", 404),
        ("guilan", "holidays/", 200),
        ("guilan", "holidays/2026/", 200),
        ("guilan", "holidays/2031/", 404),
        ("guilan", "holidays/enter/", 403),
        ("system_admin", "holidays/enter/", 200),
    ],
)
def test_who_gets_in(world: World, enter, who: str, path: str, status: int) -> None:
    numbers = {code: one.pk for code, one in world.organisations.items()}
    assert enter(who).get("/" + path.format(**numbers)).status_code == status


@pytest.mark.parametrize("path", ["organisations/", "holidays/", "holidays/2026/"])
def test_who_isnt_signed_in_is_led_to_the_door(world: World, client: Client, path: str) -> None:
    assert client.get("/" + path).status_code == 302


def test_a_year_is_loaded_and_a_day_changed(world: World, enter) -> None:
    client = enter("system_admin")
    page = client.post("/holidays/load/", {"year": 2025}, follow=True).content.decode()
    assert "已载入2025年" in page and "10月1日" in page
    page = client.post("/holidays/2026/", {"on": "2026-04-07", "kind": "holiday", "name": "防汛"}, follow=True)
    assert "已更改" in page.content.decode() and not calendar().is_working(date(2026, 4, 7))
    page = client.post("/holidays/2026/", {"on": "2026-04-08", "kind": "working"}).content.decode()
    assert "本来就是工作日" in page


def test_a_year_that_doesnt_ship_is_said_on_the_page(world: World, enter) -> None:
    page = enter("system_admin").post("/holidays/load/", {"year": 2040}).content.decode()
    assert "没有2040年" in page


def test_a_year_is_entered_line_by_line(world: World, enter) -> None:
    client = enter("district_officer")
    filled = {
        "year": 2027,
        "source": "通知",
        "days": "2027-01-01 放假 元旦\n2027年1月3日 上班\n明天 放假\n2027-13-01 放假",
    }
    page = client.post("/holidays/enter/", filled).content.decode()
    assert "第3行" in page and "第4行" in page and not HolidayYear.objects.filter(year=2027).exists()
    filled["days"] = "2027-01-01 放假 元旦\n2027年1月3日 上班\n"
    assert client.post("/holidays/enter/", filled).status_code == 302
    assert calendar().is_working(date(2027, 1, 3))


def test_who_may_not_change_the_table_doesnt_see_how(world: World, enter) -> None:
    client = enter("secretary")
    assert "更改一天" not in client.get("/holidays/2026/").content.decode()
    assert client.post("/holidays/load/", {"year": 2025}).status_code == 403
    assert client.post("/holidays/2026/", {"on": "2026-04-07", "kind": "holiday"}).status_code == 403


def test_the_first_page_says_which_year_is_missing(world: World, enter) -> None:
    client = enter("system_admin")
    assert "节假日" not in client.get("/").content.decode().split("<main", 1)[1]
    with clock.at(date(2026, 11, 20)):
        assert "录入2027年的节假日" in client.get("/").content.decode()
