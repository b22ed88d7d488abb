"""积分办法的命令: what `pioneer rulebook <sub-command>` does, one function each: read, act, say, an exit code.

A sub-command is one `Sub`; another is added by one line in SUBCOMMANDS. None of these needs a database.
"""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pioneer.scoring import Mistake, Outcome, load_path
from pioneer.scoring.comparison import compare
from pioneer.scoring.json_schema import json_schema_text
from pioneer.scoring.loader import FILE_NAME
from pioneer.scoring.writing import Content, NotToml, format_text, read_content
from pioneer.workbooks.boundaries import UnreadableWorkbook
from pioneer.workbooks.rulebook_book import NotForExcel, rulebook_to_excel
from pioneer.workbooks.rulebook_reading import read_rulebook_excel

__all__ = ["SUBCOMMANDS", "Refused", "Sub", "read_file", "run", "say"]

MISTAKES = 1
_EXCEL = (".xlsx", ".xlsm", ".xls", ".ods")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Refused(Exception):
    """不能办理: sentences that end a sub-command."""

    def __init__(self, sentences: Iterable[object]) -> None:
        super().__init__()
        self.sentences = tuple(map(str, sentences))


@dataclass(frozen=True, slots=True)
class Sub:
    """子命令: its name, what it says of itself, its arguments, and what it does (options, out, err → exit code)."""

    name: str
    help: str
    arguments: Callable[[ArgumentParser], None]
    act: Callable[[Namespace, TextIO, TextIO], int]


def run(sub: Sub, options: Namespace, out: TextIO, err: TextIO) -> int:
    """执行: a refusal becomes its sentences and exit code 1."""
    try:
        return sub.act(options, out, err)
    except Refused as refused:
        for sentence in refused.sentences:
            say(err, sentence)
        return MISTAKES


def say(stream: TextIO, sentence: object) -> None:
    """说一句: one line, without what a terminal would take for an order."""
    stream.write(_UNSEEN.sub("�", str(sentence)) + "\n")


# ---------------------------------------------------------------- files


def _file_of(path: Path) -> Path:
    return path / FILE_NAME if path.is_dir() else path


def _bytes_of(path: Path) -> bytes:
    try:
        return _file_of(path).read_bytes()
    except OSError:
        raise Refused([f"读不到“{path}”，请核对路径"]) from None


def _is_excel(path: Path) -> bool:
    return path.suffix.lower() in _EXCEL


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError:
        raise Refused([f"写不了“{path}”，请核对文件夹和权限"]) from None


def read_file(path: Path) -> Content:
    """读内容: the plain content of a TOML file, its folder, or an Excel file; Refused with every mistake."""
    data = _bytes_of(path)
    try:
        if not _is_excel(path):
            return read_content(data)
        book = read_rulebook_excel(data, path.name)
    except NotToml as wrong:
        raise Refused(wrong.mistakes) from None
    except UnreadableWorkbook as wrong:
        raise Refused([wrong.message]) from None
    if book.content is None:
        raise Refused(book.mistakes)
    return book.content


def _outcome_of(path: Path) -> Outcome:
    if not _is_excel(path):
        return load_path(path)
    try:
        return read_rulebook_excel(_bytes_of(path), path.name).outcome()
    except UnreadableWorkbook as wrong:
        return Outcome(None, (Mistake("全文", 0, wrong.message.removesuffix("。")),))


# ---------------------------------------------------------------- check


def _check_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="rulebook.toml、它所在的文件夹，或 .xlsx")


def check(options: Namespace, out: TextIO, err: TextIO) -> int:
    """核对: every mistake and warning of each file as a sentence; 0 where there is no mistake."""
    wrong = False
    for file in options.files:
        front = f"{file}：" if len(options.files) > 1 else ""
        found = _outcome_of(file)
        for mistake in found.mistakes:
            say(out, f"{front}{mistake}")
        for warning in found.warnings:
            say(out, f"{front}提示 {warning}")
        if found.rulebook is not None:
            count = f"，有{len(found.warnings)}条提示" if found.warnings else ""
            say(out, f"{front}“{found.rulebook.meta.name}”第{found.rulebook.meta.version}版没有错误{count}")
        wrong = wrong or found.rulebook is None
    return MISTAKES if wrong else 0


