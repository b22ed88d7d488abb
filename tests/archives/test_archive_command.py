"""The archives of a part of the tree from the shell: made, written, found unchanged; what is not done with is said."""

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from pioneer.archives.checking import check
from pioneer.archives.models import Archive
from pioneer.kernel import clock
from tests.world import World

pytestmark = pytest.mark.one_database


def archive(out: Path, **more: Any) -> None:
    call_command("archive", **{"year": 2026, "out": out, "organisation": "柳沟村", **more})


def test_it_makes_writes_and_leaves_what_is_there(
    filed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    archive(out)
    (file,) = out.iterdir()
    assert file.name == f"柳沟村-{filed.village.pk}-20260101-第1版.zip" and check(file.read_bytes()).edition == 1
    said = capsys.readouterr().out
    assert "1/1　柳沟村2026年度　第1版，新做" in said and "新做1份，没有变化0份，写出1个文件" in said
    archive(out)
    assert "新做0份，没有变化1份，写出0个文件" in capsys.readouterr().out and Archive.objects.count() == 1
    file.write_bytes(b"broken off")
    archive(out)
    assert zipfile.is_zipfile(file) and "写出1个文件" in capsys.readouterr().out

    with pytest.raises(SystemExit) as left:
        archive(tmp_path / "street", organisation="槐园社区")
    said = capsys.readouterr().out
    assert left.value.code == 3 and "还有2个没有办完" in said and "还没有正式评定" in said
    archive(tmp_path / "street", organisation="槐园社区第二党支部", provisional=True)
    made = Archive.objects.get(branch=filed.second_branch)
    assert made.is_provisional and made.unfinished and made.made_by_number is None
    with pytest.raises(CommandError, match="没有开始的周期"):
        archive(out, year=2031)
    with pytest.raises(CommandError, match="年份请写成"):
        archive(out, year=26)
    with clock.at(date(2025, 6, 1)), pytest.raises(CommandError, match="没有开始的周期"):
        archive(out)
