"""花名册: reads a branch's roster row by row into checked particulars. Nothing is guessed and nothing raises:
whatever is wrong becomes a sentence with its place.

`guess_layout` finds header and columns, `parse_roster` yields one `RosterRow` per member.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from operator import itemgetter
from typing import Any

from pioneer.kernel import clock
from pioneer.workbooks.cells import branch_of, plain_text
from pioneer.workbooks.checks import PersonReader
from pioneer.workbooks.headings import FIELDS
from pioneer.workbooks.layout import Layout, SheetLayout, columns_of_rows, guess_layout
from pioneer.workbooks.reading import Sheet, Workbook, column_letter
from pioneer.workbooks.repeats import Repeats
from pioneer.workbooks.rows import Mistake, RosterRow, Skipped
from pioneer.workbooks.sections import Kind, kind_of_row, titled_category

__all__ = ["Layout", "Mistake", "RosterRow", "Skipped", "guess_layout", "parse_roster"]

_ORDER = tuple(FIELDS)
_NAME, _IDENTITY, _BRANCH = _ORDER.index("name"), _ORDER.index("identity"), _ORDER.index("branch")
# Fields that only a person's row fills; 所在党支部, 党员类别 and the like may be filled by a merge.
_PARTICULARS = tuple(_ORDER.index(name) for name in ("identity", "sex", "birth", "nation", "joined", "full", "phone"))


def parse_roster(
    workbook: Workbook, layout: Layout, *, today: date | None = None, skipped: list[Skipped] | None = None
) -> Iterator[RosterRow]:
    """读花名册: one checked row per member, sheet by sheet in their order; rows passed over go into `skipped`."""
    today = today or clock.today()
    passed_over: list[Skipped] = [] if skipped is None else skipped
    repeats = Repeats()
    for plan in layout.sheets:
        if plan.used and "name" in plan.fields():
            yield from _SheetParser(workbook.sheet(plan.sheet), plan, today, repeats, passed_over).rows()


class _SheetParser:
    """One sheet on its way through: where the columns are now, and which section we stand in."""

    def __init__(self, sheet: Sheet, plan: SheetLayout, today: date, repeats: Repeats, skipped: list[Skipped]) -> None:
        self.sheet = sheet
        self.plan = plan
        self.repeats = repeats
        self.skipped = skipped
        self.person = PersonReader(sheet.name, today)
        self.branches: dict[str, str] = {"": ""}
        self.section_branch = ""
        self.last_branch = ""
        self.remembered = Layout([plan]).remembered()
        self._place(plan.fields())
        titles = {plain_text(value) for row in sheet.rows[: min(plan.header, default=1) - 1] for value in row}
        self.person.section_status, self.person.section_floating = titled_category([*sorted(titles), sheet.name])

    def _place(self, fields: dict[str, int]) -> None:
        """Take over the places of the fields; a field without a column reads the empty cell put after each row."""
        self.fields = fields
        self.width = max([len(self.sheet.rows[0]) if self.sheet.rows else 0, *(place + 1 for place in fields.values())])
        self.pick = itemgetter(*(fields.get(name, self.width) for name in _ORDER))
        self.person.letters = {name: column_letter(place) for name, place in fields.items()}
        self.name_merged = fields["name"] in self.sheet.merged_columns

    def rows(self) -> Iterator[RosterRow]:
        """Every member's row below the header."""
        start = max(self.plan.header, default=0)
        empty = [""]
        for index in range(start, len(self.sheet.rows)):
            cells = self.sheet.rows[index]
            if len(cells) != self.width:
                cells = (cells + empty * (self.width - len(cells)))[: self.width]
            values = self.pick(cells + empty)
            identity = values[_IDENTITY]
            plainly = type(identity) is str and len(identity) > 14 and identity[:1].isdigit() and values[_NAME] != ""
            if (not plainly or self.name_merged) and not self._is_person(index, cells, values):
                continue
            row = self.person.read(index + 1, values)
            row.branch = self._branch(values[_BRANCH])
            self.repeats.check(row, self.person)
            yield row

    def _is_person(self, index: int, cells: list[Any], values: tuple[Any, ...]) -> bool:
        """Whether a row is a member's; headings of sections are taken in, all else is noted as passed over."""
        continued = self.sheet.continued
        own = cells
        if continued:
            own = [value if (index, place) not in continued else "" for place, value in enumerate(cells)]
        picked = self.pick([*own, ""]) if continued else values
        if picked[_NAME] == "" and picked[_IDENTITY] == "" and values[_NAME] != "" and any(own):
            place = self.fields["name"]
            if index and values[_NAME] in self.sheet.rows[index - 1][place : place + 1]:
                self._pass_over(index, Kind("skip", "姓名与上一行合并，按同一人处理", plain_text(values[_NAME])))
                return False
        kind = kind_of_row(cells, own, picked[_NAME], sum(picked[place] != "" for place in _PARTICULARS))
        if kind.what == "person":
            return True
        if kind.what == "section":
            self._enter_section(kind)
        elif kind.what == "header":
            self._take_header(cells)
        if kind.what != "blank":
            self._pass_over(index, kind)
        return False

    def _pass_over(self, index: int, kind: Kind) -> None:
        self.skipped.append(Skipped(self.sheet.name, index + 1, kind.reason, kind.text))

    def _enter_section(self, kind: Kind) -> None:
        """The rows below belong to another branch, or to another category."""
        if kind.branch:
            self.section_branch, self.last_branch = kind.branch, ""
        self.person.section_status, self.person.section_floating = kind.status, kind.floating

    def _take_header(self, cells: list[Any]) -> None:
        """A header in the middle of the sheet: a second table may have its columns in another order."""
        plan = SheetLayout(self.sheet.name, columns=columns_of_rows([cells], self.remembered))
        fields = plan.fields()
        if "name" in fields and set(fields) <= set(self.fields) and len(fields) * 2 >= len(self.fields):
            self._place({**fields})

    def _branch(self, value: Any) -> str:
        """The branch of a row: its own, else the one above where the file is so written, the section's, the sheet's."""
        text = value if type(value) is str else plain_text(value)
        name = self.branches.get(text)
        if name is None:
            name = self.branches[text] = branch_of(text)
        if name:
            self.last_branch = name
            return name
        if self.plan.fill_down and self.last_branch:
            return self.last_branch
        return self.section_branch or self.plan.branch
