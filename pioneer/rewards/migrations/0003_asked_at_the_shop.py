"""How a reservation was asked for, and by whom, where a shop made it for the member."""

from typing import Any

from django.db import migrations, models

from pioneer.kernel import migrating
from pioneer.kernel.triggers import frozen_again

STANDS = (
    "good_id", "account_id", "quantity", "points", "hold_id", "made_at", "by_number", "expires_at", "request_key",
    "content", "asked",
)  # fmt: skip
ENDING = ("state", "ending_id", "ended_at", "ended_by_number")


def when(changed: Any) -> str:
    emptied = f"({changed('asked_by')} AND NEW.asked_by <> '')"
    return f"{changed(*STANDS)} OR {emptied} OR (OLD.state <> 'held' AND {changed(*ENDING)})"


class Migration(migrating.Migration):
    dependencies = [("rewards", "0002_returns_of_a_part")]

    operations = [
        migrations.AddField(
            "reservation",
            "asked",
            models.CharField(
                choices=[("own", "本人网上"), ("phone", "电话"), ("person", "当面")], default="own", max_length=6
            ),
        ),
        migrations.AddField("reservation", "asked_by", models.CharField(blank=True, default="", max_length=60)),
        frozen_again("rewards_reservation", "rewards_reservation: what was written stands", when),
    ]
