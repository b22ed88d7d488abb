"""路由表：年度评定: marks, former results, announcements."""

from tests.web.doors import Row

ROUTES: dict[str, Row] = {}
