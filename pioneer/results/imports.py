"""以往结果的导入 What was filed of former cycles comes in from a workbook, whole or not at all, by one officer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.conduct.queries import those_to_step_aside
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, Fault
from pioneer.kernel.operations import operation
from pioneer.kernel.points import show
from pioneer.members.models import Member
from pioneer.messages.services import tell
from pioneer.organisations.models import Organisation
from pioneer.results.cycles import cycle_text
from pioneer.results.former_queries import Roster, Tiers, place_of_formers, roster_of, tiers_of
from pioneer.results.former_queries import said as said_of
from pioneer.results.formers import Filed, former_results, keep_filed
from pioneer.results.models import FormerResult, Result
from pioneer.scoring import Cycle
from pioneer.workbooks.formers_book import FormerRow, read_formers


@dataclass(frozen=True, slots=True)
class Imported:
    """导入的结果 How many results were kept, of how many members, and how many stood there already, the same."""

    results: int
    members: int
    same: int


@operation("results.import_formers")
def import_formers(*, actor: AnyActor, organisation_id: int, name: str, content: bytes) -> Imported:
    """导入以往结果 Of members whose branch lies at the organisation: all of the workbook or nothing, every mistake
    listed with sheet, row and column. What stands there already, the same, is left as it is; anything else than that is
    refused. The cycles are closed, and each member concerned is told."""
    seen = place_of_formers(actor, organisation_id)
    Organisation.objects.select_for_update().get(pk=seen.district_number)  # one import after another
    at = Organisation.objects.select_for_update().get(pk=seen.pk)
    require(actor, Act.IMPORT_FORMERS, at)
    read = read_formers(content, name)
    faults = [Fault(one.place, one.message) for one in read.mistakes]
    batch = _Batch(at, tiers_of(at.district_number), roster_of(at), faults)
    for row in read.rows:
        batch.take(row)
    batch.compare(actor)
    if faults:
        raise BadInput(faults)
    fresh = [filed for _, filed in batch.fresh]
    keep_filed(fresh, actor.number)
    _tell(fresh, batch.roster)
    return Imported(len(fresh), len({one.member for one in fresh}), len(batch.found) - len(fresh))


@dataclass(slots=True)
class _Batch:
    """The rows of one file, understood one after the other; what is wrong with them goes to `faults`."""

    at: Organisation
    tiers: Tiers
    roster: Roster
    faults: list[Fault]
    found: list[tuple[FormerRow, Filed]] = field(default_factory=list)
    fresh: list[tuple[FormerRow, Filed]] = field(default_factory=list)

    def take(self, row: FormerRow) -> None:
        before = len(self.faults)
        member, cycle = self._member(row), self._cycle(row)
        if row.filed_on > clock.today():
            self._wrong(row, "filed_on", "备案日期还没有到，请核对。")
        elif cycle is not None and row.filed_on <= cycle.last_on:
            self._wrong(row, "filed_on", f"备案日期在{cycle_text(cycle)}结束以前，请核对。")
        placed = self._tier(row, cycle) if cycle is not None else None
        if len(self.faults) > before or member is None or cycle is None or placed is None:
            return
        code, tier, lower = placed
        filed = Filed(
            member=member.pk,
            first_on=cycle.first_on,
            last_on=cycle.last_on,
            score=0 if row.is_zeroed else row.score,
            tier=code,
            tier_name=tier,
            lower=lower,
            is_zeroed=row.is_zeroed,
            why=row.why if lower is None else "",
            unit=self.roster.units.get(row.unit_name),
            unit_name=row.unit_name,
            filing_number=row.filing_number,
            filed_on=row.filed_on,
        )
        for other, kept in self.found:
            if kept.member == filed.member and kept.first_on <= filed.last_on and kept.last_on >= filed.first_on:
                self._wrong(row, "year", f"{other.row}已有这名党员的{_text(kept)}，周期不能重叠，请删去其一。")
                return
        self.found.append((row, filed))

    def compare(self, actor: AnyActor) -> None:
        """With what is on record, with what is settled here, and with whose they are."""
        numbers = {filed.member for _, filed in self.found}
        kept, aside, settled = former_results(numbers), those_to_step_aside(actor, numbers), _settled(numbers)
        for row, filed in self.found:
            clash = next((one for one in kept.get(filed.member, ()) if _overlaps(one, filed)), None)
            if clash is not None and _is_same(clash, filed):
                continue
            if clash is not None:
                self._wrong(row, "year", f"已登记{said_of(clash)}，与这一行不同。导入不能更改已登记的结果，请核对。")
            elif (filed.member, filed.first_on) in settled:
                self._wrong(row, "year", f"{_text(filed)}已在本系统评定，结果随备案登记，不能导入，请删去这一行。")
            elif why := aside.get(filed.member):
                self._wrong(row, "name", why)
            else:
                self.fresh.append((row, filed))

    def _wrong(self, row: FormerRow, column: str, message: str) -> None:
        self.faults.append(Fault(row.place(column), message))

    def _member(self, row: FormerRow) -> Member | None:
        found, message = self.roster.find(row.number, row.name, row.branch)
        if found is None:
            self._wrong(row, "number" if row.number else "name", message)
        return found

    def _cycle(self, row: FormerRow) -> Cycle | None:
        cycle, message = _cycle_of(row, self.tiers)
        if cycle is not None and cycle.last_on >= clock.today():
            message = f"{cycle_text(cycle)}还没有结束，只导入已经结束并备案的周期。"
            cycle = None
        if cycle is None:
            self._wrong(row, "year" if row.first_on is None else "first_on", message)
        return cycle

    def _tier(self, row: FormerRow, cycle: Cycle) -> tuple[str, str, int | None] | None:
        """Code, name and lower bound; the lowest of the rules for who was zeroed."""
        before = len(self.faults)
        if row.is_zeroed and row.score:
            self._wrong(row, "score", "清零的得分是0分，请改正其一。")
        if not row.tier and row.lower is None and not row.is_zeroed:
            if not row.why:
                self._wrong(row, "tier", "没有等次，请填写等次；没有定等次的，写明原因。")
            return None if len(self.faults) > before else ("", "", None)
        if row.why:
            self._wrong(row, "why", "既有等次又有不定等次的原因，请删去其一。")
        if row.tier and row.score is None and not row.is_zeroed:
            self._wrong(row, "score", "有等次而没有得分，请补填得分。")
        found, message = self.tiers.find(cycle, row.tier, row.lower, row.is_zeroed)
        if found is None:
            self._wrong(row, "lower" if row.lower is not None else "tier", message)
        elif row.score is not None and found[2] is not None and row.lower is not None and row.score < found[2]:
            self._wrong(row, "lower", f"得分{show(row.score)}分低于等次下限{show(found[2])}分，请核对。")
        return None if len(self.faults) > before else found


def _cycle_of(row: FormerRow, tiers: Tiers) -> tuple[Cycle | None, str]:
    """By its days, or by its year where the district's cycle lasts a year."""
    if row.first_on is not None and row.last_on is not None:
        if not 27 <= (row.last_on - row.first_on).days <= 3 * 366:
            return None, "周期起止不对：止须在起之后，一个周期从一个月到三年。请改正。"
        found = Cycle(row.first_on, row.last_on)
        if row.year is not None and row.year not in (row.first_on.year, row.last_on.year):
            return None, f"年度{row.year}与周期起止不符，请改正其一。"
        return found, ""
    if row.first_on is not None or row.last_on is not None:
        return None, "周期起、周期止要填就都填，请补齐，或只填年度。"
    if row.year is None:
        return None, "没有写哪个周期，请填写年度，或周期的起止日期。"
    return tiers.year(row.year)


