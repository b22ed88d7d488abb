"""公示的小工厂 Confirmed sheets written straight into the tables, and the short way from there to the ledger."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from pioneer.accounts.policies import CLOCK, VISITOR
from pioneer.assessments.models import Line, Sheet
from pioneer.kernel import clock
from pioneer.ledger.models import Posting
from pioneer.ledger.services import post_sheet
from pioneer.organisations.models import Organisation
from pioneer.publicity.models import Objection, Publication
from pioneer.publicity.objections import object_to_line
from pioneer.publicity.services import close_publication, publish_sheet
from pioneer.rulebook.queries import engine_for
from pioneer.scoring import Fact
from tests.world import World


@dataclass(frozen=True)
class On:
    """一条 One line of a sheet: who, which indicator, which day of the month."""

    name: str
    indicator: str = "B5"
    day: int = 12
    quantity: int | None = None
    value: int | None = None
    event: str = ""
    corrects: Line | None = None
    month: int = 0


def make_sheet(
    world: World, lines: Sequence[On], *, month: int = 3, branch: Organisation | None = None, **columns: Any
) -> Sheet:
    """已复核的考评表 Prepared by the recorder, confirmed by the secretary."""
    last = date(2026, month, monthrange(2026, month)[1])
    sheet = Sheet.objects.create(
        branch=branch or world.branch,
        year=2026,
        month=month,
        opened_at=clock.noon(last.replace(day=1)),
        submitted_by_number=world.users["recorder"].pk,
        submitted_at=clock.noon(last),
        **{
            "state": "confirmed",
            "confirmed_by_number": world.users["secretary"].pk,
            "confirmed_at": clock.noon(last),
            **columns,
        },
    )
    for line in lines:
        add_line(world, sheet, line)
    return sheet


def add_line(world: World, sheet: Sheet, line: On) -> Line:
    """写一条 Its value is what the rulebook gives, unless said."""
    engine = engine_for(world.district.pk)
    member = world.member(line.name)
    on = line.corrects.event_on if line.corrects else date(2026, line.month or sheet.month, line.day)
    row = engine.version_on(on).indicators[line.corrects.indicator if line.corrects else line.indicator]  # type: ignore[union-attr]
    value = 0
    if line.corrects is None:
        track = "rural" if sheet.branch.setting == "rural" else "community"
        fact = Fact(0, row.code, on, quantity=line.quantity, education_on=on - timedelta(days=9), value=300)
        value = line.value if line.value is not None else engine.value(fact, track).points
    return Line.objects.create(
        sheet=sheet,
        member=member,
        indicator=row.code,
        event_on=on,
        quantity=line.quantity,
        event=line.event,
        value=value,
        ground=f"{line.name}的{row.name}，签到册在支部",
        wording=row.wording,
        corrects=line.corrects,
        entered_by_number=world.users["recorder"].pk,
        created_at=clock.noon(on),
        confirmed_by_number=sheet.confirmed_by_number,
        confirmed_at=sheet.confirmed_at,
    )


def publish(world: World, sheet: Sheet, who: str = "recorder") -> Publication:
    """公示"""
    return publish_sheet(actor=world.actor(who), sheet_id=sheet.pk)


def after(publication: Publication) -> datetime:
    """公示期满之后"""
    return publication.closes_at + timedelta(minutes=1)


def close(publication: Publication) -> Publication:
    """期满结束"""
    with clock.at(after(publication)):
        return close_publication(actor=CLOCK, publication_id=publication.pk)


def post(publication: Publication) -> Posting:
    """期满结束并入账"""
    with clock.at(after(publication)):
        closed = close_publication(actor=CLOCK, publication_id=publication.pk)
        return post_sheet(actor=CLOCK, publication_id=closed.pk)


def run(world: World, lines: Sequence[On], *, month: int = 3, branch: Organisation | None = None) -> Posting:
    """一个月走完 Sheet, notice, window, ledger: on the second day of the next month."""
    with clock.at(date(2026, month + 1, 2)):
        who = {"village": "village_recorder", "second_branch": "second_recorder"}
        code = next((code for code, one in world.organisations.items() if branch and one.pk == branch.pk), "branch")
        sheet = make_sheet(world, lines, month=month, branch=branch)
        publication = publish(world, sheet, who.get(code, "recorder"))
    return post(publication)


def object_to(publication: Publication, line: Line, **more: Any) -> Objection:
    """居民提异议 Anonymous, unless said."""
    form = {"text": "那天活动取消了。", "request_key": uuid4(), **more}
    return object_to_line(actor=form.pop("actor", VISITOR), token=publication.token, line_id=line.pk, **form)
