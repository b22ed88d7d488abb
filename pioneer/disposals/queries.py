"""组织处置的读取 Every read of findings and cases: who sees which, what waits for whom, what may be proposed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from pioneer.accounts.models import User
from pioneer.accounts.policies import Act, AnyActor, Role, may, paths
from pioneer.assessments.roster import holders
from pioneer.conduct.queries import those_to_step_aside
from pioneer.disposals import grounds, order, policies
from pioneer.disposals.models import Case, Finding, LeftOut, Step
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.members import queries as members
from pioneer.members.models import Member, Membership, Status
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import along_tree
from pioneer.results.models import Announcement, FormerResult, Result
from pioneer.rulebook.queries import current_rulebook, deadline
from pioneer.scoring import Cycle
from pioneer.scoring.model import Parameter, Procedure
from pioneer.scoring.periods import add_months

ACTS = (Act.HANDLE_CASE, Act.PROPOSE_UNQUALIFIED, Act.REVIEW_CASE, Act.APPROVE_CASE)
GROUNDS = LeftOut.Ground.choices
WHO = {"branch": Act.HANDLE_CASE, "township": Act.REVIEW_CASE, "district": Act.APPROVE_CASE}


# ------------------------------------------------------------------ who sees what


def scope(actor: AnyActor) -> list[str]:
    """看得到的范围 Subtrees whose findings and cases the actor reads; the auditor's among them, without texts."""
    audited = {held.path for held in actor.grants if held.role == Role.AUDITOR}
    return sorted({*audited, *(path for act in ACTS for path in paths(actor, act))})


def _within(actor: AnyActor) -> Q:
    seen = Q(member__user=actor.number) if actor.number is not None else Q(pk__in=[])
    for path in scope(actor):
        seen |= Q(branch__path__startswith=path)
    return seen


def findings_visible_to(actor: AnyActor) -> QuerySet[Finding]:
    """看得到的不合格认定"""
    return Finding.objects.filter(_within(actor)).select_related(
        "member__user", "branch", "result__settlement__version", "announcement__unit"
    )


def cases_visible_to(actor: AnyActor) -> QuerySet[Case]:
    """看得到的组织处置"""
    return Case.objects.filter(_within(actor)).select_related("member__user", "branch", "follows")


def finding_for(actor: AnyActor, finding_id: int) -> Finding:
    """取一项认定 NotVisible where the actor may not see it."""
    found = findings_visible_to(actor).filter(pk=finding_id).first()
    if found is None:
        raise NotVisible
    return found


def case_for(actor: AnyActor, case_id: int) -> Case:
    """取一件处置 NotVisible where the actor may not see it."""
    found = cases_visible_to(actor).filter(pk=case_id).first()
    if found is None:
        raise NotVisible
    return found


def own_findings(user_number: int | None) -> list[Finding]:
    """对本人的认定"""
    found = Finding.objects.filter(member__user=user_number) if user_number is not None else Finding.objects.none()
    return list(found.select_related("member", "branch"))


def own_cases(user_number: int | None) -> list[Case]:
    """对本人的处置"""
    found = Case.objects.filter(member__user=user_number) if user_number is not None else Case.objects.none()
    return list(found.select_related("member", "branch"))


@dataclass(frozen=True, slots=True)
class NotCounted:
    """没有把本人计入应到会的一次大会 Of what the meeting was about, nothing."""

    on: date | None
    branch: str
    ground: str
    note: str
    consent: str


def not_counted(member: Member) -> list[NotCounted]:
    """没有把本人计入应到会的大会 The latest first."""
    found = LeftOut.objects.filter(member=member).select_related("step__case__branch", "finding__branch")
    rows = []
    for one in found.order_by("-pk"):
        on, branch = (one.step.on, one.step.case.branch) if one.step else (None, None)
        if one.finding is not None:
            on, branch = one.finding.met_on, one.finding.branch
        rows.append(NotCounted(on, branch.name if branch else "", one.get_ground_display(), one.note, one.consent))
    return rows


# ------------------------------------------------------------------ what may be proposed


def results_to_propose(actor: AnyActor) -> list[Result]:
    """可提出认定的结果 Announced, in an unqualified tier, of a member who is still here, not yet proposed; of branches
    that the actor leads. Nobody's own."""
    places = Q(pk__in=[])
    for path in paths(actor, Act.PROPOSE_UNQUALIFIED):
        places |= Q(branch__path__startswith=path)
    standing = Finding.objects.filter(member=OuterRef("member"), first_on=OuterRef("settlement__first_on"))
    announced = Announcement.objects.filter(settlement=OuterRef("settlement"), unit=OuterRef("unit"))
    newer = Announcement.objects.filter(
        unit=OuterRef("unit"), first_on=OuterRef("settlement__first_on"), settlement__gt=OuterRef("settlement")
    )
    found = (
        Result.objects.filter(places, Exists(announced), ~Exists(newer), ~Exists(standing.exclude(state="sent_back")))
        .exclude(tier="")
        .exclude(member__user=actor.number)
        .select_related("settlement__version", "member", "branch", "unit")
        .order_by("-settlement__first_on", "order")
    )
    rows = [row for row in found if grounds.is_unqualified(row)]
    here = members.statuses_on([row.member_id for row in rows], clock.today())
    return [row for row in rows if here.get(row.member_id) == Status.FULL]


