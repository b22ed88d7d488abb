"""成批写入 The demo's daily conduct: records, relations, zeroing cases; meetings with leave and attendance, dues."""

from collections.abc import Sequence

from pioneer.conduct.models import Attendance, DeclaredRelation, Dues, EducationRecord, Leave, Meeting, ZeroingCase
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


@operation("conduct.load_attendance")
def load_attendance(
    *,
    actor: Acting,
    meetings: Sequence[Row],
    leaves: Sequence[Row] = (),
    attendance: Sequence[Row] = (),
    dues: Sequence[Row] = (),
) -> int:
    """写入考勤和党费 Only on a demo."""
    require_demo()
    write(Meeting, meetings)
    write(Leave, leaves)
    write(Attendance, attendance)
    write(Dues, dues)
    return len(meetings)
