"""assessments.open_takeover_sheet and assessments.enter_totals"""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from pioneer.accounts.policies import CLOCK
from pioneer.assessments import queries
from pioneer.assessments.lines import edit_line, enter_correction, remove_line
from pioneer.assessments.models import Line, Sheet
from pioneer.assessments.services import confirm_sheet, open_sheet, submit_sheet
from pioneer.assessments.takeover import enter_totals, open_takeover_sheet
from pioneer.assessments.totals import Total
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from tests.assessments.conftest import MARCH_12, Month
from tests.world import TODAY, World

MARCH_31 = date(2026, 3, 31)
PNG = b"\x89PNG\r\n\x1a\n"


def take_over(world: World, who: str = "recorder", **changes: Any) -> Sheet:
    form = {"on": MARCH_31, "ground": "2026年一季度纸质台账，支部档案柜", **changes}
    return open_takeover_sheet(actor=world.actor(who), branch_id=world.branch.pk, **form)


def fill(world: World, sheet: Sheet, *cells: tuple[str, str, int | None], who: str = "recorder", **more: Any) -> Sheet:
    sheet.refresh_from_db()
    wanted = [Total(world.member(name).pk, code, amount) for name, code, amount in cells]
    form = {"edit": sheet.edit, "cells": wanted, **more}
    return enter_totals(actor=world.actor(who), sheet_id=sheet.pk, **form)


# ------------------------------------------------------------------ opening


def test_it_stands_in_the_place_of_the_months_up_to_its_day(ruled: World) -> None:
    sheet = take_over(ruled)
    assert (sheet.kind, sheet.year, sheet.month, sheet.taken_over_on) == ("takeover", 2026, 3, MARCH_31)
    for month in (1, 2, 3):
        with pytest.raises(DomainError) as refused:
            open_sheet(actor=ruled.actor("recorder"), branch_id=ruled.branch.pk, year=2026, month=month)
        assert refused.value.code == "taken_over" and "结转表（至2026年3月31日）" in refused.value.message
        assert ruled.branch.pk not in queries.branches_without_sheet(2026, month)
    assert open_sheet(actor=CLOCK, branch_id=ruled.branch.pk, year=2026, month=4).month == 4


def test_an_empty_sheet_of_a_month_taken_over_goes_and_one_begun_does_not(month: Month) -> None:
    with clock.at(date(2026, 2, 2)):
        open_sheet(actor=CLOCK, branch_id=month.world.branch.pk, year=2026, month=2)
    take_over(month.world)
    assert [sheet.kind for sheet in Sheet.objects.filter(branch=month.world.branch)] == ["takeover"]


def test_not_over_a_month_already_begun(month: Month) -> None:
    month.enter(indicator="A3")
    with pytest.raises(DomainError) as refused:
        take_over(month.world)
    assert refused.value.code == "sheet_begun" and "2026年3月考评表" in refused.value.message
    assert take_over(month.world, on=date(2026, 2, 28)).month == 2


def test_once_in_a_cycle_and_before_a_sheet_is_confirmed(month: Month) -> None:
    sheet = take_over(month.world)
    with pytest.raises(DomainError) as refused:
        take_over(month.world, on=date(2026, 2, 28))
    assert refused.value.code == "taken_over"
    Sheet.objects.filter(pk=sheet.pk).delete()
    begun = open_sheet(actor=CLOCK, branch_id=month.world.branch.pk, year=2026, month=4)
    Sheet.objects.filter(pk=begun.pk).update(state="confirmed", confirmed_at=clock.now())
    with pytest.raises(DomainError) as refused:
        take_over(month.world)
    assert refused.value.code == "sheet_confirmed"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"on": date(2026, 3, 30)}, "最后一天"),
        ({"on": date(2026, 4, 30)}, "还没有过完"),
        ({"ground": " "}, "纸质台账"),
        ({"on": date(2025, 12, 31)}, "周期"),
    ],
)
def test_what_is_refused_on_opening(ruled: World, changes: dict[str, Any], said: str) -> None:
    ruled.branch.opened_on = date(2025, 1, 1)
    ruled.branch.save(update_fields=["opened_on"])
    with pytest.raises(DomainError) as refused:
        take_over(ruled, **changes)
    assert said in refused.value.message and not Sheet.objects.exists()


