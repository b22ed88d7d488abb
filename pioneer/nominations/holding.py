"""本人可带走的推荐记录 What is held of a member here, as the member may see it: who objected is not among it."""

from pioneer.members.dossier import Section
from pioneer.nominations import queries
from pioneer.nominations.models import Nomination


def sections(user_number: int | None) -> list[Section]:
    """表扬与推荐 Lists, nominations, and what was said of each."""
    nominations = list(
        queries.own(user_number).prefetch_related("opinions__organisation", "checked", "objections__organisation")
    )
    return [
        Section(
            "表扬名单",
            ("组织", "拟定时间", "本人的答复", "如何答复", "公布姓名", "不公布的理由"),
            tuple(
                (
                    *(one.commendation.unit.name, one.commendation.drafted_at, str(one.get_answer_display())),
                    *(one.answer_how, "是" if one.is_named else "否", one.left_off),
                )
                for one in queries.own_commended(user_number)
            ),
        ),
        Section(
            "推荐",
            ("推荐", "支部", "理由", "公示用语", "会议日期", "状态", "如何答复", "文号", "决定日期", "理由或撤回理由"),
            tuple(
                (
                    *(one.call.title, one.branch.name, one.grounds, one.wording, one.meeting_on),
                    *(str(one.get_state_display()), one.answer_how, one.document_number, one.decided_on),
                    one.reason or one.withdrawn_reason,
                )
                for one in nominations
            ),
        ),
        Section(
            "对推荐的意见、核实和异议",
            ("推荐", "种类", "日期", "组织或姓名", "结论", "内容", "答复"),
            tuple(row for one in nominations for row in _said_of(one)),
        ),
    ]


def _said_of(one: Nomination) -> list[tuple[object, ...]]:
    title = one.call.title
    rows: list[tuple[object, ...]] = [
        (title, "意见", each.created_at, each.organisation.name, "同意" if each.is_for else "不同意", each.text, "")
        for each in one.opinions.all()
    ]
    for check in one.checked.all():
        said = "没有问题" if check.is_clear else "没有通过"
        what = one.call.checks[check.position]
        rows.append((title, "核实", check.created_at, check.by_name, said, f"{what}　{check.note}", ""))
    for found in one.objections.all():
        said = {None: "待答复", True: "成立", False: "不成立"}[found.is_upheld]
        rows.append((title, "异议", found.came_on, found.organisation.name, said, found.text, found.answer))
    return rows
