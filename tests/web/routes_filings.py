"""路由表：备案."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.doors import AUDITOR, COMMUNITY, DISTRICT, SECRETARIES, TOWN, TOWNSHIP, Row, act, form, page, who
from tests.web.doors import OTHER_ABOVE as OTHERS

SEES = COMMUNITY | TOWNSHIP | DISTRICT | AUDITOR  # what the community filed
VILLAGE_SEES = who("village_secretary") | TOWN | DISTRICT | AUDITOR
ANYWHERE = SECRETARIES | COMMUNITY | TOWNSHIP | TOWN | DISTRICT | OTHERS | AUDITOR
CONCERNED = VILLAGE_SEES | who("village_recorder")  # one's own branch takes down what a member says


def _package(things: Mapping[str, Any]) -> dict[str, Any]:
    return {"package": SimpleUploadedFile("备案.zip", things["filing_package"])}


ROUTES: dict[str, Row] = {
    "filings": page(ANYWHERE, "?cycle=2025-01-01"),
    "check-filing": Row(sees=ANYWHERE, does=ANYWHERE, data=_package, reads=True),
    "filing-unit": form(TOWN | DISTRICT | AUDITOR, TOWN, unit_id="town", cycle="=2025-01-01"),
    "filing": page(SEES, filing_id="filing"),
    "receive-filing": act(TOWNSHIP, {"number": "槐街备〔2025〕8号"}, filing_id="filing"),
    "return-filing": form(TOWNSHIP, TOWNSHIP, {"reason": "通报的日期与会议记录不符，请核对。"}, filing_id="filing"),
    "filing-package": page(SEES, filing_id="filing"),
    "filing-document": page(SEES, filing_id="filing", place="=2"),
    "amend-filing": form(
        who("village_secretary"),
        who("village_secretary"),
        lambda s: {
            "member": s["mancang"].pk,
            "indicator": "N4",
            "event_on": "2025-06-12",
            "was_points": "-2",
            "now_points": "0",
            "ground": "当月党费已经按时交。",
            "document": "党费收据",
        },
        filing_id="filed_later",
    ),
    "amend-filing-zeroing": form(
        who("village_secretary"), who("village_secretary"), {}, filing_id="filed_later", member_id="mancang"
    ),
    "amendment": page(CONCERNED | who("mancang"), amendment_id="amendment"),
    "answer-amendment": act(
        who("mancang", "village_recorder"), {"statement": "没有意见", "taken_how": "本人口述"}, amendment_id="amendment"
    ),
    "approve-amendment": act(TOWN, {"reason": "收据属实"}, amendment_id="amendment_answered"),
    "refuse-amendment": act(TOWN, {"no-reason": "收据不是当月的"}, amendment_id="amendment_answered"),
    "amendment-file": page(CONCERNED | who("mancang"), amendment_id="amendment"),
}
