"""前后一致（合计与等次）: what tables about the score as a whole may not say together with the others."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from pioneer.scoring.kinds import Period
from pioneer.scoring.model import Rulebook
from pioneer.scoring.points import show
from pioneer.scoring.positions import Path
from pioneer.scoring.reader import Notebook

MONTHS: dict[Period, int] = {"month": 1, "quarter": 3, "cycle": 12}
PERIOD_WORDS: dict[Period, str] = {"month": "每月", "quarter": "每季度", "cycle": "全周期"}


def check_closing(rulebook: Rulebook, notebook: Notebook) -> None:
    """前后一致: references of components, quotas, streaks, alarms and supplements."""
    for number, component in enumerate(rulebook.components):
        if component.code in rulebook.indicators:
            name = rulebook.indicators[component.code].name
            notebook.note(("components", number, "code"), f"编号“{component.code}”已用于“{name}”，请另取一个")
        if component.without is not None and component.without > component.maximum * component.weight // 100:
            most = show(component.maximum * component.weight // 100)
            notebook.note(("components", number, "without"), f"没有成绩时计分高于满分折算的{most}分，请改正")
    for path, code in _tiers_named(rulebook):
        if code is not None and rulebook.tier(code) is None:
            notebook.note(path, f"没有等次“{code}”，请先在 [[tiers]] 写明或改正")
    _check_quotas(rulebook, notebook)
    for number, alarm in enumerate(rulebook.alarms):
        floor = rulebook.clamp.floor
        if alarm.below is not None and floor is not None and alarm.below <= floor:
            line, low = show(alarm.below), show(floor)
            notebook.note(("alarms", number, "below"), f"预警线{line}分不高于最低分{low}分，永远不会触发，请改正")
    supplement = rulebook.supplement
    if supplement is None:
        return
    if supplement.aspect is not None and rulebook.aspect(supplement.aspect) is None:
        notebook.note(("supplement", "aspect"), f"没有方面“{supplement.aspect}”，请先在 [[aspects]] 写明或改正")
    if supplement.caps and min(supplement.caps.values()) < supplement.points:
        least = show(min(supplement.caps.values()))
        notebook.note(
            ("supplement", "caps"),
            f"合计上限{least}分小于一次最多的{show(supplement.points)}分，一次也计不满，请改正其一",
        )


def _tiers_named(rulebook: Rulebook) -> Iterator[tuple[Path, str | None]]:
    for number, quota in enumerate(rulebook.quotas):
        yield ("quotas", number, "tier"), quota.tier
    for number, streak in enumerate(rulebook.streaks):
        yield ("streaks", number, "at_most"), streak.at_most
        yield ("streaks", number, "at_least"), streak.at_least
    for number, alarm in enumerate(rulebook.alarms):
        yield ("alarms", number, "tier_at_most"), alarm.tier_at_most


def _check_quotas(rulebook: Rulebook, notebook: Notebook) -> None:
    seen: set[tuple[str, str]] = set()
    places = {tier.code: place for place, tier in enumerate(rulebook.tiers)}
    for number, quota in enumerate(rulebook.quotas):
        path: Path = ("quotas", number, "tier")
        if (quota.tier, quota.end) in seen:
            notebook.note(path, f"等次“{quota.tier}”的名额写了两次，请删去其一")
        seen.add((quota.tier, quota.end))
        place = places.get(quota.tier)
        if place is None:
            continue
        if quota.end == "top" and place == len(rulebook.tiers) - 1:
            notebook.note(path, "最低等次以下没有等次，不能限制名额，请改正")
        if quota.end == "bottom" and place == 0:
            notebook.note(path, "末位名额不能落在最高等次，请改正")
    bottom = sum((Fraction(*quota.share) for quota in rulebook.quotas if quota.end == "bottom"), Fraction(0))
    if bottom > 1:
        last = max(number for number, quota in enumerate(rulebook.quotas) if quota.end == "bottom")
        notebook.note(("quotas", last, "share"), "末位名额的比例合计超过1，请改正")


def check_periods(rulebook: Rulebook, notebook: Notebook) -> None:
    """分期计分: everything below the total must say to which period it belongs."""
    cycle, result, opening = rulebook.cycle, rulebook.result, rulebook.opening
    if not result.is_by_period or result.period == "cycle":
        return
    period, words = result.period, PERIOD_WORDS[result.period]
    if MONTHS[period] * 2 > cycle.months:
        notebook.note(("result", "period"), f"周期只有{cycle.months}个月，不足两个“{period}”，请改正其一")
    allotted = opening.points or any(opening.by_track.values())
    if allotted and opening.period == "cycle":
        text = f'{words}分别计分时，基本分是每期的还是全周期的有两种读法，请在 opening 写明 period = "{period}"'
        notebook.note(("opening",), text)
    elif allotted and opening.period != period:
        text = f'{words}分别计分时，基本分须按同样的时段给，请写成 period = "{period}"，分值相应改写'
        notebook.note(("opening", "period"), text)
    if opening.inherited_share:
        notebook.note(
            ("opening", "inherited_share"), f"{words}分别计分时，结转的分归哪一期没有定法，请删去 inherited_share"
        )
    for number, pool in enumerate(rulebook.pools):
        if MONTHS[pool.period] > MONTHS[period]:
            notebook.note(
                ("pools", number), f'{words}分别计分时，分池须按同样或更短的时段分配，请写明 period = "{period}"'
            )
    for path, cap, cap_period in _caps(rulebook):
        if cap is not None and MONTHS[cap_period] > MONTHS[period]:
            text = f'{words}分别计分时，这个上限管一期还是全周期有两种读法，请写明 cap_period = "{period}"'
            notebook.note((*path, "cap"), text)
    _check_alarms(rulebook, notebook)


def check_cap_order(rulebook: Rulebook, notebook: Notebook) -> None:
    """封顶的先后: a cap on the whole may not be looked at more often than what it is made of."""
    positive, reverse = rulebook.indices["positive"], rulebook.indices["reverse"]
    made_of = [(aspect.name, aspect.cap_period) for aspect in rulebook.aspects if aspect.cap is not None]
    pooled = [(pool.name, pool.period) for pool in rulebook.pools]
    for rule, parts in ((positive, made_of), (reverse, pooled)):
        longer = [name for name, period in parts if MONTHS[period] > MONTHS[rule.cap_period]]
        if rule.cap is not None and longer:
            text = f"总上限按{PERIOD_WORDS[rule.cap_period]}，而“{longer[0]}”的时段更长，先后次序不定"
            notebook.note(("indices", rule.code, "cap_period"), f"{text}，请写成同样或更长的 cap_period")


def _caps(rulebook: Rulebook) -> Iterator[tuple[Path, int | None, Period]]:
    for number, aspect in enumerate(rulebook.aspects):
        yield ("aspects", number), aspect.cap, aspect.cap_period
    for code in ("positive", "reverse"):
        rule = rulebook.indices[code]
        yield ("indices", code), rule.cap, rule.cap_period


def _check_alarms(rulebook: Rulebook, notebook: Notebook) -> None:
    highest = rulebook.result.ceiling
    for number, alarm in enumerate(rulebook.alarms):
        if (
            alarm.below is not None
            and highest is not None
            and rulebook.result.method == "mean"
            and alarm.below > highest
        ):
            line, most = show(alarm.below), show(highest)
            notebook.note(("alarms", number, "below"), f"预警线{line}分高于每期最高分{most}分，人人都会触发，请改正")
