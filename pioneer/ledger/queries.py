"""台账的读取 Scores from entries by the engine, postings with their fingerprints, and what is still to be posted."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, DenseRank, Substr

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.assessments.models import Sheet
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.ledger import chain, voids
from pioneer.ledger.models import Entry, EntryText, Posting
from pioneer.members import queries as members
from pioneer.members.models import GONE, Member, StatusSpell
from pioneer.organisations.models import Organisation, OrganisationChange
from pioneer.publicity import queries as publicity
from pioneer.publicity.models import Publication
from pioneer.rulebook.queries import current_rulebook, deadline, engine_for
from pioneer.scoring import Cycle, Engine, Fact, Score
from pioneer.scoring.model import Parameter

# ------------------------------------------------------------------ scores


@dataclass(frozen=True, slots=True)
class Standing:
    """有效条目 An entry that no correction takes back, as a fact of the engine; `entry` is its number."""

    entry: int
    fact: Fact


@dataclass(frozen=True, slots=True)
class Beyond:
    """台账以外的 What later stations know of a member's cycle: the marks from outside the points, the score and the
    tiers filed of the cycles before."""

    marks: tuple[Fact, ...] = ()
    previous: int | None = None
    former: tuple[str | int | None, ...] = ()


Known = Callable[[Member, Cycle], Beyond | None]


def nothing_known(member: Member, cycle: Cycle) -> Beyond | None:
    """没有台账以外的"""
    return None


def score_of(member: Member, on: date) -> Score:
    """得分 Of one member in the cycle that holds `on`: what is posted, and the zeroings in force. Constant queries."""
    return scores_of([member.pk], on, engine_for(member.district_id))[member.pk]


def scores_of(
    member_ids: Collection[int],
    on: date,
    engine: Engine,
    extra: Mapping[int, Sequence[Fact]] | None = None,
    beyond: Mapping[int, Beyond] | None = None,
) -> dict[int, Score]:
    """得分 Of many at once; who has no track is left out. `extra`: what is only supposed, by member; `beyond`: what
    later stations know. Constant queries."""
    cycle = engine.cycle_of(on)
    everybody = voids.with_declaring(member_ids, cycle) if engine.voids_for_everybody else member_ids
    scored = members.scoring_members(everybody, cycle)
    zeroings = publicity.zeroing_facts(everybody, cycle)
    keys = dict(Member.objects.filter(pk__in=everybody).order_by().values_list("key", "pk"))
    supposed = extra or {}
    facts: dict[int, list[Fact]] = {number: list(zeroings.get(number, ())) for number in scored}
    for key, standing in standing_facts(keys, cycle).items():
        facts[keys[key]] += [one.fact for one in standing]
    for number, known in (beyond or {}).items():
        if number in scored:
            scored[number] = replace(scored[number], previous=known.previous, former=known.former)
            facts[number] += known.marks
    voided = voids.declared(engine, scored, facts, cycle)
    return {
        number: engine.score(person, [*facts[number], *supposed.get(number, ())], cycle, voided)
        for number, person in scored.items()
        if person.tracks and number in member_ids
    }


def totals_of(member_ids: Collection[int], year: int) -> dict[int, int]:
    """累计得分 Of members of one district, in hundredths, for the cycle that holds the year's last day."""
    districts = set(Member.objects.filter(pk__in=member_ids).order_by().values_list("district_id", flat=True))
    found: dict[int, int] = {}
    for district in districts:
        scores = scores_of(member_ids, date(year, 12, 31), engine_for(district))
        found |= {number: score.score for number, score in scores.items()}
    return found


def standing_facts(keys: Iterable[UUID], cycle: Cycle) -> dict[UUID, list[Standing]]:
    """有效条目 Of the cycle by member key, in the order of closing. A corrected entry leaves no trace. One query."""
    taken_back = Entry.objects.filter(corrects=OuterRef("pk"))
    rows = list(
        Entry.objects.filter(
            member_key__in=list(keys), event_on__range=(cycle.first_on, cycle.last_on), corrects__isnull=True
        )
        .exclude(Exists(taken_back))
        .order_by("posting_id", "order")
        .values_list(*COLUMNS)
    )
    return as_facts(rows)