# ---------------------------------------------------------------- format


def _format_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="rulebook.toml 或它所在的文件夹")
    parser.add_argument("--write", action="store_true", help="写回原文件；不写则只打印。注释不保留")


def format_file(options: Namespace, out: TextIO, err: TextIO) -> int:
    """整理: the canonical text, printed or written back. Comments are lost, and it says so."""
    if _is_excel(options.file):
        raise Refused(["这是 Excel 文件，请用 pioneer rulebook toml 转成 TOML"])
    before = _bytes_of(options.file)
    try:
        text = format_text(before)
    except NotToml as wrong:
        raise Refused(wrong.mistakes) from None
    if not options.write:
        out.write(text)
        return 0
    if before == text.encode():
        say(out, "已经是规范写法，没有改动")
        return 0
    comments = sum(line.lstrip().startswith("#") for line in before.decode("utf-8-sig").splitlines())
    _write(_file_of(options.file), text.encode())
    say(out, f"已写回“{_file_of(options.file)}”" + (f"，原有{comments}行注释没有保留" if comments else ""))
    return 0


# ---------------------------------------------------------------- excel, toml


def _excel_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.toml", help="rulebook.toml 或它所在的文件夹")
    parser.add_argument("out", type=Path, metavar="OUT.xlsx", help="写到哪个 Excel 文件")


def to_excel(options: Namespace, out: TextIO, err: TextIO) -> int:
    """转成 Excel: one sheet per table."""
    try:
        data = rulebook_to_excel(read_file(options.file))
    except NotForExcel as wrong:
        raise Refused(wrong.mistakes) from None
    _write(options.out, data)
    say(out, f"已写到“{options.out}”")
    return 0


def _toml_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.xlsx", help="由 pioneer rulebook excel 导出、改好的文件")
    parser.add_argument("out", type=Path, metavar="OUT.toml", help="写到哪个 TOML 文件")


def to_toml(options: Namespace, out: TextIO, err: TextIO) -> int:
    """转成 TOML: the canonical text; nothing is written where a cell cannot be read."""
    _write(options.out, format_text(read_file(options.file)).encode())
    say(out, f"已写到“{options.out}”")
    mistakes = _outcome_of(options.file).mistakes
    for mistake in mistakes:
        say(out, mistake)
    return MISTAKES if mistakes else 0


# ---------------------------------------------------------------- schema, compare


def _schema_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="FILE", help="写到文件；不写则打印")


def schema_file(options: Namespace, out: TextIO, err: TextIO) -> int:
    """JSON Schema: for editors."""
    if options.out is None:
        out.write(json_schema_text())
    else:
        _write(options.out, json_schema_text().encode())
    return 0


def _compare_arguments(parser: ArgumentParser) -> None:
    for name, what in (("old", "旧的办法"), ("new", "新的办法")):
        parser.add_argument(name, type=Path, metavar=name.upper(), help=f"{what}：.toml、文件夹或 .xlsx")


def compare_files(options: Namespace, out: TextIO, err: TextIO) -> int:
    """对照: every difference as a sentence, by chapters."""
    found = compare(read_file(options.old), read_file(options.new))
    chapter = ""
    for row in found:
        if row.chapter != chapter:
            chapter = row.chapter
            say(out, f"【{chapter}】")
        say(out, f"  {row.sentence}")
    say(out, f"共{len(found)}处不同" if found else "两部办法没有不同")
    return 0


SUBCOMMANDS: tuple[Sub, ...] = (
    Sub("check", "核对：列出全部错误和提示；没有错误退出码为0，有错误为1", _check_arguments, check),
    Sub("format", "整理成规范写法（注释不保留）", _format_arguments, format_file),
    Sub("excel", "转成 Excel，供不熟悉 TOML 的人填改", _excel_arguments, to_excel),
    Sub("toml", "把填好的 Excel 转回 TOML", _toml_arguments, to_toml),
    Sub("compare", "逐项对照两部办法", _compare_arguments, compare_files),
    Sub("schema", "供编辑器使用的 JSON Schema", _schema_arguments, schema_file),
)
