"""What an objection must never lead to: a notice closed over it, a relative ruling on it, a member without a voice."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.assessments.models import Line, Review
from pioneer.conduct.models import DeclaredRelation
from pioneer.declarations.models import Declaration
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.publicity import objection_queries, objections
from pioneer.publicity.models import Objection, Publication
from pioneer.publicity.services import close_publication, publish_revision
from tests.notices import On, make_sheet, object_to, post, publish
from tests.publicity.conftest import line_of
from tests.world import TODAY, World


def rule(world: World, row: Objection, who: str = "deputy", *, upheld: bool = False, **more: Any) -> Objection:
    return objections.answer_objection(
        actor=world.actor(who), objection_id=row.pk, upheld=upheld, answer="经查属实。", **more
    )


def rejected(world: World, shown: Publication, name: str) -> Review:
    """A claim of that member which the branch did not accept in March."""
    claim = Declaration.objects.create(
        member=world.member(name),
        branch=world.branch,
        indicator="B5",
        event_on=date(2026, 3, 20),
        place="槐园小区",
        matter="浇花",
        state="taken",
        created_at=clock.now(),
    )
    return Review.objects.create(
        declaration=claim,
        sheet=shown.sheet,
        outcome="rejected",
        reason="家务",
        by_number=world.users["recorder"].pk,
        created_at=clock.now(),
    )


def test_a_relative_of_the_objector_does_not_rule_on_the_objection(shown: Publication, ruled: World) -> None:
    made = object_to(shown, line_of(shown, "李桂兰", 3), actor=ruled.actor("xueqin"), name="单雪琴")
    DeclaredRelation.objects.create(
        member=ruled.member("曾永福"), relative=ruled.member("单雪琴"), kind="夫妻", created_at=clock.now()
    )
    with pytest.raises(NotAllowed, match="您申明的亲属提出"):
        rule(ruled, made)
    assert rule(ruled, made, "committee").state == "rejected"


def test_a_posted_line_that_a_correction_moves_is_objected_to_through_the_correction(ruled: World) -> None:
    """An objection to a line of another sheet would be held by nobody when this notice is closed."""
    with clock.at(date(2026, 3, 2)):
        february = make_sheet(ruled, [On("李桂兰", "B5", day) for day in (3, 5, 7, 9)], month=2)
        post(publish(ruled, february))
    first, *_, trimmed = february.lines.order_by("event_on")
    shown = publish(ruled, make_sheet(ruled, [On("李桂兰", corrects=first)]))
    moved = shown.lines.get(kind="moved")
    assert moved.line == trimmed and moved.is_open
    with pytest.raises(DomainError):
        object_to(shown, trimmed)
    assert object_to(shown, shown.lines.get(kind="correction").line).state == "open"


def test_a_later_window_never_shortens_an_earlier_one(shown: Publication, ruled: World) -> None:
    rule(ruled, object_to(shown, line_of(shown, "李桂兰", 3)), upheld=True)
    again = publish_revision(actor=ruled.actor("secretary"), sheet_id=shown.sheet_id)
    Publication.objects.filter(pk=again.pk).update(closes_at=shown.closes_at - timedelta(days=3))
    Objection.objects.update(escalate_until=TODAY.isoformat() + "T00:00:00+08:00")
    with clock.at(shown.closes_at - timedelta(minutes=1)), pytest.raises(DomainError, match="4月9日24时为止"):
        close_publication(actor=CLOCK, publication_id=again.pk)
    with clock.at(shown.closes_at):
        assert close_publication(actor=CLOCK, publication_id=again.pk).closed_at is not None


def test_once_closed_no_clock_set_back_opens_it_again(shown: Publication) -> None:
    with clock.at(shown.closes_at):
        close_publication(actor=CLOCK, publication_id=shown.pk)
    with pytest.raises(DomainError) as refused:
        object_to(shown, line_of(shown, "李桂兰", 3))
    assert refused.value.code == "window_over"


def test_one_form_is_for_one_line(shown: Publication) -> None:
    key = uuid4()
    object_to(shown, line_of(shown, "李桂兰", 3), request_key=key)
    with pytest.raises(DomainError) as refused:
        object_to(shown, line_of(shown, "单雪琴"), request_key=key)
    assert refused.value.code == "sent_already"


def test_who_has_no_account_objects_to_a_rejected_claim_on_paper(shown: Publication, ruled: World) -> None:
    review = rejected(ruled, shown, "张㛃")
    form = {"review_id": review.pk, "text": "是给社区花坛浇的", "on_paper": True}
    with pytest.raises(NotVisible):
        objections.object_to_review(actor=ruled.actor("second_recorder"), request_key=uuid4(), **form)
    with pytest.raises(NotVisible):
        objections.object_to_review(actor=ruled.actor("guilan"), request_key=uuid4(), **form)
    with pytest.raises(NotAllowed):
        objections.object_to_review(actor=ruled.actor("auditor"), request_key=uuid4(), **form)
    made = objections.object_to_review(actor=ruled.actor("recorder"), request_key=uuid4(), **form)
    assert made.objector_name == "张㛃" and made.entered_by_number == ruled.users["recorder"].pk
    assert made.state == "open" and list(objection_queries.objections_of(shown.sheet)) == [made]


def test_an_upheld_objection_gives_no_more_than_the_rulebook_does(shown: Publication, ruled: World) -> None:
    for name, day, value, most in (("李桂兰", 3, 500, "1分"), ("单雪琴", 12, -9900, "0.5分")):
        made = object_to(shown, line_of(shown, name, day))
        with pytest.raises(BadInput, match=f"最多{most}"):
            rule(ruled, made, upheld=True, new_value=value)
    review = rejected(ruled, shown, "李桂兰")
    made = objections.object_to_review(
        actor=ruled.actor("guilan"), review_id=review.pk, text="是给花坛浇的", request_key=uuid4()
    )
    with pytest.raises(BadInput, match="最多1分"):
        rule(ruled, made, upheld=True, new_value=2000)
    assert rule(ruled, made, upheld=True, new_value=100).new_value == 100
    assert Line.objects.filter(sheet=shown.sheet, state="standing").count() == 6


def test_the_public_sentence_of_an_answer_names_no_third_person(shown: Publication, ruled: World) -> None:
    made = object_to(shown, line_of(shown, "李桂兰", 3))
    for said in ("已向单雪琴核实", "请打13900001111核实", "3号楼2单元的住户证实"):
        with pytest.raises(BadInput, match="公示页上的一句话"):
            rule(ruled, made, public_answer=said)
    assert rule(ruled, made, public_answer="经核实，原记录属实").public_answer == "经核实，原记录属实"


def test_a_claim_admitted_after_an_objection_is_shown_with_the_rulebooks_wording(
    shown: Publication, ruled: World
) -> None:
    review = rejected(ruled, shown, "李桂兰")
    made = objections.object_to_review(
        actor=ruled.actor("guilan"), review_id=review.pk, text="是给花坛浇的", request_key=uuid4()
    )
    rule(ruled, made, upheld=True, new_value=100)
    again = publish_revision(actor=ruled.actor("secretary"), sheet_id=shown.sheet_id)
    assert again.lines.get(line__declaration=review.declaration).wording == "为群众办好事实事"


def test_who_takes_in_a_paper_objection_is_not_the_person_concerned(shown: Publication, ruled: World) -> None:
    paper = {"on_paper": True, "name": "居民甲"}
    with pytest.raises(NotAllowed, match="另一位同志接收"):
        object_to(shown, line_of(shown, "王保国"), actor=ruled.actor("secretary"), **paper)
    DeclaredRelation.objects.create(
        member=ruled.member("王保国"), relative=ruled.member("李桂兰"), kind="母子", created_at=clock.now()
    )
    with pytest.raises(NotAllowed, match="另一位同志接收"):
        object_to(shown, line_of(shown, "李桂兰", 3), actor=ruled.actor("secretary"), **paper)
    assert object_to(shown, line_of(shown, "王保国"), actor=ruled.actor("recorder"), **paper).objector_name == "居民甲"
