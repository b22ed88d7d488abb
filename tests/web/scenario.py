"""一个有事可办的支部 The branch with something of everything in hand, seen on 1 April 2026: for the table of routes and
for looking at every page."""

import struct
import zlib
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from pioneer.accounts.models import Grant
from pioneer.accounts.policies import CLOCK
from pioneer.accounts.slips import issue_slip
from pioneer.assessments.claims import review_declaration
from pioneer.assessments.lines import enter_line
from pioneer.assessments.services import open_sheet
from pioneer.assessments.takeover import enter_totals, open_takeover_sheet
from pioneer.assessments.totals import Total
from pioneer.conduct.services import declare_relation, write_reminder
from pioneer.conduct.zeroing import answer_zeroing, approve_zeroing, propose_zeroing
from pioneer.declarations.models import DeclarationFile
from pioneer.declarations.services import declare
from pioneer.declarations.weekly_forms import print_weekly_forms
from pioneer.kernel import clock
from pioneer.kernel.tasks import run_task
from pioneer.members.exemptions import agree_exemption, apply_exemption, approve_exemption
from pioneer.members.models import RosterImportRow
from pioneer.members.services import correct_identity
from pioneer.members.transfers import propose_transfer
from pioneer.messages.models import Message
from pioneer.organisations.services import create_organisation
from pioneer.publicity.proofs import add_proof
from pioneer.results.models import Settlement
from pioneer.results.services import simulate_version
from pioneer.results.settling import settle_cycle
from pioneer.rulebook.draft_queries import content_of
from pioneer.rulebook.drafting import edit_draft, start_draft
from pioneer.rulebook.editing import Change, rows_of
from pioneer.rulebook.services import draft_version
from pioneer.workbooks.totals_book import Column, Person, write_totals
from tests import notices
from tests.conduct import meetings
from tests.conduct.meetings import dues_workbook
from tests.members import rosters
from tests.members.people import number_of
from tests.notices import On, make_sheet, publish
from tests.results.past import COMPONENT
from tests.rulebook import local
from tests.web import (
    scenario_archives,
    scenario_disposals,
    scenario_filings,
    scenario_followups,
    scenario_nominations,
    scenario_rewards,
)
from tests.web.scenario_announced import announced
from tests.web.scenario_past import past
from tests.world import ROOT, SUPPLEMENT, TODAY, World, adopt_rulebook

DOCUMENT = {
    "document_kind": "penalty",
    "in_force": True,
    "issuer": "清河示范区公安分局",
    "document_on": date(2026, 3, 20),
    "facts": "因殴打他人被行政拘留五日，决定书已送达并执行完毕。",
    "told_how": "当面签收",
}


def _png() -> bytes:
    """The smallest true picture: one grey point."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


PNG = _png()


def prepare(world: World) -> dict[str, Any]:
    """备好 Everything by its name in the table."""
    adopt_rulebook(world, more=SUPPLEMENT + COMPONENT)
    adopt_rulebook(world, "other_district")
    things: dict[str, Any] = {**world.organisations}
    things["version"] = world.district and _adopted(world)
    for part in (
        _supplements,
        _shown,
        _accounts,
        _members,
        scenario_nominations.prepare,  # before anything is in hand against who is proposed
        _conduct,
        _meetings,
        _month,
        _taking_over,
        _import,
        _settlements,
        announced,
        scenario_filings.prepare,
        scenario_followups.prepare,
        scenario_disposals.prepare,
        scenario_archives.prepare,
        scenario_rewards.prepare,
        past,
    ):
        part(world, things)
    return things


def _adopted(world: World) -> Any:
    from pioneer.rulebook.queries import version_on

    return version_on(world.district.pk, TODAY)


def _supplements(world: World, things: dict[str, Any]) -> None:
    """What the branch added and the township approved; a second one that waits, with the minutes' copy."""
    things["supplement"] = local.added(world)
    scan = ("会议记录.png", PNG)
    things["waiting_supplement"] = local.propose(world, local.TALK, on=TODAY, effective_on=TODAY, scan=scan)


