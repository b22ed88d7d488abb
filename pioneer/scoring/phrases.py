"""说法: any value of a rulebook's content in plain Chinese words, by the schema: "10分", "每小时0.5分，一次最多2分"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pioneer.scoring import schema
from pioneer.scoring.schema import Key

NOTHING = "没有"
LONGEST = 500
_TIMES = "一二三四五六七八九十"


def say(key: Key, value: object, table: object = None, content: object = None) -> str:
    """说法: a key's value. ``table`` is the table it stands in (for its unit), ``content`` the whole (for names)."""
    if value is None or value in ([], {}):
        return NOTHING
    speak = _SPEAKERS.get(key.kind)
    if speak is not None and not _is_odd(key, value):
        return speak(key, value, table, content)
    return _quoted(value)


def number(value: object) -> str:
    """数: without trailing zeros; what is no number as it stands."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return plainly(value)
    exact = (
        value if isinstance(value, Decimal) else Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    )
    if not exact.is_finite() or abs(exact.adjusted()) > 20:
        return str(exact)
    plain = format(exact, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def plainly(value: object) -> str:
    """原样: whatever it is, as text of a bearable length."""
    try:
        said = str(value)
    except ValueError:  # a whole number of thousands of digits
        return "过大的数"
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}……"


def name_of(refers: str, code: object, content: object) -> str:
    """名称: the name of what a code stands for, in quotes; the code itself where there is none."""
    if isinstance(content, Mapping):
        for place in ("positive", "reverse", "zeroing") if refers == "indicators" else (refers,):
            rows = content.get(place)
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict) and row.get("code") == code and isinstance(row.get("name"), str):
                    return f"{code}“{row['name']}”" if refers == "indicators" else f"“{row['name']}”"
    return plainly(code)


_TYPES: dict[str, type | tuple[type, ...]] = {
    "points_list": list, "words": list, "references": list, "choices": list, "rows": list,
    "points_by_track": Mapping, "points_by_window": Mapping, "value": Mapping, "day": date,
}  # fmt: skip


def _is_odd(key: Key, value: object) -> bool:
    """Of another type than the format asks for, or a list of tables with something else in it."""
    if key.kind == "rows" and isinstance(value, list) and not all(isinstance(row, Mapping) for row in value):
        return True
    return not isinstance(value, _TYPES.get(key.kind, object))


def _quoted(value: object) -> str:
    if value == "":
        return NOTHING
    return f"“{plainly(value)}”" if isinstance(value, str) else plainly(value)


def _points(key: Key, value: Any, table: object, _: object) -> str:
    return f"{number(value)}{key.unit or unit_beside(key, table)}"


def unit_beside(key: Key, table: object) -> str:
    """单位: the unit of a quantity, as the value or the parameter it stands in names it."""
    if isinstance(table, Mapping) and key.name in ("default", "required", "from", "value"):
        unit = table.get("unit")
        return _UNITS.get(unit, unit) if isinstance(unit, str) else ""
    return ""


_UNITS = {choice.word: choice.label for choice in schema.section("procedure.publication_window").key("unit").choices}
_UNITS |= {"months": "个月", "years": "年", "count": "件"}


def _flag(_: Key, value: Any, __: object, ___: object) -> str:
    return "是" if value is True else "否" if value is False else plainly(value)


def _day(_: Key, value: Any, __: object, ___: object) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def _choice(key: Key, value: Any, _: object, __: object) -> str:
    return key.label_of(value) if isinstance(value, str) else plainly(value)


def _list(key: Key, value: Any, _: object, content: object) -> str:
    if key.kind == "references":
        return "、".join(name_of(key.refers, item, content) for item in value)
    return "、".join(
        key.label_of(item) if key.kind == "choices" and isinstance(item, str) else _quoted(item) for item in value
    )


def _reference(key: Key, value: Any, _: object, content: object) -> str:
    return name_of(key.refers, value, content)


def _times(key: Key, value: Any, _: object, __: object) -> str:
    said = []
    for place, item in enumerate(value):
        which = f"第{_TIMES[place] if place < len(_TIMES) else place + 1}次"
        said.append(f"{which}{'及以后' if place == len(value) - 1 else ''}{number(item)}{key.unit}")
    return "、".join(said)


def _by_track(key: Key, value: Any, _: object, content: object) -> str:
    names = {code: name_of("tracks", code, content).strip("“”") for code in value}
    return "、".join(f"{names[code]}{number(amount)}{key.unit}" for code, amount in value.items())


def _by_window(key: Key, value: Any, _: object, __: object) -> str:
    labels = {inner.name: inner.label.removesuffix("上限") for inner in key.keys}
    order = list(labels)
    windows = sorted(value, key=lambda name: order.index(name) if name in order else len(order))
    return "、".join(f"{labels.get(name, name)}最多{number(value[name])}分" for name in windows)


def _share(_: Key, value: Any, __: object, ___: object) -> str:
    return value.strip() if isinstance(value, str) else number(value)


def _rows(key: Key, value: Any, _: object, content: object) -> str:
    if any("factor" in row for row in value):
        return "、".join(f"{row.get('name', row.get('code', ''))}乘以{number(row.get('factor'))}" for row in value)
    return "、".join(f"{row.get('name', row.get('code', ''))}{number(row.get('points'))}分" for row in value)


# ---------------------------------------------------------------- values


def say_value(value: Mapping[str, Any], content: object = None) -> str:
    """分值说法: a whole value in one phrase, such as "每小时0.5分，一次最多2分"."""
    shape = value.get("shape")
    if not isinstance(shape, str) or shape not in schema.SHAPES:
        return "分值形式未定"
    unit = value.get("unit") if isinstance(value.get("unit"), str) else "单位"
    listed = value.get("steps")
    steps = [row for row in listed if isinstance(row, Mapping)] if isinstance(listed, list) else []
    more = _more_of(value, content)
    points = number(value.get("points"))
    front = "累计满" if shape == "cumulative" else "满"
    said = {
        "fixed": f"每次{points}分",
        "per_unit": f"每{unit}{points}分",
        "range": f"{number(value.get('min'))}至{number(value.get('max'))}分之间裁定",
        "ladder": "、".join(f"{row.get('name', row.get('code'))}{number(row.get('points'))}分" for row in steps),
        "nth": say(_TIMES_KEY, value.get("points")),
        "shortfall": f"应达{number(value.get('required'))}{unit}，每差1{unit}{points}分",
        "to_floor": "扣至分池底分",
    }.get(shape)
    if said is None:
        said = "、".join(f"{front}{number(row.get('from'))}{unit}{number(row.get('points'))}分" for row in steps)
    return "，".join([said or "分值未定", *more])


_TIMES_KEY = schema.SHAPES["nth"].keys[0]
_BY_TRACK_KEY = next(key for key in schema.SHAPES["fixed"].keys if key.name == "by_track")


def _more_of(value: Mapping[str, Any], content: object) -> list[str]:
    """What is said behind the amount of a value."""
    unit = value.get("unit") if isinstance(value.get("unit"), str) else ""
    known = {key.name for key in schema.value_keys(value)}
    more = []
    if "by_track" in known and isinstance(value.get("by_track"), Mapping) and value["by_track"]:
        more.append(f"其中{say(_BY_TRACK_KEY, value['by_track'], value, content)}")
    if "max" in known and value.get("shape") != "range" and value.get("max") is not None:
        more.append(f"一次最多{number(value['max'])}分")
    if "whole" in known and value.get("whole") is True:
        more.append("数量须为整数")
    if "default" in known and value.get("default") is not None:
        more.append(f"不写数量按{number(value['default'])}{unit}计")
    if "back_months" in known and value.get("back_months") is not None:
        more.append(f"往前数{number(value['back_months'])}个月")
    return more


def _value(_: Key, value: Any, __: object, content: object) -> str:
    return say_value(value, content)


_SPEAKERS = {
    "points": _points, "whole": _points, "flag": _flag, "day": _day, "choice": _choice, "reference": _reference,
    "words": _list, "references": _list, "choices": _list, "points_list": _times, "points_by_track": _by_track,
    "points_by_window": _by_window, "share": _share, "rows": _rows, "value": _value,
}  # fmt: skip
