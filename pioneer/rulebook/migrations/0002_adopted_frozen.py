from django.db import migrations

TABLE = "rulebook_rulebookversion"
FROZEN = (
    "text", "digest", "valid_from", "number", "name", "district_id", "state", "answers",
    "drafted_by_number", "drafted_at", "adopted_by_number", "adopted_at",
)  # fmt: skip
SAID = "an adopted rulebook is frozen"
# The end of its validity alone may still come: set once, or brought forward, when the next version is adopted.
LATER_END = "(NEW.valid_until IS NULL AND OLD.valid_until IS NOT NULL) OR NEW.valid_until > OLD.valid_until"


def up(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in FROZEN)
    when = f"OLD.state = 'adopted' AND ({changed} OR {LATER_END})"
    for statement in _statements(vendor, when):
        schema_editor.execute(statement)


def _statements(vendor, when):
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
            f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} WHEN OLD.state = 'adopted' "
            f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger AS "
        f"$$ BEGIN RAISE EXCEPTION '{SAID}'; END $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} FOR EACH ROW WHEN ({when}) "
        f"EXECUTE FUNCTION {TABLE}_refuse()",
        f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} FOR EACH ROW WHEN (OLD.state = 'adopted') "
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
    dependencies = [("rulebook", "0001_initial")]
    operations = [migrations.RunPython(up, down)]
