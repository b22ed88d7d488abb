"""日常纪实的读取 Every read of education records, reminders, relations and zeroing cases."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from pioneer.accounts.models import User
from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.conduct.models import DeclaredRelation, EducationRecord, ZeroingCase
from pioneer.conduct.policies import OWN, State, is_self
from pioneer.kernel import clock
from pioneer.kernel.asking import remembered
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.members import queries as members
from pioneer.members.models import Member, Membership
from pioneer.organisations.models import Organisation
from pioneer.rulebook.queries import current_rulebook
from pioneer.scoring import Indicator
from pioneer.scoring.periods import add_months

# ------------------------------------------------------------------ what later stations ask


def zeroings_in_force(member_ids: Collection[int], cycle_first: date, cycle_last: date) -> list[ZeroingCase]:
    """有效的清零 Approved and not reversed, whose document falls in the cycle; by the document's date. One query."""
    found = ZeroingCase.objects.filter(
        member__in=member_ids, state=State.APPROVED, document_on__range=(cycle_first, cycle_last)
    )
    return list(found.order_by("document_on", "pk"))


def zeroings_in_hand(member_ids: Collection[int]) -> set[int]:
    """在办清零的党员 Proposed and not decided, whatever the cycle. One query."""
    undecided = ZeroingCase.objects.filter(member__in=member_ids, state__in=(State.PROPOSED, State.ANSWERED))
    return set(undecided.values_list("member_id", flat=True))


def education_for(member: Member, indicator: str, event_on: date) -> EducationRecord | None:
    """事前的教育记录或提醒 The latest one for the indicator, shown to the member, of an earlier day than the
    event and not older than the rulebook of the event's day allows."""
    rulebook = current_rulebook(member.district_id, event_on)
    row = rulebook.indicators.get(indicator)
    if row is None or row.prior is None:
        return None
    oldest = add_months(event_on, -rulebook.procedure.education_validity.value)
    found = EducationRecord.objects.filter(
        member=member, indicator=indicator, kind=row.prior.kind, on__lt=event_on, on__gte=oldest, shown_at__isnull=False
    )
    return found.order_by("-on", "-pk").first()


@remembered
def relatives_of(member_id: int) -> set[int]:
    """申明的亲属 The members declared related to this one, whoever declared it. One query."""
    rows = _standing().filter(Q(member=member_id) | Q(relative=member_id)).values_list("member_id", "relative_id")
    return {one for pair in rows for one in pair} - {member_id}


def must_step_aside(actor: AnyActor, member: Member) -> str | None:
    """须否回避 The reason as a sentence, or None. Follows the person, whatever the role it acts in."""
    if is_self(actor, member):
        return f"{OWN}，须由党组织的另一位同志办理。"
    return those_to_step_aside(actor, [member.pk]).get(member.pk)


def those_to_step_aside(actor: AnyActor, member_ids: Collection[int]) -> dict[int, str]:
    """须回避的党员 Of many at once, each with the reason. Two queries."""
    own = members.member_of(actor.number)
    if own is None:
        return {}
    found = {own.pk: f"{OWN}，须由党组织的另一位同志办理。"} if own.pk in member_ids else {}
    relations = _standing().filter(Q(member=own) | Q(relative=own)).select_related("member", "relative")
    for relation in relations:
        other = relation.relative if relation.member_id == own.pk else relation.member
        if other.pk in member_ids:
            found[other.pk] = f"{other.name}是您申明的亲属（{relation.kind}），您须回避，请由党组织的另一位同志办理。"
    return found


# ------------------------------------------------------------------ who sees what


def records_visible_to(actor: AnyActor) -> QuerySet[EducationRecord]:
    """看得到的教育记录和提醒 The branch, the level above that may be its second person, and the member."""
    seen = _within(actor, Act.WRITE_CONDUCT, Act.CONFIRM_ABOVE) | _mine(actor)
    return EducationRecord.objects.filter(seen).select_related("member", "branch")


