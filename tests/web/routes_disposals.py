"""路由表：组织处置: findings "unqualified" and disposal cases."""

from tests.web.doors import AUDITOR, DISTRICT, LEADS, MEMBERS, TOWNSHIP, Row, act, form, page, who
from tests.world import TODAY

DAY = f"{TODAY:%Y-%m-%d}"
HANDLE = LEADS | who("committee")
READS = HANDLE | TOWNSHIP | DISTRICT
SEES = READS | AUDITOR
MEMBER = who("guilan")
ANYWHERE = SEES | who(
    "second_secretary", "village_secretary", "other_secretary", "town_officer", "other_township_officer",
    "other_district_officer",
)  # fmt: skip
QUESTION = "2019-01-01/2019-12-31/floating"

ROUTES: dict[str, Row] = {
    "disposals": page(ANYWHERE),
    "own-disposals": page(MEMBERS),
    "propose-unqualified": form(LEADS, data={"remarks": "已谈过话。"}, result_id="unqualified_result"),
    "answer-exemption-question": form(
        who("secretary"),
        data={"question": QUESTION, "by": "支部委员会", "on": DAY, "reason": "在外务工，愿意参加评定。"},
        member_id="floating_member",
    ),
    "open-case": form(
        HANDLE,
        data={
            "kind": "correction",
            "months": "6",
            "on": DAY,
            "people": "王保国、罗小红",
            "content": "连续两年不合格。",
        },
        member_id="member_on_end",
    ),
    "unqualified": page(SEES | MEMBER, finding_id="finding"),
    "unqualified-paper": page(READS | MEMBER, finding_id="finding", kind="=proposal"),
    "answer-unqualified": act(
        MEMBER | who("deputy", "committee"), {"statement": "我有意见。", "taken_how": "本人口述"}, finding_id="finding"
    ),
    "vote-unqualified": act(
        HANDLE,
        {"on": DAY, "present": "6", "in_favour": "5", "against": "1", "abstained": "0"},
        finding_id="finding_answered",
    ),
    "approve-unqualified": act(TOWNSHIP, finding_id="finding_adopted"),
    "send-back-unqualified": act(TOWNSHIP, {"reason": "未附签到册"}, finding_id="finding_adopted"),
    "disposal-case": page(SEES | MEMBER, case_id="disposal_case"),
    "case-step": act(
        TOWNSHIP,
        {"agreed": "yes", "on": DAY, "document": "槐委〔2026〕6号", "content": "同意调查核实。"},
        case_id="disposal_case",
        kind="=prior_filed",
    ),
    "reply-to-step": act(
        HANDLE | MEMBER, {"step": "1", "content": "不是这样的。", "how": "本人口述"}, case_id="disposal_case"
    ),
    "discontinue-case": act(READS, {"reason": "结果已经更正"}, case_id="disposal_case"),
    "case-paper": page(READS | MEMBER, case_id="disposal_case", kind="=report"),
}
