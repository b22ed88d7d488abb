"""成批写入 The demo's adopted rulebook."""

from collections.abc import Sequence

from pioneer.kernel.loading import Row, require_demo, write
from pioneer.kernel.operations import Acting, operation
from pioneer.rulebook.models import RulebookVersion


@operation("rulebook.load_versions")
def load_versions(*, actor: Acting, versions: Sequence[Row]) -> int:
    """写入办法版本 Only on a demo. The texts have been checked by the loader before."""
    require_demo()
    write(RulebookVersion, versions)
    return len(versions)
