"""我的年度评定 One's own result of each cycle, the statement of it once it was announced, and what one says of it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from pioneer.kernel.errors import NotVisible
from pioneer.members.queries import member_of
from pioneer.results import announcing, announcing_queries, former_queries, mark_queries, settlement_queries
from pioneer.results.cycles import cycle_text
from pioneer.scoring import Cycle
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.announcements import AnswerForm
from pioneer.web.forms.trying import status_of, tried


@dataclass(frozen=True, slots=True)
class Own:
    """一个周期的评定 `told` once it was announced; `newer` where it was settled again since; `filed`: which number."""

    result: Any
    cycle: str
    tier: str
    told: Any = None
    newer: str = ""
    filed: str = ""
    form: AnswerForm | None = None


@signed_in
def own_results(request: SignedIn) -> HttpResponse:
    """我的年度评定 The latest cycle first."""
    return _page(request)


@require_POST
@signed_in
def answer(request: SignedIn, told_id: int) -> HttpResponse:
    """答复评定结果"""
    told = announcing_queries.own_told(request.actor.number).values()
    if not any(one.pk == told_id for one in told):
        raise NotVisible
    form = _form(told_id, request.POST)
    if form.is_valid():
        done = tried(form, lambda: announcing.answer_result(actor=request.actor, told_id=told_id, **form.cleaned_data))
        if done is not None:
            messages.success(request, f"已答复“{done.get_answer_display()}”。备案以前都可以更改。")
            return redirect("own-results")
    return _page(request, told_id, form)


def _form(told_id: int, data: Any = None, initial: Any = None) -> AnswerForm:
    return AnswerForm(data, auto_id=f"told-{told_id}-%s", initial=initial)


def _page(request: SignedIn, told_id: int = 0, bound: AnswerForm | None = None) -> HttpResponse:
    if member_of(request.actor.number) is None:
        return render(request, "ledger/nobody.html", status=404)
    told = announcing_queries.own_told(request.actor.number)
    rows = []
    for latest in settlement_queries.own_results(request.actor.number):
        one = told.get(latest.settlement.first_on)
        if one is not None and one.pk == told_id:
            rows.append(_own(latest, one, bound))
        else:
            rows.append(_own(latest, one))
    return render(request, "results/own.html", {"rows": rows, **_elsewhere(request, rows)}, status=status_of(request))


def _elsewhere(request: SignedIn, rows: list[Own]) -> dict[str, Any]:
    """What was filed of cycles that were not settled here, and the marks from outside the points."""
    member = member_of(request.actor.number)
    assert member is not None
    here = {one.result.settlement.first_on for one in rows}
    found = [one for one in former_queries.formers_of(member) if one.first_on not in here]
    return {
        "formers": [(one, former_queries.cycle_name(one)) for one in found],
        "marks": mark_queries.marks_of(member),
    }


def _own(latest: Any, told: Any, bound: AnswerForm | None = None) -> Own:
    result = told.result if told is not None else latest
    made = result.settlement
    names = settlement_queries.tier_names(made)
    cycle = Cycle(made.first_on, made.last_on)
    if told is None:
        return Own(result, cycle_text(cycle), names.get(result.tier, result.tier))
    differs = (result.score, result.tier, result.why) != (latest.score, latest.tier, latest.why)
    filed = announcing_queries.closed_among([result.member_id], cycle).get(result.member_id, "")
    form = bound or _form(told.pk, initial={"answer": told.answer, "words": told.words})
    return Own(
        result,
        cycle_text(cycle),
        names.get(result.tier, result.tier),
        told,
        announcing.outcome_text(latest, names) if differs else "",
        filed,
        None if filed else form,
    )
