"""评定结果的工作簿 One row per member in the order of the roster; what changed on a second sheet."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pioneer.accounts.policies import AnyActor
from pioneer.results.models import ResultAspect, Settlement
from pioneer.results.settlement_queries import WHY, changes_of, reached_by, results_of, tier_names
from pioneer.rulebook.queries import parsed
from pioneer.workbooks.writing import Heading, Table, write_workbook

Row = list[Any]


def workbook(actor: AnyActor, made: Settlement, title: str) -> bytes:
    """评定结果的 Excel As far as the actor sees it."""
    aspects = {one.code: one.name for one in parsed(made.version).aspects}
    headings = [Heading("序号", "number"), Heading("党员编号"), Heading("姓名"), Heading("支部"), Heading("评定组织")]
    headings += [Heading("基本", "number"), Heading("正向", "number"), Heading("反向", "number")]
    headings += [Heading("外部成绩", "number"), Heading("得分", "number")]
    headings += [Heading("拟定等次"), Heading("名额调整前"), Heading("不定等次的原因", width=22), Heading("清零")]
    headings += [Heading("预警和连续等次（只是提议）", width=26)]
    for code, name in aspects.items():
        headings += [Heading(f"{code} {name}（分值）", "number"), Heading(f"{code} {name}（计入）", "number")]
    note = "试算，不是评定结果。" if made.is_trial else "等次为系统依积分办法拟定，由组织通报后生效。"
    notes = Table("说明", [Heading("说明", "wrapped", 80)], [[note], [f"结果摘要：{made.digest}"]])
    tables = [Table("评定结果", headings, _rows(actor, made, list(aspects)), title)]
    if made.replaces_id is not None:
        named = [Heading("姓名"), Heading("变动"), Heading("上次"), Heading("本次")]
        tables.append(Table("与上次的变动", named, _changes(actor, made)))
    return write_workbook([*tables, notes])


def _rows(actor: AnyActor, made: Settlement, aspects: list[str]) -> Iterator[Row]:
    names = tier_names(made)
    stored: dict[int, dict[str, tuple[int, int]]] = {}
    found = ResultAspect.objects.filter(result__settlement=made).order_by()
    for number, code, raw, counted in found.values_list("result_id", "aspect", "raw", "counted"):
        stored.setdefault(number, {})[code] = (raw, counted)
    reached = reached_by(made)
    for one in results_of(actor, made):
        points = (one.opening, one.positive, one.reverse, one.outside, one.score)
        row: Row = [one.order, one.member.number, one.member.name, one.branch.name, one.unit.name]
        row += [_decimal(each) for each in points]
        row += [names.get(one.tier, one.tier), names.get(one.earned, one.earned) if one.earned != one.tier else ""]
        row += [WHY.get(one.why, one.why), "清零" if one.is_zeroed else ""]
        row += ["、".join(each.name for each in reached.get(one.pk, ()))]
        for code in aspects:
            row += [_decimal(each) for each in stored.get(one.pk, {}).get(code, (0, 0))]
        yield row


def _changes(actor: AnyActor, made: Settlement) -> Iterator[Row]:
    names = {**tier_names(made), **WHY}
    for one in changes_of(actor, made):
        was, now = (
            _decimal(int(each)) if one.what == "score" else names.get(each, each) for each in (one.was, one.now)
        )
        yield [one.member.name, one.get_what_display(), was, now]


def _decimal(hundredths: int) -> Decimal:
    return Decimal(hundredths) / 100
