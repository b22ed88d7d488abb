"""通报的工作簿 Who was present, who was handed the statement, who answered what, in the order of the roster."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Literal

from pioneer.results.announcing_papers import has_score
from pioneer.results.announcing_queries import is_missing
from pioneer.results.models import Announcement, Told
from pioneer.results.settlement_queries import WHY, tier_names
from pioneer.workbooks.writing import Heading, Table, write_workbook

PRESENT = {True: "到会", False: "没有到会", None: ""}
NUMBER, WRAPPED = ("序号", "得分"), {"不定等次的原因": 22, "告知单送达": 18, "不同意见": 50}
HEADINGS = (
    *("序号", "党员编号", "姓名", "支部", "得分", "等次", "不定等次的原因", "到会", "告知单送达", "送达日期"),
    *("答复", "答复日期", "代登", "不同意见", "尚未告知到人"),
)


def workbook(held: Announcement, rows: Iterable[Told], title: str) -> bytes:
    """通报登记的 Excel Of the rows as the reader sees them."""
    headings = [Heading(name, _form(name), WRAPPED.get(name, 0)) for name in HEADINGS]
    names = tier_names(held.settlement)
    meeting = f"{held.held_on:%Y-%m-%d} {held.place}，{held.presided_by}主持"
    notes = Table("说明", [Heading("说明", "wrapped", 80)], [[meeting], ["名单按花名册顺序，不排名次。"]])
    return write_workbook([Table("通报登记", headings, (_row(one, names) for one in rows), title), notes])


def _form(name: str) -> Literal["text", "wrapped", "number", "date"]:
    if name in NUMBER:
        return "number"
    return "wrapped" if name in WRAPPED else "date" if name.endswith("日期") else "text"


def _row(one: Told, names: dict[str, str]) -> list[Any]:
    made = one.result
    return [
        made.order,
        made.member.number,
        made.member.name,
        made.branch.name,
        Decimal(made.score) / 100 if has_score(made) else None,
        names.get(made.tier, made.tier),
        WHY.get(made.why, made.why),
        PRESENT[one.was_present],
        one.handed_how,
        one.handed_on,
        one.get_answer_display() if one.answer else "",
        one.answered_on,
        "据回执代登" if one.answer and one.entered_by_number is not None else "",
        one.words,
        "是" if is_missing(one) else "",
    ]
