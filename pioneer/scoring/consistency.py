"""前后一致: what each table may say by itself, but not together with the others. Every finding is a mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from pioneer.scoring.closing_checks import check_cap_order, check_closing, check_periods
from pioneer.scoring.closing_rows import FOLLOWS
from pioneer.scoring.model import WINDOWS, Index, Indicator, Rulebook, Window
from pioneer.scoring.points import show
from pioneer.scoring.positions import Path
from pioneer.scoring.reader import Notebook

WINDOW_WORDS: dict[Window, str] = {
    "day": "每日",
    "week": "每周",
    "month": "每月",
    "quarter": "每季度",
    "cycle": "每周期",
}


def indicator_paths(rulebook: Rulebook) -> dict[str, Path]:
    """位置: the path of each indicator's table, by code."""
    counts: dict[Index, int] = {}
    paths: dict[str, Path] = {}
    for row in rulebook.indicators.values():
        number = counts.get(row.index, 0)
        counts[row.index] = number + 1
        paths[row.code] = (row.index, number)
    return paths


def check_consistency(rulebook: Rulebook, notebook: Notebook) -> None:
    """前后一致: notes every contradiction between tables."""
    _check_codes(rulebook, notebook)
    _check_names(rulebook, notebook)
    paths = indicator_paths(rulebook)
    for row in rulebook.indicators.values():
        _check_references(rulebook, row, paths[row.code], notebook)
        check_caps(row.caps, paths[row.code], notebook)
        check_room(row, paths[row.code], notebook)
        _check_multipliers(row, paths[row.code], notebook)
    _check_proposed(rulebook, paths, notebook)
    _check_groups(rulebook, notebook)
    _check_tiers(rulebook, notebook)
    _check_opening(rulebook, notebook)
    check_closing(rulebook, notebook)
    check_periods(rulebook, notebook)
    check_cap_order(rulebook, notebook)


def _check_codes(rulebook: Rulebook, notebook: Notebook) -> None:
    tables: dict[str, Iterable[str]] = {
        "tracks": (row.code for row in rulebook.tracks),
        "aspects": (row.code for row in rulebook.aspects),
        "pools": (row.code for row in rulebook.pools),
        "groups": (row.code for row in rulebook.groups),
        "tiers": (row.code for row in rulebook.tiers),
        "components": (row.code for row in rulebook.components),
        "streaks": (row.code for row in rulebook.streaks),
        "alarms": (row.code for row in rulebook.alarms),
    }
    for name, codes in tables.items():
        seen: set[str] = set()
        for number, code in enumerate(codes):
            if code in seen:
                notebook.note((name, number, "code"), f"编号“{code}”写了两次，请另取一个")
            seen.add(code)


def _check_names(rulebook: Rulebook, notebook: Notebook) -> None:
    """名称: a file of facts may say the name in the place of the code, so each must mean one thing only."""
    tables = {
        "tracks": [(row.code, row.name) for row in rulebook.tracks],
        "tiers": [(row.code, row.name) for row in rulebook.tiers],
    }
    for table, rows in tables.items():
        seen: dict[str, str] = {}
        for number, (code, name) in enumerate(rows):
            for word in (code, name):
                if seen.setdefault(word, code) != code:
                    text = f"“{word}”同时指“{seen[word]}”和“{code}”，填表时分不清，请改名"
                    notebook.note((table, number, "name"), text)


def _check_references(rulebook: Rulebook, row: Indicator, path: Path, notebook: Notebook) -> None:
    if row.aspect is not None and rulebook.aspect(row.aspect) is None:
        notebook.note((*path, "aspect"), f"没有方面“{row.aspect}”，请先在 [[aspects]] 写明或改正")
    if row.pool is not None and row.pool not in {pool.code for pool in rulebook.pools}:
        notebook.note((*path, "pool"), f"没有分池“{row.pool}”，请先在 [[pools]] 写明或改正")
    for key, code in (("tier_direct", row.tier_direct), ("tier_at_most", row.tier_at_most)):
        if code is not None and rulebook.tier(code) is None:
            notebook.note((*path, key), f"没有等次“{code}”，请先在 [[tiers]] 写明或改正")
    if row.tier_direct is not None and row.tier_at_most is not None:
        notebook.note((*path, "tier_at_most"), "直接定等次与限定最高等次只能写一个，请删去其一")
    for track in row.tracks:
        if rulebook.track(track) is None:
            notebook.note((*path, "tracks"), f"没有类别“{track}”，请先在 [[tracks]] 写明或改正")


def check_caps(caps: Mapping[Window, int], path: Path, notebook: Notebook) -> None:
    """封顶的宽窄: a narrow window's cap may not exceed a wider one's."""
    written = [window for window in WINDOWS if window in caps]
    for narrow, wide in pairwise(written):
        if caps[narrow] > caps[wide]:
            notebook.note(
                (*path, "caps"),
                f"{WINDOW_WORDS[narrow]}上限{show(caps[narrow])}分大于{WINDOW_WORDS[wide]}上限{show(caps[wide])}分，"
                "永远不会起作用，请改正其一",
            )


