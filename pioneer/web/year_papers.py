"""年底通报的纸面 The meeting's handout, the form of its minutes, and the members' statements, to be printed."""

from typing import Any

from django.http import HttpResponse

from pioneer.kernel.errors import NotVisible
from pioneer.results import announcing_papers as papers
from pioneer.results import announcing_queries as queries
from pioneer.results.cycles import cycle_text
from pioneer.scoring import Cycle
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.papers import paper


@signed_in
def handout(request: SignedIn, settlement_id: int, unit_id: int) -> HttpResponse:
    """组织生活会材料 For who sees the whole unit."""
    made, unit = queries.get_settled(request.actor, settlement_id, unit_id)
    _require_whole(request, unit)
    rows = list(queries.results_for(request.actor, unit, made))
    content = papers.handout(unit, made, rows, queries.announcement_of(unit, made))
    return paper(content, f"{unit.name}{_cycle(made)}通报材料")


@signed_in
def minutes(request: SignedIn, settlement_id: int, unit_id: int) -> HttpResponse:
    """会议记录 With what is recorded already."""
    made, unit = queries.get_settled(request.actor, settlement_id, unit_id)
    _require_whole(request, unit)
    held = queries.announcement_of(unit, made)
    told = list(queries.told_of(request.actor, held)) if held else []
    content = papers.minutes(unit, made, list(queries.results_for(request.actor, unit, made)), told)
    return paper(content, f"{unit.name}{_cycle(made)}会议记录")


@signed_in
def statements(request: SignedIn, settlement_id: int, unit_id: int, branch_id: int) -> HttpResponse:
    """一个支部的告知单 Of everybody who can be handed one; `?large=1` in large type."""
    made, unit = queries.get_settled(request.actor, settlement_id, unit_id)
    rows = queries.to_hand(queries.results_for(request.actor, unit, made))
    found = [one for one in rows if one.branch_id == branch_id]
    if not found:
        raise NotVisible
    content = papers.statements(made, found, queries.announcement_of(unit, made), large=_large(request))
    return paper(content, f"{found[0].branch.name}{_cycle(made)}告知单")


@signed_in
def statement(request: SignedIn, result_id: int) -> HttpResponse:
    """一份告知单 The member its own, once it was announced; who announces or sees the unit, any of it."""
    one = queries.get_result(request.actor, result_id)
    held = queries.announcement_of(one.unit, one.settlement)
    if held is None and not queries.sees_result(request.actor, one):
        raise NotVisible
    content = papers.statements(one.settlement, [one], held, large=_large(request))
    return paper(content, f"{one.member.name}{_cycle(one.settlement)}告知单")


def _require_whole(request: SignedIn, unit: Any) -> None:
    if not queries.sees_whole(request.actor, unit):
        raise NotVisible


def _large(request: SignedIn) -> bool:
    return request.GET.get("large") == "1"


def _cycle(made: Any) -> str:
    return cycle_text(Cycle(made.first_on, made.last_on))
