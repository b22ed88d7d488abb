"""试算的命令: `pioneer rulebook simulate RULEBOOK --year Y`: a draft on what stands posted. The one sub-command that
needs the database, and it only reads it."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any, TextIO

from pioneer.accounts.policies import CONSOLE
from pioneer.jobs.rulebook_commands import Refused, Sub, read_file, say
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.kernel.points import show
from pioneer.members.import_queries import organisation_named
from pioneer.results import queries, telling
from pioneer.results.dry_run import Question, simulate
from pioneer.scoring import Rulebook, load_text
from pioneer.scoring.writing import format_text


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="RULEBOOK", help="草案：rulebook.toml、它所在的文件夹，或 .xlsx")
    parser.add_argument("--year", type=int, default=None, help="年度（默认去年）：取含该年12月31日的周期")
    parser.add_argument("--at", help="组织的名称或编号（默认全区）")
    parser.add_argument("--names", action="store_true", help="列出变动最大的党员姓名")
    parser.add_argument("--json", action="store_true", help="输出 JSON：分值以百分之一分为单位，党员只有编号")


def simulate_file(options: Namespace, out: TextIO, err: TextIO) -> int:
    """试算: prints the figures; nobody's record is touched."""
    draft = _draft(options.file)
    try:
        at = organisation_named(options.at) if options.at else queries.only_district()
        year = options.year or clock.today().year - 1
        if not 2000 <= year <= clock.today().year:
            raise Refused([f"请填写2000至{clock.today().year}之间的年度"])
        figures = simulate(Question(draft, at, year))
    except DomainError as refusal:
        raise Refused([refusal.message]) from None
    if options.json:
        out.write(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
        return 0
    title = f"试算：“{draft.meta.name}”第{draft.meta.version}版，{at.name}，{telling.span(figures['cycles'][1])}"
    for line in telling.report(figures, title):
        say(out, line)
    for line in _movers(figures) if options.names else ():
        say(out, line)
    return 0


def _draft(file: Path) -> Rulebook:
    outcome = load_text(format_text(read_file(file)))
    if outcome.rulebook is None:
        raise Refused(outcome.mistakes)
    return outcome.rulebook


def _movers(figures: dict[str, Any]) -> list[str]:
    known = queries.members_behind(CONSOLE, [row["member"] for row in figures["movers"]])
    names = (telling.tier_names(figures, 0), telling.tier_names(figures, 1))
    lines = ["", "变动最大的党员"]
    for row in figures["movers"]:
        if (who := known.get(row["member"])) is not None:
            was, now = (
                names[place][-1 if row[key] is None else row[key]] for place, key in enumerate(("was_tier", "now_tier"))
            )
            lines.append(f"  {who.name}（{who.branch}）{show(row['was'])}分 {was} → {show(row['now'])}分 {now}")
    return lines


SIMULATE = Sub("simulate", "用已入账的条目试算一部草案（只读数据库）", _arguments, simulate_file)
