"""建表 Migrations that make many tables quickly.

Django makes every related model anew for each table that is added, which with a hundred tables that all lead to
members and organisations is most of what migrating takes. Tables made one after the other are made from one state here.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Tables(Operation):
    """几张新表 Several CreateModel in a row: the same tables in the same order, the models made once for all."""

    reversible = True

    def __init__(self, steps: Sequence[Operation]) -> None:
        self.steps = list(steps)

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.__dict__.pop("apps", None)  # made anew, all at once, when the tables are
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for step in self.steps:
            step.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for step in reversed(self.steps):
            step.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(step.describe() for step in self.steps)


class Migration(migrations.Migration):
    """迁移 Django's own, its new tables taken together. What `makemigrations` writes may be based on either."""

    def __init__(self, name: str, app_label: str) -> None:
        super().__init__(name, app_label)
        self.operations = list(_taken_together(self.operations))  # type: ignore[misc]  # Django does so too


def _taken_together(steps: Sequence[Operation]) -> Iterator[Operation]:
    for are_tables, run in groupby(steps, lambda step: isinstance(step, migrations.CreateModel)):
        found = list(run)
        if are_tables and len(found) > 1:
            yield Tables(found)
        else:
            yield from found
