"""核验：重算公示、台账、指纹和评定结果，说出第一处不符；或核对手里的一张公示、一份备案包、一份年度档案"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from pioneer.archives import checking as archives
from pioneer.filings.checking import check
from pioneer.kernel.errors import DomainError
from pioneer.ledger import sheets_in_hand
from pioneer.ledger.sheets_in_hand import Held
from pioneer.ledger.verification import verify
from pioneer.results.verification import verify_results


class Command(BaseCommand):
    """核验 `pioneer verify`: exit code 1 and one sentence where a row disagrees, 0 and a summary where none does."""

    help = "逐一重算公示、台账条目、入账链和每一行公示分数；有不符时说出第一处，退出码为 1"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """参数 The arguments of the command."""
        parser.add_argument("--progress", action="store_true", help="逐个支部报告进度")
        parser.add_argument(
            "--sheet",
            metavar="指纹或文件",
            help="只核对一张公示：纸上印的指纹，或从公示办理页下载的公示文件（json）",
        )
        parser.add_argument("--filing", metavar="文件", help="只核对一份备案包（zip），不用数据库")
        parser.add_argument("--archive", metavar="文件", help="只核对一份年度档案（zip），不用数据库")

    def handle(self, *args: Any, **options: Any) -> None:
        """执行 Says what it found and leaves with the exit code."""
        if options["sheet"]:
            return self._sheet(options["sheet"])
        if options["filing"]:
            return self._filing(Path(options["filing"]))
        if options["archive"]:
            return self._archive(Path(options["archive"]))
        tell = (
            (lambda branch: self.stdout.write(f"{branch.name}　相符")) if options["progress"] else (lambda branch: None)
        )
        report = verify(tell)
        if report.disagreement:
            self._leave(report.disagreement)
        results = verify_results()
        if results.disagreement:
            self._leave(results.disagreement)
        self.stdout.write(report.summary)
        self.stdout.write(results.summary)

    def _sheet(self, given: str) -> None:
        """One paper in hand: found by its fingerprint, or compared line by line where its file is given."""
        try:
            found = [sheets_in_hand.compare(_read(Path(given)))] if _is_file(given) else sheets_in_hand.held(given)
        except DomainError as refusal:
            self._leave(refusal.message)
        if not found:
            self._leave("没有公示过带这枚指纹的表。请对照纸面再看一遍；仍查不到的，这张纸不是本系统公示的。")
        for one in found:
            if one.disagreement:
                self._leave(one.disagreement)
            self.stdout.write(_told(one))

    def _filing(self, file: Path) -> None:
        """One package in hand: checked by what is in it, no database is asked."""
        try:
            found = check(file.read_bytes())
        except OSError as error:
            self._leave(f"读不到文件“{file}”（{error.strerror}），请核对路径。")
        except DomainError as refusal:
            self._leave(refusal.message)
        else:
            self.stdout.write(
                f"核验相符：{found.unit}{found.cycle}备案（第{found.revision}次报送），{found.members}名党员，"
                f"{len(found.documents)}份文件都与目录相符。备案包指纹：{found.digest}"
            )

    def _archive(self, file: Path) -> None:
        """One bundle in hand: likewise; every result is reckoned again."""
        try:
            found = archives.check(file.read_bytes())
        except OSError as error:
            self._leave(f"读不到文件“{file}”（{error.strerror}），请核对路径。")
        except DomainError as refusal:
            self._leave(refusal.message)
        else:
            self.stdout.write(found.summary)

    def _leave(self, sentence: str) -> None:
        self.stderr.write(f"核验不符：{sentence}")
        raise SystemExit(1)


def _is_file(given: str) -> bool:
    return given.endswith(".json") or Path(given).is_file()


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise DomainError("no_file", f"读不到文件“{file}”（{error.strerror}），请核对路径。") from None
    except ValueError:
        raise DomainError("not_json", f"“{file}”不是公示文件，请用公示办理页下载的原文件。") from None


def _told(one: Held) -> str:
    shown = one.publication.members.count(), one.publication.lines.count()
    return f"核验相符：{one.name}，列名{shown[0]}人，{shown[1]}条；{one.state}。"
