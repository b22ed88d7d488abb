"""`pioneer rulebook simulate`: the figures on the console, read only."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from pioneer.kernel import clock
from pioneer.kernel.models import AuditEvent
from pioneer.ledger.models import Entry
from tests.notices import On, run
from tests.results.drafts import lower_opening, text_of, without_b1
from tests.world import World, adopt_rulebook


@pytest.fixture
def draft(world: World, tmp_path: Path) -> Path:
    adopt_rulebook(world)
    run(world, [On("李桂兰", "A1", 3), On("王保国", "B1", 5)])
    file = tmp_path / "rulebook.toml"
    file.write_text(text_of(lower_opening, without_b1), encoding="utf-8")
    return file


def said(*arguments: Any) -> tuple[str, str, int]:
    out, err = StringIO(), StringIO()
    code = 0
    with clock.at(date(2026, 4, 20)):
        try:
            call_command("rulebook", "simulate", *map(str, arguments), stdout=out, stderr=err)
        except SystemExit as ended:
            code = int(ended.code or 0)
    return out.getvalue(), err.getvalue(), code


def test_it_says_what_would_change(world: World, draft: Path) -> None:
    out, _, code = said(draft, "--year", 2026, "--at", world.district.pk)
    assert code == 0
    assert "13名党员，2条已入账条目。" in out
    assert "得分上升0名（最多0分），下降13名（最多−5.5分）。" in out
    assert "草案中没有对应的指标，不计：1条（B1 1条）" in out
    assert "王保国" not in out and "李桂兰" not in out


def test_names_are_told_when_asked_for(world: World, draft: Path) -> None:
    out, _, _ = said(draft, "--year", 2026, "--at", world.branch.pk, "--names")
    assert "王保国（槐园社区第一党支部）70.5分 60至79分 → 65分 60至79分" in out


def test_json_holds_numbers_and_no_names(world: World, draft: Path) -> None:
    out, _, _ = said(draft, "--year", 2026, "--at", "清河示范区", "--json")
    figures = json.loads(out)
    assert figures["members"] == 13 and figures["movers"][0]["now"] == 6500
    assert "王保国" not in out


def test_the_whole_district_is_the_default_where_there_is_one(world: World, draft: Path) -> None:
    _, err, code = said(draft, "--year", 2026)
    assert code == 1 and "不止一个区" in err  # the cast has two


def test_nothing_is_written(world: World, draft: Path) -> None:
    before = (AuditEvent.objects.count(), Entry.objects.count())
    said(draft, "--year", 2026, "--at", world.district.pk)
    assert (AuditEvent.objects.count(), Entry.objects.count()) == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--year", "2026", "--at", "没有这个"), "没有找到组织"),
        (("--year", "2030", "--at", "清河示范区"), "之间的年度"),
        (("--year", "2024", "--at", "清河示范区"), "没有参评的党员"),
        (("--year", "2018", "--at", "清河示范区"), "没有适用的积分办法"),
    ],
)
def test_what_cannot_be_done_is_said(world: World, draft: Path, arguments: tuple[str, ...], sentence: str) -> None:
    _, err, code = said(draft, *arguments)
    assert code == 1 and sentence in err


def test_every_mistake_of_the_draft_is_listed(world: World, draft: Path) -> None:
    draft.write_text(draft.read_text(encoding="utf-8").replace("points = 65", 'points = "六十五"'), encoding="utf-8")
    _, err, code = said(draft, "--year", 2026, "--at", world.district.pk)
    assert code == 1 and "opening.points" in err
