"""公示的写入 Showing a confirmed sheet, showing its next revision, closing it when its time is over."""

from collections.abc import Collection
from datetime import timedelta

from pioneer.accounts.policies import AnyActor, Clock
from pioneer.assessments import queries as assessments
from pioneer.assessments import roster, writing
from pioneer.assessments.models import Line, Sheet
from pioneer.conduct.queries import must_step_aside
from pioneer.kernel import clock, sealing
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.kernel.operations import operation
from pioneer.publicity import objection_queries, policies, queries, snapshot
from pioneer.publicity.models import Objection, Publication, PublishedLine, PublishedMember, new_token
from pioneer.publicity.snapshot import Row
from pioneer.rulebook.queries import current_rulebook, deadline


@operation("publicity.publish_sheet")
def publish_sheet(*, actor: AnyActor, sheet_id: int) -> Publication:
    """公示 Shows a confirmed sheet once its month is over. The end of the window is computed now and stored: so many
    working days of Asia/Shanghai after today, until 24:00 of the last. Pressed twice, the answer is the same notice."""
    sheet = writing.lock_sheet(actor, sheet_id)
    policies.require_publish(actor, sheet.branch)
    if (before := queries.live(sheet.pk)) is not None:
        return before
    if sheet.state != Sheet.State.CONFIRMED:
        raise DomainError("not_confirmed", "这张考评表还没有复核，不能公示。请先送另一个人复核。")
    if clock.today() <= roster.last_day(sheet.year, sheet.month):
        raise DomainError("month_not_over", f"{sheet.month}月还没有过完，下月1日起才能公示。")
    if (open_now := queries.earlier_open(sheet)) is not None:
        raise DomainError(
            "earlier_open",
            f"{open_now.sheet.year}年{open_now.sheet.month}月的公示还没有办结，累计分会受它影响。请先办结，再公示这一张。",
        )
    _move_unconfirmed(sheet)
    upheld = [
        row for row in objection_queries.objections_of(sheet) if objection_queries.to_carry_out(row)
    ]  # of lines carried over to it
    if upheld:
        _require_second(actor, sheet, upheld)
        _carry_out_all(actor, upheld, sheet.revision)
    return _show(actor, sheet, queries.drawn(sheet), 1, None)


@operation("publicity.publish_revision")
def publish_revision(*, actor: AnyActor, sheet_id: int) -> Publication:
    """再次公示 Carries out the upheld objections and shows the sheet again: a full window for the changed lines and for
    every line of the same member whose counted value moved. Another person than who ruled on them."""
    sheet = writing.lock_sheet(actor, sheet_id)
    upheld = [row for row in objection_queries.objections_of(sheet) if objection_queries.to_carry_out(row)]
    _require_second(actor, sheet, upheld)
    former = _live_or_refuse(sheet)
    if former.closed_at is not None:
        raise DomainError("already_closed", "这次公示已经办结，请在下一张考评表上冲正。")
    if not upheld:
        raise DomainError("nothing_upheld", "没有已认定成立、等待更正的异议，不用再次公示。")
    _carry_out_all(actor, upheld, writing.revise(sheet))
    return _again(actor, sheet, former)


@operation("publicity.refresh_publication")
def refresh_publication(*, actor: AnyActor, sheet_id: int) -> Publication:
    """数字变动再公示 Another notice was closed meanwhile and moved what this one counts: that is shown anew."""
    sheet = _locked_sheet(actor, sheet_id)
    policies.require_close(actor, sheet.branch)
    former = _live_or_refuse(sheet)
    if former.closed_at is not None or not queries.moved(former, queries.drawn(sheet, shown=former)):
        raise DomainError("nothing_moved", "公示的数字没有变动，不用再次公示。")
    return _again(actor, sheet, former)


@operation("publicity.close_publication")
def close_publication(*, actor: AnyActor, publication_id: int) -> Publication:
    """结束公示 When the stored end has passed and every objection is answered for good. Never earlier."""
    publication = _locked(actor, publication_id)
    policies.require_close(actor, publication.sheet.branch)
    if publication.closed_at is not None:
        return publication
    if publication.superseded_at is not None:
        raise DomainError("superseded", "这次公示已由下一次公示代替，请办理最近一次。")
    ends = queries.last_window(publication)
    if clock.now() < ends:
        last = ends.astimezone(clock.SHANGHAI).date() - timedelta(days=1)
        raise DomainError("window_open", f"公示期到{last.year}年{last.month}月{last.day}日24时为止，期满后才能结束。")
    if not _carry_on(publication) and (hindrances := objection_queries.standing_in_the_way(publication.sheet)):
        raise DomainError("objections_open", f"{'；'.join(hindrances)}。办完以后才能结束公示、入账。")
    if queries.moved(publication, queries.drawn(publication.sheet, shown=publication)):
        raise DomainError("figures_moved", "公示期间另有条目入账，使本表的计入分发生变动。请对变动的条目再次公示。")
    zeroed = queries.zeroing_facts(
        list(publication.members.values_list("member_id", flat=True)), queries.cycle_of(publication.sheet)
    )
    PublishedLine.objects.filter(publication=publication, member__in=zeroed).update(withheld=True)
    publication.closed_at = clock.now()
    publication.closed_by_number = actor.number
    publication.save(update_fields=["closed_at", "closed_by_number"])
    return publication


