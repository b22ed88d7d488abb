"""The contracts bite: a wrong import fails the check that `make check` runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WRONG = [  # who imports what, and which contract says no
    ("declarations.queries", "from pioneer.ledger import queries as _later", "ledger.queries", "One way"),
    ("web.home", "from pioneer.members.models import Member as _table", "members.models", "Pages and the clock"),
    ("overview.queries", "from pioneer.ledger.models import Entry as _entry", "ledger.models", "Only the ledger"),
    ("scoring.tiers_of_old", "import django", "", "Scoring is pure"),
    ("members.policies", "from pioneer.members import services as _writes", "members.services", "Inside a station"),
]


def said_of(tree: Path) -> tuple[int, str]:
    """How the check ends, and what it says."""
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, " ".join((run.stdout + run.stderr).split())


def copied(tree: Path) -> Path:
    """The program's code alone, to be spoilt."""
    shutil.copytree(ROOT / "pioneer", tree / "pioneer", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree / "pioneer"


def test_each_wrong_import_breaks_its_contract(tmp_path: Path) -> None:
    program = copied(tmp_path)
    for module, line, _, _ in WRONG:
        with (program / f"{module.replace('.', '/')}.py").open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    ended, said = said_of(tmp_path)
    assert ended != 0 and f" {len(WRONG)} broken." in said, said[-600:]
    for module, _, imported, contract in WRONG:
        arrow = f"pioneer.{module} -> " + (f"pioneer.{imported}" if imported else "django")
        assert arrow in said, (contract, said[-3000:])
    titles = said.partition("Broken contracts")[2]
    assert all(contract in titles for *_, contract in WRONG)


def test_a_room_that_no_layer_names_breaks_the_order(tmp_path: Path) -> None:
    room = copied(tmp_path) / "unknown"
    room.mkdir()
    (room / "__init__.py").write_text('"""房间 A room that no layer names."""\n', encoding="utf-8")
    ended, said = said_of(tmp_path)
    assert ended != 0 and "One way" in said and "not listed as layers" in said, said[-600:]
