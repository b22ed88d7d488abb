"""推荐的工作簿 The pool of a branch with the reasons; what was proposed under a call. In the order of the roster."""

from collections.abc import Iterator
from typing import Any

from pioneer.accounts.policies import AnyActor
from pioneer.nominations import queries
from pioneer.nominations.eligibility import Standing, pool, rules_in_words
from pioneer.nominations.models import Call
from pioneer.nominations.papers import label_of
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import along_tree
from pioneer.workbooks.writing import Heading, Table, write_workbook

Row = list[Any]


def pool_book(call: Call, branch: Organisation) -> bytes:
    """推荐资格的 Excel"""
    headings = [Heading("序号", "number"), Heading("党员编号"), Heading("姓名"), Heading("状态")]
    headings += [Heading("符合条件"), Heading("不符之处", "wrapped", 50)]
    rows = (_standing(place, one) for place, one in enumerate(pool(call, branch), start=1))
    return write_workbook([Table("推荐资格", headings, rows, f"{branch.name}　{call.title}"), _terms(call)])


def _standing(place: int, one: Standing) -> Row:
    entry = one.entry
    reasons = "；".join(one.reasons)
    return [place, entry.number, entry.name, entry.status_name, "是" if one.is_eligible else "否", reasons]


def proposals_book(actor: AnyActor, call: Call) -> bytes:
    """推荐人选的 Excel As far as the actor sees them."""
    headings = [Heading("序号", "number"), Heading("姓名"), Heading("支部"), Heading("推荐理由", "wrapped", 40)]
    headings += [Heading("会议日期", "date"), Heading("到会", "number"), Heading("同意", "number"), Heading("状态")]
    headings += [Heading("意见", "wrapped", 40), Heading("公示期"), Heading("文号"), Heading("理由", "wrapped", 24)]
    return write_workbook([Table("推荐人选", headings, _proposals(actor, call), call.title), _terms(call)])


def _proposals(actor: AnyActor, call: Call) -> Iterator[Row]:
    listed = along_tree(queries.of_call(actor, call).prefetch_related("opinions__organisation"), lambda one: one.branch)
    for place, one in enumerate(listed, start=1):
        said = (
            f"{each.organisation.name}：{'同意' if each.is_for else '不同意'}，{each.text}"
            for each in one.opinions.all()
        )
        window = f"{one.notice.shown_on}至{one.notice.last_on}" if one.notice else ""
        row: Row = [place, one.member.name, one.branch.name, one.grounds, one.meeting_on, one.present, one.in_favour]
        yield [
            *row,
            one.get_state_display(),
            "\n".join(said),
            window,
            one.document_number,
            one.reason or one.withdrawn_reason,
        ]


def _terms(call: Call) -> Table:
    rows = [
        ["通知", f"{call.document_number}　{call.title}（{label_of(call)}）"],
        ["名额", f"{call.places}名"],
        ["推荐期", f"{call.opens_on}至{call.closes_on}"],
        *(["条件", text] for text in rules_in_words(call)),
        *(["须核实", text] for text in call.checks),
        ["说明", "按花名册顺序排列，不排名次。符合条件不等于入选，由组织研究决定。"],
    ]
    return Table("通知", [Heading("项目"), Heading("内容", "wrapped", 60)], rows)
