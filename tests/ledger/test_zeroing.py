"""A zeroing and its reversal: the score is nothing, then as if it had never been; the ledger itself does not change."""

from datetime import date
from typing import Any

from pioneer.conduct.zeroing import answer_zeroing, approve_zeroing, propose_zeroing, reverse_zeroing
from pioneer.kernel import clock
from pioneer.ledger.models import Entry
from pioneer.ledger.queries import score_of
from pioneer.ledger.verification import verify
from tests.conduct.conftest import document
from tests.notices import On, run
from tests.world import World


def test_the_reversal_restores_the_score_as_if_it_had_never_been(ruled: World) -> None:
    run(ruled, [On("李桂兰"), On("李桂兰", "N7", 14)])
    member, entries = ruled.member("李桂兰"), list(Entry.objects.values_list("digest", flat=True))

    def figures() -> Any:
        score = score_of(member, date(2026, 5, 1))
        return score.score, score.positive, score.reverse, score.zeroed

    before = figures()
    with clock.at(date(2026, 4, 20)):
        case = propose_zeroing(actor=ruled.actor("secretary"), member_id=member.pk, **document())
        answer_zeroing(actor=ruled.actor("guilan"), case_id=case.pk, statement="没有意见")
        approve_zeroing(actor=ruled.actor("township_officer"), case_id=case.pk)
    assert before == (7050, 100, -50, False)
    assert figures() == (0, 100, -50, True)
    with clock.at(date(2026, 4, 28)):
        reverse_zeroing(actor=ruled.actor("township_officer"), case_id=case.pk, document="法院1号，2026年4月27日")
    assert figures() == before
    assert list(Entry.objects.values_list("digest", flat=True)) == entries and verify().disagreement == ""
