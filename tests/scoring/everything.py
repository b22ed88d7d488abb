"""Two rulebooks that between them write every key of the format: one with a running total, one by the quarter."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from pioneer.scoring.writing import read_content

FOLDER = Path(__file__).parent
FILES = (FOLDER / "everything.toml", FOLDER / "everything_by_quarter.toml")
TEXTS = tuple(file.read_text(encoding="utf-8") for file in FILES)
SHIPPED = sorted((FOLDER.parents[1] / "rulebooks").glob("*/rulebook.toml"))
_CONTENTS = [read_content(text) for text in TEXTS]


def contents() -> list[dict[str, Any]]:
    """The two, as plain contents, fresh each time."""
    return copy.deepcopy(_CONTENTS)
