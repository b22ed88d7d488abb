"""草稿页 A draft from beginning to end: what it starts from, the files it comes and goes as, its submission."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from pioneer.kernel.errors import DomainError, NotAllowed
from pioneer.rulebook import draft_files, drafting
from pioneer.rulebook import draft_queries as queries
from pioneer.rulebook.findings import findings_of
from pioneer.rulebook.queries import districts_to_draft, shipped, visible_to
from pioneer.scoring.comparison import compare
from pioneer.scoring.writing import read_content
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.drafting import linked, open_draft
from pioneer.web.forms.rulebook import StartForm, SubmitForm, UploadForm
from pioneer.web.forms.trying import show_refusal, tried

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOML = "application/toml; charset=utf-8"


@signed_in
def start(request: SignedIn) -> HttpResponse:
    """另起一份草稿 Never from an empty page."""
    districts = districts_to_draft(request.actor)
    if not districts:
        raise NotAllowed("积分办法由区委组织部工作人员起草，您目前没有这项任职。")
    district = districts[0]
    versions = [one for one in visible_to(request.actor).order_by("-number") if one.district_id == district.pk]
    beginnings = [(f"v{one.pk}", f"第{one.number}版《{one.name}》（{one.get_state_display()}）") for one in versions]
    beginnings += [(f"s{one.code}", f"随附办法《{one.name}》") for one in shipped()]
    adopted = [f"v{one.pk}" for one in versions if one.state == "adopted"]
    likely = [request.GET.get("from", ""), *adopted, *(key for key, _ in beginnings), StartForm.FILE]
    initial = {"begin": next(key for key in likely if key in {*dict(beginnings), StartForm.FILE})}
    form = StartForm(request.POST or None, request.FILES or None, beginnings=beginnings, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: _started(request, district.pk, form))
        if made is not None:
            messages.success(request, "草稿已建好。逐章修改，随时可以离开，再从积分办法页回来。")
            return redirect("rulebook-draft", made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "rulebook/draft_start.html", {"form": form, "district": district}, status=status)


def _started(request: SignedIn, district_id: int, form: StartForm) -> Any:
    begin = form.cleaned_data["begin"]
    if begin == StartForm.FILE:
        file = form.cleaned_data["file"]
        text = draft_files.text_of(file.name or "", file.read(), with_mistakes=True)
        return drafting.start_draft(actor=request.actor, district_id=district_id, text=text, base_name="上传的文件")
    if begin.startswith("v"):
        return drafting.start_draft(actor=request.actor, district_id=district_id, version_id=int(begin[1:]))
    text = next(one.text for one in shipped() if one.code == begin[1:])
    return drafting.start_draft(actor=request.actor, district_id=district_id, text=text, base_name="随附办法")


# ---------------------------------------------------------------- files


@signed_in
def excel(request: SignedIn, draft_id: int) -> HttpResponse:
    """草稿的 Excel To be changed there and brought back."""
    draft = queries.draft_for(request.actor, draft_id)
    return download(draft_files.as_excel(draft.text), XLSX, f"{draft.name}-草稿.xlsx")


@signed_in
def toml(request: SignedIn, draft_id: int) -> HttpResponse:
    """草稿的办法文件"""
    draft = queries.draft_for(request.actor, draft_id)
    return download(draft.text.encode(), TOML, f"{draft.name}-草稿.toml")


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    """下载"""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@signed_in
def upload(request: SignedIn, draft_id: int) -> HttpResponse:
    """换上改好的文件 What is wrong in it is listed with sheet, row and column, and nothing is changed."""
    draft = open_draft(request, draft_id)
    form = UploadForm(request.POST or None, request.FILES or None, initial={"edit": draft.edit})
    mistakes: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = _replaced(request, draft_id, form)
        except DomainError as refusal:
            if refusal.status in (403, 404):
                raise
            mistakes = refusal
            form.data = {**request.POST.dict(), "edit": str(queries.draft_for(request.actor, draft_id).edit)}
        else:
            same = made.edit == draft.edit
            messages.success(request, "文件与草稿一字不差，没有改动。" if same else "已换上文件里的内容。")
            return redirect("rulebook-draft", draft_id)
    context = {"draft": draft, "form": form, "mistakes": mistakes}
    return render(request, "rulebook/draft_upload.html", context, status=422 if form.is_bound else 200)


def _replaced(request: SignedIn, draft_id: int, form: UploadForm) -> Any:
    given = form.cleaned_data
    text = draft_files.text_of(given["file"].name or "", given["file"].read(), given["with_mistakes"])
    return drafting.replace_draft(actor=request.actor, draft_id=draft_id, edit=given["edit"], text=text)


# ---------------------------------------------------------------- the end of it


@signed_in
def submit(request: SignedIn, draft_id: int) -> HttpResponse:
    """核对并提交 What it changes, what is still wrong, and the day it shall begin."""
    draft = open_draft(request, draft_id)
    findings = findings_of(draft.text)
    form = SubmitForm(request.POST or None, initial={"edit": draft.edit})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made: Any = drafting.submit_draft(
                actor=request.actor, draft_id=draft_id, edit=given["edit"], valid_from=given["valid_from"]
            )
        except DomainError as refusal:
            if refusal.status in (403, 404):
                raise
            show_refusal(form, refusal)
            form.data = {**request.POST.dict(), "edit": str(queries.draft_for(request.actor, draft_id).edit)}
        else:
            messages.success(
                request, f"已提交为第{made.version.number}版草案，请区委组织部的另一位工作人员核对后采用。"
            )
            return redirect("rulebook-version", made.version_id)
    context = {
        "draft": draft,
        "form": form,
        "findings": findings,
        "mistakes": linked(draft_id, findings.mistakes),
        "warnings": linked(draft_id, findings.warnings),
        "differences": compare(read_content(draft.base_text), read_content(draft.text)),
    }
    return render(request, "rulebook/draft_submit.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def withdraw(request: SignedIn, draft_id: int) -> HttpResponse:
    """撤销草稿"""
    drafting.withdraw_draft(actor=request.actor, draft_id=draft_id)
    messages.success(request, "草稿已撤销。")
    return redirect("rulebook")
