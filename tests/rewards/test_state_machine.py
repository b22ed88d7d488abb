"""任意次序 Whatever is issued, redeemed, reserved, expired, reversed, frozen, returned, spent and settled, in whatever
order: the books come out after every step, and nothing is below zero but by a reversal.

A run stands inside a savepoint that is given up at its end, so that five thousand are a campaign and some are part of
every test run.
"""

from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pioneer.accounts.policies import CLOCK
from pioneer.conduct.models import ZeroingCase
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.rewards import booking, merchant_queries
from pioneer.rewards.booking import Kind, Move
from pioneer.rewards.expiring import expire_points, warn_of_expiry
from pioneer.rewards.expiry_queries import accounts_to_expire, accounts_to_warn
from pioneer.rewards.models import Account, Good, OfferUse, Redemption, Reservation, Statement, Transfer
from pioneer.rewards.offers import cancel_use, use_offer
from pioneer.rewards.reconciliation import reconcile
from pioneer.rewards.reserving import expire_reservation, release_reservation, reserve
from pioneer.rewards.shop_queries import overdue_reservations
from pioneer.rewards.statements import confirm_statement, make_statement
from pioneer.rewards.stock import count_stock
from tests.passbooks import House, build_house, freeze, key, with_merchant
from tests.world import TODAY, World, adopt_rulebook

NAMES = ("李桂兰", "单雪琴")
WHO = {"李桂兰": "guilan", "单雪琴": "xueqin"}
name = st.sampled_from(NAMES)
points = st.integers(1, 60).map(lambda n: n * 100)
pick = st.integers(0, 9)
PARTS = 10
ACCOUNTS, TRANSFERS = Account._meta.db_table, Transfer._meta.db_table
UNEQUAL = f"""
SELECT own.id, own.balance FROM {ACCOUNTS} AS own
WHERE own.balance <> COALESCE((SELECT SUM(amount) FROM {TRANSFERS} WHERE to_account_id = own.id), 0)
                   - COALESCE((SELECT SUM(amount) FROM {TRANSFERS} WHERE from_account_id = own.id), 0)
"""  # noqa: S608 - names of our own tables


