"""公示的读取 What is shown, what was posted before it, and the objections with who may see them."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet

from pioneer.accounts.policies import Act, AnyActor, may, paths
from pioneer.assessments import queries as assessments
from pioneer.assessments import roster
from pioneer.assessments.models import Line, Sheet
from pioneer.conduct.queries import zeroings_in_force
from pioneer.kernel import clock
from pioneer.kernel.asking import remembered
from pioneer.kernel.errors import NotVisible
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.publicity import snapshot, voids
from pioneer.publicity.models import Objection as Objection
from pioneer.publicity.models import Publication as Publication
from pioneer.publicity.models import PublishedLine, PublishedMember
from pioneer.publicity.snapshot import Listed, Row, Stated
from pioneer.rulebook.queries import engine_for, version_on
from pioneer.scoring import Cycle, Fact

# ------------------------------------------------------------------ what stands before a notice


def closed_lines(member_ids: Collection[int], cycle: Cycle, *, by: datetime | None = None) -> dict[int, list[Fact]]:
    """已办结公示的条目 Of the cycle, by member, in the order of closing, what was corrected left out. Two queries.

    `by`: only what had been closed by that moment, for checking a notice afterwards.
    """
    closed = PublishedLine.objects.filter(publication__closed_at__isnull=False, withheld=False)
    if by is not None:
        closed = closed.filter(publication__closed_at__lte=by)
    corrected = set(
        closed.filter(kind=PublishedLine.Kind.CORRECTION, member__in=member_ids).values_list(
            "line__corrects", flat=True
        )
    )
    own = closed.filter(
        kind=PublishedLine.Kind.OWN, member__in=member_ids, event_on__range=(cycle.first_on, cycle.last_on)
    )
    columns = ("line_id", "member_id", "indicator", "event_on", "raw", "line__event", "line__quantity", "line__carried")
    rows = list(own.values_list(*columns, "publication__closed_at", "publication_id"))
    order = {key: number for number, key in enumerate(sorted({row[-2:] for row in rows}), start=1)}
    found: dict[int, list[Fact]] = {}
    for line_id, member_id, indicator, event_on, value, event, quantity, carried, *key in rows:
        if line_id not in corrected:
            stated = Stated(line_id, member_id, indicator, event_on, value, event, quantity=quantity, carried=carried)
            found.setdefault(member_id, []).append(snapshot.fact_of(stated, order[key[0], key[1]]))
    return found


def zeroing_facts(member_ids: Collection[int], cycle: Cycle) -> dict[int, list[Fact]]:
    """清零的事实 Of zeroings in force in the cycle, by member. One query."""
    found: dict[int, list[Fact]] = {}
    for case in zeroings_in_force(member_ids, cycle.first_on, cycle.last_on):
        fact = Fact(
            row=-case.pk,
            indicator=case.indicator,
            event_on=case.document_on,
            document=case.get_document_kind_display(),
            document_on=case.document_on,
        )
        found.setdefault(case.member_id, []).append(fact)
    return found


def cycle_of(sheet: Sheet) -> Cycle:
    """考评表所属的周期"""
    return engine_for(sheet.branch.district_number).cycle_of(roster.last_day(sheet.year, sheet.month))


def drawn(sheet: Sheet, *, shown: Publication | None = None) -> list[Row]:
    """公示的内容 As it would be shown now. Who has died is on no new notice; to compare with one that is being `shown`,
    whoever stands on that one is kept. A constant number of queries."""
    cycle = cycle_of(sheet)
    lines = assessments.standing_lines(sheet, unpublished=False)
    entries = roster.roster(sheet, unpublished=False)
    on_it = {entry.id for entry in entries}
    strays = Member.objects.filter(pk__in={line.member_id for line in lines} - on_it)
    entries += members.entries(strays, roster.day_of(sheet), with_gone=True) if strays else []
    gone = members.deceased_among([entry.id for entry in entries], clock.today())
    if gone and shown is not None:
        gone -= set(shown.members.values_list("member_id", flat=True))
    lines = [line for line in lines if line.member_id not in gone]
    entries = [entry for entry in entries if entry.id not in gone]
    engine = engine_for(sheet.branch.district_number)
    ids = [entry.id for entry in entries]
    if engine.voids_for_everybody:
        ids = voids.with_declaring(ids, sheet.branch.district_number, cycle)
    zeroings = zeroing_facts(ids, cycle)
    listed = [Listed(e.id, str(e.key), e.name, _note(e.marks, zeroings.get(e.id, ()))) for e in entries]
    before = closed_lines(ids, cycle)
    stated = [
        Stated(
            line.pk,
            line.member_id,
            line.indicator,
            line.event_on,
            line.value,
            line.event,
            line.wording,
            line.corrects_id,
            line.quantity,
            line.level,
            line.carried,
            line.multiplier,
        )
        for line in lines
    ]
    wordings: dict[int, str] = {}
    if any(line.corrects_id for line in stated):
        rows = [fact.row for facts in before.values() for fact in facts]
        wordings = dict(Line.objects.filter(pk__in=rows).values_list("pk", "wording"))
    scored = members.scoring_members(ids, cycle)
    return snapshot.draw(engine, cycle, listed, stated, before, zeroings, scored, wordings)


def _note(marks: Iterable[str], zeroings: Iterable[Fact]) -> str:
    closed = [f"清零{fact.indicator}（{fact.document}）" for fact in zeroings]
    return "　".join([*marks, *closed])[:60]


def moved(publication: Publication, rows: Collection[Row]) -> set[int]:
    """变动的条目 Lines whose figures differ from those shown; not of who was zeroed meanwhile, whose are not posted."""
    zeroed = {row.listed.member_id for row in rows if "清零" in row.listed.note}
    was = {
        line.line_id: (line.kind, line.counted)
        for line in publication.lines.filter(withheld=False)
        if line.member_id not in zeroed
    }
    now = {
        shown.line_id: (shown.kind, shown.counted)
        for row in rows
        if row.listed.member_id not in zeroed
        for shown in row.lines
    }
    return {number for number in was.keys() | now.keys() if was.get(number) != now.get(number)}


def figures_moved(publication: Publication) -> bool:
    """数字是否变动 Whether another posting changed meanwhile what a notice whose window is over shows."""
    is_live = publication.superseded_at is None and publication.closed_at is None
    is_due = is_live and clock.now() >= publication.closes_at
    return is_due and bool(moved(publication, drawn(publication.sheet, shown=publication)))


def heading_of(sheet: Sheet, published_on: date) -> dict[str, str]:
    """公示的抬头 What the notice says of itself, frozen with it."""
    version = version_on(sheet.branch.district_number, roster.last_day(sheet.year, sheet.month))
    above = sheet.branch.parent
    return {
        "branch": sheet.branch.name,
        "above": above.name if above else "",
        "month": _time_of(sheet),
        "kind": sheet.get_kind_display(),
        "rulebook": f"{version.name}（第{version.number}版）",
        "rulebook_digest": version.digest,
        "published": published_on.isoformat(),
    }


def _time_of(sheet: Sheet) -> str:
    if (on := sheet.taken_over_on) is not None:
        return f"结转（至{on.year}年{on.month}月{on.day}日）"
    return f"{sheet.year}年{sheet.month}月" + (f"（补充{sheet.sequence}）" if sheet.sequence else "")


# ------------------------------------------------------------------ publications


def live(sheet_id: int) -> Publication | None:
    """现行的公示 The latest revision of a sheet's notice."""
    found = Publication.objects.filter(sheet=sheet_id, superseded_at__isnull=True)
    return found.select_related("sheet__branch__parent").first()


