"""The invented district: it loads on both databases, holds every constraint and chain, and never enters a real one."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pioneer.accounts.models import User
from pioneer.accounts.policies import CLOCK
from pioneer.accounts.queries import actor_of
from pioneer.jobs.demo import people as residents
from pioneer.jobs.demo import sign_ins, tree
from pioneer.jobs.demo import world as demo_world
from pioneer.jobs.demo.extent import Extent, holiday_tables, months_before
from pioneer.jobs.demo.filling import Filled, fill
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.kernel.loading import is_demo
from pioneer.kernel.models import AuditEvent
from pioneer.kernel.operations import REGISTRY
from pioneer.ledger import chain
from pioneer.ledger.models import Entry, Posting
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.publicity import queries as publicity
from pioneer.publicity.models import Publication
from pioneer.publicity.services import digest_of
from pioneer.rewards import book_queries
from pioneer.rewards.reconciliation import reconcile
from tests.stage import scene
from tests.world import World

TODAY = date(2026, 11, 24)
SMALL = Extent(townships=2, branches=2, members=24, months=3)
LOADING = {
    "organisations.load_tree": {"organisations": []},
    "files.load_files": {"files": []},
    "accounts.load_users": {"users": [], "grants": []},
    "messages.load_messages": {"messages": []},
    "rulebook.load_versions": {"versions": []},
    "members.load_roster": {"members": [], "memberships": [], "statuses": [], "tracks": []},
    "conduct.load_conduct": {"records": []},
    "conduct.load_attendance": {"meetings": []},
    "declarations.load_declarations": {"declarations": []},
    "assessments.load_sheets": {"sheets": [], "lines": [], "reviews": []},
    "publicity.load_publications": {"publications": [], "members": [], "lines": []},
    "ledger.load_postings": {"postings": [], "entries": [], "texts": []},
    "results.load_settlements": {"tasks": [], "runs": [], "settlements": [], "results": []},
}


@scene
def demo() -> Filled:
    """The district of two branches."""
    with clock.at(TODAY):
        return fill(SMALL)


def test_it_fills_every_station(demo: Filled) -> None:
    assert is_demo()
    assert Organisation.objects.get(level="district").name == "清河示范区"
    assert Organisation.objects.filter(is_branch=True).count() == 2
    assert Member.objects.count() == 24
    assert Entry.objects.exists()
    assert demo.counts["declaration"] > 20


def test_its_notices_are_what_the_branches_would_show(demo: Filled) -> None:
    keys = {number: str(key) for number, key in Member.objects.values_list("pk", "key")}
    for notice in Publication.objects.select_related("sheet__branch__parent"):
        published_on = notice.published_at.astimezone(clock.SHANGHAI).date()
        assert notice.heading == publicity.heading_of(notice.sheet, published_on)
        assert notice.digest == digest_of(notice, list(notice.members.all()), list(notice.lines.all()), keys)


@pytest.mark.one_database
def test_its_open_notices_draw_the_same_again(demo: Filled) -> None:
    with clock.at(TODAY):
        for notice in Publication.objects.filter(closed_at__isnull=True, superseded_at__isnull=True):
            now = {
                row.listed.member_id: (row.position, row.positive, row.reverse, row.total, row.listed.note)
                for row in publicity.drawn(notice.sheet, shown=notice)
            }
            shown = notice.members.values_list("member_id", "position", "positive", "reverse", "total", "note")
            assert now == {number: tuple(rest) for number, *rest in shown}


def test_its_chains_are_unbroken(demo: Filled) -> None:
    for branch in Organisation.objects.filter(is_branch=True):
        before = ""
        for number, posting in enumerate(Posting.objects.filter(branch=branch).order_by("number"), start=1):
            entries = list(posting.entries.order_by("order").values())
            assert posting.number == number and posting.previous_digest == before
            assert all(chain.entry_digest(entry, branch.pk, number) == entry["digest"] for entry in entries)
            row = {name: getattr(posting, name) for name in ("branch_id", "number", "publication_id", "posted_at")}
            row["previous_digest"] = posting.previous_digest
            shown = posting.publication
            digests = [entry["digest"] for entry in entries]
            assert chain.posting_digest(row, shown.digest, shown.closed_at, digests) == posting.digest
            before = posting.digest


def test_pioneer_verify_passes_on_it(demo: Filled) -> None:
    with clock.at(TODAY):
        call_command("verify", stdout=StringIO())


def test_the_year_before_went_through_every_step_after_the_settlement(demo: Filled) -> None:
    """Of the first unit: announced, received, and what followed it; the second was returned before it was received."""
    made = Counter(AuditEvent.objects.values_list("operation", flat=True))
    for name in (
        *("results.announce", "filings.receive", "filings.send_collected", "archives.write_archive"),
        *(
            "nominations.issue_commendation",
            "nominations.issue_call",
            "followups.open_follow_ups",
            "disposals.open_case",
            "disposals.approve_unqualified",
        ),
    ):
        assert made[name], name


def test_its_community_has_a_passbook_in_use_and_the_books_come_out(demo: Filled) -> None:
    made = Counter(AuditEvent.objects.filter(refused="").values_list("operation", flat=True))
    for name in (
        *("open_passbook", "credit_posting", "issue_card", "redeem", "return_goods", "use_offer", "record_donation"),
        *("receive_goods", "confirm_month", "confirm_statement"),
    ):
        assert made[f"rewards.{name}"], name
    passbook = book_queries.books_visible_to(actor_of(User.objects.get(login="S00001"))).get()
    with clock.at(TODAY):
        assert reconcile(passbook).is_clean and demo.card


def test_only_the_printed_people_have_a_password(demo: Filled) -> None:
    logins = {one.login for one in demo.sign_ins}
    assert {user.login for user in User.objects.all() if user.has_usable_password()} == logins
    assert all(User.objects.get(login=login).check_password(sign_ins.PASSWORD) for login in logins)


@pytest.mark.pure
@pytest.mark.one_database
def test_the_same_day_makes_the_same_district() -> None:
    def people() -> list[tuple[str, str]]:
        with clock.at(TODAY):
            world = demo_world.World(SMALL)
        tree.plant(world)
        residents.settle(world)
        return [(str(person.key), person.name) for person in world.people]

    assert people() == people()


def test_a_real_district_is_refused(world: World) -> None:
    with pytest.raises(DomainError) as refusal:
        fill(SMALL)
    assert refusal.value.code == "not_empty"
    assert not is_demo()


def test_the_command_says_why_it_refuses(world: World) -> None:
    with pytest.raises(CommandError, match="已有组织"):
        call_command("demo", "--members", "24", stdout=StringIO())


@pytest.mark.parametrize("name", LOADING)
def test_loading_is_refused_on_a_database_that_is_no_demo(db: None, name: str) -> None:
    with pytest.raises(DomainError) as refusal:
        REGISTRY[name](actor=CLOCK, **LOADING[name])
    assert refusal.value.code == "not_a_demo"


def test_every_station_that_loads_is_asked() -> None:
    loads = {name for name, run in REGISTRY.items() if run.__module__.endswith(".loading") and ".load_" in name}
    assert loads == set(LOADING)


@pytest.mark.pure
def test_the_months_are_the_last_whole_ones() -> None:
    assert months_before(date(2026, 11, 24), 10)[0] == (2026, 1)
    assert months_before(date(2027, 2, 1), 10) == [(2026, m) for m in range(4, 13)] + [(2027, 1)]


@pytest.mark.pure
def test_a_year_nobody_has_announced_says_so() -> None:
    known, unknown = holiday_tables(2026, 2026)[0], holiday_tables(2099, 2099)[0]
    assert "国务院办公厅" in known.source and "演示用" in unknown.source


@pytest.mark.django_db
@pytest.mark.parametrize("today", [date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 28), date(2028, 3, 1)])
@pytest.mark.one_database
def test_it_is_current_on_any_day(today: date) -> None:
    with clock.at(today):
        fill(SMALL)
    assert not Publication.objects.filter(published_at__gt=clock.noon(today)).exists()
    assert not Publication.objects.filter(closed_at__gt=clock.noon(today)).exists()
