"""Every file in rulebooks/*/cases is a scenario: facts in, score and reasons out, worked out by hand."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pioneer.scoring import Engine, Fact, Member, Score, TrackSpell, parse_points, show
from tests.scoring.conftest import RULEBOOK, rulebook_of

pytestmark = pytest.mark.pure
CASES = sorted((RULEBOOK.parent / "cases").glob("*.toml"))
EXPECTED = {"counted", "because", "raw", "unusable", "on"}


def fact_of(row: int, plain: dict[str, Any]) -> Fact:
    given = {key: value for key, value in plain.items() if key not in EXPECTED}
    for key in ("quantity", "value", "fixed"):
        if key in given:
            given[key] = parse_points(given[key])
    return Fact(row=row, event_on=plain["on"], **given)


def member_of(plain: dict[str, Any]) -> Member:
    spells = tuple(TrackSpell(spell["from"], spell["track"]) for spell in plain.pop("tracks"))
    if "previous" in plain:
        plain["previous"] = parse_points(plain["previous"])
    return Member(tracks=spells, **plain)


def check_lines(score: Score, facts: list[dict[str, Any]]) -> None:
    lines = {line.row: line for line in score.lines}
    unusable = {row.row: row.reason for row in score.unusable}
    for row, plain in enumerate(facts, start=1):
        where = f"fact {row} {plain['indicator']} {plain['on']}"
        if "unusable" in plain:
            assert plain["unusable"] in unusable.pop(row, "(it was used)"), where
        elif not plain.get("corrected"):
            line = lines.pop(row)
            assert show(line.counted) == plain["counted"], f"{where}: {line.reason}"
            assert plain.get("because", "") in line.reason, where
            assert f"（{line.indicator.clause}）" in line.reason, where
            if "raw" in plain:
                assert show(line.raw) == plain["raw"], where
    assert not lines and not unusable


def score_of(file: Path) -> tuple[dict[str, Any], Score]:
    plain = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    versions = plain.get("versions", [{"replace": []}])
    engine = Engine([rulebook_of(*map(tuple, version["replace"])) for version in versions])
    facts = plain.setdefault("facts", [])
    days = [fact["on"] for fact in facts if "unusable" not in fact] or [date(2026, 6, 1)]
    given = [fact_of(row, fact) for row, fact in enumerate(facts, start=1)]
    return plain, engine.score(member_of(plain["member"]), given, engine.cycle_of(max(days)))


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_case(file: Path) -> None:
    plain, score = score_of(file)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in plain["title"])
    check_lines(score, plain["facts"])
    got = {
        "score": show(score.score),
        "tier": score.tier or "",
        "basic": show(score.basic),
        "positive": show(score.positive),
        "reverse": show(score.reverse),
        "zeroed": score.zeroed,
        "track": score.track,
    }
    steps = plain["expect"].pop("steps", [])
    assert got == plain["expect"]
    for step in steps:
        assert any(step in said for said in score.steps), score.steps


def test_every_indicator_and_every_cap_has_a_case(engine: Engine) -> None:
    version = engine.version_on(date(2026, 1, 1))
    assert version is not None and len(CASES) >= 40
    names = {"month": "本月", "quarter": "本季度", "cycle": "本周期"}
    wanted = {(row.code, "") for row in version.indicators.values()}
    wanted |= {(row.code, names[window]) for row in version.indicators.values() for window in row.caps}
    wanted |= {(aspect.code, "上限") for aspect in version.aspects}
    wanted |= {(tier.code, "") for tier in version.tiers}
    for file in CASES:
        _, score = score_of(file)
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
