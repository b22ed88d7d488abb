"""预警 Within a cycle: after each posting the clock looks at its members; whom it brought across an alarm line is told
once, and so is its branch. Nothing follows by itself."""

from pioneer.accounts.models import Grant
from pioneer.accounts.policies import TABLE, Act, AnyActor
from pioneer.accounts.queries import holds_on
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.kernel.operations import operation
from pioneer.kernel.points import show
from pioneer.ledger import before as earlier
from pioneer.ledger.models import Posting
from pioneer.ledger.queries import scores_of
from pioneer.members.models import Member
from pioneer.members.queries import branches_on, exempt_on, statuses_on
from pioneer.messages.services import tell, tell_all
from pioneer.organisations.models import Organisation
from pioneer.results import policies
from pioneer.results.alarm_queries import COUNTS, cycle_of_posting
from pioneer.results.cycles import cycle_text
from pioneer.results.models import Alarmed, AlarmLook
from pioneer.rulebook.queries import engine_for
from pioneer.scoring import Cycle, Engine
from pioneer.scoring.outcome import Reached


@operation("results.look_for_alarms")
def look_for_alarms(*, actor: AnyActor, posting_id: int) -> AlarmLook:
    """查看预警线 For the members of one posting, by the engine. A second time it finds it done."""
    policies.require_clock(actor, "results.look_for_alarms")
    posting = Posting.objects.select_related("branch", "publication__sheet").filter(pk=posting_id).first()
    if posting is None:
        raise NotVisible
    branch = Organisation.objects.select_for_update().get(pk=posting.branch_id)
    done = AlarmLook.objects.filter(posting=posting).first()
    if done is not None:
        return done
    look = AlarmLook.objects.create(posting=posting, at=clock.now())
    engine = engine_for(branch.district_number)
    cycle = engine.cycle_of(clock.today())
    if cycle_of_posting(posting, engine) == cycle:
        _raise(look, _crossed(posting, engine, cycle), cycle)
    return look


def _crossed(posting: Posting, engine: Engine, cycle: Cycle) -> list[tuple[int, int, Reached]]:
    """Member, score and line: reached now, not before this posting, and not told in this cycle."""
    numbers = earlier.members_of(posting)
    now = {number: one for number, one in scores_of(numbers, clock.today(), engine).items() if one.alarms}
    now = {number: one for number, one in now.items() if not one.zeroed}
    statuses, exempt = statuses_on(now, clock.today()), exempt_on(now, clock.today())
    looked_at = [number for number in now if statuses.get(number) in COUNTS and number not in exempt]
    before = earlier.scores_before(looked_at, posting, cycle, engine)
    told = set(Alarmed.objects.filter(member__in=looked_at, first_on=cycle.first_on).values_list("member_id", "code"))
    return [
        (number, now[number].score, line)
        for number in looked_at
        for line in now[number].alarms
        if (number, line.code) not in told
        and not any(one.code == line.code for one in (before[number].alarms if number in before else ()))
    ]


def _raise(look: AlarmLook, crossed: list[tuple[int, int, Reached]], cycle: Cycle) -> None:
    today = clock.today()
    members = {one.pk: one for one in Member.objects.filter(pk__in=[number for number, _, _ in crossed])}
    branches = branches_on(members, today)
    for number, score, line in crossed:
        member, branch = members[number], branches.get(number, look.posting.branch_id)
        Alarmed.objects.create(
            member=member,
            branch_id=branch,
            look=look,
            first_on=cycle.first_on,
            last_on=cycle.last_on,
            code=line.code,
            score=score,
            on=today,
        )
        after = f"办法写明：{line.consequence.rstrip('。')}。" if line.consequence else ""
        tell(
            member.user_id,
            "results.alarm",
            f"{cycle.first_on}:{line.code}:{number}",
            f"您触及了预警线“{line.name}”",
            f"到今天，您{cycle_text(cycle)}得分{show(score)}分，触及“{line.name}”（{line.clause}）。{after}"
            "这是提醒，不会自动有什么后果；有不清楚的，打开看每一分怎么来的，或者问支部。",
            "/me/",
        )
    _tell_leads(look, sorted({branches.get(number, look.posting.branch_id) for number, _, _ in crossed}))


def _tell_leads(look: AlarmLook, branches: list[int]) -> None:
    """Without names: who it is stands on the branch's page alone."""
    for branch in branches:
        posts = Grant.objects.filter(holds_on(clock.today()), organisation=branch, role__in=TABLE[Act.POST])
        tell_all(
            sorted(set(posts.values_list("user_id", flat=True))),
            "results.alarm_branch",
            f"{look.pk}:{branch}",
            "有党员触及预警线",
            "这次入账以后，支部有党员触及积分办法的预警线。请打开查看，按办法提醒、帮助；没有账号的，请当面告知。",
            f"/branches/{branch}/alarms/",
        )
