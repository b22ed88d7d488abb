"""与上一版的不同 What an edition says otherwise than the one before: how much of each part, without a name."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pioneer.files.packages import canonical

Content = Mapping[str, Any]
ERASED = "上一版里有人的文字已按规定抹除，不再保存，无法逐项比对。"
PARTS = {
    "roster": ("花名册", "人"),
    "notices": ("公示", "次"),
    "zeroings": ("清零", "件"),
    "announcements": ("通报", "次"),
    "filings": ("备案", "次"),
    "amendments": ("备案的更正", "项"),
    "encouragements": ("勉励", "人"),
    "follow_ups": ("帮教", "件"),
    "commendations": ("公开表扬", "人"),
    "nominations": ("推荐", "件"),
    "findings": ("不合格的认定", "件"),
    "cases": ("组织处置", "件"),
    "rulebooks": ("积分办法", "版"),
    "supplements": ("支部补充", "号"),
}


def between(before: Content, now: Content) -> list[str]:
    """与上一版的不同 In sentences, in the order of the parts."""
    found = []
    if before["state"] != now["state"]:
        found.append(
            "上一版是暂存，这一版事情已经办完。"
            if now["state"] == "whole"
            else "上一版是正式的，此后又有没有办完的事。"
        )
    for name, (what, unit) in PARTS.items():
        found += _said(what, unit, before[name], now[name])
    found += _said("入账", "次", before["ledger"]["postings"], now["ledger"]["postings"])
    found += _said("评定结果", "人", _rows(before), _rows(now))
    return found or ["各部分的条数没有变化，只是说明性的文字有变动。"]


def _rows(facts: Content) -> list[Any]:
    return list(facts["result"]["rows"]) if facts["result"] else []


def _said(what: str, unit: str, before: Iterable[Any], now: Iterable[Any]) -> list[str]:
    was, is_now = (Counter(canonical(one) for one in rows) for rows in (before, now))
    gone, come = (was - is_now).total(), (is_now - was).total()
    changed = min(gone, come)
    said = [f"变动{changed}{unit}"] if changed else []
    said += [f"新增{come - changed}{unit}"] if come > changed else []
    said += [f"减少{gone - changed}{unit}"] if gone > changed else []
    return [f"{what}：{'，'.join(said)}。"] if said else []
