"""近路的规则 Under which rules members can be added up straight from the ledger's index, and what is then a constant.

Where one version holds for the whole cycle and everything is looked at by the cycle, the order of the entries matters
only where one event stands under several of them, or where a cap is by day or week or shared. An indicator is `plain`
where its own caps by month, quarter and cycle are all that limits it. See short_way.py.
"""

from dataclasses import dataclass, field

from pioneer.results.rules import Rules
from pioneer.scoring import Rulebook
from pioneer.scoring.model import WINDOWS
from pioneer.scoring.plan import UNLIMITED, Plan
from pioneer.scoring.sums import months_of

MONTH, QUARTER, CYCLE = (WINDOWS.index(window) for window in ("month", "quarter", "cycle"))
MOST_MONTHS = 24  # as many conditional sums stand in one statement


@dataclass(frozen=True, slots=True)
class Kind:
    """一类 What is added up together: indicators of one index, aspect and pool, open to the same tracks."""

    index: str
    aspect: str
    pool: str
    tracks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """一种上限 Indicators of a kind with the same caps, in hundredths."""

    kind: Kind
    month: int | None
    quarter: int | None
    cycle: int | None
    codes: tuple[str, ...]


@dataclass(slots=True)
class ShortPlan:
    """近路 Profiles in the order of their kinds; `odd`: the codes whose owners go the long way."""

    months: int
    first_month: int
    profiles: tuple[Profile, ...]
    odd: tuple[str, ...]
    tracks: tuple[str, ...]
    kinds: tuple[Kind, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.kinds = tuple(dict.fromkeys(one.kind for one in self.profiles))

    @property
    def last_month(self) -> int:
        """最后一月"""
        return self.first_month + self.months - 1


def short_plan(rules: Rules) -> ShortPlan | None:
    """近路可行时的规则 None where everybody goes the long way."""
    if not _one_version(rules) or rules.has_voids or not _by_cycle(rules.closing, months_of(rules.cycle)):
        return None
    place = rules.touching[0]
    found: dict[tuple[Kind, int | None, int | None, int | None], list[str]] = {}
    odd: list[str] = []
    for (version, code), number in rules.plan_of.items():
        if version != place or rules.plans[number].indicator.index == "zeroing":
            continue
        plan = rules.plans[number]
        caps = _own_caps(plan)
        if caps is None or _changed_sides(rules, code, plan.indicator.index):
            odd.append(code)
            continue
        row = plan.indicator
        kind = Kind(row.index, row.aspect or "", row.pool or "", tuple(row.tracks))
        found.setdefault((kind, caps.get(MONTH), caps.get(QUARTER), caps.get(CYCLE)), []).append(code)
    aspects = {aspect.code for aspect in rules.closing.aspects}
    if not found or any(kind.aspect and kind.aspect not in aspects for kind, *_ in found):
        return None
    order = {kind: at for at, kind in enumerate(dict.fromkeys(key[0] for key in found))}
    profiles = [Profile(*key, tuple(codes)) for key, codes in found.items()]
    profiles.sort(key=lambda one: order[one.kind])
    first = rules.cycle.first_on
    known = tuple(track.code for track in rules.closing.tracks)
    return ShortPlan(months_of(rules.cycle), first.year * 12 + first.month, tuple(profiles), tuple(odd), known)


def _one_version(rules: Rules) -> bool:
    first_on, last_on = rules.cycle
    return len(rules.touching) == 1 and rules.holds(first_on) == rules.holds(last_on) == rules.touching[0]


def _by_cycle(book: Rulebook, months: int) -> bool:
    """Nothing is looked at by month or quarter but the indicators' own caps."""
    periods = [book.result.period]
    periods += [one.cap_period for one in book.indices.values() if one.cap is not None]
    periods += [one.cap_period for one in book.aspects if one.cap is not None]
    periods += [one.period for one in book.pools]
    periods += [one.period for one in book.alarms if one.below is None]
    return book.result.method == "total" and set(periods) == {"cycle"} and months <= MOST_MONTHS


def _own_caps(plan: Plan) -> dict[int, int] | None:
    """By window; None where the indicator is not plain."""
    row = plan.indicator
    caps = [cap for cap in plan.caps if cap.cap < UNLIMITED]
    if row.tier_direct or row.tier_at_most or row.voids == "event" or plan.value is None:
        return None
    if any(cap.window < MONTH or cap.bucket.rsplit("/", 1)[0] != row.code for cap in caps):
        return None
    return {cap.window: cap.cap for cap in caps}


def _changed_sides(rules: Rules, code: str, index: str) -> bool:
    """Whether an entry may stand there with the other sign, from a version in which the code meant something else."""
    meant = {rules.plans[number].indicator.index for (_, other), number in rules.plan_of.items() if other == code}
    return meant != {index}
