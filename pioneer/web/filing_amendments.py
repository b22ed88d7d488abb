"""备案更正页 The unit proposes, the member answers, the township decides; each sees what the others said."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from pioneer.assessments.queries import names_of
from pioneer.conduct.policies import is_self
from pioneer.conduct.queries import must_step_aside, zeroings_visible_to
from pioneer.files.policies import LIMIT
from pioneer.filings import amending, policies, queries, zeroed, zeroing
from pioneer.kernel import clock
from pioneer.kernel.errors import NotAllowed, NotVisible
from pioneer.results.settlement_queries import tier_names
from pioneer.rulebook.queries import parsed
from pioneer.scoring import Cycle
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.files import attachment
from pioneer.web.forms.filings import (
    AmendForm,
    AmendZeroingForm,
    AnswerAmendmentForm,
    DecideAmendmentForm,
    RefuseAmendmentForm,
    TakeDownAmendmentForm,
)
from pioneer.web.forms.trying import status_of, tried

Forms = dict[str, Any]
SENT = "已提出并告知本人。本人答复以后或期限过去，由乡镇（街道）审批。"


@signed_in
def propose(request: SignedIn, filing_id: int) -> HttpResponse:
    """提出更正"""
    filing = queries.get_filing(request.actor, filing_id)
    if filing.settlement is None:
        raise NotVisible
    if not policies.may_propose(request.actor, filing.unit):
        raise NotAllowed(f"更正由{filing.unit.name}的党务工作者（没有的，由书记）提出，您目前没有这项任职。")
    rows = parsed(filing.settlement.version).indicators.values()
    form = AmendForm(
        request.POST or None,
        request.FILES or None,
        people=[(one.member_id, f"{one.member.name}（{one.branch.name}）") for one in queries.listed(filing)],
        indicators=[(row.code, f"{row.code} {row.name}") for row in rows if row.index in ("positive", "reverse")],
        initial={"member": request.GET.get("member", ""), "was_points": "0"},
    )
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: _propose(request, filing.pk, dict(form.cleaned_data)))
        if made is not None:
            messages.success(request, SENT)
            return redirect("amendment", made.pk)
    cycle = Cycle(filing.first_on, filing.last_on)
    limit = queries.parameter_of(filing.unit.district_number, cycle, "amendment")
    context = {"filing": filing, "text": queries.text_of(filing), "form": form, "limit": limit}
    return render(request, "filings/propose.html", context, status=status_of(request))


@signed_in
def propose_zeroing(request: SignedIn, filing_id: int, member_id: int) -> HttpResponse:
    """提出清零的更正 What the zeroing makes of the filed result; nothing is typed in but how the member was told."""
    filing = queries.get_filing(request.actor, filing_id)
    if filing.settlement is None:
        raise NotVisible
    if not policies.may_propose(request.actor, filing.unit):
        raise NotAllowed(f"更正由{filing.unit.name}的党务工作者（没有的，由书记）提出，您目前没有这项任职。")
    found = next((one for one in zeroed.to_amend(filing) if one.case.member_id == member_id), None)
    form = AmendZeroingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: zeroing.propose_zeroing_amendment(
                actor=request.actor, filing_id=filing.pk, member_id=member_id, **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, SENT)
            return redirect("amendment", made.pk)
    if found is None and not form.is_bound:
        raise NotVisible
    context = {"filing": filing, "text": queries.text_of(filing), "form": form, "found": found, "member_id": member_id}
    if found is not None:
        context |= {"ground": zeroing.ground_of(found), "document": zeroing.document_of(found)}
    return render(request, "filings/propose_zeroing.html", context, status=status_of(request))


def _propose(request: SignedIn, filing_id: int, given: dict[str, Any]) -> Any:
    scan, member = given.pop("scan"), given.pop("member")
    content = (scan.name, scan.read(LIMIT + 1)) if scan else None
    return amending.propose_amendment(actor=request.actor, filing_id=filing_id, member_id=member, scan=content, **given)


@signed_in
def amendment(request: SignedIn, amendment_id: int) -> HttpResponse:
    """一项更正"""
    return _page(request, queries.get_amendment(request.actor, amendment_id), {})


def _page(request: SignedIn, found: Any, forms: Forms) -> HttpResponse:
    own = is_self(request.actor, found.member)
    names = {**tier_names(found.result.settlement), "": "不定等次"}
    row = parsed(found.result.settlement.version).indicators.get(found.indicator)
    numbers = [found.proposed_by_number, found.statement_by_number, found.decided_by_number]
    context = {
        "amendment": found,
        "text": queries.text_of(found.filing),
        "own": own,
        "sees_filing": queries.visible_to(request.actor).filter(pk=found.filing_id).exists(),
        "sees_case": found.zeroing_id is not None
        and zeroings_visible_to(request.actor).filter(pk=found.zeroing_id).exists(),
        "indicator": f"{found.indicator} {row.name}" if row else found.indicator,
        "was_tier": names.get(found.was_tier, found.was_tier),
        "now_tier": names.get(found.now_tier, found.now_tier),
        "last_day": (found.answer_until - timedelta(seconds=1)).astimezone(clock.SHANGHAI).date(),
        "by": [names_of(numbers).get(number or 0, "") for number in numbers],
        "forms": _offered(request, found, own) | forms,
        "aside": must_step_aside(request.actor, found.member)
        if not own and policies.may_decide(request.actor, found)
        else None,
    }
    return render(request, "filings/amendment.html", context, status=status_of(request))


def _offered(request: SignedIn, found: Any, own: bool) -> Forms:
    """The forms that would be accepted now."""
    offered: Forms = {}
    waits = found.state == "proposed" and clock.now() < found.answer_until
    if waits and own:
        offered["answer"] = AnswerAmendmentForm()
    elif waits and policies.may_take_down(request.actor, found):
        offered["take_down"] = TakeDownAmendmentForm()
    ready = found.state == "answered" or (found.state == "proposed" and not waits)
    if ready and policies.may_decide(request.actor, found) and not must_step_aside(request.actor, found.member):
        offered |= {"approve": DecideAmendmentForm(), "refuse": RefuseAmendmentForm(prefix="no")}
    return offered


@require_POST
@signed_in
def answer(request: SignedIn, amendment_id: int) -> HttpResponse:
    """答复更正 One's own, or taken down."""
    found = queries.get_amendment(request.actor, amendment_id)
    own = is_self(request.actor, found.member)
    if not own and not policies.may_take_down(request.actor, found):
        raise NotAllowed("更正的意见由本人说明，或由没有提出这项更正的另一位同志代录。")
    form: Any = AnswerAmendmentForm(request.POST) if own else TakeDownAmendmentForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        done = tried(form, lambda: amending.answer_amendment(actor=request.actor, amendment_id=found.pk, **given))
        if done is not None:
            messages.success(request, "已记下，会与更正一起交乡镇（街道）审批。")
            return redirect("amendment", found.pk)
    return _page(request, found, {"answer" if own else "take_down": form})


