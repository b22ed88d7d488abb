"""路由表：备案."""

from tests.web.doors import Row

ROUTES: dict[str, Row] = {}
