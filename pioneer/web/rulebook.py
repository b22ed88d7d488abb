"""积分办法页 The versions, which one holds on a day, and each as a regulation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import Act, Actor, may, paths
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed
from pioneer.members.queries import member_of
from pioneer.rulebook import queries, services
from pioneer.rulebook.regulation import chapters
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.rulebook import AdoptForm, DayForm, DraftForm
from pioneer.web.forms.trying import tried
from pioneer.web.todo import Todo


def todo(actor: Actor) -> list[Todo]:
    """待办 A draft that waits for this second person; a district without rules."""
    if not paths(actor, Act.ADOPT_RULEBOOK):
        return []
    versions = list(queries.visible_to(actor))
    waiting = [one for one in versions if one.state == "draft" and one.drafted_by_number != actor.number]
    found = [
        Todo(f"积分办法第{one.number}版待核对采用", 1, reverse("rulebook-version", args=[one.pk])) for one in waiting
    ]
    if not any(one.state in ("draft", "adopted") for one in versions):
        found.append(
            Todo("起草本区的积分办法", 1, reverse("draft-rulebook"), urgent=True, note="采用之前不能申报和计分")
        )
    return found


def _member_district(actor: Actor) -> int | None:
    member = member_of(actor.number)
    return member.district_id if member else None


@signed_in
def versions(request: SignedIn) -> HttpResponse:
    """版本 All that the actor may read, and which holds on the day asked for."""
    form = DayForm(request.GET or None)
    on = (form.cleaned_data["on"] if form.is_valid() else None) or clock.today()
    listed = list(queries.visible_to(request.actor, _member_district(request.actor)))
    holding = [
        one
        for one in listed
        if one.state == "adopted" and one.valid_from <= on and (one.valid_until is None or one.valid_until >= on)
    ]
    context = {
        "versions": listed[::-1],
        "on": on,
        "holding": holding,
        "form": form if form.is_bound else DayForm(initial={"on": on}),
        "may_draft": bool(queries.districts_to_draft(request.actor)),
        "several": len({one.district_id for one in listed}) > 1,
    }
    return render(request, "rulebook/versions.html", context)


@signed_in
def current(request: SignedIn) -> HttpResponse:
    """现行办法 The version that holds today, for whoever asks "by which rule?"."""
    today = clock.today()
    for one in queries.visible_to(request.actor, _member_district(request.actor)).order_by("-valid_from"):
        if one.state == "adopted" and one.valid_from <= today and (one.valid_until is None or one.valid_until >= today):
            return redirect("rulebook-version", one.pk)
    return redirect("rulebook")


@signed_in
def version(request: SignedIn, version_id: int) -> HttpResponse:
    """一个版本 As a regulation; a draft with what the second person must answer."""
    return _version_page(request, version_id)


def _version_page(request: SignedIn, version_id: int, form: AdoptForm | None = None) -> HttpResponse:
    shown = queries.version_for(request.actor, version_id, _member_district(request.actor))
    warned = queries.warnings_of(shown)
    is_draft = shown.state == "draft"
    second = may(request.actor, Act.ADOPT_RULEBOOK, shown.district) and shown.drafted_by_number != request.actor.number
    context = {
        "version": shown,
        "rulebook": queries.parsed(shown),
        "chapters": chapters(queries.parsed(shown)),
        "warned": warned,
        "form": form or AdoptForm(warnings=warned),
        "may_adopt": is_draft and second,
        "may_discard": is_draft and may(request.actor, Act.DRAFT_RULEBOOK, shown.district),
        "people": queries.names_behind(shown),
    }
    return render(request, "rulebook/version.html", context)


@signed_in
def text(request: SignedIn, version_id: int) -> HttpResponse:
    """办法文本 The file itself, to keep or to make the next version from."""
    shown = queries.version_for(request.actor, version_id, _member_district(request.actor))
    response = HttpResponse(shown.text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rulebook-{shown.number}.toml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@signed_in
def draft(request: SignedIn) -> HttpResponse:
    """起草办法 From a file, from the text, from what ships, or from a version that stands."""
    districts = queries.districts_to_draft(request.actor)
    if not districts:
        raise NotAllowed("积分办法由区委组织部工作人员起草，您目前没有这项任职。")
    form = DraftForm(request.POST or None, request.FILES or None, initial={"text": _beginning(request)})
    mistakes: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        given, content = form.cleaned_data, form.content
        try:
            made = services.draft_version(
                actor=request.actor, district_id=districts[0].pk, text=content, valid_from=given["valid_from"]
            )
        except DomainError as refusal:
            if refusal.status in (403, 404):
                raise
            mistakes = refusal
        else:
            messages.success(request, f"第{made.number}版已起草，请区委组织部的另一位工作人员核对后采用。")
            return redirect("rulebook-version", made.pk)
    context = {
        "form": form,
        "mistakes": mistakes,
        "shipped": queries.shipped(),
        "versions": [one for one in queries.visible_to(request.actor) if one.district_id == districts[0].pk],
        "district": districts[0],
    }
    return render(request, "rulebook/draft.html", context, status=422 if mistakes else 200)


def _beginning(request: SignedIn) -> str:
    """The text to begin with: a shipped rulebook by its folder, or an own version by its number."""
    if code := request.GET.get("shipped", ""):
        return next((one.text for one in queries.shipped() if one.code == code), "")
    if (number := request.GET.get("version", "")).isdecimal() and len(number) < 18:
        return queries.version_for(request.actor, int(number)).text
    return ""


@require_POST
@signed_in
def adopt(request: SignedIn, version_id: int) -> HttpResponse:
    """采用"""
    shown = queries.version_for(request.actor, version_id)
    form = AdoptForm(request.POST, warnings=queries.warnings_of(shown))
    if form.is_valid():
        made = tried(
            form,
            lambda: services.adopt_version(actor=request.actor, version_id=version_id, answers=form.cleaned_data),
        )
        if made is not None:
            messages.success(request, f"第{made.number}版已采用，文本从此不能更改。")
            return redirect("rulebook-version", made.pk)
    return _version_page(request, version_id, form)


@require_POST
@signed_in
def discard(request: SignedIn, version_id: int) -> HttpResponse:
    """放弃草案"""
    made = services.discard_draft(actor=request.actor, version_id=version_id)
    messages.success(request, f"第{made.number}版草案已放弃。")
    return redirect("rulebook")
