"""打印一个支部的每周申报表 print a branch's weekly forms"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from pioneer.accounts.policies import CONSOLE
from pioneer.declarations import paper_queries, weekly_forms
from pioneer.declarations.weeks import monday_of
from pioneer.kernel.errors import DomainError
from pioneer.members.import_queries import organisation_named
from pioneer.papers.weekly_form import weekly_forms as printed


class Command(BaseCommand):
    """pioneer forms BRANCH --week YYYY-Www [--out FILE.pdf]"""

    help = "打印一个支部一周的申报表：每位党员一张A4，存为PDF。再打印一次，表上的编码不变。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("branch", metavar="BRANCH", help="支部编号，或名称，如 槐园社区/第一党支部")
        parser.add_argument("--week", required=True, metavar="YYYY-Www", help="哪一周，如 2026-W14")
        parser.add_argument("--out", type=Path, metavar="FILE.pdf", help="存到哪里；不写则存在当前目录")
        parser.add_argument("--site", metavar="ADDRESS", help="二维码里的网址，如 https://pioneer.example.cn")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            branch = organisation_named(options["branch"])
            monday = monday_of(options["week"])
            forms = weekly_forms.print_weekly_forms(actor=CONSOLE, branch_id=branch.pk, monday=monday)
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        site = (options["site"] or self._site()).rstrip("/")
        path = reverse("weekly-form", args=["code"]).replace("code", "{}")
        content = printed(paper_queries.pages(branch, forms, site, path))
        file = options["out"] or Path(f"{paper_queries.file_name(branch, monday)}.pdf")
        try:
            file.write_bytes(content)
        except OSError:
            raise CommandError(f"写不了文件“{file}”，请检查文件夹和权限。") from None
        self.stdout.write(f"{branch.name}：{len(forms)}张，已存为{file}")

    @staticmethod
    def _site() -> str:
        """The address of the settings, as `pioneer serve` says it."""
        host = settings.ALLOWED_HOSTS[0]
        return f"https://{host}" if settings.HTTPS else f"http://{host}:8000"
