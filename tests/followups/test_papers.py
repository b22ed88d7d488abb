"""The papers of a follow-up: filled from what is on record, or empty; the slip of what was hoped."""

import pytest

from pioneer.followups.papers import PAPERS, encouragement_pdf, follow_up_pdf
from tests.followups.conftest import Case
from tests.followups.test_write_encouragement import encourage
from tests.papers.reading import pages_of, words_of
from tests.world import World

SAID = {
    "talk": ("警示谈话记录", "全年没有申报，两次缺席。", "今后按时参加。", "支部活动室", "罗小红", "60至79分"),
    "plan": ("结对帮带计划表", "曾永福", "每月走访一户", "上门谈心，近来都到会。", "到2027年6月24日"),
    "closing": ("帮教了结表", "已经改正", "支部委员会", "半年来按时到会。", "1次，最近一次2027年1月25日"),
}


@pytest.mark.parametrize("kind", SAID)
def test_filled_it_says_what_is_on_record_and_empty_only_of_whom(world: World, case_in: Case, kind: str) -> None:
    found = case_in("closed")
    filled, empty = follow_up_pdf(found, kind), follow_up_pdf(found, kind, empty=True)
    assert filled == follow_up_pdf(found, kind), "the same record gives the same bytes"
    said, blank = words_of(filled), words_of(empty)
    assert all(part in said for part in SAID[kind])
    assert "李桂兰" in blank and SAID[kind][0] in blank and not any(part in blank for part in SAID[kind][1:4])
    assert len(pages_of(filled)) == len(pages_of(empty)) == 1


def test_one_can_be_made_at_every_step(world: World, case_in: Case) -> None:
    found = case_in("opened")
    assert all(follow_up_pdf(found, one.kind) for one in PAPERS)
    with pytest.raises(LookupError, match="没有“x”这种文书"):
        follow_up_pdf(found, "x")


def test_what_was_hoped_is_handed_over_on_a_slip(world: World, case_in: Case) -> None:
    said = words_of(encouragement_pdf(encourage(world)))
    assert "勉励单" in said and "单雪琴同志" in said and "希望多带动邻里" in said and "本人签收" in said
