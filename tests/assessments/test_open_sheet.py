"""assessments.open_sheet"""

from datetime import date

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.assessments import queries
from pioneer.assessments.models import Sheet
from pioneer.assessments.services import open_sheet
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from tests.world import World


@pytest.mark.parametrize("who", ["recorder", "secretary", "committee"])
def test_it_works_by_hand(ruled: World, who: str) -> None:
    sheet = open_sheet(actor=ruled.actor(who), branch_id=ruled.branch.pk, year=2026, month=3)
    assert (sheet.state, sheet.kind, sheet.sequence) == ("open", "monthly", 0)


def test_it_works_by_the_clock(ruled: World) -> None:
    assert ruled.branch.pk in queries.branches_without_sheet(2026, 4)
    open_sheet(actor=CLOCK, branch_id=ruled.branch.pk, year=2026, month=4)
    assert ruled.branch.pk not in queries.branches_without_sheet(2026, 4)


@pytest.mark.parametrize("who", ["guilan", "second_secretary", "township_officer", "other_secretary", "auditor"])
def test_nobody_else_opens_it(ruled: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        open_sheet(actor=ruled.actor(who), branch_id=ruled.branch.pk, year=2026, month=3)
    assert not Sheet.objects.exists()


def test_one_per_branch_and_month(ruled: World) -> None:
    open_sheet(actor=CLOCK, branch_id=ruled.branch.pk, year=2026, month=3)
    with pytest.raises(DomainError) as refused:
        open_sheet(actor=ruled.actor("recorder"), branch_id=ruled.branch.pk, year=2026, month=3)
    assert refused.value.code == "sheet_exists"
    assert open_sheet(actor=CLOCK, branch_id=ruled.second_branch.pk, year=2026, month=3).pk


def test_not_before_the_month_begins(ruled: World) -> None:
    with pytest.raises(DomainError) as refused:
        open_sheet(actor=CLOCK, branch_id=ruled.branch.pk, year=2026, month=5)
    assert refused.value.code == "month_not_begun"


def test_not_for_a_closed_branch(ruled: World) -> None:
    branch = ruled.branch
    branch.closed_on = date(2026, 3, 15)
    branch.save()
    with pytest.raises(DomainError) as refused:
        open_sheet(actor=CLOCK, branch_id=branch.pk, year=2026, month=3)
    assert refused.value.code == "branch_closed"


def test_only_a_branch_has_sheets(ruled: World) -> None:
    with pytest.raises(NotVisible):
        open_sheet(actor=CLOCK, branch_id=ruled.organisations["street"].pk, year=2026, month=3)


def test_not_without_a_rulebook(world: World) -> None:
    with pytest.raises(DomainError) as refused:
        open_sheet(actor=CLOCK, branch_id=world.branch.pk, year=2026, month=3)
    assert refused.value.code == "no_rulebook"


def test_the_roster_is_of_the_months_last_day_in_roster_order(ruled: World) -> None:
    from pioneer.assessments.roster import roster

    sheet = open_sheet(actor=CLOCK, branch_id=ruled.branch.pk, year=2026, month=3)
    names = [entry.name for entry in roster(sheet)]
    assert names == ["王保国", "李桂兰", "张㛃", "曾永福", "单雪琴", "解文军", "罗小红", "喆䶮堃"]
    ruled.member("张㛃").memberships.update(until_on=date(2026, 3, 30))
    with clock.at(date(2026, 3, 30)):
        assert "张㛃" in [entry.name for entry in roster(sheet)]
    assert "张㛃" not in [entry.name for entry in roster(sheet)]


def test_the_deceased_are_gone_the_same_day(ruled: World) -> None:
    from pioneer.assessments.roster import roster
    from pioneer.members.models import StatusSpell

    sheet = open_sheet(actor=CLOCK, branch_id=ruled.branch.pk, year=2026, month=3)
    member = ruled.member("张㛃")
    StatusSpell.objects.filter(member=member).update(until_on=date(2026, 3, 31))
    StatusSpell.objects.create(member=member, status="deceased", from_on=date(2026, 4, 1))
    assert "张㛃" not in [entry.name for entry in roster(sheet)]
    assert "张㛃" in [entry.name for entry in roster(sheet, unpublished=False)]
