"""成批写入 The demo's organisations and holiday tables, and the mark that makes a database a demo."""

from collections.abc import Sequence

from pioneer.kernel.errors import DomainError
from pioneer.kernel.loading import DEMO, Row, is_demo, require_demo, write
from pioneer.kernel.models import Mark
from pioneer.kernel.operations import Acting, operation
from pioneer.organisations.models import Holiday, HolidayYear, Organisation, OrganisationChange


@operation("organisations.mark_demo")
def mark_demo(*, actor: Acting) -> Mark:
    """标记演示库 Refused where organisations exist: a real district never becomes a demo."""
    if is_demo() or Organisation.objects.exists() or HolidayYear.objects.exists():
        raise DomainError(
            "not_empty",
            "这个数据库里已有组织，不能填入演示数据。请换一个空的数据目录（环境变量 PIONEER_DATA）再运行演示。",
        )
    return Mark.objects.create(name=DEMO, value="演示数据")


@operation("organisations.load_tree")
def load_tree(
    *,
    actor: Acting,
    organisations: Sequence[Row],
    changes: Sequence[Row] = (),
    years: Sequence[Row] = (),
    holidays: Sequence[Row] = (),
) -> int:
    """写入组织 Only on a demo. Parents stand before their children."""
    require_demo()
    write(Organisation, organisations)
    write(OrganisationChange, changes)
    write(HolidayYear, years)
    write(Holiday, holidays)
    return len(organisations)
