"""带走本人全部记录 What every station holds about a person, as one JSON or Excel file. Each station's part is what
the person may see of it there: who objected against a line is not among it."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import Actor
from pioneer.archives.holding import sections as archives
from pioneer.assessments import queries as assessments
from pioneer.conduct import dues_queries as dues
from pioneer.conduct import meeting_queries as meetings
from pioneer.conduct import queries as conduct
from pioneer.declarations import queries as declarations
from pioneer.disposals.holding import sections as disposals
from pioneer.filings.holding import sections as filings
from pioneer.followups.holding import sections as followups
from pioneer.kernel import clock
from pioneer.kernel.points import show
from pioneer.ledger import queries as ledger
from pioneer.members import queries, rights
from pioneer.members.dossier import Section
from pioneer.messages import queries as inbox
from pioneer.nominations.holding import sections as nominations
from pioneer.results import former_queries, mark_queries
from pioneer.results.holding import alarm_section, told_section
from pioneer.rewards.holding import sections as rewards
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.meetings import yuan
from pioneer.workbooks.writing import Heading, Table, write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
@signed_in
def take_away(request: SignedIn, form: str) -> HttpResponse:
    """下载 `form` is json or xlsx. That it was taken away stands in the audit."""
    sections = [*rights.take_away(actor=request.actor), *_later(request.actor)]
    name = f"party-member-file-{clock.today():%Y%m%d}"
    if form == "json":
        content = {section.title: _objects(section) for section in sections}
        text = json.dumps(content, ensure_ascii=False, indent=1, default=_plain)
        return _attached(text.encode(), "application/json; charset=utf-8", f"{name}.json")
    tables = [
        Table(section.title, [Heading(title, "wrapped", 24) for title in section.headings], map(_texts, section.rows))
        for section in sections
    ]
    return _attached(write_workbook(tables), XLSX, f"{name}.xlsx")


def _attached(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _objects(section: Section) -> list[dict[str, object]]:
    return [dict(zip(section.headings, row, strict=True)) for row in section.rows]


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(clock.SHANGHAI).isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


def _texts(row: Sequence[object]) -> list[str]:
    return ["" if value is None else value if isinstance(value, str) else _plain(value) for value in row]


def _later(actor: Actor) -> list[Section]:
    """What the stations after the roster hold."""
    member = queries.member_of(actor.number)
    assert member is not None
    years = [*_years(member), told_section(member.pk), alarm_section(member), *filings(member)]
    after = [
        *followups(member.pk),
        *nominations(actor.number),
        *disposals(member),
        *rewards(member.pk),
        *archives(member),
    ]
    daily = [*_conduct(actor, member.pk), *_attended(member), *_claims(actor, member.pk)]
    return [*daily, *years, *after, _messages(actor)]


def _conduct(actor: Actor, member: int) -> list[Section]:
    records = conduct.records_visible_to(actor).filter(member=member)
    relations = conduct.relations_visible_to(actor)
    both = [*relations.filter(member=member), *relations.filter(relative=member)]
    zeroings = conduct.zeroings_visible_to(actor).filter(member=member)
    return [
        Section(
            "教育记录和提醒",
            ("类别", "指标", "日期", "内容", "告知"),
            tuple((r.get_kind_display(), r.indicator, r.on, r.content, r.shown_how) for r in records),
        ),
        Section(
            "亲属关系申明",
            ("亲属", "关系", "申明时间"),
            tuple((_other(r.member, r.relative, member).name, r.kind, r.created_at) for r in both),
        ),
        Section(
            "清零",
            ("指标", "文件", "文号", "日期", "事实", "状态", "本人申辩", "决定理由"),
            tuple(
                (
                    *(z.indicator, z.issuer, z.document_number, z.document_on, z.facts),
                    *(z.get_state_display(), z.statement, z.decision_reason),
                )
                for z in zeroings
            ),
        ),
    ]


def _attended(member: Any) -> list[Section]:
    return [
        Section(
            "组织生活考勤",
            ("会议", "日期", "支部", "情况", "请假事由或备注"),
            tuple(
                (
                    *(a.meeting.get_kind_display(), a.meeting.on, a.meeting.branch.name, a.get_state_display()),
                    a.leave.reason if a.leave else a.note,
                )
                for a in meetings.attendance_of(member)
            ),
        ),
        Section(
            "请假",
            ("会议", "日期", "事由", "状态", "答复"),
            tuple(
                (x.meeting.get_kind_display(), x.meeting.on, x.reason, x.get_state_display(), x.answer)
                for x in meetings.leaves_of(member)
            ),
        ),
        Section(
            "党费",
            ("支部", "月份", "情况", "金额（元）", "备注"),
            tuple(
                (d.branch.name, f"{d.year}年{d.month}月", d.get_state_display(), yuan(d.fen), d.note)
                for d in dues.dues_of(member)
            ),
        ),
    ]


def _other(one: Any, two: Any, mine: int) -> Any:
    return two if one.pk == mine else one


def _claims(actor: Actor, member: int) -> list[Section]:
    claims = declarations.described(declarations.own(actor))
    lines = assessments.lines_visible_to(actor).filter(member=member).order_by("event_on", "id")
    entries = ledger.entries_of(actor, member)
    return [
        Section(
            "申报",
            ("指标", "日期", "地点", "事项", "状态", "佐证", "代报人", "申报时间"),
            tuple(
                (
                    *(d.indicator, d.event_on, d.place, d.matter, d.get_state_display()),
                    "、".join(f"附件-{one.file.digest[:8]}" for one in d.evidence),  # type: ignore[attr-defined]
                    d.by,  # type: ignore[attr-defined]
                    d.created_at,
                )
                for d in claims
            ),
        ),
        Section(
            "申报的疑点",
            ("申报", "疑点", "说明", "认定", "理由"),
            tuple(
                (f.declaration.matter, f.get_kind_display(), f.detail, f.get_decision_display(), f.reason)
                for f in declarations.own_doubts(member)
            ),
        ),
        Section(
            "每周申报表",
            ("周一", "支部", "编码", "打印时间"),
            tuple(
                (form.monday, form.branch.name, form.code, form.printed_at) for form in declarations.own_forms(member)
            ),
        ),
        Section(
            "考评条目",
            ("考评表", "指标", "日期", "分值", "依据", "公示用语", "状态", "告知", "本人申辩"),
            tuple(
                (
                    f"{x.sheet.branch.name}{x.sheet.year}年{x.sheet.month}月",
                    *(x.indicator, x.event_on, show(x.value), x.ground, x.wording),
                    *(x.get_state_display(), x.told_how, x.statement),
                )
                for x in lines
            ),
        ),
        Section(
            "积分台账",
            ("支部", "指标", "日期", "分值", "公示用语", "依据", "入账时间"),
            tuple(
                (
                    *(e.posting.branch.name, e.indicator, e.event_on, show(e.value)),
                    *(e.text.wording, e.text.ground, e.created_at),
                )
                for e in entries
            ),
        ),
    ]


def _years(member: Any) -> list[Section]:
    return [
        Section(
            "已备案的以往结果",
            ("周期", "得分", "等次", "不定等次的原因", "清零", "评定组织", "备案号", "备案日期"),
            tuple(
                (
                    former_queries.cycle_name(one),
                    show(one.score) if one.score is not None else "",
                    *(one.tier_name, one.why, "清零" if one.is_zeroed else "", one.unit_name),
                    *(one.filing_number, one.filed_on),
                )
                for one in former_queries.formers_of(member)
            ),
        ),
        Section(
            "外部成绩",
            ("周期", "成绩", "日期", "得分", "第几次", "依据", "更正理由", "核对"),
            tuple(
                (
                    *(one.cycle, one.name, one.mark.on, "撤销" if one.mark.value is None else show(one.mark.value)),
                    *(str(one.mark.revision), one.mark.basis, one.mark.reason, one.mark.confirmed_at or "待核对"),
                )
                for one in mark_queries.history_of(member)
            ),
        ),
    ]


def _messages(actor: Actor) -> Section:
    told = inbox.visible_to(actor)
    return Section("消息", ("标题", "内容", "时间"), tuple((m.title, m.text, m.created_at) for m in told))
