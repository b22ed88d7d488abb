"""两人同时考评 Two people over one line, one claim, one sheet: one writes, the other is told what, and by whom."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pioneer.assessments import changes
from pioneer.assessments.claims import review_declaration
from pioneer.assessments.lines import edit_line, enter_line
from pioneer.assessments.models import Change, Line, Review
from pioneer.assessments.services import submit_sheet
from pioneer.declarations.queries import doubts_of
from pioneer.kernel.errors import DomainError
from pioneer.messages.models import Message
from tests.assessments.conftest import MARCH_12, Month
from tests.test_at_once import at_once


def edit(month: Month, line: Line, who: str, ground: str) -> Line:
    return edit_line(actor=month.actor(who), line_id=line.pk, edit=line.edit, event_on=MARCH_12, ground=ground)


def review(month: Month, claim: Any, who: str, **more: Any) -> Review:
    form = {"outcome": "rejected", "reason": f"{who}看过", **more}
    return review_declaration(actor=month.actor(who), sheet_id=month.sheet.pk, declaration_id=claim.pk, **form)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_edit_a_line_one_is_told_what_the_other_wrote(month: Month) -> None:
    line = month.enter(indicator="A3")

    def act(who: str) -> Callable[[], Any]:
        return lambda: edit(month, line, who, f"{who}核对过的签到册")

    done, refused = at_once(act("recorder"), act("committee"))
    now = Line.objects.get()
    assert refused == ["edited_meanwhile"] and now.ground == done[0].ground and now.edit == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_review_a_claim_one_is_told_what_the_other_decided(month: Month) -> None:
    claim = month.claim()
    done, refused = at_once(
        lambda: review(month, claim, "recorder"), lambda: review(month, claim, "committee", outcome="accepted")
    )
    assert refused == ["already_reviewed"] and Review.objects.get().by_number == done[0].by_number


@pytest.mark.django_db(transaction=True)
def test_two_who_both_insist_do_not_overrule_each_other_unseen(month: Month) -> None:
    claim = month.claim()
    first = month.review(claim, "deputy", "rejected", reason="看过")

    def act(who: str) -> Callable[[], Any]:
        return lambda: review(month, claim, who, instead_of=first.pk)

    done, refused = at_once(act("recorder"), act("committee"))
    assert refused == ["already_reviewed"] and Review.objects.get().by_number == done[0].by_number


@pytest.mark.django_db(transaction=True)
def test_a_line_entered_while_the_sheet_is_submitted_is_either_on_it_or_refused(month: Month) -> None:
    month.sheet.refresh_from_db()
    opened = month.sheet.edit
    member = month.world.member("李桂兰").pk

    def enter() -> Any:
        form = {"indicator": "A3", "event_on": MARCH_12, "ground": "签到册"}
        return enter_line(actor=month.actor("committee"), sheet_id=month.sheet.pk, member_id=member, **form)

    done, refused = at_once(
        enter, lambda: submit_sheet(actor=month.actor("recorder"), sheet_id=month.sheet.pk, edit=opened)
    )
    month.sheet.refresh_from_db()
    assert len(done) == 1
    assert (refused, month.sheet.state, Line.objects.count()) in [
        (["edited_meanwhile"], "open", 1),
        (["sheet_not_open"], "submitted", 0),
    ]


# ------------------------------------------------------------------ what the second is told


def test_whoever_submits_reads_what_was_changed_since_the_page_was_opened(month: Month) -> None:
    opened = month.sheet.edit
    month.enter("单雪琴", "committee", indicator="N7")
    with pytest.raises(DomainError) as refused:
        submit_sheet(actor=month.actor("recorder"), sheet_id=month.sheet.pk, edit=opened)
    assert refused.value.code == "edited_meanwhile"
    assert "罗小红加了一条：单雪琴　3月12日" in refused.value.message and "−0.5分" in refused.value.message


def test_every_change_is_kept_with_who_made_it(month: Month) -> None:
    claim = month.claim()
    opened = month.sheet.edit
    month.review(claim, "committee")
    edit(month, month.enter("单雪琴", indicator="A3"), "deputy", "核对过的签到册")
    month.review(month.claim("单雪琴"), "recorder", "rejected", reason="不符")
    month.sheet.refresh_from_db()
    said = [str(one) for one in changes.since(month.sheet, opened)]
    assert [one.split("：")[0] for one in said] == [
        "罗小红考评了申报",
        "解文军加了一条",
        "曾永福改了一条",
        "解文军考评了申报",
    ]
    assert "现在是“核准”" in said[0] and "现在是“不予认可”" in said[3]
    assert [one.edit for one in Change.objects.all()] == list(range(opened + 1, month.sheet.edit + 1))
    others = changes.since(month.sheet, opened, but_by=month.world.users["recorder"].pk)
    assert len(others) == 2 and changes.since(month.sheet, month.sheet.edit) == []


def test_what_a_change_holds_is_nobodys_text(month: Month) -> None:
    kinds = {field.get_internal_type() for field in Change._meta.get_fields()}
    month.enter(ground="那天打牌没来")
    assert "TextField" not in kinds and "打牌" not in str(Change.objects.values().get())


# ------------------------------------------------------------------ deciding otherwise, knowingly


def test_who_saw_the_others_review_may_decide_otherwise_and_the_other_is_told(month: Month) -> None:
    claim = month.claim()
    first = month.review(claim, "committee")
    second = review(month, claim, "recorder", instead_of=first.pk)
    assert second.outcome == "rejected" and Review.objects.get() == second
    assert Line.objects.get().state == "struck" and Line.objects.get().declaration is None
    told = Message.objects.get(user=month.world.users["committee"])
    assert "解文军" in told.title and "核准" in told.text


def test_a_review_that_was_not_the_one_shown_is_not_replaced(month: Month) -> None:
    claim = month.claim()
    shown = month.review(claim, "committee")
    month.review(claim, "deputy", "rejected", reason="另有记录", instead_of=shown.pk)
    with pytest.raises(DomainError) as refused:
        review(month, claim, "recorder", instead_of=shown.pk)
    assert refused.value.code == "already_reviewed" and "曾永福" in refused.value.message


def test_deciding_otherwise_asks_the_doubts_anew(month: Month) -> None:
    month.claim("曾永福", matter="帮独居老人修水管三个小时")
    claim = month.claim("李桂兰", matter="帮独居老人修水管三个小时", event_on=date(2026, 3, 13))
    flags = doubts_of([claim.pk]).get(claim.pk, [])
    assert flags, "alike words in the branch raise a doubt"
    reasons = {flag.pk: "问过本人，是另一户" for flag in flags}
    first = month.review(claim, "committee", doubts=reasons)
    with pytest.raises(DomainError):
        review(month, claim, "recorder", outcome="accepted", reason="", instead_of=first.pk)
    assert Review.objects.get() == first
    review(month, claim, "recorder", outcome="accepted", reason="", instead_of=first.pk, doubts=reasons)
    assert Review.objects.get().by_number == month.world.users["recorder"].pk


def test_after_submission_nothing_is_decided_otherwise(month: Month) -> None:
    first = month.review(month.claim(), "committee")
    month.submit()
    with pytest.raises(DomainError) as refused:
        review(month, first.declaration, "recorder", instead_of=first.pk)
    assert refused.value.code == "sheet_not_open" and Review.objects.get() == first
