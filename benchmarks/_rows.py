"""填数 Many rows made by the database itself: a district of any size with a year of entries, and the tools for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

YEAR, ENTRIES, IN_A_BRANCH = 2026, 50, 40
FIRST_KEY = 1_000_000  # of all that is made here, so that it meets nothing of the small cast

# Which indicators fifty entries of a year stand under, with the value of each: what everybody does, something of the
# member's own track, and six of a dozen rare ones, other ones for each. So a member has some thirteen indicators.
OFTEN = (
    *(("A1", 50),) * 12, *(("B1", 50),) * 8, *(("B5", 100),) * 7, *(("B2", 100),) * 6, *(("B6", 50),) * 4,
    *(("A3", 100),) * 4,
)  # fmt: skip
RURAL = (*OFTEN, *(("C3", 300),) * 3)
URBAN = (*OFTEN, *(("C4", 50),) * 3)
RARELY = (
    ("A2", 200), ("A4", 100), ("A5", 300), ("A6", 200), ("A7", 100), ("B3", 200), ("B4", 100), ("B7", 400),
    ("N2", -200), ("N4", -200), ("N7", -50), ("N8", -200),
)  # fmt: skip
MOVES = 500  # of so many members one changes its track
KEYS = (7919, 104_729)  # two primes by which one member's year differs from the next one's


def numbers(count: str = "%s") -> str:
    """从一数起 A table `numbers` of one column `n`, from 1 to so many."""
    from django.db import connection

    if connection.vendor == "postgresql":
        return f"(SELECT n::bigint AS n FROM generate_series(1, {count}) AS n) AS numbers"
    up = f"WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < {count}) SELECT n FROM up"
    return f"({up}) AS numbers"


def write_in_the_database(
    model: Any, count: int, expressions: Mapping[str, str], source: str = "", **constant: Any
) -> None:
    """So many rows at once from `n`, or from another source; a column that is not named takes the field's default."""
    from django.core.management.color import no_style
    from django.db import connection

    fields = {str(field.column): field for field in model._meta.concrete_fields}
    shown, values = [], []
    for column, field in fields.items():
        shown.append(expressions[column].replace("%", "%%") if column in expressions else "%s")
        if column not in expressions:
            value = constant[column] if column in constant else field.get_default()
            values.append(field.get_db_prep_save(value, connection))
    columns = ", ".join(f'"{column}"' for column in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {', '.join(shown)} FROM {source or numbers()}",
            values if source else [*values, count],
        )
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def indexes(tables: list[str]) -> list[tuple[str, str]]:
    """Name and making of the indexes that hold up no constraint."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            wanted = "tablename = ANY(%s) AND indexdef NOT LIKE '%%UNIQUE%%'"
            cursor.execute(f"SELECT indexname, indexdef FROM pg_indexes WHERE {wanted}", [tables])
        else:
            marks = ", ".join(["%s"] * len(tables))
            wanted = f"type = 'index' AND sql NOT LIKE '%%UNIQUE%%' AND tbl_name IN ({marks})"
            cursor.execute(f"SELECT name, sql FROM sqlite_master WHERE {wanted}", tables)
        return list(cursor.fetchall())


@contextmanager
def unindexed(*models: Any) -> Iterator[None]:
    """One transaction, the indexes after the rows; keys are not looked up row by row."""
    from django.db import connection, transaction

    made = indexes([model._meta.db_table for model in models])
    on_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica" if on_postgresql else "PRAGMA foreign_keys = OFF")
        with transaction.atomic():
            for name, _ in made:
                cursor.execute(f'DROP INDEX "{name}"')
            yield
            for _, sql in made:
                cursor.execute(sql)
        cursor.execute("SET session_replication_role = DEFAULT" if on_postgresql else "PRAGMA foreign_keys = ON")


def look_over() -> None:
    """What the database does by itself when it is idle: it counts what it holds, and PostgreSQL marks what all see."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


# ------------------------------------------------------------------ a district with a year of entries


