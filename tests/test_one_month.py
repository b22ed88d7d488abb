"""一个月 From an empty database to a score a member can check, and years on, by operations alone: nothing is written in
any other way. The number at the end is worked out by hand."""

from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from pioneer.accounts.policies import VISITOR
from pioneer.accounts.slips import issue_slip, use_slip
from pioneer.assessments.claims import accept_declarations, review_declaration
from pioneer.assessments.lines import answer_line, enter_correction, enter_line
from pioneer.assessments.models import Line, Sheet
from pioneer.assessments.services import confirm_sheet, submit_sheet
from pioneer.declarations.services import declare
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.ledger.account import account_of
from pioneer.ledger.erasure import erase_member
from pioneer.ledger.queries import score_of
from pioneer.members import confirming, imports
from pioneer.members.examining import unused
from pioneer.members.models import Member
from pioneer.members.services import change_status
from pioneer.members.signing_in import open_account
from pioneer.organisations.models import Organisation
from pioneer.publicity.models import Publication
from pioneer.publicity.objections import answer_objection, object_to_line
from pioneer.publicity.services import publish_revision, publish_sheet
from tests.house import FEBRUARY, ROSTER, House, adopt, build_house
from tests.workbooks.people import xlsx
from tests.world import PASSWORD

FIRST_OF_APRIL = date(2026, 4, 1)


def bring_in(house: House, branch: Organisation) -> dict[str, Member]:
    """Three of the four rows; confirming twice writes once."""
    secretary = house.actor("secretary")
    made = imports.upload_roster(
        actor=secretary, organisation_id=branch.pk, name="花名册.xlsx", content=xlsx({"花名册": ROSTER})
    )
    examined = imports.examine_import(made.pk, secretary.number, unused)
    made = imports.record_check(actor=secretary, import_id=made.pk, examined=examined, task_id=made.task_id)
    assert (made.counts["new"], made.counts["wrong"]) == (3, 1)
    for _ in range(2):
        confirming.confirm_roster(actor=secretary, import_id=made.pk, new=3, changed=0)
    assert Member.objects.count() == 3
    return {member.name: member for member in Member.objects.all()}


def sign_up(house: House, member: Member) -> None:
    """The account, the slip, the first password."""
    user = open_account(actor=house.actor("secretary"), member_id=member.pk)
    slip = issue_slip(actor=house.actor("secretary"), user_id=user.pk)
    house.users["guilan"] = use_slip(actor=VISITOR, login=user.phone or "", code=slip.code, password=PASSWORD)


def claim(house: House, member: Member, indicator: str, day: int, matter: str, **more: Any) -> int:
    on = date(2026, 3, day)
    with clock.at(on):
        made = declare(
            actor=house.actor("guilan"),
            member_id=member.pk,
            indicator=indicator,
            event_on=on,
            place="槐园小区",
            matter=matter,
            request_key=uuid4(),
            **more,
        )
    return made.pk


def work(moment: datetime | date) -> None:
    """The clock's round, as the server runs it."""
    with clock.at(moment):
        call_command("work", "--once", stdout=StringIO())


def verified() -> str:
    """What `pioneer verify` prints; it leaves with 1 where a row disagrees."""
    said = StringIO()
    call_command("verify", stdout=said)
    return said.getvalue()


def confirm(house: House, sheet: Sheet) -> None:
    sheet.refresh_from_db()
    submitted = submit_sheet(actor=house.actor("recorder"), sheet_id=sheet.pk, edit=sheet.edit)
    with pytest.raises(DomainError):
        confirm_sheet(actor=house.actor("recorder"), sheet_id=sheet.pk, edit=submitted.edit)
    confirm_sheet(actor=house.actor("deputy"), sheet_id=sheet.pk, edit=submitted.edit)


def after(publication: Publication) -> datetime:
    return publication.closes_at + timedelta(minutes=1)