def zeroings_visible_to(actor: AnyActor) -> QuerySet[ZeroingCase]:
    """看得到的清零 The branch, the township that decides, and the member."""
    seen = _within(actor, Act.WRITE_CONDUCT, Act.APPROVE_ZEROING) | _mine(actor)
    return ZeroingCase.objects.filter(seen).select_related("member", "member__user", "branch", "file")


def zeroing_for(actor: AnyActor, case_id: int) -> ZeroingCase:
    """取一件清零 NotVisible where the actor may not see it."""
    found = zeroings_visible_to(actor).filter(pk=case_id).first()
    if found is None:
        raise NotVisible()
    return found


def relations_visible_to(actor: AnyActor) -> QuerySet[DeclaredRelation]:
    """看得到的亲属关系 The branch of either, the level above, and the two themselves; what was withdrawn is gone."""
    near = Membership.objects.filter(_within(actor, Act.WRITE_CONDUCT, Act.CONFIRM_ABOVE), until_on__isnull=True)
    ids = near.values("member_id")
    seen = Q(member__in=ids) | Q(relative__in=ids)
    if actor.number is not None:
        seen |= Q(member__user=actor.number) | Q(relative__user=actor.number)
    return _standing().filter(seen).select_related("member", "relative")


def relations_of(member: Member) -> list[DeclaredRelation]:
    """本人的亲属关系 Those that stand, whoever declared them."""
    return list(_standing().filter(Q(member=member) | Q(relative=member)).select_related("member", "relative"))


def branch_for(actor: AnyActor, branch_id: int) -> Organisation:
    """取一个支部 Whose records the actor may read; else NotVisible."""
    found = branches_for(actor).filter(pk=branch_id).first()
    if found is None:
        raise NotVisible()
    return found


def branches_for(actor: AnyActor) -> QuerySet[Organisation]:
    """有日常纪实可看的支部 In the order of the tree."""
    inside = Q(pk__in=[])
    for path in paths(actor, Act.WRITE_CONDUCT) + paths(actor, Act.CONFIRM_ABOVE):
        inside |= Q(path__startswith=path)
    return Organisation.objects.filter(inside, is_branch=True).order_by("path")


# ------------------------------------------------------------------ what the pages show


@dataclass(frozen=True, slots=True)
class Step:
    """清零的一步 What was done, by whom and when; `state` is done, now or later."""

    title: str
    text: str
    state: str
    at: datetime | None = None
    by: str = ""


def zeroings_waiting_for(actor: AnyActor) -> list[ZeroingCase]:
    """等我办理的清零 The member's own to answer; the township's to decide, once answered or the days are over."""
    now = clock.now()
    ripe = Q(state=State.ANSWERED) | Q(state=State.PROPOSED, answer_until__lte=now)
    waiting = _within(actor, Act.APPROVE_ZEROING) & ripe & ~Q(proposed_by_number=actor.number)
    if actor.number is not None:
        waiting |= Q(member__user=actor.number, state=State.PROPOSED, answer_until__gt=now)
    return list(ZeroingCase.objects.filter(waiting).select_related("member", "branch").order_by("answer_until"))


def names_behind(case: ZeroingCase) -> dict[int, str]:
    """经办人 Who took each step, by account. One query."""
    return _names([case.proposed_by_number, case.statement_by_number, case.decided_by_number, case.reversed_by_number])


