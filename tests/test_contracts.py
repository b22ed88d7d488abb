"""The contracts bite: a wrong import fails the check that `make check` runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("room", "line", "contract"),
    [
        ("declarations/queries.py", "from pioneer.ledger import queries as _later", "One way"),
        ("web/home.py", "from pioneer.members.models import Member as _table", "Pages and the clock"),
        ("overview/queries.py", "from pioneer.ledger.models import Entry as _entry", "Only the ledger"),
        ("scoring/tiers_of_old.py", "import django", "Scoring is pure"),
        ("members/policies.py", "from pioneer.members import services as _writes", "Inside a station"),
        ("unknown/__init__.py", '"""房间 A room that no layer names."""', "One way"),
    ],
)
def test_a_wrong_import_breaks_its_contract(tmp_path: Path, room: str, line: str, contract: str) -> None:
    shutil.copytree(ROOT / "pioneer", tmp_path / "pioneer", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    file = tmp_path / "pioneer" / room
    file.parent.mkdir(exist_ok=True)
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(f"{before}\n{line}\n", encoding="utf-8")
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    said = " ".join((run.stdout + run.stderr).split())
    assert run.returncode != 0
    assert contract in said and ("BROKEN" in said or "not listed as layers" in said), said[-600:]
