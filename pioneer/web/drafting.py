"""起草台 A rulebook written on pages: the desk with its chapters, a chapter's tables, one row's form with checks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.rulebook import draft_queries as queries
from pioneer.rulebook import drafting, outline
from pioneer.rulebook.editing import Change, changed, found_again, mark_of, row_of, rows_of, section_of
from pioneer.rulebook.findings import CONTAINERS, Finding, Findings, findings_of, name_of, title_of
from pioneer.scoring.schema import Section
from pioneer.scoring.writing import Content, NotToml, format_text
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.drafting import RowForm
from pioneer.web.forms.drafting_kinds import Around

PER_PAGE = 50
MANY = 12  # rows a table has before a search field helps


@dataclass(frozen=True, slots=True)
class Place:
    """在草稿的哪里 A row of a table, or the table itself; `number` counts from 0, None where there is no row yet."""

    section: Section
    number: int | None
    is_new: bool

    @property
    def row(self) -> str:
        if self.section.form == "one":
            return outline.ONLY
        return outline.NEW if self.number is None else str(self.number + 1)


def place_of(section: str, row: str) -> Place:
    """读地址"""
    known = section_of(section)
    if known is None or (row == outline.ONLY) != (known.form == "one"):
        raise NotVisible()
    if row in (outline.ONLY, outline.NEW):
        return Place(known, None, row == outline.NEW)
    if not row.isdecimal() or not 0 < int(row[:7]) < 1_000_000:
        raise NotVisible()
    return Place(known, int(row) - 1, False)


def address_of(draft_id: int, one: Finding) -> str:
    """到哪里去改 The form of the row, the chapter of the table, or where what the format doesn't know is taken away."""
    known = section_of(one.section)
    if known is None:
        if not one.section or one.section in CONTAINERS:
            return reverse("draft-chapter", args=[draft_id, outline.chapter_with(one.section).slug])
        return reverse("remove-draft-row", args=[draft_id, one.section, outline.ONLY])
    if known.form == "many" and one.row is None:
        return reverse("draft-chapter", args=[draft_id, outline.chapter_with(one.section).slug])
    row = outline.ONLY if one.row is None else str(one.row + 1)
    return reverse("draft-row", args=[draft_id, one.section, row])


def linked(draft_id: int, found: Iterable[Finding]) -> list[tuple[Finding, str]]:
    """所见与去处"""
    return [(one, address_of(draft_id, one)) for one in found]


def open_draft(request: SignedIn, draft_id: int) -> Any:
    """起草中的草稿 One that was submitted or withdrawn is refused with a sentence."""
    draft = queries.draft_for(request.actor, draft_id)
    if draft.state != "work":
        raise DomainError("not_in_work", f"这份草稿{draft.get_state_display()}，不能再改。要接着改，请另起一份草稿。")
    return draft


# ---------------------------------------------------------------- the desk, the chapters


@signed_in
def desk(request: SignedIn, draft_id: int) -> HttpResponse:
    """起草台 Where the draft stands, chapter by chapter; what is left to be put right; who changed what."""
    draft = queries.draft_for(request.actor, draft_id)
    if draft.state == "submitted" and draft.version_id:
        return redirect("rulebook-version", draft.version_id)
    draft = open_draft(request, draft_id)
    findings = findings_of(draft.text)
    names = queries.names_of([draft.started_by_number, draft.changed_by_number])
    context = {
        "draft": draft,
        "entries": outline.entries(queries.content_of(draft), findings),
        "findings": findings,
        "mistakes": linked(draft_id, findings.mistakes),
        "warnings": linked(draft_id, findings.warnings),
        "edits": queries.edits_of(draft),
        "started_by": names.get(draft.started_by_number, ""),
        "is_own": draft.started_by_number == request.actor.number,
    }
    return render(request, "rulebook/draft_desk.html", context)


@signed_in
def chapter(request: SignedIn, draft_id: int, slug: str) -> HttpResponse:
    """一章 Its tables; a long one by the page, with a search."""
    draft = open_draft(request, draft_id)
    found = outline.chapter_of(slug)
    if found is None:
        raise NotVisible()
    findings = findings_of(draft.text)
    wanted = request.GET.get("q", "").strip()[:60]
    parts = []
    for part in outline.parts(queries.content_of(draft), found, findings):
        lines = outline.matching(part.lines, wanted) if wanted and part.many else part.lines
        page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
        parts.append((part, page, linked(draft_id, part.findings)))
    place = outline.CHAPTERS.index(found)
    context = {
        "draft": draft,
        "chapter": found,
        "chapters": outline.CHAPTERS,
        "before": outline.CHAPTERS[place - 1] if place else None,
        "after": outline.CHAPTERS[place + 1] if place + 1 < len(outline.CHAPTERS) else None,
        "parts": parts,
        "findings": findings,
        "wanted": wanted,
        "searchable": any(len(part.lines) > MANY for part, _, _ in parts if part.many),
    }
    return render(request, "rulebook/draft_chapter.html", context)


