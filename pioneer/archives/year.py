"""档案里的年底各事 The roster, zeroings, the announcement, filings with amendments, and what followed: of everything
the day, the decision and the document's number. What was said in a talk, found in a case or written for a nomination
stays in its station."""

from datetime import date, timedelta

from pioneer.archives.frame import Frame, Row, on, whole
from pioneer.conduct.models import ZeroingCase
from pioneer.disposals.models import Case, Finding
from pioneer.disposals.showing import votes_text
from pioneer.files.models import StoredFile
from pioneer.filings.models import Amendment, Filing
from pioneer.followups.models import Encouragement, FollowUp
from pioneer.kernel import clock
from pioneer.members.models import Membership, Status
from pioneer.members.queries import TRACK_NAMES, entries
from pioneer.nominations.models import Commended, Nomination
from pioneer.results.models import Announcement, Told
from pioneer.results.settlement_queries import latest_for

STATUS = {str(code): str(name) for code, name in Status.choices}


def roster(frame: Frame) -> list[Row]:
    """花名册 Whoever belonged to the branch on a day of the cycle, as on its last; no identity number, birth day, phone
    or address."""
    cycle = frame.cycle
    last = min(cycle.last_on, clock.today())
    spells = Membership.objects.filter(branch=frame.branch, from_on__lte=last).exclude(until_on__lt=cycle.first_on)
    found: dict[int, list[Membership]] = {}
    for spell in spells.select_related("member").order_by("from_on"):
        found.setdefault(spell.member_id, []).append(spell)
    members = {number: listed[0].member for number, listed in found.items()}
    return [
        {
            **frame.who(members[row.id]),
            "status": STATUS.get(row.status, row.status),
            "track": TRACK_NAMES.get(row.track or "", ""),
            "is_floating": row.floating,
            "is_exempt": row.exempt,
            "in_branch": [[on(one.from_on), on(_ended(one, cycle.last_on))] for one in found[row.id]],
        }
        for row in entries(members.values(), last, with_gone=True)
    ]


def _ended(spell: Membership, last: date) -> date | None:
    """What ended after the cycle says nothing of it."""
    return spell.until_on if spell.until_on is not None and spell.until_on <= last else None


def zeroings(frame: Frame) -> list[Row]:
    """清零 Those approved, reversed ones among them: the document and what was decided; the facts stand in it."""
    found = ZeroingCase.objects.filter(branch=frame.branch, document_on__range=frame.cycle)
    found = found.filter(state__in=(ZeroingCase.State.APPROVED, ZeroingCase.State.REVERSED))
    return [
        {
            **frame.who(one.member),
            "indicator": one.indicator,
            "kind": one.get_document_kind_display(),
            "issuer": one.issuer,
            "document_number": one.document_number,
            "document_on": on(one.document_on),
            "state": one.get_state_display(),
            "decided_on": frame.day(one.decided_at),
            "reversed_on": frame.day(one.reversed_at),
            "reversal_document": one.reversal_document,
        }
        for one in found.select_related("member").order_by("document_on", "pk")
    ]


# ------------------------------------------------------------------ announcement and filing


def announcements(frame: Frame) -> list[Row]:
    """通报 Each meeting of the unit on this cycle, the latest last; of the branch's members who was there, who was
    handed the result, and what it answered."""
    found = Announcement.objects.filter(unit=frame.unit, first_on=frame.cycle.first_on)
    latest = latest_for(frame.unit, frame.cycle.first_on)
    return [
        {
            "held_on": on(one.held_on),
            "place": one.place,
            "presided_by": one.presided_by,
            "settlement": one.settlement.number,
            "is_latest": latest is not None and one.settlement_id == latest.pk,
            "entered_on": frame.day(one.created_at),
            "told": [_told(frame, each) for each in _told_at(frame, one)],
        }
        for one in found.select_related("settlement").order_by("pk")
    ]


def _told_at(frame: Frame, held: Announcement) -> list[Told]:
    found = Told.objects.filter(announcement=held, result__branch=frame.branch)
    return list(found.select_related("result__member").order_by("result__order"))


def _told(frame: Frame, one: Told) -> Row:
    return {
        **frame.who(one.result.member),
        "was_present": one.was_present,
        "handed_on": on(one.handed_on),
        "handed_how": one.handed_how,
        "answer": one.get_answer_display() if one.answer else "",
        "words": one.words,
        "answered_on": on(one.answered_on),
    }


def filings(frame: Frame) -> list[Row]:
    """备案 Every time it was sent, with what came of it."""
    found = Filing.objects.filter(unit=frame.unit, first_on=frame.cycle.first_on).select_related("to", "minutes")
    return [
        {
            "revision": one.revision,
            "to": one.to.name,
            "sent_on": frame.day(one.sent_at),
            "state": one.get_state_display(),
            "number": one.number,
            "decided_on": frame.day(one.decided_at),
            "package_digest": one.package_digest,
            "minutes_digest": one.minutes.digest if one.minutes is not None else "",
        }
        for one in found.order_by("revision")
    ]


def minutes(frame: Frame) -> StoredFile | None:
    """会议记录 As it was handed in with the filing that stands; where the branch is the unit, so that it is its own."""
    if frame.unit.pk != frame.branch.pk:
        return None
    filed = Filing.objects.filter(unit=frame.unit, first_on=frame.cycle.first_on, minutes__isnull=False)
    last = filed.exclude(state=Filing.State.RETURNED).select_related("minutes").order_by("-revision").first()
    return last.minutes if last is not None else None


