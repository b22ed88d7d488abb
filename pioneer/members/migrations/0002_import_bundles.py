"""What the rows of an import say is sealed by the bundle; rows are kept only until the import is over.

An import that had been checked is checked again: its file is still there.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "DELETE FROM members_rosterimportrow",
                "UPDATE members_rosterimport SET state = 'uploaded', counts = '{}'"
                " WHERE state IN ('checking', 'checked')",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField("rosterimportrow", "content"),
        migrations.AddField(
            "rosterimportrow", "place", models.PositiveIntegerField(default=0), preserve_default=False
        ),
        migrations.AlterField(
            "rosterimport",
            "state",
            models.CharField(
                choices=[
                    ("uploaded", "待对列"),
                    ("checking", "核对中"),
                    ("checked", "待确认"),
                    ("confirming", "写入中"),
                    ("confirmed", "已导入"),
                    ("discarded", "已放弃"),
                ],
                default="uploaded",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            "RosterImportBundle",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "roster_import",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bundles",
                        to="members.rosterimport",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("roster_import", "number"), name="import_bundle_once")
                ],
            },
        ),
    ]