def entries_of_keys(keys: RawSQL, first_on: date, last_on: date) -> "QuerySet[Entry, tuple[Any, ...]]":
    """许多人的有效条目 To be taken into the database's own working tables, never read one by one: number, member key,
    posting, sheet line, indicator, day, event, value, quantity, and whether it was carried over from paper."""
    taken_back = Entry.objects.filter(corrects=OuterRef("pk"))
    found = Entry.objects.filter(
        member_key__in=keys, event_on__range=(first_on, last_on), corrects__isnull=True
    ).exclude(Exists(taken_back))
    return found.values_list(
        "pk",
        "member_key",
        "posting_id",
        Cast(Substr("reference", len(chain.reference_of(0))), BigIntegerField()),  # from its first digit on
        "indicator",
        "event_on",
        "event",
        "value",
        "quantity",
        Cast("carried", IntegerField()),
    )


def order_of_postings(postings: RawSQL) -> "QuerySet[Posting, tuple[Any, ...]]":
    """入账的先后 Of these postings, for the database's own working tables: number, and place in the order in which
    their notices were closed."""
    closing = (F("publication__closed_at"), F("publication_id"))
    return Posting.objects.filter(pk__in=postings).values_list("pk", Window(DenseRank(), order_by=closing))


COLUMNS = (
    "pk",
    "member_key",
    "reference",
    "indicator",
    "event_on",
    "event",
    "value",
    "quantity",
    "carried",
    "posting__publication__closed_at",
    "posting__publication_id",
)


def as_facts(rows: Iterable[tuple[object, ...]]) -> dict[UUID, list[Standing]]:
    """引擎的事实 From rows of COLUMNS. Postings count in the order in which their notices were closed."""
    listed = list(rows)
    order = {moment: place for place, moment in enumerate(sorted({row[9:11] for row in listed}), start=1)}
    found: dict[UUID, list[Standing]] = {}
    for row in listed:
        number, key, reference, indicator, event_on, event, value, quantity, carried = row[:9]
        fact = Fact(
            row=chain.line_of(str(reference)),
            indicator=str(indicator),
            event_on=event_on,  # type: ignore[arg-type]
            quantity=quantity,  # type: ignore[arg-type]
            event=str(event) or None,
            fixed=value,  # type: ignore[arg-type]
            posted_order=order[row[9:11]],
            carried=bool(carried),
        )
        found.setdefault(key, []).append(Standing(number, fact))  # type: ignore[arg-type]
    return found


# ------------------------------------------------------------------ entries and postings


def entries_of(actor: AnyActor, member_id: int) -> QuerySet[Entry]:
    """台账条目 Of one member the actor may see, the latest posting first, with texts and what takes each back."""
    member = members.get_visible(actor, member_id)
    found = Entry.objects.filter(member_key=member.key).select_related("posting__branch", "text", "corrects")
    return found.order_by("-posting_id", "order")


def postings_visible_to(actor: AnyActor) -> QuerySet[Posting]:
    """看得到的入账 Of the branches whose sheets the actor sees."""
    scope = Q(pk__in=[])
    for path in paths(actor, Act.SEE_SHEET):
        scope |= Q(branch__path__startswith=path)
    return Posting.objects.filter(scope)


def branch_for(actor: AnyActor, branch_id: int) -> Organisation:
    """看得到台账的支部 Open or closed."""
    scope = Q(pk__in=[])
    for path in paths(actor, Act.SEE_SHEET):
        scope |= Q(path__startswith=path)
    found = Organisation.objects.filter(scope, pk=branch_id).select_related("parent").first()
    if found is None or not (found.is_branch or Posting.objects.filter(branch=found).exists()):
        raise NotVisible()
    return found


def postings_of(actor: AnyActor, branch: Organisation) -> QuerySet[Posting]:
    """支部的入账 The latest first, with how many entries each holds. One query."""
    found = postings_visible_to(actor).filter(branch=branch).select_related("publication__sheet")
    return found.annotate(count=Count("entries")).order_by("-number")


def posting_of(publication_id: int) -> Posting | None:
    """公示的入账 None while it is not posted."""
    return Posting.objects.filter(publication=publication_id).first()


def posted_at(publication_ids: Collection[int]) -> dict[int, datetime]:
    """入账时刻 Of many publications, by publication. One query."""
    found = Posting.objects.filter(publication__in=publication_ids)
    return dict(found.order_by().values_list("publication_id", "posted_at"))


