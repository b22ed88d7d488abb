"""免评 Application → branch → township. While it holds, the member is listed without score or tier."""

from datetime import date

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, bad
from pioneer.kernel.operations import operation
from pioneer.members import policies, proceedings, queries, spells
from pioneer.members.models import Exemption, Member
from pioneer.members.services import locked, require_present
from pioneer.messages.services import tell
from pioneer.organisations.models import Organisation
from pioneer.rulebook.queries import current_rulebook, engine_for
from pioneer.scoring.periods import add_months

State = Exemption.State
Ground = Exemption.Ground


@operation("members.apply_exemption", tell=("ground",))
def apply_exemption(
    *,
    actor: AnyActor,
    member_id: int,
    ground: str,
    from_on: date,
    until_on: date | None = None,
    explanation: str = "",
) -> Exemption:
    """申请免评 By the member itself, or for it by whoever keeps the roster; `applied_by_number` says who."""
    member, branch = locked(actor, member_id)
    policies.require_apply(actor, member, branch)
    require_present(member)
    if ground not in Ground.values:
        raise bad("事由", "请选择事由：年满规定年龄、卧病在床，或出国（境）。")
    _check_span(member, from_on, until_on)
    check_ground(member, ground, from_on, until_on)
    if ground == Ground.ILL and not explanation.strip():
        raise bad("说明", "请写明病情的证明材料，例如“区医院诊断证明，2026年3月”，不必写病名。")
    if Exemption.objects.filter(member=member, state__in=[State.APPLIED, State.BRANCH_AGREED]).exists():
        raise DomainError("exemption_open", f"{member.name}已有一份免评申请在办，请等它办结。")
    if queries.exempt_on([member.pk], from_on):
        raise DomainError("exemption_holds", f"{member.name}在这一天已经免评，无须再申请。")
    return Exemption.objects.create(
        member=member,
        ground=ground,
        explanation=explanation.strip(),
        from_on=from_on,
        until_on=until_on,
        applied_by_number=actor.number,
        applied_at=clock.now(),
    )


def _check_span(member: Member, from_on: date, until_on: date | None) -> None:
    """Settled cycles are not reopened by an exemption."""
    first = engine_for(member.district_id).cycle_of(clock.today()).first_on
    if from_on < first:
        raise bad("起始日期", f"免评从本周期（{spells.said(first)}起）开始，不追溯到以前的周期。")
    if until_on is not None and until_on < from_on:
        raise bad("截止日期", "截止日期不能早于起始日期；不能确定的可以不填。")


def check_ground(member: Member, ground: str, from_on: date, until_on: date | None) -> None:
    """事由须成立 The age and the time abroad, as the rulebook of the first day says."""
    procedure = current_rulebook(member.district_id, from_on).procedure
    if ground == Ground.AGE:
        years = procedure.exemption_age.value
        if member.birth_on is None:
            raise DomainError(
                "birth_missing", f"{member.name}没有登记出生日期，不能按年龄免评。请先补登身份证号或出生日期。"
            )
        if from_on < _birthday(member.birth_on, years):
            raise DomainError(
                "too_young",
                f"{member.name}到{spells.said(_birthday(member.birth_on, years))}才满{years}周岁，"
                "请把起始日期改到那一天或以后，或另选事由。",
            )
    if ground == Ground.ABROAD and until_on is not None:
        months = procedure.exemption_abroad.value
        if until_on < add_months(from_on, months):
            raise DomainError(
                "too_short", f"出国（境）不足{months}个月，不符合免评条件。回国日期未定的可以不填截止日期。"
            )