def amendments(frame: Frame) -> list[Row]:
    """更正 Of this branch's results; the ground stands in the document."""
    found = Amendment.objects.filter(result__branch=frame.branch, filing__first_on=frame.cycle.first_on)
    found = found.select_related("member", "filing", "made").order_by("pk")
    return [
        {
            **frame.who(one.member),
            "filing": one.filing.number,
            "kind": one.get_kind_display(),
            "indicator": one.indicator,
            "event_on": on(one.event_on),
            **{name: whole(getattr(one, name)) for name in ("was_points", "now_points", "was_score", "now_score")},
            "was_tier": one.was_tier,
            "now_tier": one.now_tier,
            "document": one.document,
            "state": one.get_state_display(),
            "decided_on": frame.day(one.decided_at),
            "made_filing": one.made.number if one.made is not None else "",
        }
        for one in found
    ]


# ------------------------------------------------------------------ what followed


def encouragements(frame: Frame) -> list[Row]:
    """勉励 That it was spoken, when and by whom; not what was hoped."""
    found = Encouragement.objects.filter(branch=frame.branch, first_on=frame.cycle.first_on).select_related("member")
    rows = []
    for one in found.order_by("member__position", "member", "number"):
        frame.moment(one.created_at)
        rows.append({**frame.who(one.member), "spoken_on": on(one.spoken_on), "spoken_by": one.spoken_by})
    return rows


def follow_ups(frame: Frame) -> list[Row]:
    """帮教 What was done on which day, and the outcome; not what was said."""
    found = FollowUp.objects.filter(branch=frame.branch, first_on=frame.cycle.first_on)
    return [
        {
            **frame.who(one.member),
            "opened_on": frame.day(one.opened_at),
            "state": one.get_state_display(),
            "due_on": on(one.due_on),
            "outcome": one.get_outcome_display() if one.outcome else "",
            "closed_on": on(one.closed_on),
            "steps": [[each.get_kind_display(), on(each.on)] for each in one.entries.order_by("number")],
            "recorded_on": max((frame.day(each.created_at) for each in one.entries.all()), default=""),
        }
        for one in found.select_related("member").order_by("member__position", "member")
    ]


def commendations(frame: Frame) -> list[Row]:
    """公开表扬 Who was named on an issued list; who did not wish to be, stands nowhere."""
    found = Commended.objects.filter(
        is_named=True,
        commendation__state="issued",
        commendation__announcement__first_on=frame.cycle.first_on,
        result__branch=frame.branch,
    ).select_related("member", "commendation__unit")
    return [
        {
            **frame.who(one.member),
            "unit": one.commendation.unit.name,
            "issued_on": frame.day(one.commendation.issued_at),
        }
        for one in found.order_by("commendation", "order")
    ]


def nominations(frame: Frame) -> list[Row]:
    """推荐 Whom the branch proposed between this cycle's end and the next one's, and what was decided."""
    after, until = _after(frame)
    found = Nomination.objects.filter(branch=frame.branch, meeting_on__range=(after, until))
    found = found.exclude(state__in=("declined", "withdrawn")).select_related("member", "call__organisation")
    rows = []
    for one in found.order_by("meeting_on", "pk"):
        frame.moment(one.proposed_at)
        rows.append(
            {
                **frame.who(one.member),
                "by": one.call.organisation.name,
                "title": one.call.title,
                "call_document": one.call.document_number,
                "meeting_on": on(one.meeting_on),
                "present": one.present,
                "in_favour": one.in_favour,
                "state": one.get_state_display(),
                "document_number": one.document_number,
                "decided_on": on(one.decided_on) or frame.day(one.decided_at),
            }
        )
    return rows


def _after(frame: Frame) -> tuple[date, date]:
    """The year after the cycle: what follows its results."""
    first, last = frame.cycle
    return last + timedelta(days=1), last + (last - first) + timedelta(days=1)


def findings(frame: Frame) -> list[Row]:
    """不合格的认定 Those approved, with the vote; causes, opinions and grounds stay with it."""
    found = Finding.objects.filter(branch=frame.branch, first_on=frame.cycle.first_on, state=Finding.State.APPROVED)
    found = found.select_related("member")
    rows = []
    for one in found.order_by("pk"):
        frame.moment(one.proposed_at)
        rows.append(
            {
                **frame.who(one.member),
                "proposed_on": on(one.proposed_on),
                "met_on": on(one.met_on),
                "votes": votes_text(one) if one.met_on else "",
                "state": one.get_state_display(),
                "decided_on": on(one.decided_on),
            }
        )
    return rows


def cases(frame: Frame) -> list[Row]:
    """组织处置 Those that took effect and stand on a filed result of this cycle: kind, steps with their days and
    documents, the end. Of a case that came to nothing, or is still under way, the archive knows nothing."""
    found = Case.objects.filter(branch=frame.branch, grounds__former__first_on=frame.cycle.first_on).distinct()
    found = found.filter(state__in=(Case.State.IN_EFFECT, Case.State.REVOKED))
    rows = []
    for one in found.select_related("member").order_by("pk"):
        frame.moment(one.created_at)
        steps = list(one.steps.select_related("text").order_by("number"))
        for step in steps:
            frame.moment(step.created_at)
        rows.append(
            {
                **frame.who(one.member),
                "kind": one.get_kind_display(),
                "months": one.months,
                "state": one.get_state_display(),
                "ended_on": on(one.ended_on),
                "steps": [[each.get_kind_display(), on(each.on), _document(each)] for each in steps],
            }
        )
    return rows


def _document(step: object) -> str:
    text = getattr(step, "text", None)
    return text.document if text is not None else ""
