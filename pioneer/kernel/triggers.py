"""触发器 The database itself refuses to change what is append-only, on SQLite and on PostgreSQL.

TRUNCATE on PostgreSQL skips row triggers, so it has one of its own.
"""

from typing import Any

from django.db import migrations


def append_only(table: str, *, delete_only: bool = False) -> migrations.RunPython:
    """只增不改 A migration step: UPDATE (unless `delete_only`) and DELETE on `table` fail from now on."""

    def up(apps: Any, schema_editor: Any) -> None:
        for statement in _statements(table, schema_editor.connection.vendor, delete_only):
            schema_editor.execute(statement)

    def down(apps: Any, schema_editor: Any) -> None:
        for statement in _removals(table, schema_editor.connection.vendor):
            schema_editor.execute(statement)

    return migrations.RunPython(up, down)


def append_only_again(table: str) -> migrations.RunPython:
    """仍只增不改 A migration step after a new column: SQLite makes the table anew then, and its triggers are gone."""

    def up(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            for statement in (*_removals(table, "sqlite"), *_statements(table, "sqlite", False)):
                schema_editor.execute(statement)

    return migrations.RunPython(up, migrations.RunPython.noop)


def _statements(table: str, vendor: str, delete_only: bool) -> list[str]:
    acts = ["DELETE"] if delete_only else ["UPDATE", "DELETE"]
    said = f"{table} is append-only"
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{said}'); END"
            for act in acts
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger AS "
        f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$ LANGUAGE plpgsql",
        *[
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
            for act in acts
        ],
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


def _removals(table: str, vendor: str) -> list[str]:
    names = [f"{table}_no_{act}" for act in ("update", "delete")]
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in names]
    names.append(f"{table}_no_truncate")
    return [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name in names] + [
        f"DROP FUNCTION IF EXISTS {table}_refuse()"
    ]