def district_of(members: int) -> Any:
    """The small cast's district with its rulebook, and below it so many members, forty a branch, ten branches a
    community, ten communities a street; one year of posted sheets with fifty entries for each."""
    from pioneer.assessments.models import Sheet
    from pioneer.ledger.models import Entry, Posting
    from pioneer.members.models import Member, Membership, StatusSpell, TrackSpell
    from pioneer.organisations.models import Organisation
    from pioneer.publicity.models import Publication
    from tests.world import adopt_rulebook, build

    world = build()
    version = adopt_rulebook(world)
    branches = -(-members // IN_A_BRANCH)
    with unindexed(Organisation, Member, Membership, StatusSpell, TrackSpell, Sheet, Publication, Posting, Entry):
        _tree(world.district, branches)
        _people(world.district, members, branches)
        _sheets(branches)
        _entries(version, members, branches)
    look_over()
    return world.district


def another_year(district: Any, book: str) -> None:
    """The district under another of the shipped rulebooks: the same entries, under indicators of that rulebook, one
    after the other; a third of the members has each of its first three tracks."""
    from django.db import connection

    from pioneer.kernel import clock
    from pioneer.ledger.models import Entry
    from pioneer.members.models import TrackSpell
    from pioneer.rulebook.models import RulebookVersion
    from pioneer.scoring import load_text
    from tests.world import ROOT

    text = (ROOT / "rulebooks" / book / "rulebook.toml").read_text(encoding="utf-8")
    found = load_text(text).rulebook
    assert found is not None
    with unguarded(RulebookVersion), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {RulebookVersion._meta.db_table} WHERE number > 1")
    RulebookVersion.objects.filter(district=district).update(valid_until=date(2019, 12, 31))
    RulebookVersion.objects.create(
        district=district, number=2, name=found.meta.name, text=text, digest=found.digest, state="adopted",
        valid_from=date(2020, 1, 1), drafted_at=clock.now(), adopted_at=clock.now(),
    )  # fmt: skip
    rows = [one for one in found.indicators.values() if one.index != "zeroing" and one.value is not None]
    codes = [(one.code, -100 if one.index == "reverse" else 100) for one in rows]
    tracks = [track.code for track in found.tracks][:3]
    named = " ".join(f"WHEN {place} THEN '{track}'" for place, track in enumerate(tracks))
    code, value = (_one_of(f"(id % {len(codes)})", tuple(codes), at) for at in (0, 1))
    with unguarded(Entry), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Entry._meta.db_table} SET indicator = {code}, value = {value}")
        cursor.execute(f"UPDATE {Entry._meta.db_table} SET value = -value WHERE corrects_id IS NOT NULL")
        cursor.execute(f"UPDATE {TrackSpell._meta.db_table} SET track = CASE member_id % {len(tracks)} {named} END")
    look_over()


@contextmanager
def unguarded(model: Any) -> Iterator[None]:
    """Without the triggers that let nothing posted be changed."""
    from django.db import connection

    table, on_postgresql = model._meta.db_table, connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if on_postgresql:
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in triggers:
            cursor.execute(sql)


def _day(days: str, year: int = YEAR) -> str:
    """So many days after the year's first, as SQL."""
    from django.db import connection

    if connection.vendor == "postgresql":
        return f"DATE '{year}-01-01' + ({days})::int"
    return f"date('{year}-01-01', '+' || ({days}) || ' days')"


