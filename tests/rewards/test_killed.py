"""A shop's server killed under load: no redemption half-done, every answered one there, the books come out."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Sum

from pioneer.kernel import clock
from pioneer.kernel.models import AuditEvent
from pioneer.rewards.models import Redemption, StockMove, Transfer
from pioneer.rewards.reconciliation import reconcile
from pioneer.rewards.redeeming import redeem
from tests.passbooks import House, stocked
from tests.world import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
SIGKILL = 9
SEED = 20261128
NAMES = ("李桂兰", "张㛃", "单雪琴", "温如春")


class Server:
    """The process of tests/rewards/selling.py."""

    def __init__(self, house: House) -> None:
        good = stocked(house, "很多件", 100, 100_000)
        for name in NAMES:
            house.give(name, 50_000_000)
        self._order = {
            "keeper": house.world.users["shopkeeper"].pk,
            "shop": house.shop.pk,
            "good": good.pk,
            "cards": [house.card(name).number for name in NAMES],
            "now": clock.now().isoformat(),
        }
        self.good = good.pk
        command = [sys.executable, "-m", "tests.rewards.selling", str(connection.settings_dict["NAME"])]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def sell(self, seconds: float) -> tuple[dict[UUID, int], dict[UUID, int]]:
        """Until it is killed: the presentation of each key that was begun, the receipt of each that was answered."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({**self._order, "seconds": seconds}) + "\n")
        self._process.stdin.flush()
        told, ended = self._process.stdout.readline().split()
        assert int(ended) == SIGKILL
        begun: dict[UUID, int] = {}
        done: dict[UUID, int] = {}
        for line in Path(told).read_text(encoding="utf-8").splitlines():
            what, key, number = line.split()
            (begun if what == "begun" else done)[UUID(key)] = int(number)
        return begun, done

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


@pytest.fixture
def server(real_house: House) -> Iterator[Server]:
    made = Server(real_house)
    yield made
    made.stop()


def kill(house: House, server: Server, times: int) -> None:
    chance = random.Random(SEED)
    keeper, unanswered = house.actor("shopkeeper"), 0
    for _ in range(times):
        begun, done = server.sell(chance.random() * 0.4)
        assert done
        there = dict(Redemption.objects.filter(request_key__in=begun).values_list("request_key", "number"))
        assert done.items() <= there.items()  # answered is kept
        _is_whole(house)
        for key in begun.keys() - done.keys():  # asked again, as the page does: one effect, whatever had happened
            unanswered += 1
            made = redeem(actor=keeper, presentation_id=begun[key], items=[(server.good, 1)], request_key=key)
            assert made.number == there.get(key, made.number)
        assert Redemption.objects.filter(request_key__in=begun).count() == len(begun)
    assert unanswered
    _is_whole(house)
    assert reconcile(house.passbook).is_clean, reconcile(house.passbook).findings


def _is_whole(house: House) -> None:
    """As many transfers, items, audit rows and units as there are receipts, numbered without a gap."""
    count = Redemption.objects.count()
    assert list(Redemption.objects.order_by("number").values_list("number", flat=True)) == list(range(1, count + 1))
    assert Transfer.objects.filter(kind="redeem").count() == count
    assert -(StockMove.objects.filter(kind="redeemed").aggregate(sum=Sum("quantity"))["sum"] or 0) == count
    done = AuditEvent.objects.filter(operation="rewards.redeem", refused="")
    assert done.values("target_number").distinct().count() == count


def test_killed_ten_times_nothing_is_half_done(real_house: House, server: Server) -> None:
    kill(real_house, server, 10)


@pytest.mark.campaign
def test_killed_two_hundred_times_nothing_is_half_done(real_house: House, server: Server) -> None:
    kill(real_house, server, 200)