def result_to_propose(actor: AnyActor, result_id: int) -> Result:
    """一个可提出认定的结果 NotVisible where there is none for this actor."""
    found = Result.objects.filter(pk=result_id).select_related("settlement__version", "member__user", "branch", "unit")
    result = found.first()
    if result is None or not may(actor, Act.PROPOSE_UNQUALIFIED, result.branch):
        raise NotVisible
    return result


def announcement_of(result: Result) -> Announcement | None:
    """通报 That told of this result; None where there was none, or a later one has told of another."""
    found = Announcement.objects.filter(unit=result.unit_id, first_on=result.settlement.first_on)
    latest = found.order_by("-settlement_id").first()
    return latest if latest is not None and latest.settlement_id == result.settlement_id else None


def members_to_propose(actor: AnyActor) -> list[tuple[grounds.Unbroken, Organisation]]:
    """可提出处置的党员 Whose filed results are unqualified often enough on end, with no case open or of that ground,
    in branches where the actor handles cases."""
    places = Q(pk__in=[])
    for path in paths(actor, Act.HANDLE_CASE):
        places |= Q(branch__path__startswith=path)
    filed = FormerResult.objects.filter(member=OuterRef("member"))
    spells = Membership.objects.filter(places, members.covering(clock.today()), Exists(filed))
    spells = spells.select_related("branch", "member")
    spells_here = along_tree(spells.order_by("member__position"), lambda spell: spell.branch)
    where = {spell.member_id: spell for spell in spells_here}
    if not where:
        return []
    statuses = members.statuses_on(list(where), clock.today())
    full = [spell.member for spell in where.values() if statuses.get(spell.member_id) == Status.FULL]
    try:
        found = [one for one in grounds.unbroken(full) if one.is_enough]
    except DomainError:
        return []  # no rulebook holds today: nothing can be called unqualified
    taken = set(
        Case.objects.filter(member__in=[one.member for one in found]).values_list("member_id", "latest_first_on")
    )
    busy = set(Case.objects.filter(member__in=[m for m, _ in taken], state="open").values_list("member_id", flat=True))
    return [
        (one, where[one.member.pk].branch)
        for one in found
        if one.member.pk not in busy
        and (one.member.pk, one.latest.first_on) not in taken
        and one.member.user_id != actor.number
    ]


def refused_advice(member: Member) -> Case | None:
    """不接受的劝告 The advice to leave that this member refused, on which no removal stands yet."""
    refused = Step.objects.filter(case=OuterRef("pk"), kind=Step.Kind.RESPONDED, agreed=False)
    removal = Case.objects.filter(follows=OuterRef("pk"))
    found = Case.objects.filter(member=member, kind=Case.Kind.ADVICE, state=Case.State.IN_EFFECT)
    return found.filter(Exists(refused)).exclude(Exists(removal)).first()


# ------------------------------------------------------------------ deadlines


def procedure_of(member: Member) -> Procedure:
    """现行办法的程序"""
    return current_rulebook(member.district_id, clock.today()).procedure


def due_after(case: Case, taken: Iterable[str], on: date) -> date | None:
    """下一步的期限 Counted from the step just taken; None where the rulebook sets none or nothing is due."""
    steps = order.next_steps(case.kind, case.state, list(taken))
    if not steps:
        return None
    procedure, step = procedure_of(case.member), steps[0]
    if step == Step.Kind.APPEALED:
        return correction_ends(case, on) if case.kind == Case.Kind.CORRECTION else None
    if step == Step.Kind.APPEAL_ANSWERED:
        return _deadline(procedure.appeal_answer, on)
    return _deadline(procedure.case_step if order.DESK[step] == "branch" else procedure.case_review, on)


def correction_ends(case: Case, announced_on: date) -> date | None:
    """改正期满的一天"""
    return add_months(announced_on, case.months) if case.months else None


def appeal_ends(case: Case) -> date | None:
    """申诉期限的最后一天 None before the announcement, or where the rulebook sets none."""
    announced = case.steps.filter(kind=Step.Kind.ANNOUNCED).first()
    return _deadline(procedure_of(case.member).appeal, announced.on) if announced else None


def answer_ends(member: Member, start: date) -> date:
    """答复认定的最后一天"""
    procedure = procedure_of(member)
    return deadline(procedure.case_answer or procedure.zeroing_answer, start)


def _deadline(parameter: Parameter | None, start: date) -> date | None:
    return deadline(parameter, start) if parameter is not None else None


# ------------------------------------------------------------------ votes and people


def with_vote(branch: Organisation, on: date) -> int:
    """有表决权的人数 Full members of the branch on that day whose rights are not suspended."""
    return len(full_members(branch, on))


