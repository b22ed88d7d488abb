import django.db.models.deletion
from django.db import migrations, models

from pioneer.kernel.triggers import frozen_again

MATTER = (
    *("filing_id", "result_id", "member_id", "kind", "zeroing_id", "indicator", "event_on", "was_points", "now_points"),
    *("told_at", "answer_until", "proposed_by_number", "proposed_at"),
)
RULING = (
    *("state", "was_score", "now_score", "was_tier", "now_earned", "now_tier", "decided_by_number", "decided_at"),
    *("made_id", "statement_at", "statement_by_number"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("conduct", "0001_initial"),
        ("filings", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="amendment",
            name="zeroing",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="conduct.zeroingcase"
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="kind",
            field=models.CharField(
                choices=[("points", "分值"), ("zeroed", "清零"), ("restored", "撤销清零")],
                default="points",
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(model_name="amendment", name="amendment_changes_something"),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "points"), _negated=True),
                    models.Q(("was_points", models.F("now_points")), _negated=True),
                    _connector="OR",
                ),
                name="amendment_changes_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "points"), ("zeroing__isnull", True)),
                    models.Q(models.Q(("kind", "points"), _negated=True), ("zeroing__isnull", False)),
                    _connector="OR",
                ),
                name="amendment_of_zeroing",
            ),
        ),
        frozen_again(
            "filings_amendment",
            "a decided amendment is frozen",
            lambda changed: f"{changed(*MATTER)} OR (OLD.state IN ('approved', 'refused') AND {changed(*RULING)})",
        ),
    ]