@pytest.mark.django_db
def test_one_month_from_the_roster_to_the_score_and_on_to_its_correction_and_erasure() -> None:
    with clock.at(FEBRUARY):
        house, branch = build_house()
        adopt(house, branch.district_number)
        people = bring_in(house, branch)
        guilan = people["李桂兰"]
        sign_up(house, guilan)
    work(date(2026, 3, 1))
    march = Sheet.objects.get(branch=branch, year=2026, month=3)

    # What the member did: a talk, three and a half hours of service, four good turns of which three count, one chore.
    claims = [
        claim(house, guilan, "A2", 6, "讲微党课一次"),
        claim(house, guilan, "B2", 8, "清理楼道", quantity=350),
        *(claim(house, guilan, "B5", day, f"第{day}日帮邻居") for day in (10, 12, 17, 20)),
    ]
    chore = claim(house, guilan, "B5", 24, "浇自家的花")

    # On 1 April the branch evaluates: all but the chore; two deductions, one answered by the member.
    with clock.at(FIRST_OF_APRIL):
        recorder = house.actor("recorder")
        accept_declarations(actor=recorder, sheet_id=march.pk, declaration_ids=claims)
        review_declaration(
            actor=recorder, sheet_id=march.pk, declaration_id=chore, outcome="rejected", reason="这是家务"
        )

        def deduct(indicator: str, day: int) -> Line:
            return enter_line(
                actor=recorder,
                sheet_id=march.pk,
                member_id=guilan.pk,
                indicator=indicator,
                event_on=date(2026, 3, day),
                ground="主题党日签到册",
            )

        absent, late = deduct("N2", 5), deduct("N7", 19)
        assert absent.told_at is not None, "the member is told the moment it is entered"
        for line in (absent, late):
            answer_line(actor=house.actor("guilan"), line_id=line.pk, statement="那天请过假。")
        confirm(house, march)
        shown = publish_sheet(actor=house.actor("recorder"), sheet_id=march.pk)
        assert shown.closes_at == clock.end_of(date(2026, 4, 9))
        account = account_of(guilan)
        assert account.score is not None and account.score.score == 7000, "nothing counts until it has been shown"

    # A resident says who came late that day was somebody else; the branch finds it so, another person shows it again.
    with clock.at(date(2026, 4, 2)):
        objection = object_to_line(
            actor=VISITOR, token=shown.token, line_id=late.pk, text="那天她第一个到。", request_key=uuid4()
        )
    work(after(shown))
    assert not Publication.objects.filter(closed_at__isnull=False).exists(), "it waits for the answer"
    with clock.at(date(2026, 4, 10)):
        answer_objection(
            actor=house.actor("secretary"), objection_id=objection.pk, upheld=True, answer="签到册看错一行，撤下。"
        )
        with pytest.raises(DomainError):
            publish_revision(actor=house.actor("secretary"), sheet_id=march.pk)
        again = publish_revision(actor=house.actor("deputy"), sheet_id=march.pk)
        assert again.revision == 2 and again.closes_at == clock.end_of(date(2026, 4, 17))
    work(date(2026, 4, 17))
    assert score_of(guilan, date(2026, 4, 17)).score == 7000
    work(after(again))

    # 70 + 2 (A2) + 1.75 (B2: 3.5 h × 0.5) + 3 (B5: four, three a month) − 2 (N2) = 74.75; the late coming is struck.
    assert score_of(guilan, date(2026, 4, 18)).score == 7475
    with clock.at(date(2026, 4, 18)):
        account = account_of(guilan)
        assert account.tier is not None and account.tier.code == "t60"
        trimmed = [line for line in account.lines if line.indicator == "B5" and line.points == 0]
        assert len(trimmed) == 1 and trimmed[0].why, "the one that does not count says why"
        assert not [line for line in account.lines if line.indicator == "N7"]
    verified()

    # The leave slip turns up: April's sheet takes the deduction back, with the same two people, notice and window.
    april = Sheet.objects.get(branch=branch, year=2026, month=4)
    with clock.at(date(2026, 5, 6)):
        enter_correction(
            actor=house.actor("recorder"), sheet_id=april.pk, line_id=absent.pk, ground="请假条在支部，日期无误"
        )
        confirm(house, april)
        correction = publish_sheet(actor=house.actor("committee"), sheet_id=april.pk)
        assert score_of(guilan, date(2026, 5, 6)).score == 7475
    work(after(correction))
    assert score_of(guilan, date(2026, 5, 20)).score == 7675
    verified()

    # The member leaves; five years on its words are erased, and the books still add up.
    with clock.at(date(2026, 6, 1)):
        change_status(
            actor=house.actor("secretary"), member_id=guilan.pk, status="left", on=date(2026, 6, 1), document="退党批复"
        )
    with clock.at(date(2031, 5, 30)), pytest.raises(DomainError):
        erase_member(actor=house.actor("security"), member_id=guilan.pk)
    with clock.at(date(2031, 6, 2)):
        erased = erase_member(actor=house.actor("security"), member_id=guilan.pk)
        assert erased.name != "李桂兰"
        assert "抹除" in verified()
    assert score_of(erased, date(2026, 5, 20)).score == 7675
