"""办法各章: reads the tables of a rulebook that are not indicators."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import Field, fields
from datetime import date
from typing import Literal

from pioneer.scoring.model import (
    Aspect,
    Cadence,
    CadenceRow,
    CycleRule,
    Every,
    Group,
    IndexRule,
    Meta,
    Opening,
    Parameter,
    People,
    Period,
    Pool,
    Procedure,
    Track,
    Unit,
    Window,
)
from pioneer.scoring.reader import Table

UNITS: dict[str, Unit] = {
    "working_days": "working_days",
    "days": "days",
    "months": "months",
    "years": "years",
    "count": "count",
}
EVERY: dict[str, Every] = {"week": "week", "month": "month", "quarter": "quarter", "year": "year"}
PERIODS: dict[str, Period] = {"month": "month", "quarter": "quarter", "cycle": "cycle"}
WINDOW_KEYS: dict[str, Window] = {
    "day": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "cycle",
    "cycle": "cycle",
}
DEADLINES = ("working_days", "days")
UNITS_OF: dict[str, tuple[str, ...]] = {
    "publication_window": DEADLINES,
    "statement_wait": DEADLINES,
    "objection_answer": DEADLINES,
    "objection_referral": DEADLINES,
    "township_answer": DEADLINES,
    "zeroing_answer": DEADLINES,
    "objections_split": ("count",),
    "education_validity": ("months",),
    "tier_months": ("months",),
    "amendment": ("months",),
    "exemption_abroad": ("months",),
    "exemption_age": ("years",),
    "erasure": ("years",),
    "public_page": ("days",),
    "passbook_after_transfer": ("days",),
    "passbook_after_death": ("days",),
    "slip_validity": ("days",),
    "similar_text": ("days",),
    "late_claim": ("days",),
    "publish_by": DEADLINES,
    "case_answer": DEADLINES,
    "case_step": DEADLINES,
    "case_review": DEADLINES,
    "appeal": (*DEADLINES, "months"),
    "appeal_answer": (*DEADLINES, "months"),
    "file_by": (*DEADLINES, "months"),
    "follow_talk": DEADLINES,
    "follow_visit": ("days",),
    "follow_limit": ("months",),
    "follow_reminder": ("days",),
}
STATUSES = ("probationary", "exempt", "out_of_contact", "transferred_out", "left", "removed", "expelled", "deceased")
CYCLE_MONTHS = (3, 6, 12)
MOST_DAYS = 3660


def read_meta(table: Table) -> Meta:
    """办法名称: table ``[meta]``."""
    valid_from, valid_to = table.day("valid_from"), table.day("valid_to")
    if valid_from is None and not table.has("valid_from"):
        table.note("valid_from", "缺少“valid_from”，请写明起始日，如 2026-01-01")
    if valid_from and valid_to and valid_to < valid_from:
        table.note("valid_to", "截止日早于起始日，请改正")
    return Meta(
        code=table.code(),
        name=table.text("name"),
        district=table.text("district"),
        version=table.text("version"),
        valid_from=valid_from or date.min,
        valid_to=valid_to,
        provenance=table.provenance(),
        note=table.text("note", ""),
    )


def read_cycle(table: Table) -> CycleRule:
    """周期: table ``[cycle]``."""
    months = table.whole("months", 3, 12)
    if months not in CYCLE_MONTHS:
        table.note("months", "周期须为3、6或12个月，请改正")
        months = 12
    return CycleRule(
        start_month=table.whole("start_month", 1, 12),
        months=months,
        clause=table.text("clause"),
        provenance=table.provenance(),
    )


def read_track(table: Table) -> Track:
    """类别: one of ``[[tracks]]``."""
    return Track(table.code(), table.text("name"), table.text("clause"), table.provenance(), table.text("note", ""))


def read_opening(table: Table, tracks: Collection[str]) -> Opening:
    """基本指数: table ``[opening]``."""
    share = table.points("inherited_share", 0)
    if share > 100:
        table.note("inherited_share", "结转比例须在0至1之间，如 0.2 表示上周期得分的两成")
    without = table.maybe_points("inherited_without")
    if share and without is None and not table.has("inherited_without"):
        table.note("inherited_without", "没有上周期得分的党员怎样计分有两种读法，请写明“inherited_without”，如 0")
    if without is not None and not share:
        table.note("inherited_without", "没有写 inherited_share，“inherited_without”无从适用，请补上或删去")
    return Opening(
        points=table.points("points"),
        by_track=table.points_by("by_track", tracks, _unknown_track),
        inherited_share=share,
        clause=table.text("clause"),
        provenance=table.provenance(),
        period=table.choice("period", PERIODS, "cycle"),
        inherited_without=without or 0,
    )


def _unknown_track(name: str) -> str:
    return f"没有类别“{name}”，请先在 [[tracks]] 写明或改正"


def read_index(table: Table, code: Literal["basic", "positive", "reverse", "zeroing"]) -> IndexRule:
    """指数: one table of ``[indices]``."""
    repeats: dict[str, Literal["none", "double"]] = {"none": "none", "double": "double"}
    return IndexRule(
        code=code,
        name=table.text("name"),
        clause=table.text("clause"),
        provenance=table.provenance(),
        cap=table.maybe_points("cap", positive=True) if code in ("positive", "reverse") else None,
        net=_net(table) if code == "positive" else False,
        repeat=table.choice("repeat", repeats, "none") if code == "reverse" else "none",
        cap_period=_cap_period(table) if code in ("positive", "reverse") else "cycle",
    )


def _net(table: Table) -> bool:
    """封顶口径: ``cap_on = "additions"`` (default) or ``"net"``."""
    choices: dict[str, Literal["additions", "net"]] = {"additions": "additions", "net": "net"}
    if table.has("cap_on") and not table.has("cap"):
        table.note("cap_on", "没有写 cap，“cap_on”无从适用，请写明上限或删去这一项")
    return table.choice("cap_on", choices, "additions") == "net"


def _cap_period(table: Table) -> Period:
    """封顶时段: ``cap_period``, in each of which the cap holds."""
    if table.has("cap_period") and not table.has("cap"):
        table.note("cap_period", "没有写 cap，“cap_period”无从适用，请写明上限或删去这一项")
    return table.choice("cap_period", PERIODS, "cycle")


def read_aspect(table: Table) -> Aspect:
    """方面: one of ``[[aspects]]``."""
    provenance = table.provenance()
    return Aspect(
        code=table.code(),
        name=table.text("name"),
        cap=table.maybe_points("cap", positive=True),
        net=_net(table),
        clause=table.text("clause"),
        provenance=provenance,
        cap_provenance=table.provenance("cap_provenance", provenance),
        cap_period=_cap_period(table),
    )


def read_pool(table: Table) -> Pool:
    """分池: one of ``[[pools]]``."""
    points, floor = table.points("points", positive=True), table.points("floor", 0)
    if points and floor >= points:
        table.note("floor", "分池的底分须小于分池的分值，请改正其一")
    return Pool(
        code=table.code(),
        name=table.text("name"),
        points=points,
        floor=floor,
        period=table.choice("period", PERIODS, "cycle"),
        clause=table.text("clause"),
        provenance=table.provenance(),
    )


def read_group(table: Table) -> Group:
    """合并封顶: one of ``[[groups]]``."""
    caps = read_caps(table)
    if not table.content.get("caps", {}):
        table.note("caps", "缺少“caps”，请写明合并的上限，如 { month = 3 }")
    indicators = table.words("indicators", required=True)
    if table.content.get("indicators") == []:
        table.note("indicators", "“indicators”至少要有一项，请补填")
    return Group(
        code=table.code(),
        name=table.text("name"),
        indicators=indicators,
        caps=caps,
        clause=table.text("clause"),
        provenance=table.provenance(),
    )


def read_caps(table: Table) -> dict[Window, int]:
    """封顶: the table ``caps``, window → hundredths; ``year`` and ``cycle`` are the same window."""
    caps: dict[Window, int] = {}
    inner = table.table("caps", required=False)
    if inner is None:
        return caps
    for name, value in inner.content.items():
        window = WINDOW_KEYS.get(name)
        if window is None:
            inner.note(name, f"不认识时段“{name}”，可写：{'、'.join(WINDOW_KEYS)}")
        elif window in caps:
            inner.note(name, "year 与 cycle 是同一时段，只能写一个，请删去其一")
        else:
            caps[window] = inner.as_points(name, value, positive=True)
    return caps


def read_cadence(table: Table) -> Cadence:
    """频次: tables ``[cadence.declaration]``, ``[cadence.assessment]``, ``[cadence.announcement]``."""
    rows = {field.name: _cadence_row(table, field.name) for field in fields(Cadence)}
    return Cadence(**rows)


def _cadence_row(table: Table, key: str) -> CadenceRow:
    inner = table.table(key)
    if inner is None:
        return CadenceRow("month", "", "", "assumed")
    row = CadenceRow(inner.choice("every", EVERY), inner.text("by"), inner.text("clause"), inner.provenance())
    inner.done()
    return row


def read_procedure(table: Table) -> Procedure:
    """程序: one table ``[procedure.<name>]`` per parameter."""
    return Procedure(
        **{field.name: _parameter(table, field.name) for field in fields(Procedure) if _is_due(table, field)}
    )


def _is_due(table: Table, field: Field[Parameter]) -> bool:
    return field.default is not None or table.knows(field.name)


def _parameter(table: Table, key: str) -> Parameter:
    inner = table.table(key)
    if inner is None:
        return Parameter("", 1, "days", "", "assumed")
    row = Parameter(
        name=inner.text("name"),
        value=inner.whole("value", 1, MOST_DAYS),
        unit=inner.choice("unit", {name: UNITS[name] for name in UNITS_OF[key]}),
        clause=inner.text("clause"),
        provenance=inner.provenance(),
    )
    inner.done()
    return row


def read_people(table: Table) -> People:
    """人员: table ``[people]``."""
    untiered = table.words("untiered")
    for status in untiered:
        if status not in STATUSES:
            table.note("untiered", f"不认识身份“{status}”，可写：{'、'.join(STATUSES)}")
    return People(untiered, table.text("clause"), table.provenance())
