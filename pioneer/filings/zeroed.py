"""备案以后的清零 Which zeroings, approved or annulled after the filing, the filed result doesn't follow yet. The case
knows nothing of filings; here is asked which of them ask for an amendment."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.conduct.models import ZeroingCase
from pioneer.filings import queries
from pioneer.filings.contents import Valid, valid_rows
from pioneer.filings.models import Amendment, Filing
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.results.models import Result
from pioneer.rulebook.queries import current_rulebook
from pioneer.scoring.periods import add_months

Kind = Amendment.Kind
Decided = ZeroingCase.State
OPEN = (Amendment.State.PROPOSED, Amendment.State.ANSWERED)


@dataclass(frozen=True, slots=True)
class ToAmend:
    """待更正的一人 By which case, and whether it zeroes or restores."""

    case: ZeroingCase
    kind: Kind
    was: Valid


def to_amend(filing: Filing) -> list[ToAmend]:
    """备案结果与清零不符的 Of a filing that is in force; not those in hand, nor what would come later than the rulebook
    lets a score be lowered."""
    found = _differing(filing)
    in_hand = Amendment.objects.filter(result__in=[one.was.result.pk for one in found], state__in=OPEN)
    held = set(in_hand.values_list("member_id", flat=True)) if found else set()
    return [one for one in found if one.case.member_id not in held and not _is_too_late(filing, one)]


def too_late(filing: Filing, member_id: int) -> ZeroingCase | None:
    """已过时限的清零 Of this member, that the filed result will not follow any more."""
    found = [one for one in _differing(filing) if one.case.member_id == member_id and _is_too_late(filing, one)]
    return found[0].case if found else None


def _differing(filing: Filing) -> list[ToAmend]:
    if filing.settlement is None:
        return []
    rows = {one.result.member_id: one for one in valid_rows(filing.unit, filing.settlement)}
    cases = ZeroingCase.objects.filter(
        member__in=rows,
        state__in=(Decided.APPROVED, Decided.REVERSED),
        document_on__range=(filing.first_on, filing.last_on),
    ).select_related("member")
    by_member: dict[int, list[ZeroingCase]] = {}
    for one in cases.order_by("document_on", "pk"):
        by_member.setdefault(one.member_id, []).append(one)
    found = [_of(rows[number], own) for number, own in by_member.items()]
    return [one for one in found if one is not None]


def _of(row: Valid, cases: list[ZeroingCase]) -> ToAmend | None:
    standing = [one for one in cases if one.state == Decided.APPROVED]
    if standing and not row.is_zeroed:
        return ToAmend(standing[0], Kind.ZEROED, row)
    if row.is_zeroed and not standing:
        return ToAmend(cases[-1], Kind.RESTORED, row)
    return None


def _is_too_late(filing: Filing, one: ToAmend) -> bool:
    if one.kind != Kind.ZEROED:
        return False
    try:
        limit = current_rulebook(filing.unit.district_number, filing.last_on).procedure.amendment
    except DomainError:
        return True
    return clock.today() > add_months(one.case.document_on, limit.value)


def waiting_for(actor: AnyActor) -> list[tuple[Filing, ToAmend]]:
    """待我单位提出的清零更正 Of units of which the actor holds the office that amends."""
    own = [held.organisation for held in actor.grants if held.path in paths(actor, Act.PROPOSE_AMENDMENT)]
    if not own:
        return []
    filing = OuterRef(OuterRef("settlement")), OuterRef(OuterRef("first_on"))
    since = Q(decided_at__gt=OuterRef(OuterRef("decided_at"))) | Q(reversed_at__gt=OuterRef(OuterRef("decided_at")))
    cases = ZeroingCase.objects.filter(
        since, member=OuterRef("member"), document_on__gte=filing[1], document_on__lte=OuterRef(OuterRef("last_on"))
    )
    rows = Result.objects.filter(Exists(cases), settlement=OuterRef("settlement"), unit=OuterRef("unit"))
    filed = Filing.objects.filter(Exists(rows), unit__in=own, state=Filing.State.RECEIVED).select_related("unit")
    found = []
    for unit, first_on in {(one.unit, one.first_on): None for one in filed.order_by("first_on", "unit__path")}:
        valid = queries.received(unit, first_on)
        if valid is not None:
            found += [(valid, one) for one in to_amend(valid)]
    return found


def filing_of(case: ZeroingCase) -> tuple[Filing, ToAmend] | None:
    """这件清零须更正的备案 None where the cycle is not filed, or the filing says the same."""
    rows = Result.objects.filter(
        member=case.member_id, settlement__first_on__lte=case.document_on, settlement__last_on__gte=case.document_on
    )
    filed = Filing.objects.filter(
        settlement__in=rows.values("settlement"), unit__in=rows.values("unit"), state=Filing.State.RECEIVED
    )
    valid = filed.select_related("unit", "settlement").order_by("-revision").first()
    if valid is None:
        return None
    return next(((valid, one) for one in to_amend(valid) if one.case.member_id == case.member_id), None)
