"""Merging, splitting and closing over the pages; erasing what has been kept long enough."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from pioneer.kernel import clock
from pioneer.ledger.verification import verify
from pioneer.members.models import StatusSpell
from pioneer.members.queries import branch_on
from pioneer.organisations.models import Organisation
from tests.notices import On, make_sheet, run
from tests.world import World, adopt_rulebook

MAY = date(2026, 5, 6)


@pytest.fixture(autouse=True)
def _may() -> Any:
    with clock.at(MAY):
        yield


@pytest.fixture
def ruled(world: World) -> World:
    adopt_rulebook(world)
    return world


def enter(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    return client


def leave(world: World, name: str, on: date) -> None:
    spell = StatusSpell.objects.get(member=world.member(name))
    spell.until_on = date.fromordinal(on.toordinal() - 1)
    spell.save()
    StatusSpell.objects.create(member=world.member(name), status="left", from_on=on, document="退党批复")


def test_the_page_of_a_branch_leads_to_all_three_for_the_level_above_alone(ruled: World) -> None:
    address = f"/organisations/{ruled.branch.pk}/"
    page = enter(ruled, "township_officer").get(address).content.decode()
    assert all(f'href="{address}{act}/"' in page for act in ("merge", "split", "close"))
    page = enter(ruled, "secretary").get(address).content.decode()
    assert "merge/" not in page and "close/" not in page
    page = enter(ruled, "district_officer").get(f"/organisations/{ruled.district.pk}/").content.decode()
    assert "close/" not in page


def test_two_branches_become_one_of_them(ruled: World) -> None:
    client, address = enter(ruled, "township_officer"), f"/organisations/{ruled.branch.pk}/merge/"
    page = client.get(address).content.decode()
    assert "槐园社区第二党支部（槐园社区）" in page and 'value="2026-05-06"' in page and "柳沟村" not in page
    sent = {"branches": [ruled.second_branch.pk], "goes_on": "stays", "on": "2026-05-01"}
    done = client.post(address, sent, follow=True).content.decode()
    assert "已合并为“槐园社区第一党支部”" in done and "槐园社区第二党支部并入" in done
    assert branch_on(ruled.member("温如春"), MAY) == ruled.branch
    assert "撤销" in client.get(f"/organisations/{ruled.second_branch.pk}/").content.decode()


def test_or_a_new_one_which_needs_a_name(ruled: World) -> None:
    client, address = enter(ruled, "township_officer"), f"/organisations/{ruled.branch.pk}/merge/"
    sent = {"branches": [ruled.second_branch.pk], "goes_on": "new", "on": "2026-05-01"}
    assert "请填写新党支部的全称" in client.post(address, sent).content.decode()
    client.post(address, sent | {"name": "槐园社区党支部"})
    assert branch_on(ruled.member("李桂兰"), MAY) == Organisation.objects.get(name="槐园社区党支部")


def test_a_sheet_that_is_not_posted_is_named_before_and_after_sending(ruled: World) -> None:
    make_sheet(ruled, [On("李桂兰")])
    client = enter(ruled, "township_officer")
    for act, sent in (
        ("merge", {"branches": [ruled.second_branch.pk], "goes_on": "stays"}),
        ("split", {"name_0": "槐园社区第三党支部"}),
        ("close", {}),
    ):
        address = f"/organisations/{ruled.branch.pk}/{act}/"
        assert "还有没有入账的考评表：2026年3月月度考评表" in client.get(address).content.decode()
        assert "请先办完公示和入账" in client.post(address, {**sent, "on": "2026-05-01"}).content.decode()


def test_a_branch_is_split_member_by_member(ruled: World) -> None:
    client, address = enter(ruled, "township_officer"), f"/organisations/{ruled.branch.pk}/split/"
    guilan = ruled.member("李桂兰")
    page = client.get(address).content.decode()
    assert "李桂兰" in page and "留在原支部" in page
    sent = {"name_0": "槐园社区第三党支部", "on": "2026-05-01", f"to_{guilan.pk}": "1"}
    assert "还没有名称" in client.post(address, sent).content.decode()
    done = client.post(address, {**sent, f"to_{guilan.pk}": "0"}, follow=True).content.decode()
    assert "已分设“槐园社区第三党支部”" in done
    assert branch_on(guilan, MAY) == Organisation.objects.get(name="槐园社区第三党支部")
    assert branch_on(ruled.member("王保国"), MAY) == ruled.branch


def test_a_village_places_everybody_who_is_still_there(ruled: World) -> None:
    client, address = enter(ruled, "town_officer"), f"/organisations/{ruled.village.pk}/split/"
    page = client.get(address).content.decode()
    assert "请选择" in page and "留在原支部" not in page
    names = {"name_0": "柳沟村第一党支部", "name_1": "柳沟村第二党支部", "on": "2026-05-01"}
    assert "这个字段是必填项" in client.post(address, names).content.decode()
    leave(ruled, "柳长根", date(2026, 4, 2))  # whoever has gone holds nothing up
    here = _fields(client, address)
    client.post(address, names | {field: "01"[place % 2] for place, field in enumerate(here)})
    ruled.village.refresh_from_db()
    assert not ruled.village.is_branch
    assert branch_on(ruled.member("柳大妮"), MAY).level == "branch"  # type: ignore[union-attr]


def _fields(client: Client, address: str) -> list[str]:
    form = client.get(address).context["form"]
    return [field.name for field in form.places]


def test_a_branch_is_closed_when_only_the_gone_are_left(ruled: World) -> None:
    client, address = enter(ruled, "township_officer"), f"/organisations/{ruled.second_branch.pk}/close/"
    assert "还有2名党员" in client.post(address, {"on": "2026-05-01"}).content.decode()
    for row in StatusSpell.objects.filter(member__memberships__branch=ruled.second_branch):
        leave(ruled, row.member.name, date(2026, 4, 2))
    assert "已撤销" in client.post(address, {"on": "2026-05-01"}, follow=True).content.decode()


@pytest.mark.parametrize("act", ["merge", "split", "close"])
def test_nobody_else_gets_there(ruled: World, act: str) -> None:
    address = f"/organisations/{ruled.branch.pk}/{act}/"
    assert enter(ruled, "secretary").get(address).status_code == 403
    assert enter(ruled, "town_officer").get(address).status_code == 404
    assert enter(ruled, "district_officer").get(f"/organisations/{ruled.district.pk}/{act}/").status_code == 404


def test_what_has_been_kept_long_enough_is_erased_on_its_page(ruled: World) -> None:
    run(ruled, [On("李桂兰")], month=3)
    guilan = ruled.member("李桂兰")
    leave(ruled, "李桂兰", MAY)
    client = enter(ruled, "security_admin")
    page = client.get("/erasure/").content.decode()
    assert "最早的2031年5月6日到期" in page and "李桂兰" not in page
    assert client.get(f"/erasure/{guilan.pk}/").status_code == 404
    with clock.at(date(2031, 6, 1)):
        client = enter(ruled, "security_admin")
        assert "已离开党员的文字待抹除" in client.get("/", follow=True).content.decode()
        assert f'href="/erasure/{guilan.pk}/"' in client.get("/erasure/").content.decode()
        page = client.get(f"/erasure/{guilan.pk}/").content.decode()
        assert "只是提到姓名的备案材料包和年度档案" in page and "改一个字核验就不符，所以保持原样" in page
        assert "区内有同名的，分不清说的是谁，一并改写" in page and "请通知保管人收回销毁" in page
        assert "请先核对" in client.post(f"/erasure/{guilan.pk}/", {}).content.decode()
        done = client.post(f"/erasure/{guilan.pk}/", {"sure": "on"}, follow=True).content.decode()
        assert "的文字已抹除" in done and "李桂兰" not in done
    assert verify().disagreement == ""


def test_only_the_security_administrator_erases(ruled: World) -> None:
    for who in ("secretary", "district_officer", "system_admin", "guilan"):
        assert enter(ruled, who).get("/erasure/").status_code == 403
