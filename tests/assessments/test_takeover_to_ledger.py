"""从结转到入账 A take-over sheet is shown, posted and scored: totals use up the caps of the cycle and no other."""

from datetime import date, timedelta
from typing import Any

from pioneer.accounts.policies import CLOCK
from pioneer.assessments.services import confirm_sheet, submit_sheet
from pioneer.kernel import clock
from pioneer.ledger.models import Entry
from pioneer.ledger.queries import totals_of
from pioneer.ledger.services import post_sheet
from pioneer.ledger.verification import verify
from pioneer.publicity.models import PublishedLine
from pioneer.publicity.services import close_publication, publish_sheet
from tests.assessments.conftest import Month
from tests.assessments.test_takeover import fill, take_over


def through(month: Month, sheet: Any, on: date) -> Any:
    """Submitted, confirmed, shown and posted from that day on."""
    world = month.world
    with clock.at(on):
        sheet.refresh_from_db()
        sheet = submit_sheet(actor=world.actor("recorder"), sheet_id=sheet.pk, edit=sheet.edit)
    with clock.at(on + timedelta(days=12)):
        confirm_sheet(actor=world.actor("secretary"), sheet_id=sheet.pk, edit=sheet.edit)
        shown = publish_sheet(actor=world.actor("recorder"), sheet_id=sheet.pk)
    with clock.at(shown.closes_at + timedelta(minutes=1)):
        close_publication(actor=CLOCK, publication_id=shown.pk)
        post_sheet(actor=CLOCK, publication_id=shown.pk)
    return shown


def test_carried_totals_are_shown_posted_and_scored(month: Month) -> None:
    sheet = fill(
        month.world,
        take_over(month.world),
        ("李桂兰", "A1", 750),  # 2 a month would cut it, 8 a year leaves half a point
        ("李桂兰", "N7", 50),
        ("单雪琴", "B5", 600),
    )
    shown = through(month, sheet, date(2026, 4, 2))
    assert shown.heading["month"] == "结转（至2026年3月31日）"
    assert list(Entry.objects.order_by("id").values_list("indicator", "value", "carried")) == [
        ("A1", 750, True),
        ("N7", -50, True),
        ("B5", 600, True),
    ]
    guilan, xueqin = (month.world.member(name).pk for name in ("李桂兰", "单雪琴"))
    assert totals_of([guilan, xueqin], 2026) == {guilan: 7700, xueqin: 7600}
    april = month.april()
    with clock.at(date(2026, 5, 6)):
        for day in (7, 14):
            month.enter(indicator="A1", event_on=date(2026, 4, day), on=april)
    through(month, april, date(2026, 5, 7))
    counted = PublishedLine.objects.filter(publication__sheet=april).order_by("event_on")
    assert [row.counted for row in counted] == [50, 0], "what paper brought has used up the year's cap but for half"
    assert totals_of([guilan], 2026) == {guilan: 7750}
    assert verify().disagreement == ""
