"""The pages of a dry run: asked for from the draft, waited for, read, found again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pioneer.kernel import clock
from pioneer.kernel.models import Task
from pioneer.results.models import DryRun
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.services import draft_version
from pioneer.web.tier_flow import flow
from tests.notices import On, run
from tests.results.drafts import crowded, lower_opening, pooled, rationed, text_of, without_b1
from tests.world import World, adopt_rulebook

TODAY = date(2026, 4, 20)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.at(TODAY):
        yield


@pytest.fixture
def draft(world: World) -> RulebookVersion:
    adopt_rulebook(world)
    run(world, [On("李桂兰", "A1", 3), On("李桂兰", "B5", 4), On("王保国", "B1", 5), On("张㛃", "N7", 6)])
    return draft_version(
        actor=world.actor("district_officer"),
        district_id=world.district.pk,
        text=text_of(pooled, lower_opening, without_b1, crowded, rationed),
        valid_from=date(2026, 7, 1),
    )


def enter(world: World, client: Client, who: str = "district_officer") -> Client:
    client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    return client


def ask(client: Client, draft: RulebookVersion, world: World, **changes: Any) -> Any:
    data = {"year": "2026", "organisation": world.district.pk, **changes}
    return client.post(f"/rulebook/{draft.pk}/simulate/", data)


def test_from_the_draft_to_the_figures(
    world: World, client: Client, draft: RulebookVersion, django_capture_on_commit_callbacks: Any
) -> None:
    enter(world, client)
    assert "按去年实际条目试算" in client.get(f"/rulebook/{draft.pk}/").content.decode()
    page = client.get(f"/rulebook/{draft.pk}/simulate/").content.decode()
    assert "谁的积分都不会变" in page and 'value="2025"' in page and "槐园社区第一党支部" in page
    with django_capture_on_commit_callbacks(execute=True):
        answer = ask(client, draft, world)
    said = client.get(answer["Location"]).content.decode()
    assert "13名党员，4条已入账条目" in said and "等次怎样变" in said
    assert "草案中没有对应的指标，不计：B1" in said
    assert "从未计分的指标" in said and "A7 培养联系入党积极分子" in said
    assert "“组织生活”每周期10分，扣至7分为止：没有人扣到底" in said and "预警线“预警”" in said
    assert "李桂兰" in said and "槐园社区第一党支部" in said
    assert "已算好" in client.get(f"/rulebook/{draft.pk}/simulate/").content.decode()


def test_it_can_be_left_and_found_again(world: World, client: Client, draft: RulebookVersion) -> None:
    """Before the worker has come to it."""
    address = ask(enter(world, client), draft, world)["Location"]
    page = client.get(address).content.decode()
    assert "排队等待中" in page and "可以离开这一页" in page
    assert "正在试算" in client.get(f"/rulebook/{draft.pk}/simulate/").content.decode()
    Task.objects.filter(pk=DryRun.objects.get().task_id).update(state="running", done=2, total=5)
    assert "40%" in client.get(address).content.decode()


def test_what_came_to_nothing_says_why(
    world: World, client: Client, draft: RulebookVersion, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        address = ask(enter(world, client), draft, world, year="2024")["Location"]
    page = client.get(address).content.decode()
    assert "没有算成" in page and "没有参评的党员" in page


@pytest.mark.parametrize("changes", [{"year": "2027"}, {"year": "x"}, {"organisation": "0"}, {"organisation": ""}])
def test_what_cannot_be_asked_stays_in_the_form(
    world: World, client: Client, draft: RulebookVersion, changes: dict[str, str]
) -> None:
    assert ask(enter(world, client), draft, world, **changes).status_code == 422
    assert not DryRun.objects.exists()


def test_a_version_that_is_no_draft_any_more_is_not_tried(world: World, client: Client, draft: RulebookVersion) -> None:
    adopted = RulebookVersion.objects.get(state="adopted")
    assert "已不是草案" in enter(world, client).get(f"/rulebook/{adopted.pk}/simulate/").content.decode()
    assert ask(client, adopted, world).status_code == 422


@pytest.mark.parametrize("who", ["secretary", "township_officer", "auditor", "guilan", "other_district_officer"])
def test_nobody_else_comes_in(
    world: World, client: Client, draft: RulebookVersion, who: str, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        address = ask(enter(world, client), draft, world)["Location"]
    adopted = RulebookVersion.objects.get(state="adopted")
    enter(world, client, who)
    for path in (address, f"/rulebook/{draft.pk}/simulate/", f"/rulebook/{adopted.pk}/simulate/"):
        assert client.get(path).status_code == 404


def test_the_queries_do_not_grow_with_the_members(
    world: World, client: Client, draft: RulebookVersion, django_capture_on_commit_callbacks: Any
) -> None:
    enter(world, client)
    counts = []
    for at in (world.second_branch, world.district):
        with django_capture_on_commit_callbacks(execute=True):
            address = ask(client, draft, world, organisation=at.pk)["Location"]
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_picture_draws_every_move_once() -> None:
    drawn = flow(["甲", "乙", "无"], ["甲", "乙", "无"], [[5, 2, 0], [1, 0, 0], [0, 1, 3]], same=True)
    assert drawn is not None
    assert [(band.words, band.kind) for band in drawn.bands] == [
        ("甲到甲：5名", "same"),
        ("甲到乙：2名", "down"),
        ("乙到甲：1名", "up"),
        ("无到乙：1名", "same"),
        ("无到无：3名", "same"),
    ]
    assert [(block.name, block.members) for block in drawn.blocks] == [
        ("甲", 7), ("乙", 1), ("无", 4), ("甲", 6), ("乙", 3), ("无", 3),
    ]  # fmt: skip
    assert flow(["甲"], ["甲"], [[0]], same=True) is None