# ---------------------------------------------------------------- one row


@signed_in
def row(request: SignedIn, draft_id: int, section: str, row: str) -> HttpResponse:
    """一行 Its form. Saved as it stands, with mistakes too; the form then shows what is wrong, each at its field."""
    draft, place = open_draft(request, draft_id), place_of(section, row)
    content = queries.content_of(draft)
    before = _before(content, place)
    if request.method != "POST":
        form = RowForm(place.section, before, Around(content, section))
        if before is not None:
            form.place(findings_of(draft.text).at(section, place.number))
        return _row_page(request, draft, place, form, findings_of(draft.text))
    given = _given(request)
    form = RowForm(place.section, before, Around(content, section), given)
    act = request.POST.get("do", "save")
    if not act.startswith("save"):
        form = RowForm(place.section, before, Around(content, section), form.pressed(act))
        findings = _checked(content, place, form)
        return _row_page(request, draft, place, form, findings)
    return _save(request, draft, place, form)


def _before(content: Content, place: Place) -> Any:
    before = None if place.is_new else row_of(content, place.section.name, place.number)
    if before is None and place.number is not None:
        raise NotVisible()
    return before


def _given(request: SignedIn) -> dict[str, list[str]]:
    return {name: [str(one) for one in values] for name, values in request.POST.lists()}


def _change(request: SignedIn, place: Place, form: RowForm) -> Change:
    to = request.POST.get("place", "")
    where = int(to[:6]) - 1 if to.isdecimal() and place.section.form == "many" else None
    kind: Any = "add" if place.is_new else "set"
    return Change(kind, place.section.name, place.number, form.table(), where)


def _save(request: SignedIn, draft: Any, place: Place, form: RowForm) -> HttpResponse:
    change = _change(request, place, form)
    try:
        made = drafting.edit_draft(actor=request.actor, draft_id=draft.pk, edit=_edit(request), change=change)
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        return _refused(request, draft.pk, place, refusal)
    number: int | None
    name = name_of(form.table()) or place.section.label
    if place.number is None and place.is_new:
        last = len(rows_of(queries.content_of(made), place.section.name)) - 1
        number = last if change.to is None else max(0, min(change.to, last))
    else:
        number = place.number if change.to is None else change.to
    left = findings_of(made.text).at(place.section.name, number)
    mistakes = sum(one.is_mistake for one in left)
    if mistakes:
        messages.warning(request, f"{name}已保存，还有{mistakes}处要改，写在各格下面。")
        row = outline.ONLY if number is None else str(number + 1)
        return redirect("draft-row", draft.pk, place.section.name, row)
    messages.success(request, f"{name}已保存。" if made.edit != draft.edit else f"{name}没有改动。")
    if request.POST.get("do") == "save-next":
        return redirect("draft-row", draft.pk, place.section.name, outline.NEW)
    return redirect(_list_address(draft.pk, place.section.name, number))


