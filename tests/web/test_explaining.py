"""这一分怎么来的: the page, the file to take away and the paper say the same; and what one more thing would bring."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pioneer.conduct.models import ZeroingCase
from pioneer.kernel import clock
from pioneer.kernel.models import AuditEvent
from pioneer.ledger.queries import score_of
from pioneer.members.models import Exemption, TrackSpell
from pioneer.rulebook.models import RulebookVersion
from pioneer.scoring import load_text, show
from tests.notices import On, make_sheet, publish, run
from tests.papers.reading import words_of
from tests.stage import scene
from tests.world import World, adopt_rulebook

TODAY = date(2026, 4, 20)


@pytest.fixture
def ruled(world: World) -> World:
    adopt_rulebook(world)
    return world


@pytest.fixture(autouse=True)
def _april() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@scene
def scored(ruled: World) -> None:
    """李桂兰 with additions of which one is trimmed and one counts nothing, and two deductions."""
    adopt_rulebook(ruled)
    run(ruled, [On("李桂兰", "B2", day, quantity=hours * 100) for day, hours in ((8, 3), (9, 4), (15, 2))], month=1)
    run(ruled, [On("李桂兰", "B5", day) for day in (12, 13, 14, 20)] + [On("李桂兰", "N2", 28)], month=2)
    run(ruled, [On("李桂兰", "C4", 9), On("李桂兰", "N7", 14)], month=3)


def address(world: World, name: str = "李桂兰", what: str = "/") -> str:
    return f"/members/{world.member(name).pk}/explain{what}"


class Steps(HTMLParser):
    """What stands beside each step of the page: its name and its points."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = dict(attrs).get("class") or ""
        self.open = "name" if "why-name" in kind else "points" if "why-points" in kind else self.open
        if self.open == "name" and "why-name" in kind:
            self.found.append(("", ""))

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            name, points = self.found[-1]
            self.found[-1] = (name + data, points) if self.open == "name" else (name, points + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self.open = ""


def steps_of_page(text: str) -> Counter[tuple[str, str]]:
    parser = Steps()
    parser.feed(text)
    return Counter((name.strip(), points.strip().replace("−", "-").lstrip("+")) for name, points in parser.found)


def nodes_of(tree: dict[str, Any]) -> list[dict[str, Any]]:
    return [tree, *(one for child in tree["children"] for one in nodes_of(child))]


def test_page_file_and_paper_say_the_same(scored: World, client: Client) -> None:
    client.force_login(scored.users["guilan"])
    page = client.get(address(scored)).content.decode()
    content = json.loads(client.get(address(scored, what=".json")).content)
    paper = words_of(client.get(address(scored, what=".pdf")).content)
    score = score_of(scored.member("李桂兰"), TODAY)
    assert content["score"]["points"] == show(score.score) == "75"
    counting = [one for child in content["score"]["children"] if child["points"] is not None for one in nodes_of(child)]
    assert steps_of_page(page) == Counter((one["title"], one["points"]) for one in counting)
    for one in counting:
        signed = one["points"].replace("-", "−")
        if one["kind"] not in ("basic", "allotment") and one["points"] != "0" and not signed.startswith("−"):
            signed = f"+{signed}"
        name = "".join(one["title"].split())
        said = "".join(one["sentence"].split()) if one["kind"] in ("fact", "indicator", "cap") else ""
        version = "".join(one["version"].split())
        shown = f"{name}{version}{signed}{said}" if one["kind"] in ("fact", "indicator", "cap") else f"{name}"
        assert shown in paper, shown
    lines = Counter((one["fact"]["row"], one["fact"]["counted"]) for one in nodes_of(content["score"]) if one["fact"])
    assert lines == Counter((line.row, show(line.counted)) for line in score.lines)
    assert f"得分{show(score.score)}" in paper and f'<span class="num">{show(score.score)}</span>' in page


def test_a_trimmed_entry_says_what_was_cut_and_why_in_the_words_of_the_notice(scored: World, client: Client) -> None:
    client.force_login(scored.users["guilan"])
    content = json.loads(client.get(address(scored, what=".json")).content)
    trimmed = next(one for one in nodes_of(content["score"]) if one["fact"] and one["fact"]["trimmed"] == "0.5")
    assert trimmed["title"] == "2026年1月15日　参加志愿服务"
    assert trimmed["fact"]["raw"] == "1" and trimmed["fact"]["counted"] == "0.5" and trimmed["fact"]["cap"] == "4"
    assert "本月志愿服务已满4分，截去0.5分" in client.get(address(scored)).content.decode()


def test_a_change_of_rules_in_mid_cycle_is_seen_on_every_line(scored: World, client: Client) -> None:
    version = RulebookVersion.objects.get()
    text = version.text.replace(
        'name = "为群众办好事实事"\naspect = "B"\nvalue = { shape = "fixed", points = 1 }',
        'name = "为群众办好事实事"\naspect = "B"\nvalue = { shape = "fixed", points = 2 }',
    )
    digest = load_text(text).rulebook.digest  # type: ignore[union-attr]
    assert digest != version.digest
    RulebookVersion.objects.create(
        district=scored.district, number=2, name=version.name, text=text, digest=digest, valid_from=date(2026, 3, 1),
        state="adopted", drafted_by_number=version.drafted_by_number, drafted_at=version.drafted_at,
        adopted_by_number=version.adopted_by_number, adopted_at=version.adopted_at,
    )  # fmt: skip
    RulebookVersion.objects.filter(pk=version.pk).update(valid_until=date(2026, 2, 28))
    client.force_login(scored.users["guilan"])
    page = client.get(address(scored)).content.decode()
    content = json.loads(client.get(address(scored, what=".json")).content)
    by_day = {one["fact"]["event_on"]: one["version"] for one in nodes_of(content["score"]) if one["fact"]}
    assert by_day["2026-02-12"] == "第1版" and by_day["2026-03-09"] == "第2版"
    assert content["versions"] == ["第1版", "第2版"] and "施行的办法计分：第1版、第2版" in page


def test_whoever_may_see_the_file_may_see_where_it_comes_from_and_nobody_else(scored: World, client: Client) -> None:
    for who, status in (("guilan", 200), ("recorder", 200), ("xueqin", 404), ("second_secretary", 404)):
        client.force_login(scored.users[who])
        for what in ("/", ".json", ".pdf"):
            assert client.get(address(scored, what=what)).status_code == status, (who, what)
    client.logout()
    assert client.get(address(scored)).status_code == 302


def test_the_members_page_leads_there(scored: World, client: Client) -> None:
    client.force_login(scored.users["guilan"])
    assert f'href="{address(scored)}">这一分怎么来的' in client.get("/me/").content.decode()


def test_who_is_not_scored_reads_why(ruled: World, client: Client) -> None:
    client.force_login(ruled.users["recorder"])
    TrackSpell.objects.filter(member=ruled.member("张㛃")).delete()
    assert "还没有登记类别" in client.get(address(ruled, "张㛃")).content.decode()
    assert client.get(address(ruled, "张㛃", ".pdf")).status_code == 404
    Exemption.objects.create(
        member=ruled.member("李桂兰"), ground="age", from_on=date(2026, 1, 1), state="approved", applied_at=clock.now()
    )
    page = client.get(address(ruled)).content.decode()
    assert "免评期间列名" in page and "如果再做一件" not in page


def test_a_zeroed_score_says_what_was_taken(scored: World, client: Client) -> None:
    ZeroingCase.objects.create(
        member=scored.member("李桂兰"), branch=scored.branch, indicator="Z2", document_kind="penalty", issuer="某局",
        document_on=date(2026, 4, 1), facts="某事", state="approved", told_at=clock.now(), told_how="当面",
        proposed_by_number=1, proposed_at=clock.now(), answer_until=clock.now(), decided_by_number=2,
        decided_at=clock.now(),
    )  # fmt: skip
    client.force_login(scored.users["guilan"])
    page = client.get(address(scored)).content.decode()
    assert "本周期得分清零，原有的75分不再计算" in page and '<span class="num">0</span>' in page


# ------------------------------------------------------------------ 如果再做一件


def supposed(client: Client, world: World, **asked: str) -> str:
    return re.sub(r"</?b[^>]*>", "", client.get(address(world), asked).content.decode())


def test_one_more_thing_says_what_it_would_count_and_the_new_total(scored: World, client: Client) -> None:
    client.force_login(scored.users["guilan"])
    said = supposed(client, scored, indicator="B2", event_on="2026-04-22", quantity="3")
    assert "志愿服务：这一件计 1.5 分" in said and "志愿服务3小时，每小时0.5分、一次最多2分，计1.5分" in said
    assert "得分从 75 变为 76.5。" in said and "等次还是“60至79分”，离上一档还差 3.5 分" in said


def test_what_is_full_counts_nothing_and_says_so(scored: World, client: Client) -> None:
    client.force_login(scored.users["guilan"])
    said = supposed(client, scored, indicator="B5", event_on="2026-02-25")
    assert "这一件计 0 分" in said and "本月为群众办好事实事已满3分" in said and "得分从 75 不变" in said


def test_another_tier_is_told(scored: World, client: Client) -> None:
    client.force_login(scored.users["guilan"])
    said = supposed(client, scored, indicator="B7", event_on="2026-04-22", value="7")
    assert "得分从 75 变为 82" in said and "等次变为“80至89分”" in said


def test_nothing_is_stored(scored: World, client: Client) -> None:
    client.force_login(scored.users["guilan"])
    before = AuditEvent.objects.count()
    supposed(client, scored, indicator="B2", event_on="2026-04-22", quantity="3")
    assert AuditEvent.objects.count() == before
    assert score_of(scored.member("李桂兰"), TODAY).score == 7500


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"indicator": "B2", "event_on": "2026-04-22"}, "按数量计分，缺少数量（小时），请补填"),
        ({"indicator": "B2", "event_on": "2026-04-22", "quantity": "0"}, "数量0不大于0"),
        ({"indicator": "B2", "event_on": "2026-04-22", "quantity": "三"}, "请填写数字，最多两位小数"),
        ({"indicator": "B2", "event_on": "2025-12-31", "quantity": "1"}, "请选本周期内的日子：2026年1月1日至"),
        ({"indicator": "B7", "event_on": "2026-04-22", "value": "99"}, "不在指标B7的3至10分之内"),
        ({"indicator": "A6", "event_on": "2026-04-22"}, "缺少级别"),
        ({"indicator": "N2", "event_on": "2026-04-22"}, "N2"),
        ({"indicator": "C1", "event_on": "2026-04-22"}, "C1"),
        ({"indicator": "", "event_on": ""}, "请选一项"),
    ],
)
def test_what_cannot_be_says_what_to_do(scored: World, client: Client, asked: dict[str, str], said: str) -> None:
    """A deduction, or an addition of another track, is no choice at all."""
    client.force_login(scored.users["guilan"])
    page = supposed(client, scored, **asked)
    assert said in page and "得分从 75 变为" not in page


def test_whatever_is_typed_into_the_address_a_page_comes_back(ruled: World, client: Client) -> None:
    client.force_login(ruled.users["guilan"])
    for field in ("indicator", "event_on", "quantity", "level", "value"):
        for typed in ("9" * 40, "1e400", "NaN", "-1", "9999-12-31", "<b>", "好" * 500, "１．５"):
            asked = {"indicator": "B2", "event_on": "2026-04-22", "quantity": "3", field: typed}
            assert client.get(address(ruled), asked).status_code == 200, (field, typed)


def test_pages_take_a_constant_number_of_queries(scored: World, client: Client) -> None:
    client.force_login(scored.users["guilan"])
    query = {"indicator": "B2", "event_on": "2026-04-22", "quantity": "3"}
    client.get(address(scored))

    def counted(what: str, **asked: str) -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(address(scored, what=what), asked)
        return len(found)

    before = [counted("/"), counted("/", **query), counted(".json"), counted(".pdf")]
    run(scored, [On("李桂兰", "B1", day) for day in range(1, 20)], month=4)
    publish(scored, make_sheet(scored, [On("李桂兰", "A2", day) for day in range(1, 9)], sequence=1))
    assert [counted("/"), counted("/", **query), counted(".json"), counted(".pdf")] == before
