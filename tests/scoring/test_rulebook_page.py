"""docs/rulebook.md teaches the whole format: every key stands there, and every value on it can be used."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields

import pytest

from pioneer.scoring import Procedure, load_text
from tests.scoring.conftest import RULEBOOK, changed

pytestmark = pytest.mark.pure
ROOT = RULEBOOK.parents[2]
PAGE = (ROOT / "docs" / "rulebook.md").read_text(encoding="utf-8")
B5 = 'name = "为群众办好事实事"\naspect = "B"\nvalue = { shape = "fixed", points = 1 }\n'


def test_every_key_of_the_format_is_on_the_page() -> None:
    keys = {field.name for field in fields(Procedure)}
    for name in ("sections.py", "rows.py", "loader.py"):
        source = (ROOT / "pioneer" / "scoring" / name).read_text(encoding="utf-8")
        getters = "text|code|flag|whole|points|maybe_points|day|choice|provenance|words|table|tables|points_by|take"
        keys |= set(re.findall(rf'(?:table|inner|row|root)\.(?:{getters})\("(\w+)"', source))
    missing = {key for key in keys if not re.search(rf"\b{key}\b", PAGE)}
    assert len(keys) > 60 and not missing


def test_every_toml_block_is_toml() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.S)
    assert blocks
    for block in blocks:
        tomllib.loads(block)


@pytest.mark.parametrize(
    "value", re.findall(r"^value = .*$", PAGE.split("```toml value\n")[1].split("```")[0], flags=re.M)
)
def test_every_value_on_the_page_loads(value: str) -> None:
    if "shortfall" in value or "to_floor" in value:
        pool = (
            '[[pools]]\ncode = "p"\nname = "纪律分"\npoints = 10\nclause = "第四条"\nprovenance = "assumed"\n\n[people]'
        )
        n3 = 'name = "不服从支部安排"\n'
        text = changed(
            (f'{n3}value = {{ shape = "fixed", points = 3 }}\n', f'{n3}pool = "p"\n{value}\n'), ("[people]", pool)
        )
    else:
        text = changed((B5, f'name = "为群众办好事实事"\naspect = "B"\n{value}\n'))
    assert load_text(text).mistakes == ()
