"""条文 A rulebook as an official paper reads: chapters, articles, each value with whether the source says it.

Pure: a Rulebook in, chapters out. What is marked "assumed" is shown as 原文未载，待本级党组织确认 and never passed off.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pioneer.scoring import Indicator, Rulebook, show
from pioneer.scoring.model import Aspect, CadenceRow, Parameter, Value, Window

ORDINALS = "一二三四五六七八九十"
WINDOWS: dict[Window, str] = {"day": "每日", "week": "每周", "month": "每月", "quarter": "每季度", "cycle": "每周期"}
UNITS = {"working_days": "个工作日", "days": "日", "months": "个月", "years": "年", "count": ""}
EVERY = {"week": "每周", "month": "每月", "quarter": "每季度", "year": "年底"}
WHO = {"member": "党员", "branch": "支部", "community": "村（社区）党组织", "township": "乡镇（街道）党组织"}
STATUSES = {
    "probationary": "预备党员",
    "exempt": "免评党员",
    "transferred_out": "已转出",
    "left": "已退党",
    "removed": "已除名",
    "expelled": "已开除",
    "deceased": "已故",
    "out_of_contact": "失联党员",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """一句 What holds, and whether the source says so."""

    text: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """一项 One indicator: the item and its value are marked apart, since the source may say one and not the other."""

    code: str
    name: str
    track: str
    item_assumed: bool
    value: str
    caps: str
    value_assumed: bool
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """一条 By its clause, with sentences, or a table of indicators under the sentences."""

    clause: str
    title: str
    sentences: tuple[Sentence, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """一章"""

    number: str
    title: str
    articles: tuple[Article, ...] = field(default_factory=tuple)


def chapters(rulebook: Rulebook) -> list[Chapter]:
    """全文 The chapters of a rulebook, in the order of a regulation; one without content is left out."""
    indices = rulebook.indices
    parts = [
        ("总则", _general(rulebook)),
        (indices["positive"].name, _positive(rulebook)),
        (indices["reverse"].name, _reverse(rulebook)),
        (indices["zeroing"].name, _zeroing(rulebook)),
        ("等次", _tiers(rulebook)),
        ("程序", _procedure(rulebook)),
    ]
    listed = [(title, articles) for title, articles in parts if articles]
    return [Chapter(f"第{ORDINALS[n]}章", title, tuple(articles)) for n, (title, articles) in enumerate(listed)]


def clause_text(clause: str) -> str:
    """条号 "第三条A1" reads "第三条 A1"."""
    return re.sub(r"(条)(?=\w)", r"\1 ", clause)


# ---------------------------------------------------------------- chapters


def _general(rulebook: Rulebook) -> list[Article]:
    cycle, opening, clamp = rulebook.cycle, rulebook.opening, rulebook.clamp
    whole = (
        "一个自然年"
        if (cycle.start_month, cycle.months) == (1, 12)
        else f"自{cycle.start_month}月1日起每{cycle.months}个月"
    )
    articles = [
        Article(
            clause_text(cycle.clause),
            "周期与类别",
            (
                Sentence(
                    f"党员的日常表现以{whole}为一个周期，逐项记录、量化计分，一人一档。", cycle.provenance != "source"
                ),
                *[
                    Sentence(f"类别：{track.name}。{track.note}", track.provenance != "source")
                    for track in rulebook.tracks
                ],
            ),
        )
    ]
    basic = [Sentence(_opening_text(rulebook), opening.provenance != "source")]
    limits = [f"最低计至{show(clamp.floor)}分" if clamp.floor is not None else "不设最低分"]
    limits.append(f"最高计至{show(clamp.ceiling)}分" if clamp.ceiling is not None else "不设最高分")
    basic.append(Sentence("周期得分" + "，".join(limits) + "。", clamp.provenance != "source"))
    basic += [
        Sentence(
            f"“{pool.name}”为只减分项，{WINDOWS[pool.period]}{show(pool.points)}分，减至{show(pool.floor)}分为止。",
            pool.provenance != "source",
        )
        for pool in rulebook.pools
    ]
    articles.append(Article(clause_text(opening.clause), rulebook.indices["basic"].name, tuple(basic)))
    return articles


def _opening_text(rulebook: Rulebook) -> str:
    opening = rulebook.opening
    name = rulebook.indices["basic"].name
    if opening.by_track:
        each = "，".join(f"{_track(rulebook, code)}{show(points)}分" for code, points in opening.by_track.items())
        text = f"{name}即起始分：{each}，其余{show(opening.points)}分"
    else:
        text = f"{name}即起始分，为{show(opening.points)}分"
    if opening.inherited_share:
        text += f"，另加上一周期得分的{show(opening.inherited_share * 100)}%"
    return text + "。"


def _positive(rulebook: Rulebook) -> list[Article]:
    rule = rulebook.indices["positive"]
    first = [
        Sentence("党员申报并经支部考评确认，或由支部主动记入的，予以加分。", rule.provenance != "source"),
        Sentence("一件事符合几项的，只计分值最高的一项。", True),
    ]
    if rule.cap is not None:
        first.append(Sentence(f"全部加分每周期最多计{show(rule.cap)}分。", True))
    articles = [Article(clause_text(rule.clause), f"{rule.name}的计分", tuple(first))]
    rows = rulebook.of_index("positive")
    for aspect in rulebook.aspects:
        articles.append(_aspect(rulebook, aspect, [row for row in rows if row.aspect == aspect.code]))
    loose = [row for row in rows if row.aspect is None]
    if loose:
        articles.append(Article(clause_text(rule.clause), "其他加分项", (), _rows(rulebook, loose)))
    for group in rulebook.groups:
        named = "、".join(group.indicators)
        text = f"{named}合并计算，{_caps_text(group.caps)}。"
        articles.append(Article(clause_text(group.clause), group.name, (Sentence(text, group.provenance != "source"),)))
    return articles


def _aspect(rulebook: Rulebook, aspect: Aspect, rows: list[Indicator]) -> Article:
    said = [Sentence(f"方面：{aspect.name}。", aspect.provenance != "source")]
    if aspect.cap is not None:
        what = "加减相抵后" if aspect.net else "加分"
        said.append(Sentence(f"本方面{what}每周期最多计{show(aspect.cap)}分。", aspect.cap_provenance != "source"))
    return Article(clause_text(aspect.clause), aspect.name, tuple(said), _rows(rulebook, rows))


def _reverse(rulebook: Rulebook) -> list[Article]:
    rule = rulebook.indices["reverse"]
    validity = rulebook.procedure.education_validity
    said = [
        Sentence("只由党组织记入，每条写明事由和依据，记入时告知本人并听取申辩。", True),
        Sentence(
            f"须先教育或提醒的，教育记录、提醒须早于行为发生之日，且不超过{_amount(validity)}。", _guess(validity)
        ),
    ]
    if rule.repeat == "double":
        said.append(Sentence("同一周期内再次发生同一项的，加倍扣分。", True))
    rows = rulebook.of_index("reverse")
    return [Article(clause_text(rule.clause), f"{rule.name}的扣分", tuple(said), _rows(rulebook, rows))]


def _zeroing(rulebook: Rulebook) -> list[Article]:
    rule = rulebook.indices["zeroing"]
    answer = rulebook.procedure.zeroing_answer
    said = (
        Sentence("有下列情形之一的，得分清零，积分管理在本周期内终止，直接评为不合格。", rule.provenance != "source"),
        Sentence(
            "须有发生最终效力的文件（写明发文机关、文号和日期）；尚在怀疑、拘留待查或案件未结的，不得清零。", True
        ),
        Sentence(f"由支部提出，本人可在{_amount(answer)}内申辩，由乡镇（街道）批准。", _guess(answer)),
    )
    rows = rulebook.of_index("zeroing")
    return [Article(clause_text(rule.clause), f"{rule.name}的情形", said, _rows(rulebook, rows))]


def _tiers(rulebook: Rulebook) -> list[Article]:
    by_clause: dict[str, list[Sentence]] = {}
    for tier in rulebook.tiers:
        said = Sentence(f"{tier.name}：{tier.consequence}", tier.provenance != "source")
        by_clause.setdefault(tier.clause, []).append(said)
    people, steps = rulebook.people, rulebook.procedure
    untiered = "、".join(STATUSES.get(code, code) for code in people.untiered)
    articles = [Article(clause_text(clause), "等次与运用", tuple(said)) for clause, said in by_clause.items()]
    more = [
        Sentence(f"周期最后一日为{untiered}的，计分而不评等次。", people.provenance != "source"),
        *_parameters([steps.tier_months, steps.streak_cycles, steps.exemption_age, steps.exemption_abroad]),
    ]
    articles.append(Article(clause_text(people.clause), "不评等次与免评", tuple(more)))
    return articles


def _procedure(rulebook: Rulebook) -> list[Article]:
    cadence = rulebook.cadence
    said = (
        _cadence(cadence.declaration, "申报做了什么好事：时间、地点、具体事项"),
        _cadence(cadence.assessment, "考评党员日常表现，予以加分或扣分"),
        _cadence(cadence.announcement, "向全体党员通报年度结果，并报乡镇（街道）备案"),
    )
    told = {"education_validity", "zeroing_answer", "tier_months", "streak_cycles", "exemption_age", "exemption_abroad"}
    by_clause: dict[str, list[Parameter]] = {}
    for name in rulebook.procedure.__dataclass_fields__:
        if name not in told:
            parameter = getattr(rulebook.procedure, name)
            by_clause.setdefault(parameter.clause, []).append(parameter)
    method = cadence.declaration.clause
    articles = [Article(clause_text(method), "三步工作法", (*said, *_parameters(by_clause.pop(method, []))))]
    for clause, parameters in by_clause.items():
        articles.append(Article(clause_text(clause), "期限与数目", tuple(_parameters(parameters))))
    return articles


# ---------------------------------------------------------------- sentences


def _cadence(row: CadenceRow, what: str) -> Sentence:
    return Sentence(f"{EVERY[row.every]}由{WHO.get(row.by, row.by)}{what}。", row.provenance != "source")


def _parameters(parameters: Iterable[Parameter]) -> list[Sentence]:
    return [Sentence(f"{one.name}：{_amount(one)}。", _guess(one)) for one in parameters]


def _amount(parameter: Parameter) -> str:
    return f"{parameter.value}{'周岁' if '年龄' in parameter.name else UNITS[parameter.unit]}"


def _guess(parameter: Parameter) -> bool:
    return parameter.provenance != "source"


def _track(rulebook: Rulebook, code: str) -> str:
    track = rulebook.track(code)
    return track.name if track else code


def _rows(rulebook: Rulebook, indicators: Iterable[Indicator]) -> tuple[Row, ...]:
    return tuple(
        Row(
            code=one.code,
            name=one.name,
            track="、".join(_track(rulebook, code) for code in one.tracks),
            item_assumed=one.provenance != "source",
            value=value_text(rulebook, one),
            caps=_caps_text(one.caps),
            value_assumed=one.points_provenance != "source",
            conditions=_conditions(one),
        )
        for one in indicators
    )


def _conditions(one: Indicator) -> tuple[str, ...]:
    said = []
    if one.prior is not None:
        said.append("须先有教育记录" if one.prior.kind == "education" else "须先有提醒记录")
    if one.needs_decision:
        said.append("须经支部委员会决定")
    if one.needs_words:
        said.append("须记录原话")
    if one.needs_document:
        said.append("须有生效文件")
    if one.voids_claim:
        said.append("所涉申报无效")
    if one.note:
        said.append(one.note.rstrip("。"))
    said += [f"{one.name}的按{show(one.factor)}倍计" for one in one.multipliers]
    return tuple(said)


def _caps_text(caps: Mapping[Window, int]) -> str:
    return "，".join(f"{WINDOWS[window]}最多{show(caps[window])}分" for window in WINDOWS if window in caps)


def value_text(rulebook: Rulebook, indicator: Indicator) -> str:
    """分值 In words: 每次0.5分；每小时0.5分，一次最多2分；2至5分，说明理由后确定."""
    value = indicator.value
    if value is None:
        return ""
    sign = "减" if indicator.index == "reverse" else ""
    return _SHAPES[value.shape](rulebook, value, sign)


def _fixed(rulebook: Rulebook, value: Value, sign: str) -> str:
    if value.by_track:
        each = "；".join(f"{_track(rulebook, code)}{sign}{show(points)}分" for code, points in value.by_track.items())
        return f"每次{each}"
    return f"每次{sign}{show(value.points)}分"


def _per_unit(rulebook: Rulebook, value: Value, sign: str) -> str:
    text = f"每{value.unit}{sign}{show(value.points)}分"
    text += "，按整数计" if value.whole else "，不足的按比例计"
    return text + (f"，一次最多{show(value.maximum)}分" if value.maximum is not None else "")


def _range(rulebook: Rulebook, value: Value, sign: str) -> str:
    return f"每次{sign}{show(value.minimum)}至{show(value.maximum or value.minimum)}分，写明理由后确定"


def _ladder(rulebook: Rulebook, value: Value, sign: str) -> str:
    steps = "，".join(f"{step.name}{sign}{show(step.points)}分" for step in value.steps)
    return f"{steps}；同一件事就高计一次"


def _brackets(rulebook: Rulebook, value: Value, sign: str) -> str:
    return "，".join(f"满{show(step.start)}{value.unit}{sign}{show(step.points)}分" for step in value.steps)


def _cumulative(rulebook: Rulebook, value: Value, sign: str) -> str:
    return f"累计{_brackets(rulebook, value, sign)}；达到高一档的，替换而不累加"


def _nth(rulebook: Rulebook, value: Value, sign: str) -> str:
    times = [f"第{n}次{sign}{show(points)}分" for n, points in enumerate(value.times, start=1)]
    back = f"，向前{value.back_months}个月内合并计次" if value.back_months else ""
    return "，".join(times) + "，此后同末次" + back


_SHAPES = {
    "fixed": _fixed,
    "per_unit": _per_unit,
    "range": _range,
    "ladder": _ladder,
    "brackets": _brackets,
    "cumulative": _cumulative,
    "nth": _nth,
}
