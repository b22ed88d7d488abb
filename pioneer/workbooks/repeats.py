"""重复: members who stand in a file twice, and members of one name who can't be told apart."""

from __future__ import annotations

from datetime import date

from pioneer.workbooks.checks import PersonReader
from pioneer.workbooks.rows import RosterRow

__all__ = ["Repeats"]

# What is kept of an earlier row: sheet, row, whether it has a number, birth, precision.
_Seen = tuple[str, int, bool, date | None, str]


class Repeats:
    """查重: over all sheets of one file, in the order of the rows; the later row names the earlier one."""

    def __init__(self) -> None:
        self.identities: dict[str, tuple[str, int]] = {}
        self.numbers: dict[str, tuple[str, int]] = {}
        self.phones: dict[str, tuple[str, int]] = {}
        self.names: dict[str, list[_Seen]] = {}

    def check(self, row: RosterRow, person: PersonReader) -> None:
        """核对一行: against all before it."""
        place = (row.sheet, row.row)
        same = False
        if row.identity:
            first = self.identities.setdefault(row.identity, place)
            if first is not place:
                same = True
                message = f"与{_where(first, row)}的身份证号相同，同一人只能有一行，请核对后删去一行"
                person.add(row, "identity", "identity_repeated", message)
        if row.number:
            first = self.numbers.setdefault(row.number, place)
            if first is not place and not same:
                person.add(row, "number", "number_repeated", f"与{_where(first, row)}的党员编号相同，请改正其中一个")
        if row.phone:
            first = self.phones.setdefault(row.phone, place)
            if first is not place and not same:
                message = f"与{_where(first, row)}的手机号相同，两人不能用同一号码登录，请核对"
                person.add(row, "phone", "phone_repeated", message, "warn")
        if row.name:
            seen: _Seen = (row.sheet, row.row, bool(row.identity), row.birth_on, row.birth_precision)
            earlier = self.names.get(row.name)
            if earlier is None:
                self.names[row.name] = [seen]
            else:
                if not same:
                    self._same_name(row, earlier, person)
                if len(earlier) < 200:
                    earlier.append(seen)

    def _same_name(self, row: RosterRow, earlier: list[_Seen], person: PersonReader) -> None:
        """Ask when a row of the same name can't be told from an earlier one by number or day of birth."""
        for sheet, number, numbered, born, precision in earlier:
            if numbered and row.identity:
                continue
            where = _where((sheet, number), row)
            if born is None or row.birth_on is None:
                message = f"与{where}同名，又没有身份证号或出生日期可以区分，请补填，或确认是两个人"
                person.add(row, "name", "same_name", message, "ask")
                return
            monthly = "month" in (precision, row.birth_precision)
            if born == row.birth_on or (monthly and (born.year, born.month) == (row.birth_on.year, row.birth_on.month)):
                message = f"与{where}姓名、出生日期都相同，请补填身份证号，或确认是两个人"
                person.add(row, "name", "same_name_and_birth", message, "ask")
                return


def _where(first: tuple[str, int], row: RosterRow) -> str:
    """The earlier row's place, with its sheet where that is another one."""
    return f"第{first[1]}行" if first[0] == row.sheet else f"工作表「{first[0]}」第{first[1]}行"
