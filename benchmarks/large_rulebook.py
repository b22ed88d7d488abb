"""读入五百个指标、二十个类别的办法: how long a large rulebook takes to load, against tomllib alone on the same text.

    .venv/bin/python -m benchmarks.large_rulebook [--indicators 500] [--tracks 20]

The rulebook holds every shape of value both indices may have, each with its caps. Promised: it loads in less than a
second. The ratio to tomllib says what checking costs beside parsing; the best of five runs counts.
"""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 1.0
RUNS = 5
SOURCE = {"clause": "第三条", "provenance": "assumed"}


def value(number: int) -> dict[str, Any]:
    """A value of each shape in turn."""
    steps = [
        {"code": f"s{place}", "name": f"第{place}级", "points": place, "aliases": [f"{place}级"]}
        for place in range(1, 6)
    ]
    quantities = [{"from": place * 10, "points": place} for place in range(1, 5)]
    return (
        {"shape": "fixed", "points": Decimal("0.5"), "by_track": {f"track{number % 20}": 1}},
        {"shape": "per_unit", "points": Decimal("0.5"), "unit": "小时", "max": 2},
        {"shape": "range", "min": 1, "max": 3},
        {"shape": "ladder", "steps": steps},
        {"shape": "brackets", "unit": "元", "steps": quantities},
        {"shape": "cumulative", "unit": "小时", "steps": quantities},
        {"shape": "nth", "points": [1, 2, 3]},
    )[number % 7]


def content(indicators: int, tracks: int) -> dict[str, Any]:
    """The shipped rulebook with other tracks and indicators."""
    whole = tomllib.loads((ROOT / "rulebooks/jiancaoping/rulebook.toml").read_text("utf-8"), parse_float=Decimal)
    whole["tracks"] = [{"code": f"track{number}", "name": f"第{number}类", **SOURCE} for number in range(tracks)]
    for index in ("positive", "reverse", "zeroing"):
        whole[index] = []
    for number in range(indicators):
        index = "reverse" if number % 3 == 2 else "positive"
        row = {
            "code": f"X{number}",
            "name": f"第{number}项",
            "tracks": [f"track{(number + place) % tracks}" for place in range(3)],
            "value": value(number),
            "caps": {"month": 6, "year": 12},
            "wording": f"第{number}项",
            **SOURCE,
        }
        whole[index].append({**row, "aspect": "A"} if index == "positive" else row)
    for row in (row for index in ("positive", "reverse") for row in whole[index]):
        by_track = row["value"].get("by_track")
        if by_track:
            row["value"]["by_track"] = {f"track{int(name[5:]) % tracks}": points for name, points in by_track.items()}
    whole.pop("groups", None)
    return whole


def best(act: Callable[[], object]) -> float:
    """The quickest of some runs."""
    spent = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        act()
        spent.append(time.perf_counter() - begun)
    return min(spent)


def main() -> int:
    """测量."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--indicators", type=int, default=500)
    parser.add_argument("--tracks", type=int, default=20)
    options = parser.parse_args()
    from pioneer.scoring import load_text
    from pioneer.scoring.writing import format_text

    text = format_text(content(options.indicators, options.tracks))
    outcome = load_text(text)
    if outcome.rulebook is None or len(outcome.rulebook.indicators) != options.indicators:
        print("办法没有读入：", *outcome.mistakes[:5], sep="\n")
        return 1
    parsing = best(lambda: tomllib.loads(text, parse_float=Decimal))
    loading = best(lambda: load_text(text))
    writing = best(lambda: format_text(text))
    lines = text.count("\n")
    print(f"   {options.indicators}个指标、{options.tracks}个类别，{lines}行、{len(text.encode()) // 1024} KiB")
    print(
        f"   读入 {loading:.3f} 秒（上限{LIMIT:.0f}秒），是 tomllib 解析 {parsing:.3f} 秒的 {loading / parsing:.2f} 倍"
    )
    print(f"   规范写法 {writing:.3f} 秒，是解析的 {writing / parsing:.2f} 倍；提示 {len(outcome.warnings)} 条")
    return 0 if loading < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
