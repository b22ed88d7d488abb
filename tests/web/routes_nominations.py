"""路由表：推荐."""

from tests.web.doors import Row

ROUTES: dict[str, Row] = {}
