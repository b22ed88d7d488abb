"""试算的说法 The figures of a dry run in words, for the page and the command alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pioneer.kernel.points import show

Figure = dict[str, Any]
UNTIERED = "不定等次"
VERDICTS = {
    "gone": "草案中没有对应的指标，不计",
    "local": "支部补充，采用新办法后须重新批准，不计",
    "other_index": "草案中这个编号属于另一类指数，不计",
    "other_track": "草案中这一项不适用于党员当时的类别，不计",
    "refused": "不满足草案的条件（教育记录、提醒、决定、原话或文件），不计",
    "posted": "草案要用的数量、级别或定分没有记录，按入账的分值计",
}
WINDOWS = {"day": "每日", "week": "每周", "month": "每月", "quarter": "每季度", "cycle": "每周期"}


@dataclass(frozen=True, slots=True)
class Bite:
    """起作用的限额 What it is, how many members it touches, how many points it takes or gives back."""

    what: str
    members: int
    points: int


def tier_names(figures: Figure, place: int) -> list[str]:
    """等次名称 Before (0) or after (1), the best first, and last those without."""
    return [tier["name"] for tier in figures["tiers"][place]] + [UNTIERED]


def matrix(figures: Figure) -> list[list[int]]:
    """等次变动表 Rows before, columns after; the last of each is no tier."""
    rows, columns = len(figures["tiers"][0]) + 1, len(figures["tiers"][1]) + 1
    found = [[0] * columns for _ in range(rows)]
    for cell in figures["matrix"]:
        was = rows - 1 if cell["from"] is None else cell["from"]
        now = columns - 1 if cell["to"] is None else cell["to"]
        found[was][now] = cell["members"]
    return found


def is_same_ladder(figures: Figure) -> bool:
    """等次是否相同 Only between equal ladders of tiers is there an up and a down."""
    names = [[tier["name"] for tier in tiers] for tiers in figures["tiers"]]
    return names[0] == names[1]


def changed(figures: Figure) -> tuple[int, int]:
    """等次上升、下降的人数 By the tier's place from the top; without those who have none before or after."""
    pairs = [cell for cell in figures["matrix"] if cell["from"] is not None and cell["to"] is not None]
    up = sum(cell["members"] for cell in pairs if cell["to"] < cell["from"])
    return up, sum(cell["members"] for cell in pairs if cell["to"] > cell["from"])


def span(days: Iterable[str]) -> str:
    """起止"""
    first, last = (date.fromisoformat(day) for day in days)
    return f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日"


# ------------------------------------------------------------------ what bites


def bites(figures: Figure) -> list[Bite]:
    """起作用的限额 Caps of indicators and groups, of aspects and totals, floor and ceiling; the heaviest first."""
    found = [Bite(_cap(row), row["members"], row["points"]) for row in figures["caps"]]
    found += [Bite(_limit(row), row["members"], row["points"]) for row in figures["limits"] if row["members"]]
    return sorted(found, key=lambda bite: (-bite.points, bite.what))


def idle_limits(figures: Figure) -> list[str]:
    """没有起作用的限额 Of aspects and totals."""
    return [_limit(row) for row in figures["limits"] if not row["members"]]


def _cap(row: Figure) -> str:
    name = f"“{row['name']}”合计" if row["kind"] == "group" else f"{row['code']} {row['name']}"
    return f"{name}，{WINDOWS[row['window']]}最多{show(row['cap'])}分"


def _limit(row: Figure) -> str:
    if row["kind"] in ("floor", "ceiling"):
        return f"{'最低' if row['kind'] == 'floor' else '最高'}分{show(row['cap'])}分"
    what = "扣分" if row["code"] == "reverse" and row["kind"] == "index" else "加分"
    name = f"{row['code']} {row['name']}" if row["kind"] == "aspect" else row["name"]
    return f"{name}合计，{WINDOWS[row['period']]}最多{what}{show(row['cap'])}分"


def pools(figures: Figure) -> list[str]:
    """分池 Which of them were emptied to the floor, how often, for how many."""
    found = []
    for row in figures["pools"]:
        about = f"“{row['name']}”{WINDOWS[row['period']]}{show(row['cap'])}分，扣至{show(row['floor'])}分为止"
        if row["members"]:
            found.append(f"{about}：{row['members']}名党员扣到了底（{row['times']}次），少扣{show(row['points'])}分")
        else:
            found.append(f"{about}：没有人扣到底")
    return found


# ------------------------------------------------------------------ what never fires, what doesn't fit


