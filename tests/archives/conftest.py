"""A village's whole year by operations: three sheets, an objection answered, settled, announced and filed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from pioneer.archives.models import Archive
from pioneer.archives.services import ask_archive
from pioneer.files.queries import open_file
from pioneer.filings.models import Filing
from pioneer.filings.services import receive, send
from pioneer.kernel import clock
from pioneer.kernel.models import Task
from pioneer.kernel.tasks import run_task
from pioneer.organisations.models import HolidayYear
from pioneer.publicity.objections import answer_objection
from pioneer.results.announcing import announce
from pioneer.results.settling import settle_cycle
from tests.notices import On, make_sheet, object_to, post, publish
from tests.world import World, adopt_rulebook

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
AFTER = date(2027, 1, 20)
SCAN = ("会议记录.pdf", b"%PDF-1.7 minutes")


@pytest.fixture
def ruled(world: World) -> World:
    adopt_rulebook(world)
    HolidayYear.objects.create(year=2027, source="国务院办公厅关于2027年部分节假日安排的通知")
    return world


@pytest.fixture
def posted(ruled: World) -> World:
    """Everything of 2026 is posted: a total taken over up to October, then two months with lines."""
    post_year(ruled)
    return ruled


@pytest.fixture
def filed(posted: World) -> Iterator[World]:
    """And settled, announced, filed; seen on 20 January 2027."""
    with clock.at(AFTER):
        file_year(posted)
        yield posted


def post_year(world: World) -> None:
    months: list[tuple[int, list[On], dict[str, Any]]] = [
        (10, [], {"kind": "takeover", "taken_over_on": date(2026, 10, 31)}),
        (11, [On("柳满仓"), On("柳满仓", "C1", 14), On("柳大妮", "N7"), On("柳大妮", "B5", 20)], {}),
        (12, [On("柳满仓", "B5", 3), On("柳大妮", "B5", 9)], {}),
    ]
    for month, lines, more in months:
        with clock.at(date(2026, month + 1, 2) if month < 12 else date(2027, 1, 4)):
            sheet = make_sheet(world, lines, month=month, branch=world.village, **more)
            shown = publish(world, sheet, "village_recorder")
            if month == 11:
                line = next(one for one in sheet.lines.all() if one.indicator == "C1")
                made = object_to(shown, line, name="路人甲", text="他家的大棚是去年建的。")
                answer_objection(
                    actor=world.actor("village_secretary"), objection_id=made.pk, upheld=False,
                    answer="查过，是今年六月建的，有合同。", public_answer="经核实，属实。",
                )  # fmt: skip
        post(shown)


def file_year(world: World, number: str = "柳镇备〔2027〕1号") -> Filing:
    """By the village, which is its own unit, with the scan of its minutes."""
    secretary, village = world.actor("village_secretary"), world.village
    run = settle_cycle(actor=secretary, organisation_id=village.pk, first_on=FIRST, is_trial=False)
    run_task.call(run.task_id)
    settled = Task.objects.get(pk=run.task_id).result["settlement"]
    announce(
        actor=secretary, settlement_id=settled, unit_id=village.pk, held_on=clock.today(), place="村委会议室",
        presided_by="柳长根",
    )  # fmt: skip
    sent = send(actor=secretary, unit_id=village.pk, first_on=FIRST, untold_reason="会后逐一告知。", minutes=SCAN)
    return receive(actor=world.actor("town_officer"), filing_id=sent.pk, number=number)


def made(world: World, who: str = "village_secretary", *, is_provisional: bool = False, **more: Any) -> Archive:
    """Asked for and made."""
    given = {"branch_id": world.village.pk, "first_on": FIRST, "is_provisional": is_provisional, **more}
    run = ask_archive(actor=world.actor(who), **given)
    run_task.call(run.task_id)
    task = Task.objects.get(pk=run.task_id)
    assert task.state == "done", task.message
    return Archive.objects.get(pk=task.result["archive"])


def bytes_of(archive: Archive) -> bytes:
    assert archive.package is not None
    with open_file(archive.package) as file:
        return file.read()
