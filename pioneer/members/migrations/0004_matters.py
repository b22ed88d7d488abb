import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_closed_cycles"),
    ]

    operations = [
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("finding", "不合格认定"), ("disposal", "组织处置")], max_length=10),
                ),
                ("reference", models.BigIntegerField()),
                ("begun_on", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="matters", to="members.member"
                    ),
                ),
            ],
            options={
                "ordering": ["member", "id"],
                "constraints": [models.UniqueConstraint(fields=("kind", "reference"), name="matter_once")],
            },
        ),
    ]