class Passbooks(RuleBasedStateMachine):
    """One community's passbook with two members, two goods' worth of stock and a merchant."""

    house: ClassVar[House]

    def __init__(self) -> None:
        super().__init__()
        self.today: date = TODAY
        self.point = transaction.savepoint()
        self.zeroed: dict[str, ZeroingCase] = {}
        self.said: list[str] = []

    def teardown(self) -> None:
        """At the end of a run all the books are compared with one another."""
        found = reconcile(self.house.passbook)
        transaction.savepoint_rollback(self.point)
        assert found.is_clean, found.findings

    def may(self, act: Any) -> Any:
        """Done, or refused with a sentence; either way the books must come out."""
        try:
            with clock.at(self.today):
                return act()
        except DomainError as refusal:
            self.said.append(refusal.message)
            return None

    @initialize(first=points)
    def begin(self, first: int) -> None:
        with clock.at(self.today):
            self.house.give(NAMES[0], first, self.today + timedelta(days=45))

    @rule(who=name, amount=points, days=st.sampled_from([None, 20, 45, 90]))
    def issue(self, who: str, amount: int, days: int | None) -> None:
        with clock.at(self.today):
            self.house.give(who, amount, self.today + timedelta(days=days) if days else None)

    @rule(who=name, amount=points)
    def reverse(self, who: str, amount: int) -> None:
        """As a corrected line does, even below zero."""
        with clock.at(self.today), transaction.atomic():
            fund, own = booking.fund_of(self.house.passbook), self.house.account(who)
            if -fund.balance < amount:
                return
            locked = booking.lock([fund.pk, own.pk])
            booking.move(CLOCK, Move(locked[own.pk], locked[fund.pk], amount, Kind.REVERSAL, f"test:{key()}"))

    @rule(who=name, quantity=st.integers(1, 4))
    def redeem(self, who: str, quantity: int) -> None:
        self.may(lambda: self.house.redeem(who, quantity))

    @rule(who=name, quantity=st.integers(1, 4))
    def reserve(self, who: str, quantity: int) -> None:
        house = self.house
        self.may(
            lambda: reserve(actor=house.actor(WHO[who]), good_id=house.good.pk, quantity=quantity, request_key=key())
        )

    @rule(which=pick, how=st.sampled_from(["take", "release"]))
    def end_reservation(self, which: int, how: str) -> None:
        found = list(Reservation.objects.filter(state="held").order_by("pk"))
        if not found:
            return
        one = found[which % len(found)]
        assert one.account.member is not None
        who = one.account.member.name
        if how == "take":
            self.may(lambda: self.house.redeem(who, one.quantity, reservation_id=one.pk))
        else:
            self.may(lambda: release_reservation(actor=self.house.actor(WHO[who]), reservation_id=one.pk))

    @rule(which=pick, quantity=st.integers(1, 3), restocked=st.booleans())
    def bring_back(self, which: int, quantity: int, restocked: bool) -> None:
        """A part of a receipt, or what is left of it, or more than that."""
        found = list(Redemption.objects.order_by("pk"))
        if found:
            one = found[which % len(found)]
            self.may(lambda: self.house.bring_back(one, quantity, restocked=restocked))

    @rule(who=name, amount=st.integers(0, 20).map(lambda n: n * 100), bill=st.integers(1, 5000))
    def spend(self, who: str, amount: int, bill: int) -> None:
        house = self.house
        assert house.offer is not None
        offer = house.offer.pk
        self.may(
            lambda: use_offer(
                actor=house.actor("merchant"), presentation_id=house.show_merchant(who).pk, offer_id=offer,
                bill_cents=bill, request_key=key(), points=amount,
            )
        )  # fmt: skip

    @rule(which=pick)
    def cancel(self, which: int) -> None:
        found = list(OfferUse.objects.order_by("pk"))
        if found:
            one = found[which % len(found)]
            self.may(lambda: cancel_use(actor=self.house.actor("merchant"), use_id=one.pk, reason="退单"))

    @rule(which=pick, side=st.sampled_from(["merchant", "community_officer"]))
    def settle(self, which: int, side: str) -> None:
        with clock.at(self.today):
            for merchant, year, month in merchant_queries.to_state():
                make_statement(actor=CLOCK, merchant_id=merchant.pk, year=year, month=month)
        found = list(Statement.objects.order_by("pk"))
        if found:
            one = found[which % len(found)]
            self.may(lambda: confirm_statement(actor=self.house.actor(side), statement_id=one.pk))

    @rule(who=name)
    def freeze_or_thaw(self, who: str) -> None:
        with clock.at(self.today):
            case = self.zeroed.pop(who, None)
            if case is None:
                self.zeroed[who] = freeze(self.house, who)
            else:
                case.state, case.reversed_at, case.reversal_document = "reversed", clock.now(), "再审"
                case.save()

    @rule(counted=st.integers(0, 12))
    def count(self, counted: int) -> None:
        keeper = self.house.actor("shopkeeper")
        self.may(
            lambda: count_stock(
                actor=keeper, good_id=self.house.good.pk, counted=counted, witness="麦秀兰", reason="盘点差异"
            )
        )

    @precondition(lambda self: self.today < date(2026, 12, 1))
    @rule(days=st.sampled_from([1, 8, 31]))
    def days_go_by(self, days: int) -> None:
        """With what the clock does on the way."""
        self.today += timedelta(days=days)
        with clock.at(self.today):
            for one in overdue_reservations():
                expire_reservation(actor=CLOCK, reservation_id=one.pk)
            for account in accounts_to_expire():
                expire_points(actor=CLOCK, account_id=account.pk)
            for account in accounts_to_warn():
                warn_of_expiry(actor=CLOCK, account_id=account.pk)

    @invariant()
    def all_sum_to_zero_and_each_balance_is_its_transfers(self) -> None:
        """By statements of the test's own."""
        assert Account.objects.aggregate(sum=Sum("balance"))["sum"] == 0
        with connection.cursor() as cursor:
            cursor.execute(UNEQUAL)
            assert not cursor.fetchall()

    @invariant()
    def nothing_is_below_zero_but_by_a_reversal(self) -> None:
        assert all(one.endswith("。") for one in self.said)
        assert not Good.objects.filter(stock__lt=0).exists()
        for account in Account.objects.exclude(kind="fund").filter(balance__lt=0):
            assert account.kind == "member"
            assert Transfer.objects.filter(from_account=account, kind="reversal").exists()


@pytest.fixture
def machine(world: World) -> type[Passbooks]:
    adopt_rulebook(world)
    with clock.at(TODAY):
        Passbooks.house = with_merchant(build_house(world))
        for one in NAMES:
            Passbooks.house.card(one)
    return Passbooks


def test_the_books_come_out_in_any_order(machine: type[Passbooks]) -> None:
    share = settings(
        max_examples=8, stateful_step_count=14, deadline=None, derandomize=True, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=share)


@pytest.mark.campaign
@pytest.mark.every_case
@pytest.mark.parametrize("part", range(PARTS))
def test_the_books_come_out_in_five_thousand_runs(machine: type[Passbooks], part: int) -> None:
    long = settings(
        max_examples=5000 // PARTS, stateful_step_count=15, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=long)
