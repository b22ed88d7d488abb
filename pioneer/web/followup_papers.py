"""跟进文书页 Papers to sign and keep, and a branch's follow-ups as Excel, for who sees them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from pioneer.followups import papers, queries
from pioneer.kernel.errors import NotVisible
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.papers import paper
from pioneer.workbooks.writing import Heading, Table, write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@signed_in
@require_safe
def follow_up_paper(request: SignedIn, follow_up_id: int, kind: str) -> HttpResponse:
    """下载一份文书 Filled from the record, or empty."""
    found = queries.follow_up_for(request.actor, follow_up_id)
    empty = request.GET.get("empty") == "1"
    try:
        content = papers.follow_up_pdf(found, kind, empty=empty)
    except LookupError as missing:
        raise NotVisible(f"{missing}，请回到这件帮教的页面重新选择。") from None
    title = next(one.title for one in papers.PAPERS if one.kind == kind)
    return paper(content, f"{title}-{found.pk}{'-空表' if empty else ''}")


@signed_in
@require_safe
def slip(request: SignedIn, encouragement_id: int) -> HttpResponse:
    """下载勉励单"""
    hope = queries.encouragement_for(request.actor, encouragement_id)
    return paper(papers.encouragement_pdf(hope), f"勉励单-{hope.pk}")


@signed_in
@require_safe
def workbook(request: SignedIn, branch_id: int) -> HttpResponse:
    """支部的跟进 Excel Of one cycle: where each follow-up stands, every entry, and what was hoped."""
    shown = queries.branch_for(request.actor, branch_id)
    cycles = queries.cycles_of(shown)
    first_on = next((first for first, _ in cycles if str(first) == request.GET.get("cycle")), None)
    first_on = first_on or (cycles[0][0] if cycles else date.min)
    cases = queries.cases_of(request.actor, shown, first_on)
    content = write_workbook([_cases(cases), _entries(cases), _hopes(shown, first_on)])
    response = HttpResponse(content, content_type=XLSX)
    name = quote(f"{shown.name}跟进.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _cases(cases: Sequence[Any]) -> Table:
    headings = ("党员编号", "姓名", "状态", "下一步", "谈话人", "帮带人", "谈话期限", "走访期限", "帮教期限", "结论",
                "了结日期", "逾期")  # fmt: skip
    rows = [
        (
            *(one.member.number, one.member.name, one.get_state_display(), queries.NEXT[one.state]),
            *(one.assigned.name if one.assigned else "", one.helper.name if one.helper else ""),
            *(one.talk_due_on, one.visit_due_on, one.due_on, one.get_outcome_display(), one.closed_on),
            "；".join(late.text for late in queries.lateness_of(one) if late.urgent),
        )
        for one in cases
    ]
    days = {"谈话期限", "走访期限", "帮教期限", "了结日期"}
    return Table("帮教", [Heading(one, "date" if one in days else "text") for one in headings], rows)


def _entries(cases: Sequence[Any]) -> Table:
    headings = [
        Heading("姓名"), Heading("日期", "date"), Heading("记录"), Heading("人员"), Heading("地点"),
        Heading("内容", "wrapped", 48), Heading("本人的话", "wrapped", 36), Heading("更正"),
        Heading("本人的说明", "wrapped", 36),
    ]  # fmt: skip
    rows = [
        (
            *(case.member.name, one.entry.on, one.entry.get_kind_display()),
            "；".join(part for part in (one.entry.person.name if one.entry.person else "", one.entry.people) if part),
            *(one.entry.place, one.entry.text, one.entry.words),
            "已更正" if one.corrected_by else "更正后" if one.entry.corrects_id else "",
            "；".join(reply.text for reply in one.replies),
        )
        for case in cases
        for one in queries.entries_of(case)
    ]
    return Table("帮教记录", headings, rows)


def _hopes(branch: Any, first_on: date) -> Table:
    headings = [
        Heading("党员编号"), Heading("姓名"), Heading("希望和要求", "wrapped", 48), Heading("谈话人"),
        Heading("日期", "date"), Heading("告知"),
    ]  # fmt: skip
    rows = [
        (
            *(one.person.number, one.person.name),
            *((hope.text, hope.spoken_by, hope.spoken_on, hope.told_how) if hope else ("还没有写", "", None, "")),
        )
        for one in queries.called(branch, first_on, queries.ENCOURAGE)
        for hope in (one.encouragement,)
    ]
    return Table("勉励", headings, rows)
