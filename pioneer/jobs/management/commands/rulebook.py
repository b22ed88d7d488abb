"""积分办法：核对、整理、对照，与 Excel 互转，不用数据库；用已入账的条目试算"""

from argparse import ArgumentParser, Namespace
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand

from pioneer.jobs import rulebook_commands
from pioneer.jobs.rulebook_commands import run
from pioneer.jobs.simulating import SIMULATE

SUBCOMMANDS = (*rulebook_commands.SUBCOMMANDS, SIMULATE)


class Command(BaseCommand):
    """积分办法 `pioneer rulebook check|format|excel|toml|compare|schema|simulate …`."""

    help = "积分办法文件：核对、整理、对照，与 Excel 互转，不用数据库；simulate 用已入账的条目试算"
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """参数 One sub-command for each thing to do."""
        subs = parser.add_subparsers(dest="sub", required=True, metavar="SUB-COMMAND")
        for sub in SUBCOMMANDS:
            sub.arguments(subs.add_parser(sub.name, help=sub.help, description=sub.help))

    def handle(self, *args: Any, **options: Any) -> None:
        """执行 Runs the sub-command and leaves with its exit code."""
        sub = next(sub for sub in SUBCOMMANDS if sub.name == options["sub"])
        out, err = cast(TextIO, self.stdout._out), cast(TextIO, self.stderr._out)
        code = run(sub, Namespace(**options), out, err)
        if code:
            raise SystemExit(code)
