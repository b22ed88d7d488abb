"""路由表：年度档案."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.doors import DISTRICT, LEADS, OTHER_ABOVE, SECRETARIES, TOWN, TOWNSHIP, Row, form, page, who

VILLAGE = who("village_secretary") | TOWN | DISTRICT
ANYWHERE = LEADS | SECRETARIES | TOWNSHIP | TOWN | DISTRICT | OTHER_ABOVE


def _archive(things: Mapping[str, Any]) -> dict[str, Any]:
    return {"archive": SimpleUploadedFile("档案.zip", things["archive_package"])}


ROUTES: dict[str, Row] = {
    "archives": page(ANYWHERE, "?cycle=2025-01-01"),
    "check-archive": Row(sees=ANYWHERE, does=ANYWHERE, data=_archive, reads=True),
    "branch-archives": form(VILLAGE, data={"is_provisional": "on"}, branch_id="village", cycle="=2025-01-01"),
    "archive-run": page(LEADS | TOWNSHIP | DISTRICT, run_id="archive_run"),
    "archive": page(VILLAGE, archive_id="archive"),
    "archive-package": page(VILLAGE, archive_id="archive"),
}
