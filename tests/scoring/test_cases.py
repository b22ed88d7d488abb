"""Every file in rulebooks/*/cases and rulebooks/shapes is a scenario: facts in, score and reasons out, by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pioneer.scoring import Engine, Score
from tests.scoring.conftest import RULEBOOK
from tests.scoring.scenarios import ROOT, SHAPES, check, play, read

pytestmark = pytest.mark.pure
CASES = sorted(ROOT.glob("*/cases/*.toml"))
SHAPE_FILES = sorted(file for file in SHAPES.glob("*.toml") if file.name != "base.toml")


def name_of(file: Path) -> str:
    return f"{file.parent.name if file.parent == SHAPES else file.parents[1].name}-{file.stem}"


@pytest.mark.parametrize("file", [*CASES, *SHAPE_FILES], ids=name_of)
def test_scenario(file: Path) -> None:
    plain = read(file)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in plain["title"])
    for member, score in play(file, plain):
        check(member, score)


def scores_of(folder: Path) -> list[Score]:
    return [score for file in sorted(folder.glob("cases/*.toml")) for _, score in play(file, read(file))]


def test_every_indicator_and_every_cap_has_a_case(engine: Engine) -> None:
    version = engine.version_on(date(2026, 1, 1))
    scores = scores_of(RULEBOOK.parent)
    assert version is not None and len(scores) >= 40
    names = {"month": "本月", "quarter": "本季度", "cycle": "本周期"}
    wanted = {(row.code, "") for row in version.indicators.values()}
    wanted |= {(row.code, names[window]) for row in version.indicators.values() for window in row.caps}
    wanted |= {(aspect.code, "上限") for aspect in version.aspects}
    wanted |= {(tier.code, "") for tier in version.tiers}
    for score in scores:
        wanted.discard((score.tier or "", ""))
        for line in score.lines:
            wanted.discard((line.indicator.code, ""))
            for name in names.values():
                if f"{name}{line.indicator.name}已满" in line.reason:
                    wanted.discard((line.indicator.code, name))
        for aspect in score.aspects:
            if aspect.capped < aspect.counted:
                wanted.discard((aspect.code, "上限"))
    assert not wanted
