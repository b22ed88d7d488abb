"""做一年的年度档案，存进一个文件夹；中断后再运行接着做 make the archives of a year's cycles"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pioneer.jobs import archive_year
from pioneer.kernel.errors import DomainError

WAITING = 3  # the exit code where some branch's year is not done with


class Command(BaseCommand):
    """年度档案 `pioneer archive --year 2026 --out FOLDER`."""

    help = (
        "给一年里开始的每个周期、每个支部做年度档案，存进一个文件夹；没有变化的不重做，没有办完的逐个说出，退出码为 3"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """参数 The arguments of the command."""
        parser.add_argument("--year", required=True, type=int, help="哪一年开始的周期，如 2026")
        parser.add_argument(
            "--organisation", default="", help="只做这个组织以下的支部：编号或名称，如 槐园街道/槐园社区"
        )
        parser.add_argument("--out", type=Path, help="存到哪个文件夹（默认 archives-2026）")
        parser.add_argument("--provisional", action="store_true", help="没有办完的也做，注明“暂存”")

    def handle(self, *args: Any, **options: Any) -> None:
        """执行 Makes what is missing and says how much that was."""
        year = options["year"]
        if not 2000 <= year <= 2999:
            raise CommandError("年份请写成 2026 这样。")
        out = options["out"] or Path(f"archives-{year}")
        order = archive_year.Order(year, out, options["organisation"], options["provisional"])
        try:
            done = archive_year.make(order, self._tell)
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        except OSError as error:
            why = f"写不进“{out}”（{error.strerror}）"
            raise CommandError(f"{why}。请核对文件夹和剩余空间，再运行一次会接着做。") from None
        self.stdout.write(f"{year}年：新做{done.made}份，没有变化{done.kept}份，写出{done.written}个文件，在 {out}")
        if done.waiting:
            self.stdout.write(f"还有{len(done.waiting)}个没有办完，没有做（要先存一份，加 --provisional）：")
            self.stdout.write("\n".join(f"  {one}" for one in done.waiting))
            raise SystemExit(WAITING)

    def _tell(self, sentence: str) -> None:
        self.stdout.write(sentence)
        sys.stdout.flush()
