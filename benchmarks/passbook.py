"""兑换每秒多少笔: the full redemption against a plain Django transaction with as many statements and no rules.

    .venv/bin/python -m benchmarks.passbook [--seconds 6] [--clients 1 8 32]

On PostgreSQL, in one run, with so many clients (processes) at once: (a) redemptions at a shop of each client's own, (b)
all at one shop, (c) plain transactions that read, insert and update rows of each client's own, as often as a redemption
does, through the same ORM, with nothing to keep. The three take turns, so that what else the machine does meets all of
them. Promised: with 8 clients (a) is at least half of (c), and (b) at least a third of (a).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks._databases import run_inside

HALF, THIRD = 0.5, 1 / 3
AT = 8
TURNS = 3
MOST_A_SECOND = 120  # cards shown beforehand, for each client and second


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--inside", action="store_true")
    given = parser.parse_args()
    if given.inside:
        return inside(given.seconds, given.clients)
    options = ["--seconds", str(given.seconds), "--clients", *map(str, given.clients)]
    with tempfile.TemporaryDirectory() as folder:
        return run_inside("passbook", "postgresql", Path(folder), options)


# ------------------------------------------------------------------ the house


def prepare(clients: int) -> Any:
    """A passbook with a shop for each client, and members with points enough."""
    from pioneer.members.models import Member, Membership, StatusSpell, TrackSpell
    from tests import passbooks
    from tests.world import START, adopt_rulebook, build

    world = build()
    adopt_rulebook(world)
    house = passbooks.build_house(world)
    for number in range(clients):
        member = Member.objects.create(
            district=world.district, number=f"B{number:05d}", name=f"党员{number}", created_at=passbooks.clock.now()
        )
        Membership.objects.create(member=member, branch=world.branch, from_on=START)
        StatusSpell.objects.create(member=member, status="full", from_on=START)
        TrackSpell.objects.create(member=member, track="community", from_on=START)
        world.members[member.name] = member
        house.give(member.name, 100_000_000)
        house.card(member.name)
    return house


def shop_of(house: Any, name: str) -> tuple[Any, Any]:
    """A shop of its own with stock that doesn't end."""
    from tests import passbooks

    officer = house.actor("community_officer")
    shop = passbooks.add_shop(actor=officer, passbook_id=house.passbook.pk, name=name, place="一层")
    good = passbooks.add_good(actor=officer, shop_id=shop.pk, form=passbooks.GoodForm("洗衣液", 100))
    passbooks.receive_goods(
        actor=house.actor("shopkeeper"), good_id=good.pk, quantity=1_000_000, unit_cents=100,
        received_on=passbooks.clock.today(), document="发票",
    )  # fmt: skip
    return shop, good


def shown(house: Any, shop: Any, member: str, count: int) -> list[int]:
    """Cards shown at the shop beforehand: what is measured begins with the redemption."""
    from pioneer.rewards.models import Presentation
    from tests.passbooks import clock

    now, by = clock.now(), house.world.users["shopkeeper"].pk
    made = Presentation.objects.bulk_create(
        [
            Presentation(
                card=house.cards[member], shop=shop, by_code=False, at=now, by_number=by,
                expires_at=now + timedelta(hours=2),
            )
            for _ in range(count)
        ]
    )  # fmt: skip
    return [one.pk for one in made]


# ------------------------------------------------------------------ what a client does


