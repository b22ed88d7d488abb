"""路由表：年底通报"""

from tests.web.doors import (
    AUDITOR,
    COMMUNITY,
    LEADS,
    OFFICERS,
    ROLES_ABOVE,
    SECRETARIES,
    SEE,
    Row,
    act,
    form,
    page,
    who,
)

WORDS = "七月的志愿服务四小时没有算进去。"
WHOLE = OFFICERS | AUDITOR  # who sees all of the community
OWN = WHOLE | LEADS  # and the branch's own leads
UNIT = OWN | who("second_secretary")  # who sees that there is an announcement
SETTLED = {"settlement_id": "settled_before", "unit_id": "community"}

ROUTES: dict[str, Row] = {
    "announcements": page(LEADS | SECRETARIES | ROLES_ABOVE | AUDITOR),
    "announce-results": form(
        UNIT, COMMUNITY, {"held_on": "2026-04-01", "place": "党群服务中心", "presided_by": "段雅文"}, **SETTLED
    ),
    "year-handout": page(WHOLE, **SETTLED),
    "year-minutes": page(WHOLE, **SETTLED),
    "year-statements": page(OWN, **SETTLED, branch_id="branch"),
    "year-statement": page(OWN | who("guilan"), result_id="told_result"),
    "announcement": page(UNIT, announcement_id="announcement"),
    "announcement-branch": form(
        OWN,
        COMMUNITY | LEADS,
        lambda s: {"seal": s["told_seal"], f"state_{s['told'].pk}": "yes"},
        announcement_id="announcement",
        branch_id="branch",
    ),
    "announcement-workbook": page(UNIT, announcement_id="announcement"),
    "answer-result-for": form(
        COMMUNITY | LEADS, data={"answer": "confirmed", "answered_on": "2026-04-01"}, told_id="told_on_paper"
    ),
    "branch-alarms": page(SEE, branch_id="branch"),
    "answer-own-result": act(who("guilan"), {"answer": "dissents", "words": WORDS}, told_id="told"),
}
