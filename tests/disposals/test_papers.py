"""The papers of a finding and a case: filled from what was done, blank where it was not."""

import pytest

from pioneer.disposals.models import Step
from pioneer.disposals.papers import CASE_PAPERS, FINDING_PAPERS, case_pdf, finding_pdf
from tests.disposals.proceedings import WHO, act, announced, brought, filed, open_case, propose
from tests.papers.reading import words_of
from tests.world import World

pytestmark = pytest.mark.one_database


def test_the_papers_of_a_case_just_opened_leave_blanks(ruled: World) -> None:
    filed(ruled)
    case = open_case(ruled)
    for paper in CASE_PAPERS:
        said = words_of(case_pdf(case, paper.kind))
        assert WHO in said and paper.title in said
    assert "备案号槐备〔2027〕1号" in words_of(case_pdf(case, "proposal"))
    with pytest.raises(LookupError):
        case_pdf(case, "nothing")


def test_they_say_what_was_done(ruled: World) -> None:
    filed(ruled)
    case = brought(ruled, "announced")
    act(ruled, case, Step.Kind.APPEALED)
    act(ruled, case, Step.Kind.APPEAL_ANSWERED, upheld=True)
    case.refresh_from_db()
    for kind, words in {
        "report": ("槐委〔2027〕6号", "同意"),
        "talk": ("王保国、罗小红", "我认识到了不足，愿意改。"),
        "resolution": ("同意对单雪琴同志限期6个月改正", "7", "6", "5"),
        "notice": ("申诉成立，本决定已经撤销",),
        "appeal": ("申诉成立，撤销原处置", "有两次请过假"),
    }.items():
        said = words_of(case_pdf(case, kind))
        assert all(word in said for word in words), (kind, said)


def test_the_papers_of_a_finding(ruled: World) -> None:
    found = propose(ruled, announced(ruled)[WHO], remarks="已经谈过话。")
    for paper in FINDING_PAPERS:
        assert "45分" in words_of(finding_pdf(found, paper.kind))
    said = words_of(finding_pdf(found, "proposal"))
    assert "没有计入任何正向加分" in said and "已经谈过话" in said and "2027年1月18日24时" in said
