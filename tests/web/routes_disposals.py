"""路由表：组织处置."""

from tests.web.doors import Row

ROUTES: dict[str, Row] = {}
