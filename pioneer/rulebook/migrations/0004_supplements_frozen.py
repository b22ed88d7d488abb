"""A supplement once decided is frozen; of an approved one only the end may still come, once."""

from django.db import migrations

TABLE = "rulebook_supplement"
CONTENT = (
    "district_id", "branch_id", "version_id", "number", "text", "digest", "count", "met_on", "present", "in_favour",
    "reference", "scan_id", "effective_on", "proposed_by_number", "proposed_at",
)  # fmt: skip
DECISION = ("state", "decided_by_number", "decided_at", "decision_reason", "valid_from")
END = ("ended_from", "ended_why", "ended_by_number", "ended_at", "turn", "stamp")
SAID = "a supplement is frozen"


def up(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"

    def changed(columns):
        return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)

    ends_again = f"(OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL) AND ({changed(END)})"
    when = f"({changed(CONTENT)}) OR (OLD.state <> 'proposed' AND ({changed(DECISION)} OR ({ends_again})))"
    for statement in _statements(vendor, when):
        schema_editor.execute(statement)


def _statements(vendor, when):
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
            f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} WHEN OLD.state <> 'proposed' "
            f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger AS "
        f"$$ BEGIN RAISE EXCEPTION '{SAID}'; END $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} FOR EACH ROW WHEN ({when}) "
        f"EXECUTE FUNCTION {TABLE}_refuse()",
        f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} FOR EACH ROW WHEN (OLD.state <> 'proposed') "
        f"EXECUTE FUNCTION {TABLE}_refuse()",
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
    dependencies = [("rulebook", "0003_supplements")]
    operations = [migrations.RunPython(up, down)]