def _settled(numbers: Collection[int]) -> set[tuple[int, date]]:
    """Whose cycle beginning when was settled here in earnest."""
    found = Result.objects.filter(member__in=numbers, settlement__is_trial=False).order_by()
    return set(found.values_list("member_id", "settlement__first_on"))


def _overlaps(one: FormerResult, filed: Filed) -> bool:
    return one.first_on <= filed.last_on and one.last_on >= filed.first_on


SAME = ("first_on", "last_on", "score", "tier", "tier_name", "lower", "is_zeroed", "why", "filing_number", "filed_on")


def _is_same(one: FormerResult, filed: Filed) -> bool:
    return all(getattr(one, column) == getattr(filed, column) for column in (*SAME, "unit_name"))


def _text(filed: Filed) -> str:
    return cycle_text(Cycle(filed.first_on, filed.last_on))


def _tell(fresh: Sequence[Filed], roster: Roster) -> None:
    """Each member once, with everything that was entered of it."""
    of_member: dict[int, list[Filed]] = {}
    for one in fresh:
        of_member.setdefault(one.member, []).append(one)
    for number, rows in of_member.items():
        rows.sort(key=lambda one: one.first_on)
        told = "；".join(said_of(one) for one in rows)
        tell(
            roster.users.get(number),
            "former_results",
            "-".join(f"{one.first_on:%Y%m%d}" for one in rows)[:60],
            "登记了您以往周期的评定结果",
            f"{told}。请核对；与备案文件不符的，请向所在支部提出。",
            "/me/results/",
        )
