"""支部补充的读入 The text of a supplement, and a version's rules with what branches added to it.

Every approved supplement of a version is part of the version's rules, whichever branch's it is, so that what stands in
a sheet, a notice or the ledger is understood wherever its member belongs by now. Who may be given it, and from when to
when, is asked where a line or claim is written: `supplement_queries.why_not`.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pioneer.kernel.errors import DomainError
from pioneer.rulebook.models import RulebookVersion, Supplement
from pioneer.scoring import Rulebook
from pioneer.scoring import supplements as scoring
from pioneer.scoring.writing import format_text

State = Supplement.State
KEPT = 4096
_read: dict[tuple[str, str], scoring.Supplement] = {}


@dataclass(frozen=True, slots=True)
class LocalRow:
    """补充的一项 As a branch writes it down; points in hundredths. `points`: each time, or each unit of a quantity;
    `least` to `most`: what is decided with a reason; `most` of a quantity: what one occurrence can bring."""

    name: str
    shape: str
    wording: str
    points: int | None = None
    unit: str = ""
    whole: bool = False
    least: int | None = None
    most: int | None = None
    caps: Mapping[str, int] = field(default_factory=dict)
    tracks: tuple[str, ...] = ()
    note: str = ""


def code_of(number: int, place: int) -> str:
    """补充指标的编号 Of the `place`th row (from 1) of a supplement: one of its kind in the whole district."""
    return f"L{number}-{place}"


def number_of(code: str) -> int:
    """编号所指的支部补充 Its number in the district; 0 for a code of another kind."""
    number, dash, place = code.removeprefix("L").partition("-")
    return int(number) if dash and number.isdecimal() and place.isdecimal() else 0


def text_of(branch: str, minutes: str, number: int, rows: Sequence[LocalRow]) -> str:
    """补充的文本 In the format that `pioneer score --supplement` reads."""
    tables = [_table(code_of(number, place), row) for place, row in enumerate(rows, start=1)]
    return format_text({"branch": branch, "minutes": minutes, "positive": tables})


def _table(code: str, row: LocalRow) -> dict[str, Any]:
    amounts: dict[str, dict[str, object]] = {
        "fixed": {"points": row.points},
        "per_unit": {"points": row.points, "unit": row.unit, "whole": row.whole or None, "max": row.most},
        "range": {"min": row.least, "max": row.most},
    }
    asked = amounts.get(row.shape, {})
    value = {key: _plain(one) for key, one in asked.items() if one is not None}
    table: dict[str, Any] = {"code": code, "name": row.name, "value": {"shape": row.shape, **value}}
    if row.tracks:
        table["tracks"] = list(row.tracks)
    if row.caps:
        table["caps"] = {window: _plain(cap) for window, cap in row.caps.items()}
    table["wording"] = row.wording
    if row.note:
        table["note"] = row.note
    return table


def _plain(value: object) -> object:
    """Hundredths as the file writes them."""
    is_points = isinstance(value, int) and not isinstance(value, bool)
    return Decimal(value) / 100 if is_points else value  # type: ignore[arg-type]


def fingerprint(text: str) -> str:
    """文本指纹 SHA-256 of the text, as `sha256sum` of the file gives it."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(supplement: Supplement, base: Rulebook) -> scoring.Supplement:
    """补充的内容 Its rows under the rules it was approved for. A text that was touched stops everything."""
    found: scoring.Supplement | None = None
    if fingerprint(supplement.text) == supplement.digest:
        key = (supplement.digest, base.digest)
        found = _read.get(key) or scoring.load_supplement(supplement.text, base).supplement
        if found is not None:
            if len(_read) >= KEPT:
                _read.clear()
            _read[key] = found
    if found is None:
        raise DomainError(
            "supplement_damaged",
            f"“{supplement.branch.name}”第{supplement.number}号支部补充的文本与提出时的指纹不符或已读不通，已停止计分。"
            "请系统管理员用备份核对数据库。",
        )
    return found


def merged(base: Rulebook, supplements: Iterable[Supplement]) -> Rulebook:
    """并入支部补充 Always in the order of their numbers, so that one more never moves another."""
    ordered = sorted(supplements, key=lambda one: one.number)
    return scoring.with_supplements(base, [read(one, base) for one in ordered])


def approved_under(versions: Iterable[RulebookVersion]) -> dict[int, list[Supplement]]:
    """已批准的补充 By version. One query."""
    found: dict[int, list[Supplement]] = {}
    listed = list(versions)
    rows = Supplement.objects.filter(version__in=listed, state=State.APPROVED).select_related("branch")
    for row in rows.order_by("number") if listed else ():
        found.setdefault(row.version_id, []).append(row)
    return found


def stamp_of(district_id: int) -> str:
    """批准与终止的指纹 Changes with every approval and every end of a supplement in the district. One query."""
    latest = Supplement.objects.filter(district=district_id, turn__isnull=False).order_by("-turn")
    return latest.values_list("stamp", flat=True).first() or ""
