"""到期 Told a month before, the first in first out, nothing while frozen; the clock does it in its round."""

from datetime import timedelta

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.jobs import clock as jobs
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed
from pioneer.messages.models import Message
from pioneer.rewards.expiring import expire_points, warn_of_expiry
from pioneer.rewards.expiry_queries import accounts_to_expire, accounts_to_warn
from pioneer.rewards.models import Account, Lot
from pioneer.rewards.queries import standing_of
from tests.passbooks import House, freeze
from tests.world import TODAY

NAME = "李桂兰"
DAY = timedelta(days=1)
END = TODAY + 60 * DAY


def test_the_earliest_is_spent_first_and_the_rest_expires_after_its_warning(house: House) -> None:
    house.give(NAME, 3000, END + 60 * DAY)
    house.give(NAME, 3000, END)
    house.give(NAME, 500)
    house.redeem(NAME)
    assert list(Lot.objects.filter(expires_on=END).values_list("left", flat=True)) == [1000]
    standing = standing_of(house.account(NAME))
    assert (standing.next_expiry, standing.next_expiring) == (END, 1000)
    assert accounts_to_warn() == []
    account = house.account(NAME)
    with clock.at(END - 30 * DAY):
        assert accounts_to_warn() == [account]
        warn_of_expiry(actor=CLOCK, account_id=account.pk)
        assert accounts_to_warn() == [] and "10存折积分快到期" in Message.objects.get(kind="rewards.expiry").title
        with pytest.raises(DomainError):
            warn_of_expiry(actor=CLOCK, account_id=account.pk)
    with clock.at(END), pytest.raises(DomainError):
        expire_points(actor=CLOCK, account_id=account.pk)
    with clock.at(END + DAY):
        assert accounts_to_expire() == [account]
        with pytest.raises(NotAllowed):
            expire_points(actor=house.actor("community_officer"), account_id=account.pk)
        assert expire_points(actor=CLOCK, account_id=account.pk).amount == 1000
        with pytest.raises(DomainError):
            expire_points(actor=CLOCK, account_id=account.pk)
    assert house.balance(NAME) == 3500
    assert Account.objects.get(kind="expiry").balance == 1000


def test_a_late_warning_puts_it_off_and_a_frozen_passbook_loses_nothing(house: House) -> None:
    house.give(NAME, 3000, END)
    with clock.at(END + 5 * DAY):
        assert accounts_to_expire() == []
        warn_of_expiry(actor=CLOCK, account_id=house.account(NAME).pk)
    freeze(house, NAME)
    with clock.at(END + 36 * DAY):
        assert accounts_to_expire() == []
        with pytest.raises(DomainError, match="冻结"):
            expire_points(actor=CLOCK, account_id=house.account(NAME).pk)


def test_what_comes_back_after_its_day_has_a_month_of_grace(house: House) -> None:
    house.give(NAME, 2000, END)
    made = house.redeem(NAME)
    with clock.at(END + 9 * DAY):
        house.bring_back(made, restocked=False)
        assert standing_of(house.account(NAME)).next_expiry == END + 39 * DAY


def test_the_clock_does_all_of_it_in_its_round_and_nothing_twice(house: House) -> None:
    house.give(NAME, 2000, END)
    with clock.at(END - 9 * DAY):
        done: dict[str, int] = {}
        work = jobs.Round(done)
        jobs.expire_in_passbooks(work)
        jobs.expire_in_passbooks(work)
        jobs.credit_passbooks(work)
        jobs.state_merchants(work)
        assert done["到期提醒存折"] == 1 and not work.failures
    with clock.at(END + 30 * DAY):
        jobs.expire_in_passbooks(work)
    assert done["积分到期"] == 1 and house.balance(NAME) == 0
