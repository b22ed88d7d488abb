"""The canonical text: nothing lost, nothing added, the same rulebook, and twice the same as once."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pioneer.scoring import Rulebook, load_text
from pioneer.scoring.writing import NotToml, format_text, read_content
from tests.scoring.conftest import RULEBOOK
from tests.scoring.everything import FILES, SHIPPED

pytestmark = pytest.mark.pure
ALL = [*SHIPPED, *FILES]


def without_digest(text: str) -> Rulebook:
    outcome = load_text(text)
    assert outcome.rulebook is not None, [str(mistake) for mistake in outcome.mistakes]
    return replace(outcome.rulebook, digest="")


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same content with the keys of every table in another order."""
    if isinstance(value, dict):
        names = list(value)
        chance.shuffle(names)
        return {name: shuffled(value[name], chance) for name in names}
    return [shuffled(item, chance) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("file", ALL, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_rulebook_stays_the_same_rulebook(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    formatted = format_text(text)
    assert without_digest(formatted) == without_digest(text)
    assert format_text(formatted) == formatted == format_text(text.encode())
    assert read_content(formatted) == read_content(text)


@pytest.mark.parametrize("file", ALL, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_the_order_in_which_keys_come_makes_no_difference(file: Path) -> None:
    content = read_content(file.read_bytes())
    for seed in range(3):
        other = shuffled(content, random.Random(seed))
        assert _without_open_tables(format_text(other)) == _without_open_tables(format_text(content))


def _without_open_tables(text: str) -> list[str]:
    """Tables by track keep the order they were written in; the lines with them are left out."""
    return [line for line in text.splitlines() if "by_track" not in line]


def test_the_first_rulebook_is_written_in_the_canonical_way() -> None:
    """Its comments and the order of its tables aside."""
    text = RULEBOOK.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert sorted(filter(None, format_text(text).splitlines())) == sorted(lines)


def test_numbers_have_no_trailing_zeros_and_a_misplaced_point_stays_a_mistake() -> None:
    assert format_text("[opening]\npoints = 70.50\n") == "[opening]\npoints = 70.5\n"
    assert format_text("[opening]\npoints = 70.00\n") == "[opening]\npoints = 70\n"
    assert format_text("[clamp]\nfloor = -0.0\nceiling = 1e2\n") == "[clamp]\nfloor = 0\nceiling = 100\n"
    assert format_text("[cycle]\nmonths = 12.0\n") == "[cycle]\nmonths = 12.0\n"
    assert format_text("[opening]\npoints = 1e400\n") == "[opening]\npoints = 1E+400\n"
    assert format_text("[opening]\npoints = inf\nby_track = { a = nan }") == (
        "[opening]\npoints = inf\nby_track = { a = nan }\n"
    )


def test_unknown_keys_are_kept_behind_the_known_ones() -> None:
    text = '[other]\na = 1\n\n[meta]\ncolour = "red"\nname = "办法"\n\n[[tracks]]\n"a b" = { c = [1, { d = 2 }] }\n'
    assert format_text(text) == (
        '[meta]\nname = "办法"\ncolour = "red"\n\n[[tracks]]\n"a b" = { c = [1, { d = 2 }] }\n\n[other]\na = 1\n'
    )


def test_a_wide_ladder_has_a_line_for_each_step() -> None:
    steps = [{"code": f"s{n}", "name": "级别" * 8, "points": n} for n in range(3)]
    text = format_text({"positive": [{"value": {"steps": steps, "shape": "ladder"}}]})
    assert text.splitlines()[1] == 'value = { shape = "ladder", steps = ['
    assert text.splitlines()[2] == '  { code = "s0", name = "级别级别级别级别级别级别级别级别", points = 0 },'
    assert text.splitlines()[-1] == "] }"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[meta", "不合TOML写法"),
        ("a = 1\na = 2", "写了两次"),
        (b"\xff\xfe", "不是UTF-8文字"),
        ("a = " + "[" * 5000, ""),
        ("a" + ".a" * 5000 + " = 1", "过深的嵌套"),
        ("a = 1" + "0" * 5000, "过大的数字"),
        (b" " * 2_000_001, "文件过大"),
    ],
)
def test_what_is_no_toml_gives_the_sentences_of_the_loader(text: str | bytes, sentence: str) -> None:
    with pytest.raises(NotToml) as refused:
        format_text(text)
    assert any(sentence in mistake.message for mistake in refused.value.mistakes)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PLAIN = (
    TEXT
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.decimals(allow_nan=False, allow_infinity=False, places=None).filter(
        lambda number: abs(number.adjusted()) < 500
    )
    | st.dates()
    | st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31))
    | st.times()
)
NAMES = TEXT | st.sampled_from(
    ["meta", "tracks", "positive", "value", "shape", "steps", "caps", "indices", "basic", "code"]
)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_any_content_is_written_and_read_back_whole(content: dict[str, Any]) -> None:
    text = format_text(content)
    assert _comparable(read_content(text)) == _comparable(content)
    assert format_text(text) == text


def _comparable(value: Any) -> Any:
    """Numbers by their amount; a yes is not a one."""
    if isinstance(value, dict):
        return {name.replace("\r\n", "\n"): _comparable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_comparable(item) for item in value]
    if isinstance(value, (bool, date, datetime, time, str)):
        return (type(value), value)
    return Decimal(value)