def _birthday(born: date, years: int) -> date:
    """The day somebody completes that many years; born on 29 February: 1 March where the year has no such day."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


@operation("members.agree_exemption")
def agree_exemption(*, actor: AnyActor, exemption_id: int) -> Exemption:
    """支部同意 By somebody of the branch; where the branch has nobody besides the member, by the level above."""
    exemption, branch = _locked_exemption(actor, exemption_id)
    policies.require_agree(actor, exemption, branch, others=proceedings.others_may_agree(branch, exemption.member))
    _check_state(exemption, State.APPLIED)
    require_present(exemption.member)
    exemption.state = State.BRANCH_AGREED
    exemption.branch_by_number, exemption.branch_at = actor.number, clock.now()
    exemption.save()
    return exemption


@operation("members.approve_exemption")
def approve_exemption(*, actor: AnyActor, exemption_id: int) -> Exemption:
    """批准免评 By the township, another person than who agreed; the ground is checked once more."""
    exemption, branch = _locked_exemption(actor, exemption_id)
    policies.require_approve(actor, exemption, branch)
    _check_state(exemption, State.BRANCH_AGREED)
    require_present(exemption.member)
    check_ground(exemption.member, exemption.ground, exemption.from_on, exemption.until_on)
    exemption.state = State.APPROVED
    exemption.township_by_number, exemption.township_at = actor.number, clock.now()
    exemption.save()
    until = f"至{spells.said(exemption.until_on)}" if exemption.until_on else "起"
    _tell(
        exemption,
        "approved",
        "免评已批准",
        f"自{spells.said(exemption.from_on)}{until}，您列入名单但不计分、不评等次。",
    )
    return exemption


@operation("members.refuse_exemption")
def refuse_exemption(*, actor: AnyActor, exemption_id: int, reason: str) -> Exemption:
    """不予免评 By the branch or the township, whoever's turn it is, with the reason."""
    exemption, branch = _locked_exemption(actor, exemption_id)
    at_branch = exemption.state == State.APPLIED
    if at_branch:
        policies.require_agree(actor, exemption, branch, others=proceedings.others_may_agree(branch, exemption.member))
    else:
        policies.require_approve(actor, exemption, branch)
        _check_state(exemption, State.BRANCH_AGREED)
    if not reason.strip():
        raise bad("理由", "请写明不同意的理由，申请人会看到。")
    exemption.state, exemption.reason = State.REFUSED, reason.strip()[:200]
    if at_branch:
        exemption.branch_by_number, exemption.branch_at = actor.number, clock.now()
    else:
        exemption.township_by_number, exemption.township_at = actor.number, clock.now()
    exemption.save()
    _tell(exemption, "refused", "免评未获批准", f"理由：{exemption.reason}情况有变的，可以再次申请。")
    return exemption


@operation("members.end_exemption")
def end_exemption(*, actor: AnyActor, exemption_id: int, last_on: date, reason: str) -> Exemption:
    """终止免评 Recovered, returned, or no longer wished; `last_on` is the last day it holds."""
    exemption, branch = _locked_exemption(actor, exemption_id)
    policies.require_end(actor, exemption, branch)
    _check_state(exemption, State.APPROVED)
    if not reason.strip():
        raise bad("理由", "请写明终止的理由，例如“已康复，本人申请恢复”。")
    first = engine_for(exemption.member.district_id).cycle_of(clock.today()).first_on
    if last_on < max(exemption.from_on, spells.day_before(first)) or last_on > clock.today():
        raise bad("最后一天", "最后一天应在免评开始之后、今天或以前，且不早于上一周期的末日。")
    if exemption.until_on is not None and last_on > exemption.until_on:
        raise DomainError("exemption_over", "这项免评已经到期，无须终止。")
    exemption.state, exemption.reason, exemption.until_on = State.ENDED, reason.strip()[:200], last_on
    exemption.save()
    _tell(
        exemption,
        "ended",
        "免评已终止",
        f"自{spells.said(spells.day_after(last_on))}起恢复计分。理由：{exemption.reason}",
    )
    return exemption


def _locked_exemption(actor: AnyActor, exemption_id: int) -> tuple[Exemption, Organisation]:
    found = proceedings.get_exemption(actor, exemption_id)
    _, branch = locked(actor, found.member_id)
    exemption = Exemption.objects.select_for_update(of=("self",)).select_related("member").get(pk=exemption_id)
    return exemption, branch


def _check_state(exemption: Exemption, wanted: State) -> None:
    if exemption.state != wanted:
        raise DomainError(
            "exemption_state", f"这份免评申请目前“{State(exemption.state).label}”，不在这一步。请刷新页面后再看。"
        )


def _tell(exemption: Exemption, step: str, title: str, text: str) -> None:
    tell(exemption.member.user_id, f"exemption_{step}", str(exemption.pk), title, text, "/me/file/")
