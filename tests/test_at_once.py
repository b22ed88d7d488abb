"""两人同时 Two people, or one hand twice, at the same moment: one thing is done, and the other is told so."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from pioneer.accounts.models import Slip
from pioneer.accounts.policies import CLOCK, VISITOR
from pioneer.accounts.slips import issue_slip, use_slip
from pioneer.assessments.models import Line, Review, Sheet
from pioneer.assessments.proposals import enter_proposals
from pioneer.assessments.services import confirm_sheet, open_sheet
from pioneer.conduct.models import ZeroingCase
from pioneer.conduct.zeroing import approve_zeroing, refuse_zeroing
from pioneer.declarations.models import Declaration
from pioneer.declarations.services import declare
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.ledger.models import Posting
from pioneer.ledger.services import post_sheet
from pioneer.ledger.verification import verify
from pioneer.members.confirming import confirm_roster
from pioneer.members.models import Member, Membership
from pioneer.members.transfers import accept_transfer, propose_transfer, refuse_transfer
from pioneer.publicity.models import Objection, Publication
from pioneer.publicity.objections import answer_objection, object_to_line
from pioneer.publicity.services import close_publication, publish_revision, publish_sheet
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.services import adopt_version, discard_draft, draft_version
from tests.conduct import meetings
from tests.members.rosters import checked, person, roster
from tests.notices import On, make_sheet, object_to, publish
from tests.world import ROOT, TODAY, World, adopt_rulebook, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db: None) -> Any:
    world = build()
    adopt_rulebook(world)
    with clock.at(TODAY):
        yield world


def at_once(*acts: Callable[[], Any]) -> tuple[list[Any], list[str]]:
    """What was done, and the codes of what was refused; anything else that went wrong fails the test."""
    start, done, refused, broken = Barrier(len(acts)), [], [], []

    def run(act: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            done.append(act())
        except DomainError as refusal:
            refused.append(refusal.code)
        except BaseException as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if broken:
        raise broken[0]
    return done, refused


def test_a_sheet_is_opened_once(town: World) -> None:
    def act() -> Any:
        return open_sheet(actor=CLOCK, branch_id=town.branch.pk, year=2026, month=3)

    done, refused = at_once(act, act, act)
    assert len(done) == 1 and refused == ["sheet_exists"] * 2 and Sheet.objects.count() == 1


def test_a_fact_of_daily_conduct_is_charged_once(town: World) -> None:
    sheet = open_sheet(actor=CLOCK, branch_id=town.branch.pk, year=2026, month=3)
    held = meetings.record(town, meetings.meet(town), 李桂兰="absent")
    absence = meetings.state_of(town, held, "李桂兰").pk

    def act(who: str) -> Callable[[], Any]:
        return lambda: enter_proposals(
            actor=town.actor(who), sheet_id=sheet.pk, ticked=[f"a{absence}-absent"], request_key=uuid4()
        )

    done, refused = at_once(act("recorder"), act("deputy"))
    assert len(done) == 1 and refused == ["bad_input"] and Line.objects.get().attendance_id == absence


def test_a_fact_is_either_charged_or_corrected(town: World) -> None:
    sheet = open_sheet(actor=CLOCK, branch_id=town.branch.pk, year=2026, month=3)
    held = meetings.record(town, meetings.meet(town), 李桂兰="absent")
    absence = meetings.state_of(town, held, "李桂兰").pk

    def charge() -> Any:
        return enter_proposals(
            actor=town.actor("deputy"),
            sheet_id=sheet.pk,
            ticked=[f"a{absence}-absent"],
            request_key=uuid4(),
        )

    done, refused = at_once(charge, lambda: meetings.record(town, held))
    row = meetings.state_of(town, held, "李桂兰")
    assert len(done) == 1 and refused[0] in ("bad_input", "facts_changed")
    assert (row.state, bool(row.taken_at), Line.objects.count()) in (("absent", True, 1), ("present", False, 0))


def test_a_sheet_is_confirmed_once(town: World) -> None:
    sheet = make_sheet(town, [On("李桂兰")], state="submitted", confirmed_by_number=None, confirmed_at=None)

    def act(who: str) -> Callable[[], Any]:
        return lambda: confirm_sheet(actor=town.actor(who), sheet_id=sheet.pk, edit=sheet.edit)

    done, refused = at_once(act("secretary"), act("deputy"))
    sheet.refresh_from_db()
    assert len(done) == 1 and len(refused) == 1 and sheet.confirmed_by_number == done[0].confirmed_by_number


def test_a_sheet_is_shown_closed_and_posted_once(town: World) -> None:
    sheet = make_sheet(town, [On("李桂兰"), On("单雪琴", "N7")])
    shown, refused = at_once(*[lambda: publish_sheet(actor=town.actor("recorder"), sheet_id=sheet.pk)] * 3)
    assert not refused and len({one.pk for one in shown}) == 1 and Publication.objects.count() == 1
    with clock.at(shown[0].closes_at):
        closed, refused = at_once(*[lambda: close_publication(actor=CLOCK, publication_id=shown[0].pk)] * 3)
        assert not refused and len({one.closed_at for one in closed}) == 1
        posted, refused = at_once(*[lambda: post_sheet(actor=CLOCK, publication_id=shown[0].pk)] * 3)
    assert not refused and Posting.objects.count() == 1 and posted[0].entries.count() == 2
    assert verify().disagreement == ""


def test_an_objection_is_filed_and_answered_once(town: World) -> None:
    shown = publish(town, make_sheet(town, [On("李桂兰"), On("单雪琴", "N7")]))
    line, key = Line.objects.get(member=town.member("李桂兰")), uuid4()
    filed, refused = at_once(
        *[lambda: object_to_line(actor=VISITOR, token=shown.token, line_id=line.pk, text="没有这事", request_key=key)]
        * 3
    )
    assert not refused and Objection.objects.count() == 1

    def act(who: str, upheld: bool) -> Callable[[], Any]:
        return lambda: answer_objection(
            actor=town.actor(who), objection_id=filed[0].pk, upheld=upheld, answer="查过了。"
        )

    done, refused = at_once(act("deputy", True), act("committee", False))
    assert len(done) == 1 and refused == ["not_open"]
    assert Objection.objects.get().state == done[0].state


def test_an_objection_beside_the_next_revision_is_not_lost(town: World) -> None:
    shown = publish(town, make_sheet(town, [On("李桂兰"), On("单雪琴", "N7")]))
    first, other = (Line.objects.get(member=town.member(name)) for name in ("李桂兰", "单雪琴"))
    made = object_to(shown, first)
    answer_objection(actor=town.actor("deputy"), objection_id=made.pk, upheld=True, answer="属实。")
    done, refused = at_once(
        lambda: publish_revision(actor=town.actor("secretary"), sheet_id=shown.sheet_id),
        lambda: object_to(shown, other),
    )
    assert len(done) == 2 and not refused
    again = Publication.objects.get(superseded_at__isnull=True)
    with clock.at(again.closes_at + timedelta(days=30)), pytest.raises(DomainError) as held:
        close_publication(actor=CLOCK, publication_id=again.pk)
    assert held.value.code == "objections_open"


def test_a_slip_lets_in_once(town: World) -> None:
    slip = issue_slip(actor=town.actor("secretary"), user_id=town.users["guilan"].pk)

    def act(password: str) -> Callable[[], Any]:
        return lambda: use_slip(actor=VISITOR, login="M00002", code=slip.code, password=password)

    done, refused = at_once(act("槐花开了又一年真好看"), act("柳叶落了又一秋也好看"))
    assert len(done) == 1 and len(refused) == 1 and Slip.objects.filter(used_at__isnull=False).count() == 1


def test_a_transfer_is_accepted_or_refused_once(town: World) -> None:
    transfer = propose_transfer(
        actor=town.actor("deputy"), member_id=town.member("李桂兰").pk, on=TODAY, to_branch_id=town.second_branch.pk
    )
    receiver = town.actor("second_secretary")

    def accept() -> Any:
        return accept_transfer(actor=receiver, transfer_id=transfer.pk)

    done, refused = at_once(
        accept, accept, lambda: refuse_transfer(actor=receiver, transfer_id=transfer.pk, reason="介绍信缺失")
    )
    assert len(done) == 1 and refused == ["transfer_decided"] * 2
    assert Membership.objects.filter(member=town.member("李桂兰"), until_on__isnull=True).count() == 1


def test_a_version_is_adopted_or_discarded_once(town: World) -> None:
    text = (ROOT / "rulebooks" / "jiancaoping" / "rulebook.toml").read_text(encoding="utf-8")
    drafter, second = town.actor("district_officer"), town.actor("second_district_officer")
    draft = draft_version(
        actor=drafter, district_id=town.district.pk, text=text + "\n# 二〇二六年七月修订\n", valid_from=date(2026, 7, 1)
    )
    from pioneer.rulebook.queries import answer_key
    from pioneer.scoring import load_text

    answers = {answer_key(one): "已讨论，照旧。" for one in load_text(draft.text).warnings}

    def adopt() -> Any:
        return adopt_version(actor=second, version_id=draft.pk, answers=answers)

    done, refused = at_once(adopt, adopt, lambda: discard_draft(actor=drafter, version_id=draft.pk))
    assert len(done) == 1 and refused == ["not_a_draft"] * 2
    assert RulebookVersion.objects.get(pk=draft.pk).state == done[0].state


def test_a_roster_is_confirmed_once(town: World) -> None:
    made = checked(town, roster(person("新来客"), person("又一位", date(1990, 1, 2))))

    def act() -> Any:
        return confirm_roster(actor=town.actor("recorder"), import_id=made.pk, new=2, changed=0)

    before = Member.objects.count()
    done, refused = at_once(act, act)
    assert len(done) == 2 and not refused and Member.objects.count() == before + 2


def test_a_claim_sent_twice_counts_once(town: World) -> None:
    key = uuid4()

    def act() -> Any:
        return declare(
            actor=town.actor("guilan"),
            member_id=town.member("李桂兰").pk,
            indicator="B5",
            event_on=date(2026, 3, 12),
            place="槐园小区",
            matter="修水管",
            request_key=key,
        )

    done, refused = at_once(act, act, act)
    assert not refused and len({one.pk for one in done}) == 1 and Declaration.objects.count() == 1


def test_a_claim_is_decided_once_and_not_withdrawn_beside_it(town: World) -> None:
    from pioneer.assessments.claims import review_declaration
    from pioneer.declarations.services import withdraw_declaration

    sheet = open_sheet(actor=CLOCK, branch_id=town.branch.pk, year=2026, month=3)
    claim = declare(
        actor=town.actor("guilan"),
        member_id=town.member("李桂兰").pk,
        indicator="B5",
        event_on=date(2026, 3, 12),
        place="槐园小区",
        matter="修水管",
        request_key=uuid4(),
    )

    def review(who: str) -> Callable[[], Any]:
        return lambda: review_declaration(
            actor=town.actor(who), sheet_id=sheet.pk, declaration_id=claim.pk, outcome="accepted"
        )

    done, refused = at_once(
        review("recorder"),
        review("deputy"),
        lambda: withdraw_declaration(actor=town.actor("guilan"), declaration_id=claim.pk),
    )
    claim.refresh_from_db()
    assert len(done) == 1 and len(refused) == 2
    assert Review.objects.count() == Line.objects.count() == (1 if claim.state == "taken" else 0)


def test_a_zeroing_is_decided_once(town: World) -> None:
    case = ZeroingCase.objects.create(
        member=town.member("李桂兰"),
        branch=town.branch,
        indicator="Z2",
        document_kind="penalty",
        issuer="某公安分局",
        document_number="1号",
        document_on=date(2026, 3, 20),
        facts="略",
        state="answered",
        answer_until=clock.now(),
        proposed_by_number=town.users["secretary"].pk,
        proposed_at=clock.now(),
    )
    done, refused = at_once(
        lambda: approve_zeroing(actor=town.actor("township_officer"), case_id=case.pk),
        lambda: refuse_zeroing(actor=town.actor("second_township_officer"), case_id=case.pk, reason="同名不同人"),
    )
    assert len(done) == 1 and refused == ["decided_already"]
    case.refresh_from_db()
    assert case.state == done[0].state
