"""导入的写入 What a confirmed roster writes: members, spells, corrections, all in bulk. Plain functions."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Max

from pioneer.accounts import following
from pioneer.kernel import bulk, clock, encryption, identity
from pioneer.kernel.errors import DomainError
from pioneer.members.comparing import Difference
from pioneer.members.judging import Judged, starting_day
from pioneer.members.known import Known
from pioneer.members.models import (
    Member,
    Membership,
    Rectification,
    RosterImport,
    Status,
    StatusSpell,
    TrackSpell,
)
from pioneer.members.numbers import next_numbers
from pioneer.members.particulars import MOBILE
from pioneer.organisations.models import Organisation
from pioneer.rulebook.queries import current_rulebook
from pioneer.scoring.periods import cycle_of
from pioneer.workbooks.rows import RosterRow

_MEMBER = (
    *("id", "key", "district_id", "number", "name", "identity_sealed", "identity_lookup", "identity_shown"),
    *("identity_missing_why", "sex", "birth_on", "birth_precision", "joined_on", "joined_precision", "full_on"),
    *("phone", "nation", "education", "note", "is_floating", "floating_to", "position", "created_at"),
)
_CHANGEABLE = (
    *("name", "sex", "birth_on", "birth_precision", "joined_on", "joined_precision", "full_on"),
    *("phone", "nation", "education", "note", "is_floating", "floating_to"),
)
_SPELL = ("member_id", "from_on", "until_on")


def write_new(roster_import: RosterImport, rows: Sequence[Judged]) -> None:
    """写入新党员 In the order of the file, each branch's behind those it has."""
    if not rows:
        return
    district, today = roster_import.organisation.district_number, clock.today()
    ids = bulk.reserve(Member, len(rows))
    first = _cycle_start(district, today)
    held = [
        (number, starting_day(row.entry.row.joined_on, _branch(row).opened_on, first, today))
        for number, row in zip(ids, rows, strict=True)
    ]
    members = _members(district, ids, rows, _last_positions(rows))
    bulk.insert(Member, _MEMBER, members)
    bulk.insert(
        Membership,
        (*_SPELL, "branch_id"),
        ((number, on, None, _branch(row).id) for (number, on), row in zip(held, rows, strict=True)),
    )
    bulk.insert(
        StatusSpell,
        (*_SPELL, "status", "document"),
        (
            (number, on, None, row.entry.row.status, document_of(roster_import, row.entry.row))
            for (number, on), row in zip(held, rows, strict=True)
        ),
    )
    tracks = ((number, on, None, row.track) for (number, on), row in zip(held, rows, strict=True))
    bulk.insert(TrackSpell, (*_SPELL, "track"), tracks)


def _members(
    district: int, ids: Sequence[int], rows: Sequence[Judged], positions: dict[int, int]
) -> Iterator[tuple[Any, ...]]:
    """One after another, while the database writes those before."""
    now, encrypt, numbers = clock.now(), encryption.sealer(), _numbers(district, rows)

    def made() -> Iterator[tuple[Any, ...]]:
        for number, member_id, judged in zip(numbers, ids, rows, strict=True):
            branch, identity_number = _branch(judged).id, judged.entry.row.identity
            positions[branch] = position = positions.get(branch, 0) + 1
            sealed = encrypt(identity_number) if identity_number else None
            yield _member(judged, sealed, (member_id, uuid4(), district, number), (position, now))

    return made()


def _branch(judged: Judged) -> Organisation:
    if judged.branch is None:
        raise AssertionError("a new member without a branch")
    return judged.branch


def _member(judged: Judged, sealed: bytes | None, head: tuple[Any, ...], tail: tuple[Any, ...]) -> tuple[Any, ...]:
    row = judged.entry.row
    full_on = None if row.status == Status.PROBATIONARY else row.full_on  # the reader has said that they disagree
    return (
        *(*head, row.name, sealed, judged.entry.lookup or None),
        *(identity.mask(row.identity), "" if row.identity else judged.missing_why, row.sex),
        *(row.birth_on, row.birth_precision or "day", row.joined_on, row.joined_precision or "day", full_on),
        *(row.phone, row.nation, row.education, row.note, bool(row.floating), row.floating_to, *tail),
    )


def _numbers(district: int, rows: Sequence[Judged]) -> list[str]:
    """The number the file gives, else the next free one; one that the file itself uses is passed over."""
    given = {row.entry.row.number for row in rows if row.entry.row.number}
    missing = sum(not row.entry.row.number for row in rows)
    fresh = (number for number in next_numbers(district, missing + len(given)) if number not in given)
    return [row.entry.row.number or next(fresh) for row in rows]


