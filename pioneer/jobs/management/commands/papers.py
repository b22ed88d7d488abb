"""做一个月的公示海报等纸面，存进一个文件夹；中断后再运行接着做 make the papers of a month's notices"""

import re
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pioneer.jobs import papers_month
from pioneer.kernel.errors import DomainError
from pioneer.papers.notice_kinds import KINDS

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
EVERY = 1.0  # seconds between two lines of progress


class Command(BaseCommand):
    """一个月的纸面 `pioneer papers --month 2026-03`."""

    help = "把一个月全部公示做成海报（或其他纸面）存进一个文件夹，用两个进程；做好的不重做，中断后再运行接着做"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """参数 The arguments of the command."""
        parser.add_argument("--month", required=True, help="哪个月，如 2026-03")
        parser.add_argument("--out", type=Path, help="存到哪个文件夹（默认 papers-2026-03）")
        parser.add_argument("--branch", action="append", default=[], help="只做这个支部：名称的一部分或编号，可写几次")
        parser.add_argument("--kind", action="append", choices=list(KINDS), help="哪种纸面，可写几次（默认 poster-a3）")
        parser.add_argument("--site", help="公示页的网址开头，如 https://pioneer.example.cn（默认按 PIONEER_HOSTS）")

    def handle(self, *args: Any, **options: Any) -> None:
        """执行 Draws what is missing and says how much that was."""
        found = MONTH.fullmatch(options["month"])
        if found is None:
            raise CommandError("月份请写成 2026-03 这样。")
        year, month = int(found[1]), int(found[2])
        kinds = list(dict.fromkeys(options["kind"] or ["poster-a3"]))
        out = options["out"] or Path(f"papers-{options['month']}")
        site = (options["site"] or _site()).rstrip("/")
        order = papers_month.Order(year, month, out, site, kinds, options["branch"])
        begun = time.monotonic()
        try:
            made = papers_month.make(order, self._teller(begun))
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        except OSError as error:
            why = f"写不进“{out}”（{error.strerror}）"
            raise CommandError(f"{why}。请核对文件夹和剩余空间，再运行一次会接着做。") from None
        ended = f"，{made.ended}份因公示页已到期不做" if made.ended else ""
        self.stdout.write(
            f"{year}年{month}月{made.notices}次公示：新做{made.written}份，原有{made.kept}份{ended}，"
            f"用时{time.monotonic() - begun:.1f}秒，在 {out}"
        )

    def _teller(self, begun: float) -> Any:
        said = begun

        def tell(done: int, total: int) -> None:
            nonlocal said
            now = time.monotonic()
            if total and now - said >= EVERY:
                said = now
                self.stdout.write(f"{done}/{total}　{now - begun:.0f}秒")
                sys.stdout.flush()

        return tell


def _site() -> str:
    host = settings.ALLOWED_HOSTS[0].lstrip(".")
    return f"{'https' if settings.HTTPS else 'http'}://{host}"