@require_POST
@signed_in
def approve(request: SignedIn, amendment_id: int) -> HttpResponse:
    """批准更正"""
    found = queries.get_amendment(request.actor, amendment_id)
    policies.require_decide(request.actor, found)
    form = DecideAmendmentForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = tried(
            form, lambda: amending.approve_amendment(actor=request.actor, amendment_id=found.pk, reason=reason)
        )
        if done is not None:
            messages.success(request, "已批准。新的一次备案已经形成，原来的保留。")
            return redirect("amendment", found.pk)
    return _page(request, found, {"approve": form})


@require_POST
@signed_in
def refuse(request: SignedIn, amendment_id: int) -> HttpResponse:
    """不批准更正"""
    found = queries.get_amendment(request.actor, amendment_id)
    policies.require_decide(request.actor, found)
    form = RefuseAmendmentForm(request.POST, prefix="no")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = tried(form, lambda: amending.refuse_amendment(actor=request.actor, amendment_id=found.pk, reason=reason))
        if done is not None:
            messages.success(request, "已记为不批准，原来备案的结果不变。")
            return redirect("amendment", found.pk)
    return _page(request, found, {"refuse": form})


@signed_in
def file(request: SignedIn, amendment_id: int) -> HttpResponse:
    """更正依据的扫描件"""
    found = queries.get_amendment(request.actor, amendment_id)
    if found.scan is None:
        raise NotVisible
    return attachment(found.scan)  # type: ignore[return-value]