def full_members(branch: Organisation, on: date) -> list[members.RosterEntry]:
    """某日的正式党员"""
    return [row for row in members.roster(branch, on) if row.status == Status.FULL]


def tell_numbers(branch: Organisation, desk: order.Desk, member: Member) -> list[int]:
    """应告知的人 Who sits at a desk for the branch, without the member and whose relative it is."""
    if desk == "member":
        return [member.user_id] if member.user_id is not None else []
    found = holders(branch, WHO[desk])
    if desk == "district":
        found = found.filter(role=Role.DISTRICT_OFFICER)
    elif desk == "branch":
        found = found.filter(organisation=branch)
    return [grant.user_id for grant in found if grant.user_id != member.user_id]


def names(numbers: Iterable[int | None]) -> dict[int, str]:
    """经办人 By account. One query."""
    return dict(User.objects.filter(pk__in={n for n in numbers if n is not None}).values_list("pk", "name"))


# ------------------------------------------------------------------ what waits


@dataclass(frozen=True, slots=True)
class Waiting:
    """等我办理的一件 `case` or `finding`; what is to be done, by when."""

    what: str
    branch: str
    due_on: date | None
    case: Case | None = None
    finding: Finding | None = None
    own: bool = False

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on <= clock.today()


def waiting_for(actor: AnyActor) -> list[Waiting]:
    """等我办理的 Findings to answer, vote on or decide, and cases whose next step is at the actor's desk."""
    return sorted([*_findings_waiting(actor), *_cases_waiting(actor)], key=lambda one: one.due_on or date.max)


def _findings_waiting(actor: AnyActor) -> list[Waiting]:
    found, today = [], clock.today()
    rows = list(findings_visible_to(actor).filter(state__in=["proposed", "adopted"]))
    aside = those_to_step_aside(actor, [one.member_id for one in rows]) if rows else {}
    for one in rows:
        own, branch = policies.is_self(actor, one.member), one.branch.name
        if own:
            if one.state == "proposed" and one.statement_on is None and today <= one.answer_until:
                found.append(
                    Waiting("支部对您提出不合格认定，等您答复", branch, one.answer_until, finding=one, own=True)
                )
        elif one.member_id in aside:
            continue
        elif one.state == "proposed" and policies.may_at(actor, "branch", one.branch):
            if is_ripe(one):
                found.append(Waiting(f"{one.member.name}的不合格认定，待支部党员大会表决", branch, None, finding=one))
        elif one.state == "adopted" and policies.can_decide(actor, one):
            found.append(Waiting(f"{one.member.name}的不合格认定待审批", branch, None, finding=one))
    return found


def _cases_waiting(actor: AnyActor) -> list[Waiting]:
    found = []
    cases = list(cases_visible_to(actor).filter(state__in=["open", "in_effect"]).prefetch_related("steps__reply"))
    aside = those_to_step_aside(actor, [one.member_id for one in cases]) if cases else {}
    for one in cases:
        steps = list(one.steps.all())
        taken = [step.kind for step in steps]
        if policies.is_self(actor, one.member):
            last = steps[-1]
            if one.state == Case.State.OPEN and not hasattr(last, "reply"):
                what = f"对您的{one.get_kind_display()}：{last.get_kind_display()}，您可以说明意见"
                found.append(Waiting(what, one.branch.name, None, case=one, own=True))
            continue
        ahead = [step for step in order.next_steps(one.kind, one.state, taken) if step != Step.Kind.APPEALED]
        if not ahead or not policies.may_at(actor, order.DESK[ahead[0]], one.branch):
            continue
        if one.member_id not in aside:
            what = f"{one.member.name}的{one.get_kind_display()}：{ahead[0].label}"
            found.append(Waiting(what, one.branch.name, one.due_on, case=one))
    return found


def is_ripe(found: Finding) -> bool:
    """可否表决 Once the member answered, or its days are over."""
    return found.state == "proposed" and (found.statement_on is not None or clock.today() > found.answer_until)


def open_questions(actor: AnyActor, member: Member) -> list[tuple[Cycle, grounds.Ground]]:
    """待答复的免评问题 Of the cycles for which this member could be proposed now."""
    own = [row for row in results_to_propose(actor) if row.member_id == member.pk]
    cycles = [Cycle(row.settlement.first_on, row.settlement.last_on) for row in own]
    cycles += [Cycle(one.latest.first_on, one.latest.last_on) for one in grounds.unbroken([member]) if one.is_enough]
    distinct = sorted(set(cycles), reverse=True)
    return [(cycle, ground) for cycle in distinct for ground in grounds.exemption_questions(member, cycle)]


def due_to_remind() -> list[Case]:
    """到期待提醒的处置 Whose next step, or whose correction, was due by today, and nobody was told yet."""
    due = Case.objects.filter(due_on__lte=clock.today(), state__in=["open", "in_effect"])
    told = Case.objects.filter(pk=OuterRef("pk"), reminders__due_on=OuterRef("due_on"))
    return list(due.exclude(Exists(told)).select_related("member", "branch").order_by("due_on", "pk"))