def _list_address(draft_id: int, section: str, number: int | None) -> str:
    """The page of the list on which the row stands, at the row."""
    address = reverse("draft-chapter", args=[draft_id, outline.chapter_with(section).slug])
    if number is None:
        return address + f"#{section.replace('.', '-')}"
    page = {"page": str(number // PER_PAGE + 1)} if number >= PER_PAGE else {}
    return address + (f"?{urlencode(page)}" if page else "") + f"#{section}-{number + 1}"


def _edit(request: SignedIn) -> int:
    given = request.POST.get("edit", "")
    return int(given) if given.isdecimal() and len(given) < 9 else -1


def _refused(request: SignedIn, draft_id: int, place: Place, refusal: DomainError) -> HttpResponse:
    """What was typed stays. Where somebody else has changed the draft, the row is looked for where it stands by now."""
    draft = open_draft(request, draft_id)
    content = queries.content_of(draft)
    gone, wanted = False, request.POST.get("place", "")
    if refusal.code == "changed_meanwhile" and place.number is not None:
        number = found_again(content, place.section.name, request.POST.get("mark", ""), request.POST.get("was", ""))
        gone = number is None
        if number is not None and wanted == str(place.number + 1):
            wanted = str(number + 1)  # nobody asked for another place
        place = Place(place.section, number, number is None)
    before = None if place.is_new else row_of(content, place.section.name, place.number)
    form = RowForm(place.section, before, Around(content, place.section.name), _given(request))
    findings = _checked(content, place, form)
    edits = queries.edits_of(draft, after=max(_edit(request), 0)) if refusal.code == "changed_meanwhile" else []
    extra = {"refusal": refusal, "edits": edits, "gone": gone, "place": wanted}
    return _row_page(request, draft, place, form, findings, extra, status=refusal.status)


def _checked(content: Content, place: Place, form: RowForm) -> Findings:
    """What the loader would say of the draft with the row as typed; put at the form's fields."""
    change = Change("add" if place.is_new else "set", place.section.name, place.number, form.table())
    number = len(rows_of(content, place.section.name)) if place.is_new else place.number
    try:
        findings = findings_of(format_text(changed(content, change)))
    except NotToml:
        return Findings(())
    form.place(findings.at(place.section.name, number), quiet=form.is_new)
    return findings


def _row_page(
    request: SignedIn,
    draft: Any,
    place: Place,
    form: RowForm,
    findings: Findings,
    extra: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    content = form.around.content
    before = {} if form.is_new else form.before
    count = len(rows_of(content, place.section.name)) if place.section.form == "many" else 0
    title = place.section.label
    if not form.is_new and place.section.form == "many":
        title = title_of(content, place.section.name, place.number)
    context = {
        "draft": draft,
        "section": place.section,
        "row": place.row,
        "form": form,
        "title": title,
        "findings": findings,
        "chapter": outline.chapter_with(place.section.name),
        "count": count,
        "place": request.POST.get("place", "") or (place.number + 1 if place.number is not None else ""),
        "mark": mark_of(before) if before else "",
        "was": before.get("code", ""),
        "removable": not form.is_new and (place.section.form == "many" or not place.section.required),
        "back": _list_address(draft.pk, place.section.name, place.number),
        **(extra or {}),
    }
    return render(request, "rulebook/draft_row.html", context, status=status)


@require_POST
@signed_in
def check(request: SignedIn, draft_id: int, section: str, row: str) -> HttpResponse:
    """检查一行 What the loader says of it as typed, to be put beside the fields; nothing is written."""
    draft, place = open_draft(request, draft_id), place_of(section, row)
    content = queries.content_of(draft)
    form = RowForm(place.section, _before(content, place), Around(content, section), _given(request))
    context = {"draft": draft, "form": form, "findings": _checked(content, place, form), "swap": True}
    return render(request, "rulebook/draft_checked.html", context)


# ---------------------------------------------------------------- moving and removing


@require_POST
@signed_in
def move(request: SignedIn, draft_id: int, section: str, row: str) -> HttpResponse:
    """上移、下移"""
    place = place_of(section, row)
    if place.number is None:
        raise NotVisible()
    to = place.number + (1 if request.POST.get("to") == "down" else -1)
    change = Change("move", section, place.number, to=max(to, 0))
    drafting.edit_draft(actor=request.actor, draft_id=draft_id, edit=_edit(request), change=change)
    return redirect(_list_address(draft_id, section, max(to, 0)))


@signed_in
def remove(request: SignedIn, draft_id: int, section: str, row: str) -> HttpResponse:
    """删去一项 Asked once, with where else it is named."""
    draft = open_draft(request, draft_id)
    content = queries.content_of(draft)
    number = int(row) - 1 if row.isdecimal() and 0 < int(row[:7]) < 1_000_000 else None
    if not outline.exists(content, section, number):
        raise NotVisible()
    table = row_of(content, section, number) or {}
    if request.method == "POST":
        change = Change("remove", section, number)
        drafting.edit_draft(actor=request.actor, draft_id=draft_id, edit=_edit(request), change=change)
        messages.success(request, f"{title_of(content, section, number)}已删去。")
        slug = outline.chapter_with(section).slug
        return redirect("draft-chapter", draft_id, slug)
    known = section_of(section)
    code = table.get("code")
    context = {
        "draft": draft,
        "section": section,
        "row": row,
        "title": title_of(content, section, number),
        "said": outline.summary(known, table, content) if known else "",
        "named": outline.naming(content, section, code) if isinstance(code, str) and code else [],
        "back": _list_address(draft_id, section, number if known else None),
    }
    return render(request, "rulebook/draft_remove.html", context)
