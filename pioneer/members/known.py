"""在册情况 Who is on the rosters already, as far as the rows of a file can mean them. Read once, in a few queries."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from pioneer.accounts.models import User
from pioneer.members import queries
from pioneer.members.models import Member, Membership, Status, StatusSpell, TrackSpell
from pioneer.organisations.models import Organisation
from pioneer.workbooks.rows import RosterRow

_FEW = 500  # rows of a file up to which only the members they can mean are read
_NUMBERS = {
    "postgresql": "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(%s::json)",
    "sqlite": "SELECT value FROM json_each(%s)",
}
_COLUMNS = (
    *("id", "number", "name", "identity_lookup", "sex", "birth_on", "birth_precision", "joined_on"),
    *("joined_precision", "full_on", "phone", "nation", "education", "note", "is_floating", "floating_to", "user_id"),
)


@dataclass(slots=True)
class Entry:
    """一行 A row of the file, the lookup of its identity number, and what people decided about it."""

    row: RosterRow
    lookup: str = ""
    decisions: frozenset[str] = frozenset()


@dataclass(slots=True)
class Known:
    """在册的一位 A member with the branch, status and track that hold now, each with its spell."""

    id: int
    number: str
    name: str
    lookup: str | None
    sex: str
    birth_on: date | None
    birth_precision: str
    joined_on: date | None
    joined_precision: str
    full_on: date | None
    phone: str
    nation: str
    education: str
    note: str
    is_floating: bool
    floating_to: str
    user_id: int | None
    branch_id: int = 0
    status: str = Status.FULL.value
    status_spell: int | None = None
    status_from: date | None = None
    track: str = ""
    track_spell: int | None = None
    track_from: date | None = None


@dataclass(slots=True)
class Standing:
    """在册名单 By identity number, member number and name within the organisation; and what is taken elsewhere.

    `elsewhere` maps a lookup to the name of the branch in the same district, or to "" where it must not be named.
    """

    by_id: dict[int, Known] = field(default_factory=dict)
    by_lookup: dict[str, Known] = field(default_factory=dict)
    by_number: dict[str, Known] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)
    numbers_elsewhere: set[str] = field(default_factory=set)


def standing_for(top: Organisation, entries: Sequence[Entry]) -> Standing:
    """读在册名单 Of the organisation and all below it, with what these rows would meet elsewhere."""
    found = Standing()
    members = Member.objects.filter(pk__in=queries.last_within([top.path]), erased_at__isnull=True)
    numbers = {entry.row.number for entry in entries if entry.row.number}
    lookups = {entry.lookup for entry in entries if entry.lookup}
    if len(entries) <= _FEW:
        names = {entry.row.name for entry in entries}
        members = members.filter(Q(identity_lookup__in=lookups) | Q(number__in=numbers) | Q(name__in=names))
    for values in members.order_by("id").values_list(*_COLUMNS):
        known = Known(*values)
        found.by_id[known.id] = known
        found.by_number[known.number] = known
        found.by_name.setdefault(known.name, []).append(known)
        if known.lookup:
            found.by_lookup[known.lookup] = known
    if found.by_id:
        _add_spells(found)
    _look_elsewhere(found, top, lookups - found.by_lookup.keys(), numbers - found.by_number.keys())
    return found


def _add_spells(found: Standing) -> None:
    """The latest membership, status and track of each; the later one overwrites the earlier. The members travel as one
    parameter: asked for anew within each question, PostgreSQL would go through a roster just written row by row."""
    known = found.by_id
    ids = RawSQL(_NUMBERS[connection.vendor], [json.dumps(list(known))])  # noqa: S611  # nothing of the text is input
    for member, branch in (
        Membership.objects.filter(member__in=ids).order_by("from_on").values_list("member_id", "branch_id")
    ):
        known[member].branch_id = branch
    statuses = StatusSpell.objects.filter(member__in=ids).order_by("from_on")
    for member, number, from_on, status in statuses.values_list("member_id", "id", "from_on", "status"):
        one = known[member]
        one.status, one.status_spell, one.status_from = status, number, from_on
    tracks = TrackSpell.objects.filter(member__in=ids).order_by("from_on")
    for member, number, from_on, track in tracks.values_list("member_id", "id", "from_on", "track"):
        one = known[member]
        one.track, one.track_spell, one.track_from = track, number, from_on


def _look_elsewhere(found: Standing, top: Organisation, lookups: set[str], numbers: set[str]) -> None:
    """Identity and member numbers that somebody outside the organisation has; the branch only in one's own district."""
    district = top.district_number
    for lookup, owner, member in _having("identity_lookup", lookups):
        found.elsewhere[lookup] = _branch_name(member) if owner == district else ""
    found.numbers_elsewhere.update(number for number, _, _ in _having("number", numbers))


def _branch_name(member_id: int) -> str:
    last = Membership.objects.filter(member=member_id).select_related("branch").order_by("-from_on").first()
    return last.branch.name if last else ""


def _having(column: str, texts: set[str]) -> list[tuple[str, int, int]]:
    """Members with one of these values, however many: value, district, id. The texts travel as one parameter."""
    if not texts:
        return []
    table, postgresql = Member._meta.db_table, connection.vendor == "postgresql"
    among = "SELECT json_array_elements_text(%s::json)" if postgresql else "SELECT value FROM json_each(%s)"
    with connection.cursor() as cursor:
        statement = f"SELECT {column}, district_id, id FROM {table} WHERE {column} IN ({among})"  # noqa: S608
        cursor.execute(statement, [json.dumps(list(texts))])
        return [(str(value), int(owner), int(member)) for value, owner, member in cursor.fetchall()]


def taken_phone(phone: str, besides: int) -> bool:
    """号码是否已用 Whether another account signs in with this phone number."""
    return User.objects.filter(Q(login=phone) | Q(phone=phone)).exclude(pk=besides).exists()