def steps_of(case: ZeroingCase) -> list[Step]:
    """清零的各步 In order, each with what it says, and what comes next."""
    names = names_behind(case)

    def by(number: int | None) -> str:
        return names.get(number or 0, "")

    steps = [Step("支部提出", case.facts, "done", case.proposed_at, by(case.proposed_by_number))]
    steps.append(Step("告知本人", case.told_how, "done", case.told_at))
    steps.append(_answer_step(case, by(case.statement_by_number)))
    if case.state in (State.APPROVED, State.REFUSED, State.REVERSED):
        done = "批准清零" if case.state != State.REFUSED else "未批准"
        steps.append(
            Step(f"乡镇（街道）{done}", case.decision_reason, "done", case.decided_at, by(case.decided_by_number))
        )
    else:
        steps.append(Step("乡镇（街道）审批", "由提出人以外的工作人员审批。", "now" if _is_ripe(case) else "later"))
    if case.state == State.REVERSED:
        steps.append(Step("撤销清零", case.reversal_document, "done", case.reversed_at, by(case.reversed_by_number)))
    return steps


def _answer_step(case: ZeroingCase, by: str) -> Step:
    if case.statement_at is not None:
        how = f"（{case.statement_how}）" if case.statement_how else ""
        return Step(f"本人申辩{how}", case.statement, "done", case.statement_at, by)
    last = (case.answer_until - timedelta(seconds=1)).astimezone(clock.SHANGHAI)
    until = f"{last.year}年{last.month}月{last.day}日24时"
    if case.state != State.PROPOSED or clock.now() >= case.answer_until:
        return Step("本人申辩", f"期限至{until}，本人没有申辩。", "done")
    return Step("本人申辩", f"可在{until}之前申辩；口头说的由支部另一位同志代录。", "now")


def _is_ripe(case: ZeroingCase) -> bool:
    return case.state == State.ANSWERED or (case.state == State.PROPOSED and clock.now() >= case.answer_until)


def indicators_needing(kind: str, district_id: int, on: date) -> list[Indicator]:
    """须先教育（提醒）的指标 Those of the rulebook of that day which need a record of this kind."""
    rows = current_rulebook(district_id, on).indicators.values()
    return [row for row in rows if row.prior is not None and row.prior.kind == kind]


def zeroing_indicators(district_id: int, on: date) -> list[Indicator]:
    """清零的情形 Those of the rulebook of that day."""
    return list(current_rulebook(district_id, on).of_index("zeroing"))


def name_of_indicator(district_id: int, code: str, on: date) -> str:
    """指标名称 "N1 发布不良言论…", or the code alone where the rulebook of the day lacks it."""
    try:
        row = current_rulebook(district_id, on).indicators.get(code)
    except DomainError:
        row = None
    return f"{code} {row.name}" if row else code


def person_named(member: Member, name: str, number: str = "") -> Member:
    """按姓名找亲属 In the member's own branch by name, elsewhere in the district by name and member number together, so
    that nobody can leaf through another branch's roster."""
    alike = Member.objects.filter(district=member.district_id, name=name.strip()).exclude(pk=member.pk)
    if number.strip():
        alike = alike.filter(number=number.strip())
    else:
        branch = members.branch_on(member, clock.today())
        alike = alike.filter(memberships__branch=branch, memberships__until_on__isnull=True)
    found = list(alike.distinct()[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise BadInput([Fault("亲属姓名", f"本支部有几位“{name}”，请再填写其党员编号。")])
    where = "本区没有这个姓名和编号都相符的党员" if number.strip() else f"本支部没有叫“{name}”的党员"
    raise BadInput([Fault("亲属姓名", f"{where}。请核对；在别的支部的，要同时填写党员编号。")])


def _standing() -> QuerySet[DeclaredRelation]:
    return DeclaredRelation.objects.filter(withdrawn_at__isnull=True)


def _within(actor: AnyActor, *acts: Act) -> Q:
    seen = Q(pk__in=[])
    for act in acts:
        for path in paths(actor, act):
            seen |= Q(branch__path__startswith=path)
    return seen


def _mine(actor: AnyActor) -> Q:
    return Q(member__user=actor.number) if actor.number is not None else Q(pk__in=[])


def _names(numbers: Collection[int | None]) -> dict[int, str]:
    return dict(User.objects.filter(pk__in=[n for n in numbers if n is not None]).values_list("pk", "name"))
