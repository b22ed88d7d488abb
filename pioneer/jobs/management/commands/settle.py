"""年度评定：评定或试算一个周期，算完为止 settle a cycle, or try it out"""

import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pioneer.accounts.policies import CONSOLE
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.tasks import run_task
from pioneer.members.import_queries import organisation_named
from pioneer.results import settlement_queries as queries
from pioneer.results.cycles import cycle_text, cycles_of, ruled
from pioneer.results.hindrances import hindrances
from pioneer.results.settling import settle_cycle
from pioneer.scoring import Cycle

HINDERED = 3
STEP = 0.5


class Command(BaseCommand):
    """年度评定 `pioneer settle --at ORGANISATION --cycle 2026`: exit code 3 where something stands in the way."""

    help = "评定一个周期，等它算完，说出各等次人数；有先要办的事时逐件列出，退出码为 3"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """参数 The arguments of the command."""
        parser.add_argument("--at", required=True, metavar="ORGANISATION", help="组织编号或名称，如 槐园街道/槐园社区")
        parser.add_argument(
            "--cycle", required=True, metavar="CYCLE", help="年度，如 2026（含该年12月31日的周期），或周期的第一天"
        )
        parser.add_argument("--trial", action="store_true", help="试算：随时可以，不作依据")

    def handle(self, *args: Any, **options: Any) -> None:
        """执行 Settles, waits, and says what came of it."""
        try:
            code = self._run(options["at"], options["cycle"], options["trial"])
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        if code:
            raise SystemExit(code)

    def _run(self, named: str, asked: str, is_trial: bool) -> int:
        found_at = organisation_named(named)
        try:
            at = queries.place_to_settle(CONSOLE, found_at.pk)
        except NotVisible:
            raise CommandError(
                f"“{found_at.name}”不单独评定：请写它所在的村（社区），或乡镇（街道）、区；单独成村的支部可以评定。"
            ) from None
        cycle = _cycle(cycles_of(at.district_number), asked)
        found = [] if is_trial else hindrances(at, ruled(at.district_number, cycle.first_on))
        if found:
            self.stdout.write(f"还不能正式评定{at.name}{cycle_text(cycle)}，先办完这{len(found)}件：")
            self.stdout.write("\n".join(f"  {one.sentence}" for one in found))
            return HINDERED
        run = settle_cycle(actor=CONSOLE, organisation_id=at.pk, first_on=cycle.first_on, is_trial=is_trial)
        run_task.call(run.task_id)
        while queries.is_working(run := queries.get_run(CONSOLE, run.pk)):
            time.sleep(STEP)  # a worker was quicker to take it
        made = getattr(run, "settlement", None)
        if made is None:
            raise CommandError(run.task.message or "计算中断了，没有写入任何数据。请重试。")
        kind = "试算" if is_trial else "评定"
        self.stdout.write(f"{at.name}{cycle_text(cycle)}{kind}（第{made.number}次），{made.members}名党员")
        for one in queries.tier_counts(made, queries.results_of(CONSOLE, made)):
            self.stdout.write(f"  {one.name}　{one.members}名")
        for streak, number in queries.streak_counts(made, queries.results_of(CONSOLE, made)):
            self.stdout.write(f"  提议　{streak.name}　{number}名")
        self.stdout.write(f"结果摘要 {made.digest}")
        return 0


def _cycle(cycles: list[Cycle], asked: str) -> Cycle:
    """By its year or its first day, of those that can be settled."""
    try:
        day = date(int(asked), 12, 31) if asked.isdecimal() and len(asked) == 4 else date.fromisoformat(asked)
    except ValueError:
        raise CommandError(f"看不懂周期“{asked}”，请写年度，如 2026，或周期的第一天，如 2026-01-01。") from None
    for one in cycles:
        if one.first_on <= day <= one.last_on:
            return one
    listed = "、".join(cycle_text(one) for one in cycles) or "没有"
    raise CommandError(f"没有可以评定的周期“{asked}”。可以评定的：{listed}。")
