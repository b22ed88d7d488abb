"""The docs tell the truth: links lead somewhere, every command and every operation they owe is there."""

import importlib
import re
from pathlib import Path

import pytest

from pioneer.__main__ import own_commands
from pioneer.accounts.models import Role
from pioneer.accounts.policies import TABLE, Act
from pioneer.kernel.operations import REGISTRY

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} → {target}"


def test_the_commands_the_docs_name_exist() -> None:
    known = set(own_commands()) | {"db_worker", "help", "migrate"}
    for page in PAGES:
        for name in re.findall(r"(?:\.venv/bin/|`)pioneer ([a-z][a-z_-]+)", page.read_text(encoding="utf-8")):
            assert name in known, f"{page.name}: pioneer {name}"


def test_the_make_targets_the_docs_name_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    for page in PAGES:
        for name in re.findall(r"`?make ([a-z]+)`?", page.read_text(encoding="utf-8")):
            if f"`make {name}" in page.read_text(encoding="utf-8"):
                assert name in targets, f"{page.name}: make {name}"


def test_operations_md_lists_every_operation() -> None:
    for file in (ROOT / "pioneer").glob("*/*.py"):
        if "@operation(" in file.read_text(encoding="utf-8"):
            importlib.import_module(f"pioneer.{file.parent.name}.{file.stem}")
    listed = re.findall(r"^\| `([a-z_.]+)` \|", (ROOT / "docs/operations.md").read_text(encoding="utf-8"), flags=re.M)
    assert sorted(listed) == sorted(name for name in REGISTRY if not name.startswith("kernel."))


def test_permissions_md_is_the_table_of_the_program() -> None:
    text = (ROOT / "docs/permissions.md").read_text(encoding="utf-8")
    rows = {row[0]: row[1] for row in re.findall(r"^\| `([a-z_]+)` \| [^|]+ \| ([^|]*) \|", text, flags=re.M)}
    assert set(rows) == {act.value for act in Act}
    for act in Act:
        assert [r.strip() for r in rows[act.value].split("、") if r.strip()] == [
            r.label for r in Role if r in TABLE[act]
        ], act
