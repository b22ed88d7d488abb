"""取数 People and posted entries of a district, from the stations' tables onto the slate, inside the database.

Nothing is read entry by entry. `people_of` is for pages, which need a few people in Python; a settlement takes them
from roster.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from pioneer.assessments.models import Line
from pioneer.conduct.models import EducationRecord
from pioneer.conduct.queries import zeroings_in_force
from pioneer.ledger.queries import entries_of_keys, order_of_postings
from pioneer.members.models import GONE, Member, Membership
from pioneer.members.queries import scoring_members, statuses_on
from pioneer.organisations.models import Organisation
from pioneer.results.slate import Slate, key_type
from pioneer.scoring import Cycle
from pioneer.scoring import Member as Scored

MANY = 10_000  # members in one question
TAKEN = (
    "entry BIGINT, member_key {key}, posting BIGINT, line BIGINT, indicator TEXT, event_on DATE, event TEXT, "
    "value BIGINT, quantity BIGINT, carried INT"
)
ENTRIES = f"""
SELECT taken.entry, members.id AS member, taken.line, taken.indicator, taken.event_on, taken.event, taken.value,
       taken.quantity, taken.carried, batches.batch
FROM taken
JOIN {Member._meta.db_table} AS members ON members.key = taken.member_key
JOIN batches ON batches.posting = taken.posting
"""
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


def put_entries(slate: Slate, keys: str, first_on: date, last_on: date, sharing: str = "") -> None:
    """条目入表 `entries`: what stands posted, with its number and its place in the order of posting, of those whose
    keys a statement gives; and what belongs to an event, of those whose keys `sharing` gives."""
    found = [entries_of_keys(RawSQL(keys, ()), first_on, last_on)]  # noqa: S611
    if sharing:
        found.append(entries_of_keys(RawSQL(sharing, ()), first_on, last_on).exclude(event=""))  # noqa: S611
    slate.take("taken", TAKEN.format(key=key_type()), *found)
    order = order_of_postings(RawSQL("SELECT taken.posting FROM taken", ()))
    slate.take("batches", "posting BIGINT, batch BIGINT", order, unique="posting")
    slate.make("entries", ENTRIES, unique="entry")


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


def put_zeroings(slate: Slate, district: int, cycle: Cycle) -> None:
    """清零入表 `zeroing_cases`: those in force in the cycle. A handful a year."""
    everybody: Any = Member.objects.filter(district=district).order_by().values("pk")
    cases = zeroings_in_force(everybody, *cycle)
    rows = [(-case.pk, case.member_id, case.indicator, case.document_on.toordinal()) for case in cases]
    slate.fill("zeroing_cases", "fact BIGINT, member BIGINT, indicator TEXT, day INT", rows, unique="fact")