def lock_live(sheet_id: int) -> Publication | None:
    """锁定现行的公示"""
    found = Publication.objects.select_for_update(of=("self",)).filter(sheet=sheet_id, superseded_at__isnull=True)
    return found.select_related("sheet__branch__parent").first()


def visible_to(actor: AnyActor) -> QuerySet[Publication]:
    """看得到的公示 In the organisation's own pages; the public page is found by its address instead."""
    scope = Q(pk__in=[])
    for path in paths(actor, Act.SEE_SHEET):
        scope |= Q(sheet__branch__path__startswith=path)
    return Publication.objects.filter(scope).select_related("sheet__branch__parent")


def get_publication(actor: AnyActor, publication_id: int) -> Publication:
    """取一次公示"""
    found = visible_to(actor).filter(pk=publication_id).first()
    if found is None:
        raise NotVisible
    return found


def by_token(token: str) -> Publication:
    """公示地址所指的公示 The live revision of the sheet to which the address once led."""
    found = Publication.objects.filter(token=token).values_list("sheet_id", flat=True).first()
    publication = live(found) if found is not None else None
    if publication is None:
        raise NotVisible("没有这一页公示，请核对网址或重新扫描公示栏上的二维码。")
    return publication


def shown_in_month(year: int, month: int) -> QuerySet[Publication]:
    """一个月的公示 The live notice of every sheet of the month, branch by branch."""
    found = Publication.objects.filter(superseded_at__isnull=True, sheet__year=year, sheet__month=month)
    return found.select_related("sheet__branch__parent").order_by("sheet__branch__path", "sheet__sequence")


