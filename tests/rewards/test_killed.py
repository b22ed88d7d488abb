"""The site killed while a counter is busy: no redemption half-done, every answered one there, the books come out.

A real server (tests/rewards/serving.py) is asked over HTTP by four tills at once, signed in as the shopkeeper: each
sends the form of the shop's page for one card after the other. At a random moment the server's processes are killed,
all of them; the next is started, and what was under way is sent again, the very same form.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.test import Client

from pioneer.kernel import clock
from pioneer.kernel.models import AuditEvent
from pioneer.rewards.models import Presentation, Redemption, RedemptionItem, Shop, StockMove, Transfer
from pioneer.rewards.reconciliation import reconcile
from tests.passbooks import House, stocked
from tests.web.filled import filled
from tests.world import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
SIGKILL = 9
SEED = 20261128
NAMES = ("李桂兰", "张㛃", "单雪琴", "温如春")
ROUND = timedelta(seconds=10)  # what was dropped is taken up at once, long before two minutes have passed
CARDS = 2  # shown to each till in a round
Form = dict[str, list[str]]


class Site:
    """The process that starts the server and kills it."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.rewards.serving", str(connection.settings_dict["NAME"])]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def start(self, moment: datetime) -> int:
        """The port."""
        return int(self._ask(moment.isoformat()))

    def kill(self) -> None:
        assert int(self._ask("kill")) == SIGKILL

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)

    def _ask(self, text: str) -> str:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{text}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


class Till:
    """A device of the shopkeeper's, with the cards of one member in front of it and the form as the page holds it.
    While it works it asks the server, never the database."""

    def __init__(self, house: House, name: str, good: int) -> None:
        client, self.house, self.name = Client(), house, name
        client.force_login(house.world.users["shopkeeper"], backend="pioneer.accounts.backends.NumberBackend")
        page = client.get(f"/shops/counter/{house.show(name).pk}/?good-{good}=1&next=1")
        self.form = filled(page.content.decode(), "redeem-form")
        self.cookies = {name: cookie.value for name, cookie in client.cookies.items()}
        self.shown: list[str] = []
        self.under_way: tuple[str, Form] | None = None
        self.answered: dict[UUID, int] = {}  # the receipt of each key
        self.turned_away: dict[UUID, str] = {}  # what the page said

    @property
    def unanswered(self) -> UUID | None:
        return UUID(self.under_way[1]["request_key"][0]) if self.under_way else None

    def show(self, cards: int) -> None:
        """So many cards, taken one after the other; what is left of the last is put away."""
        self.shown = [f"/shops/counter/{self.house.show(self.name).pk}/" for _ in range(cards)]

    def work(self, port: int, answered: Event) -> None:
        """What is still under way, then the cards in front, unless the server goes first."""
        line = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            self._finish(line, answered)
            while self.shown:
                self.under_way = self.shown.pop(), {**self.form, "request_key": [str(uuid4())]}
                self._finish(line, answered)
        except (OSError, HTTPException):
            pass
        finally:
            line.close()

    def _finish(self, line: HTTPConnection, answered: Event) -> None:
        """The form that is under way is sent, whether it was sent before or not."""
        if self.under_way is None:
            return
        address, form = self.under_way
        key = UUID(form["request_key"][0])
        led_to = self._post(line, address, form)
        answered.set()
        if led_to.startswith("/redemptions/"):
            self.answered[key] = int(led_to.strip("/").split("/")[1])
        else:
            self.turned_away[key] = led_to
        self.under_way = None

    def _post(self, line: HTTPConnection, address: str, form: Form) -> str:
        """Where it led, or what the page says."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", address, urlencode(form, doseq=True), headers)
        answer = line.getresponse()
        said = answer.read().decode()
        return answer.headers.get("Location") or said


@pytest.fixture
def site(real_house: House) -> Iterator[Site]:
    made = Site()
    yield made
    made.stop()


@pytest.fixture
def tills(real_house: House) -> list[Till]:
    good = stocked(real_house, "很多件", 100, 100_000)
    for name in NAMES:
        real_house.give(name, 50_000_000)
    return [Till(real_house, name, good.pk) for name in NAMES]


def kill(house: House, site: Site, tills: list[Till], times: int) -> None:
    chance, unanswered, began = random.Random(SEED), 0, clock.now()
    for number in range(times):
        with clock.at(began + number * ROUND):
            port, answered = site.start(clock.now()), Event()
            for till in tills:
                till.show(CARDS)
        threads = [Thread(target=till.work, args=(port, answered)) for till in tills]
        for thread in threads:
            thread.start()
        assert answered.wait(60)
        Event().wait(chance.random() * 0.4)
        site.kill()
        for thread in threads:
            thread.join(60)
        unanswered += sum(till.unanswered is not None for till in tills)
        _compare(house, tills)
    port = site.start(began + times * ROUND)
    for till in tills:
        till.show(0)
        till.work(port, Event())
    site.kill()
    _compare(house, tills)
    assert unanswered and not any(till.unanswered for till in tills) and all(till.answered for till in tills)


def _compare(house: House, tills: list[Till]) -> None:
    """Nothing moves while the shop is locked, whatever PostgreSQL has still to end of what was killed."""
    with transaction.atomic():
        Shop.objects.select_for_update().get(pk=house.shop.pk)
        there = dict(Redemption.objects.values_list("request_key", "pk"))
        answered = {key: receipt for till in tills for key, receipt in till.answered.items()}
        assert answered.items() <= there.items()  # answered is kept, under the receipt it was answered with
        assert there.keys() - answered.keys() <= {till.unanswered for till in tills}  # turned away is not there
        for till in tills:
            assert all("出示已超过十分钟" in said for said in till.turned_away.values())
        _is_whole()
        assert reconcile(house.passbook).is_clean, reconcile(house.passbook).findings


def _is_whole() -> None:
    """As many transfers, items, audit rows, used cards and units as there are receipts, numbered without a gap."""
    count = Redemption.objects.count()
    assert list(Redemption.objects.order_by("number").values_list("number", flat=True)) == list(range(1, count + 1))
    assert Transfer.objects.filter(kind="redeem").count() == RedemptionItem.objects.count() == count
    assert Presentation.objects.filter(used_at__isnull=False).count() == count
    assert -(StockMove.objects.filter(kind="redeemed").aggregate(sum=Sum("quantity"))["sum"] or 0) == count
    done = AuditEvent.objects.filter(operation="rewards.redeem", refused="")
    assert done.values("target_number").distinct().count() == count


def test_killed_ten_times_nothing_is_half_done(real_house: House, site: Site, tills: list[Till]) -> None:
    kill(real_house, site, tills, 10)


@pytest.mark.campaign
def test_killed_two_hundred_times_nothing_is_half_done(real_house: House, site: Site, tills: list[Till]) -> None:
    kill(real_house, site, tills, 200)