# ------------------------------------------------------------------ in common


def _locked_sheet(actor: AnyActor, sheet_id: int) -> Sheet:
    """As the actor sees it; the clock sees every one."""
    if not isinstance(actor, Clock):
        return writing.lock_sheet(actor, sheet_id)
    sheet = Sheet.objects.select_for_update(of=("self",)).select_related("branch__parent").filter(pk=sheet_id).first()
    if sheet is None:
        raise NotVisible
    return sheet


def _locked(actor: AnyActor, publication_id: int) -> Publication:
    """The sheet first, then the notice, as everywhere."""
    sheet = Publication.objects.filter(pk=publication_id).values_list("sheet_id", flat=True).first()
    if sheet is None:
        raise NotVisible
    _locked_sheet(actor, sheet)
    locked = Publication.objects.select_for_update(of=("self",)).select_related("sheet__branch__parent")
    return locked.get(pk=publication_id)


def _live_or_refuse(sheet: Sheet) -> Publication:
    found = queries.lock_live(sheet.pk)
    if found is None:
        raise DomainError("not_published", "这张考评表还没有公示。")
    return found


def _require_second(actor: AnyActor, sheet: Sheet, upheld: Collection[Objection]) -> None:
    policies.require_second(actor, sheet.branch, {row.new_by_number for row in upheld})
    for row in upheld:
        if aside := must_step_aside(actor, objection_queries.member_of(row)):
            raise NotAllowed(aside, code="recusal")


def _carry_out_all(actor: AnyActor, upheld: Collection[Objection], revision: int) -> None:
    for row in upheld:
        _carry_out(actor, row, revision)
        row.applied_in = revision
        row.save(update_fields=["applied_in"])


def _carry_on(publication: Publication) -> bool:
    """Where more objections wait than the rulebook allows, only the lines concerned wait: they move to the next open
    sheet with their objections, and the rest is closed. True where that was done and nothing else stands in the way."""
    sheet = publication.sheet
    waiting = [row for row in objection_queries.objections_of(sheet) if row.state in objection_queries.WAITING]
    split = current_rulebook(sheet.branch.district_number, clock.today()).procedure.objections_split.value
    if len(waiting) <= split or any(row.line is None for row in waiting):
        return False
    concerned = {row.line_id: row.line for row in waiting if row.line is not None}
    while concerned:
        for number, first in concerned.items():
            if (line := _standing_of(first)) is not None:
                _carry(publication, line, number)
        moved = queries.moved(publication, queries.drawn(sheet, shown=publication))
        concerned = {
            line.pk: line for line in Line.objects.filter(pk__in=moved, sheet=sheet, state=Line.State.STANDING)
        }
    return not objection_queries.standing_in_the_way(sheet)


def _move_unconfirmed(sheet: Sheet) -> None:
    """What nobody has confirmed is not shown: the lines of a member whose zeroing was reversed only after the sheet had
    been confirmed go to the next open sheet, and are confirmed there."""
    unconfirmed = [line for line in assessments.standing_lines(sheet) if line.confirmed_by_number is None]
    for line in unconfirmed:
        to = assessments.open_sheet_for(sheet.branch, line.event_on)
        if to is None:
            raise DomainError(
                "no_next_sheet",
                f"{line.member.name}的清零在复核之后撤销，所涉条目还没有复核，要移到下一张考评表，但现在没有开立着的考评表。"
                "请先开立下月考评表，再公示这一张。",
            )
        writing.carry_line(line, to, why="清零撤销后未经复核，移到下一张考评表", revision=sheet.revision)


def _carry(publication: Publication, line: Line, number: int | None) -> None:
    to = assessments.open_sheet_for(publication.sheet.branch, line.event_on)
    if to is None:
        raise DomainError(
            "no_next_sheet",
            "未办结的异议较多，所涉条目要移到下一张考评表，但现在没有开立着的考评表。请先开立下月考评表，再结束这次公示。",
        )
    carried = writing.carry_line(line, to, why="异议未办结，移到下一张考评表", revision=publication.sheet.revision)
    Objection.objects.filter(line=number, state__in=objection_queries.WAITING).update(line=carried)
    PublishedLine.objects.filter(publication=publication, line=line).update(withheld=True)


