"""备案页 Who has filed and who has not; a unit sends, the level above receives or sends back; the package."""

from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import Act, Actor, paths
from pioneer.assessments.queries import names_of
from pioneer.files.policies import LIMIT
from pioneer.files.queries import open_file
from pioneer.filings import collecting, packing, policies, queries, services, zeroed
from pioneer.kernel import sealing
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.results.cycles import cycle_text, cycles_of
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.files import attachment
from pioneer.web.forms.filings import (
    ChooseFilingCycleForm,
    ReceiveForm,
    ReturnFilingForm,
    SendCollectedForm,
    SendFilingForm,
)
from pioneer.web.forms.trying import status_of, tried
from pioneer.web.todo import Todo

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "json": "application/json",
}

NOTES = {
    "评定结果.xlsx": "每个人的结果、更正、公示指纹，Excel",
    "备案表.pdf": "A4，打印、盖章、存档",
    "公示指纹.json": "本周期每一张公示的指纹，供核对",
    "不同意见.json": "本人有不同意见的，照原话",
    "更正.json": "备案以后批准的更正",
    "备案汇总.xlsx": "各单位的备案号、人数和指纹，Excel",
    "备案汇总表.pdf": "A4，打印、盖章、存档",
    "manifest.json": "目录：每份文件的摘要，供核验，不含姓名",
}


def todo(actor: Actor) -> list[Todo]:
    """待办 Filings to receive, those sent back, units of one's own that have not filed, amendments to decide."""
    found = []
    if paths(actor, Act.RECEIVE_FILING) and (waiting := list(queries.to_receive(actor))):
        url = reverse("filing", args=[waiting[0].pk]) if len(waiting) == 1 else reverse("filings")
        found.append(Todo("有备案待收", len(waiting), url, note="、".join(one.unit.name for one in waiting[:3])))
    found += [_not_filed(*one) for one in queries.waiting_for(actor)]
    for row in queries.to_decide(actor):
        found.append(Todo("备案的更正待审批", 1, reverse("amendment", args=[row.pk]), note=row.filing.unit.name))
    for filing, one in zeroed.waiting_for(actor):
        url = reverse("amend-filing-zeroing", args=[filing.pk, one.case.member_id])
        said = f"{one.case.member.name}的{'清零' if one.kind == 'zeroed' else '清零撤销'}在备案以后，须提出更正"
        found.append(Todo(said, 1, url, note=queries.text_of(filing)))
    return found


def _not_filed(unit: Any, cycle: Any, due: date | None, filing: Any) -> Todo:
    text = f"{cycle_text(cycle)}的备案被退回" if filing is not None else f"{cycle_text(cycle)}还没有备案"
    url = reverse("filing-unit", args=[unit.pk, cycle.first_on.isoformat()])
    return Todo(text, 1, url, due=due, urgent=bool(queries.days_late(due, filing)), note=unit.name)


# ------------------------------------------------------------------ who has filed


@signed_in
def filings(request: SignedIn) -> HttpResponse:
    """备案 Of a cycle: every unit and township one sees, whether it filed, when it is due."""
    if not queries.scope(request.actor):
        raise NotVisible
    places = queries.places(request.actor)
    cycles = cycles_of(places[0].district_number) if places else []
    offered = [(one.first_on.isoformat(), cycle_text(one)) for one in cycles]
    usual = next((one for one in cycles[1:2]), next(iter(cycles), None))  # the one that is over, if there is one
    cycle = next((one for one in cycles if one.first_on.isoformat() == request.GET.get("cycle")), usual)
    context: dict[str, Any] = {"cycle": cycle, "checks": bool(paths(request.actor, Act.RECEIVE_FILING))}
    if cycle is not None:
        form = ChooseFilingCycleForm(initial={"cycle": cycle.first_on.isoformat()}, cycles=offered)
        due = queries.due_day(places[0].district_number, cycle)
        rows = queries.register(places, cycle, due)
        owing = [one for one in rows if not one.is_township and one.is_owing]
        context |= {
            "form": form,
            "cycle_text": cycle_text(cycle),
            "due": due,
            "file_by": queries.parameter_of(places[0].district_number, cycle, "file_by"),
            "rows": rows,
            "filed": sum(1 for one in rows if not one.is_township and one.state == "received"),
            "owing": len(owing),
            "units": sum(1 for one in rows if not one.is_township),
            "amendments": queries.to_decide(request.actor),
        }
    return render(request, "filings/index.html", context)


