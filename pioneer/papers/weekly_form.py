"""每周申报表的纸面 One A4 page for each member, in large type: what to tick, lines to write on, a name to sign.

The code leads who enters for the branch back to the member and the week. Name and week stand on the paper alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pioneer.papers.notice import qr
from pioneer.papers.rendering import render

TITLE = "每周申报表"
ROWS = 4
LONGEST = 24  # characters of a name beside its box


@dataclass(frozen=True, slots=True)
class Page:
    """一页 `days` from Monday, `indicators` as code, name and unit of the quantity (or nothing)."""

    name: str
    hint: str
    branch: str
    week: str
    days: tuple[str, ...]
    indicators: tuple[tuple[str, str, str], ...]
    code: str
    address: str


def weekly_forms(pages: Iterable[Page]) -> bytes:
    """每周申报表 PDF, as many pages as members. The same content gives the same bytes."""
    return render("weekly_form", content_of(pages))


def content_of(pages: Iterable[Page]) -> dict[str, object]:
    """纸面的内容 What the template `weekly_form` is given."""
    return {
        "title": TITLE,
        "rows": ROWS,
        "pages": [
            {
                "name": page.name,
                "hint": page.hint,
                "branch": page.branch,
                "week": page.week,
                "days": [{"name": name, "on": on} for name, on in zip("一二三四五六日", page.days, strict=True)],
                "indicators": [
                    {"code": code, "name": _short(name), "unit": unit} for code, name, unit in page.indicators
                ],
                "code": page.code,
                "qr": qr(page.address),
            }
            for page in pages
        ],
    }


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