def _last_positions(rows: Iterable[Judged]) -> dict[int, int]:
    """The highest place in the roster of each branch."""
    branches = {row.branch.pk for row in rows if row.branch is not None}
    held = Membership.objects.filter(branch__in=branches).order_by()
    return dict(held.values_list("branch_id").annotate(last=Max("member__position")))


def _cycle_start(district: int, today: date) -> date:
    """The first day of the cycle by the rulebook; of the year where the district has none yet."""
    try:
        return cycle_of(current_rulebook(district, today).cycle, today).first_on
    except DomainError as missing:
        if missing.code != "no_rulebook":
            raise
        return date(today.year, 1, 1)


def document_of(roster_import: RosterImport, row: RosterRow) -> str:
    """依据 Which row of which import: the rows themselves are not kept."""
    return f"花名册导入第{roster_import.pk}号，工作表「{row.sheet}」第{row.row}行"


# ------------------------------------------------------------------ changes


def write_changes(roster_import: RosterImport, rows: Sequence[Judged], actor_number: int | None) -> None:
    """写入变更 The members' new values, the spells that begin, and what was corrected, with what stood there before."""
    pairs = [
        (row.known, row.difference, document_of(roster_import, row.entry.row))
        for row in rows
        if row.known is not None and row.difference is not None
    ]
    if not pairs:
        return
    bulk.update(Member, _CHANGEABLE, (_values(known, found) for known, found, _ in pairs))
    _write_identities(pairs)
    turned = [(known, *found.turned["status"], said) for known, found, said in pairs if "status" in found.turned]
    _turn(StatusSpell, ("status", "document"),
          [(one, one.status_spell, one.status_from, on, (to, said)) for one, to, on, said in turned])  # fmt: skip
    turned = [(known, *found.turned["track"], said) for known, found, said in pairs if "track" in found.turned]
    _turn(TrackSpell, ("track",), [(one, one.track_spell, one.track_from, on, (to,)) for one, to, on, _ in turned])
    now = clock.now()
    bulk.insert(
        Rectification,
        ("member_id", "fields", "before", "reason", "by_number", "created_at"),
        (
            (known.id, list(found.corrected), found.corrected, said, actor_number, now)
            for known, found, said in pairs
            if found.corrected
        ),
    )
    _follow_accounts(pairs)


def _values(known: Known, found: Difference) -> tuple[Any, ...]:
    new = found.columns
    return (*(new.get(name, getattr(known, name)) for name in _CHANGEABLE), known.id)


Change = tuple[Known, Difference, str]


def _write_identities(pairs: Sequence[Change]) -> None:
    rows = [(known.id, found.columns["identity"]) for known, found, _ in pairs if "identity" in found.columns]
    bulk.update(
        Member,
        ("identity_sealed", "identity_lookup", "identity_shown", "identity_missing_why"),
        (
            (encryption.encrypt(number), encryption.lookup(number), identity.mask(number), "", member)
            for member, number in rows
        ),
    )


Turn = tuple[Known, int | None, date | None, date, tuple[str, ...]]


def _turn(kind: type[StatusSpell] | type[TrackSpell], names: tuple[str, ...], turns: Sequence[Turn]) -> None:
    """The spell that holds ends the day before, a new one begins; on its own first day it is put right."""
    ended, righted, begun = [], [], []
    for known, spell, from_on, on, values in turns:
        if spell is not None and from_on == on:
            righted.append((*values, None, spell))
            continue
        if spell is not None:
            ended.append((on - timedelta(days=1), spell))
        begun.append((known.id, on, None, *values))
    bulk.update(kind, ("until_on",), ended)
    bulk.update(kind, (*names, "until_on"), righted)
    bulk.insert(kind, (*_SPELL, *names), begun)


def _follow_accounts(pairs: Sequence[Change]) -> None:
    """An account bears the same name and, where it is a mobile number, the same phone."""
    concerned = {
        known.id: found
        for known, found, _ in pairs
        if known.user_id is not None and not found.columns.keys().isdisjoint({"name", "phone"})
    }
    for member in Member.objects.filter(pk__in=list(concerned)).select_related("user"):
        columns = concerned[member.pk].columns
        if member.user is not None and "name" in columns:
            following.rename_user(member.user, columns["name"])
        if member.user is not None and MOBILE.fullmatch(columns.get("phone", "")):
            following.rephone_user(member.user, columns["phone"])
