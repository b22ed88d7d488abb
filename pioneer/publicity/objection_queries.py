"""异议的读取 Objections with who may see them, and what they still keep from being posted."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.assessments import queries as assessments
from pioneer.assessments.models import Review, Sheet
from pioneer.conduct.queries import relatives_of
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.publicity.models import Objection, Publication, PublishedLine
from pioneer.publicity.queries import in_window

WAITING = (Objection.State.OPEN, Objection.State.TOWNSHIP)
UPHELD = (Objection.State.UPHELD, Objection.State.FINAL_UPHELD)
ANSWERED = (Objection.State.UPHELD, Objection.State.REJECTED)


def objections_of(sheet: Sheet) -> QuerySet[Objection]:
    """一张表的异议 Against its lines and reviews, across all revisions; with those of lines carried over to it."""
    return Objection.objects.filter(Q(line__sheet=sheet) | Q(review__sheet=sheet)).select_related(
        "line__member", "review__declaration__member", "publication__sheet__branch"
    )


def objections_in_reach(actor: AnyActor) -> QuerySet[Objection]:
    """所辖的异议 Of the branches where the actor answers, whoever is concerned."""
    scope = Q(pk__in=[])
    for act in (Act.ANSWER_OBJECTION, Act.ANSWER_FINALLY):
        for path in paths(actor, act):
            scope |= Q(publication__sheet__branch__path__startswith=path)
    return Objection.objects.filter(scope).select_related(
        "line__member", "review__declaration__member", "publication__sheet__branch__parent"
    )


def objections_visible_to(actor: AnyActor) -> QuerySet[Objection]:
    """看得到的异议 With the name, where one was given: for who answers, never for who is concerned or a relative."""
    kin = _own_and_kin(actor)
    if not kin:
        return objections_in_reach(actor)
    about = Q(line__member__in=kin) | Q(review__declaration__member__in=kin)
    return objections_in_reach(actor).exclude(about)


def _own_and_kin(actor: AnyActor) -> set[int]:
    own = members.member_of(actor.number)
    return {own.pk, *relatives_of(own.pk)} if own is not None else set()


def get_objection(actor: AnyActor, objection_id: int) -> Objection:
    """取一条异议"""
    found = objections_visible_to(actor).filter(pk=objection_id).first()
    if found is None:
        raise NotVisible
    return found


def by_receipt(receipt: str) -> Objection:
    """回执所指的异议 For the objector, by the number it was given."""
    found = (
        Objection.objects.filter(receipt=receipt.strip().upper())
        .select_related("line__member", "review__declaration__member", "publication__sheet__branch__parent")
        .first()
    )
    if found is None:
        raise NotVisible("没有这个回执号，请核对后再填。")
    return found


def concerning(actor: AnyActor) -> QuerySet[Objection]:
    """涉及本人的异议 What was objected against the actor's own lines; never by whom."""
    if actor.number is None:
        return Objection.objects.none()
    mine = Q(line__member__user=actor.number) | Q(review__declaration__member__user=actor.number)
    return (
        Objection.objects.filter(mine)
        .defer("objector_name", "objector_contact", "objector_number")
        .select_related("line", "review__declaration", "publication__sheet__branch")
    )


def member_of(objection: Objection) -> Member:
    """当事人 The member whose line or claim it is about."""
    if objection.line is not None:
        return objection.line.member
    assert objection.review is not None
    return objection.review.declaration.member


def to_answer(actor: AnyActor) -> list[Objection]:
    """待我答复的异议 Open ones where the actor answers for the branch, and the township's where it answers for good."""
    waiting = Q(pk__in=[])
    for act, state in ((Act.ANSWER_OBJECTION, Objection.State.OPEN), (Act.ANSWER_FINALLY, Objection.State.TOWNSHIP)):
        for path in paths(actor, act):
            waiting |= Q(publication__sheet__branch__path__startswith=path, state=state)
    rows = list(objections_in_reach(actor).filter(waiting).order_by("due_at", "pk"))
    kin = _own_and_kin(actor) if rows else set()
    return [row for row in rows if member_of(row).pk not in kin]


def to_carry_out(row: Objection) -> bool:
    """是否待更正 Upheld and not carried out yet; or the township gave back what the branch had changed already."""
    restored = row.state == Objection.State.FINAL_REJECTED and row.new_value is not None
    return row.applied_in is None and (row.state in UPHELD or restored)


def to_carry_out_on(publication: Publication) -> list[Objection]:
    """待更正的异议 Upheld and not carried out yet."""
    return [row for row in objections_of(publication.sheet) if to_carry_out(row)]


def reviews_open_to_paper(publication: Publication) -> list[Review]:
    """可异议的不予认可 Claims of the month that were not accepted, while the window is open; by the member alone."""
    return assessments.rejected(publication.sheet) if in_window(publication) else []


def objectable_until(publication: Publication, line_id: int) -> datetime | None:
    """可异议到何时 The end of the latest window in which the line stood open; None where it is over. Of a posted line
    that a correction moves it is the correction that may be objected to."""
    if publication.closed_at is not None:
        return None
    found = PublishedLine.objects.filter(
        publication__sheet=publication.sheet_id, line=line_id, is_open=True, publication__closes_at__gt=clock.now()
    ).exclude(kind=PublishedLine.Kind.MOVED)
    return found.order_by("-publication__closes_at").values_list("publication__closes_at", flat=True).first()


def standing_in_the_way(sheet: Sheet) -> list[str]:
    """入账前还差什么 Sentences on the objections that keep a notice from being closed; empty where nothing does."""
    found = []
    rows = list(objections_of(sheet))
    waiting = sum(1 for row in rows if row.state in WAITING)
    if waiting:
        found.append(f"还有{waiting}条异议没有答复")
    upheld = sum(1 for row in rows if to_carry_out(row))
    if upheld:
        found.append(f"有{upheld}条异议已认定成立，还没有出下一次公示")
    pending = [
        row.escalate_until
        for row in rows
        if row.state in ANSWERED and row.escalate_until and row.escalate_until > clock.now()
    ]
    if pending:
        last = max(pending).astimezone(clock.SHANGHAI).date() - timedelta(days=1)
        found.append(f"异议人和当事人可以在{last.month}月{last.day}日24时以前提请乡镇（街道）")
    return found


def review_for(actor: AnyActor, review_id: int) -> Review:
    """本人未获认可的申报"""
    found = Review.objects.select_related("declaration__member", "sheet__branch").filter(pk=review_id).first()
    if found is None or actor.number is None or found.declaration.member.user_id != actor.number:
        raise NotVisible
    return found


def objectable_reviews(review_ids: Collection[int]) -> set[int]:
    """可提异议的核定 Rejections of claims whose month's notice is in its window. One query."""
    open_now = Publication.objects.filter(
        superseded_at__isnull=True, closed_at__isnull=True, closes_at__gt=clock.now()
    ).values("sheet_id")
    found = Review.objects.filter(pk__in=review_ids, outcome=Review.Outcome.REJECTED, sheet__in=open_now)
    return set(found.values_list("pk", flat=True))
