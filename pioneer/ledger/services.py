"""台账的写入 The only writer of scores: a closed notice becomes entries, once."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import QuerySet

from pioneer.accounts.policies import AnyActor, Clock
from pioneer.assessments.models import Line
from pioneer.assessments.queries import claims_of_sheet
from pioneer.declarations.services import forget_when_taken
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.operations import operation
from pioneer.ledger import chain, policies, queries
from pioneer.ledger.models import Entry, EntryText, Posting
from pioneer.organisations.models import Organisation
from pioneer.publicity import queries as publicity
from pioneer.publicity.models import Publication, PublishedLine
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.queries import parsed, versions_for


@operation("ledger.post_sheet")
def post_sheet(*, actor: AnyActor, publication_id: int) -> Posting:
    """入账 Exactly the lines of a closed notice, as it showed them. Called again, the answer is the same posting.

    The branch's row is the lock of its chain: branches never wait for one another.
    """
    publication = _locked(actor, publication_id)
    branch = publication.sheet.branch
    policies.require_post(actor, branch)
    if (before := Posting.objects.filter(publication=publication).first()) is not None:
        return before
    _require_its_turn(publication)
    _withhold_zeroed(publication)
    last = Posting.objects.filter(branch=branch).order_by("-number").first()
    assert publication.closed_at is not None
    built = chain.build_posting(
        branch=branch.pk,
        number=(last.number if last else 0) + 1,
        previous=queries.heads(branch.pk),
        publication=publication.pk,
        publication_digest=publication.digest,
        closed_at=publication.closed_at,
        posted_at=clock.now(),
        lines=_lines(publication, branch),
    )
    posting = Posting.objects.create(**built.posting)
    entries = Entry.objects.bulk_create([Entry(posting=posting, **row) for row in built.entries], batch_size=500)
    EntryText.objects.bulk_create(
        [EntryText(entry=entry, **row) for entry, row in zip(entries, built.texts, strict=True)], batch_size=500
    )
    forget_when_taken(claims_of_sheet(publication.sheet_id))
    return posting


def _locked(actor: AnyActor, publication_id: int) -> Publication:
    """The publication as the actor sees it, its branch's chain under lock, then the publication's own row."""
    seen = Publication.objects.all() if isinstance(actor, Clock) else publicity.visible_to(actor)
    branch_id = seen.filter(pk=publication_id).order_by().values_list("sheet__branch_id", flat=True).first()
    if branch_id is None:
        raise NotVisible()
    Organisation.objects.select_for_update().get(pk=branch_id)
    locked = Publication.objects.select_for_update(of=("self",)).select_related("sheet__branch")
    return locked.get(pk=publication_id)


def _require_its_turn(publication: Publication) -> None:
    sheet = publication.sheet
    if publication.superseded_at is not None:
        raise DomainError("superseded", "这次公示已由下一次公示代替，入账的是最近一次。请打开最近一次公示办理。")
    if publication.closed_at is None:
        raise DomainError(
            "not_closed",
            f"{sheet.year}年{sheet.month}月的公示还没有结束，不能入账。公示期满、异议都办结以后，先结束公示。",
        )
    if (earlier := queries.waiting_before(publication)) is not None:
        month = f"{earlier.sheet.year}年{earlier.sheet.month}月"
        raise DomainError(
            "earlier_unposted", f"{month}的公示先结束，还没有入账。条目按结束公示的先后入账，请先办理它。"
        )


def _withhold_zeroed(publication: Publication) -> None:
    """Who was zeroed after the notice was closed: lines on an unposted sheet are not posted."""
    shown = PublishedLine.objects.filter(publication=publication, withheld=False)
    members = list(shown.values_list("member_id", flat=True).distinct())
    zeroed = publicity.zeroing_facts(members, publicity.cycle_of(publication.sheet))
    shown.filter(member__in=zeroed).update(withheld=True)


def _lines(publication: Publication, branch: Organisation) -> list[chain.Posted]:
    shown = PublishedLine.objects.filter(publication=publication, withheld=False)
    rows = list(shown.exclude(kind=PublishedLine.Kind.MOVED).select_related("line", "member").order_by("line_id"))
    taken_back = _entries_taken_back([row.line for row in rows])
    versions = versions_for(branch.district_number)
    happenings = _happenings(rows, versions, branch.district_number)
    return [
        chain.Posted(
            line=row.line_id,
            member_key=row.member.key,
            version=_version_on(versions, row.event_on),
            indicator=row.indicator,
            event_on=row.event_on,
            value=row.raw,
            quantity=row.line.quantity,
            carried=row.line.carried,
            event=happenings.get(row.line_id, ""),
            corrects=taken_back[row.line.corrects_id] if row.line.corrects_id else None,
            wording=row.wording,
            ground=row.line.ground,
        )
        for row in rows
    ]


def _entries_taken_back(lines: Iterable[Line]) -> Mapping[int, int]:
    """The entry of each line that one of these takes back."""
    wanted = [line.corrects_id for line in lines if line.corrects_id]
    found = Entry.objects.filter(reference__in=[chain.reference_of(number) for number in wanted])
    entries = {chain.line_of(entry.reference): entry.pk for entry in found}
    if missing := [number for number in wanted if number not in entries]:
        raise DomainError(
            "nothing_to_correct",
            f"有{len(missing)}条更正所指的条目还没有入账，不能冲正。请先办理那张考评表的公示和入账。",
        )
    return entries


def _version_on(versions: Iterable[RulebookVersion], on: date) -> int:
    for version in versions:
        if version.valid_from <= on and (version.valid_until is None or on <= version.valid_until):
            return version.pk
    raise DomainError(
        "no_rulebook", f"{on.year}年{on.month}月{on.day}日没有适用的积分办法，不能入账。请先采用适用的版本。"
    )


def _happenings(rows: Iterable[PublishedLine], versions: Iterable[RulebookVersion], district_id: int) -> dict[int, str]:
    """The happening each line belongs to, under the number of its first line: no word of it enters the books. Where an
    indicator makes an event void for everybody, it is the same happening for every member of the district."""
    named = [row.line for row in rows if row.line.event]
    if not named:
        return {}
    twins = Line.objects.filter(event__in={line.event for line in named})
    if any(row.voids == "event" for version in versions for row in parsed(version).indicators.values()):
        return _shared_happenings(named, twins.filter(member__district=district_id))
    firsts: dict[tuple[int, str], int] = {}
    twins = twins.filter(member__in={line.member_id for line in named})
    for member, event, number in twins.order_by("pk").values_list("member_id", "event", "pk"):
        firsts.setdefault((member, event), number)
    return {line.pk: chain.reference_of(firsts[line.member_id, line.event]) for line in named}


def _shared_happenings(named: Iterable[Line], twins: QuerySet[Line]) -> dict[int, str]:
    """What the books call a happening already: for this member, else for anybody; else its first line."""
    lines = list(twins.order_by("pk").values_list("member_id", "event", "pk"))
    posted = dict(
        Entry.objects.filter(reference__in=[chain.reference_of(number) for _, _, number in lines])
        .exclude(event="")
        .values_list("reference", "event")
    )
    own: dict[tuple[int, str], str] = {}
    anybodys: dict[str, str] = {}
    firsts: dict[str, str] = {}
    for member, event, number in lines:
        reference = chain.reference_of(number)
        firsts.setdefault(event, reference)
        if reference in posted:
            own.setdefault((member, event), posted[reference])
            anybodys.setdefault(event, posted[reference])
    return {
        line.pk: own.get((line.member_id, line.event)) or anybodys.get(line.event) or firsts[line.event]
        for line in named
    }