def check_room(row: Indicator, path: Path, notebook: Notebook) -> None:
    """一次计得满: no cap may be smaller than what one occurrence is worth."""
    value = row.value
    if value is None or not row.caps:
        return
    each = max([value.points, *value.by_track.values()])
    least = {"fixed": each, "per_unit": value.points, "range": value.minimum, "to_floor": value.points}
    once = least.get(value.shape, 0)
    window = min(row.caps, key=lambda name: row.caps[name])
    if once > row.caps[window]:
        notebook.note(
            (*path, "caps"),
            f"{WINDOW_WORDS[window]}上限{show(row.caps[window])}分小于一次的分值{show(once)}分，一次也计不满，请改正其一",
        )


def _check_multipliers(row: Indicator, path: Path, notebook: Notebook) -> None:
    for key, written in (("caps", row.caps), ("multipliers", row.multipliers)):
        if row.value is None and written:
            notebook.note((*path, key), f"这一项不计分值，“{key}”无从适用，请删去，或写明 value")
    if row.multipliers and row.value is not None and row.value.shape in ("nth", "cumulative"):
        notebook.note((*path, "multipliers"), "按次数或累计计分的指标不能再加倍，请删去其一")
    if row.value is not None and row.value.shape == "to_floor":
        if row.pool is None:
            notebook.note((*path, "value"), "“扣完为止”须写明从哪个分池扣，请补上 pool")
        if row.multipliers:
            notebook.note((*path, "multipliers"), "“扣完为止”的指标不能再加倍，请删去其一")


def _check_proposed(rulebook: Rulebook, paths: Mapping[str, Path], notebook: Notebook) -> None:
    """提议来源: one indicator for each track and source."""
    taken: dict[tuple[str, str], str] = {}
    for row in rulebook.indicators.values():
        if row.proposed_from is None:
            continue
        path: Path = (*paths[row.code], "proposed_from")
        if lacking := "、".join(_not_in_a_proposal(row)):
            text = (
                f"“{row.proposed_from}”提议时不带{lacking}，这一项没有它记不上，请删去这一项，或改为不须{lacking}的指标"
            )
            notebook.note(path, text)
        tracks = row.tracks or tuple(track.code for track in rulebook.tracks)
        other = next((taken[row.proposed_from, one] for one in tracks if (row.proposed_from, one) in taken), None)
        if other is not None:
            notebook.note(path, f"“{row.proposed_from}”已由“{other}”写明，同一类别只能提议一项，请删去其一")
        taken.update({(row.proposed_from, one): row.code for one in tracks})


def _not_in_a_proposal(row: Indicator) -> list[str]:
    """提议不带的: what a line of this indicator can't do without, and no record of a day brings."""
    shape = row.value.shape if row.value is not None else ""
    needed = {
        "级别": shape == "ladder",
        "定分": shape == "range",
        "教育记录": row.prior is not None and row.prior.kind == "education",
        "提醒记录": row.prior is not None and row.prior.kind == "reminder",
        "支部委员会决议": row.needs_decision,
        "原话": row.needs_words,
    }
    return [name for name, is_needed in needed.items() if is_needed]


def _check_groups(rulebook: Rulebook, notebook: Notebook) -> None:
    for number, group in enumerate(rulebook.groups):
        path: Path = ("groups", number)
        check_caps(group.caps, path, notebook)
        indices = set()
        for code in group.indicators:
            row = rulebook.indicators.get(code)
            if row is None:
                notebook.note((*path, "indicators"), f"没有指标“{code}”，请改正或删去")
            else:
                indices.add(row.index)
        if len(indices) > 1 or "zeroing" in indices:
            notebook.note((*path, "indicators"), "合并封顶的指标须同属正向指数，或同属反向指数，请分开写")


def _check_tiers(rulebook: Rulebook, notebook: Notebook) -> None:
    tiers = rulebook.tiers
    for number, (upper, lower) in enumerate(pairwise(tiers), start=1):
        if lower.lower >= upper.lower:
            notebook.note(("tiers", number, "lower"), "等次须由高到低排列，每一等的下限须小于上一等，请调整次序或下限")
    if tiers and tiers[-1].lower != (rulebook.clamp.floor or 0):
        floor = show(rulebook.clamp.floor or 0)
        notebook.note(
            ("tiers", len(tiers) - 1, "lower"),
            f"最低等次的下限须为{floor}分，否则{floor}至{show(tiers[-1].lower)}分之间没有等次",
        )
    worst, order = 0, list(FOLLOWS)
    for number, tier in enumerate(tiers):
        place = order.index(tier.follow) if tier.follow else worst
        if place < worst:
            notebook.note(
                ("tiers", number, "follow"), "后续须随等次由高到低依次为表扬推荐、勉励、谈话帮教、列为不合格，请改正"
            )
        worst = max(worst, place)


def _check_opening(rulebook: Rulebook, notebook: Notebook) -> None:
    opening, clamp = rulebook.opening, rulebook.clamp
    for key, points in (("points", opening.points), *(("by_track", value) for value in opening.by_track.values())):
        if rulebook.result.is_by_period or opening.period != "cycle":
            return
        if clamp.floor is not None and points < clamp.floor and not rulebook.pools:
            notebook.note(("opening", key), f"基本分{show(points)}分低于最低分{show(clamp.floor)}分，请改正其一")
        if clamp.ceiling is not None and points > clamp.ceiling:
            notebook.note(("opening", key), f"基本分{show(points)}分高于最高分{show(clamp.ceiling)}分，请改正其一")
