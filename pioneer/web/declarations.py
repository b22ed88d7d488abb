"""申报页 The member's form and list, and the same for a member by proxy."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import Act, Actor, paths
from pioneer.assessments import queries as assessments
from pioneer.declarations import paper_queries, queries, services
from pioneer.declarations.weeks import by_week
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members import queries as members
from pioneer.publicity import objection_queries
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.files import attachment
from pioneer.web.forms.declarations import DeclareForm
from pioneer.web.forms.trying import status_of, tried

PER_PAGE = 30


def enters_for_others(actor: Actor) -> bool:
    """可否代报"""
    return bool(paths(actor, Act.DECLARE_FOR))


@signed_in
def own(request: SignedIn) -> HttpResponse:
    """我的申报 Week by week, this one first; each with its state, its review and what may still be done."""
    if members.member_of(request.actor.number) is None:
        if enters_for_others(request.actor):
            return redirect("declarations-for")
        raise NotVisible
    page = Paginator(queries.own(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    rows = assessments.with_reviews(queries.described(page.object_list))
    weeks = by_week(rows, clock.today(), with_this=page.number == 1)
    return render(
        request,
        "declarations/own.html",
        {
            "page": page,
            "weeks": weeks,
            "enters_for_others": enters_for_others(request.actor),
            "objectable": objection_queries.objectable_reviews([row.review.pk for row in rows if row.review]),  # type: ignore[attr-defined]
        },
    )


@signed_in
def new(request: SignedIn) -> HttpResponse:
    """申报 For oneself, or with `member` for a member of one's branch (代报); with `again` one's own once more."""
    number = request.GET.get("member", "")
    if number:
        member = queries.declarable_for(request.actor).filter(pk=number).first() if number.isdecimal() else None
    else:
        member = members.member_of(request.actor.number)
    if member is None:
        raise NotVisible
    is_proxy = member.user_id != request.actor.number
    again = request.GET.get("again", "")
    offer = queries.offer(member)
    form = DeclareForm(
        request.POST or None,
        request.FILES or None,
        offer=offer,
        today=clock.today(),
        others=queries.recent_open(member),
        again=queries.own_one(request.actor, int(again)) if again.isdecimal() and len(again) < 16 else None,
    )
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: services.declare(actor=request.actor, member_id=member.pk, **form.spoken()))
        if made is not None:
            messages.success(request, received(made.member.name if is_proxy else "", made.event_on))
            return redirect("declarations-for" if is_proxy else "declarations")
    status = status_of(request)
    return render(request, "declarations/new.html", {"form": form, "offer": offer, "is_proxy": is_proxy}, status=status)


def received(name: str, event_on: date) -> str:
    """收到的回话 What lies in an earlier month goes on the sheet that is worked on, whichever that is."""
    today = clock.today()
    is_this_month = (event_on.year, event_on.month) == (today.year, today.month)
    when = f"{today.month}月考评时" if is_this_month else "最近一次考评时"
    return f"{name}{'的' if name else ''}申报已交到支部，{when}核定；核定以前可以撤回。"


@signed_in
def for_others(request: SignedIn) -> HttpResponse:
    """代报 Choose a member, or find one by the code on its paper form; what was entered lately."""
    if not enters_for_others(request.actor):
        raise NotVisible
    if code := paper_queries.plain(request.GET.get("code", "")):
        if paper_queries.knows(request.actor, code):
            return redirect("weekly-form", code=code)
        messages.warning(
            request, "没有找到这个编码的申报表。请对照纸上二维码下面的8位编码再输；别的支部的表由那个支部录入。"
        )
    words = request.GET.get("q", "").strip()
    found = queries.declarable_for(request.actor)
    if words:
        found = found.filter(name__contains=words)
    page = Paginator(found, 60).get_page(request.GET.get("page"))
    latest = queries.described(queries.entered_by(request.actor)[:10])
    return render(request, "declarations/for_others.html", {"page": page, "words": words, "latest": latest})


@signed_in
@require_POST
def withdraw(request: SignedIn, declaration_id: int) -> HttpResponse:
    """撤回"""
    declaration = services.withdraw_declaration(actor=request.actor, declaration_id=declaration_id)
    messages.success(request, f"已撤回{declaration.event_on.month}月{declaration.event_on.day}日的申报。")
    return redirect("declarations-for" if declaration.is_proxy else "declarations")


@signed_in
def evidence(request: SignedIn, declaration_id: int, file_id: int) -> HttpResponse:
    """佐证 For who sees the declaration."""
    return attachment(queries.evidence(request.actor, declaration_id, file_id).file)  # type: ignore[return-value]
