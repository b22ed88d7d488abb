"""虚构的花名册 Files of invented people, and the way of an import in one call."""

from datetime import date
from pathlib import Path
from typing import Any

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.members import confirming, import_bundles, imports
from pioneer.members.examining import unused
from pioneer.members.import_content import Opened
from pioneer.members.models import RosterImport, RosterImportRow
from tests.members.people import number_of
from tests.workbooks.people import xlsx
from tests.world import TODAY, World

MESSY = Path(__file__).resolve().parent.parent / "workbooks" / "roster-messy.xlsx"
HEADER = ["姓名", "身份证号", "入党时间", "党员类别", "所在党支部", "联系电话"]


def person(
    name: str, born: date | None = date(1987, 7, 1), status: str = "正式党员", branch: str = "", phone: str = ""
) -> list[Any]:
    """一行 In the order of HEADER."""
    return [name, number_of(born) if born else "", "2015-07-01", status, branch, phone]


def roster(*rows: list[Any], header: list[str] | None = None) -> bytes:
    """一份花名册"""
    return xlsx({"花名册": [header or HEADER, *rows]})


def uploaded(world: World, content: bytes, who: str = "recorder", at: str = "branch") -> RosterImport:
    """已上传"""
    with clock.at(TODAY):
        return imports.upload_roster(
            actor=world.actor(who), organisation_id=world.organisations[at].pk, name="花名册.xlsx", content=content
        )


def checked(world: World, content: bytes, who: str = "recorder", at: str = "branch") -> RosterImport:
    """已核对"""
    made = uploaded(world, content, who, at)
    return check(made, world.actor(who))


def check(made: RosterImport, actor: AnyActor) -> RosterImport:
    """核对"""
    with clock.at(TODAY):
        examined = imports.examine_import(made.pk, actor.number, unused)
        return imports.record_check(actor=actor, import_id=made.pk, examined=examined, task_id=made.task_id)


def confirm(world: World, made: RosterImport, who: str = "recorder") -> RosterImport:
    """确认"""
    with clock.at(TODAY):
        return confirming.confirm_roster(
            actor=world.actor(who),
            import_id=made.pk,
            new=made.counts.get("new", 0),
            changed=made.counts.get("changed", 0),
        )


def imported(world: World, content: bytes, who: str = "recorder", at: str = "branch") -> RosterImport:
    """已导入"""
    return confirm(world, checked(world, content, who, at), who)


def counts(made: RosterImport) -> dict[str, int]:
    """有数的各类"""
    return {name: count for name, count in made.counts.items() if count}


def row_of(made: RosterImport, name: str) -> RosterImportRow:
    """一行的记录 The one at which this name stands."""
    return opened(made, name)[0]


def opened(made: RosterImport, name: str) -> tuple[RosterImportRow, Opened]:
    """打开的一行 The one at which this name stands."""
    for row, one in import_bundles.opened(made, made.rows.all()):
        if one.name == name:
            return row, one
    raise AssertionError(name)
