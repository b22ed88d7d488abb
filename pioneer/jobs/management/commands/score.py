"""计分：按积分办法给一份事实文件计分，不用数据库"""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand

from pioneer.workbooks.score_run import Order, run_score


class Command(BaseCommand):
    """计分 `pioneer score RULEBOOK FACTS`: exit code 3 when some rows were unusable, 2 when nothing could be done."""

    help = "按积分办法给一份事实文件（CSV 或 Excel）计分，不用数据库"
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """参数 The arguments of the command."""
        parser.add_argument("rulebook", type=Path, help="积分办法：rulebook.toml 或它所在的文件夹")
        parser.add_argument("facts", type=Path, help="事实文件：.xlsx 或 UTF-8 的 .csv")
        parser.add_argument("--member", help="只计这一名党员（编号）")
        parser.add_argument("--explain", action="store_true", help="逐条写明依据")
        parser.add_argument("--json", action="store_true", help="每名党员一行 JSON")
        parser.add_argument("--out", type=Path, help="另存为 Excel 文件")
        parser.add_argument("--supplement", type=Path, help="支部补充指标的文件")
        parser.add_argument("--cycle", type=date.fromisoformat, help="周期中的任一天；不写则取事实最多的周期")

    def handle(self, *args: Any, **options: Any) -> None:
        """执行 Scores and leaves with the exit code."""
        names = ("rulebook", "facts", "member", "explain", "json", "out", "supplement")
        order = Order(**{name: options[name] for name in names}, cycle_on=options["cycle"])
        code = run_score(order, cast(TextIO, self.stdout._out), cast(TextIO, self.stderr._out))
        if code:
            raise SystemExit(code)
