"""核验：逐一重算公示、台账和指纹，说出第一处不符"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from pioneer.ledger.verification import verify


class Command(BaseCommand):
    """核验 `pioneer verify`: exit code 1 and one sentence where a row disagrees, 0 and a summary where none does."""

    help = "逐一重算公示、台账条目、入账链和每一行公示分数；有不符时说出第一处，退出码为 1"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """参数 The arguments of the command."""
        parser.add_argument("--progress", action="store_true", help="逐个支部报告进度")

    def handle(self, *args: Any, **options: Any) -> None:
        """执行 Says what it found and leaves with the exit code."""
        tell = (
            (lambda branch: self.stdout.write(f"{branch.name}　相符")) if options["progress"] else (lambda branch: None)
        )
        report = verify(tell)
        if report.disagreement:
            self.stderr.write(f"核验不符：{report.disagreement}")
            raise SystemExit(1)
        self.stdout.write(report.summary)
