"""申报的考评 Accept, alter or reject a claim, take the decision back, accept many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pioneer.accounts.policies import Act, AnyActor, may, require
from pioneer.assessments import queries, roster, writing
from pioneer.assessments.models import Line, Review, Sheet
from pioneer.assessments.writing import Entry
from pioneer.declarations import queries as declared
from pioneer.declarations import services as declarations
from pioneer.declarations.models import Declaration
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.kernel.operations import operation
from pioneer.kernel.points import show
from pioneer.messages import services as messages

Outcome = Review.Outcome


@operation("assessments.review_declaration", tell=("outcome", "indicator", "level", "multiplier"))
def review_declaration(
    *,
    actor: AnyActor,
    sheet_id: int,
    declaration_id: int,
    outcome: str,
    reason: str = "",
    indicator: str = "",
    quantity: int | None = None,
    level: str = "",
    multiplier: str = "",
    decided: int | None = None,
    decision: str = "",
    event: str = "",
    wording: str = "",
    doubts: Mapping[int, str] | None = None,
    instead_of: int | None = None,
) -> Review:
    """核定申报 Accepted as declared, altered with a reason, or rejected with a reason; told to the member.

    `doubts`: why a doubt of the finder is unfounded, by its number. A claim that counts leaves none open.

    `decided` and `decision`: the value within a range and why. Indicator, quantity, level left empty: as declared.
    `multiplier`: the circumstance in which it counts more, where the rulebook has one.
    `instead_of`: the review that somebody wrote meanwhile, seen by who now decides otherwise; it is taken back.
    """
    sheet = writing.lock_sheet(actor, sheet_id)
    claim = _lock_claim(declaration_id)
    writing.require_ruling(actor, sheet, claim.member)
    writing.require_open(sheet)
    if instead_of is not None:
        _set_aside(actor, sheet, claim, instead_of)
    _must_wait(claim)
    _belongs(sheet, claim)
    if outcome != Outcome.ACCEPTED and not reason.strip():
        raise BadInput([Fault("理由", "调整或不予认可都要写明理由，本人会看到。")])
    declarations.decide_doubts(
        actor, claim, doubts or {}, rejected=reason.strip() if outcome == Outcome.REJECTED else ""
    )
    if outcome == Outcome.REJECTED:
        return _conclude(actor, sheet, claim, Outcome.REJECTED, reason)
    entry = _as_claimed(claim)
    if outcome == Outcome.ALTERED:
        entry = _altered(entry, indicator, quantity, level)
    entry = replace(entry, decided=decided, event=event.strip() or claim.event, wording=wording, decision=decision)
    entry = replace(entry, multiplier=multiplier)
    if outcome == Outcome.ALTERED and _as_declared(claim, entry) and not decision.strip():
        raise BadInput([Fault("调整", "内容与申报相同，没有调整。请改动指标、数量或级别，或直接核准。")])
    appraised = writing.appraise(sheet, claim.member, entry)
    if appraised.row.index != "positive":
        raise BadInput([Fault("指标", "申报只能核定为加分指标。扣分请另加一条。")])
    writing.write_line(sheet, claim.member, entry, appraised, actor.number, declaration=claim)
    return _conclude(actor, sheet, claim, Outcome(outcome), reason)


@operation("assessments.accept_declarations")
def accept_declarations(*, actor: AnyActor, sheet_id: int, declaration_ids: Sequence[int]) -> list[Review]:
    """批量核准 All as declared, or none: what needs a word of its own is named."""
    sheet = writing.lock_sheet(actor, sheet_id)
    found = Declaration.objects.select_for_update(of=("self",)).select_related("member")
    chosen = list(found.filter(pk__in=declaration_ids).order_by("pk"))
    if not chosen:
        raise BadInput([Fault("", "没有选中任何申报，请先勾选。")])
    if len(chosen) != len(set(declaration_ids)):
        raise NotVisible
    if not may(actor, Act.CONFIRM_ABOVE, sheet.branch):
        require(actor, Act.EVALUATE, sheet.branch)
    writing.require_open(sheet)
    names = roster.names_near(sheet.branch)
    mine = {claim.pk for claim in queries.claims_of(sheet)}
    open_doubts = declared.doubts_of(claim.pk for claim in chosen)
    doubtful = {number for number, flags in open_doubts.items() if any(not flag.decision for flag in flags)}
    done: list[Review] = []
    faults: list[Fault] = []
    for claim in chosen:
        is_ours = claim.pk in mine or claim.branch_id == sheet.branch_id  # nothing is said of a claim from elsewhere
        place = (
            f"{claim.member.name} {claim.event_on.month}月{claim.event_on.day}日 {claim.indicator}" if is_ours else ""
        )
        try:
            writing.require_ruling(actor, sheet, claim.member)
            _must_wait(claim)
            if claim.pk not in mine:
                raise DomainError("other_sheet", "这条申报不在这张考评表上。")
            if claim.pk in doubtful:
                raise DomainError("doubtful", "有疑点待认定，请打开这一条逐项写明。")
            entry = _as_claimed(claim)
            appraised = writing.appraise(sheet, claim.member, entry, names)
            writing.write_line(sheet, claim.member, entry, appraised, actor.number, declaration=claim)
            done.append(_conclude(actor, sheet, claim, Outcome.ACCEPTED, ""))
        except DomainError as refusal:
            if refusal.code == "not_allowed":
                raise
            faults.append(Fault(place, refusal.message))
    if faults:
        raise BadInput(faults)
    return done


@operation("assessments.reopen_review")
def reopen_review(*, actor: AnyActor, declaration_id: int) -> Declaration:
    """撤回核定 While the sheet is open: the claim waits again, its line is struck."""
    review = Review.objects.filter(declaration__in=Declaration.objects.filter(pk=declaration_id)).first()
    if review is None:
        raise NotVisible
    sheet = writing.lock_sheet(actor, review.sheet_id)
    claim = _lock_claim(declaration_id)
    writing.require_ruling(actor, sheet, claim.member)
    writing.require_open(sheet)
    _take_back(actor, sheet, claim, "撤回核定，重新考评")
    return claim


def void_claim(actor: AnyActor, sheet: Sheet, declaration_id: int, reason: str) -> Declaration:
    """申报作废 A false or repeated claim: rejected, and its line struck where the sheet is still open."""
    claim = _lock_claim(declaration_id)
    if not Sheet.objects.filter(pk=sheet.pk, branch__path__startswith=claim.branch.path).exists() and (
        claim.member_id not in {entry.id for entry in roster.roster(sheet)}
    ):
        raise NotVisible
    review = Review.objects.filter(declaration=claim).select_related("sheet").first()
    if review is None and claim.state == Declaration.State.SUBMITTED:
        declarations.decide_doubts(actor, claim, {}, rejected=reason)
        _conclude(actor, sheet, claim, Outcome.REJECTED, reason)
        return claim
    if review is None or review.outcome == Outcome.REJECTED:
        return claim
    if review.sheet.state == Sheet.State.OPEN:
        line = Line.objects.get(declaration=claim)
        writing.strike_line(line, why=reason[:200], revision=sheet.revision)
        Line.objects.filter(pk=line.pk).update(declaration=None)
        review.outcome, review.reason, review.by_number = Outcome.REJECTED, reason[:300], actor.number
        review.save(update_fields=["outcome", "reason", "by_number"])
        writing.touch(review.sheet, actor.number, claim=claim)
        _tell_decided(claim, review)
        return claim
    line = Line.objects.get(declaration=claim)
    corrected = Line.objects.filter(corrects=line, state=Line.State.STANDING).exists()
    if line.state == Line.State.STANDING and not corrected:
        raise DomainError("claim_shown", "这条申报的加分已经公示，请先在本表对它作“冲正”，再登记虚报扣分。")
    return claim


def _lock_claim(declaration_id: int) -> Declaration:
    locked = Declaration.objects.select_for_update(of=("self",)).select_related("member", "branch")
    found = locked.filter(pk=declaration_id).first()
    if found is None:
        raise NotVisible
    return found


def _must_wait(claim: Declaration) -> None:
    if claim.state == Declaration.State.WITHDRAWN:
        raise DomainError("withdrawn", "本人已撤回这条申报，不用再考评。")
    if claim.state != Declaration.State.TAKEN:
        return
    review = Review.objects.filter(declaration=claim).first()
    who = queries.names_of([review.by_number]).get(review.by_number or 0, "别人") if review else "别人"
    line = Line.objects.filter(declaration=claim, state=Line.State.STANDING).first()
    how = f"“{review.get_outcome_display()}”" if review else ""
    points = f"，计{show(line.value)}分" if line else ""
    raise DomainError(
        "already_reviewed", f"这条申报已由{who}考评为{how}{points}，您的意见没有写入。要改，请先撤回核定再重新考评。"
    )


def _set_aside(actor: AnyActor, sheet: Sheet, claim: Declaration, review_id: int) -> None:
    """The very review that was shown, and none that came after it; who wrote it is told."""
    review = Review.objects.filter(pk=review_id, declaration=claim, sheet=sheet).first()
    if review is None:
        return
    _take_back(actor, sheet, claim, "另一位同志看过以后重新核定")
    if review.by_number is not None and review.by_number != actor.number:
        who = queries.names_of([actor.number]).get(actor.number or 0, "另一位同志")
        messages.tell(
            user=review.by_number,
            kind="assessments.review_replaced",
            reference=f"claim:{claim.pk}:{review.pk}:replaced",
            title=f"您核定的一条申报由{who}重新核定",
            text=f"{claim.member.name}{claim.event_on.month}月{claim.event_on.day}日的申报，{who}看过您的"
            f"“{review.get_outcome_display()}”以后重新核定，请在考评表上看结果。",
            link=f"/sheets/{sheet.pk}/?member={claim.member_id}",
        )


def _belongs(sheet: Sheet, claim: Declaration) -> None:
    home = queries.home_sheet(claim)
    if home is None:
        raise DomainError("no_open_sheet", "这条申报所在的支部现在没有可以记入的考评表，请先开立。")
    if home.pk != sheet.pk:
        raise DomainError(
            "other_sheet", f"这条申报应记入{home.branch.name}{home.year}年{home.month}月的考评表，请在那张表上考评。"
        )


def _as_claimed(claim: Declaration) -> Entry:
    return Entry(
        indicator=claim.indicator,
        event_on=claim.event_on,
        quantity=claim.quantity,
        level=claim.level,
        event=claim.event,
        ground=_ground(claim),
    )


def _altered(entry: Entry, indicator: str, quantity: int | None, level: str) -> Entry:
    """Another indicator takes quantity and level as given; with the same one, what is left empty stays."""
    if indicator and indicator != entry.indicator:
        return replace(entry, indicator=indicator, quantity=quantity, level=level)
    kept = quantity if quantity is not None else entry.quantity
    return replace(entry, quantity=kept, level=level or entry.level)


def _ground(claim: Declaration) -> str:
    return f"{claim.matter}（{claim.place}）"


def _as_declared(claim: Declaration, entry: Entry) -> bool:
    same = (claim.indicator, claim.quantity, claim.level) == (entry.indicator, entry.quantity, entry.level)
    return same and entry.event == claim.event and not entry.multiplier


def _conclude(actor: AnyActor, sheet: Sheet, claim: Declaration, outcome: Review.Outcome, reason: str) -> Review:
    review = Review.objects.create(
        declaration=claim,
        sheet=sheet,
        outcome=outcome,
        reason=reason.strip()[:300],
        by_number=actor.number,
        created_at=clock.now(),
    )
    declarations.take(claim)
    writing.touch(sheet, actor.number, claim=claim)
    if outcome != Outcome.ACCEPTED:
        _tell_decided(claim, review)
    return review


def _tell_decided(claim: Declaration, review: Review) -> None:
    outcome = Outcome(review.outcome)
    writing.tell_member(
        claim.member,
        "assessments.claim_decided",
        f"claim:{claim.pk}:{review.pk}",
        f"您{claim.event_on.month}月{claim.event_on.day}日的申报{outcome.label}",
        f"{claim.matter}：{outcome.label}。理由：{review.reason} 公示期内，您可以对这一条提出异议。",
        "/declarations/",
    )


def _take_back(actor: AnyActor, sheet: Sheet, claim: Declaration, why: str) -> None:
    for line in Line.objects.filter(declaration=claim):
        writing.strike_line(line, why=why, revision=sheet.revision)
        line.declaration = None
        line.save(update_fields=["declaration"])
    Review.objects.filter(declaration=claim).delete()
    writing.touch(sheet, actor.number, claim=claim)
    declarations.give_back(claim)
    declarations.reopen_doubts(claim)
