"""支部补充的一个月 A branch's own indicator from the members' meeting to the ledger, marked wherever it is shown; and a
member who moves to another branch in the middle of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pioneer.accounts.policies import CLOCK
from pioneer.assessments.claims import accept_declarations, review_declaration
from pioneer.assessments.lines import enter_correction, enter_line
from pioneer.assessments.models import Line, Sheet
from pioneer.assessments.services import confirm_sheet, open_sheet, submit_sheet
from pioneer.declarations.models import Declaration
from pioneer.declarations.queries import offer
from pioneer.declarations.services import declare
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput
from pioneer.ledger.models import Entry
from pioneer.ledger.queries import score_of
from pioneer.ledger.verification import verify
from pioneer.members.transfers import accept_transfer, propose_transfer
from pioneer.publicity.services import publish_sheet
from pioneer.rulebook.models import Supplement
from pioneer.rulebook.supplements import end_supplement
from tests import notices
from tests.notices import On, make_sheet, publish
from tests.rulebook.local import PATROL, RESCUE, TALK, added
from tests.world import SUPPLEMENT, TODAY, World, adopt_rulebook

LOCAL = "槐园社区第一党支部，2026年1月6日支部党员大会（会议记录第1号）"
MARCH = date(2026, 3, 12)


@pytest.fixture
def ruled(world: World) -> World:
    """The cast, a rulebook that allows it, and three indicators of the first branch in force since 1 February."""
    adopt_rulebook(world, more=SUPPLEMENT)
    added(world, PATROL, TALK, RESCUE)
    return world


@pytest.fixture(autouse=True)
def _first_of_april() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def claim(
    world: World, name: str, who: str, indicator: str = "L1-1", on: date = MARCH, late: int = 0, **more: Any
) -> Declaration:
    """Declared on the day itself, or some days `late`."""
    with clock.at(on + timedelta(days=late)):
        return declare(
            actor=world.actor(who),
            member_id=world.member(name).pk,
            indicator=indicator,
            event_on=on,
            place="槐园小区",
            matter="巡护古槐",
            request_key=uuid4(),
            **more,
        )


def march_of(world: World, branch: str = "branch") -> Sheet:
    with clock.at(date(2026, 3, 2)):
        return open_sheet(actor=CLOCK, branch_id=world.organisations[branch].pk, year=2026, month=3)


def confirm(world: World, sheet: Sheet, first: str = "recorder", second: str = "deputy") -> Sheet:
    sheet.refresh_from_db()
    sent = submit_sheet(actor=world.actor(first), sheet_id=sheet.pk, edit=sheet.edit)
    confirm_sheet(actor=world.actor(second), sheet_id=sheet.pk, edit=sent.edit)
    return sheet


def verified() -> str:
    said = StringIO()
    call_command("verify", stdout=said)
    return said.getvalue()


def page(client: Client, world: World, who: str, address: str, at: datetime | date = TODAY) -> str:
    with clock.at(at):
        client.force_login(world.users[who])
        answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_from_the_claim_to_the_ledger_marked_wherever_it_is_shown(ruled: World, client: Client) -> None:
    sheet = march_of(ruled)
    form = page(client, ruled, "guilan", "/declarations/new/")
    assert "参加古树巡护" in form and form.count(LOCAL) == 3
    claims = [claim(ruled, "李桂兰", "guilan", on=MARCH + timedelta(days=n)) for n in range(3)]
    claims.append(claim(ruled, "李桂兰", "guilan", "L1-2", date(2026, 3, 18), quantity=300))
    assert LOCAL in page(client, ruled, "guilan", "/declarations/")
    address = f"/sheets/{sheet.pk}/?member={ruled.member('李桂兰').pk}"
    assert page(client, ruled, "recorder", address).count(LOCAL) == 4
    assert LOCAL in page(client, ruled, "recorder", f"/sheets/{sheet.pk}/claims/{claims[0].pk}/")
    accept_declarations(actor=ruled.actor("recorder"), sheet_id=sheet.pk, declaration_ids=[one.pk for one in claims])
    line = enter_line(
        actor=ruled.actor("committee"),
        sheet_id=sheet.pk,
        member_id=ruled.member("单雪琴").pk,
        indicator="L1-3",
        event_on=MARCH,
        ground="汛期值班表",
        decided=150,
        decision="连续两夜值守",
    )
    assert line.value == 150
    confirm(ruled, sheet)
    assert page(client, ruled, "secretary", f"/sheets/{sheet.pk}/confirm/").count(LOCAL) == 5
    shown = publish_sheet(actor=ruled.actor("recorder"), sheet_id=sheet.pk)
    public = client.get(f"/n/{shown.token}/").content.decode()
    assert public.count("支部补充</span>") == 5 and public.count(LOCAL) >= 5
    assert "本月参加古树巡护已满1分" in public, "the third patrol is beyond the month's cap"
    posting = notices.post(shown)
    # 70 + 2 × 0.5 (the cap of the month) + 1.5; what all supplements of a member may bring in a month is 3
    after = notices.after(shown)
    assert score_of(ruled.member("李桂兰"), after.date()).score == 7250
    assert score_of(ruled.member("单雪琴"), after.date()).score == 7150
    assert set(posting.entries.values_list("indicator", flat=True)) == {"L1-1", "L1-2", "L1-3"}
    mine = page(client, ruled, "guilan", "/me/", after)
    assert mine.count(f">{LOCAL}<") == 4
    why = page(client, ruled, "guilan", f"/members/{ruled.member('李桂兰').pk}/explain/", after)
    assert f"支部补充，{LOCAL}" in why and "L1-2" in why
    assert "核验通过" in verified()


def test_all_a_branch_added_together_has_its_own_cap(ruled: World) -> None:
    lines = [On("李桂兰", "L1-1", 3), On("李桂兰", "L1-2", 4, quantity=400), On("李桂兰", "L1-2", 5, quantity=400)]
    notices.run(ruled, lines)
    score = score_of(ruled.member("李桂兰"), TODAY)
    assert score.score == 7300
    assert any("支部补充" in line.reason and "合计已满3分" in line.reason for line in score.lines)


def test_only_the_branchs_members_may_be_given_it(ruled: World) -> None:
    sheet = march_of(ruled, "second_branch")
    assert not [one for one in offer(ruled.member("温如春")).choices if one.local]
    assert [one.code for one in offer(ruled.member("李桂兰")).choices if one.local] == ["L1-1", "L1-2", "L1-3"]
    with pytest.raises(BadInput, match="是槐园社区第一党支部补充的指标，只用于当日属于该支部的党员"):
        claim(ruled, "温如春", "second_recorder")
    with pytest.raises(BadInput, match="只用于当日属于该支部的党员"):
        enter_line(
            actor=ruled.actor("second_secretary"),
            sheet_id=sheet.pk,
            member_id=ruled.member("温如春").pk,
            indicator="L1-1",
            event_on=MARCH,
            ground="签到册",
        )


def test_only_what_happened_while_it_held(ruled: World) -> None:
    made = Supplement.objects.get()
    with pytest.raises(BadInput, match="自2026年2月1日起施行，此前的事不能按它计"):
        claim(ruled, "李桂兰", "guilan", on=date(2026, 1, 31))
    assert claim(ruled, "李桂兰", "guilan", on=date(2026, 2, 1)).indicator == "L1-1"
    with clock.at(date(2026, 3, 20)):
        end_supplement(
            actor=ruled.actor("township_officer"), supplement_id=made.pk, ended_from=date(2026, 3, 25), why="不再需要"
        )
    with pytest.raises(BadInput, match="自2026年3月25日起终止，此后的事不能按它计"):
        claim(ruled, "李桂兰", "guilan", on=date(2026, 3, 25))
    assert claim(ruled, "李桂兰", "guilan", on=date(2026, 3, 24)).indicator == "L1-1"


def test_a_member_who_moves_keeps_what_it_did_before(ruled: World, client: Client) -> None:
    here, there = march_of(ruled), march_of(ruled, "second_branch")
    xueqin = ruled.member("单雪琴")
    kept = claim(ruled, "单雪琴", "xueqin", on=MARCH)
    with clock.at(date(2026, 3, 14)):
        moving = propose_transfer(
            actor=ruled.actor("deputy"), member_id=xueqin.pk, on=date(2026, 3, 14), to_branch_id=ruled.second_branch.pk
        )
    with clock.at(date(2026, 3, 15)):
        accept_transfer(actor=ruled.actor("second_secretary"), transfer_id=moving.pk)
    with pytest.raises(BadInput, match="只用于当日属于该支部的党员"):
        claim(ruled, "单雪琴", "xueqin", on=date(2026, 3, 20))
    late = claim(ruled, "单雪琴", "xueqin", on=date(2026, 3, 13), late=4)
    assert [one.code for one in offer(xueqin).choices if one.local] == ["L1-1", "L1-2", "L1-3"]
    form = page(client, ruled, "second_recorder", f"/sheets/{there.pk}/claims/{kept.pk}/?outcome=altered")
    assert "L1-2 为社区学堂讲课" in form and LOCAL in form
    assert "L1-1" in page(client, ruled, "second_recorder", f"/sheets/{there.pk}/lines/new/?member={xueqin.pk}")
    assert "L1-1" not in page(
        client, ruled, "second_recorder", f"/sheets/{there.pk}/lines/new/?member={ruled.member('卜晓峰').pk}"
    )
    review_declaration(
        actor=ruled.actor("second_recorder"), sheet_id=there.pk, declaration_id=kept.pk, outcome="accepted"
    )
    review_declaration(
        actor=ruled.actor("second_recorder"),
        sheet_id=there.pk,
        declaration_id=late.pk,
        outcome="altered",
        indicator="B5",
        reason="这是为邻居办的事",
    )
    assert not Line.objects.filter(sheet=here).exists()
    confirm(ruled, there, "second_recorder", "second_secretary")
    shown = publish_sheet(actor=ruled.actor("second_recorder"), sheet_id=there.pk)
    assert LOCAL in client.get(f"/n/{shown.token}/").content.decode()
    notices.post(shown)
    assert Entry.objects.get(indicator="L1-1").member_key == xueqin.key
    assert score_of(xueqin, notices.after(shown).date()).score == 7150
    assert "核验通过" in verified()


def test_a_posted_one_is_corrected_like_any_other(ruled: World, client: Client) -> None:
    sheet = march_of(ruled)
    accept_declarations(
        actor=ruled.actor("recorder"), sheet_id=sheet.pk, declaration_ids=[claim(ruled, "李桂兰", "guilan").pk]
    )
    wrong = Line.objects.get()
    notices.post(publish_sheet(actor=ruled.actor("recorder"), sheet_id=confirm(ruled, sheet).pk))
    with clock.at(date(2026, 5, 6)):
        april = open_sheet(actor=CLOCK, branch_id=ruled.branch.pk, year=2026, month=4)
        address = f"/sheets/{april.pk}/corrections/new/?line={wrong.pk}"
        assert "L1-2 为社区学堂讲课" in page(client, ruled, "recorder", address, date(2026, 5, 6))
        enter_correction(
            actor=ruled.actor("recorder"),
            sheet_id=april.pk,
            line_id=wrong.pk,
            ground="实为讲课",
            indicator="L1-2",
            quantity=200,
        )
    with clock.at(date(2026, 5, 15)):
        notices.post(publish_sheet(actor=ruled.actor("recorder"), sheet_id=confirm(ruled, april).pk))
    with clock.at(date(2026, 5, 30)):
        assert score_of(ruled.member("李桂兰"), date(2026, 5, 30)).score == 7100
        assert "核验通过" in verified()


def test_verification_names_a_line_of_one_that_did_not_hold(ruled: World) -> None:
    notices.run(ruled, [On("李桂兰", "L1-1")], month=1)
    assert "按支部补充的L1-1计分，而它发生之日还没有施行" in verify().disagreement


def test_verification_understands_what_was_approved_after_other_notices(ruled: World) -> None:
    notices.run(ruled, [On("李桂兰", "L1-1"), On("张㛃", "B5")], month=2)
    with clock.at(date(2026, 4, 20)):
        added(ruled, PATROL, who="second_secretary", branch="second_branch", on=date(2026, 4, 20), met_on=TODAY,
              effective_on=date(2026, 4, 20))  # fmt: skip
    notices.run(ruled, [On("温如春", "L2-1", 22)], month=4, branch=ruled.second_branch)
    notices.run(ruled, [On("李桂兰", "L1-1")], month=4)
    with clock.at(date(2026, 5, 30)):
        assert "核验通过" in verified()


@pytest.mark.parametrize("which", ["me", "sheet", "notice", "form"])
def test_a_page_asks_the_same_however_much_was_added(ruled: World, client: Client, which: str) -> None:
    counts = []
    for turn, batch in enumerate(
        ([On("李桂兰", "L1-1")], [On("李桂兰", "L1-2", n, quantity=100) for n in range(1, 25)])
    ):
        if turn:
            added(ruled, PATROL, who="second_secretary", branch="second_branch")
        sheet = make_sheet(ruled, batch, month=2, sequence=turn, kind="supplementary" if turn else "monthly")
        if which == "notice":
            with clock.at(TODAY):
                shown = publish(ruled, sheet)
        address = {
            "me": "/me/",
            "form": "/declarations/new/",
            "sheet": f"/sheets/{sheet.pk}/",
            "notice": f"/n/{shown.token}/" if which == "notice" else "",
        }[which]
        client.force_login(ruled.users["guilan" if which in ("me", "form") else "recorder"])
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
        if which == "notice":
            notices.close(shown)
    assert counts[0] == counts[1], counts
