"""预警的读取 After which postings the clock has still to look, and who touched an alarm line in a branch."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from pioneer.accounts.policies import AnyActor
from pioneer.assessments.roster import last_day
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.ledger.models import Posting
from pioneer.ledger.queries import branch_for
from pioneer.members.models import GONE, Member, Status, StatusSpell
from pioneer.organisations.models import Organisation
from pioneer.results.models import Alarmed, AlarmLook
from pioneer.rulebook.queries import current_rulebook, engine_for
from pioneer.scoring import Cycle, Engine
from pioneer.scoring.closing import Alarm

COUNTS = (Status.FULL, Status.PROBATIONARY)  # whom a line can concern


def cycle_of_posting(posting: Posting, engine: Engine) -> Cycle:
    """入账所属的周期 By the month of its sheet."""
    sheet = posting.publication.sheet
    return engine.cycle_of(last_day(sheet.year, sheet.month))


def lines_of(district_id: int) -> dict[str, Alarm]:
    """现行办法的预警线 By code; none where there is no rulebook."""
    try:
        return {one.code: one for one in current_rulebook(district_id, clock.today()).alarms}
    except DomainError:
        return {}


def to_look_at() -> list[Posting]:
    """待查看预警的入账 Of the running cycle, where the rulebook in force has alarm lines, in order of posting. A
    constant number of queries for a district."""
    found: list[Posting] = []
    for district in Organisation.objects.filter(level=Organisation.Level.DISTRICT).order_by("pk"):
        if not lines_of(district.pk):
            continue
        first = engine_for(district.pk).cycle_of(clock.today()).first_on
        looked = AlarmLook.objects.filter(posting=OuterRef("pk"))
        posted = Posting.objects.filter(branch__path__startswith=district.path, posted_at__gte=clock.noon(first))
        found += posted.exclude(Exists(looked)).select_related("branch").order_by("pk")
    return found


@dataclass(frozen=True, slots=True)
class Touched:
    """触及预警线的一位 `line` is None where the rulebook in force has it no more."""

    row: Alarmed
    line: Alarm | None
    has_account: bool


def alarmed_in(actor: AnyActor, branch_id: int) -> tuple[Organisation, list[Touched]]:
    """支部触及预警线的 Of the running cycle, by place in the roster; without whoever has gone or died. NotVisible where
    the actor sees nothing of the branch's ledger."""
    branch = branch_for(actor, branch_id)
    lines = lines_of(branch.district_number)
    gone = StatusSpell.objects.filter(status__in=GONE, until_on__isnull=True, from_on__lte=clock.today())
    found = Alarmed.objects.filter(branch=branch, first_on__lte=clock.today(), last_on__gte=clock.today())
    rows = found.exclude(member__in=gone.values("member")).select_related("member__user")
    return branch, [
        Touched(one, lines.get(one.code), one.member.user is not None and one.member.user.is_active)
        for one in rows.order_by("member__position", "member_id", "pk")
    ]


def alarms_of(member: Member) -> QuerySet[Alarmed]:
    """本人触及的预警线 For what it takes away."""
    return Alarmed.objects.filter(member=member).order_by("pk")