def silent(figures: Figure, is_new: bool) -> list[Figure]:
    """从未计分的指标 In the draft only, or known to today's rules too."""
    return [row for row in figures["indicators"] if not row["times"] and row["is_new"] == is_new]


def fit(figures: Figure) -> list[tuple[str, list[Figure], int]]:
    """不合草案的条目 By reason, each with its indicators and how many entries."""
    found = []
    for verdict, text in VERDICTS.items():
        rows = [row for row in figures["fit"] if row["verdict"] == verdict]
        if rows:
            found.append((text, rows, sum(row["entries"] for row in rows)))
    return found


def cautions(figures: Figure) -> list[str]:
    """须知 What the dry run could not know, so that nobody reads more into the figures than is there."""
    out, said = figures["left_out"], []
    if figures["cycles"][0] != figures["cycles"][1]:
        said.append(
            f"周期不同：现行办法按{span(figures['cycles'][0])}计，草案按{span(figures['cycles'][1])}计，两边的条目不全一样。"
        )
    for row in figures["indicators"]:
        if row["renamed"]:
            said.append(f"编号{row['code']}现行办法称“{row['renamed']}”，草案称“{row['name']}”，试算当作同一项。")
    if out["streaks"]:
        said.append(f"没有登记以往周期的结果，{'、'.join(f'“{name}”' for name in out['streaks'])}没有试算。")
    if out["components"]:
        said.append(f"{'、'.join(out['components'])}没有成绩，按没有成绩时的规定计。")
    if out["inherited"]:
        said.append("没有登记上一周期的得分，结转的部分按没有上周期得分时的规定计。")
    if out["multipliers"]:
        said.append(f"条目上没有记录加倍情形，{'、'.join(out['multipliers'])}都按不加倍计。")
    if out["voids"]:
        said.append("各人的同一事项没有共同的编号，一个事项认定无效只影响记了这一条的党员。")
    if out["voids_elsewhere"]:
        said.append("这次试算只看一部分党员，别处认定无效的事项没有算进来。")
    return said


def report(figures: Figure, title: str) -> list[str]:
    """报告 The whole of it as lines of plain text; nobody is named."""
    names, after = tier_names(figures, 0), tier_names(figures, 1)
    up, down = changed(figures)
    moved = figures["moved"]
    lines = [title, f"{figures['members']}名党员，{figures['entries']}条已入账条目。", ""]
    if is_same_ladder(figures):
        lines.append(f"等次上升{up}名，下降{down}名。")
    lines.append(
        f"得分上升{moved['up']}名（最多{show(moved['most'])}分），下降{moved['down']}名（最多{show(moved['least'])}分）。"
    )
    lines += ["", "等次变动"]
    for place, row in enumerate(matrix(figures)):
        if any(row):
            parts = [f"{after[column]}{number}名" for column, number in enumerate(row) if number]
            lines.append(f"  {names[place]}（{sum(row)}名）→ {'，'.join(parts)}")
    lines += ["", "类别对照"]
    for track in figures["tracks"]:
        mean, median = track["mean"], track["median"]
        lines.append(
            f"  {track['name']}（{track['members']}名）：平均{show(mean[0])}→{show(mean[1])}，"
            f"中位{show(median[0])}→{show(median[1])}"
        )
    lines += _sections(figures)
    return lines


def _sections(figures: Figure) -> list[str]:
    lines: list[str] = []
    parts = {
        "起作用的限额": [f"{one.what}：{one.members}名，{show(one.points)}分" for one in bites(figures)],
        "分池": pools(figures),
        "预警线": [f"{one['name']}：{one['members']}名" for one in figures["alarms"]],
        "连续等次": [f"{one['name']}：{one['members']}名" for one in figures.get("streaks", ())],
        "名额": [f"因名额改变等次{figures['quotas']}名"] if figures["quotas"] else [],
        "从未计分的指标": [f"{row['code']} {row['name']}" for row in silent(figures, False)],
        "草案新设、没有条目的指标": [f"{row['code']} {row['name']}" for row in silent(figures, True)],
        "不合草案的条目": [
            f"{text}：{number}条（{'、'.join(_counted(row) for row in rows)}）" for text, rows, number in fit(figures)
        ],
        "须知": cautions(figures),
    }
    for heading, said in parts.items():
        if said:
            lines += ["", heading, *(f"  {one}" for one in said)]
    return lines


def _counted(row: Figure) -> str:
    return f"{row['code']} {row['entries']}条"
