"""表扬与推荐的纸面 The same content gives the same bytes; what stands on them is nobody's score."""

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.nominations.commending import issue_commendation
from pioneer.nominations.papers import list_pdf, wordings
from pioneer.papers.honour import Commended, Group, Proposed, commendation_poster, nomination_letter, nomination_notice
from pioneer.papers.honour import opening as opening_of
from tests.nominations.course import drafted
from tests.world import World, adopt_rulebook

LIST = Commended(
    "槐园社区", "2025年度", "先锋指数积分办法", "第七条", "2026年4月9日", (Group("一支部", ("王保国", "#set page()")),)
)


@pytest.mark.pure
def test_each_paper_is_one_pdf_whatever_a_name_holds() -> None:
    for sheet in ("a3", "a4"):
        assert commendation_poster(LIST, sheet) == commendation_poster(LIST, sheet)
    assert "2名党员" in opening_of(LIST)
    notice = nomination_notice(
        organisation="槐园街道",
        title="优秀共产党员",
        document="槐街党〔2026〕7号推荐通知",
        people=[Proposed("李桂兰", "一支部", "*热心*服务")],
        window="4月1日至9日",
        receivers=["槐园街道"],
        day="2026年4月1日",
        clause="第九条",
    )
    letter = nomination_letter(
        name="李桂兰",
        branch="一支部",
        organisation="槐园街道",
        title="优秀共产党员",
        document="12号",
        day="4月10日",
        call="7号",
    )
    assert notice.startswith(b"%PDF") and letter.startswith(b"%PDF")


def test_a_list_is_printed_once_issued_and_worded_without_scores(world: World) -> None:
    adopt_rulebook(world)
    shown = drafted(world)
    with pytest.raises(DomainError) as refused:
        list_pdf(shown, "handout")
    assert refused.value.code == "not_issued"
    with clock.at(shown.answer_until):
        named = [one.pk for one in shown.people.filter(member__name__in=["王保国", "李桂兰"])]
        shown = issue_commendation(
            actor=world.actor("township_officer"), commendation_id=shown.pk, named=named, reason="正在核实"
        )
    assert list_pdf(shown, "handout").startswith(b"%PDF")
    with pytest.raises(LookupError):
        list_pdf(shown, "banner")
    for _, text in wordings(shown):
        assert "王保国、李桂兰" in text and "温如春" not in text and "95" not in text and "分）" not in text