def redeeming(house: Any, good: Any, presentations: list[int]) -> Callable[[], None]:
    from pioneer.rewards.redeeming import redeem

    keeper, waiting = house.actor("shopkeeper"), iter(presentations)

    def act() -> None:
        redeem(actor=keeper, presentation_id=next(waiting), items=[(good.pk, 1)], request_key=uuid4())

    return act


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Statements by their first word."""
    from django.db import connection

    found: Counter[str] = Counter()

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        found[sql.split(None, 1)[0].upper()] += 1
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield found


def plain(statements: Counter[str], number: int) -> Callable[[], None]:
    """A transaction with as many reads, inserts and updates, of rows that nobody else touches."""
    from django.db import transaction

    from pioneer.kernel.models import AuditEvent, Task
    from tests.passbooks import clock

    task = Task.objects.create(kind=f"plain.{number}", created_at=clock.now())
    event: dict[str, Any] = {"operation": "plain", "actor_role": "plain", "arguments": {"client": number}}

    def act() -> None:
        now = clock.now()
        with transaction.atomic():
            for _ in range(statements["SELECT"]):
                Task.objects.get(pk=task.pk)
            for _ in range(statements["INSERT"]):
                AuditEvent.objects.create(at=now, target_kind="plain", target_number=task.pk, **event)
            for place in range(statements["UPDATE"]):
                Task.objects.filter(pk=task.pk).update(done=place)

    return act


def measured(acts: list[Callable[[], None]], seconds: float) -> float:
    """So many a second by all clients together, each a process of its own."""
    from django.db import connections

    connections.close_all()
    context = get_context("fork")
    start, results = context.Barrier(len(acts)), context.Queue()

    def client(act: Callable[[], None]) -> None:
        act()  # the connection, and what is read once
        start.wait()
        begun, done = time.perf_counter(), 0
        while time.perf_counter() - begun < seconds:
            act()
            done += 1
        results.put(done / (time.perf_counter() - begun))

    processes = [context.Process(target=client, args=(act,)) for act in acts]
    for one in processes:
        one.start()
    total = sum(float(results.get(timeout=seconds * 20 + 60)) for _ in processes)
    for one in processes:
        one.join()
    return total


def turns(
    house: Any, common: Any, own: list[Any], statements: Counter[str], count: int, seconds: float
) -> tuple[float, float, float]:
    """The three, one after the other, several times; the mean of each."""
    names, share = [f"党员{number}" for number in range(count)], seconds / TURNS
    many = int(share * MOST_A_SECOND) + 50
    sums = [0.0, 0.0, 0.0]
    for _ in range(TURNS):
        sums[0] += measured([plain(statements, number) for number in range(count)], share)
        apart = [redeeming(house, own[n][1], shown(house, own[n][0], name, many)) for n, name in enumerate(names)]
        sums[1] += measured(apart, share)
        sums[2] += measured([redeeming(house, common[1], shown(house, common[0], name, many)) for name in names], share)
    bare, apart_sum, together = sums
    return bare / TURNS, apart_sum / TURNS, together / TURNS


def inside(seconds: float, clients: list[int]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pioneer.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from pioneer.rewards.reconciliation import reconcile
    from tests.world import TODAY

    house = prepare(max(clients))
    common = shop_of(house, "共用的超市")
    own = [shop_of(house, f"超市{number}") for number in range(max(clients))]
    redeeming(house, common[1], shown(house, common[0], "党员0", 1))()
    with counting() as statements:
        redeeming(house, common[1], shown(house, common[0], "党员0", 1))()
    statements["INSERT"] -= 1  # the presentation
    print(f"   一笔兑换 {sum(statements.values())} 条语句：{dict(statements)}；{TODAY.year} 年的小世界")
    good = True
    for count in clients:
        bare, apart, together = turns(house, common, own, statements, count, seconds)
        print(
            f"   {count:2d} 个客户端：无规则 {bare:.1f} 笔/秒，各自的超市 {apart:.1f}（{apart / bare:.2f}），"
            f"同一超市 {together:.1f}（为各自的 {together / apart:.2f}）",
            flush=True,
        )
        if count == AT:
            good = apart >= HALF * bare and together >= THIRD * apart
    found = reconcile(house.passbook)
    print(f"   对账：{sum(check.compared for check in found.checks)} 处，不符 {len(found.findings)} 处")
    return 0 if good and found.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