def test_who_opens_it(ruled: World) -> None:
    for who, error in [("guilan", NotAllowed), ("second_secretary", NotAllowed), ("township_officer", NotAllowed)]:
        with pytest.raises(error):
            take_over(ruled, who)
    assert take_over(ruled, "secretary")


# ------------------------------------------------------------------ the cells


def test_totals_become_carried_lines_of_the_day(ruled: World) -> None:
    sheet = take_over(ruled)
    fill(ruled, sheet, ("李桂兰", "A1", 300), ("李桂兰", "N7", 50), ("张㛃", "B5", 400))
    rows = [(x.member.name, x.indicator, x.value, x.event_on, x.carried) for x in queries.standing_lines(sheet)]
    assert rows == [
        ("李桂兰", "A1", 300, MARCH_31, True),
        ("李桂兰", "N7", -50, MARCH_31, True),
        ("张㛃", "B5", 400, MARCH_31, True),
    ]
    line = Line.objects.get(indicator="N7")
    assert line.ground == sheet.reason and "结转至3月31日的累计" in line.wording
    assert line.told_at is None and not queries.is_told(line) and not Message.objects.exists()


def test_a_cell_is_changed_and_emptied(ruled: World) -> None:
    sheet = take_over(ruled)
    fill(ruled, sheet, ("李桂兰", "A1", 300), ("李桂兰", "A3", 100))
    fill(ruled, sheet, ("李桂兰", "A1", 250), ("李桂兰", "A3", None), ("单雪琴", "A1", 0), who="committee")
    assert [(x.indicator, x.value, x.edit) for x in queries.standing_lines(sheet)] == [("A1", 250, 1)]
    edit = fill(ruled, sheet, ("李桂兰", "A1", 250)).edit
    assert edit == fill(ruled, sheet, ("李桂兰", "A1", 250)).edit, "what stands already is no change"


def test_every_wrong_cell_is_named_and_nothing_is_written(ruled: World) -> None:
    sheet = take_over(ruled)
    ruled.members["王保国"].refresh_from_db()
    with pytest.raises(BadInput) as refused:
        fill(
            ruled,
            sheet,
            ("李桂兰", "A1", 900),  # 8 a year
            ("李桂兰", "Z2", 100),
            ("李桂兰", "C1", 300),  # of the rural track
            ("李桂兰", "A3", -100),
            ("解文军", "A1", 100),  # oneself
            ("温如春", "A1", 100),  # of another branch
            ("单雪琴", "A1", 100),  # right
        )
    said = [str(fault) for fault in refused.value.faults]
    assert len(said) == 6
    for words in ("全年最多8分", "“清零”页", "不适用", "不能是负数", "应回避：解文军是您本人", "不在名单上"):
        assert sum(words in one for one in said) == 1, words
    assert "王保国（支部书记）" in next(one for one in said if "应回避" in one) and not Line.objects.exists()


def test_two_fill_different_cells_and_of_the_same_the_second_is_told(ruled: World) -> None:
    sheet = take_over(ruled)
    opened = sheet.edit
    fill(ruled, sheet, ("李桂兰", "A1", 300), who="committee")
    fill(ruled, sheet, ("单雪琴", "A1", 200), edit=opened)
    with pytest.raises(DomainError) as refused:
        fill(ruled, sheet, ("李桂兰", "A1", 100), edit=opened)
    assert refused.value.code == "edited_meanwhile" and "李桂兰 A1" in refused.value.message
    assert Line.objects.get(member=ruled.member("李桂兰")).value == 300


def test_who_fills_it_and_when(ruled: World) -> None:
    sheet = take_over(ruled)
    for who, error in [("guilan", NotVisible), ("township_officer", NotAllowed), ("second_secretary", NotVisible)]:
        with pytest.raises(error):
            fill(ruled, sheet, ("李桂兰", "A1", 300), who=who)
    fill(ruled, sheet, ("李桂兰", "A1", 300))
    sheet = submit_sheet(actor=ruled.actor("recorder"), sheet_id=sheet.pk, edit=sheet.edit + 1)
    with pytest.raises(DomainError) as refused:
        fill(ruled, sheet, ("李桂兰", "A1", 200))
    assert refused.value.code == "sheet_not_open"


