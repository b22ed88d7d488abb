"""条文 A rulebook as an official paper reads: chapters, articles, each value with whether the source says it.

Pure: a Rulebook in, chapters out; every key of docs/rulebook.md is said in words somewhere. What is marked "assumed" is
shown as 原文未载，待本级党组织确认 and never passed off.
"""

from collections.abc import Iterable

from pioneer.rulebook import closing
from pioneer.rulebook.amounts import PERIODS, caps_text, conditions, track_name, value_text
from pioneer.rulebook.articles import Article, Chapter, Row, Sentence, article, clause_text
from pioneer.rulebook.closing import by_clause, ruled
from pioneer.scoring import Indicator, Rulebook, show
from pioneer.scoring.model import Aspect, CadenceRow, Parameter, Pool, Tier

ORDINALS = "一二三四五六七八九十"
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
FOLLOWS = {"commend": "表扬推荐", "encourage": "勉励", "help": "谈话帮教", "unqualified": "列为不合格"}
TOLD_ELSEWHERE = {"education_validity", "zeroing_answer", "tier_months", "exemption_age", "exemption_abroad"}

__all__ = ["Article", "Chapter", "Row", "Sentence", "chapters", "clause_text", "value_text"]


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


# ---------------------------------------------------------------- chapters


def _general(rulebook: Rulebook) -> list[Article]:
    cycle = rulebook.cycle
    whole = (
        "一个自然年"
        if (cycle.start_month, cycle.months) == (1, 12)
        else f"自{cycle.start_month}月1日起每{cycle.months}个月"
    )
    text = f"党员的日常表现以{whole}为一个周期，逐项记录、量化计分，一人一档。"
    tracks = [ruled(track, f"类别：{track.name}。{track.note}") for track in rulebook.tracks]
    return [
        article(cycle.clause, "周期与类别", [ruled(cycle, text), *tracks]),
        _basic(rulebook),
        *closing.result(rulebook),
        *closing.components(rulebook),
    ]


def _basic(rulebook: Rulebook) -> Article:
    opening, clamp, rule = rulebook.opening, rulebook.clamp, rulebook.indices["basic"]
    limits = [f"最低计至{show(clamp.floor)}分" if clamp.floor is not None else "不设最低分"]
    limits.append(f"最高计至{show(clamp.ceiling)}分" if clamp.ceiling is not None else "不设最高分")
    said = [
        Sentence(f"{rule.name}是一个周期开始时就有的分。", rule.provenance != "source", rule.clause),
        ruled(opening, _opening_text(rulebook)),
        ruled(clamp, "周期得分" + "，".join(limits) + "。"),
        *[ruled(pool, _pool_text(pool)) for pool in rulebook.pools],
    ]
    return article(opening.clause, rule.name, said)


def _opening_text(rulebook: Rulebook) -> str:
    opening = rulebook.opening
    name = rulebook.indices["basic"].name
    if opening.by_track:
        each = "，".join(f"{track_name(rulebook, code)}{show(points)}分" for code, points in opening.by_track.items())
        amount = f"{each}，其余{show(opening.points)}分"
        text = f"{name}即起始分：{amount}"
    else:
        text = f"{name}即起始分，为{show(opening.points)}分"
    if opening.period != "cycle":
        text += f"，{PERIODS[opening.period]}各给一次，周期的起始分为各次之和"
    if opening.inherited_share:
        text += f"，另加上一周期得分的{show(opening.inherited_share * 100)}%"
        text += f"，没有上一周期得分的另加{show(opening.inherited_without)}分"
    return text + "。"


def _pool_text(pool: Pool) -> str:
    return f"“{pool.name}”为只减分项，{PERIODS[pool.period]}{show(pool.points)}分，减至{show(pool.floor)}分为止。"


def _positive(rulebook: Rulebook) -> list[Article]:
    rule = rulebook.indices["positive"]
    first = [
        ruled(rule, "党员申报并经支部考评确认，或由支部主动记入的，予以加分。"),
        Sentence("一件事符合几项的，只计分值最高的一项。", True, rule.clause),
    ]
    if rule.cap is not None:
        net = "减去扣分以后" if rule.net else ""
        text = f"全部加分{net}{PERIODS[rule.cap_period]}最多计{show(rule.cap)}分。"
        first.append(Sentence(text, True, rule.clause))
    articles = [article(rule.clause, f"{rule.name}的计分", first)]
    rows = rulebook.of_index("positive")
    for aspect in rulebook.aspects:
        articles.append(_aspect(rulebook, aspect, [row for row in rows if row.aspect == aspect.code]))
    known = {aspect.code for aspect in rulebook.aspects}
    loose = [row for row in rows if row.aspect not in known]
    if loose:
        articles.append(article(rule.clause, "其他加分项", (), _rows(rulebook, loose)))
    articles += [
        article(group.clause, group.name, [ruled(group, f"{'、'.join(group.indicators)}合并计算，{limits}。")])
        for group in rulebook.groups
        if (limits := caps_text(group.caps))
    ]
    return articles + closing.supplement(rulebook) + closing.passbook(rulebook)


def _aspect(rulebook: Rulebook, aspect: Aspect, rows: list[Indicator]) -> Article:
    said = [ruled(aspect, f"方面：{aspect.name}。")]
    if aspect.cap is not None:
        what = "加减相抵后" if aspect.net else "加分"
        text = f"本方面{what}{PERIODS[aspect.cap_period]}最多计{show(aspect.cap)}分。"
        said.append(Sentence(text, aspect.cap_provenance != "source", aspect.clause))
    return article(aspect.clause, aspect.name, said, _rows(rulebook, rows))


