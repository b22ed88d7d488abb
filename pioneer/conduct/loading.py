"""成批写入 The demo's daily conduct: education records, reminders, relations, zeroing cases."""

from collections.abc import Sequence

from pioneer.conduct.models import DeclaredRelation, EducationRecord, ZeroingCase
from pioneer.kernel.loading import Row, require_demo, write
from pioneer.kernel.operations import Acting, operation


@operation("conduct.load_conduct")
def load_conduct(
    *, actor: Acting, records: Sequence[Row], relations: Sequence[Row] = (), zeroings: Sequence[Row] = ()
) -> int:
    """写入日常纪实 Only on a demo."""
    require_demo()
    write(EducationRecord, records)
    write(DeclaredRelation, relations)
    write(ZeroingCase, zeroings)
    return len(records)
