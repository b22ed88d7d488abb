"""积分办法的单元格: one value of a rulebook as a cell, and back, without losing anything.

Lists stand in one cell, their items separated by ；. What is written as empty (a list without items, an empty text)
is （空）, because an empty cell means "not written". A text that a cell could not hold as it is, or that would be
taken for something else, stands in straight quotes with escapes: "\\u0007".
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pioneer.scoring.phrases import plainly
from pioneer.scoring.schema import Key
from pioneer.workbooks.cells import plain_text
from pioneer.workbooks.dates import read_date

__all__ = ["EMPTY", "WrongCell", "decode", "encode"]

EMPTY = "（空）"
LONGEST = 30_000
_ODD = re.compile(r"[\x00-\x09\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_")
_ESCAPED_BY_HAND = re.compile(r"[\ufffe\uffff\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?[0-9]{1,60}(?:\.[0-9]{1,100})?")
_FRACTION = re.compile(r"[0-9]+ */ *[0-9]+")
_YES, _NO = ("是", "true", "1", "√", "✓", "对"), ("否", "false", "0", "×", "不")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TEXTS = ("text", "code", "reference")
_LISTS = ("words", "references", "choices")
_CODES_ONLY = ("references", "choices")


class WrongCell(ValueError):
    """单元格有误: one Chinese sentence that says what to do."""


# ---------------------------------------------------------------- out


def encode(key: Key, value: object) -> object:
    """写出: the cell of a value: a number, a day, or a text; raises WrongCell where no cell can hold it."""
    if key.kind in _TEXTS:
        cell: object = _quoted(_need(value, str, "文字"))
    elif key.kind in ("points", "whole"):
        cell = _number_out(value, key.kind == "whole")
    elif key.kind == "flag":
        cell = "是" if _need(value, bool, "是或否") else "否"
    elif key.kind == "day":
        cell = _day_out(value)
    elif key.kind == "choice":
        cell = _label(key, value)
    elif key.kind in _LISTS:
        cell = _joined(_item(key, item) for item in _need(value, list, "列表"))
    elif key.kind == "points_list":
        cell = _joined(_digits(item, False) for item in _need(value, list, "数的列表"))
    elif key.kind == "points_by_track":
        pairs = _need(value, Mapping, "类别和数的表").items()
        cell = _joined(f"{_bare(name, _PAIR_ENDS)}={_digits(amount, False)}" for name, amount in pairs)
    else:
        cell = _share_out(value)
    if isinstance(cell, str) and len(cell) > LONGEST:
        raise WrongCell("内容过长，一个单元格放不下，请缩短")
    return cell


def _need(value: object, kind: Any, what: str) -> Any:
    if not isinstance(value, kind):
        raise WrongCell(f"“{plainly(value)[:40]}”不是{what}，表格里放不下，请先改正")
    return value


def _joined(items: Any) -> str:
    return "；".join(items) or EMPTY


def _quoted(text: str) -> str:
    """A text as it is, or in quotes where it would not come back as it is."""
    if not text:
        return EMPTY
    plain = text == plain_text(text) and not _ODD.search(text) and text != EMPTY and not _in_quotes(text)
    return text if plain else _in_json(text)


def _in_quotes(text: str) -> bool:
    return len(text) > 1 and text.startswith('"') and text.endswith('"')


def _in_json(text: str) -> str:
    whole = json.dumps(text, ensure_ascii=False).replace("_x", "\\u005fx")
    return _ESCAPED_BY_HAND.sub(lambda found: f"\\u{ord(found.group()):04x}", whole)


_ITEM_ENDS = re.compile(r"[；;\n]")
_CODE_ENDS = re.compile(r"[；;\n、，,\s]")
_PAIR_ENDS = re.compile(r"[；;\n、，,\s=＝:：]")


def _bare(text: str, ends: re.Pattern[str]) -> str:
    """An item of a list: in quotes where it holds what separates items."""
    odd = (
        not text
        or ends.search(text)
        or text.startswith('"')
        or text == EMPTY
        or text != text.strip()
        or _ODD.search(text)
    )
    return _in_json(text) if odd else text


def _item(key: Key, item: object) -> str:
    text = _label(key, item) if key.kind == "choices" else _need(item, str, "文字")
    return _bare(text, _CODE_ENDS if key.kind in _CODES_ONLY else _ITEM_ENDS)


def _label(key: Key, value: object) -> str:
    label = next((choice.label for choice in key.choices if choice.word == value), None)
    if label is None:
        raise WrongCell(f"“{plainly(value)[:40]}”不在可选的写法之内：{'、'.join(one.word for one in key.choices)}")
    return label


def _number_out(value: object, whole: bool) -> object:
    """A number as a number, where the cell keeps all its digits; else as a text."""
    plain = _digits(value, whole)
    if len(plain) > 15:
        return plain
    return int(plain) if "." not in plain else float(plain)


def _digits(value: object, whole: bool) -> str:
    """A number written out, without trailing zeros."""
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float, Decimal)):
        raise WrongCell(f"“{plainly(value)[:40]}”不是{'整数' if whole else '数字'}，表格里放不下，请先改正")
    try:
        exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    except ValueError:
        raise WrongCell("数字过大，请核对") from None
    if not exact.is_finite() or abs(exact.adjusted()) > 30 or len(exact.as_tuple().digits) > 60:
        raise WrongCell("数字过大或位数过多，请核对")
    plain = format(exact, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return plain if plain not in ("", "-0") else "0"


def _day_out(value: object) -> object:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise WrongCell(f"“{plainly(value)[:40]}”不是日期，表格里放不下，请先改正")
    return value if 1900 < value.year <= 2100 else value.isoformat()


def _share_out(value: object) -> object:
    if not isinstance(value, str):
        return _number_out(value, False)
    return _in_json(value) if _NUMBER.fullmatch(value) or value != value.strip() else _quoted(value)


# ---------------------------------------------------------------- back


def decode(key: Key, cell: object) -> object:
    """读回: the value a cell stands for, ``None`` for an empty one; raises WrongCell with a sentence."""
    if cell is None or cell == "" or (isinstance(cell, str) and not cell.strip(" \t\r\n\u3000\u00a0\u200b\ufeff")):
        return None
    if key.kind in _TEXTS:
        return _text_in(cell)
    if key.kind in ("points", "whole"):
        return _number_in(cell)
    if key.kind == "flag":
        return _flag_in(cell)
    if key.kind == "day":
        return _day_in(cell)
    if key.kind == "choice":
        return _choice_in(key, _words(cell))
    if key.kind in _LISTS:
        ends = _CODE_ENDS if key.kind in _CODES_ONLY else _ITEM_ENDS
        items = _split(_text_or_number(cell), ends)
        return [_choice_in(key, item) for item in items] if key.kind == "choices" else items
    if key.kind == "points_list":
        if isinstance(cell, (int, float)):
            return [_number_in(cell)]
        return [_number_in(item) for item in _split(_text_or_number(cell), _CODE_ENDS)]
    if key.kind == "points_by_track":
        return _pairs_in(_text_or_number(cell))
    return _share_in(cell)


def _narrow(text: str) -> str:
    """Full-width signs as narrow ones, without spaces at the ends."""
    return unicodedata.normalize("NFKC", text).strip()


def _text_or_number(cell: object) -> str:
    if isinstance(cell, bool):
        raise WrongCell("这里是 TRUE 或 FALSE，请把这一格设为文本后重填")
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n")
    if isinstance(cell, (int, float)):
        return plain_text(cell)
    raise WrongCell("Excel 已把这里变成日期，请把这一格设为文本后重填")


def _text_in(cell: object) -> str:
    text = plain_text(_text_or_number(cell))
    if text == EMPTY:
        return ""
    return _out_of_json(text) if _in_quotes(text) else text


def _out_of_json(text: str) -> str:
    try:
        found = json.loads(text, strict=False)
    except ValueError:
        return text
    if isinstance(found, str) and any("\ud800" <= letter <= "\udfff" for letter in found):
        raise WrongCell("这里有写不出的字符，请改正")
    return found if isinstance(found, str) else text


def _words(cell: object) -> str:
    return "".join(_text_or_number(cell).split())


def _number_in(cell: object) -> int | Decimal:
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        raise WrongCell("这里须为数字，请改正（若被 Excel 变成了日期，请设为文本后重填）")
    if isinstance(cell, (int, float)):
        if cell != cell or abs(cell) >= 1e15:
            raise WrongCell("数字过大，Excel 会丢失末几位，请把这一格设为文本后重填")
        return int(cell) if float(cell).is_integer() else Decimal(repr(float(cell)))
    text = _narrow(cell)
    if not _NUMBER.fullmatch(text):
        raise WrongCell(f"“{cell.strip()[:40]}”不是数字，请只写数字")
    return Decimal(text) if "." in text else int(text)


def _flag_in(cell: object) -> bool:
    if isinstance(cell, bool):
        return cell
    text = _narrow(_text_or_number(cell)).lower()
    if text in _YES or text in _NO:
        return text in _YES
    raise WrongCell(f"“{text[:40]}”须为 是 或 否")


def _day_in(cell: object) -> date:
    if isinstance(cell, str) and _ISO.fullmatch(cell.strip()):
        try:
            return date.fromisoformat(cell.strip())
        except ValueError:
            raise WrongCell(f"“{cell.strip()}”不是日期，请改正") from None
    found = read_date(cell) if isinstance(cell, (str, int, float, date)) and not isinstance(cell, bool) else None
    if found is None or found.day is None or found.precision != "day":
        raise WrongCell((found.problem if found else "") or "这里须为日期，如 2026-01-01")
    return found.day


def _choice_in(key: Key, text: str) -> str:
    wanted = _narrow(text)
    for choice in key.choices:
        if wanted in (choice.word, _narrow(choice.label)):
            return choice.word
    raise WrongCell(f"“{wanted[:40]}”不在可选之内，可写：{'、'.join(choice.label for choice in key.choices)}")


def _split(text: str, ends: re.Pattern[str]) -> list[str]:
    """The items of a list; one in quotes may hold what separates them."""
    if text.strip() == EMPTY:
        return []
    return [item for item in (_take(part) for part in _parts(text, ends)) if item is not None]


def _parts(text: str, ends: re.Pattern[str]) -> list[str]:
    parts, place = [], 0
    while place <= len(text):
        bare = len(text[place:]) - len(text[place:].lstrip())
        start = place + bare
        found = _QUOTED.match(text, start)
        after = ends.search(text, found.end() if found else place)
        end = after.start() if after else len(text)
        parts.append(text[place:end])
        place = end + 1
    return parts


_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')


def _take(part: str) -> str | None:
    text = part.strip()
    if not text:
        return None
    return _out_of_json(text) if _in_quotes(text) else text


def _pairs_in(text: str) -> dict[str, object]:
    if text.strip() == EMPTY:
        return {}
    found: dict[str, object] = {}
    place = 0
    for match in _PAIR.finditer(text):
        if text[place : match.start()].strip(" \t\r\n；;、，,"):
            break
        name = _take(match[1]) or ""
        if name in found:
            raise WrongCell(f"“{name}”写了两次，请删去其一")
        found[name] = _number_in(match[2])
        place = match.end()
    if text[place:].strip(" \t\r\n；;、，,") or not found:
        raise WrongCell("须写作“类别编号=数”，多个用；隔开，如 rural=65；community=62.5")
    return found


_PAIR = re.compile(r'("(?:\\.|[^"\\])*"|[^\s；;、，,=＝:：]+)\s*[=＝:：]\s*([^\s；;、，,=＝:：]+)')


def _share_in(cell: object) -> object:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _number_in(cell)
    if not isinstance(cell, str):
        raise WrongCell("Excel 已把比例变成日期，请把这一格设为文本后重填，如 1/3")
    text = cell.strip()
    if _in_quotes(text) or text == EMPTY:
        return _text_in(text)
    narrow = _narrow(text)
    if _NUMBER.fullmatch(narrow):
        return _number_in(narrow)
    return narrow if _FRACTION.fullmatch(narrow) else text