def _accounts(world: World, things: dict[str, Any]) -> None:
    with clock.at(TODAY):
        things["guilan"], things["recorder"] = world.users["guilan"], world.users["recorder"]
        things["recorder_grant"] = Grant.objects.get(user=world.users["recorder"])
        things["slip"] = issue_slip(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
        things["new_community"] = create_organisation(
            actor=world.actor("district_officer"),
            parent_id=world.organisations["street"].pk,
            name="新槐社区",
            on=TODAY,
            setting="urban",
        )
        text = (ROOT / "rulebooks" / "jiancaoping" / "rulebook.toml").read_text(encoding="utf-8")
        text = text.replace("先锋指数积分办法", "先锋指数积分办法（修订）", 1)
        things["work"] = _draft_in_work(world)
        things["draft"] = draft_version(
            actor=world.actor("district_officer"), district_id=world.district.pk, text=text, valid_from=date(2026, 7, 1)
        )
        things["dry_run"] = simulate_version(
            actor=world.actor("district_officer"),
            version_id=things["draft"].pk,
            organisation_id=world.district.pk,
            year=2026,
        )
        run_task.call(things["dry_run"].task_id)


def _settlements(world: World, things: dict[str, Any]) -> None:
    """Two trials of the running cycle; one more that nobody has worked out yet."""
    with clock.at(TODAY):
        for place in range(3):
            things["settlement_run"] = settle_cycle(
                actor=world.actor("community_officer"),
                organisation_id=world.organisations["community"].pk,
                first_on=date(2026, 1, 1),
                is_trial=True,
            )
            if place < 2:
                run_task.call(things["settlement_run"].task_id)
        things["settlement"] = Settlement.objects.get(number=2)


def _draft_in_work(world: World) -> Any:
    """A draft with two changes, one of them not right yet."""
    actor, version = world.actor("district_officer"), _adopted(world)
    made = start_draft(actor=actor, district_id=world.district.pk, version_id=version.pk)
    for row, change in ((4, {"caps": {"year": 8}}), (0, {"caps": {"month": "两分"}})):
        rows = rows_of(content_of(made), "positive")
        made = edit_draft(
            actor=actor,
            draft_id=made.pk,
            edit=made.edit,
            change=Change("set", "positive", row, {**rows[row], **change}),
        )
    return made


def _members(world: World, things: dict[str, Any]) -> None:
    guilan, xueqin = world.member("李桂兰"), world.member("单雪琴")
    with clock.at(TODAY):
        things["member"], things["member_without_account"] = guilan, world.member("张㛃")
        correct_identity(
            actor=world.actor("secretary"), member_id=guilan.pk, identity=number_of(date(1956, 3, 8)), reason="补登"
        )
        things["transfer"] = propose_transfer(
            actor=world.actor("deputy"),
            member_id=world.member("喆䶮堃").pk,
            on=TODAY,
            to_branch_id=world.second_branch.pk,
        )

        def exempt(name: str) -> Any:
            return apply_exemption(
                actor=world.actor("recorder"),
                member_id=world.member(name).pk,
                ground="ill",
                from_on=TODAY,
                explanation="区医院诊断证明，2026年3月",
            )

        things["exemption"] = exempt(xueqin.name)
        agreed = exempt("张㛃")
        things["exemption_agreed"] = agree_exemption(actor=world.actor("deputy"), exemption_id=agreed.pk)
        approved = exempt("罗小红")
        agree_exemption(actor=world.actor("deputy"), exemption_id=approved.pk)
        things["exemption_approved"] = approve_exemption(
            actor=world.actor("township_officer"), exemption_id=approved.pk
        )


def _import(world: World, things: dict[str, Any]) -> None:
    things["workbook"] = rosters.roster(
        rosters.person("新来一"), rosters.person("李桂兰", date(1956, 3, 8)), rosters.person("新来二", None)
    )
    made = things["import"] = rosters.checked(world, things["workbook"])
    things["import_row"] = RosterImportRow.objects.filter(roster_import=made).latest("id")


def _conduct(world: World, things: dict[str, Any]) -> None:
    with clock.at(TODAY):
        secretary, officer = world.actor("secretary"), world.actor("township_officer")
        things["relation"] = declare_relation(
            actor=world.actor("guilan"),
            member_id=world.member("李桂兰").pk,
            relative_id=world.member("单雪琴").pk,
            kind="姑嫂",
        )
        write_reminder(
            actor=world.actor("recorder"),
            member_id=world.member("李桂兰").pk,
            indicator="N11",
            on=TODAY,
            content="楼道堆放杂物，提醒清理。",
        )

        def propose(name: str, number: int, scan: tuple[str, bytes] | None = None) -> Any:
            return propose_zeroing(
                actor=secretary,
                member_id=world.member(name).pk,
                indicator="Z2",
                document_number=f"清公行罚决字〔2026〕{number}号",
                scan=scan,
                **DOCUMENT,
            )

        things["zeroing"] = propose("李桂兰", 18, ("决定书.png", PNG))
        answered = propose("张㛃", 19)
        things["zeroing_answered"] = answer_zeroing(
            actor=world.actor("recorder"), case_id=answered.pk, statement="没有意见", taken_how="本人口述"
        )
        approved = propose("解文军", 20)
        answer_zeroing(actor=world.actor("recorder"), case_id=approved.pk, statement="我认错。")
        things["zeroing_approved"] = approve_zeroing(actor=officer, case_id=approved.pk)


def _meetings(world: World, things: dict[str, Any]) -> None:
    """A meeting held and recorded, one to come with leave asked for, the dues of March."""
    with clock.at(TODAY):
        held = meetings.record(world, meetings.meet(world), 张㛃="absent", 李桂兰=("late", "迟到十分钟"))
        things["meeting"], things["absence"] = held, meetings.state_of(world, held, "张㛃")
        things["meeting_ahead"] = meetings.meet(world, on=meetings.AHEAD)
        things["leave"] = meetings.ask(world, things["meeting_ahead"])
        meetings.pay(world, 单雪琴="unpaid")
        things["dues_workbook"] = dues_workbook(("M00003", "张㛃", "按时足额", 12.5, ""))


def _shown(world: World, things: dict[str, Any]) -> None:
    """January posted, its supplement closed, February in its window with objections, a supplement to be shown."""
    with clock.at(date(2026, 2, 2)):
        january = make_sheet(world, [On("李桂兰"), On("李桂兰", "N7"), On("张㛃", "A2")], month=1)
        things["posted_line"] = january.lines.order_by("id").first()
        shown = publish(world, january)
    notices.post(shown)
    with clock.at(date(2026, 3, 2)):
        extra = make_sheet(world, [On("罗小红", day=13)], month=1, sequence=1, kind="supplementary", reason="漏报一条")
        closing = publish(world, extra)
    things["closed_publication"] = notices.close(closing)
    with clock.at(datetime(2026, 3, 30, 9, tzinfo=clock.SHANGHAI)):
        february = make_sheet(world, [On("李桂兰"), On("张㛃", "N7"), On("单雪琴", "B6")], month=2)
        things["shown_sheet"], things["publication"] = february, publish(world, february)
        things["proof"] = add_proof(
            actor=world.actor("recorder"),
            publication_id=things["publication"].pk,
            channel="board",
            done_on=date(2026, 3, 30),
            place="槐园社区东门公示栏",
            request_key=uuid4(),
            file=("公示栏.png", PNG),
        )
    things["token"] = things["publication"].token
    lines = {line.member.name: line for line in february.lines.select_related("member")}
    things["shown_line"] = lines["单雪琴"]
    with clock.at(TODAY):
        things["objection"] = notices.object_to(things["publication"], lines["张㛃"], name="路人甲")
        things["objection_about_guilan"] = notices.object_to(things["publication"], lines["李桂兰"])
    things["receipt"] = things["objection"].receipt
    with clock.at(TODAY):
        things["confirmed_sheet"] = make_sheet(
            world, [On("罗小红", day=14)], month=2, sequence=1, kind="supplementary", reason="漏报一条"
        )
        things["submitted_sheet"] = make_sheet(
            world,
            [On("张㛃", day=15)],
            month=2,
            sequence=2,
            kind="supplementary",
            reason="又漏报一条",
            state="submitted",
            confirmed_by_number=None,
            confirmed_at=None,
        )


def _taking_over(world: World, things: dict[str, Any]) -> None:
    """The village comes from paper: what stood posted up to the end of March, half of it filled in."""
    things["mancang"] = world.member("柳满仓")
    with clock.at(TODAY):
        things["takeover"] = open_takeover_sheet(
            actor=world.actor("village_recorder"),
            branch_id=world.village.pk,
            on=date(2026, 3, 31),
            ground="一季度纸质台账，村委会档案柜",
            scan=("台账.png", PNG),
        )
        cells = [Total(things["mancang"].pk, code, amount) for code, amount in (("A1", 200), ("N7", 50))]
        actor, number = world.actor("village_recorder"), things["takeover"].pk
        things["takeover"] = enter_totals(actor=actor, sheet_id=number, edit=0, cells=cells)
    columns = [Column("A1", "参加“三会一课”、主题党日", "分")]
    people = [Person(things["mancang"].number, "柳满仓", {"A1": 350})]
    things["totals_workbook"] = write_totals("柳沟村", people, columns, [])


def _month(world: World, things: dict[str, Any]) -> None:
    """March's sheet, open: a claim that waits, one accepted, one rejected, a deduction told and one to be told."""
    with clock.at(date(2026, 3, 2)):
        things["sheet"] = open_sheet(actor=CLOCK, branch_id=world.branch.pk, year=2026, month=3)
    recorder = world.actor("recorder")

    def claim(matter: str, day: int, **more: Any) -> Any:
        return declare(
            actor=world.actor("guilan"),
            member_id=world.member("李桂兰").pk,
            indicator="B5",
            event_on=date(2026, 3, day),
            place="槐园小区",
            matter=matter,
            request_key=uuid4(),
            **more,
        )

    def review(what: Any, outcome: str, reason: str = "") -> Any:
        return review_declaration(
            actor=recorder, sheet_id=things["sheet"].pk, declaration_id=what.pk, outcome=outcome, reason=reason
        )

    def deduct(name: str, day: int) -> Any:
        return enter_line(
            actor=recorder,
            sheet_id=things["sheet"].pk,
            member_id=world.member(name).pk,
            indicator="N7",
            event_on=date(2026, 3, day),
            ground="主题党日签到册",
        )

    with clock.at(TODAY):
        things["claim"] = claim("帮独居老人修水管", 12, evidence=[("水管.png", PNG)])
        things["evidence"] = DeclarationFile.objects.get(declaration=things["claim"]).file
        things["reviewed_claim"] = claim("送邻居就医", 16)
        review(things["reviewed_claim"], "accepted")
        rejected = claim("浇自家的花", 20)
        things["rejected_review"] = review(rejected, "rejected", "这是家务，不属为群众办实事。")
        things["line"], things["paper_line"] = deduct("李桂兰", 10), deduct("张㛃", 10)
        things["message"] = Message.objects.filter(user=world.users["guilan"]).latest("id")
        papers = print_weekly_forms(actor=recorder, branch_id=world.branch.pk, monday=date(2026, 3, 30))
        things["weekly_form_code"] = next(one.code for one in papers if one.member == world.member("张㛃"))
