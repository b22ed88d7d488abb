"""对人 Which member a row means: by identity number, else by member number, else by name and birth date; by the name
alone never without asking. Pure: it works on what `known` has read."""

from dataclasses import dataclass, field
from datetime import date

from pioneer.members.known import Entry, Known, Standing
from pioneer.members.models import GONE
from pioneer.workbooks.rows import Mistake, Severity

_OFFERED = 4


@dataclass(slots=True)
class Match:
    """对人的结果 The member, whether a number says so, what speaks against it, and the answers a person may give."""

    known: Known | None = None
    certain: bool = False
    mistakes: list[Mistake] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)

    def say(self, name: str, code: str, message: str, severity: Severity = "wrong") -> None:
        """记下 A sentence; its column is filled in where the file's layout is known."""
        self.mistakes.append(Mistake(name, "", code, message, severity))


def match(entry: Entry, branch_id: int | None, standing: Standing) -> Match:
    """对一行 Never guesses: what isn't certain becomes a question or a mistake."""
    found = Match()
    row = entry.row
    if entry.lookup:
        found.known = standing.by_lookup.get(entry.lookup)
        found.certain = found.known is not None
        if found.known is None and entry.lookup in standing.elsewhere:
            found.say("identity", "identity_elsewhere", _elsewhere(standing.elsewhere[entry.lookup]))
            return found
    if row.number:
        _match_number(found, entry, standing)
    if found.known is None and not found.mistakes and row.name and "new" not in entry.decisions:
        _match_name(found, entry, branch_id, standing)
    return found


def _elsewhere(branch: str) -> str:
    if branch:
        return f"已在“{branch}”，请由该支部办理“组织关系转接”，导入不移动党员"
    return "这个身份证号已经登记，不能再登记一次，请核对证件；本人从别处来的，请由原党组织办理组织关系转接"


def _match_number(found: Match, entry: Entry, standing: Standing) -> None:
    """By member number, which must not contradict the identity number or the name."""
    row = entry.row
    other = standing.by_number.get(row.number)
    if other is None:
        if row.number in standing.numbers_elsewhere:
            found.say("number", "number_taken", "这个党员编号已被使用，请核对；新党员请留空，由系统编号")
        elif found.known is not None:
            message = f"在册的编号是{found.known.number}，编号不随导入改动"
            found.say("number", "number_kept", message, "warn")
    elif found.known is not None:
        if other is not found.known:
            message = f"这个党员编号在册的是{other.name}，与身份证号不是同一人，请改正其中一个"
            found.say("number", "number_of_other", message)
    elif (entry.lookup and other.lookup) or other.name != row.name:
        message = f"这个党员编号在册的是{other.name}，与这一行不是同一人，请核对编号、姓名和身份证号"
        found.say("number", "number_of_other", message)
    else:
        found.known, found.certain = other, True


def _match_name(found: Match, entry: Entry, branch_id: int | None, standing: Standing) -> None:
    """By name and birth date; where one of them has no birth date, somebody is asked."""
    row = entry.row
    others = [one for one in standing.by_name.get(row.name, ()) if not (entry.lookup and one.lookup)]
    if not others:
        return
    chosen = next((one for one in others if f"same:{one.id}" in entry.decisions), None)
    if chosen is not None:
        found.known = chosen
        return
    same = [one for one in others if _same_birth(row.birth_on, row.birth_precision, one)]
    if len(same) == 1:
        found.known = same[0]
        return
    unknown = not entry.lookup and row.birth_on is None
    doubtful = same or [
        one
        for one in others
        if (row.birth_on is None or one.birth_on is None)
        and one.status not in GONE
        and (unknown or one.branch_id == branch_id)
    ]
    if doubtful:
        found.options = [(f"same:{one.id}", f"就是在册的{_described(one)}") for one in doubtful[:_OFFERED]]
        listed = "、".join(_described(one) for one in doubtful[:_OFFERED])
        found.say("name", "known_name", f"在册已有{listed}，分不清是不是同一人，请选一项", "ask")


def _same_birth(born: date | None, precision: str, known: Known) -> bool:
    """Both birth dates are known and agree, as far as the less exact one goes."""
    if born is None or known.birth_on is None:
        return False
    if precision == "month" or known.birth_precision == "month":
        return (born.year, born.month) == (known.birth_on.year, known.birth_on.month)
    return born == known.birth_on


def _described(known: Known) -> str:
    born = known.birth_on
    return f"{known.name}（编号{known.number}" + (f"，{born.year}年{born.month}月出生）" if born else "）")
