"""积分转入 From a real notice through the ledger into the passbook: once a line, by the difference, within a budget."""

from datetime import date

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.assessments.models import Line
from pioneer.jobs import clock as jobs
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed
from pioneer.ledger.models import Posting
from pioneer.messages.models import Message
from pioneer.rewards.crediting import credit_posting, credit_waiting
from pioneer.rewards.models import FedLine, FedPosting, Transfer
from pioneer.rewards.queries import standing_of, to_credit, waiting_passbooks
from pioneer.rewards.reconciliation import reconcile
from tests.notices import On, run
from tests.passbooks import RULES, House, adopt_with, build_house
from tests.world import TODAY, World, adopt_rulebook


def taken(posting: Posting) -> FedPosting:
    return credit_posting(actor=CLOCK, posting_id=posting.pk)


def test_each_line_is_credited_once_with_what_counts_of_it(house: House) -> None:
    lines = [On("李桂兰", "B5", 3), On("李桂兰", "B1", 4), On("王保国", "N7", 5), On("李桂兰", "B1", 6, value=400)]
    posting = run(house.world, lines)
    assert taken(posting).lines == 3  # a deduction feeds nothing here
    counted = dict(FedLine.objects.values_list("indicator", "counted"))
    assert counted["B5"] == 100 and house.balance("李桂兰") == 10 * sum(
        FedLine.objects.values_list("counted", flat=True)
    )
    assert sum(FedLine.objects.values_list("credited", flat=True)) == house.balance("李桂兰")
    assert taken(posting) == FedPosting.objects.get() and to_credit() == []
    assert Transfer.objects.filter(kind="credit").count() == FedLine.objects.filter(due__gt=0).count()
    assert Message.objects.get(kind="rewards.credited", user=house.world.users["guilan"]).title.startswith("存折转入")
    with pytest.raises(NotAllowed):
        credit_posting(actor=house.actor("district_officer"), posting_id=posting.pk)


def test_a_corrected_line_takes_points_back_even_below_zero_and_the_next_ones_make_it_good(house: House) -> None:
    first = run(house.world, [On("李桂兰", "B3", 3), On("李桂兰", "B5", 4)])
    taken(first)
    with clock.at(date(2026, 4, 20)):
        assert house.balance("李桂兰") == 3000
        house.redeem("李桂兰")
    wrong = Line.objects.get(indicator="B3")
    second = run(house.world, [On("李桂兰", corrects=wrong)], month=4)
    with clock.at(date(2026, 5, 20)):
        taken(second)
        assert house.balance("李桂兰") == -1000
        assert reconcile(house.passbook).is_clean
        with pytest.raises(DomainError, match="补足以前不能兑换"):
            house.redeem("李桂兰")
    third = run(house.world, [On("李桂兰", "B3", 3), On("李桂兰", "B3", 4)], month=5)
    with clock.at(date(2026, 6, 20)):
        taken(third)
        assert house.balance("李桂兰") == 3000
        house.redeem("李桂兰")


def test_postings_are_taken_up_in_order_also_after_a_stop(house: House) -> None:
    first, second = run(house.world, [On("李桂兰")]), run(house.world, [On("王保国")], month=4)
    with pytest.raises(DomainError) as error:
        taken(second)
    assert error.value.code == "earlier_uncredited"
    assert [one.pk for one in to_credit()] == [first.pk, second.pk]
    work = jobs.Round()
    jobs.credit_passbooks(work)
    assert work.done["转入存折"] == 2 and not work.failures
    jobs.credit_passbooks(work)
    assert work.done["转入存折"] == 2 and to_credit() == []
    assert house.balance("李桂兰") == house.balance("王保国") == 1000


def test_what_was_posted_before_it_was_opened_or_elsewhere_is_not_credited(world: World) -> None:
    adopt_rulebook(world)
    before = run(world, [On("李桂兰")], month=2)
    elsewhere = run(world, [On("柳满仓")], month=2, branch=world.village)
    with clock.at(TODAY):
        house = build_house(world)
    assert to_credit() == []
    for posting in (before, elsewhere):
        with pytest.raises(DomainError) as error:
            taken(posting)
        assert error.value.code == "nothing_to_credit"
    wrong = Line.objects.get(member=world.member("李桂兰"))
    taken(run(world, [On("李桂兰", corrects=wrong)], month=3))
    assert house.balance("李桂兰") == 0 and not FedLine.objects.exists()


def test_what_is_beyond_the_months_budget_waits_for_the_next(world: World) -> None:
    adopt_with(world, RULES.replace('keep = "carried"', 'keep = "carried"\nbudget = 25'))
    with clock.at(TODAY):
        house = build_house(world)
    posting = run(world, [On("李桂兰", "B5", day) for day in (3, 4)] + [On("王保国", "B5", 5)])
    with clock.at(date(2026, 4, 20)):
        taken(posting)
        assert (house.balance("李桂兰"), house.balance("王保国")) == (2000, 500)
        assert standing_of(house.account("王保国")).waiting == 500
        assert waiting_passbooks() == []  # until the next month
        with pytest.raises(DomainError):
            credit_waiting(actor=CLOCK, passbook_id=house.passbook.pk)
    with clock.at(date(2026, 5, 4)):
        assert waiting_passbooks() == [house.passbook]
        assert credit_waiting(actor=CLOCK, passbook_id=house.passbook.pk) == 1
        assert house.balance("王保国") == 1000 and waiting_passbooks() == []
        assert reconcile(house.passbook).is_clean


def test_deductions_that_feed_it_take_what_is_there_and_no_more(world: World) -> None:
    adopt_with(world, RULES.replace('["positive"]', '["positive", "reverse"]'))
    with clock.at(TODAY):
        house = build_house(world)
        house.give("李桂兰", 300)
    taken(run(world, [On("李桂兰", "N7", 3)]))
    assert house.balance("李桂兰") == 0
    wrong = Line.objects.get(indicator="N7")
    taken(run(world, [On("李桂兰", corrects=wrong)], month=4))
    assert house.balance("李桂兰") == 300 and reconcile(house.passbook).is_clean
