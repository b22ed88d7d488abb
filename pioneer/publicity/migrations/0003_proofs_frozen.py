"""A proof of display is never changed: it may be withdrawn once, and what names people may be erased once. A reminder
that was told stays told."""

from django.db import migrations

from pioneer.kernel.triggers import append_only

TABLE = "publicity_proof"
CONTENT = (
    "publication_id", "channel", "done_on", "place", "taken_at", "entered_by_number", "created_at", "request_key",
)  # fmt: skip
TEXTS = ("file_id", "done_by", "link")
WITHDRAWAL = ("withdrawn_at", "withdrawn_by_number")
SAID = "a proof is withdrawn, never edited"


def up(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"

    def changed(*columns):
        return "(" + " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns) + ")"

    erases = "(OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL)"
    withdraws = "(OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL)"
    when = " OR ".join((
        changed(*CONTENT),
        f"({changed(*TEXTS)} AND NOT {erases})",
        f"({changed(*WITHDRAWAL)} AND NOT {withdraws})",
        f"({changed('withdrawn_why')} AND NOT {withdraws} AND NOT {erases})",
        f"({changed('erased_at')} AND NOT {erases})",
    ))
    for statement in _statements(vendor, when):
        schema_editor.execute(statement)


def _statements(vendor, when):
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
            f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger AS "
        f"$$ BEGIN RAISE EXCEPTION '{SAID}'; END $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} FOR EACH ROW WHEN ({when}) "
        f"EXECUTE FUNCTION {TABLE}_refuse()",
        f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()",
        f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION {TABLE}_refuse()",
    ]


def down(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        names = [f"DROP TRIGGER IF EXISTS {TABLE}_{name}" for name in ("frozen", "kept")]
    else:
        names = [f"DROP TRIGGER IF EXISTS {TABLE}_{name} ON {TABLE}" for name in ("frozen", "kept", "no_truncate")]
        names.append(f"DROP FUNCTION IF EXISTS {TABLE}_refuse()")
    for statement in names:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("publicity", "0002_proofs_and_reminders")]
    operations = [migrations.RunPython(up, down), append_only("publicity_reminder")]
