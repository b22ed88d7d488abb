"""结转表的格子 What a take-over sheet holds: members × indicators, and why a total cannot be taken over. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pioneer.accounts.policies import AnyActor
from pioneer.assessments import queries, roster
from pioneer.assessments.models import Line, Sheet
from pioneer.kernel.errors import Fault
from pioneer.kernel.points import show
from pioneer.members.queries import RosterEntry
from pioneer.rulebook.queries import engine_for
from pioneer.rulebook.supplement_queries import why_not
from pioneer.scoring import Indicator, Rulebook
from pioneer.scoring.model import Window

CYCLE: Window = "cycle"  # the only window a total is held to
TRACKS = {"rural": "农村类", "community": "社区类"}


@dataclass(frozen=True, slots=True)
class Total:
    """一格 What stood posted on paper for a member under an indicator, in hundredths: points, or of an indicator that
    climbs by quantity the quantity. None where the cell is empty. `place`: where it stands in a file."""

    member_id: int
    indicator: str
    amount: int | None
    place: str = ""


@dataclass(slots=True)
class Cells:
    """一张结转表 Its members and indicators, what stands in each cell, and for whom the reader steps aside."""

    sheet: Sheet
    book: Rulebook
    entries: dict[int, RosterEntry]
    columns: list[Indicator]
    lines: dict[tuple[int, str], Line] = field(default_factory=dict)
    aside: dict[int, roster.Recusal] = field(default_factory=dict)
    closed: Mapping[int, str] = field(default_factory=dict)

    def amount(self, member_id: int, code: str) -> int | None:
        """格子里的数 As it is typed: points without sign, or the quantity."""
        line = self.lines.get((member_id, code))
        if line is None:
            return None
        return line.quantity if line.quantity is not None else abs(line.value)

    def column(self, code: str) -> Indicator | None:
        return next((row for row in self.columns if row.code == code), None)

    def of_index(self, group: str) -> list[Indicator]:
        """一组指标 The columns of one aspect, or the deductions."""
        return [row for row in self.columns if group_of(row) == group]

    def total(self, member_id: int) -> int:
        return sum(line.value for (member, _), line in self.lines.items() if member == member_id)


def group_of(row: Indicator) -> str:
    """指标属于哪一组"""
    return "reverse" if row.index == "reverse" else row.aspect or "other"


def climbs(row: Indicator) -> bool:
    """是否按累计数量计 Then the cell holds the quantity reached, and the points follow from the steps."""
    return row.value is not None and row.value.shape == "cumulative"


def cells(actor: AnyActor, sheet: Sheet) -> Cells:
    """结转表的内容 The same number of queries whatever the number of members."""
    assert sheet.taken_over_on is not None
    entries = {entry.id: entry for entry in roster.roster(sheet)}
    book = engine_for(sheet.branch.district_number).version_on(sheet.taken_over_on)
    assert book is not None
    columns = [row for row in book.indicators.values() if _taken_over(row, sheet)]
    found = Cells(sheet, book, entries, columns)
    for line in queries.standing_lines(sheet):
        found.lines[line.member_id, line.indicator] = line
    found.aside = {one.member_id: one for one in roster.recusals(actor, sheet.branch, list(entries))}
    found.closed = {**queries.closed_for(sheet, list(entries)), **roster.filed_for(sheet, list(entries))}
    return found


def _taken_over(row: Indicator, sheet: Sheet) -> bool:
    if row.index not in ("positive", "reverse") or row.value is None:
        return False
    assert sheet.taken_over_on is not None
    return not (row.local and why_not(row, sheet.branch, sheet.taken_over_on))


def changed(found: Cells, totals: Sequence[Total]) -> list[Total]:
    """有改动的格子 What is typed as it stands already is no change; a nought is an empty cell."""
    kept = []
    for total in totals:
        amount = total.amount or None
        row = found.column(total.indicator)
        if amount is not None and row is not None and row.index == "reverse":
            amount = abs(amount)
        if amount != found.amount(total.member_id, total.indicator):
            kept.append(Total(total.member_id, total.indicator, amount, total.place))
    return kept


def faults(found: Cells, totals: Sequence[Total]) -> list[Fault]:
    """不能结转的格子 One sentence for each, all together; and for what a cap shared by several cuts."""
    wrong = []
    for total in totals:
        if said := _fault(found, total):
            wrong.append(Fault(total.place or _place(found, total), said))
    return wrong or _over_shared(found, totals)


def _place(found: Cells, total: Total) -> str:
    entry = found.entries.get(total.member_id)
    return f"{entry.name if entry else '名单以外的人'} {total.indicator}"


def _fault(found: Cells, total: Total) -> str:
    entry, row = found.entries.get(total.member_id), found.column(total.indicator)
    if entry is None:
        return "这名党员不在名单上，请核对。"
    if (recusal := found.aside.get(entry.id)) is not None:
        who = "您本人" if recusal.is_self else f"您申明的亲属（{recusal.relation}）"
        others = f"请由{recusal.others}填写。" if recusal.others else "请由上级党组织任命的同志填写。"
        return f"应回避：{entry.name}是{who}，{others}"
    if row is None:
        known = found.book.indicators.get(total.indicator)
        if known is not None and known.index == "zeroing":
            return "清零不能结转，请凭文件在“清零”页办理。"
        return "办法里没有可以结转的这一项，请核对指标编号。"
    if entry.id in found.closed:
        return f"{found.closed[entry.id]}，不再结转。"
    if row.tracks and entry.track not in row.tracks:
        return f"{entry.name}是{TRACKS.get(entry.track or '', '未登记类别')}，不适用“{row.name}”，请留空。"
    return _amount_fault(row, total.amount)


def _amount_fault(row: Indicator, amount: int | None) -> str:
    if amount is None:
        return ""
    if amount < 0:
        return "加分项的累计不能是负数，请核对。" if row.index == "positive" else ""
    if climbs(row):
        assert row.value is not None
        return f"{row.value.unit}数须为整数，请核对。" if row.value.whole and amount % 100 else ""
    cap = row.caps.get(CYCLE)
    if cap is not None and amount > cap:
        return f"“{row.name}”全年最多{show(cap)}分，{show(amount)}分超过了封顶。纸上多记的，请按{show(cap)}分填。"
    return ""


def _over_shared(found: Cells, totals: Sequence[Total]) -> list[Fault]:
    """Of indicators that share a cap of the whole cycle, the member's sum as it would stand."""
    typed = {(total.member_id, total.indicator): total for total in totals}
    wrong = []
    for group in found.book.groups:
        cap = group.caps.get(CYCLE)
        for member_id in dict.fromkeys(total.member_id for total in totals) if cap is not None else ():
            last = next((typed[member_id, code] for code in group.indicators if (member_id, code) in typed), None)
            amounts = [
                typed[member_id, code].amount if (member_id, code) in typed else found.amount(member_id, code)
                for code in group.indicators
            ]
            reached = sum(amount or 0 for amount in amounts)
            if last is not None and cap is not None and reached > cap:
                said = f"“{group.name}”合计全年最多{show(cap)}分，现在共{show(reached)}分，超过了封顶，请核对。"
                wrong.append(Fault(last.place or _place(found, last), said))
    return wrong


def value_of(row: Indicator, amount: int) -> tuple[int, int | None]:
    """分值和数量 Signed hundredths, and the quantity where the indicator climbs by it."""
    assert row.value is not None
    sign = -1 if row.index == "reverse" else 1
    if not climbs(row):
        return sign * abs(amount), None
    reached = [step.points for step in row.value.steps if step.start <= amount]
    return sign * (reached[-1] if reached else 0), amount


def taken_over_until(branch_id: int, since: date) -> date | None:
    """结转到哪天 Within the cycle that begins on that day; what happened by then may stand in the totals already."""
    found = Sheet.objects.filter(branch=branch_id, kind=Sheet.Kind.TAKEOVER, taken_over_on__gte=since)
    return found.order_by("taken_over_on").values_list("taken_over_on", flat=True).last()
