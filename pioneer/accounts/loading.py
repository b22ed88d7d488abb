"""成批写入 The demo's people and what they may do."""

from collections.abc import Sequence

from pioneer.accounts.models import Grant, User
from pioneer.kernel.loading import Row, require_demo, write
from pioneer.kernel.operations import Acting, operation


@operation("accounts.load_users")
def load_users(*, actor: Acting, users: Sequence[Row], grants: Sequence[Row]) -> int:
    """写入账号 Only on a demo. Passwords come hashed; who has none cannot sign in."""
    require_demo()
    write(User, users)
    write(Grant, grants)
    return len(users)
