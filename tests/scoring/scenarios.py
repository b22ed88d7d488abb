"""Scenarios as files: facts in; lines, reasons, score and tier out, each worked out by hand.

A case stands beside its rulebook (``rulebooks/<name>/cases``) and may change words of it by ``replace`` pairs. A shape
(``rulebooks/shapes``) says in ``rules`` what a rulebook has to write; ``base.toml`` there supplies the tables nobody
asks about. Several members are scored together: an event one of them declares void is void for all, quotas come last.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pioneer.scoring import Engine, Fact, Member, Rulebook, Score, TrackSpell, load_text, parse_points, show
from pioneer.scoring.quotas import placed, settle_quotas, standing_of
from pioneer.scoring.supplements import load_supplement, with_supplements

ROOT = Path(__file__).resolve().parents[2] / "rulebooks"
SHAPES = ROOT / "shapes"
SINCE = date(2019, 1, 1)
EXPECTED = {"counted", "because", "raw", "unusable", "on"}
POINTS = ("quantity", "value", "fixed")
_HEADER = re.compile(r"^\[\[?\s*([\w.]+)", re.M)


def read(file: Path) -> dict[str, Any]:
    """The scenario as it stands in the file; a single ``member`` becomes one of ``members``."""
    plain = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    if "member" in plain:
        plain["members"] = [{**plain.pop("member"), "facts": plain.pop("facts", []), "expect": plain.pop("expect")}]
    return plain


def rulebooks(file: Path, plain: dict[str, Any]) -> list[Rulebook]:
    """Every version the scenario is played with."""
    texts = [_text(file, version) for version in plain.get("versions", [plain])]
    outcomes = [load_text(text) for text in texts]
    for outcome in outcomes:
        assert outcome.rulebook is not None, [str(mistake) for mistake in outcome.mistakes]
    found = [outcome.rulebook for outcome in outcomes if outcome.rulebook is not None]
    return [_with_supplement(version, plain.get("supplement", "")) for version in found]


def _text(file: Path, version: dict[str, Any]) -> str:
    if file.parent == SHAPES:
        return with_rules((SHAPES / "base.toml").read_text(encoding="utf-8"), version["rules"])
    text = (file.parents[1] / "rulebook.toml").read_text(encoding="utf-8")
    for old, new in version.get("replace", []):
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the rulebook"
        text = text.replace(old, new)
    return text


def with_rules(base: str, rules: str) -> str:
    """The base without the tables that ``rules`` writes, and ``rules`` after it."""
    written = set(_HEADER.findall(rules))
    tables = re.split(r"^(?=\[)", base, flags=re.M)
    kept = [table for table in tables if not (header := _HEADER.match(table)) or header.group(1) not in written]
    return "".join(kept) + "\n" + rules


def _with_supplement(version: Rulebook, text: str) -> Rulebook:
    if not text:
        return version
    outcome = load_supplement(text, version)
    assert outcome.supplement is not None, [str(mistake) for mistake in outcome.mistakes]
    return with_supplements(version, [outcome.supplement])


def _fact(row: int, plain: dict[str, Any]) -> Fact:
    given = {key: value for key, value in plain.items() if key not in EXPECTED}
    given |= {key: parse_points(given[key]) for key in POINTS if key in given}
    return Fact(row=row, event_on=plain["on"], **given)


def _member(plain: dict[str, Any]) -> Member:
    given = {key: value for key, value in plain.items() if key not in ("facts", "expect", "track", "tracks", "former")}
    if "previous" in given:
        given["previous"] = parse_points(given["previous"])
    spells = [TrackSpell(spell["from"], spell["track"]) for spell in plain.get("tracks", [])]
    former = tuple(code or None for code in plain.get("former", []))
    return Member(tracks=tuple(spells) or (TrackSpell(SINCE, plain["track"]),), former=former, **given)


def play(file: Path, plain: dict[str, Any]) -> list[tuple[dict[str, Any], Score]]:
    """Each member of the scenario with its score, quotas settled."""
    engine = Engine(rulebooks(file, plain))
    people = []
    for row in plain["members"]:
        facts = [_fact(number, fact) for number, fact in enumerate(row.setdefault("facts", []), start=1)]
        people.append((row, _member(row), facts))
    days = [fact["on"] for row in plain["members"] for fact in row["facts"] if "unusable" not in fact]
    cycle = engine.cycle_of(plain.get("cycle", max(days, default=date(2026, 6, 1))))
    voids = [void for _, member, facts in people for void in engine.voided_events(member, facts, cycle)]
    scores = [engine.score(member, facts, cycle, voids) for _, member, facts in people]
    placements = settle_quotas(scores[0].version, [standing_of(score) for score in scores])
    scores = [placed(one, placements[one.member.code]) if one.member.code in placements else one for one in scores]
    return [(row, score) for (row, _, _), score in zip(people, scores, strict=True)]


def check(plain: dict[str, Any], score: Score) -> None:
    """The score of one member is what the scenario says, line by line."""
    _check_lines(score, plain["facts"])
    expect = dict(plain["expect"])
    steps = expect.pop("steps", [])
    got: dict[str, Any] = {
        "score": show(score.score),
        "tier": score.tier or "",
        "basic": show(score.basic),
        "positive": show(score.positive),
        "reverse": show(score.reverse),
        "outside": show(score.outside),
        "zeroed": score.zeroed,
        "track": score.track,
        "alarms": [row.code for row in score.alarms],
        "streaks": [row.code for row in score.streaks],
        "periods": [show(period.score) if period.counts else "" for period in score.periods],
    }
    assert {"score", "tier"} <= set(expect) <= set(got), plain["code"]
    wanted = {"alarms": [], "streaks": [], "zeroed": False, **expect}
    assert {key: got[key] for key in wanted} == wanted, (plain["code"], score.steps)
    for step in steps:
        assert any(step in said for said in score.steps), score.steps


def _check_lines(score: Score, facts: list[dict[str, Any]]) -> None:
    lines = {line.row: line for line in score.lines}
    unusable = {row.row: row.reason for row in score.unusable}
    for row, plain in enumerate(facts, start=1):
        where = f"{score.member.code}: fact {row} {plain['indicator']} {plain['on']}"
        if "unusable" in plain:
            assert plain["unusable"] in unusable.pop(row, "(it was used)"), where
        elif not plain.get("corrected"):
            line = lines.pop(row)
            assert show(line.counted) == plain["counted"], f"{where}: {line.reason}"
            assert plain.get("because", "") in line.reason, f"{where}: {line.reason}"
            assert f"（{line.indicator.clause}）" in line.reason, where
            if "raw" in plain:
                assert show(line.raw) == plain["raw"], where
    assert not lines and not unusable
