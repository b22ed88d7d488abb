"""A paper that is kept shows every character, or 〓 and says which; is PDF/A-2b by its structure; and no heading of it
stands alone at the end of a page."""

from typing import Any

import pytest

from pioneer.papers.rendering import render, render_to_keep
from tests.papers.archival import faults_of
from tests.papers.reading import pages_of

pytestmark = pytest.mark.pure
CONTENT = {
    "title": "某支部2026年度档案", "branch": "某支部", "above": "某区", "cycle": "2026年度", "mark": "正式",
    "edition": "第1版", "made": [2027, 1, 20], "facts": [{"label": "支部", "text": "某支部"}], "about": [],
    "changes": [], "documents": [], "checking": [], "left_out": "", "keeping": "", "chapters": [],
}  # fmt: skip


def test_what_no_font_has_is_told_and_the_paper_is_made_all_the_same() -> None:
    plain, missing = render_to_keep("archive", CONTENT)
    assert plain.startswith(b"%PDF-") and missing == []
    facts = [{"label": "支部", "text": "张㛃😀与\x07"}, {"label": "又", "text": "😀"}]
    odd, missing = render_to_keep("archive", {**CONTENT, "facts": facts})
    assert odd.startswith(b"%PDF-") and sorted(missing) == ["\x07", "😀"], "㛃 the fonts have"


def notice(place: int) -> dict[str, Any]:
    """Of so many people that headings come to stand at every height of a page; some with much to show."""
    ground = {"text": "参加主题党日", "day": "3月8日", "points": "+0.5", "reason": "", "is_new": False, "local": ""}
    people = [
        {
            "position": str(number), "name": f"甲{place}乙{number}", "note": "流动党员" if number % 3 == 0 else "",
            "positive": "0.5", "reverse": "0", "total": "70.5", "grounds": [ground] * (1 + (place + number) % 7),
        }
        for number in range(1, 4 + place % 9)
    ]  # fmt: skip
    return {
        "title": f"第{place}号公示", "note": "月度考评表，2026年4月1日公示", "rulebook": "办法（第1版）", "struck": [],
        "fingerprint": "0" * 64, "people": people,
    }  # fmt: skip


@pytest.fixture(scope="module")
def long_paper() -> bytes:
    part = {
        "columns": [{"title": "项目", "share": 0, "right": False}, {"title": "说明", "share": 1, "right": False}],
        "rows": [[f"丙{row}", "字" * 90] for row in range(3)],
    }
    chapters = [
        {
            "title": "一、公示", "note": "", "parts": [], "without": "",
            "notices": [notice(one) for one in range(1, 41)],
        },
        {
            "title": "二、其他", "note": "", "without": "", "notices": [],
            "parts": [{"name": f"第{one}号表", **part} for one in range(1, 31)],
        },
    ]  # fmt: skip
    paper, missing = render_to_keep("archive", {**CONTENT, "chapters": chapters})
    assert not missing
    return paper


def test_no_heading_stands_alone_at_the_end_of_a_page(long_paper: bytes) -> None:
    pages = ["".join(page.split()) for page in pages_of(long_paper)]
    for title, follows in [(f"第{one}号公示", f"甲{one}乙1") for one in range(1, 41)] + [
        (f"第{one}号表", "丙0") for one in range(1, 31)
    ]:
        page = next(page for page in pages if title in page)
        assert follows in page.partition(title)[2], f"{title} stands alone"


def test_it_is_pdf_a_2b_as_far_as_its_structure_shows(long_paper: bytes) -> None:
    assert faults_of(long_paper) == []
    assert "no XMP" not in faults_of(long_paper) and "XMP does not say part 2" in faults_of(render("archive", CONTENT))
