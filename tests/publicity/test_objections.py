from datetime import date, timedelta
from uuid import uuid4

import pytest

from pioneer.accounts.policies import CLOCK, VISITOR
from pioneer.assessments.models import Line
from pioneer.conduct.models import DeclaredRelation
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.ledger.services import post_sheet
from pioneer.ledger.verification import verify
from pioneer.messages.models import Message
from pioneer.publicity import objection_queries, objections
from pioneer.publicity.models import Objection, Publication
from pioneer.publicity.services import close_publication, publish_revision
from tests.notices import On, after, close, make_sheet, object_to, publish
from tests.publicity.conftest import line_of
from tests.world import World

State = Objection.State


def answer(world: World, row: Objection, who: str = "deputy", *, upheld: bool = False, **more: object) -> Objection:
    return objections.answer_objection(
        actor=world.actor(who), objection_id=row.pk, upheld=upheld, answer="经查签到册属实。", **more
    )


def finally_(world: World, row: Objection, *, upheld: bool = False, **more: object) -> Objection:
    return objections.answer_finally(
        actor=world.actor("township_officer"), objection_id=row.pk, upheld=upheld, answer="复查属实。", **more
    )


# ------------------------------------------------------------------ objecting


def test_a_resident_objects_without_a_name_and_gets_a_receipt(shown: Publication, ruled: World) -> None:
    made = object_to(shown, line_of(shown, "李桂兰", 3))
    assert made.state == State.OPEN and len(made.receipt) == 14
    assert made.objector_number is None and made.objector_name == ""
    assert made.due_at == clock.end_of(date(2026, 4, 9))
    assert objection_queries.by_receipt(made.receipt.lower()) == made
    told = Message.objects.get(user=ruled.users["guilan"])
    assert "提出异议" in told.title


def test_sent_twice_it_is_one_and_with_other_words_an_error(shown: Publication) -> None:
    key, line = uuid4(), line_of(shown, "李桂兰", 3)
    first = object_to(shown, line, request_key=key)
    assert object_to(shown, line, request_key=key) == first
    with pytest.raises(DomainError) as refused:
        object_to(shown, line, request_key=key, text="另外的话")
    assert refused.value.code == "sent_already"


def test_against_an_officers_own_line_or_act_it_goes_to_the_township(shown: Publication) -> None:
    assert object_to(shown, line_of(shown, "王保国")).state == State.TOWNSHIP
    about_act = object_to(shown, line_of(shown, "李桂兰", 3), is_against_act=True)
    assert about_act.state == State.TOWNSHIP
    assert about_act.due_at == clock.end_of(date(2026, 4, 16))


def test_only_while_the_window_is_open(shown: Publication) -> None:
    with clock.at(shown.closes_at - timedelta(seconds=1)):
        object_to(shown, line_of(shown, "李桂兰", 3))
    with clock.at(shown.closes_at), pytest.raises(DomainError, match="4月9日24时结束") as refused:
        object_to(shown, line_of(shown, "李桂兰", 5))
    assert refused.value.code == "window_over"


def test_an_empty_text_and_a_line_of_another_notice_are_refused(shown: Publication, ruled: World) -> None:
    with pytest.raises(BadInput, match="请写明哪里不对"):
        object_to(shown, line_of(shown, "李桂兰", 3), text=" ")
    other = make_sheet(ruled, [On("李桂兰")], month=2).lines.get()
    with pytest.raises(NotVisible):
        object_to(shown, other)


def test_too_many_in_an_hour_are_turned_away_but_paper_is_not(shown: Publication, ruled: World) -> None:
    line = line_of(shown, "李桂兰", 3)
    for _ in range(objections.PER_HOUR):
        object_to(shown, line)
    with pytest.raises(DomainError, match="当面提交"):
        object_to(shown, line)
    paper = object_to(shown, line, actor=ruled.actor("recorder"), on_paper=True, name="居民甲")
    assert paper.entered_by_number == ruled.users["recorder"].pk and paper.objector_number is None


def test_paper_is_entered_by_the_branch_alone(shown: Publication, ruled: World) -> None:
    for actor in (VISITOR, ruled.actor("second_recorder"), ruled.actor("guilan")):
        with pytest.raises(NotAllowed):
            object_to(shown, line_of(shown, "李桂兰", 3), actor=actor, on_paper=True)


# ------------------------------------------------------------------ answering


