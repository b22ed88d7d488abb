"""一个周期走完 Branches whose whole cycle is posted and done with, written straight into the tables."""

from __future__ import annotations

from datetime import date
from typing import Any

from pioneer.accounts.policies import CONSOLE
from pioneer.assessments.models import Line, Sheet
from pioneer.conduct.models import ZeroingCase
from pioneer.declarations.models import Declaration
from pioneer.kernel import clock
from pioneer.kernel.models import Task
from pioneer.kernel.tasks import run_task
from pioneer.ledger.models import Posting
from pioneer.members.models import Exemption, Transfer
from pioneer.organisations.models import HolidayYear, Organisation
from pioneer.publicity.models import Objection, Publication
from pioneer.results.models import Result, Settlement, SettlementRun
from pioneer.results.settling import settle_cycle
from pioneer.rulebook.models import RulebookVersion
from tests.results.drafts import load, text_of
from tests.world import World

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
AFTER = date(2027, 1, 20)


def close_year(at: Organisation, taken_over_on: date = LAST) -> None:
    """Nothing waits any more: every branch below has one take-over sheet for all months up to the day, every sheet is
    published, closed and posted, and claims, transfers, zeroings and exemptions are off the table."""
    for branch in Organisation.objects.filter(path__startswith=at.path, is_branch=True):
        Sheet.objects.create(
            branch=branch, year=taken_over_on.year, month=taken_over_on.month, kind="takeover", state="confirmed",
            sequence=9, taken_over_on=taken_over_on, opened_at=clock.noon(FIRST), confirmed_at=clock.noon(FIRST),
        )  # fmt: skip
    posted = Posting.objects.values("publication__sheet")
    for sheet in Sheet.objects.filter(branch__path__startswith=at.path).exclude(pk__in=posted):
        post_plainly(sheet)
    Declaration.objects.filter(branch__path__startswith=at.path, state="submitted").update(state="withdrawn")
    Transfer.objects.filter(from_branch__path__startswith=at.path, state="proposed").update(state="refused")
    ZeroingCase.objects.filter(branch__path__startswith=at.path, state__in=["proposed", "answered"]).update(
        state="refused"
    )
    Objection.objects.filter(state__in=["open", "township"]).update(state="rejected", answered_at=clock.now())
    Exemption.objects.filter(state__in=["applied", "branch_agreed"]).update(state="refused")


def post_plainly(sheet: Sheet) -> Publication:
    """Closed and posted as it is, with nothing of its lines in the ledger."""
    last = Posting.objects.filter(branch=sheet.branch).order_by("-number").first()
    shown = Publication.objects.filter(sheet=sheet, superseded_at__isnull=True).first()
    if shown is None:
        shown = Publication.objects.create(
            sheet=sheet, revision=1, published_at=clock.noon(date(2026, 1, 2)), closes_at=clock.noon(date(2026, 1, 9)),
            closed_at=clock.noon(date(2026, 1, 10)), digest="",
        )  # fmt: skip
    return Posting.objects.create(
        branch=sheet.branch, number=last.number + 1 if last else 1, publication=shown,
        posted_at=clock.noon(date(2026, 1, 10)), previous_digest="", digest="",
    ).publication  # fmt: skip


def settled(at: Organisation, actor: Any = CONSOLE, *, first_on: date = FIRST, is_trial: bool = False) -> Settlement:
    """Asked for and worked out."""
    run = settle_cycle(actor=actor, organisation_id=at.pk, first_on=first_on, is_trial=is_trial)
    run_task.call(run.task_id)
    task = Task.objects.get(pk=run.task_id)
    assert task.state == "done", task.message
    return Settlement.objects.get(run=run)


def holidays() -> None:
    HolidayYear.objects.create(year=2027, source="国务院办公厅关于2027年部分节假日安排的通知")


def ask(world: World, who: str = "community_officer", at: str = "community", **changes: Any) -> SettlementRun:
    given = {"organisation_id": world.organisations[at].pk, "first_on": FIRST, "is_trial": False, **changes}
    return settle_cycle(actor=world.actor(who), **given)


def of(made: Settlement, world: World, name: str) -> Result:
    return Result.objects.get(settlement=made, member=world.member(name))


def make(world: World, **columns: Any) -> Sheet:
    given = {"year": 2026, "month": 5, "opened_at": clock.now(), **columns}
    return Sheet.objects.create(branch=world.branch, **given)


def line(world: World, sheet: Sheet, **columns: Any) -> Line:
    given = {"indicator": "N7", "event_on": date(2026, 5, 3), "value": -50, "wording": "迟到", **columns}
    return Line.objects.create(sheet=sheet, member=world.member("李桂兰"), created_at=clock.now(), **given)


def adopt(world: World, change: Any) -> None:
    text = text_of(change)
    RulebookVersion.objects.update(valid_until=date(2025, 12, 31))
    RulebookVersion.objects.create(
        district=world.district, number=2, name="第二版", text=text, digest=load(text).digest, state="adopted",
        valid_from=FIRST, drafted_at=clock.now(), adopted_at=clock.now(),
    )  # fmt: skip
