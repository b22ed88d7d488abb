"""两人所填的对照 What stands now beside what was typed, field by field, where somebody else was first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pioneer.kernel.points import show
from pioneer.scoring import Rulebook

NOTHING = "（空）"


@dataclass(frozen=True, slots=True)
class Compared:
    """一项对照"""

    label: str
    now: str
    typed: str

    @property
    def differs(self) -> bool:
        return self.now != self.typed


def _row(label: str, now: Any, typed: Any) -> Compared:
    return Compared(label, _text(now), _text(typed))


def _text(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return show(value) if isinstance(value, int) else " ".join(str(value).split())


def _told(*rows: Compared) -> list[Compared]:
    return [row for row in rows if (row.now, row.typed) != (NOTHING, NOTHING)]


def of_line(line: Any, said: Mapping[str, Any]) -> list[Compared]:
    """条目的对照 Each field that the form asks for; an empty wording typed is the one proposed by the rulebook."""
    decided = said.get("decided")
    return _told(
        _row("公示用语", line.wording, said.get("wording") or line.wording),
        _row("发生日期", line.event_on, said.get("event_on")),
        _row("依据", line.ground, said.get("ground")),
        _row("数量", line.quantity, said.get("quantity")),
        _row("级别", line.level, said.get("level")),
        _row("加倍的情形", line.multiplier, said.get("multiplier", "")),
        _row("分值", abs(line.value), decided if decided is not None else abs(line.value)),
        _row("决定或核定理由", line.decision, said.get("decision")),
        _row("所发表的言论", line.words, said.get("words")),
        _row("同一件事的名称", line.event, said.get("event")),
    )


def of_claim(claim: Any, review: Any, line: Any, said: Mapping[str, Any], book: Rulebook) -> list[Compared]:
    """核定的对照 The other's decision and the line that came of it, beside what was about to be decided."""
    outcomes = {"accepted": "核准", "altered": "调整后核准", "rejected": "不予认可"}
    altered, counts = said["outcome"] == "altered", said["outcome"] != "rejected"

    def name(code: str) -> str:
        row = book.indicators.get(code)
        return f"{code} {row.name}" if row else code

    found = [
        _row("结论", review.get_outcome_display(), outcomes[said["outcome"]]),
        _row("理由", review.reason, said.get("reason")),
    ]
    if line is None and not counts:
        return found
    mine = said if altered else {"indicator": claim.indicator, "quantity": claim.quantity, "level": claim.level}
    return _told(
        *found,
        _row("指标", name(line.indicator) if line else "", name(mine["indicator"]) if counts else ""),
        _row("数量", line.quantity if line else "", mine.get("quantity") if counts else ""),
        _row("级别", line.level if line else "", mine.get("level") if counts else ""),
        _row("加倍的情形", line.multiplier if line else "", said.get("multiplier", "") if counts else ""),
        _row("核定理由", line.decision if line else "", said.get("decision") if counts else ""),
    )
