"""档案里的公示和台账 Each notice as it was shown, in all its revisions, with what was answered to objections in general
words; and the branch's chain of postings with their entries. The private ground of an entry stays out: its commitment
is here."""

from collections.abc import Iterable

from django.db.models import Q

from pioneer.archives.frame import Frame, Row, keys_of, whole
from pioneer.ledger import chain
from pioneer.ledger.models import Entry, Posting
from pioneer.publicity.models import Objection, Proof, Publication
from pioneer.publicity.notice import NoticeLine, NoticeRow, notice_of
from pioneer.publicity.snapshot import instant
from pioneer.rulebook.queries import versions_for
from pioneer.scoring import Cycle


def months_of(cycle: Cycle, table: str = "") -> Q:
    """周期的月份 Of sheets, at the end of a lookup `table`."""
    first, last, of = cycle.first_on, cycle.last_on, f"{table}__" if table else ""
    found = Q(**{f"{of}year__gt": first.year}) | Q(**{f"{of}year": first.year, f"{of}month__gte": first.month})
    upto = Q(**{f"{of}year__lt": last.year}) | Q(**{f"{of}year": last.year, f"{of}month__lte": last.month})
    return found & upto


def publications(frame: Frame) -> list[Publication]:
    """本周期的公示 Of the branch, all revisions, in the order of the months."""
    found = Publication.objects.filter(months_of(frame.cycle, "sheet"), sheet__branch=frame.branch)
    found = found.select_related("sheet__branch__parent")
    return list(found.order_by("sheet__year", "sheet__month", "sheet__sequence", "revision"))


# ------------------------------------------------------------------ notices


def notices(frame: Frame, shown: list[Publication]) -> list[Row]:
    """公示 In full: a fingerprint can be computed from what stands here."""
    posted = dict(Posting.objects.filter(publication__in=shown).values_list("publication_id", "number"))
    return [_notice(frame, one, posted.get(one.pk)) for one in shown]


def _notice(frame: Frame, one: Publication, number: int | None) -> Row:
    notice, sheet = notice_of(one), one.sheet
    keys = keys_of(row.person.member_id for row in notice.rows)
    for row in notice.rows:
        frame.people.setdefault(row.person.member_id, row.person.member)
    return {
        "fingerprint": one.digest,
        "sheet": one.sheet_id,
        "publication": one.pk,
        "year": sheet.year,
        "month": sheet.month,
        "sequence": sheet.sequence,
        "kind": sheet.get_kind_display(),
        "revision": one.revision,
        "published_at": frame.moment(one.published_at),
        "closes_at": instant(one.closes_at),  # may lie ahead: nothing was recorded then
        "closed_at": frame.moment(one.closed_at),
        "superseded_at": frame.moment(one.superseded_at),
        "posting": number,
        "heading": one.heading,
        "struck": list(notice.struck),
        "members": [_person(row, keys[row.person.member_id]) for row in notice.rows],
        "objections": [_objection(frame, each) for each in _objections(one)],
        "proofs": [
            {"channel": each.get_channel_display(), "done_on": each.done_on.isoformat(), "place": each.place}
            for each in Proof.objects.filter(publication=one, withdrawn_at__isnull=True).order_by("done_on", "pk")
        ],
    }


def _person(row: NoticeRow, key: str) -> Row:
    person = row.person
    return {
        "position": person.position,
        "key": key,
        "name": person.name,
        "note": person.note,
        "positive": whole(person.positive),
        "reverse": whole(person.reverse),
        "total": whole(person.total),
        "salt": person.salt,
        "commitment": person.commitment,
        "lines": [_line(each) for each in row.lines],
    }


def _line(one: NoticeLine) -> Row:
    line = one.line
    return {
        "line": line.line_id,
        "indicator": line.indicator,
        "name": one.indicator,
        "index": one.index,
        "event_on": line.event_on.isoformat(),
        "kind": line.kind,
        "raw": whole(line.raw),
        "counted": whole(line.counted),
        "reason": line.reason,
        "wording": line.wording,
        "is_trimmed": one.is_trimmed,
        "is_open": line.is_open,
        "withheld": line.withheld,
        "local": one.local,
        "salt": line.salt,
        "commitment": line.commitment,
    }


def _objections(one: Publication) -> Iterable[Objection]:
    return Objection.objects.filter(publication=one).select_related("line").order_by("created_at", "pk")


def _objection(frame: Frame, one: Objection) -> Row:
    """Against which line, when, what came of it; never by whom, nor in whose words."""
    return {
        "line": one.line_id,
        "indicator": one.line.indicator if one.line is not None else "",
        "came_on": frame.day(one.created_at),
        "state": one.get_state_display(),
        "answered_on": frame.day(one.final_at or one.answered_at),
        "answer": one.public_answer,
        "went_above_on": frame.day(one.escalated_at),
    }


# ------------------------------------------------------------------ the chain


def ledger(frame: Frame) -> Row:
    """入账链 From the first posting of the cycle's months to the last. One in between that belongs to another cycle is
    a bare link, so that the chain is whole."""
    of_branch = Posting.objects.filter(branch=frame.branch)
    within = of_branch.filter(months_of(frame.cycle, "publication__sheet"))
    numbers = sorted(within.order_by().values_list("number", flat=True))
    if not numbers:
        return {"continues": "", "postings": []}
    own = set(within.order_by().values_list("pk", flat=True))
    listed = of_branch.filter(number__range=(numbers[0], numbers[-1])).select_related("publication__sheet")
    entries: dict[int, list[Entry]] = {}
    rows = Entry.objects.filter(posting__in=own).select_related("text").order_by("posting_id", "order")
    for row in rows:
        entries.setdefault(row.posting_id, []).append(row)
    versions = {one.pk: one.number for one in versions_for(frame.branch.district_number)}
    postings = [
        _posting(frame, one, entries.get(one.pk, []), versions, one.pk in own) for one in listed.order_by("number")
    ]
    return {"continues": postings[0]["previous_digest"], "postings": postings}


def _posting(frame: Frame, one: Posting, entries: list[Entry], versions: dict[int, int], is_own: bool) -> Row:
    link = {"number": one.number, "previous_digest": one.previous_digest, "digest": one.digest, "own": is_own}
    if not is_own:
        return link
    shown = one.publication
    return {
        **link,
        "publication": shown.pk,
        "published": shown.digest,
        "closed_at": chain.moment(shown.closed_at),
        "posted_at": chain.moment(one.posted_at),
        "posted_on": frame.day(one.posted_at),
        "year": shown.sheet.year,
        "month": shown.sheet.month,
        "sequence": shown.sheet.sequence,
        "entries": [_entry(each, versions) for each in entries],
    }


def _entry(one: Entry, versions: dict[int, int]) -> Row:
    return {
        "number": one.pk,
        "order": one.order,
        "member": str(one.member_key),
        "version": versions.get(one.rulebook_version_id, 0),
        "version_number": one.rulebook_version_id,
        "indicator": one.indicator,
        "event": one.event,
        "value": whole(one.value),
        "quantity": one.quantity,
        "carried": one.carried,
        "event_on": one.event_on.isoformat(),
        "event_month": one.event_month,
        "created_at": chain.moment(one.created_at),
        "reference": one.reference,
        "corrects": one.corrects_id,
        "wording": one.text.wording,
        "commitment": one.commitment,
        "digest": one.digest,
    }
