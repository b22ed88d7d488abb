"""A paper that is kept shows every character; for one that no font has it shows 〓 and says which."""

from pioneer.papers.rendering import render_to_keep

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