def test_a_monthly_sheet_has_no_cells(month: Month) -> None:
    with pytest.raises(DomainError) as refused:
        fill(month.world, month.sheet, ("李桂兰", "A1", 300))
    assert refused.value.code == "no_takeover_sheet"


# ------------------------------------------------------------------ like any sheet, but for single lines


def test_two_people_and_never_empty(ruled: World) -> None:
    sheet = take_over(ruled)
    with pytest.raises(DomainError) as refused:
        submit_sheet(actor=ruled.actor("recorder"), sheet_id=sheet.pk, edit=sheet.edit)
    assert "结转表还是空的" in refused.value.message
    sheet = fill(ruled, sheet, ("李桂兰", "A1", 300), ("李桂兰", "N7", 50))
    sheet = submit_sheet(actor=ruled.actor("recorder"), sheet_id=sheet.pk, edit=sheet.edit)
    with pytest.raises(NotAllowed):
        confirm_sheet(actor=ruled.actor("recorder"), sheet_id=sheet.pk, edit=sheet.edit)
    sheet = confirm_sheet(actor=ruled.actor("secretary"), sheet_id=sheet.pk, edit=sheet.edit)
    assert sheet.state == "confirmed", "a deduction that was told on paper waits for nobody's statement"


def test_single_lines_claims_and_edits_are_for_monthly_sheets(month: Month) -> None:
    sheet = take_over(month.world)
    claim = month.claim()
    april = month.april()
    assert queries.home_sheet(claim) == april and queries.claims_of(sheet) == []
    fill(month.world, sheet, ("李桂兰", "A1", 300))
    line = Line.objects.get()
    actor = month.actor("recorder")
    for act in (
        lambda: month.enter(indicator="A3", on=sheet),
        lambda: edit_line(actor=actor, line_id=line.pk, edit=line.edit, event_on=MARCH_12, ground="签到册"),
        lambda: enter_correction(actor=actor, sheet_id=sheet.pk, line_id=line.pk, ground="记错"),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "takeover_sheet"
    assert remove_line(actor=actor, line_id=line.pk, reason="纸上没有").state == "struck"


def test_a_carried_total_is_taken_back_whole_on_a_later_sheet(month: Month) -> None:
    sheet = take_over(month.world)
    sheet = fill(month.world, sheet, ("李桂兰", "A1", 300))
    sheet = submit_sheet(actor=month.actor("recorder"), sheet_id=sheet.pk, edit=sheet.edit)
    confirm_sheet(actor=month.actor("secretary"), sheet_id=sheet.pk, edit=sheet.edit)
    line, april = Line.objects.get(), month.april()
    form = {"actor": month.actor("recorder"), "sheet_id": april.pk, "line_id": line.pk, "ground": "纸上多抄一行"}
    with pytest.raises(DomainError) as refused:
        enter_correction(indicator="A1", **form)
    assert refused.value.code == "carried"
    assert enter_correction(**form).corrects == line


def test_the_database_keeps_carried_lines_and_take_over_sheets_together(month: Month) -> None:
    sheet = take_over(month.world)
    fill(month.world, sheet, ("李桂兰", "A1", 300))
    april = month.april()
    line = Line.objects.get()
    for changes in ({"carried": False}, {"sheet": april}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Line.objects.filter(pk=line.pk).update(**changes)
    fields = {f.attname: getattr(line, f.attname) for f in Line._meta.concrete_fields if f.attname != "id"}
    for changes in ({"carried": False}, {"sheet_id": april.pk}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Line.objects.create(**{**fields, **changes})
    for changes in ({"taken_over_on": None}, {"kind": "monthly"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Sheet.objects.filter(pk=sheet.pk).update(**changes)
    assert TODAY > MARCH_31
