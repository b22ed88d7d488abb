"""周期 Which cycles a district can settle, and the rules of one, as every page scores by them."""

from dataclasses import dataclass
from datetime import date, timedelta

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, bad
from pioneer.results.rules import Rules, rules_of
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.queries import complete, parsed, versions_for
from pioneer.scoring import Cycle
from pioneer.scoring.periods import cycle_of

BACK = 3  # how many cycles the page offers


@dataclass(frozen=True, slots=True)
class Ruled:
    """一个周期的规则 `version` is the one of its last day, `numbers` those of all that touch it."""

    rules: Rules
    version: RulebookVersion
    numbers: tuple[int, ...]

    @property
    def cycle(self) -> Cycle:
        """周期"""
        return self.rules.cycle

    @property
    def is_over(self) -> bool:
        """周期是否已满"""
        return clock.today() > self.cycle.last_on


def cycle_text(cycle: Cycle) -> str:
    """周期的说法 A calendar year by its number, anything else by its months."""
    first, last = cycle
    if (first.month, last.month, first.year) == (1, 12, last.year):
        return f"{first.year}年度"
    return f"{first.year}年{first.month}月至{last.year}年{last.month}月"


def cycles_of(district_id: int) -> list[Cycle]:
    """可评定的周期 The running one and those before it, the latest first, as far as a rulebook reaches. Two queries."""
    versions = versions_for(district_id)
    found: list[Cycle] = []
    day = clock.today()
    while len(found) < BACK and (cycle := _cycle_on(versions, day)) is not None:
        found.append(cycle)
        day = cycle.first_on - timedelta(days=1)
    return found


def _cycle_on(versions: list[RulebookVersion], day: date) -> Cycle | None:
    held = next((one for one in reversed(versions) if one.valid_from <= day), None)
    if held is None or (held.valid_until is not None and held.valid_until < day):
        return None
    return cycle_of(parsed(held).cycle, day)


def ruled(district_id: int, first_on: date) -> Ruled:
    """周期的规则 Of the cycle that begins on the day; refused where none does, or where no rulebook reaches it."""
    versions = versions_for(district_id)
    cycle = _cycle_on(versions, first_on)
    if cycle is None:
        raise DomainError(
            "no_rulebook",
            f"本区在{first_on.year}年{first_on.month}月{first_on.day}日没有适用的积分办法，这个周期不能评定。"
            "请区委组织部工作人员先在“积分办法”页采用一个自该日或更早起施行的版本。",
        )
    if cycle.first_on != first_on or first_on > clock.today():
        raise bad("周期", "请从列表中选择一个已经开始的周期。")
    books = complete(versions)
    rules = rules_of([books[one.pk] for one in versions], cycle)
    places = [*rules.touching, rules.number_on(cycle.last_on, last=True)]  # both in the order of the days they begin
    found = [versions[place] for place in places]
    return Ruled(rules, found[-1], tuple(sorted({one.number for one in found})))