def _reverse(rulebook: Rulebook) -> list[Article]:
    rule = rulebook.indices["reverse"]
    validity = rulebook.procedure.education_validity
    said = [
        ruled(rule, f"有下列情形的，记入{rule.name}，予以扣分。"),
        Sentence("只由党组织记入，每条写明事由和依据，记入时告知本人并听取申辩。", True, rule.clause),
        ruled(
            validity,
            f"须先教育或提醒的，教育记录、提醒须早于行为发生之日，且不超过{_amount(validity)}（{validity.name}）。",
        ),
    ]
    if rule.repeat == "double":
        said.append(Sentence("同一周期内再次发生同一项的，加倍扣分。", True, rule.clause))
    if rule.cap is not None:
        text = f"全部扣分{PERIODS[rule.cap_period]}最多扣{show(rule.cap)}分。"
        said.append(Sentence(text, True, rule.clause))
    rows = rulebook.of_index("reverse")
    return [article(rule.clause, f"{rule.name}的扣分", said, _rows(rulebook, rows))]


def _zeroing(rulebook: Rulebook) -> list[Article]:
    rule = rulebook.indices["zeroing"]
    answer = rulebook.procedure.zeroing_answer
    said = (
        ruled(rule, "有下列情形之一的，得分清零，积分管理在本周期内终止，直接评为不合格。"),
        Sentence(
            "须有发生最终效力的文件（写明发文机关、文号和日期）；尚在怀疑、拘留待查或案件未结的，不得清零。",
            True,
            rule.clause,
        ),
        ruled(answer, f"由支部提出，本人可在{_amount(answer)}内申辩（{answer.name}），由乡镇（街道）批准。"),
    )
    rows = rulebook.of_index("zeroing")
    return [article(rule.clause, f"{rule.name}的情形", said, _rows(rulebook, rows))]


def _tiers(rulebook: Rulebook) -> list[Article]:
    people, steps = rulebook.people, rulebook.procedure
    untiered = "、".join(STATUSES.get(code, code) for code in people.untiered)
    more = [
        ruled(people, f"周期最后一日为{untiered}的，计分而不评等次。"),
        *_parameters([steps.tier_months, steps.exemption_age, steps.exemption_abroad]),
    ]
    return [
        *by_clause("等次与运用", rulebook.tiers, lambda tier: _tier_text(rulebook, tier)),
        *closing.quotas(rulebook),
        *closing.alarms(rulebook),
        *closing.streaks(rulebook),
        article(people.clause, "不评等次与免评", more),
    ]


def _tier_text(rulebook: Rulebook, tier: Tier) -> str:
    higher = [one.lower for one in rulebook.tiers if one.lower > tier.lower]
    least = f"{show(tier.lower)}分以上" if tier.lower > 0 else ""
    below = f"不到{show(min(higher))}分" if higher else ""
    limits = "、".join(part for part in (least, below) if part)
    listed = f"列入{tier.list}。" if tier.list else ""
    follows = f"通报以后：{FOLLOWS[tier.follow]}。" if tier.follow else ""
    said = f"{tier.consequence}{listed}{follows}"
    return f"{tier.name}（{limits}）：{said}" if limits else f"{tier.name}：{said}"


def _procedure(rulebook: Rulebook) -> list[Article]:
    cadence = rulebook.cadence
    said = (
        _cadence(cadence.declaration, "申报做了什么好事：时间、地点、具体事项"),
        _cadence(cadence.assessment, "考评党员日常表现，予以加分或扣分"),
        _cadence(cadence.announcement, "向全体党员通报年度结果，并报乡镇（街道）备案"),
    )
    found: dict[str, list[Parameter]] = {}
    for name in rulebook.procedure.__dataclass_fields__:
        if name not in TOLD_ELSEWHERE:
            parameter = getattr(rulebook.procedure, name)
            if parameter is not None:
                found.setdefault(parameter.clause, []).append(parameter)
    method = cadence.declaration.clause
    articles = [article(method, "三步工作法", [*said, *_parameters(found.pop(method, []))])]
    for clause, parameters in found.items():
        articles.append(article(clause, "期限与数目", _parameters(parameters)))
    return articles + closing.channels(rulebook)


# ---------------------------------------------------------------- sentences


def _cadence(row: CadenceRow, what: str) -> Sentence:
    return ruled(row, f"{EVERY[row.every]}由{WHO.get(row.by, row.by)}{what}。")


def _parameters(parameters: Iterable[Parameter]) -> list[Sentence]:
    return [ruled(one, f"{one.name}：{_amount(one)}。") for one in parameters]


def _amount(parameter: Parameter) -> str:
    is_age = parameter.unit == "years" and "年龄" in parameter.name
    return f"{parameter.value}{'周岁' if is_age else UNITS[parameter.unit]}"


def _rows(rulebook: Rulebook, indicators: Iterable[Indicator]) -> tuple[Row, ...]:
    return tuple(
        Row(
            code=one.code,
            name=one.name,
            track="、".join(track_name(rulebook, code) for code in one.tracks),
            item_assumed=one.provenance != "source",
            value=value_text(rulebook, one),
            caps=caps_text(one.caps),
            value_assumed=one.points_provenance != "source",
            conditions=conditions(rulebook, one),
            clause=one.clause,
        )
        for one in indicators
    )
