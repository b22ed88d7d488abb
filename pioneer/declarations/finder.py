"""疑点的查找 What of a claim looks repeated or impossible. It flags with its reasons and never rejects.

Every search goes through an index, so a claim is compared with a million others in the time of a click: the member's
own claims of that day, the branch's within the days the rulebook says, photographs by their digest and by the four
bands of their likeness. However many photographs a claim brings, the questions are the same seven at most, and each
reads no more columns than it compares.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from rapidfuzz import fuzz, process

from pioneer.declarations.models import Declaration, DeclarationFile, Flag
from pioneer.files.queries import near_same
from pioneer.kernel import clock
from pioneer.rulebook.queries import current_rulebook
from pioneer.scoring import Procedure

Kind = Flag.Kind
ALIKE = 88  # of 100: texts at least so alike are named
SHORTEST = 6  # characters: shorter texts are alike by chance
NAMED = 3  # of the most alike texts
SAME_BITS = 3  # photographs that differ in so few bits show the same picture
LIKE_BITS = 8  # and in so few, most likely; farther ones are only found where a band is the same
MOST_MINUTES = 16 * 60  # in one day: more than anybody does


@dataclass(frozen=True, slots=True)
class Found:
    """一处疑点 Its kind, what it says, and the claim it was compared with."""

    kind: str
    detail: str
    other: int | None = None


def note_flags(claim: Declaration) -> None:
    """记下疑点 Of a claim just made. What was noted before stays as it was decided."""
    rows = [
        Flag(declaration=claim, kind=found.kind, detail=found.detail[:300], other_id=found.other, found_at=clock.now())
        for found in find(claim)
    ]
    Flag.objects.bulk_create(rows, ignore_conflicts=True)


def find(claim: Declaration) -> list[Found]:
    """查找疑点 Of one claim among all others. A constant number of queries."""
    procedure = current_rulebook(claim.member.district_id, clock.today()).procedure
    own = list(_standing().filter(member=claim.member_id, event_on=claim.event_on).exclude(pk=claim.pk).order_by("pk"))
    found = [
        *_overlapping(claim, own),
        *_too_long(claim, own),
        *_same_event(claim, own),
        *_late(claim, procedure),
        *_similar(claim, procedure, {one.pk for one in own}),
        *_photographs(claim),
    ]
    seen: set[tuple[str, int | None]] = set()
    return [one for one in found if (key := (one.kind, one.other)) not in seen and not seen.add(key)]  # type: ignore[func-returns-value]


def _standing() -> QuerySet[Declaration]:
    return Declaration.objects.exclude(state=Declaration.State.WITHDRAWN)


def _ends(claim: Declaration) -> tuple[datetime, datetime] | None:
    if claim.started_at is None or not claim.minutes:
        return None
    begins = datetime.combine(claim.event_on, claim.started_at)
    return begins, begins + timedelta(minutes=claim.minutes)


def _overlapping(claim: Declaration, own: list[Declaration]) -> Iterator[Found]:
    mine = _ends(claim)
    for other in own if mine else ():
        theirs = _ends(other)
        if mine and theirs and mine[0] < theirs[1] and theirs[0] < mine[1] and other.place != claim.place:
            when = f"{theirs[0]:%H:%M}至{theirs[1]:%H:%M}"
            text = f"本人当天{when}在“{other.place}”另有一条申报（{_short(other.matter)}），时间重叠而地点不同。"
            yield Found(Kind.OVERLAP, text, other.pk)


def _too_long(claim: Declaration, own: list[Declaration]) -> Iterator[Found]:
    minutes = sum(one.minutes or 0 for one in (claim, *own))
    if claim.minutes and minutes > MOST_MINUTES:
        yield Found(Kind.HOURS, f"本人当天申报的用时合计{minutes // 60}小时{minutes % 60}分，请核对。")


def _same_event(claim: Declaration, own: list[Declaration]) -> Iterator[Found]:
    for other in own:
        linked = bool(claim.event) and other.event == claim.event
        alike = other.place == claim.place and fuzz.ratio(_plain(claim.matter), _plain(other.matter)) >= ALIKE
        if linked:
            continue  # said to be one happening: only the highest counts, whatever it is called
        if alike:
            what = "同一项" if other.indicator == claim.indicator else "另一项"
            text = f"本人当天在同一地点以{what}（{other.indicator}）申报过相近的事：{_short(other.matter)}。"
            yield Found(Kind.SAME_EVENT, text, other.pk)


def _late(claim: Declaration, procedure: Procedure) -> Iterator[Found]:
    days = (clock.today() - claim.event_on).days
    if procedure.late_claim is not None and days > procedure.late_claim.value:
        yield Found(Kind.LATE, f"事情过去{days}天才申报（超过{procedure.late_claim.value}天），请核对佐证。")


def _similar(claim: Declaration, procedure: Procedure, own: set[int]) -> Iterator[Found]:
    text = _plain(claim.matter)
    if len(text) < SHORTEST:
        return
    days = timedelta(days=procedure.similar_text.value)
    near = (
        _standing()
        .filter(branch=claim.branch_id, event_on__range=(claim.event_on - days, claim.event_on + days))
        .exclude(pk__in={claim.pk, *own})
    )
    if claim.event:
        near = near.exclude(event=claim.event)
    rows = list(near.order_by("pk").values_list("pk", "matter"))
    hits = process.extract(text, [_plain(row[1]) for row in rows], scorer=fuzz.ratio, score_cutoff=ALIKE, limit=NAMED)
    scores = {rows[place][0]: score for _, score, place in hits}
    alike = Declaration.objects.select_related("member").only("matter", "event_on", "member__name")
    others = alike.in_bulk(list(scores)) if scores else {}
    for pk, score in scores.items():
        other = others[pk]
        who = "本人" if other.member_id == claim.member_id else other.member.name
        day = f"{other.event_on.month}月{other.event_on.day}日"
        yield Found(Kind.SIMILAR, f"与{who}{day}的申报文字相似（{int(score)}%）：{_short(other.matter)}。", pk)


def _photographs(claim: Declaration) -> Iterator[Found]:
    columns = ("taken_at", "file__likeness", *(f"file__band_{place}" for place in (1, 2, 3, 4)))
    with_files = DeclarationFile.objects.filter(declaration=claim).select_related("file").only(*columns)
    attached = list(with_files.order_by("pk"))
    if not attached:
        return
    for one in attached:
        if one.taken_at is not None and one.taken_at.astimezone(clock.SHANGHAI).date() < claim.event_on:
            taken = one.taken_at.astimezone(clock.SHANGHAI)
            text = f"有一张照片拍于{taken.year}年{taken.month}月{taken.day}日，早于所报的日期。"
            yield Found(Kind.OLD_PHOTO, text)
    own = {one.file_id for one in attached}
    alike = near_same([one.file for one in attached], LIKE_BITS)
    uses = (
        DeclarationFile.objects.filter(file__in=alike, declaration__member__district=claim.member.district_id)
        .exclude(declaration=claim)
        .exclude(declaration__state=Declaration.State.WITHDRAWN)
        .select_related("declaration__member")
        .only("file", *(f"declaration__{name}" for name in ("member__name", "branch", "event_on")))
        .order_by("declaration_id")
    )
    for use in uses[:20]:
        bits = alike[use.file_id]
        kind = Kind.SAME_PHOTO if bits <= SAME_BITS else Kind.LIKE_PHOTO
        how = "是同一张照片" if use.file_id in own else "几乎是同一张照片" if bits <= SAME_BITS else "照片相近"
        yield Found(kind, f"与{_whose(claim, use.declaration)}的申报{how}。", use.declaration_id)


def _whose(claim: Declaration, other: Declaration) -> str:
    day = f"{other.event_on.month}月{other.event_on.day}日"
    if other.member_id == claim.member_id:
        return f"本人{day}"
    return f"{other.member.name}{day}" if other.branch_id == claim.branch_id else f"本区另一个支部一名党员{day}"


def _short(matter: str) -> str:
    return matter if len(matter) <= 20 else f"{matter[:20]}…"


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text))
