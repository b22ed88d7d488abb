"""得分的文字: scores as JSON Lines for machines, or as a calm table for people."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable

from pioneer.scoring import Line, Score, show

COLUMNS = (("编号", 10), ("姓名", 10), ("类别", 6), ("基本", 7), ("正向", 8), ("反向", 8), ("得分", 8), ("等次", 12))


def by_row(lines: Iterable[Line]) -> list[Line]:
    """按行号: the lines in the order of the file."""
    return sorted(lines, key=lambda line: line.fact.row)


def json_line(score: Score) -> str:
    """JSON 一行: one member; numbers are strings with two decimals at most."""
    version = score.version
    plain = {
        "member": score.member.code,
        "name": score.member.name,
        "track": score.track,
        "score": show(score.score),
        "tier": score.tier,
        "indices": {
            "basic": show(score.basic),
            "positive": show(score.positive),
            "reverse": show(score.reverse),
            "zeroed": score.zeroed,
            **({"outside": show(score.outside)} if version.components else {}),
        },
        **({"alarms": [row.code for row in score.alarms]} if version.alarms else {}),
        "lines": [
            {
                "row": line.fact.row,
                "indicator": line.indicator.code,
                "raw": show(line.raw),
                "counted": show(line.counted),
                "reason": line.reason,
            }
            for line in by_row(score.lines)
        ],
    }
    return json.dumps(plain, ensure_ascii=False, separators=(", ", ": "))


def table_head() -> str:
    """表头: the headings of the readable table."""
    heads = "  ".join(_padded(name, width) for name, width in COLUMNS)
    return heads.rstrip() + "\n" + "─" * sum(width + 2 for _, width in COLUMNS)


def table_row(score: Score, explain: bool = False) -> str:
    """表行: one member; with ``explain`` every line and every step below it."""
    tier = score.version.tier(score.tier) if score.tier else None
    track = score.version.track(score.track)
    cells = (
        score.member.code,
        score.member.name,
        track.name if track else score.track,
        show(score.basic),
        show(score.positive),
        show(score.reverse),
        show(score.score),
        tier.name if tier else "不定等次",
    )
    pairs = zip(cells, COLUMNS, strict=True)
    text = "  ".join(_padded(cell, width) for cell, (_, width) in pairs).rstrip()
    if not explain:
        return text
    lines = [_explained(line) for line in by_row(score.lines)]
    reached = [f"    ! {row.name}：{row.consequence}（{row.clause}）" for row in (*score.alarms, *score.streaks)]
    return "\n".join([text, *lines, *(f"    = {step}" for step in score.steps), *reached, ""])


def _explained(line: Line) -> str:
    sign = "+" if line.counted > 0 else ""
    counted = _padded(f"{sign}{show(line.counted)}", 6)
    code = _padded(f"{line.indicator.code} ", 4)
    return f"    第{line.fact.row}行  {line.fact.event_on}  {code}{counted}  {line.reason}"


def _padded(text: str, width: int) -> str:
    shown = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(0, width - shown)
