from datetime import date, timedelta

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.ledger.services import post_sheet
from pioneer.ledger.verification import verify
from pioneer.publicity.models import Publication
from pioneer.publicity.services import close_publication, refresh_publication
from tests.notices import On, after, close, make_sheet, publish
from tests.world import World


def test_it_closes_when_the_stored_end_has_passed_and_never_earlier(shown: Publication) -> None:
    with clock.at(shown.closes_at - timedelta(seconds=1)), pytest.raises(DomainError) as refused:
        close_publication(actor=CLOCK, publication_id=shown.pk)
    assert refused.value.code == "window_open"
    with clock.at(shown.closes_at):
        done = close_publication(actor=CLOCK, publication_id=shown.pk)
        assert close_publication(actor=CLOCK, publication_id=shown.pk) == done


def test_by_the_clock_or_the_branch(shown: Publication, ruled: World) -> None:
    with clock.at(after(shown)):
        with pytest.raises(NotAllowed):
            close_publication(actor=ruled.actor("township_officer"), publication_id=shown.pk)
        for stranger in ("second_recorder", "other_secretary", "guilan"):
            with pytest.raises(NotVisible):
                close_publication(actor=ruled.actor(stranger), publication_id=shown.pk)
            with pytest.raises(NotVisible):
                refresh_publication(actor=ruled.actor(stranger), sheet_id=shown.sheet_id)
        assert close_publication(actor=ruled.actor("recorder"), publication_id=shown.pk).closed_at is not None


def test_what_another_notice_moved_is_shown_anew_first(ruled: World) -> None:
    days = (3, 5, 7)
    first = publish(ruled, make_sheet(ruled, [On("李桂兰", "B5", day) for day in days]))
    stray = make_sheet(ruled, [On("李桂兰", "B5", 9)], branch=ruled.second_branch)
    other = publish(ruled, stray, "second_recorder")
    close(other)
    with clock.at(after(first)):
        post_sheet(actor=CLOCK, publication_id=other.pk)
        with pytest.raises(DomainError) as refused:
            close_publication(actor=CLOCK, publication_id=first.pk)
        assert refused.value.code == "figures_moved"
        again = refresh_publication(actor=CLOCK, sheet_id=first.sheet_id)
        with pytest.raises(DomainError):
            refresh_publication(actor=CLOCK, sheet_id=first.sheet_id)
    assert [(line.counted, line.is_open) for line in again.lines.order_by("event_on")] == [
        (100, False),
        (100, False),
        (0, True),
    ]
    closed = close(again)
    with clock.at(after(closed)):
        post_sheet(actor=CLOCK, publication_id=again.pk)
    assert verify().disagreement == ""


def test_a_rejected_claim_may_be_objected_to_and_becomes_a_line(ruled: World) -> None:
    from uuid import uuid4

    from pioneer.assessments.models import Review
    from pioneer.declarations.models import Declaration
    from pioneer.publicity import objections
    from pioneer.publicity.services import publish_revision

    sheet = make_sheet(ruled, [On("王保国")])
    claim = Declaration.objects.create(
        member=ruled.member("李桂兰"), branch=ruled.branch, indicator="B5", event_on=date(2026, 3, 20), place="小区",
        matter="修水管", state="taken", created_at=clock.now(),
    )  # fmt: skip
    review = Review.objects.create(
        declaration=claim, sheet=sheet, outcome="rejected", reason="没有佐证", by_number=ruled.users["recorder"].pk,
        created_at=clock.now(),
    )  # fmt: skip
    form = {"review_id": review.pk, "text": "有邻居可以作证。", "request_key": uuid4()}
    with pytest.raises(DomainError, match="还没有公示"):
        objections.object_to_review(actor=ruled.actor("guilan"), **form)
    publish(ruled, sheet)
    with pytest.raises(NotVisible):
        objections.object_to_review(actor=ruled.actor("xueqin"), **form)
    made = objections.object_to_review(actor=ruled.actor("guilan"), **form)
    with pytest.raises(DomainError, match="认定的分值"):
        objections.answer_objection(actor=ruled.actor("deputy"), objection_id=made.pk, upheld=True, answer="属实")
    wording = "为群众办好事实事"
    objections.answer_objection(
        actor=ruled.actor("deputy"),
        objection_id=made.pk,
        upheld=True,
        answer="属实",
        new_value=100,
        new_wording=wording,
    )
    again = publish_revision(actor=ruled.actor("secretary"), sheet_id=sheet.pk)
    added = again.lines.get(member=ruled.member("李桂兰"))
    assert (added.counted, added.is_open, added.line.declaration) == (100, True, claim)
