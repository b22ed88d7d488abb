"""docs/rulebook.schema.json is current, and never stricter than the loader."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from pioneer.scoring import load_text
from pioneer.scoring.json_schema import json_schema, json_schema_text
from pioneer.scoring.writing import format_text, read_content
from tests.scoring.conftest import RULEBOOK
from tests.scoring.everything import FILES, SHIPPED, contents
from tests.scoring.generate import Skeleton, rulebooks
from tests.scoring.test_schema import UNKNOWN, tables

pytestmark = pytest.mark.pure
FILE = RULEBOOK.parents[2] / "docs" / "rulebook.schema.json"
VALIDATOR = jsonschema.Draft7Validator(json_schema())


def as_json(value: Any) -> Any:
    """A content as an editor hands it to a validator: days as texts."""
    if isinstance(value, dict):
        return {name: as_json(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def complaints(content: dict[str, Any]) -> list[str]:
    return [error.json_path for error in VALIDATOR.iter_errors(as_json(content))]


def test_the_published_file_is_current() -> None:
    """Where it is not: .venv/bin/pioneer rulebook schema --out docs/rulebook.schema.json"""
    assert FILE.read_text(encoding="utf-8") == json_schema_text()
    jsonschema.Draft7Validator.check_schema(json.loads(json_schema_text()))


@pytest.mark.parametrize("file", [*SHIPPED, *FILES], ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_rulebook_the_loader_takes_is_valid(file: Path) -> None:
    assert complaints(read_content(file.read_bytes())) == []


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(rulebooks())
def test_rulebooks_of_every_shape_are_valid(drawn: tuple[Skeleton, list[str]]) -> None:
    for text in drawn[1]:
        assert load_text(text).mistakes == ()
        assert complaints(read_content(text)) == []


@pytest.mark.parametrize("number", [0, 1])
def test_a_stray_key_is_complained_of_by_both(number: int) -> None:
    for path, _ in tables(contents()[number]):
        if path and path[-1] in ("by_track", "coefficient_by_track"):
            continue
        content = contents()[number]
        here: Any = content
        for part in path:
            here = here[part]
        here[UNKNOWN] = "x"
        assert complaints(content), path
    assert load_text(format_text(content)).mistakes
