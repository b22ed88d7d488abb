"""疑点查找 How long the finder takes for one claim among a million past ones, in a database of its own.

    .venv/bin/python -m benchmarks flags_million

Fills 1,000,000 declarations and as many photographs (SQLite, or `DATABASE_URL`), then asks for the doubts of 200 claims
and prints the median and the slowest, with a bare look-up of one row by its key in the same run as the measure.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

FOLDER = tempfile.TemporaryDirectory(prefix="pioneer-flags-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pioneer.settings")
os.environ["PIONEER_DATA"] = FOLDER.name

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from pioneer.declarations import finder  # noqa: E402
from pioneer.declarations.models import Declaration, DeclarationFile  # noqa: E402
from pioneer.files.models import StoredFile  # noqa: E402
from pioneer.files.services import likeness_columns  # noqa: E402
from pioneer.kernel import clock  # noqa: E402
from pioneer.members.models import Member  # noqa: E402
from tests.world import adopt_rulebook, build  # noqa: E402

CLAIMS, BRANCHES, BATCH, ASKED = 1_000_000, 500, 20_000, 200
DEEDS = ("清扫楼道", "巡查网格", "走访老人", "修理路灯", "宣讲防骗", "调解邻里", "打捞河道", "搬运米面")
PLACES = ("槐园小区", "文化广场", "社区会议室", "河堤", "村口")


def fill() -> list[int]:
    """填满 Half a year before today, shared out over many branches; every claim with one photograph."""
    chance = random.Random(7)
    world = build()
    adopt_rulebook(world)
    branch, member, now = world.branch, world.member("李桂兰"), clock.now()
    people = [
        Member(district=world.district, name=f"演示{n}", number=f"F{n:06}", key=uuid4(), created_at=now)
        for n in range(20_000)
    ]
    Member.objects.bulk_create(people, batch_size=2000)
    branches = [branch.pk] * 2 + [
        type(branch).objects.create(
            name=f"演示支部{n}", level="branch", parent=branch.parent, path=f"/x{n}/", is_branch=True,
            setting="urban", opened_on=date(2026, 1, 1),
        ).pk
        for n in range(BRANCHES - 1)
    ]  # fmt: skip
    for start in range(0, CLAIMS, BATCH):
        claims, files = [], []
        for n in range(start, start + BATCH):
            who = chance.randrange(len(people))
            day = date(2026, 4, 1) - timedelta(days=chance.randrange(180))
            matter = f"{chance.choice(DEEDS)}{chance.choice(DEEDS)}第{chance.randrange(10**6)}次"
            claims.append(
                Declaration(
                    member=people[who], branch_id=branches[who % len(branches)], indicator="B5", event_on=day,
                    place=chance.choice(PLACES), matter=matter, created_at=now, state="taken",
                )
            )  # fmt: skip
            files.append(
                StoredFile(
                    digest=f"{n:064x}", size=1, content_type="image/jpeg", name="x.jpg", created_at=now,
                    **likeness_columns(chance.getrandbits(64)),
                )
            )  # fmt: skip
        made = Declaration.objects.bulk_create(claims, batch_size=2000)
        kept = StoredFile.objects.bulk_create(files, batch_size=2000)
        DeclarationFile.objects.bulk_create(
            [DeclarationFile(declaration=one, file=file) for one, file in zip(made, kept, strict=True)], batch_size=2000
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert member.pk
    return chance.sample(list(Declaration.objects.order_by().values_list("pk", flat=True)), ASKED)


def main() -> None:
    """量度"""
    call_command("migrate", verbosity=0)
    begun = time.perf_counter()
    asked = fill()
    print(f"claims {Declaration.objects.count():,}  photographs {StoredFile.objects.count():,}  "
          f"filled in {time.perf_counter() - begun:.0f} s")  # fmt: skip
    looked, found, doubts = [], [], 0
    for number in asked:
        begun = time.perf_counter()
        claim = Declaration.objects.select_related("member").get(pk=number)
        looked.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        doubts += len(finder.find(claim))
        found.append(time.perf_counter() - begun)
    bare, median = statistics.median(looked), statistics.median(found)
    print(f"one claim among them: median {median * 1000:.1f} ms, slowest {max(found) * 1000:.1f} ms, "
          f"{median / bare:.0f} times the look-up of one row ({bare * 1000:.2f} ms); {doubts} doubts")  # fmt: skip
    FOLDER.cleanup()


if __name__ == "__main__":
    assert Path(FOLDER.name).exists()
    main()