# ------------------------------------------------------------------ sending


@signed_in
def unit(request: SignedIn, unit_id: int, cycle: str) -> HttpResponse:
    """一个单位的备案 What stands in the way, what was sent before, and the form that sends."""
    place = queries.place_for(request.actor, unit_id)
    try:
        found = queries.cycle_for(place, date.fromisoformat(cycle))
    except ValueError:
        raise NotVisible from None
    if request.method == "POST":
        policies.require_file(request.actor, place)
    return _township(request, place, found) if queries.is_township(place) else _unit(request, place, found)


def _unit(request: SignedIn, place: Any, cycle: Any) -> HttpResponse:
    standing = queries.standing(place, cycle)
    form = SendFilingForm(_sent(request), request.FILES or None, untold=standing.untold)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: _send(request, place.pk, cycle.first_on, form.cleaned_data))
        if made is not None:
            messages.success(request, f"已报送{made.to.name}，等待接收。")
            return redirect("filing", made.pk)
    context = {**_common(request, place, cycle), "form": form, "standing": standing}
    return render(request, "filings/unit.html", context, status=status_of(request))


def _sent(request: SignedIn) -> Any:
    """What was sent, be it a form without a single field."""
    return request.POST if request.method == "POST" else None


def _send(request: SignedIn, unit_id: int, first_on: date, given: dict[str, Any]) -> Any:
    scan = given.get("minutes")
    return services.send(
        actor=request.actor,
        unit_id=unit_id,
        first_on=first_on,
        untold_reason=given.get("untold_reason", ""),
        minutes=(scan.name, scan.read(LIMIT + 1)) if scan else None,
    )


def _township(request: SignedIn, place: Any, cycle: Any) -> HttpResponse:
    parts = collecting.parts_of(place, cycle)
    form = SendCollectedForm(_sent(request), missing=[(one.pk, one.name) for one in parts.missing])
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: collecting.send_collected(
                actor=request.actor, township_id=place.pk, first_on=cycle.first_on, reasons=form.reasons()
            ),
        )
        if made is not None:
            messages.success(request, f"已报送{made.to.name}，等待接收。")
            return redirect("filing", made.pk)
    context = {**_common(request, place, cycle), "form": form, "parts": parts}
    context["open"] = collecting.has_news(place, cycle, parts)
    return render(request, "filings/township.html", context, status=status_of(request))


def _common(request: SignedIn, place: Any, cycle: Any) -> dict[str, Any]:
    last = queries.latest_filings([place.pk], cycle.first_on).get(place.pk)
    return {
        "unit": place,
        "cycle": cycle,
        "cycle_text": cycle_text(cycle),
        "due": queries.due_day(place.district_number, cycle),
        "last": last,
        "lines": last.returned_lines.select_related("member") if last is not None else (),
        "open": last is None or last.state == "returned",
        "may": policies.may_file(request.actor, place),
        "is_over": queries.is_over(cycle),
    }


# ------------------------------------------------------------------ one filing


@signed_in
def filing(request: SignedIn, filing_id: int) -> HttpResponse:
    """一份备案 What was sent, its documents, every step, and what may be done with it now."""
    found = queries.get_filing(request.actor, filing_id)
    return _page(request, found, ReceiveForm())


