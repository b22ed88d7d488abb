"""路由表：推荐."""

from tests.web.doors import (
    ABOVE,
    AUDITOR,
    COMMUNITY,
    DISTRICT,
    LEADS,
    MEMBERS,
    OFFICERS,
    OTHER_ABOVE,
    ROLES_ABOVE,
    ROLES_IN_BRANCHES,
    TOWN,
    TOWNSHIP,
    VILLAGE,
    Row,
    act,
    form,
    page,
    who,
)

READS = LEADS | who("committee") | OFFICERS | AUDITOR  # the branch's nominations; a recorder reads none
UNITS = READS | who("second_secretary")  # the lists and the calls of the community's own township
ANYWHERE = UNITS | who("village_secretary", "other_secretary") | ROLES_ABOVE
NOMINATES = LEADS | COMMUNITY

ROUTES: dict[str, Row] = {
    "nominations": page(ANYWHERE),
    "new-call": form(
        (TOWNSHIP | DISTRICT | TOWN | OTHER_ABOVE),
        TOWNSHIP | DISTRICT | TOWN | OTHER_ABOVE,
        lambda s: {
            "organisation": s["street"].pk,
            "kind": "outstanding",
            "level": "township",
            "title": "优秀共产党员",
            "document_number": "槐街党〔2026〕9号",
            "places": "1",
            "opens_on": "2026-04-01",
            "closes_on": "2026-04-20",
            "cycles": "0",
            "years": "0",
            "checks": "没有正在办理的组织处置",
        },
    ),
    "nomination-call": page(UNITS, call_id="ready_call"),
    "withdraw-call": act(TOWNSHIP | DISTRICT, {"reason": "另发"}, call_id="nomination_call"),
    "show-nominations": act(
        TOWNSHIP | DISTRICT, lambda s: {"nominations": [s["ready_nomination"].pk]}, call_id="ready_call"
    ),
    "nominations-workbook": page(UNITS, call_id="over_call"),
    "nomination-notice": page(UNITS, call_id="over_call", notice_id="nomination_notice"),
    "nomination-pool": page(READS, call_id="empty_call", branch_id="branch"),
    "pool-workbook": page(READS, call_id="empty_call", branch_id="branch"),
    "propose-nomination": form(
        NOMINATES,
        data={"grounds": "照看独居老人", "wording": "热心服务", "meeting_on": "2026-04-01"},
        call_id="empty_call",
        member_id="nominee",
    ),
    "nomination": page(READS | who("guilan"), nomination_id="shown_nomination"),
    "answer-nomination": act(
        (NOMINATES - who("deputy")) | who("guilan"),
        {"is_willing": "yes", "how": "书面同意"},
        nomination_id="proposed_nomination",
    ),
    "give-opinion": act(
        COMMUNITY,
        lambda s: {"organisation_id": s["community"].pk, "is_for": "yes", "text": "同意"},
        nomination_id="agreed_nomination",
    ),
    "confirm-check": act(TOWNSHIP | DISTRICT, {"position": "0", "is_clear": "yes"}, nomination_id="ready_nomination"),
    "receive-objection": act(
        LEADS | who("committee"),
        lambda s: {"organisation_id": s["branch"].pk, "came_on": "2026-03-24", "text": "有一次没有到场"},
        nomination_id="shown_nomination",
    ),
    "answer-nomination-objection": act(
        who("secretary", "committee"),
        {"is_upheld": "no", "answer": "已核实，当天请过假。"},
        nomination_id="shown_nomination",
        objection_id="nomination_objection",
    ),
    "decide-nomination": act(
        TOWNSHIP | DISTRICT,
        {"is_chosen": "no", "document_number": "槐街党〔2026〕13号", "decided_on": "2026-04-01", "reason": "名额有限"},
        nomination_id="shown_nomination",
    ),
    "withdraw-nomination": act(NOMINATES, {"reason": "工作调动"}, nomination_id="proposed_nomination"),
    "nomination-letter": page(READS | who("xueqin"), nomination_id="chosen_nomination"),
    "draft-commendation": act(COMMUNITY, announcement_id="undrafted"),
    "commendation": page(COMMUNITY | TOWNSHIP | DISTRICT | AUDITOR, commendation_id="commendation"),
    "take-down-commendation": act(
        ABOVE,
        lambda s: {"commended": s["commended"].pk, "is_willing": "no", "how": "电话答复"},
        commendation_id="commendation",
    ),
    "issue-commendation": act(
        TOWNSHIP,
        lambda s: {"named": [s["commended"].pk], "reason": "另一位正在核实"},
        commendation_id="commendation",
    ),
    "commendation-paper": page(
        TOWN | DISTRICT | AUDITOR | (VILLAGE - who("village_recorder")),
        commendation_id="issued_commendation",
        kind="=handout",
    ),
    "answer-commendation": act(who("guilan"), {"is_willing": "yes"}, commended_id="commended"),
    "own-nominations": page(MEMBERS),
    "year-overview": page(ROLES_IN_BRANCHES | ROLES_ABOVE | AUDITOR),
}
