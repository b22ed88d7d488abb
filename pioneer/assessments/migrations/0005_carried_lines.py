"""A carried line stands on a take-over sheet and no other line does: the database itself refuses it."""

from typing import Any

from django.db import migrations

TABLE = "assessments_line"
SAID = "a carried line stands on a take-over sheet, and no other line does"
IS_TAKEOVER = "EXISTS (SELECT 1 FROM assessments_sheet s WHERE s.id = NEW.sheet_id AND s.kind = 'takeover')"
ACTS = (("insert", "INSERT"), ("update", "UPDATE OF carried, sheet_id, replaces_id"))


def up(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        wrong = f"(NEW.carried = 1 AND NEW.replaces_id IS NULL AND NOT {IS_TAKEOVER}) OR (NEW.carried = 0 AND {IS_TAKEOVER})"
        for name, act in ACTS:
            schema_editor.execute(
                f"CREATE TRIGGER {TABLE}_carried_{name} BEFORE {act} ON {TABLE} WHEN {wrong} "
                f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            )
        return
    wrong = f"(NEW.carried AND NEW.replaces_id IS NULL AND NOT {IS_TAKEOVER}) OR (NOT NEW.carried AND {IS_TAKEOVER})"
    schema_editor.execute(
        f"CREATE OR REPLACE FUNCTION {TABLE}_carried() RETURNS trigger AS $$ BEGIN "
        f"IF {wrong} THEN RAISE EXCEPTION '{SAID}'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
    )
    for name, act in ACTS:
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_carried_{name} BEFORE {act} ON {TABLE} "
            f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_carried()"
        )


def down(apps: Any, schema_editor: Any) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    for name, _ in ACTS:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_carried_{name}" + ("" if sqlite else f" ON {TABLE}"))
    if not sqlite:
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {TABLE}_carried()")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_proposed_lines")]
    operations = [migrations.RunPython(up, down)]