def _tree(district: Any, branches: int) -> None:
    from pioneer.organisations.models import Organisation

    base, top = FIRST_KEY, district.path
    street, community = f"({base} + (n - 1) / 100)", f"({base * 2} + (n - 1) / 10)"
    opened = {"opened_on": date(2020, 1, 1)}
    streets, communities = -(-branches // 100), -(-branches // 10)
    own = {"id": f"{base} + n - 1", "name": "'演示街道' || n", "path": f"'{top}' || ({base} + n - 1) || '/'"}
    write_in_the_database(Organisation, streets, own, level="township", parent_id=district.pk, **opened)
    above = f"({base} + (n - 1) / 10)"
    own = {
        "id": f"{base * 2} + n - 1", "name": "'演示社区' || n", "parent_id": above,
        "path": f"'{top}' || {above} || '/' || ({base * 2} + n - 1) || '/'",
    }  # fmt: skip
    write_in_the_database(Organisation, communities, own, level="community", setting="urban", **opened)
    own = {
        "id": f"{base * 3} + n - 1", "name": "'演示支部' || n", "parent_id": community,
        "path": f"'{top}' || {street} || '/' || {community} || '/' || ({base * 3} + n - 1) || '/'",
    }  # fmt: skip
    write_in_the_database(Organisation, branches, own, level="branch", is_branch=True, setting="urban", **opened)


def _people(district: Any, members: int, branches: int) -> None:
    """By branch one after the other; every other branch is rural. Of five hundred members one has another track from
    July on."""
    from django.db import connection

    from pioneer.kernel import clock
    from pioneer.members.models import Member, Membership, StatusSpell, TrackSpell

    base, branch = FIRST_KEY, f"((n - 1) % {branches})"
    if connection.vendor == "postgresql":
        key = "md5('member' || n)::uuid"
    else:
        parts = [f"(n * {factor} % 4294967291)" for factor in (2654435761, 3266489917, 668265263, 374761393)]
        key = f"printf('%08x%08x%08x%08x', {', '.join(parts)})"
    own = {"id": f"{base} + n - 1", "key": key, "number": "'S' || n", "name": "'演示' || n", "position": "n"}
    write_in_the_database(Member, members, own, district_id=district.pk, created_at=clock.now())
    whose = {"id": f"{base} + n - 1", "member_id": f"{base} + n - 1"}
    since = {"from_on": date(2020, 1, 1), "until_on": None}
    write_in_the_database(Membership, members, whose | {"branch_id": f"{base * 3} + {branch}"}, **since)
    write_in_the_database(StatusSpell, members, whose, status="full", **since)
    track = f"CASE {branch} % 2 WHEN 0 THEN 'rural' ELSE 'community' END"
    ends = f"CASE WHEN n % {MOVES} = 0 THEN {_day('180')} END"
    write_in_the_database(TrackSpell, members, whose | {"track": track, "until_on": ends}, from_on=since["from_on"])
    moved = {"id": f"{base * 2} + n - 1", "member_id": f"{base} + n * {MOVES} - 1", "from_on": _day("181")}
    other = f"CASE (n * {MOVES} - 1) % {branches} % 2 WHEN 0 THEN 'community' ELSE 'rural' END"
    write_in_the_database(TrackSpell, members // MOVES, moved | {"track": other}, until_on=None)


def _sheets(branches: int) -> None:
    """Twelve a branch, month by month, published, closed and posted."""
    from pioneer.assessments.models import Sheet
    from pioneer.kernel import clock
    from pioneer.ledger.models import Posting
    from pioneer.publicity.models import Publication

    base, count = FIRST_KEY, branches * 12
    number, branch = f"{base} + n - 1", f"{base * 3} + (n - 1) % {branches}"
    then = clock.noon(date(YEAR, 1, 2))
    own = {"id": number, "branch_id": branch, "month": f"(n - 1) / {branches} + 1"}
    said = {"year": YEAR, "state": "confirmed", "opened_at": then, "confirmed_at": then}
    write_in_the_database(Sheet, count, own, **said)
    shown = {"id": number, "sheet_id": number, "token": "'T' || n"}
    ends = {"published_at": then, "closes_at": then + timedelta(days=7), "digest": "0" * 64}
    closed = f"{_day(f'(n - 1) / {branches} * 30 + 40')}"
    write_in_the_database(Publication, count, shown | {"closed_at": _moment(closed)}, **ends)
    posted = {"id": number, "branch_id": branch, "number": f"(n - 1) / {branches} + 1", "publication_id": number}
    write_in_the_database(Posting, count, posted, posted_at=then, previous_digest="", digest="0" * 64)


def _moment(day: str) -> str:
    from django.db import connection

    return f"({day})::timestamptz" if connection.vendor == "postgresql" else f"{day} || ' 12:00:00'"


def _entries(version: Any, members: int, branches: int) -> None:
    """In order of posting. Of a hundred entries one belongs to an event of its own, one in 997 is taken back; of a
    hundred members one has two entries of the same event."""
    from pioneer.kernel import clock
    from pioneer.ledger.models import Entry
    from pioneer.members.models import Member

    base, count = FIRST_KEY, members * ENTRIES
    slot, who = f"((n - 1) / {members})", f"((n - 1) % {members})"
    branch, month = f"({who} % {branches})", f"({slot} * 12 / {ENTRIES})"
    first, second = KEYS
    which = f"(({slot} * 7 + {who} * {first}) % {ENTRIES})"
    day = f"({month} * 30 + ({who} * {second} + {slot}) % 28)"
    rare = f"(({who} + {which} * 5) % {len(RARELY)})"
    code, value = (
        f"CASE WHEN {which} >= {len(RURAL)} THEN {_one_of(rare, RARELY, at)} "
        f"WHEN {branch} % 2 = 0 THEN {_one_of(which, RURAL, at)} ELSE {_one_of(which, URBAN, at)} END"
        for at in (0, 1)
    )
    alone = f"CASE WHEN (n * 31) % 100 = 0 THEN 'line:' || ({base} + n) ELSE '' END"
    of_month = f"({slot} - ({month} * {ENTRIES} + 11) / 12)"
    own = {
        "id": f"{base} + n - 1", "posting_id": f"{base} + {month} * {branches} + {branch}",
        "order": f"{of_month} * {IN_A_BRANCH} + {who} / {branches} + 1",
        "member_key": "people.key", "indicator": code, "value": value,
        "event": f"CASE WHEN {who} % 100 = 3 AND {slot} IN (10, 11) THEN 'line:' || {who} ELSE {alone} END",
        "event_on": _day(day), "reference": f"'line:' || ({base} + n)",
        "event_month": _month(_day(day)),
    }  # fmt: skip
    table = Member._meta.db_table
    source = f"{numbers(str(count))} JOIN {table} AS people ON people.id = {base} + {who}"
    same = {"rulebook_version_id": version.pk, "created_at": clock.now(), "commitment": "0" * 64, "digest": "0" * 64}
    write_in_the_database(Entry, count, own, source.replace("%", "%%"), **same)
    _corrections(version, members, branches)


def _corrections(version: Any, members: int, branches: int) -> None:
    from pioneer.kernel import clock
    from pioneer.ledger.models import Entry

    table, base = Entry._meta.db_table, FIRST_KEY
    own = {
        "id": f"wrong.id + {members * ENTRIES}", "posting_id": "wrong.posting_id",
        "order": 'wrong."order" + 100000', "member_key": "wrong.member_key", "indicator": "wrong.indicator",
        "value": "-wrong.value", "event": "wrong.event", "event_on": "wrong.event_on",
        "event_month": "wrong.event_month", "reference": "'line:' || (wrong.id + 1000000000)",
        "corrects_id": "wrong.id",
    }  # fmt: skip
    same = {"rulebook_version_id": version.pk, "created_at": clock.now(), "commitment": "0" * 64, "digest": "0" * 64}
    source = f"{table} AS wrong WHERE wrong.id >= {base} AND wrong.id % 997 = 0"
    write_in_the_database(Entry, 0, own, source.replace("%", "%%"), **same)


def _one_of(which: str, choices: tuple[tuple[str, int], ...], at: int) -> str:
    """By ranges, so that few comparisons find it."""
    parts, until = [], 0
    for place, one in enumerate(choices):
        until = place + 1
        if until < len(choices) and choices[until] == one:
            continue
        parts.append(f"WHEN {which} < {until} THEN {one[at]!r}")
    return f"CASE {' '.join(parts)} END"


def _month(day: str) -> str:
    from django.db import connection

    if connection.vendor == "postgresql":
        return f"(EXTRACT(YEAR FROM {day}) * 12 + EXTRACT(MONTH FROM {day}))::int"
    return f"CAST(strftime('%Y', {day}) AS INTEGER) * 12 + CAST(strftime('%m', {day}) AS INTEGER)"
