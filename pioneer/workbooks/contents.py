"""看内容: what a column holds, judged by its cells, where the heading is missing or means several things."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from pioneer.kernel.identity import clean_number
from pioneer.workbooks.cells import floating_of, plain_text, status_of, track_of

__all__ = ["counts_up", "field_by_contents", "meaning_of_status_column"]


def _share(values: list[str], wanted: int) -> bool:
    return bool(values) and wanted * 10 >= len(values) * 7


def _looks_like_identity(value: Any) -> bool:
    if isinstance(value, float):
        return value > 1e16
    text = clean_number(value) if isinstance(value, str) else ""
    return len(text) == 18 and text[:17].isdigit()


def _looks_like_name(text: str) -> bool:
    return 2 <= len(text) <= 4 and all(character >= "\u3400" or character == "·" for character in text)


def field_by_contents(values: Iterable[Any], *, bare: bool) -> str | None:
    """按内容识别: the field a column's cells speak for, or None; `bare` (no header) also looks for names."""
    cells = [value for value in values if value != ""][:200]
    texts = ["".join(plain_text(value).split()) for value in cells]
    if len(cells) < 2 and not bare:
        return None
    if _share(texts, sum(map(_looks_like_identity, cells))):
        return "identity"
    if _share(texts, sum(len(text) == 11 and text[0] == "1" and text.isdigit() for text in texts)):
        return "phone"
    if _share(texts, sum(text in ("男", "女") for text in texts)):
        return "sex"
    if _share(texts, sum(text in ("正式党员", "预备党员", "正式", "预备") for text in texts)):
        return "status"
    if _share(texts, sum("支部" in text and len(text) < 40 for text in texts)):
        return "branch"
    if _share(texts, sum(len(text) <= 4 and bool(track_of(text)) for text in texts)):
        return "track"
    if _share(texts, sum(text.endswith("族") and len(text) <= 6 for text in texts)):
        return "nation"
    if bare and _share(texts, sum(map(_looks_like_name, texts))):
        return "name"
    return None


def meaning_of_status_column(values: Iterable[Any], taken: Collection[str | None]) -> str:
    """类别列: whether a column headed 类别 tells the status, the track (农村/社区) or who is floating, by its cells."""
    texts = [text for value in values if (text := plain_text(value))][:200]
    statuses = sum(bool(status_of(text)[0]) for text in texts)
    tracks = sum(bool(track_of(text)) and not status_of(text)[0] for text in texts)
    floats = sum("流动" in text and floating_of(text)[0] is not None for text in texts)
    if tracks > statuses and "track" not in taken:
        return "track"
    if floats * 2 > len(texts) and not statuses and "floating" not in taken:
        return "floating"
    return "status"


def counts_up(values: Iterable[Any]) -> bool:
    """序号: whether a column only counts its rows 1, 2, 3 …"""
    texts = [text for value in values if (text := plain_text(value))]
    numbers = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 8]
    return len(numbers) >= 1 and numbers[0] == 1 and numbers[: len(texts)] == list(range(1, len(numbers) + 1))
