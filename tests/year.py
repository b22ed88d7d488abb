"""年度之后 A settlement and its announcement as rows, for the tests of what follows them: nothing is worked out.

That operations alone lead here is shown by tests/results and by the story of a year.
"""

from __future__ import annotations

from datetime import date

from pioneer.kernel import clock
from pioneer.kernel.models import Task
from pioneer.members.models import Membership, StatusSpell
from pioneer.organisations.models import Organisation
from pioneer.results.models import Announcement, Result, Settlement, SettlementRun, Told
from pioneer.results.outcome import digest_of
from pioneer.rulebook.models import RulebookVersion
from tests.world import World

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
AFTER = date(2027, 1, 11)  # a Monday
OPENING = 7000
TIERS = ((9000, "t90"), (8000, "t80"), (6000, "t60"), (0, "t0"))  # of the shipped rulebook


def settle_plainly(
    world: World,
    at: str = "community",
    scores: dict[str, int] | None = None,
    *,
    zeroed: tuple[str, ...] = (),
    why: dict[str, str] | None = None,
    first_on: date = FIRST,
    last_on: date = LAST,
    is_trial: bool = False,
) -> Settlement:
    """A settlement in earnest of all members below an organisation of the cast, each with the score given (in
    hundredths, else 75 points) and its tier by the shipped rulebook; the probationary without tier, and those in `why`
    with the reason given. The rulebook must be adopted."""
    place = world.organisations[at]
    version = RulebookVersion.objects.filter(district=place.district_number).latest("number")
    now = clock.now()
    run = SettlementRun.objects.create(
        organisation=place, first_on=first_on, last_on=last_on, is_trial=is_trial, created_at=now,
        task=Task.objects.create(kind="results.settle", state="done", created_at=now),
    )  # fmt: skip
    number = Settlement.objects.filter(organisation=place, first_on=first_on, is_trial=is_trial).count() + 1
    before = Settlement.objects.filter(organisation=place, first_on=first_on, is_trial=is_trial).first()
    spells = Membership.objects.filter(branch__path__startswith=place.path, until_on__isnull=True)
    spells = spells.select_related("member", "branch__parent").order_by("branch__path", "member__position")
    probationary = set(
        StatusSpell.objects.filter(status="probationary", until_on__isnull=True).values_list("member_id", flat=True)
    )
    rows = []
    for order, spell in enumerate(spells):
        name = spell.member.name
        score = 0 if name in zeroed else (scores or {}).get(name, 7500)
        reason = (why or {}).get(name, "probationary" if spell.member_id in probationary else "")
        tier = "" if reason else next(code for lower, code in TIERS if score >= lower)
        rows.append(Result(
            unit=unit_of(spell.branch), branch=spell.branch, member=spell.member, order=order,
            status="probationary" if spell.member_id in probationary else "full", opening=OPENING,
            positive=max(score - OPENING, 0), reverse=min(score - OPENING, 0), outside=0, score=score, earned=tier,
            tier=tier, is_zeroed=name in zeroed, why=reason,
        ))  # fmt: skip
    made = Settlement.objects.create(
        run=run, organisation=place, district_id=place.district_number, first_on=first_on, last_on=last_on,
        is_trial=is_trial, number=number, version=version, versions=[version.number], members=len(spells),
        made_on=clock.today(), made_at=now, digest=digest_of_rows(rows), replaces=before,
    )  # fmt: skip
    for row in rows:
        row.settlement = made
        row.save()
    return made


def digest_of_rows(rows: list[Result]) -> str:
    """As a settlement takes it of the rows it writes."""
    return digest_of(
        [
            (
                *(one.order, str(one.member.key), one.unit_id, one.branch_id, one.status, one.opening, one.positive),
                *(one.reverse, one.outside, one.score, one.earned, one.tier, int(one.is_zeroed), one.why),
            )
            for one in rows
        ],
        [],
        [],
    )


def unit_of(branch: Organisation) -> Organisation:
    """The community above, or the branch that is one."""
    above = branch.parent
    return above if above is not None and above.level == "community" else branch


def announce_plainly(made: Settlement, unit: Organisation, held_on: date | None = None) -> Announcement:
    """The settlement's results told at a meeting of the unit, everybody present, handed over, nobody dissenting."""
    held = Announcement.objects.create(
        unit=unit, settlement=made, first_on=made.first_on, last_on=made.last_on, held_on=held_on or clock.today(),
        place="党群服务中心", presided_by="王保国", created_at=clock.now(),
    )  # fmt: skip
    for one in Result.objects.filter(settlement=made, unit=unit):
        Told.objects.create(
            announcement=held, result=one, was_present=True, handed_on=held.held_on, handed_how="当面",
            answer="confirmed", answered_on=held.held_on,
        )  # fmt: skip
    return held
