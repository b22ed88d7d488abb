"""结转页 A branch that comes from paper in mid-cycle: opening the take-over sheet, its grid, and its workbook."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pioneer.accounts.policies import Act, may, paths
from pioneer.assessments import queries, roster, takeover, totals
from pioneer.assessments.queries import Sheet
from pioneer.assessments.totals import Cells, Total
from pioneer.files.policies import LIMIT
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.kernel.points import parse, show
from pioneer.organisations.queries import in_tree_order
from pioneer.scoring import Indicator
from pioneer.web.assessments import to_sheet
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.drafts import XLSX, download
from pioneer.web.files import attachment
from pioneer.web.forms.takeover import TakeoverForm, TotalsFileForm
from pioneer.web.forms.trying import status_of, tried
from pioneer.workbooks.reading import UnreadableWorkbook
from pioneer.workbooks.totals_book import Column, Person, read_totals, write_totals

PER_PAGE = 40
NOTES = [
    "每名党员一行，每项指标一列；格子里填纸质台账上已经公示入账的累计，没有的留空。",
    "加分、扣分都填正数，最多两位小数；按累计数量升档的指标填累计数量，分值由系统按档算。",
    "格子改为空白再上传，就是撤去这一格。表头和党员编号不要改。",
    "您本人和您申明的亲属不在表里，由支部的另一位同志填。",
]


@signed_in
def new_takeover(request: SignedIn) -> HttpResponse:
    """开立结转表"""
    if not paths(request.actor, Act.EVALUATE):
        raise NotVisible
    branches = in_tree_order(queries.branches_evaluated_by(request.actor))
    form = TakeoverForm(request.POST or None, request.FILES or None, branches=branches)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        file = said.pop("scan")
        scan = (file.name, file.read(LIMIT + 1)) if file else None
        done = tried(form, lambda: takeover.open_takeover_sheet(actor=request.actor, scan=scan, **said))
        if done is not None:
            messages.success(request, "已开立结转表。请填写累计。")
            return redirect("totals", done.pk)
    return render(request, "assessments/takeover_new.html", {"form": form}, status=status_of(request))


# ------------------------------------------------------------------ the grid


@dataclass(slots=True)
class Shown:
    """一格 What is typed in it or stands in it, what is wrong, and what stands now where somebody else was first."""

    name: str
    row: Indicator
    text: str
    fits: bool = True
    wrong: str = ""
    now: str = ""


def _sheet(request: SignedIn, sheet_id: int) -> Sheet:
    sheet = queries.get_sheet(request.actor, sheet_id)
    if sheet.kind != "takeover" or not may(request.actor, Act.EVALUATE, sheet.branch):
        raise NotVisible
    return sheet


@dataclass(slots=True)
class Sent:
    """送来的一页 What was typed on it, under which edit number, and with what it was refused, if it was."""

    edit: int
    typed: dict[str, str] = field(default_factory=dict)
    refusal: DomainError | None = None

    @property
    def wrong(self) -> dict[str, str]:
        faults = self.refusal.faults if isinstance(self.refusal, BadInput) else []
        return {fault.place: fault.message for fault in faults}

    @property
    def is_stale(self) -> bool:
        return self.refusal is not None and self.refusal.code == "edited_meanwhile"


def _save(request: SignedIn, sheet: Sheet) -> Sent:
    edit = request.POST.get("edit", "")
    sent = Sent(int(edit) if edit.isdecimal() and len(edit) < 10 else -1)
    sent.typed = {name: str(text).strip() for name, text in request.POST.items() if name.startswith("c-")}
    try:
        cells = _typed(sent.typed)
        takeover.enter_totals(actor=request.actor, sheet_id=sheet.pk, edit=sent.edit, cells=cells)
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        sent.refusal = refusal
    return sent


@signed_in
def grid_of_totals(request: SignedIn, sheet_id: int) -> HttpResponse:
    """填写累计 One aspect at a time, its indicators across and the members down. What is wrong stands in its cell."""
    sheet = _sheet(request, sheet_id)
    sent = _save(request, sheet) if request.method == "POST" else Sent(sheet.edit)
    if request.method == "POST" and sent.refusal is None:
        messages.success(request, "已保存。")
        return redirect(request.get_full_path())
    sheet.refresh_from_db(fields=["edit", "state"])
    found = totals.cells(request.actor, sheet)
    groups = _groups(found)
    group = next((code for code, _ in groups if code == request.GET.get("group")), groups[0][0])
    page = Paginator(list(found.entries.values()), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(e, found.aside.get(e.id), found.closed.get(e.id), _row(found, e.id, group, sent)) for e in page]
    context = {
        "sheet": sheet,
        "title": roster.title_of(sheet),
        "groups": groups,
        "group": group,
        "columns": [(row, _unit(row)) for row in found.of_index(group)],
        "rows": rows,
        "page": page,
        "edit": sheet.edit if sent.is_stale else sent.edit,
        "refusal": sent.refusal,
        "wrong": [(found.entries.get(_member(place)), place, said) for place, said in sent.wrong.items()],
        "is_open": sheet.state == "open",
    }
    return render(request, "assessments/totals.html", context, status=422 if sent.refusal else 200)


def _groups(found: Cells) -> list[tuple[str, str]]:
    names = {aspect.code: aspect.name for aspect in found.book.aspects} | {"reverse": "扣分", "other": "其他"}
    return [(code, names.get(code, code)) for code in dict.fromkeys(totals.group_of(row) for row in found.columns)]


def _row(found: Cells, member_id: int, group: str, sent: Sent) -> list[Shown]:
    cells, wrong = [], sent.wrong
    for row in found.of_index(group):
        name = f"c-{member_id}-{row.code}"
        now = _text(found.amount(member_id, row.code))
        text = sent.typed.get(name, now)
        fits = not row.tracks or found.entries[member_id].track in row.tracks
        differs = sent.is_stale and text != now
        cells.append(Shown(name, row, text, fits, wrong.get(name, ""), (now or "空白") if differs else ""))
    return cells


def _text(amount: int | None) -> str:
    return "" if amount is None else show(amount)


def _unit(row: Indicator) -> str:
    return row.value.unit if totals.climbs(row) and row.value is not None else "分"


def _member(place: str) -> int:
    part = place.split("-")[1] if place.count("-") >= 2 else ""
    return int(part) if part.isdecimal() else 0


def _typed(typed: dict[str, str]) -> list[Total]:
    """The cells as sent; what is no number is named with the others, and then nothing is written."""
    cells, faults = [], []
    for name, text in typed.items():
        _, member, code = [*name.split("-", 2), "", ""][:3]
        if not member.isdecimal() or len(member) > 17:
            raise NotVisible
        try:
            cells.append(Total(int(member), code, parse(text) if text else None, name))
        except ValueError:
            faults.append(Fault(name, f"“{text[:20]}”不是数字，或多于两位小数，请填如 1.5 这样的数。"))
    if faults:
        raise BadInput(faults)
    return cells


# ------------------------------------------------------------------ the workbook


def _columns(found: Cells) -> list[Column]:
    return [Column(row.code, row.name, _unit(row)) for row in found.columns]


def _amounts(found: Cells, member_id: int) -> dict[str, int]:
    amounts = {row.code: found.amount(member_id, row.code) for row in found.columns}
    return {code: amount for code, amount in amounts.items() if amount is not None}


@signed_in
def totals_workbook(request: SignedIn, sheet_id: int) -> HttpResponse:
    """结转表的 Excel The roster by the indicators, with what stands in the cells."""
    sheet = _sheet(request, sheet_id)
    found = totals.cells(request.actor, sheet)
    people = [
        Person(entry.number, entry.name, _amounts(found, entry.id))
        for entry in found.entries.values()
        if entry.id not in found.aside
    ]
    title = f"{sheet.branch.name}　{roster.title_of(sheet)}"
    return download(write_totals(title, people, _columns(found), NOTES), XLSX, f"{title}.xlsx")


@signed_in
def upload_totals(request: SignedIn, sheet_id: int) -> HttpResponse:
    """上传结转累计 Written whole, or not at all with every mistake listed by sheet, row and column."""
    sheet = _sheet(request, sheet_id)
    form = TotalsFileForm(request.POST or None, request.FILES or None, initial={"edit": sheet.edit})
    mistakes: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            count = _write(request, sheet, file.read(LIMIT + 1), file.name, form.cleaned_data["edit"])
            messages.success(request, f"已写入{count}格累计。")
            return to_sheet(request, sheet.pk)
        except UnreadableWorkbook as error:
            form.add_error("file", f"{error}。")
        except BadInput as error:
            mistakes = error.faults
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.add_error(None, error.message)
    context = {"sheet": sheet, "form": form, "mistakes": mistakes, "title": roster.title_of(sheet), "notes": NOTES}
    return render(request, "assessments/totals_upload.html", context, status=status_of(request))


def _write(request: SignedIn, sheet: Sheet, content: bytes, name: str, edit: int) -> int:
    found = totals.cells(request.actor, sheet)
    members = {entry.number: entry for entry in found.entries.values()}
    names = {number: entry.name for number, entry in members.items()}
    read = read_totals(content, name, names, [row.code for row in found.columns])
    cells = [Total(members[cell.number].id, cell.code, cell.amount, cell.place) for cell in read.cells]
    faults = [Fault(place, said) for place, said in read.mistakes]
    if faults:
        raise BadInput([*faults, *totals.faults(found, totals.changed(found, cells))])
    takeover.enter_totals(actor=request.actor, sheet_id=sheet.pk, edit=edit, cells=cells)
    return sum(1 for cell in cells if cell.amount)


@signed_in
def sheet_scan(request: SignedIn, sheet_id: int) -> HttpResponse:
    """纸质依据的扫描件"""
    sheet = queries.get_sheet(request.actor, sheet_id)
    if sheet.scan is None:
        raise NotVisible
    return attachment(sheet.scan)  # type: ignore[return-value]