def in_window(publication: Publication) -> bool:
    """是否在公示期内"""
    return publication.closed_at is None and publication.superseded_at is None and clock.now() < publication.closes_at


def shown(publication: Publication) -> list[tuple[PublishedMember, list[PublishedLine]]]:
    """公示的内容 As it was shown: each member with its lines, in roster order. Two queries."""
    lines: dict[int, list[PublishedLine]] = {}
    for line in PublishedLine.objects.filter(publication=publication).order_by("event_on", "line_id"):
        lines.setdefault(line.member_id, []).append(line)
    rows = PublishedMember.objects.filter(publication=publication)
    return [(row, lines.get(row.member_id, [])) for row in rows]


def unpublished_sheets(actor: AnyActor) -> list[Sheet]:
    """待公示的考评表 Confirmed, in the actor's reach, without a notice yet."""
    confirmed = [one for one in unshown(actor) if one.state == Sheet.State.CONFIRMED]
    return [one for one in confirmed if may(actor, Act.PUBLISH, one.branch)]


@remembered
def unshown(actor: AnyActor) -> list[Sheet]:
    """没有公示过的考评表 At whatever step, of branches where the actor evaluates or publishes."""
    scope = Q(pk__in=[])
    for path in {*paths(actor, Act.EVALUATE), *paths(actor, Act.PUBLISH)}:
        scope |= Q(branch__path__startswith=path)
    found = Sheet.objects.filter(scope).exclude(pk__in=Publication.objects.values("sheet_id"))
    return list(found.select_related("branch").order_by("year", "month", "sequence", "pk"))


def due_to_close() -> list[Publication]:
    """到期的公示 Live, not closed, whose window is over; for the clock, in the order in which they were shown."""
    found = Publication.objects.filter(superseded_at__isnull=True, closed_at__isnull=True, closes_at__lte=clock.now())
    return list(found.select_related("sheet__branch").order_by("published_at", "pk"))


def earlier_open(sheet: Sheet) -> Publication | None:
    """前面未办结的公示 A notice of the same branch that is not closed yet; the next one waits for it."""
    open_now = Publication.objects.filter(
        sheet__branch=sheet.branch_id, superseded_at__isnull=True, closed_at__isnull=True
    ).exclude(sheet=sheet)
    return open_now.select_related("sheet").order_by("sheet__year", "sheet__month", "sheet__sequence").first()


def last_window(publication: Publication) -> datetime:
    """最后的期满时刻 Over all revisions of the sheet: a later one never shortens the window of an earlier one."""
    ends = Publication.objects.filter(sheet=publication.sheet_id).values_list("closes_at", flat=True)
    return max(ends, default=publication.closes_at)


@remembered
def running(actor: AnyActor) -> list[Publication]:
    """正在办的公示 Live and not closed, in the actor's reach, by the end of the window."""
    found = visible_to(actor).filter(superseded_at__isnull=True, closed_at__isnull=True)
    return list(found.order_by("closes_at", "pk"))


def closed(actor: AnyActor) -> QuerySet[Publication]:
    """已结束的公示 The latest first."""
    return visible_to(actor).filter(closed_at__isnull=False).order_by("-closed_at", "-pk")


def ready_to_close(actor: AnyActor) -> list[Publication]:
    """可结束的公示 The window over, in branches where the actor publishes."""
    subtrees = paths(actor, Act.PUBLISH)
    return [
        found
        for found in running(actor)
        if found.closes_at <= clock.now() and any(found.sheet.branch.path.startswith(path) for path in subtrees)
    ]


def revisions_of(publication: Publication) -> list[Publication]:
    """历次公示 Of the same sheet, the first one first."""
    return list(Publication.objects.filter(sheet=publication.sheet_id).order_by("revision"))
