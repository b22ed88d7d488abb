"""pioneer import-roster"""

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pioneer.kernel import clock
from pioneer.kernel.models import AuditEvent
from pioneer.members.models import Member, RosterImport, RosterImportBundle, RosterImportRow
from tests.members.rosters import MESSY, person, roster
from tests.world import TODAY, World

GOOD = [person("薛明月"), person("另一位", date(1990, 2, 1))]


def run(file: Path, *args: str) -> tuple[int, str]:
    out = io.StringIO()
    code = 0
    with clock.at(TODAY):
        try:
            call_command("import_roster", str(file), *args, stdout=out, stderr=io.StringIO())
        except SystemExit as end:
            code = int(end.code or 0)
    return code, out.getvalue()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "花名册.xlsx"
    file.write_bytes(roster(*GOOD))
    return file


def test_it_works_by_number_and_by_name(world: World, good: Path) -> None:
    code, said = run(good, "--at", str(world.branch.pk))
    assert (code, said.splitlines()[0]) == (0, "新增 2，变更 0，相同 0，有误 0，待确认 0")
    code, said = run(good, "--at", "槐园街道/槐园社区/槐园社区第一党支部")
    assert (code, said.splitlines()[0]) == (0, "新增 0，变更 0，相同 2，有误 0，待确认 0")
    assert Member.objects.filter(name="薛明月").count() == 1


def test_the_shell_acts_as_the_console(world: World, good: Path) -> None:
    run(good, "--at", str(world.branch.pk))
    event = AuditEvent.objects.get(operation="members.confirm_roster")
    assert (event.actor_number, event.actor_role) == (None, "console")


def test_as_somebody_it_may_what_that_person_may(world: World, good: Path) -> None:
    code, _ = run(good, "--at", str(world.branch.pk), "--as", world.users["recorder"].login)
    assert code == 0
    event = AuditEvent.objects.get(operation="members.confirm_roster")
    assert event.actor_number == world.users["recorder"].pk
    with pytest.raises(CommandError, match="没有"):
        run(good, "--at", str(world.branch.pk), "--as", world.users["committee"].login)


def test_a_dry_run_writes_nothing(world: World, good: Path) -> None:
    code, said = run(good, "--at", str(world.branch.pk), "--dry-run")
    assert code == 0 and "新增 2" in said and "没有写入" in said
    assert not RosterImport.objects.exists() and not RosterImportRow.objects.exists()
    assert not Member.objects.filter(name="薛明月").exists() and not AuditEvent.objects.exists()


def test_wrong_rows_are_named_with_place_and_reason(world: World) -> None:
    code, said = run(MESSY, "--at", "槐园街道/槐园社区")
    assert code == 3
    assert said.splitlines()[0] == "新增 42，变更 0，相同 0，有误 34，待确认 0"
    assert "工作表「花名册」第10行 F列「身份证号」：Excel 已丢失末几位，请将该列设为文本后重填" in said
    assert "工作表「花名册」第55行 J列「所在党支部」：槐园社区没有名叫“槐园社区第三党支部（示例）”的支部" in said
    assert Member.objects.filter(name="刘玉保").count() == 1
    assert not RosterImportRow.objects.exists() and not RosterImportBundle.objects.exists()


def test_an_unreadable_file_is_one_sentence(world: World, tmp_path: Path) -> None:
    file = tmp_path / "坏.xlsx"
    file.write_bytes(b"PK\x03\x04nothing")
    with pytest.raises(CommandError, match="打不开") as refused:
        run(file, "--at", str(world.branch.pk))
    assert refused.value.returncode == 1
    with pytest.raises(CommandError, match="找不到或打不开"):
        run(tmp_path / "没有.xlsx", "--at", str(world.branch.pk))


def test_an_unknown_or_ambiguous_organisation_is_said(world: World, good: Path) -> None:
    with pytest.raises(CommandError, match="没有找到组织“不存在”"):
        run(good, "--at", "不存在")
    with pytest.raises(CommandError, match="没有找到组织"):
        run(good, "--at", "柳沟镇/槐园社区")
