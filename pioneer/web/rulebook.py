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
from pioneer.rulebook import draft_queries, queries, services
from pioneer.rulebook.draft_files import as_excel
from pioneer.rulebook.printing import regulation_pdf
from pioneer.rulebook.regulation import chapters
from pioneer.scoring.comparison import compare
from pioneer.scoring.writing import read_content
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.drafts import XLSX, download
from pioneer.web.forms.rulebook import AdoptForm, CompareForm, DayForm, DraftForm
from pioneer.web.forms.trying import tried
from pioneer.web.papers import paper
from pioneer.web.supplements import annexes_for
from pioneer.web.todo import Todo


def todo(actor: Actor) -> list[Todo]:
    """待办 A draft that waits for this second person; a district without rules."""
    if not paths(actor, Act.ADOPT_RULEBOOK):
        return []
    found = [
        Todo(f"积分办法第{one.number}版待核对采用", 1, reverse("rulebook-version", args=[one.pk]))
        for one in draft_queries.waiting_for(actor)
    ]
    drafts = draft_queries.in_work(actor)
    found += [
        Todo(f"积分办法草稿《{one.name}》还没有提交", 1, reverse("rulebook-draft", args=[one.pk]))
        for one in drafts
        if one.started_by_number == actor.number
    ]
    if not drafts and not queries.visible_to(actor).filter(state__in=("draft", "adopted")).exists():
        found.append(Todo("起草本区的积分办法", 1, reverse("start-draft"), urgent=True, note="采用之前不能申报和计分"))
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
        "drafts": draft_queries.in_work(request.actor),
        "several": len({one.district_id for one in listed}) > 1,
        "sees_supplements": bool(paths(request.actor, Act.SEE_SHEET)),
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
    drafters = draft_queries.drafters_of(shown) if is_draft else set()
    second = may(request.actor, Act.ADOPT_RULEBOOK, shown.district) and request.actor.number not in drafters
    context = {
        "version": shown,
        "rulebook": queries.parsed(shown),
        "chapters": chapters(queries.parsed(shown)),
        "warned": warned,
        "form": form or AdoptForm(warnings=warned),
        "may_adopt": is_draft and second,
        "may_discard": is_draft and may(request.actor, Act.DRAFT_RULEBOOK, shown.district),
        "may_draft": may(request.actor, Act.DRAFT_RULEBOOK, shown.district),
        "people": queries.names_behind(shown),
        "annexes": annexes_for(request.actor, shown),
        "before": draft_queries.version_before(shown),
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
def excel(request: SignedIn, version_id: int) -> HttpResponse:
    """版本的 Excel To be read, or changed there and brought back as a draft."""
    shown = queries.version_for(request.actor, version_id, _member_district(request.actor))
    return download(as_excel(shown.text), XLSX, f"{shown.name}-第{shown.number}版.xlsx")


@signed_in
def comparison(request: SignedIn) -> HttpResponse:
    """对照 Two versions or drafts side by side in plain words."""
    also_in = _member_district(request.actor)
    sides = [
        draft_queries.compared(request.actor, key, also_in) if (key := request.GET.get(name, "")) else None
        for name in ("old", "new")
    ]
    choices = draft_queries.comparable(request.actor, also_in)
    choices += [(one.key, one.name) for one in sides if one is not None and one.key not in dict(choices)]
    shown = {name: one.key for name, one in zip(("old", "new"), sides, strict=True) if one is not None}
    old, new = sides
    context = {
        "form": CompareForm(choices=choices, initial=shown),
        "old": old,
        "new": new,
        "enough": len(choices) > 1,
        "differences": compare(read_content(old.text), read_content(new.text)) if old and new else None,
    }
    return render(request, "rulebook/comparison.html", context)


@signed_in
def regulation(request: SignedIn, version_id: int) -> HttpResponse:
    """办法全文的纸面 The version as a paper to print, sign and hang up."""
    shown = queries.version_for(request.actor, version_id, _member_district(request.actor))
    return paper(regulation_pdf(shown, annexes_for(request.actor, shown)), f"{shown.name}-第{shown.number}版")


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
