"""填充并打开一个虚构的示范区 fill an invented district and serve it"""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from pioneer.jobs.demo import printed
from pioneer.jobs.demo.extent import Extent
from pioneer.jobs.demo.filling import fill
from pioneer.kernel.errors import DomainError
from pioneer.kernel.loading import is_demo


class Command(BaseCommand):
    """演示"""

    help = "填充一个虚构的示范区；数据库里已有真实组织时拒绝。再运行一次只是打开它。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--serve", action="store_true", help="填充后打开网站")
        parser.add_argument("--port", type=int, default=8000, help="网站端口（默认8000）")
        parser.add_argument("--members", type=int, default=Extent().members, help="党员人数（默认3000）")

    def handle(self, *args: Any, **options: Any) -> None:
        os.environ["PIONEER_DEMO"] = "1"
        settings.DEMO = True
        call_command("migrate", verbosity=0)
        if is_demo():
            self.stdout.write("演示数据已经填好，不再重填。要重填，请先删除数据目录" + f"（{settings.DATA}）。\n")
        else:
            self._fill(max(20, options["members"]))
        self.stdout.write(printed.kept(f"http://127.0.0.1:{options['port']}"))
        if options["serve"]:
            self.stdout.flush()
            call_command("serve", port=options["port"])

    def _fill(self, members: int) -> None:
        extent = Extent() if members == Extent().members else Extent.of(members)
        self.stdout.write(
            f"正在填充示范区：{extent.townships}个乡镇（街道），{extent.branches}个支部，{extent.members}名党员，全部虚构。\n"
        )
        try:
            filled = fill(extent, self._say)
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        total = sum(filled.seconds.values())
        self.stdout.write(f"  共用 {total:.1f} 秒。\n\n")
        printed.keep(filled)

    def _say(self, stage: str, seconds: float) -> None:
        self.stdout.write(f"  {printed.padded(stage, 24)}{seconds:6.1f} 秒\n")
        self.stdout.flush()