def _page(request: SignedIn, found: Any, receive_form: Any) -> HttpResponse:
    steps = list(found.steps.all())
    valid = queries.received(found.unit, found.first_on)
    others = [one for one in queries.revisions_of(found) if one.pk != found.pk]
    is_latest = all(one.revision < found.revision for one in others)
    context = {
        "filing": found,
        "text": queries.text_of(found),
        "cycle": found.first_on.isoformat(),
        "documents": [(name, NOTES.get(name, "")) for name in _documents(found)],
        "fingerprint": sealing.short(found.package_digest),
        "steps": [(one, names_of([one.by_number]).get(one.by_number or 0, "")) for one in steps],
        "lines": found.returned_lines.select_related("member"),
        "collected": found.collected.select_related("part__unit"),
        "missing": found.missing.select_related("unit"),
        "revisions": others,
        "is_valid": valid is not None and valid.pk == found.pk,
        "amendments": queries.amendments_of(request.actor, found),
        "may_receive": found.state == "sent" and policies.may_receive(request.actor, found),
        "own": found.state == "sent"
        and policies.receives_at(request.actor, found.to)
        and request.actor.number == found.sent_by_number,
        "may_amend": valid is not None
        and valid.settlement_id is not None
        and policies.may_propose(request.actor, found.unit),
        "zeroings": zeroed.to_amend(valid) if valid is not None and valid.pk == found.pk else (),
        "may_send": found.state == "returned" and is_latest and policies.may_file(request.actor, found.unit),
        "receive_form": receive_form,
    }
    return render(request, "filings/filing.html", context, status=status_of(request))


@require_POST
@signed_in
def receive(request: SignedIn, filing_id: int) -> HttpResponse:
    """接收备案"""
    found = queries.get_filing(request.actor, filing_id)
    policies.require_receive(request.actor, found)
    form = ReceiveForm(request.POST)
    if form.is_valid():
        number = form.cleaned_data["number"]
        if tried(form, lambda: services.receive(actor=request.actor, filing_id=found.pk, number=number)) is not None:
            messages.success(request, "已接收备案。结果已记入各人的以往结果，这一周期不再加分、扣分。")
            return redirect("filing", found.pk)
    return _page(request, found, form)


@signed_in
def send_back(request: SignedIn, filing_id: int) -> HttpResponse:
    """退回备案 With reasons, overall or person by person."""
    found = queries.get_filing(request.actor, filing_id)
    policies.require_receive(request.actor, found)
    people = [(one.member_id, f"{one.member.name}（{one.branch.name}）") for one in queries.listed(found)]
    form = ReturnFilingForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        reason, lines = form.cleaned_data["reason"], form.lines()
        done = tried(
            form,
            lambda: services.send_back(actor=request.actor, filing_id=found.pk, reason=reason, lines=lines),
        )
        if done is not None:
            messages.success(request, "已退回，报送单位会看到原因。")
            return redirect("filing", found.pk)
    context = {"filing": found, "text": queries.text_of(found), "form": form}
    return render(request, "filings/send_back.html", context, status=status_of(request))


@signed_in
def package(request: SignedIn, filing_id: int) -> HttpResponse:
    """下载备案包"""
    found = queries.get_filing(request.actor, filing_id)
    if found.package is None:
        raise NotVisible("这份备案里有人的文字已按规定抹除，备案包不再保留，只留下指纹。")
    return attachment(found.package)  # type: ignore[return-value]


@signed_in
def document(request: SignedIn, filing_id: int, place: int) -> HttpResponse:
    """备案包里的一份文件"""
    found = queries.get_filing(request.actor, filing_id)
    if found.package is None:
        raise NotVisible
    with open_file(found.package) as file:
        whole = file.read()
    names = packing.names(whole)
    if not 0 < place <= len(names):
        raise NotVisible
    name = names[place - 1]
    content = packing.document(whole, name)
    ending = name.rsplit(".", 1)[-1]
    response = HttpResponse(content, content_type=KINDS.get(ending, "application/octet-stream"))
    response["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(f'{found.unit.name}{queries.text_of(found)}{name}')}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _documents(found: Any) -> list[str]:
    """Empty also where the content is gone from where it was kept: the page is shown all the same, and says so."""
    if found.package is None:
        return []
    try:
        with open_file(found.package) as file:
            return packing.names(file.read())
    except DomainError:
        return []
