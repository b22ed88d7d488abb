"""路由表：以往结果和外部成绩"""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.doors import (
    AUDITOR,
    BRANCH,
    COMMUNITY,
    CONFIRM,
    DISTRICT,
    OFFICERS,
    ROLES_ABOVE,
    ROLES_IN_BRANCHES,
    SECRETARIES,
    SEE,
    TOWNSHIP,
    Row,
    act,
    form,
    page,
    who,
)

ENTER = BRANCH | COMMUNITY
WHERE = {"branch_id": "branch", "cycle": "=2026-01-01", "component": "=M"}

ROUTES: dict[str, Row] = {
    "formers": page(SECRETARIES | ROLES_ABOVE | AUDITOR),
    "import-formers": form(
        TOWNSHIP | DISTRICT,
        data=lambda s: {"file": SimpleUploadedFile("以往.xlsx", s["formers_workbook"])},
        organisation_id="street",
    ),
    "formers-template": page(TOWNSHIP | DISTRICT, organisation_id="street"),
    "member-results": page(SEE | who("guilan"), member_id="member"),
    "marks": page(ROLES_IN_BRANCHES | ROLES_ABOVE | AUDITOR),
    "branch-marks": form(
        BRANCH | OFFICERS | AUDITOR,
        ENTER,
        lambda s: {"on": "2026-03-20", "basis": "汇总表", f"value_{s['member_without_account'].pk}": "81.5"},
        branch_id="branch",
        cycle="=2026-01-01",
        component="=M",
    ),
    "confirm-marks": act(CONFIRM, lambda s: {f"mark-{s['waiting_mark'].pk}": "7600"}, **WHERE),
    "marks-template": page(ENTER, **WHERE),
    "import-marks": form(
        ENTER,
        data=lambda s: {
            "on": "2026-03-20", "basis": "汇总表", "file": SimpleUploadedFile("成绩.xlsx", s["marks_workbook"])
        },
        branch_id="branch",
        cycle="=2026-01-01",
        component="=M",
    ),
    "correct-mark": form(ENTER, data={"mark": "80", "reason": "汇总表加错一票"}, mark_id="mark"),
    "drop-mark": act(ENTER, mark_id="waiting_mark"),
}  # fmt: skip
