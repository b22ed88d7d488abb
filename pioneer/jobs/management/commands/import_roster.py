"""导入花名册：核对一份 Excel，写入新增和变更的行 import a roster"""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pioneer.accounts.policies import CONSOLE, Actor
from pioneer.accounts.queries import actor_of, by_number
from pioneer.kernel.bulk import without_collecting
from pioneer.kernel.errors import DomainError
from pioneer.members import confirming, import_queries, imports
from pioneer.members.examining import Examined, examine, layout_for, open_book
from pioneer.members.import_policies import require_import

_HELP = """导入花名册：逐行核对，打印新增、变更、相同、有误和待确认的行数，以及每个有误或待确认的行和原因，
然后在一个事务里写入新增和变更的行。有误和待确认的行不写入：请改好文件再导入一次，已导入的行会判为相同。

退出码：0 全部核对无误；3 有的行有误或待确认，没有导入；1 文件打不开、找不到组织或不能导入，什么也没有写。"""
SOME_LEFT = 3
_COUNTS = (("new", "新增"), ("changed", "变更"), ("same", "相同"), ("wrong", "有误"), ("ask", "待确认"))


class Command(BaseCommand):
    """pioneer import-roster FILE --at ORGANISATION"""

    help = _HELP

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        """The help as it stands, line by line."""
        parser = super().create_parser(*args, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="花名册：.xlsx、.xls、.ods 或 .csv")
        parser.add_argument(
            "--at", required=True, metavar="ORGANISATION", help="组织编号，或名称，如 槐园街道/槐园社区；支部在它下面找"
        )
        parser.add_argument("--dry-run", action="store_true", help="只核对，什么也不写")
        parser.add_argument("--as", dest="login", metavar="LOGIN", help="以哪个账号办理（登录号码）；不写则为控制台")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with without_collecting():
                code = self._run(options["file"], options["at"], options["login"], options["dry_run"])
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        if code:
            raise SystemExit(code)

    def _run(self, file: Path, at: str, login: str | None, dry_run: bool) -> int:
        actor = self._actor(login)
        organisation = import_queries.organisation_named(at)
        try:
            content = file.read_bytes()
        except OSError:
            raise CommandError(f"找不到或打不开文件“{file}”，请检查路径和权限。") from None
        if dry_run:
            require_import(actor, organisation)
            book = open_book(content, file.name)
            layout = layout_for(book, organisation)
            self._say_columns(layout)
            examined = examine(organisation, book, layout, actor.number, self._progress)
        else:
            made = imports.upload_roster(actor=actor, organisation_id=organisation.pk, name=file.name, content=content)
            self._say_columns(import_queries.layout_of(made))
            examined = imports.examine_import(made.pk, actor.number, self._progress)
            imports.record_check(actor=actor, import_id=made.pk, examined=examined)
            self._write(actor, made.pk, examined)
        self._report(examined, dry_run)
        return SOME_LEFT if examined.counts["wrong"] or examined.counts["ask"] else 0

    def _actor(self, login: str | None) -> Any:
        if login is None:
            return CONSOLE
        user = by_number(login)
        if user is None or not user.is_active:
            raise CommandError(f"没有登录号码为“{login}”的账号，请核对后重写。")
        return actor_of(user)

    def _write(self, actor: Actor, import_id: int, examined: Examined) -> None:
        counts = examined.counts
        if counts["new"] or counts["changed"]:
            confirming.confirm_now(actor, import_id, (counts["new"], counts["changed"]))
        else:
            imports.discard_roster(actor=actor, import_id=import_id)

    def _say_columns(self, layout: Any) -> None:
        """Which sheets and columns are not read: nothing is left out in silence."""
        for plan in layout.sheets:
            if not plan.used:
                self.stderr.write(f"工作表「{plan.sheet}」没有读取：{plan.reason}")
            elif plan.unmapped:
                self.stderr.write(f"工作表「{plan.sheet}」有不认识的列，没有导入：{'、'.join(plan.unmapped)}")

    def _progress(self, done: int, total: int) -> None:
        """On a terminal only."""
        if total > 20_000 and sys.stderr.isatty():
            self.stderr.write(f"\r核对 {done * 100 // total}%", ending="" if done < total else "\n")
            self.stderr.flush()

    def _report(self, examined: Examined, dry_run: bool) -> None:
        counts = examined.counts
        self.stdout.write("，".join(f"{label} {counts[name]}" for name, label in _COUNTS))
        if examined.skipped:
            self.stdout.write(f"另有 {len(examined.skipped)} 行不是党员的行（标题、合计等），没有导入")
        for judged in examined.rows:
            for mistake in judged.mistakes:
                if mistake.severity != "warn" and judged.verdict in ("wrong", "ask"):
                    self.stdout.write(judged.entry.row.say(mistake))
        if dry_run:
            self.stdout.write("只核对，没有写入")
