"""路由表：跟进."""

from tests.web.doors import Row

ROUTES: dict[str, Row] = {}