def _standing_of(line: Line) -> Line | None:
    """The line that stands now in the place of this one."""
    while line.state != line.State.STANDING:
        later = Line.objects.filter(replaces=line).first()
        if later is None:
            return None
        line = later
    return line


def _carry_out(actor: AnyActor, row: Objection, revision: int) -> None:
    why = f"异议{row.receipt}成立"
    if row.line is not None:
        line = _standing_of(row.line)
        if row.new_value is None:
            if line is not None:
                writing.strike_line(line, why=why, revision=revision)
        else:
            line = line or _last_of(row.line)
            said = row.new_wording or line.wording
            writing.replace_line(
                line, value=row.new_value, wording=said, why=why, revision=revision, by_number=actor.number
            )
    elif row.review is not None and row.new_value is not None:
        writing.admit_claim(
            row.review, value=row.new_value, wording=row.new_wording, why=why, revision=revision, by_number=actor.number
        )


def _last_of(line: Line) -> Line:
    """The last line in the row of replacements, standing or struck."""
    while (later := Line.objects.filter(replaces=line).first()) is not None:
        line = later
    return line


def _again(actor: AnyActor, sheet: Sheet, former: Publication) -> Publication:
    rows = queries.drawn(sheet)
    moved = queries.moved(former, rows)
    former.superseded_at = clock.now()
    former.save(update_fields=["superseded_at"])
    return _show(actor, sheet, rows, former.revision + 1, moved)


def _show(
    actor: AnyActor, sheet: Sheet, rows: Collection[Row], revision: int, reopened: set[int] | None
) -> Publication:
    """Writes the notice. `reopened`: the lines that may be objected to again; None = all."""
    now, today = clock.now(), clock.today()
    window = current_rulebook(sheet.branch.district_number, today).procedure.publication_window
    publication = Publication(
        sheet=sheet,
        revision=revision,
        token=new_token(),
        published_at=now,
        published_by_number=actor.number,
        closes_at=clock.end_of(deadline(window, today)),
        heading=queries.heading_of(sheet, today),
    )
    people, lines = sealed_rows(rows, reopened)
    publication.digest = digest_of(publication, people, lines, {row.listed.member_id: row.listed.key for row in rows})
    publication.save()
    for person in people:
        person.publication = publication
    for line in lines:
        line.publication = publication
    PublishedMember.objects.bulk_create(people, batch_size=500)
    PublishedLine.objects.bulk_create(lines, batch_size=500)
    return publication


def sealed_rows(
    rows: Collection[Row], reopened: set[int] | None = None
) -> tuple[list[PublishedMember], list[PublishedLine]]:
    """公示的行 Unsaved rows with their salts and commitments, in roster order."""
    people, lines = [], []
    for row in rows:
        salt = sealing.new_salt()
        people.append(
            PublishedMember(
                member_id=row.listed.member_id,
                position=row.position,
                name=row.listed.name,
                note=row.listed.note,
                positive=row.positive,
                reverse=row.reverse,
                total=row.total,
                salt=salt,
                commitment=snapshot.member_commitment(salt, row.listed.name, row.listed.note),
            )
        )
        for shown in row.lines:
            salt = sealing.new_salt()
            lines.append(
                PublishedLine(
                    line_id=shown.line_id,
                    member_id=shown.member_id,
                    indicator=shown.indicator,
                    event_on=shown.event_on,
                    kind=shown.kind,
                    raw=shown.raw,
                    counted=shown.counted,
                    reason=shown.reason,
                    wording=shown.wording,
                    is_open=reopened is None or shown.line_id in reopened,
                    salt=salt,
                    commitment=snapshot.line_commitment(salt, shown.wording, shown.reason),
                )
            )
    return people, lines


def digest_of(
    publication: Publication,
    people: Collection[PublishedMember],
    lines: Collection[PublishedLine],
    keys: dict[int, str],
) -> str:
    """公示的摘要 Of a notice with its rows; `keys`: each member's key as text."""
    return snapshot.publication_digest(
        sheet_id=publication.sheet_id,
        revision=publication.revision,
        published_at=publication.published_at,
        closes_at=publication.closes_at,
        heading=publication.heading,
        members=[
            (one.position, keys[one.member_id], one.positive, one.reverse, one.total, one.commitment)
            for one in sorted(people, key=lambda one: one.position)
        ],
        lines=[
            (
                one.line_id,
                keys[one.member_id],
                one.indicator,
                one.event_on.isoformat(),
                one.kind,
                one.raw,
                one.counted,
                one.is_open,
                one.commitment,
            )
            for one in lines
        ],
    )
