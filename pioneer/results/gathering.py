"""取数 People and posted entries of a district, from the stations' tables onto the slate, inside the database.

Nothing is read entry by entry. Of the members a row each goes through Python, because what the engine must know of one
is made in one place (`members.queries.scoring_members`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from pioneer.assessments.models import Line
from pioneer.conduct.models import EducationRecord
from pioneer.conduct.queries import zeroings_in_force
from pioneer.ledger.queries import entries_of_district
from pioneer.members.models import GONE, Membership
from pioneer.members.queries import scoring_members, statuses_on
from pioneer.organisations.models import Organisation
from pioneer.results.rules import Rules
from pioneer.results.settlement import PEOPLE
from pioneer.results.slate import Row, Slate
from pioneer.results.steps import streaks
from pioneer.scoring import Cycle
from pioneer.scoring import Member as Scored

MANY = 10_000  # members in one question
NEVER = 10_000_000  # a day beyond all days
ENTRIES = (
    "entry BIGINT, member BIGINT, line BIGINT, indicator TEXT, event_on DATE, event TEXT, value BIGINT, "
    "quantity BIGINT, carried INT, batch BIGINT"
)
INPUTS = "line BIGINT, level TEXT, multiplier TEXT, decided INT, worded INT, grounded INT"
RECORDS = "member BIGINT, indicator TEXT, kind TEXT, told_on DATE"


@dataclass(frozen=True, slots=True)
class Person:
    """参评的党员 `unit` is the organisation that settles it: its community, or its branch where there is none. `path`
    leads to its last branch of the cycle."""

    number: int
    unit: int
    scored: Scored
    path: str

    @property
    def branch(self) -> int:
        """周期内最后的支部"""
        return int(self.path.rstrip("/").rpartition("/")[2])


def people_of(at: Organisation, cycle: Cycle) -> list[Person]:
    """参评的党员 Whose last branch of the cycle lies at the organisation, and who had not gone before it began. Who
    has no track is left out, as everywhere."""
    spells = Membership.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=cycle.first_on), from_on__lte=cycle.last_on
    )
    of_district = spells.filter(branch__path__startswith=f"/{at.district_number}/").order_by("from_on", "pk")
    paths = dict(of_district.values_list("member_id", "branch__path"))
    numbers = sorted(number for number, path in paths.items() if path.startswith(at.path))
    units = _units(at.district_number)
    found = []
    for some in _in_parts(numbers):
        statuses = statuses_on(some, cycle.first_on)
        scored = scoring_members([number for number in some if statuses.get(number) not in GONE], cycle)
        found += [
            Person(number, _unit(units, paths[number]), one, paths[number])
            for number, one in scored.items()
            if one.tracks
        ]
    return sorted(found, key=lambda person: person.number)


def _in_parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), MANY):
        yield numbers[start : start + MANY]


def _units(district: int) -> frozenset[int]:
    """The communities of a district; a village that is its own branch is one too."""
    level = Organisation.Level.COMMUNITY
    found = Organisation.objects.filter(path__startswith=f"/{district}/", level=level)
    return frozenset(found.order_by().values_list("pk", flat=True))


def _unit(units: frozenset[int], path: str) -> int:
    above = [int(part) for part in path.strip("/").split("/")]
    return next((number for number in above if number in units), above[-1])


def put_people(slate: Slate, people: Iterable[Person], rules: Rules) -> None:
    """党员入表 `people`, and `tracks`: which track from which day to which."""
    cycle = rules.cycle
    rows: list[Row] = []
    spells: list[Row] = []
    versions: dict[date, int] = {}
    for person in people:
        one = person.scored
        first = cycle.first_on if one.joined_on is None else max(cycle.first_on, one.joined_on)
        if first not in versions:
            versions[first] = rules.number_on(first)
        joined = one.joined_on.toordinal() if one.joined_on else None
        tracks = (one.track_on(first), one.track_on(cycle.last_on))
        rows.append((person.number, person.unit, one.status, joined, versions[first], *tracks, one.previous))
        for place, spell in enumerate(one.tracks):
            begins = spell.from_on.toordinal() if place else 0
            ends = one.tracks[place + 1].from_on.toordinal() - 1 if place + 1 < len(one.tracks) else NEVER
            if begins <= ends:
                spells.append((person.number, begins, ends, spell.track))
    slate.fill("people", PEOPLE, rows, unique="member")
    slate.fill("tracks", "member BIGINT, from_day INT, until_day INT, track TEXT", spells, unique="member, from_day")


def put_entries(slate: Slate, district: int, first_on: date, last_on: date) -> None:
    """条目入表 `entries`: what stands posted, with its number and its place in the order of posting."""
    slate.take("entries", ENTRIES, entries_of_district(district, first_on, last_on), unique="entry")


def put_inputs(slate: Slate, district: int, first_on: date, last_on: date) -> None:
    """计分所据入表 `inputs`: what a sheet line holds beside its value. `records`: education records and reminders
    that the member was shown."""
    within = {"member__district": district, "event_on__range": (first_on, last_on)}
    lines: QuerySet[Line, tuple[object, ...]] = Line.objects.filter(**within).values_list(
        "pk", "level", "multiplier", _said("decision"), _said("words"), _said("ground")
    )
    slate.take("inputs", INPUTS, lines, unique="line")
    records = EducationRecord.objects.filter(member__district=district, shown_at__isnull=False, on__lte=last_on)
    slate.take("records", RECORDS, records.values_list("member_id", "indicator", "kind", F("on")))


def _said(field: str) -> Case:
    return Case(When(**{field: ""}, then=Value(0)), default=Value(1), output_field=IntegerField())


def put_formers(slate: Slate, people: Iterable[Person], rules: Rules) -> None:
    """以往等次入表 `formers`: the tiers of the cycles before, where they are known."""
    rows = [row for person in people for row in streaks.rows_of(person.number, person.scored, rules.closing)]
    slate.fill("formers", streaks.FORMERS, rows, unique="member, back")


def put_zeroings(slate: Slate, people: Iterable[Person], cycle: Cycle) -> None:
    """清零入表 `zeroing_cases`: those in force in the cycle. A handful a year."""
    rows: list[Row] = []
    for some in _in_parts([person.number for person in people]):
        for case in zeroings_in_force(some, *cycle):
            rows.append((-case.pk, case.member_id, case.indicator, case.document_on.toordinal()))
    slate.fill("zeroing_cases", "fact BIGINT, member BIGINT, indicator TEXT, day INT", rows, unique="fact")