def test_answered_by_somebody_who_neither_is_concerned_nor_entered(shown: Publication, ruled: World) -> None:
    made = object_to(shown, line_of(shown, "单雪琴"))
    DeclaredRelation.objects.create(
        member=ruled.member("罗小红"), relative=ruled.member("单雪琴"), kind="姐妹", created_at=clock.now()
    )
    with pytest.raises(NotAllowed, match="亲属"):
        answer(ruled, made, "committee")
    secretary, recorder = ruled.users["secretary"].pk, ruled.users["recorder"].pk
    Line.objects.filter(pk=made.line_id).update(entered_by_number=secretary, confirmed_by_number=recorder)
    with pytest.raises(NotAllowed, match="由您录入"):
        answer(ruled, made, "secretary")
    with pytest.raises(NotVisible):
        answer(ruled, made, "recorder")
    with pytest.raises(NotVisible):
        answer(ruled, made, "second_secretary")
    done = answer(ruled, made)
    assert done.state == State.REJECTED
    assert done.escalate_until == clock.end_of(date(2026, 4, 9))


def test_the_name_is_seen_by_who_answers_never_by_the_person_concerned(shown: Publication, ruled: World) -> None:
    made = object_to(shown, line_of(shown, "王保国"), name="居民甲")
    township = ruled.actor("township_officer")
    assert objection_queries.objections_visible_to(township).get(pk=made.pk).objector_name == "居民甲"
    assert not objection_queries.objections_visible_to(ruled.actor("secretary")).filter(pk=made.pk).exists()
    assert objection_queries.concerning(ruled.actor("secretary")).get(pk=made.pk).get_deferred_fields() == {
        "objector_name",
        "objector_contact",
        "objector_number",
    }


def test_unanswered_it_goes_to_the_township_by_itself(shown: Publication) -> None:
    made = object_to(shown, line_of(shown, "李桂兰", 3))
    assert objections.escalate_overdue_objections(actor=CLOCK) == 0
    with clock.at(date(2026, 4, 10)):
        assert objections.escalate_overdue_objections(actor=CLOCK) == 1
        assert objections.escalate_overdue_objections(actor=CLOCK) == 0
    made.refresh_from_db()
    assert made.state == State.TOWNSHIP and "逾期" in made.escalated_why


def test_the_objector_goes_on_to_the_township_within_five_working_days(shown: Publication, ruled: World) -> None:
    made = answer(ruled, object_to(shown, line_of(shown, "李桂兰", 3)))
    with clock.at(date(2026, 4, 9)):
        assert objections.escalate_objection(actor=VISITOR, receipt=made.receipt).state == State.TOWNSHIP
    other = object_to(shown, line_of(shown, "李桂兰", 5))
    with pytest.raises(DomainError):
        objections.escalate_objection(actor=VISITOR, receipt=other.receipt)
    answer(ruled, other)
    with clock.at(date(2026, 4, 10)), pytest.raises(DomainError, match="期限已过"):
        objections.escalate_objection(actor=VISITOR, receipt=other.receipt)


def test_the_townships_answer_is_final_and_not_the_branchs(shown: Publication, ruled: World) -> None:
    made = object_to(shown, line_of(shown, "王保国"))
    with pytest.raises(NotAllowed):
        objections.answer_finally(actor=ruled.actor("deputy"), objection_id=made.pk, upheld=False, answer="x")
    assert finally_(ruled, made).state == State.FINAL_REJECTED
    with pytest.raises(DomainError):
        objections.escalate_objection(actor=VISITOR, receipt=made.receipt)


# ------------------------------------------------------------------ what posting waits for


def test_a_notice_is_not_closed_while_anything_of_an_objection_is_open(shown: Publication, ruled: World) -> None:
    made = object_to(shown, line_of(shown, "李桂兰", 3))
    with clock.at(date(2026, 4, 8)), pytest.raises(DomainError, match="4月9日24时为止"):
        close_publication(actor=CLOCK, publication_id=shown.pk)
    with clock.at(after(shown)):
        with pytest.raises(DomainError, match="还有1条异议没有答复"):
            close_publication(actor=CLOCK, publication_id=shown.pk)
        answer(ruled, made)
        with pytest.raises(DomainError, match="可以在4月17日24时以前提请"):
            close_publication(actor=CLOCK, publication_id=shown.pk)
    with clock.at(date(2026, 4, 18)):
        assert close_publication(actor=CLOCK, publication_id=shown.pk).closed_at is not None


