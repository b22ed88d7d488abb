"""Who presided at an announcement may be erased; all else of it stays."""

from django.db import migrations

from pioneer.kernel.triggers import Changed, frozen_instead, rewritten

STAYS = ("unit_id", "settlement_id", "first_on", "last_on", "held_on", "place", "by_number", "created_at")


def when(changed: Changed) -> str:
    return f"{changed(*STAYS)} OR {rewritten(changed, 'presided_by')}"


class Migration(migrations.Migration):
    dependencies = [("results", "0005_alarms")]
    operations = [frozen_instead("results_announcement", "results_announcement is append-only", when)]
