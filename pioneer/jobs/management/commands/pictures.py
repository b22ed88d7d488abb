"""给文档拍图：打开一个小的演示，把几个页面存成图片 take the pictures of the docs"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """拍图"""

    help = "打开一个小的演示，用 Chromium 把主要页面存到 docs/pictures；需要开发依赖（make setup）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.ROOT / "docs" / "pictures", help="存到哪个文件夹")
        parser.add_argument("--only", nargs="+", default=(), metavar="NAME", help="只拍这几张，例如 passbook-phone")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from pioneer.jobs import pictures

            files = pictures.take(options["to"], only=options["only"])
        except ImportError as missing:
            raise CommandError(f"缺少开发依赖 {missing.name}。请先运行 make setup。") from None
        except RuntimeError as refusal:
            raise CommandError(str(refusal)) from None
        for file in files:
            self.stdout.write(f"{file}　{file.stat().st_size // 1000} kB")
