"""提示: traps in the numbers and forbidden indicators. They stop nothing, but whoever adopts must answer them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pioneer.scoring.closing_checks import MONTHS
from pioneer.scoring.consistency import WINDOW_WORDS, indicator_paths
from pioneer.scoring.model import WINDOWS, Indicator, Mistake, Period, Rulebook, Tier, Value, Window
from pioneer.scoring.points import product, quotient, show
from pioneer.scoring.positions import Path, Positions
from pioneer.scoring.reader import place_text

# What no indicator may charge, by national rule; the words betray it, the adopter decides.
FORBIDDEN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("信访、上访", ("信访", "上访", "访民", "缠访", "闹访")),
    ("投诉、举报", ("投诉", "举报", "控告", "12345")),
    ("提出异议", ("异议",)),
    ("申诉", ("申诉", "申辩")),
    (
        "拒绝使用手机应用",
        ("安装", "打卡", "下载", "APP", "App", "app", "小程序", "注册率", "签到率", "在线时长", "学习积分"),
    ),
    ("亲属的行为", ("亲属", "家属", "子女", "配偶", "父母", "家人", "家庭成员")),
    ("合法的宗教活动或习俗", ("宗教", "信教", "礼拜", "寺庙", "教堂", "清真", "朝觐")),
)
WIDER: dict[Window, dict[Window, int]] = {
    "month": {"quarter": 3, "cycle": 12},
    "quarter": {"cycle": 4},
}


def find_warnings(rulebook: Rulebook, positions: Positions) -> tuple[Mistake, ...]:
    """提示: everything the adopter must answer, in the order of the file. An indicator's ``answer`` settles its own."""
    paths = indicator_paths(rulebook)
    found: list[tuple[Path, str]] = [*_score_traps(rulebook)]
    for row in rulebook.indicators.values():
        if not row.answer:
            found.extend((paths[row.code], message) for message in _forbidden(row))
            found.extend(((*paths[row.code], "caps"), message) for message in _idle_caps(row, rulebook.cycle.months))
    rows = (Mistake(place_text(path), positions.line(path), message, "warning") for path, message in found)
    return tuple(sorted(rows, key=lambda row: row.line))


def _forbidden(row: Indicator) -> Iterator[str]:
    if row.index == "positive":
        return
    text = f"{row.name}{row.wording}{row.note}"
    for what, words in FORBIDDEN:
        word = next((word for word in words if word in text), None)
        if word is not None:
            yield (
                f"指标{row.code}“{row.name}”含“{word}”，可能因{what}而扣分，为国家规定所不许；"
                "请删去，或在 answer 中写明为何不属此类"
            )


def _idle_caps(row: Indicator, months: int) -> Iterator[str]:
    for narrow, wider in WIDER.items():
        for wide, times in wider.items():
            if narrow in row.caps and wide in row.caps:
                most = row.caps[narrow] * min(times, months if narrow == "month" else months // 3)
                if most < row.caps[wide]:
                    yield (
                        f"{WINDOW_WORDS[narrow]}上限{show(row.caps[narrow])}分，全部计满也只有{show(most)}分，"
                        f"{WINDOW_WORDS[wide]}上限{show(row.caps[wide])}分永远达不到"
                    )


def _score_traps(rulebook: Rulebook) -> Iterator[tuple[Path, str]]:
    if not rulebook.tiers:
        return
    lowest = rulebook.tiers[-1]
    for track in rulebook.tracks:
        opening = _opening(rulebook, track.code)
        who = f"{track.name}类" if rulebook.opening.by_track or len(rulebook.tracks) > 1 else ""
        yield from _low_opening(rulebook, track.code, opening, lowest, who)
        best = _best(rulebook, track.code, opening)
        top = rulebook.tiers[0]
        if best < top.lower:
            yield ("tiers", 0), f"{who}党员各项加满也只有{show(best)}分，达不到最高等次“{top.name}”"


def _best(rulebook: Rulebook, track: str, opening: int) -> int:
    """最高可得: everything added up to its caps, and full marks."""
    result = rulebook.result
    additions = _most_additions(rulebook, track)
    best = opening + (additions // _periods(rulebook) if result.method == "mean" else additions)
    if result.is_by_period and result.ceiling is not None:
        times = 1 if result.method == "mean" else _periods(rulebook)
        best = min(best, result.ceiling * times)
    best = product(best, result.coefficient_by_track.get(track, result.coefficient))
    best += sum(product(component.maximum, component.weight) for component in rulebook.components)
    return best if rulebook.clamp.ceiling is None else min(best, rulebook.clamp.ceiling)


def _periods(rulebook: Rulebook) -> int:
    return rulebook.cycle.months // (MONTHS[rulebook.result.period] if rulebook.result.is_by_period else 12) or 1


def _low_opening(rulebook: Rulebook, track: str, opening: int, lowest: Tier, who: str) -> Iterator[tuple[Path, str]]:
    if len(rulebook.tiers) < 2 or rulebook.components:
        return
    line = rulebook.tiers[-2].lower
    if opening < line:
        yield ("opening",), f"没有申报、没有扣分的{who}党员得{show(opening)}分，会落入最低等次“{lowest.name}”"
        return
    for row in rulebook.of_index("reverse", track):
        once = _least(row.value)
        if rulebook.result.method == "mean":
            once = quotient(once, _periods(rulebook))
        if once and opening - once < line:
            message = f"没有申报、只有一次{row.code}“{row.name}”的{who}党员得{show(opening - once)}分，会落入最低等次"
            yield ("opening",), f"{message}“{lowest.name}”"


def _opening(rulebook: Rulebook, track: str) -> int:
    """没有任何事实时的得分: before outside components."""
    opening, result = rulebook.opening, rulebook.result
    months = rulebook.cycle.months
    times = {"month": months, "quarter": months // 3, "cycle": 1}
    points = opening.by_track.get(track, opening.points) * times[opening.period] + opening.inherited_without
    points += sum(pool.points * times[pool.period] for pool in rulebook.pools)
    if result.method == "mean":
        points = quotient(points, _periods(rulebook))
    return product(points, result.coefficient_by_track.get(track, result.coefficient))


def _least(value: Value | None) -> int:
    if value is None:
        return 0
    if value.shape in ("range", "shortfall"):
        return value.minimum
    if value.shape == "nth":
        return value.times[0]
    if value.steps:
        return value.steps[0].points
    return min([value.points, *value.by_track.values()])


def _most_additions(rulebook: Rulebook, track: str) -> int:
    unlimited = 10**12
    sums: dict[str, int] = {}
    for row in rulebook.of_index("positive", track):
        code = row.aspect or ""
        sums[code] = sums.get(code, 0) + _most(row.caps, rulebook.cycle.months, unlimited)
    months = rulebook.cycle.months
    for aspect in rulebook.aspects:
        if aspect.cap is not None and aspect.code in sums:
            sums[aspect.code] = min(sums[aspect.code], aspect.cap * _times(aspect.cap_period, months))
    whole = rulebook.indices["positive"]
    points = sum(sums.values())
    return points if whole.cap is None else min(points, whole.cap * _times(whole.cap_period, months))


def _times(period: Period, months: int) -> int:
    return 1 if period == "cycle" else months // MONTHS[period]


def _most(caps: Mapping[Window, int], months: int, unlimited: int) -> int:
    if not caps:
        return unlimited
    times = {"day": 366, "week": 60, "month": months, "quarter": months // 3, "cycle": 1}
    return min(unlimited, *(caps[window] * times[window] for window in WINDOWS if window in caps))
