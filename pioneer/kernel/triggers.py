"""触发器 The database itself refuses to change what stands for good, on SQLite and on PostgreSQL.

TRUNCATE on PostgreSQL skips row triggers, so it has one of its own.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db import migrations

from pioneer.kernel.erased import ERASED

Changed = Callable[..., str]  # columns → a condition: one of them is about to change


class _Plain(migrations.RunPython):
    """A step that asks for no models: Django would make all of them anew before each, half of what migrating takes."""

    NO_MODELS: Any = None

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.code(self.NO_MODELS, schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if self.reverse_code is not None:
            self.reverse_code(self.NO_MODELS, schema_editor)


class Refusal(NamedTuple):
    """一项拒绝 `act` on a row fails, always or where the condition `when` holds."""

    name: str
    act: str
    when: str = ""


def append_only(table: str, *, delete_only: bool = False) -> migrations.RunPython:
    """只增不改 A migration step: UPDATE (unless `delete_only`) and DELETE on `table` fail from now on."""
    refusals = _append_only(delete_only)
    return _step(table, f"{table} is append-only", lambda changed: refusals)


def append_only_again(table: str) -> migrations.RunPython:
    """仍只增不改 A migration step after a new column: SQLite makes the table anew then, and its triggers are gone."""

    def up(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            refusals = _append_only(delete_only=False)
            for statement in (
                *_removals(table, "sqlite", refusals),
                *_statements(table, "sqlite", f"{table} is append-only", refusals),
            ):
                schema_editor.execute(statement)

    return _Plain(up, migrations.RunPython.noop)


def frozen(table: str, said: str, when: Callable[[Changed], str], *, kept: str = "") -> migrations.RunPython:
    """冻结 A migration step: an UPDATE fails where `when` holds, a DELETE where `kept` does, or always.

    `when` is given `changed`, which makes a condition of columns: `changed("text", "digest")`.
    """
    return _step(
        table, said, lambda changed: (Refusal("frozen", "UPDATE", when(changed)), Refusal("kept", "DELETE", kept))
    )


def frozen_again(table: str, said: str, when: Callable[[Changed], str], *, kept: str = "") -> migrations.RunPython:
    """仍冻结 A migration step after a change of the columns of a frozen table: its triggers are made anew, with what is
    to stay now. Going back leaves them."""

    def up(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        refusals = (Refusal("frozen", "UPDATE", when(_changed_on(vendor))), Refusal("kept", "DELETE", kept))
        for statement in (*_removals(table, vendor, refusals), *_statements(table, vendor, said, refusals)):
            schema_editor.execute(statement)

    return _Plain(up, migrations.RunPython.noop)


def frozen_instead(table: str, said: str, when: Callable[[Changed], str]) -> migrations.RunPython:
    """改为冻结 A migration step for a table that was append-only: from now on an UPDATE fails where `when` holds, a
    DELETE as before. Going back leaves it so."""

    def up(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        refusals = (Refusal("frozen", "UPDATE", when(_changed_on(vendor))), Refusal("kept", "DELETE"))
        gone = _removals(table, vendor, _append_only(delete_only=False))
        for statement in (*gone, *_statements(table, vendor, said, refusals)):
            schema_editor.execute(statement)

    return _Plain(up, migrations.RunPython.noop)


def rewritten(changed: Changed, *columns: str) -> str:
    """改写 A condition for `frozen`: one of these texts changes otherwise than by being emptied, or by a name in it
    giving way to the mark of an erasure."""
    return " OR ".join(
        f"({changed(one)} AND NEW.{one} <> '' AND REPLACE(NEW.{one}, '{ERASED}', '') = NEW.{one})" for one in columns
    )


def guarded(name: str, table: str, act: str, must: str, said: str, *, when: Callable[[Changed], str]) -> _Plain:
    """守护 A migration step: `act` (INSERT or UPDATE) on a row fails where `when` holds and the query `must`, which may
    name OLD and NEW, finds nothing."""

    def up(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        condition = when(_changed_on(vendor))
        if vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{said}') WHERE NOT EXISTS ({must}); END"
            )
            return
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF NOT EXISTS ({must}) "
            f"THEN RAISE EXCEPTION '{said}'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()"
        )

    def down(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")

    return _Plain(up, down)


def _append_only(delete_only: bool) -> tuple[Refusal, ...]:
    return tuple(Refusal(f"no_{act.lower()}", act) for act in (["DELETE"] if delete_only else ["UPDATE", "DELETE"]))


def _step(table: str, said: str, refusals: Callable[[Changed], Iterable[Refusal]]) -> migrations.RunPython:
    def up(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        for statement in _statements(table, vendor, said, refusals(_changed_on(vendor))):
            schema_editor.execute(statement)

    def down(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        for statement in _removals(table, vendor, refusals(_changed_on(vendor))):
            schema_editor.execute(statement)

    return _Plain(up, down)


def _changed_on(vendor: str) -> Changed:
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"

    def changed(*columns: str) -> str:
        return "(" + " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns) + ")"

    return changed


def _statements(table: str, vendor: str, said: str, refusals: Iterable[Refusal]) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_{one.name} BEFORE {one.act} ON {table} "
            f"{f'WHEN {one.when} ' if one.when else ''}BEGIN SELECT RAISE(ABORT, '{said}'); END"
            for one in refusals
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger AS "
        f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$ LANGUAGE plpgsql",
        *[
            f"CREATE TRIGGER {table}_{one.name} BEFORE {one.act} ON {table} FOR EACH ROW "
            f"{f'WHEN ({one.when}) ' if one.when else ''}EXECUTE FUNCTION {table}_refuse()"
            for one in refusals
        ],
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


def _removals(table: str, vendor: str, refusals: Iterable[Refusal]) -> list[str]:
    names = [f"{table}_{one.name}" for one in refusals]
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in names]
    names.append(f"{table}_no_truncate")
    return [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name in names] + [
        f"DROP FUNCTION IF EXISTS {table}_refuse()"
    ]
