"""assessments.confirm_sheet: the second person."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from pioneer.assessments import queries
from pioneer.assessments.lines import answer_line, edit_line
from pioneer.assessments.models import Line, Review
from pioneer.assessments.services import confirm_sheet, return_sheet
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from tests.assessments.conftest import Month, begin
from tests.world import TODAY, adopt_rulebook, build

LATER = TODAY + timedelta(days=20)


def test_it_works(month: Month) -> None:
    month.review(month.claim())
    month.submit()
    sheet = month.confirm()
    assert (sheet.state, sheet.confirmed_by_role, sheet.confirmed_for) == ("confirmed", "secretary", "")


@pytest.mark.parametrize("who", ["secretary", "deputy", "committee"])
def test_the_leads_and_committee_members_confirm(month: Month, who: str) -> None:
    month.submit()
    assert month.confirm(who).confirmed_by_number == month.world.users[who].pk


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("recorder", NotAllowed),
        ("guilan", NotVisible),
        ("auditor", NotAllowed),
        ("district_officer", NotAllowed),
        ("second_secretary", NotVisible),
        ("other_secretary", NotVisible),
    ],
)
def test_who_may_not(month: Month, who: str, error: type[Exception]) -> None:
    month.submit("secretary" if who == "recorder" else "recorder")
    with pytest.raises(error):
        month.confirm(who)


def test_never_by_who_submitted_it(month: Month) -> None:
    month.submit("secretary")
    with pytest.raises(NotAllowed) as refused:
        month.confirm("secretary")
    assert "另一个人" in refused.value.message and "曾永福" in refused.value.message


def signers(month: Month) -> dict[str, str]:
    """Who confirmed whose lines, by the code of the cast."""
    codes = {user.pk: code for code, user in month.world.users.items()}
    lines = Line.objects.filter(sheet=month.sheet, state="standing").select_related("member")
    return {line.member.name: codes.get(line.confirmed_by_number or 0, "") for line in lines}


def test_who_entered_or_reviewed_something_confirms_the_rest(month: Month) -> None:
    rejected = month.review(month.claim(), "deputy", outcome="rejected", reason="不符")
    month.enter("单雪琴", "committee", indicator="A3")
    month.submit()
    assert month.confirm("deputy").state == "submitted"
    assert signers(month) == {"单雪琴": "deputy"}
    with pytest.raises(NotAllowed) as refused:
        month.confirm("deputy")
    assert "您能复核的都已复核。这1条由您经手考评" in refused.value.message
    assert month.confirm("committee").state == "confirmed"
    rejected.refresh_from_db()
    assert rejected.confirmed_by_number == month.world.users["committee"].pk and rejected.confirmed_at


def test_who_reviewed_a_claim_does_not_confirm_it_when_another_changed_its_wording(month: Month) -> None:
    month.review(month.claim(), "deputy")
    line = Line.objects.get()
    with clock.at(TODAY):
        edit_line(
            actor=month.actor("recorder"),
            line_id=line.pk,
            edit=line.edit,
            event_on=line.event_on,
            ground=line.ground,
            wording="为邻里修好水管",
        )
    month.submit()
    with pytest.raises(NotAllowed):
        month.confirm("deputy")


def test_a_secretary_with_an_attendance_line_confirms_all_but_its_own(month: Month) -> None:
    for name in ("王保国", "李桂兰", "单雪琴"):
        month.enter(name, indicator="A1")
    month.submit()
    sheet = month.confirm("secretary")
    assert (sheet.state, sheet.confirmed_by_number, sheet.confirmed_at) == ("submitted", None, None)
    assert signers(month) == {"王保国": "", "李桂兰": "secretary", "单雪琴": "secretary"}
    with pytest.raises(NotAllowed) as refused:
        month.confirm("secretary")
    assert refused.value.message == (
        "您能复核的都已复核。应回避：这1条是您本人或您申明的亲属的。"
        "还有1条（王保国的）待另一位同志复核：可由罗小红（支部委员）、曾永福（副书记）办理。"
    )
    sheet = month.confirm("committee")
    assert (sheet.state, sheet.confirmed_by_role, sheet.confirmed_for) == ("confirmed", "committee_member", "")
    assert signers(month) == {"王保国": "committee", "李桂兰": "secretary", "单雪琴": "secretary"}


def test_not_with_ones_own_lines_only_and_the_sentence_says_how_many_and_who_could(month: Month) -> None:
    for _ in range(2):
        month.review(month.claim("王保国"))
    month.submit()
    with pytest.raises(NotAllowed) as refused:
        month.confirm("secretary")
    assert "这2条是您本人" in refused.value.message
    assert "可由" in refused.value.message and "曾永福" in refused.value.message and "罗小红" in refused.value.message
    assert month.confirm("deputy").state == "confirmed"


def test_a_declared_relatives_lines_are_left_to_another(month: Month) -> None:
    month.relate("单雪琴", "王保国")
    month.review(month.claim("单雪琴"))
    month.review(month.claim())
    month.submit()
    assert month.confirm("secretary").state == "submitted"
    assert signers(month) == {"单雪琴": "", "李桂兰": "secretary"}
    assert month.confirm("deputy").state == "confirmed"


def test_not_ones_own_rejected_claim(month: Month) -> None:
    review = month.review(month.claim("王保国"), outcome="rejected", reason="不符")
    month.enter(indicator="A3")
    month.submit()
    assert month.confirm("secretary").state == "submitted"
    review.refresh_from_db()
    assert review.confirmed_by_number is None
    assert month.confirm("committee").state == "confirmed"


def test_an_altered_claim_is_confirmed_together_with_its_line(month: Month) -> None:
    review = month.review(month.claim(), outcome="altered", indicator="B1", reason="属走访")
    month.submit()
    assert month.confirm("secretary").state == "confirmed"
    review.refresh_from_db()
    assert review.confirmed_by_number == Line.objects.get().confirmed_by_number == month.world.users["secretary"].pk


def test_who_voided_a_claim_does_not_confirm_its_rejection(month: Month) -> None:
    claim = month.claim()
    month.review(claim)
    month.enter(who="deputy", indicator="N10", void_declaration_id=claim.pk)
    month.submit()
    with clock.at(LATER), pytest.raises(NotAllowed):
        month.confirm("deputy")


def test_a_sheet_of_nothing_still_takes_a_second_person(month: Month) -> None:
    month.submit("secretary")
    with pytest.raises(NotAllowed) as refused:
        month.confirm("secretary")
    assert "可由罗小红（支部委员）、曾永福（副书记）办理。" in refused.value.message
    assert month.confirm("deputy").state == "confirmed"


def test_what_leaves_the_sheet_meanwhile_waits_for_nobody(month: Month) -> None:
    for name in ("王保国", "李桂兰"):
        month.enter(name, indicator="A3")
    month.submit()
    assert month.confirm("secretary").state == "submitted"
    month.zero("王保国")
    assert month.confirm("secretary").state == "confirmed"


def test_returning_voids_what_was_confirmed(month: Month) -> None:
    month.review(month.claim(), outcome="altered", indicator="B1", reason="属走访")
    month.enter("王保国", indicator="A3")
    month.submit()
    month.confirm("secretary")
    sheet = return_sheet(actor=month.actor("committee"), sheet_id=month.sheet.pk, reason="缺签到册")
    assert signers(month) == {"王保国": "", "李桂兰": ""} and sheet.confirmed_for == ""
    assert Review.objects.get().confirmed_by_number is None
    month.submit()
    assert month.confirm("committee").state == "confirmed"
    assert set(signers(month).values()) == {"committee"}


def test_nothing_is_confirmed_while_one_deduction_may_still_be_answered(month: Month) -> None:
    month.enter("李桂兰")
    month.enter("单雪琴", indicator="A3")
    month.submit()
    with pytest.raises(DomainError) as refused:
        month.confirm("secretary")
    assert refused.value.code == "sheet_not_ready" and set(signers(month).values()) == {""}


def test_a_confirmed_line_is_not_answered_any_more_the_others_still_are(month: Month) -> None:
    line, own = month.enter(), month.enter("王保国")
    month.submit()
    with clock.at(LATER):
        month.confirm("secretary")
        with pytest.raises(DomainError) as refused:
            answer_line(actor=month.actor("guilan"), line_id=line.pk, statement="请看请假条")
        assert refused.value.code == "line_confirmed"
        assert not queries.awaiting_statement(month.actor("guilan")).exists()
        assert list(queries.awaiting_statement(month.actor("secretary"))) == [own]
        assert answer_line(actor=month.actor("secretary"), line_id=own.pk, statement="请看请假条").statement_at
        assert month.confirm("committee").state == "confirmed"


def test_the_database_itself_keeps_enterer_and_confirmer_apart(month: Month) -> None:
    line = month.enter(indicator="A3")
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.filter(pk=line.pk).update(confirmed_by_number=line.entered_by_number, confirmed_at=clock.now())
    review = month.review(month.claim(), outcome="rejected", reason="不符")
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(confirmed_by_number=review.by_number, confirmed_at=clock.now())


def test_not_before_the_time_to_answer_is_over(month: Month) -> None:
    month.enter()
    month.submit()
    with clock.at(date(2026, 4, 7)), pytest.raises(DomainError) as refused:
        month.confirm()
    assert refused.value.code == "sheet_not_ready"
    with clock.at(date(2026, 4, 8)):
        assert month.confirm().state == "confirmed"


def test_not_what_changed_since_it_was_shown(month: Month) -> None:
    line = month.enter()
    shown = month.submit().edit
    answer_line(actor=month.actor("guilan"), line_id=line.pk, statement="请看请假条")
    with pytest.raises(DomainError) as refused:
        confirm_sheet(actor=month.actor("secretary"), sheet_id=month.sheet.pk, edit=shown)
    assert refused.value.code == "edited_meanwhile"


def test_the_deceased_and_the_zeroed_leave_the_unpublished_sheet(month: Month) -> None:
    from pioneer.members.models import StatusSpell

    month.enter(indicator="A3")
    month.enter("张㛃", indicator="A3")
    month.enter("单雪琴", indicator="A3")
    month.zero()
    member = month.world.member("张㛃")
    StatusSpell.objects.filter(member=member).update(until_on=date(2026, 3, 31))
    StatusSpell.objects.create(member=member, status="deceased", from_on=date(2026, 4, 1))
    assert [line.member.name for line in queries.standing_lines(month.sheet)] == ["单雪琴"]


def _confirm_at_once(month: Month, people: tuple[str, ...]) -> list[str]:
    edit = month.submit().edit
    answers: list[str] = []
    actors = {who: month.actor(who) for who in people}

    def confirm(who: str) -> None:
        try:
            confirm_sheet(actor=actors[who], sheet_id=month.sheet.pk, edit=edit)
            answers.append("done")
        except DomainError as refused:
            answers.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=confirm, args=(who,)) for who in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    month.sheet.refresh_from_db()
    return sorted(answers)


@pytest.mark.django_db(transaction=True)
def test_two_confirming_at_once_one_does() -> None:
    world = build()
    adopt_rulebook(world)
    month = begin(world)
    with clock.at(TODAY):
        assert _confirm_at_once(month, ("secretary", "deputy")) == ["done", "sheet_confirmed"]


@pytest.mark.django_db(transaction=True)
def test_two_confirming_at_once_who_each_have_a_line_confirm_it_together() -> None:
    world = build()
    adopt_rulebook(world)
    month = begin(world)
    with clock.at(TODAY):
        for name in ("王保国", "曾永福", "李桂兰", "单雪琴"):
            month.enter(name, indicator="A1")
        assert _confirm_at_once(month, ("secretary", "deputy")) == ["done", "done"]
    signed = signers(month)
    assert month.sheet.state == "confirmed"
    assert month.sheet.edit == 6  # four lines, the submission, the confirmation: once
    assert signed["王保国"] == "deputy" and signed["曾永福"] == "secretary"
    assert signed["李桂兰"] == signed["单雪琴"] != ""
    assert AuditEvent.objects.filter(operation="assessments.confirm_sheet", refused="").count() == 2
