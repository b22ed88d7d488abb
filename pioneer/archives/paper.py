"""档案的纸面 The facts as one paper that is kept: cover and contents, then a chapter after the other."""

from collections.abc import Sequence
from datetime import date

from pioneer.archives import notes, tables
from pioneer.archives.frame import Row
from pioneer.archives.monthly import name_on, state_of
from pioneer.archives.tables import Part, day, month, text_of
from pioneer.kernel.points import show
from pioneer.kernel.sealing import short

NUMERALS = "一二三四五六七八九十"
WHY_NO_NAMES = "按花名册顺序，不排名次。"


def content_of(facts: Row, parts: Sequence[Part], edition: int, changes: Sequence[str], names: Sequence[str]) -> Row:
    """纸面的内容 Texts as the paper shows them."""
    made = date.fromisoformat(facts["facts_until"])
    branch, cycle = facts["branch"]["name"], facts["cycle"]["name"]
    return {
        "title": f"{branch}{cycle}档案",
        "branch": branch,
        "above": "　".join(facts["branch"]["above"]),
        "cycle": cycle,
        "mark": notes.mark_of(facts),
        "edition": f"第{edition}版",
        "made": [made.year, made.month, made.day],
        "facts": _facts(facts),
        "about": notes.about(facts, edition)[1:],
        "changes": list(changes),
        "documents": [{"name": name, "note": notes.note_of(name)} for name in names],
        "checking": notes.checking(),
        "left_out": notes.LEFT_OUT,
        "keeping": notes.KEEPING,
        "chapters": [_chapter(facts, parts, place, name) for place, name in enumerate(tables.CHAPTERS)],
    }


def _facts(facts: Row) -> list[Row]:
    filed = [one for one in facts["filings"] if one["number"]]
    books = "；".join(
        f"{one['name']}第{one['number']}版，{day(one['valid_from'])}起施行，指纹{short(one['digest'])}"
        for one in facts["rulebooks"]
    )
    settled = facts["result"]["settlement"] if facts["result"] else None
    rows = [
        ("支部", facts["branch"]["name"]),
        ("评定、通报和备案的单位", facts["unit"]["name"]),
        ("周期", f"{day(facts['cycle']['first_on'])}至{day(facts['cycle']['last_on'])}"),
        ("积分办法", books or "没有"),
        (
            "评定",
            f"{settled['organisation']}第{settled['number']}次，{day(settled['made_on'])}" if settled else "还没有",
        ),
        ("备案号", filed[-1]["number"] if filed else "还没有"),
        ("事实截至", day(facts["facts_until"])),
    ]
    return [{"label": label, "text": text} for label, text in rows]


def _chapter(facts: Row, parts: Sequence[Part], place: int, name: str) -> Row:
    return {
        "title": f"{NUMERALS[place]}、{name}",
        "note": WHY_NO_NAMES if name in (tables.ROSTER, tables.RESULT) else "",
        "parts": [_part(one, name) for one in parts if one.chapter == name and one.rows],
        "without": "、".join(one.name for one in parts if one.chapter == name and not one.rows),
        "notices": [_notice(one) for one in facts["notices"]] if name == tables.SHOWN else [],
    }


def _part(one: Part, chapter: str) -> Row:
    shown = [(place, column) for place, column in enumerate(one.columns) if column.share >= 0]
    return {
        "name": "" if one.name == chapter else one.name,
        "columns": [
            {"title": column.title, "share": column.share, "right": column.kind in ("points", "change", "number")}
            for _, column in shown
        ],
        "rows": [[text_of(column.kind, row[place]) for place, column in shown] for row in one.rows],
    }


# ------------------------------------------------------------------ a notice as it was shown


def _notice(one: Row) -> Row:
    window = f"{day(one['published_at'])}公示"
    window += f"，{day(one['closed_at'])}办结" if one["closed_at"] else ""
    return {
        "title": f"{month(one)}　第{one['revision']}次公示",
        "note": f"{one['kind']}，{window}；{state_of(one)}",
        "rulebook": str(one["heading"].get("rulebook", "")),
        "fingerprint": one["fingerprint"],
        "struck": one["struck"],
        "people": [_person(row, one["revision"] > 1) for row in one["members"]],
    }


def _person(row: Row, is_again: bool) -> Row:
    return {
        "position": str(row["position"]),
        "name": name_on(row),
        "note": row["note"],
        "positive": show(row["positive"], signed=True),
        "reverse": show(row["reverse"], signed=True),
        "total": show(row["total"]) if row["total"] is not None else "",
        "grounds": [_ground(line, is_again) for line in row["lines"]],
    }


def _ground(line: Row, is_again: bool) -> Row:
    """As the notice said it: of a deduction no day, of what is not trimmed no reason."""
    return {
        "text": line["wording"] or line["name"],
        "day": _short(line["event_on"]) if line["index"] != "reverse" else "",
        "points": show(line["counted"], signed=True),
        "reason": line["reason"] if line["is_trimmed"] else "",
        "is_new": is_again and line["is_open"],
        "local": line["local"],
    }


def _short(text: str) -> str:
    on = date.fromisoformat(text)
    return f"{on.month}月{on.day}日"
