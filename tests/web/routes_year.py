"""路由表：年度评定: marks, former results, announcements."""

from tests.web.doors import Row
from tests.web.routes_announced import ROUTES as ANNOUNCED
from tests.web.routes_past import ROUTES as PAST

ROUTES: dict[str, Row] = {**ANNOUNCED, **PAST}