def texts_of(entry_ids: Collection[int]) -> dict[int, EntryText]:
    """条目文字 By entry. One query."""
    return {text.entry_id: text for text in EntryText.objects.filter(entry__in=entry_ids)}


# ------------------------------------------------------------------ the chain


def heads(branch_id: int) -> list[str]:
    """链头 What the branch's next posting cites: its own last digest, then those of branches merged into it and not
    cited yet."""
    own = list(Posting.objects.filter(branch=branch_id).order_by("number").values_list("digest", "previous_digest"))
    cited = {digest for _, previous in own for digest in previous.split(chain.SEPARATOR)}
    found = [own[-1][0]] if own else []
    for former in merged_into(branch_id):
        found += [digest for digest in heads(former) if digest not in cited]
    return found


def merged_into(branch_id: int) -> list[int]:
    """并入的支部 In order of their merging."""
    changes = OrganisationChange.objects.filter(kind=OrganisationChange.Kind.MERGED, other=branch_id)
    return list(changes.order_by("on", "pk").values_list("organisation_id", flat=True))


# ------------------------------------------------------------------ what is still to be posted


def to_post() -> QuerySet[Publication]:
    """待入账的公示 Closed and not posted, in the order of closing; for the clock."""
    posted = Posting.objects.filter(publication=OuterRef("pk"))
    found = Publication.objects.filter(closed_at__isnull=False).exclude(Exists(posted))
    return found.select_related("sheet__branch").order_by("closed_at", "pk")


def to_post_by(actor: AnyActor) -> list[Publication]:
    """待我入账的公示"""
    scope = Q(pk__in=[])
    for path in paths(actor, Act.POST):
        scope |= Q(sheet__branch__path__startswith=path)
    return list(to_post().filter(scope))


def waiting_before(publication: Publication) -> Publication | None:
    """先结束而未入账的 A notice of the branch that was closed earlier and is not posted."""
    earlier = Q(closed_at__lt=publication.closed_at) | Q(closed_at=publication.closed_at, pk__lt=publication.pk)
    return to_post().filter(earlier, sheet__branch=publication.sheet.branch_id).select_related("sheet").first()


def unposted_sheets(branch_id: int) -> list[Sheet]:
    """未入账的考评表 Sheets of a branch that hold something and are not posted. An open one that is still empty holds
    nothing."""
    posted = Posting.objects.filter(publication__sheet=OuterRef("pk"))
    found = Sheet.objects.filter(branch=branch_id).exclude(Exists(posted)).order_by("year", "month", "sequence")
    return [
        sheet
        for sheet in found
        if sheet.state != Sheet.State.OPEN or sheet.lines.filter(state="standing").exists() or sheet.reviews.exists()
    ]


# ------------------------------------------------------------------ erasure


@dataclass(frozen=True, slots=True)
class Leaver:
    """离开的党员 Since when, and until when its texts are kept by the rulebook."""

    member_id: int
    name: str
    number: str
    status_name: str
    left_on: date
    due_on: date
    is_due: bool


def leavers(actor: AnyActor) -> list[Leaver]:
    """离开的党员 Of the districts in which the actor erases, the longest gone first, without who is erased already.
    Constant queries."""
    spells = StatusSpell.objects.filter(
        status__in=GONE,
        until_on__isnull=True,
        from_on__lte=clock.today(),
        member__district__path__in=paths(actor, Act.ERASE),
        member__erased_at__isnull=True,
    )
    keep: dict[int, Parameter | None] = {}
    found = []
    for spell in spells.select_related("member").order_by("from_on", "member_id"):
        district = spell.member.district_id
        if district not in keep:
            keep[district] = _kept(district)
        if (length := keep[district]) is not None:
            found.append(_leaver(spell, deadline(length, spell.from_on)))
    return found


def _kept(district: int) -> Parameter | None:
    """How long by the rulebook in force; where there is none, nobody is due."""
    try:
        return current_rulebook(district, clock.today()).procedure.erasure
    except DomainError:
        return None


def _leaver(spell: StatusSpell, due_on: date) -> Leaver:
    member = spell.member
    is_due = clock.today() >= due_on
    return Leaver(member.pk, member.name, member.number, spell.get_status_display(), spell.from_on, due_on, is_due)
