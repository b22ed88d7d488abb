"""Returns of a part of a receipt, each with its number; the signed paper of a month. What was returned whole until now
is carried over as a return of every line."""

from collections import Counter
from datetime import UTC
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import django.db.models.deletion
from django.db import migrations, models

import pioneer.kernel.points
from pioneer.kernel import migrating
from pioneer.kernel.triggers import append_only, frozen, frozen_again, guarded

SHANGHAI = ZoneInfo("Asia/Shanghai")
LEFT = """
    SELECT 1 FROM rewards_redemptionitem AS item JOIN rewards_return AS back ON back.id = NEW.taken_back_id
    WHERE item.id = NEW.item_id AND item.redemption_id = back.redemption_id AND item.quantity >= NEW.quantity + (
        SELECT COALESCE(SUM(given.quantity), 0) FROM rewards_returnitem AS given WHERE given.item_id = NEW.item_id)
"""
OLD_RETURNS = """
    SELECT back.redemption_id, back.transfer_id, back.reason, back.restocked, back.at, back.by_number,
        receipt.shop_id, receipt.points
    FROM rewards_return AS back JOIN rewards_redemption AS receipt ON receipt.id = back.redemption_id ORDER BY back.id
"""
NEW_RETURN = """
    INSERT INTO rewards_return (redemption_id, transfer_id, reason, restocked, at, by_number, shop_id, points, year,
        number, request_key, content) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '')
"""
NEW_ITEMS = """
    INSERT INTO rewards_returnitem (taken_back_id, item_id, quantity)
    SELECT back.id, item.id, item.quantity FROM rewards_redemptionitem AS item
    JOIN rewards_return AS back ON back.redemption_id = item.redemption_id WHERE item.redemption_id = %s ORDER BY item.id
"""
WRITTEN_OFF = """
    INSERT INTO rewards_stockmove (good_id, batch_id, kind, quantity, redemption_id, reason, at, by_number)
    SELECT gone.good_id, gone.batch_id, %s, %s * gone.quantity, gone.redemption_id, %s, %s, %s
    FROM rewards_stockmove AS gone WHERE gone.redemption_id = %s AND gone.kind = 'redeemed' ORDER BY gone.id
"""
LAST = "UPDATE rewards_shop SET return_year = %s, return_number = %s WHERE id = %s"


class Kept:
    """What stood in the old table, while the new one is made."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []

    def read(self, apps: Any, schema_editor: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(OLD_RETURNS)
            self.rows = cursor.fetchall()

    def write(self, apps: Any, schema_editor: Any) -> None:
        numbers: Counter[tuple[int, int]] = Counter()
        with schema_editor.connection.cursor() as cursor:
            for row in self.rows:
                receipt, _, reason, restocked, at, by_number, shop, _ = row
                year = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(SHANGHAI).year
                numbers[shop, year] += 1
                cursor.execute(NEW_RETURN, [*row, year, numbers[shop, year], uuid4().hex])
                cursor.execute(NEW_ITEMS, [receipt])
                cursor.execute(LAST, [year, numbers[shop, year], shop])
                if not restocked:
                    for kind, sign in (("returned", -1), ("discarded", 1)):
                        cursor.execute(WRITTEN_OFF, [kind, sign, reason, at, by_number, receipt])
            if self.rows and schema_editor.connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")


kept = Kept()


def stands(columns: tuple[str, ...], *, texts: tuple[str, ...] = (), once: tuple[str, ...] = ()) -> Any:
    """What these columns say stands for good. A text may only be emptied; a column of `once` is set once."""

    def when(changed: Any) -> str:
        parts = [changed(*columns)]
        parts += [f"({changed(text)} AND NEW.{text} <> '')" for text in texts]
        parts += [f"(OLD.{column} IS NOT NULL AND {changed(column)})" for column in once]
        return " OR ".join(parts)

    return when


class Migration(migrating.Migration):
    dependencies = [
        ("files", "0003_near_photographs_without_their_rows"),
        ("rewards", "0001_initial"),
    ]

    operations = [
        migrations.AddField("shop", "return_year", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("shop", "return_number", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "monthclose",
            "paper",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
            ),
        ),
        frozen_again(
            "rewards_monthclose",
            "rewards_monthclose: what was written stands",
            stands(
                (
                    "passbook_id", "year", "month", "number", "counted_cents", "book_cents", "faults", "note",
                    "by_number", "at",
                ),
                once=("confirmed_by_number", "confirmed_at", "paper_id"),
            ),
        ),
        migrations.RunPython(kept.read, migrations.RunPython.noop),
        migrations.DeleteModel("Return"),
        migrations.CreateModel(
            name="Return",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("points", pioneer.kernel.points.PointsField()),
                ("reason", models.CharField(max_length=200)),
                ("restocked", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("by_number", models.BigIntegerField()),
                ("request_key", models.UUIDField(unique=True)),
                ("content", models.CharField(max_length=64)),
                (
                    "redemption",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="rewards.redemption"
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="rewards.shop"
                    ),
                ),
                (
                    "transfer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rewards.transfer"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "year", "number"), name="return_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", 0), ("points__gt", 0)), name="return_of_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="brought_back",
                        to="rewards.redemptionitem",
                    ),
                ),
                (
                    "taken_back",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="rewards.return"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("taken_back", "item"), name="brought_back_line_once"),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="returned_something"),
                ],
            },
        ),
        migrations.RunPython(kept.write, migrations.RunPython.noop),
        frozen(
            "rewards_return",
            "rewards_return: what was written stands",
            stands(
                (
                    "redemption_id", "shop_id", "year", "number", "points", "transfer_id", "restocked", "at",
                    "by_number", "request_key", "content",
                ),
                texts=("reason",),
            ),
        ),
        append_only("rewards_returnitem"),
        guarded(
            "rewards_returnitem_left",
            "rewards_returnitem",
            "INSERT",
            LEFT,
            "rewards_returnitem: no more comes back than was taken, and of the same receipt",
            when=lambda changed: "NEW.quantity > 0",
        ),
    ]