def test_an_upheld_one_makes_a_revision_with_a_full_window_for_what_moved(shown: Publication, ruled: World) -> None:
    made = answer(ruled, object_to(shown, line_of(shown, "李桂兰", 3)), upheld=True)
    with pytest.raises(NotAllowed, match="不能自己"):
        publish_revision(actor=ruled.actor("deputy"), sheet_id=shown.sheet_id)
    with clock.at(after(shown)), pytest.raises(DomainError, match="还没有出下一次公示"):
        close_publication(actor=CLOCK, publication_id=shown.pk)
    with clock.at(date(2026, 4, 8)):
        again = publish_revision(actor=ruled.actor("secretary"), sheet_id=shown.sheet_id)
    assert again.revision == 2 and again.closes_at == clock.end_of(date(2026, 4, 15))
    lines = {line.event_on.day: line for line in again.lines.filter(member=ruled.member("李桂兰"))}
    assert 3 not in lines
    assert (lines[9].counted, lines[9].is_open) == (100, True)  # there is room under the cap now
    assert (lines[5].counted, lines[5].is_open) == (100, False)
    made.refresh_from_db()
    assert made.applied_in == 2
    with clock.at(date(2026, 4, 9)):  # the first window of what did not change still runs
        object_to(again, line_of(shown, "单雪琴"))
    with clock.at(date(2026, 4, 10)):
        with pytest.raises(DomainError):
            object_to(again, line_of(shown, "李桂兰", 5))
        object_to(again, lines[9].line)


def test_another_value_and_wording_replace_the_line(shown: Publication, ruled: World) -> None:
    made = object_to(shown, line_of(shown, "李桂兰", 3))
    with pytest.raises(BadInput, match="大于0"):
        answer(ruled, made, upheld=True, new_value=-50)
    with pytest.raises(BadInput, match="姓名"):
        answer(ruled, made, upheld=True, new_value=50, new_wording="帮单雪琴修水管")
    answer(ruled, made, upheld=True, new_value=50)
    again = publish_revision(actor=ruled.actor("secretary"), sheet_id=shown.sheet_id)
    replaced = again.lines.get(line__replaces=made.line)
    assert (replaced.raw, replaced.is_open) == (50, True)
    closed = close(again)
    with clock.at(after(closed)):
        posting = post_sheet(actor=CLOCK, publication_id=again.pk)
    assert posting.entries.count() == 6
    assert verify().disagreement == ""


def test_the_township_may_put_back_what_the_branch_had_changed(shown: Publication, ruled: World) -> None:
    made = answer(ruled, object_to(shown, line_of(shown, "李桂兰", 3)), upheld=True)
    publish_revision(actor=ruled.actor("secretary"), sheet_id=shown.sheet_id)
    objections.escalate_objection(actor=ruled.actor("guilan"), receipt=made.receipt)
    finally_(ruled, made)
    third = publish_revision(actor=ruled.actor("secretary"), sheet_id=shown.sheet_id)
    assert third.revision == 3
    assert third.lines.get(member=ruled.member("李桂兰"), event_on__day=3).raw == 100


def test_more_than_ten_open_only_the_lines_concerned_wait(shown: Publication, ruled: World) -> None:
    line = line_of(shown, "单雪琴")
    for _ in range(11):
        object_to(shown, line)
    with clock.at(after(shown)):
        with pytest.raises(DomainError, match="开立下月考评表"):
            close_publication(actor=CLOCK, publication_id=shown.pk)
        april = make_sheet(ruled, [], month=4, state="open", confirmed_by_number=None, confirmed_at=None)
        close_publication(actor=CLOCK, publication_id=shown.pk)
        posting = post_sheet(actor=CLOCK, publication_id=shown.pk)
    assert posting.entries.filter(indicator="N7").count() == 0 and posting.entries.count() == 5
    carried = april.lines.get()
    assert carried.replaces == line and objection_queries.objections_of(april).count() == 11
    assert verify().disagreement == ""
    april.state, april.confirmed_by_number = "confirmed", ruled.users["secretary"].pk
    april.confirmed_at = clock.now()
    april.save()
    april.lines.update(confirmed_by_number=april.confirmed_by_number, confirmed_at=april.confirmed_at)
    with clock.at(date(2026, 5, 6)):
        later = publish(ruled, april)
    with clock.at(after(later)), pytest.raises(DomainError, match="开立下月考评表"):  # still more than ten: on again
        close_publication(actor=CLOCK, publication_id=later.pk)
