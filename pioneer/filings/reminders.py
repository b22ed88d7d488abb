"""逾期提醒的写入 Who has not filed by the day due is told of it once, and the level above with it."""

from datetime import date

from pioneer.accounts.policies import Act, AnyActor
from pioneer.assessments.roster import holders
from pioneer.filings import policies, queries
from pioneer.filings.models import FilingReminder
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.operations import operation
from pioneer.messages.services import tell_all
from pioneer.organisations.models import Organisation
from pioneer.results.cycles import cycle_text, cycles_of
from pioneer.scoring import Cycle


def to_remind() -> list[tuple[Organisation, Cycle]]:
    """待提醒的 Units and cycles that are late and were not told, the earliest cycle first. Some queries per cycle."""
    units: dict[int, list[Organisation]] = {}
    for unit in Organisation.objects.filter(queries.units(), closed_on__isnull=True).order_by("path"):
        units.setdefault(unit.district_number, []).append(unit)
    told = set(FilingReminder.objects.values_list("unit_id", "first_on"))
    found = []
    for district, own in units.items():
        for cycle in cycles_of(district):
            late = _late(own, district, cycle)
            found += [(unit, cycle) for unit in own if unit.pk in late and (unit.pk, cycle.first_on) not in told]
    return sorted(found, key=lambda one: one[1].first_on)


def _late(units: list[Organisation], district: int, cycle: Cycle) -> dict[int, int]:
    """Days late, of the units that are."""
    due = queries.due_day(district, cycle)
    if due is None or clock.today() <= due:
        return {}
    filed = queries.latest_filings([unit.pk for unit in units], cycle.first_on)
    here = queries.at_work(f"/{district}/", cycle)
    late = {unit.pk: queries.days_late(due, filed.get(unit.pk)) for unit in units if unit.pk in here}
    return {number: days for number, days in late.items() if days}


@operation("filings.remind_late")
def remind_late(*, actor: AnyActor, unit_id: int, first_on: date) -> FilingReminder:
    """逾期提醒 By the clock, once: the unit, and the level above. Told already, the answer is the same reminder."""
    policies.require_clock(actor, "filings.remind_late")
    unit = Organisation.objects.select_for_update(of=("self",)).filter(queries.units(), pk=unit_id).first()
    if unit is None:
        raise NotVisible
    before = FilingReminder.objects.filter(unit=unit, first_on=first_on).first()
    if before is not None:
        return before
    cycle = queries.cycle_for(unit, first_on)
    late = _late([unit], unit.district_number, cycle).get(unit.pk)
    due = queries.due_day(unit.district_number, cycle)
    if not late or due is None:
        raise DomainError("not_due", "备案还没有逾期，或已经报送，不用提醒。")
    text, reference = cycle_text(cycle), f"{unit.pk}:{first_on}"
    said = f"应于{due.year}年{due.month}月{due.day}日前报备案，已逾期{late}天。"
    link = f"/filings/units/{unit.pk}/{first_on.isoformat()}/"
    _tell(unit, Act.FILE, reference, f"{text}还没有报备案", f"{said}请评定、通报后报送。", link)
    to = queries.receiver_of(unit)
    title = f"{unit.name}{text}逾期未报备案"
    _tell(to, Act.RECEIVE_FILING, reference, title, f"{said}请了解卡在哪里。", "/filings/")
    return FilingReminder.objects.create(unit=unit, first_on=first_on, due_on=due, told_at=clock.now())


def _tell(at: Organisation, act: Act, reference: str, title: str, text: str, link: str) -> None:
    people = [grant.user_id for grant in holders(at, act) if grant.organisation_id == at.pk]
    tell_all(people, "filings.late", reference, title, text, link)
