"""`pioneer rulebook`: check, format, convert, compare, in sentences and exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from pioneer.jobs.rulebook_commands import SUBCOMMANDS
from pioneer.scoring.writing import format_text
from tests.scoring.conftest import RULEBOOK, changed
from tests.scoring.everything import FILES

pytestmark = pytest.mark.pure


def rulebook(*words: object) -> tuple[int, str, str]:
    """The exit code, and what was said."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("rulebook", *map(str, words), stdout=out, stderr=err)
    except SystemExit as left:
        return int(str(left.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    file = tmp_path / "wrong.toml"
    file.write_text(
        changed(("points = 70\n", "points = 70.001\n"), ("lower = 80\n", "lower = -80\n")), encoding="utf-8"
    )
    return file


def test_a_clean_file_is_checked_with_exit_code_0() -> None:
    assert rulebook("check", RULEBOOK.parent) == (0, "“尖草坪区党员先锋指数积分办法”第1版没有错误\n", "")


def test_each_mistake_is_one_line_with_its_line_and_place(wrong: Path) -> None:
    code, out, err = rulebook("check", wrong)
    assert (code, err) == (1, "")
    assert out.splitlines()[0].startswith("第") and "行 opening.points：“70.001”超过两位小数" in out
    assert "行 tiers[2].lower：不能为负数" in out
    code, both, _ = rulebook("check", RULEBOOK, wrong)
    assert code == 1 and both.splitlines()[0] == f"{RULEBOOK}：“尖草坪区党员先锋指数积分办法”第1版没有错误"
    assert all(line.startswith(f"{wrong}：第") for line in both.splitlines()[1:])


def test_warnings_are_told_and_are_no_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "low.toml"
    file.write_text(changed(("points = 70\n", "points = 60\n")), encoding="utf-8")
    code, out, _ = rulebook("check", file)
    assert code == 0 and out.startswith("提示 第") and "没有错误，有" in out.splitlines()[-1]


def test_an_excel_file_is_checked_at_its_cells(tmp_path: Path, wrong: Path) -> None:
    book = tmp_path / "book.xlsx"
    assert rulebook("excel", wrong, book) == (0, f"已写到“{book}”\n", "")
    code, out, _ = rulebook("check", book)
    assert code == 1 and "工作表「基本指数」第3行“基本分”：“70.001”超过两位小数，请先取到两位\n" in out
    back = tmp_path / "back.toml"
    code, out, _ = rulebook("toml", book, back)
    assert code == 1 and "工作表「基本指数」第3行“基本分”" in out
    assert back.read_text(encoding="utf-8") == format_text(wrong.read_bytes())


def test_formatting_prints_or_writes_and_says_what_becomes_of_comments(tmp_path: Path) -> None:
    text = format_text(RULEBOOK.read_bytes())
    assert rulebook("format", RULEBOOK.parent) == (0, text, "")
    file = tmp_path / "rulebook.toml"
    file.write_bytes(RULEBOOK.read_bytes())
    comments = sum(line.startswith("#") for line in RULEBOOK.read_text(encoding="utf-8").splitlines())
    assert rulebook("format", tmp_path, "--write") == (0, f"已写回“{file}”，原有{comments}行注释没有保留\n", "")
    assert file.read_text(encoding="utf-8") == text
    assert rulebook("format", file, "--write") == (0, "已经是规范写法，没有改动\n", "")


def test_excel_and_back_is_the_same_text(tmp_path: Path) -> None:
    book, back = tmp_path / "book.xlsx", tmp_path / "back.toml"
    for file in FILES:
        assert rulebook("excel", file, book)[0] == 0
        assert rulebook("check", book)[0] == 0
        assert rulebook("toml", book, back)[0] == 0
        assert back.read_text(encoding="utf-8") == file.read_text(encoding="utf-8")
        assert rulebook("compare", book, file) == (0, "两部办法没有不同\n", "")


def test_a_comparison_is_told_by_chapters(wrong: Path) -> None:
    code, out, _ = rulebook("compare", RULEBOOK, wrong)
    assert (code, out) == (
        0,
        "【基本指数】\n  基本指数 基本分 70分 → 70.001分\n【等次】\n  等次“80至89分” 下限 80分 → -80分\n共2处不同\n",
    )


def test_the_schema_is_printed_or_written(tmp_path: Path) -> None:
    code, out, _ = rulebook("schema")
    file = tmp_path / "schema.json"
    assert code == 0 and json.loads(out)["title"] == "积分办法"
    assert rulebook("schema", "--out", file) == (0, "", "")
    assert file.read_text(encoding="utf-8") == out


def test_what_cannot_be_done_is_a_sentence(tmp_path: Path) -> None:
    no_toml, no_book = tmp_path / "a.toml", tmp_path / "a.xlsx"
    no_toml.write_text("[meta", encoding="utf-8")
    no_book.write_text("name,value\n", encoding="utf-8")
    stranger = tmp_path / "b.toml"
    stranger.write_text("[novel]\na = 1\n", encoding="utf-8")
    missing = tmp_path / "missing.toml"
    for words, sentence in (
        (("format", no_toml), "第1行 全文：不合TOML写法"),
        (("format", no_book), "请用 pioneer rulebook toml 转成 TOML"),
        (("format", missing), f"读不到“{missing}”，请核对路径"),
        (("toml", no_book, tmp_path / "x.toml"), "内容却不是工作簿"),
        (("excel", stranger, tmp_path / "x.xlsx"), "novel：不认识这张表"),
        (("excel", RULEBOOK, tmp_path / "no" / "x.xlsx"), "写不了“"),
        (("compare", RULEBOOK, missing), "读不到“"),
    ):
        code, out, err = rulebook(*words)
        assert (code, out) == (1, "") and sentence in err, (words, err)
    assert not (tmp_path / "x.toml").exists() and not (tmp_path / "x.xlsx").exists()
    assert rulebook("check", no_book)[0] == 1


def test_what_a_terminal_would_obey_is_not_printed(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(format_text(RULEBOOK.read_bytes()) + '["\\u001b[31m\\nx"]\na = 1\n', encoding="utf-8")
    code, out, _ = rulebook("check", file)
    assert code == 1 and "\x1b" not in out and len(out.splitlines()) == 1


def test_an_unknown_sub_command_is_refused() -> None:
    with pytest.raises(CommandError):
        rulebook("novel")
    assert {"check", "format", "excel", "toml", "compare", "schema"} <= {sub.name for sub in SUBCOMMANDS}
