"""更正的写入 What was filed of a member is not right: the unit proposes, the member answers, the township decides.
Approved, a further revision of the filing stands, and the one before stays on record."""

from datetime import date
from typing import Any

from pioneer.accounts.policies import AnyActor
from pioneer.conduct.policies import is_self, require_not_aside
from pioneer.conduct.queries import must_step_aside, zeroings_in_force
from pioneer.files.services import store
from pioneer.filings import contents, policies, queries
from pioneer.filings.models import Amendment, Filing, FilingStep
from pioneer.filings.reckoning import Reckoned, reckon, reckoned
from pioneer.filings.services import addressed, keep_results, next_revision, note, put, scan_of
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotAllowed, bad
from pioneer.kernel.operations import operation
from pioneer.kernel.points import show
from pioneer.members.models import Member
from pioneer.messages.services import tell
from pioneer.organisations.models import Organisation
from pioneer.results.models import Result
from pioneer.rulebook.queries import current_rulebook, deadline, parsed
from pioneer.scoring import Cycle, Indicator
from pioneer.scoring.model import Parameter
from pioneer.scoring.periods import add_months

State = Amendment.State
OPEN = (State.PROPOSED, State.ANSWERED)
LONGEST, STATEMENT_LONGEST = 1000, 2000
NEEDED = "请写明更正的事由，党员本人和乡镇（街道）都会看到。"


@operation("filings.propose_amendment", tell=("indicator",))
def propose_amendment(
    *,
    actor: AnyActor,
    filing_id: int,
    member_id: int,
    indicator: str,
    event_on: date,
    was_points: int,
    now_points: int,
    ground: str,
    document: str,
    told_how: str = "",
    scan: tuple[str, bytes] | None = None,
) -> Amendment:
    """提出更正 By the unit: what a matter counts otherwise than filed, in hundredths, deductions below 0. The score and
    tier follow from it. A deduction at most so long after its event as the rulebook says; additions are over."""
    filing = in_force(actor, filing_id)
    result = may_amend(actor, filing, member_id)
    _check_texts(ground, document)
    check_told(result.member, told_how)
    _check_matter(filing, indicator.strip(), event_on, was_points, now_points)
    assert filing.settlement is not None
    found = reckon(filing.unit, filing.settlement, result.pk, indicator.strip(), now_points - was_points)
    _check_changes(result, found)
    return put_amendment(
        actor,
        filing,
        found,
        told_how,
        indicator=indicator.strip(),
        event_on=event_on,
        was_points=was_points,
        now_points=now_points,
        ground=ground.strip(),
        document=document.strip(),
        scan=store(scan[1], scan[0], "", actor.number) if scan else None,
    )


@operation("filings.answer_amendment")
def answer_amendment(*, actor: AnyActor, amendment_id: int, statement: str, taken_how: str = "") -> Amendment:
    """答复更正 By the member, or taken down by somebody of the unit who didn't propose it, saying how."""
    amendment = _locked(actor, amendment_id)
    own = is_self(actor, amendment.member)
    if not own and not policies.may_take_down(actor, amendment):
        raise NotAllowed("更正的意见由本人说明，或由没有提出这项更正的另一位同志代录。")
    if amendment.state != State.PROPOSED:
        raise DomainError("answered_already", f"这项更正现在是“{amendment.get_state_display()}”，不能再答复。")
    if clock.now() >= amendment.answer_until:
        raise DomainError("answer_over", "答复期限已过。仍有话要说的，请直接向乡镇（街道）提出，由其审批时一并考虑。")
    if not statement.strip() or len(statement) > STATEMENT_LONGEST:
        raise bad("意见", f"请写下要说明的情况，最多{STATEMENT_LONGEST}个字；没有意见的，写“没有意见”。")
    if not own and not taken_how.strip():
        raise bad("如何代录", "请写明是怎样代录的，例如“本人口述，当面读给本人听后签字”。")
    amendment.statement, amendment.statement_at = statement.strip(), clock.now()
    amendment.statement_by_number = actor.number
    amendment.statement_how = "" if own else f"代录：{taken_how.strip()}"[:200]
    amendment.state = State.ANSWERED
    amendment.save()
    if not own:
        _tell(amendment, "answered", "您的意见已代为录入", "请核对录入的内容；有出入的，请尽快告诉乡镇（街道）。")
    return amendment


@operation("filings.approve_amendment")
def approve_amendment(*, actor: AnyActor, amendment_id: int, reason: str = "") -> Amendment:
    """批准更正 By the township, another person than who proposed: the next revision of the filing, with a package that
    holds the amendment, and the member's next former result. The filing before stays as it is."""
    amendment = _to_decide(actor, amendment_id)
    filing = queries.received(amendment.filing.unit, amendment.filing.first_on)
    assert filing is not None and filing.settlement is not None and filing.announcement is not None
    _require_case_stands(amendment)
    found = reckoned(amendment, filing.unit, filing.settlement)
    amendment.was_score, amendment.was_tier = found.was.score, found.was.tier
    for name, value in _now(found).items():
        setattr(amendment, name, value)
    _decide(amendment, actor, State.APPROVED, reason)
    made = _next_filing(filing, actor.number)
    basis = contents.gather(
        made.unit,
        made.to,
        made.revision,
        filing.announcement,
        untold_reason=made.untold_reason,
        minutes=scan_of(made.minutes),
        also=amendment,
    )
    put(made, contents.make_package(basis), amendment.proposed_by_number)
    note(made, FilingStep.Kind.AMENDED, actor.number)
    amendment.made = made
    amendment.save()
    keep_results(made, [one for one in basis.rows if one.result.pk == amendment.result_id], actor.number)
    tier = basis.names.get(amendment.now_tier, amendment.now_tier) or "不定等次"
    _tell(amendment, "decided", "备案结果已经更正", f"得分{show(int(amendment.now_score))}分，等次：{tier}。")
    return amendment


@operation("filings.refuse_amendment")
def refuse_amendment(*, actor: AnyActor, amendment_id: int, reason: str) -> Amendment:
    """不批准更正 With the reason, which the unit and the member read; what was filed stands."""
    amendment = _to_decide(actor, amendment_id)
    if not reason.strip():
        raise bad("理由", "请写明不批准的理由，报送单位和本人都会看到。")
    _decide(amendment, actor, State.REFUSED, reason)
    amendment.save()
    _tell(amendment, "decided", "更正未获批准", "原来备案的结果不变。")
    return amendment


# ------------------------------------------------------------------ in common with the amendment for a zeroing


def in_force(actor: AnyActor, filing_id: int) -> Filing:
    """The valid filing of the unit and cycle, its unit locked; whichever revision the page showed."""
    seen = queries.get_filing(actor, filing_id)
    Organisation.objects.select_for_update().get(pk=seen.unit_id)
    found = queries.received(seen.unit, seen.first_on)
    if found is None or found.settlement_id is None:
        raise DomainError("not_filed", "还没有备案，不用更正。结果有差错的，请重新评定、通报后再报送。")
    return Filing.objects.select_related("unit", "to", "settlement__version", "announcement").get(pk=found.pk)


def may_amend(actor: AnyActor, filing: Filing, member_id: int) -> Result:
    """可以更正的结果 Of a member on the filing, by who may propose it, with no other amendment in hand."""
    if not policies.may_propose(actor, filing.unit):
        raise NotAllowed(f"更正由{filing.unit.name}的党务工作者（没有的，由书记）提出，您目前没有这项任职。")
    result = queries.rows_of(filing).select_related("member", "branch").filter(member=member_id).first()
    if result is None:
        raise bad("党员", "这份备案里没有这名党员，请从名单中选择。")
    require_not_aside(must_step_aside(actor, result.member))
    if Amendment.objects.filter(result=result, state__in=OPEN).exists():
        raise DomainError("open_already", f"{result.member.name}已有一项更正在办，请等办结后再提出。")
    return result


def put_amendment(actor: AnyActor, filing: Filing, found: Reckoned, told_how: str, **matter: Any) -> Amendment:
    """写下提出的更正 The member is told, and has its days to answer."""
    rules = current_rulebook(filing.unit.district_number, clock.today())
    last = deadline(rules.procedure.zeroing_answer, clock.today())
    made = Amendment.objects.create(
        filing=filing,
        result=found.was.result,
        member=found.was.result.member,
        was_score=found.was.score,
        was_tier=found.was.tier,
        **_now(found),
        told_at=clock.now(),
        told_how=told_how.strip() or "站内消息",
        answer_until=clock.end_of(last),
        proposed_by_number=actor.number,
        proposed_at=clock.now(),
        **matter,
    )
    said = f"您可以在{_day(last)}24时之前说明意见，您的意见会与更正一起交乡镇（街道）。"
    _tell(made, "proposed", "您的备案结果拟更正", said)
    return made


def check_told(member: Member, told_how: str) -> None:
    """须写明如何告知 Of who has no account."""
    if len(told_how) > 200:
        raise bad("如何告知", "最多200个字。")
    if member.user_id is None and not told_how.strip():
        raise bad("如何告知", f"{member.name}没有账号，请写明如何当面告知：本人签收的日期，或两位见证人的姓名。")


def last_day_to_lower(filing: Filing, event_on: date) -> tuple[date, Parameter]:
    """减分的更正最迟哪天提出 And the rule that says so."""
    limit = current_rulebook(filing.unit.district_number, filing.last_on).procedure.amendment
    return add_months(event_on, limit.value), limit


# ------------------------------------------------------------------ inside


def _locked(actor: AnyActor, amendment_id: int) -> Amendment:
    """The unit first, so that everybody waits in one order."""
    seen = queries.get_amendment(actor, amendment_id)
    Organisation.objects.select_for_update().get(pk=seen.filing.unit_id)
    return queries.get_amendment(actor, amendment_id)


def _to_decide(actor: AnyActor, amendment_id: int) -> Amendment:
    """The amendment, where the actor may decide it and its time has come."""
    amendment = _locked(actor, amendment_id)
    policies.require_decide(actor, amendment)
    require_not_aside(must_step_aside(actor, amendment.member))
    if amendment.state not in OPEN:
        raise DomainError("decided_already", f"这项更正现在是“{amendment.get_state_display()}”，已经办完。")
    if amendment.state == State.PROPOSED and clock.now() < amendment.answer_until:
        last = amendment.answer_until.astimezone(clock.SHANGHAI)
        raise DomainError(
            "too_early", f"本人还没有说明意见，期限未满。请在本人答复以后，或{_day(last.date())}0时以后再审批。"
        )
    return amendment


def _decide(amendment: Amendment, actor: AnyActor, state: State, reason: str) -> None:
    if len(reason) > LONGEST:
        raise bad("理由", f"最多{LONGEST}个字。")
    amendment.state, amendment.decision_reason = state, reason.strip()
    amendment.decided_by_number, amendment.decided_at = actor.number, clock.now()


def _next_filing(filing: Filing, by_number: int | None) -> Filing:
    """The next revision, received as it is made: its number is the first one's with the count of amendments."""
    unit, cycle = filing.unit, Cycle(filing.first_on, filing.last_on)
    received = Filing.objects.filter(unit=unit, first_on=filing.first_on, state=Filing.State.RECEIVED)
    first = received.order_by("revision").first()
    assert first is not None
    return Filing(
        settlement=filing.settlement,
        announcement=filing.announcement,
        minutes=filing.minutes,
        untold_reason=filing.untold_reason,
        state=Filing.State.RECEIVED,
        number=f"{first.number}（更正{received.count()}）",
        decided_by_number=by_number,
        decided_at=clock.now(),
        **addressed(unit, filing.to, cycle, next_revision(unit, cycle)),
    )


def _now(found: Reckoned) -> dict[str, Any]:
    return {"now_score": found.score, "now_earned": found.earned, "now_tier": found.tier}


def _check_texts(ground: str, document: str) -> None:
    faults = [Fault("事由", NEEDED)] if not ground.strip() else []
    faults += [Fault("依据的文件", "请写明依据：文件、会议记录或凭证的名称和日期。")] if not document.strip() else []
    lengths = {"事由": (ground, LONGEST), "依据的文件": (document, 200)}
    faults += [Fault(place, f"最多{most}个字。") for place, (text, most) in lengths.items() if len(text) > most]
    if faults:
        raise BadInput(faults)


def _require_case_stands(amendment: Amendment) -> None:
    """What the case says now is what it was proposed for."""
    if amendment.kind == Amendment.Kind.POINTS:
        return
    in_force = bool(zeroings_in_force([amendment.member_id], amendment.filing.first_on, amendment.filing.last_on))
    if in_force != (amendment.kind == Amendment.Kind.ZEROED):
        raise DomainError("moved_on", "提出以后清零又有变动，这项更正已经不对了，请写明理由不予批准。")


def _check_matter(filing: Filing, indicator: str, event_on: date, was: int, now: int) -> None:
    row = _indicator(filing, indicator)
    if not filing.first_on <= event_on <= filing.last_on:
        raise bad("发生日期", f"须在{_day(filing.first_on)}到{_day(filing.last_on)}之间，即这份备案的周期以内。")
    if was == now:
        raise DomainError("changes_nothing", "更正前后的分值相同，没有改变什么。请核对后再填。")
    wrong_sign = (was < 0 or now < 0) if row.index == "positive" else (was > 0 or now > 0)
    if wrong_sign:
        raise bad("分值", "加分的指标填0或正数，扣分的指标填0或负数，例如-2。")
    if row.index == "positive" and was == 0:
        raise DomainError(
            "addition_too_late", "备案以后不再补记加分。只有已经计入而分值有差错的，才能更正，请填原来计入的分值。"
        )
    if now < was:
        _check_not_late(filing, event_on)


def _check_not_late(filing: Filing, event_on: date) -> None:
    last, limit = last_day_to_lower(filing, event_on)
    if clock.today() > last:
        raise DomainError(
            "too_late",
            f"减分的更正应在事情发生以后{limit.value}个月内（{_day(last)}以前）提出（办法{limit.clause}），现在已经超过，"
            "不再更正。",
        )


def _indicator(filing: Filing, code: str) -> Indicator:
    assert filing.settlement is not None
    row = parsed(filing.settlement.version).indicators.get(code)
    if row is None or row.index == "zeroing":
        raise bad("指标", "这一周期的积分办法里没有这个加分或扣分指标，请从列表中选择。")
    return row


def _check_changes(result: Result, found: Reckoned) -> None:
    if found.was.is_zeroed:
        raise DomainError("zeroed", f"{result.member.name}在这一周期已清零，得分是0，更正改变不了什么。")
    if found.score == found.was.score and found.tier == found.was.tier:
        raise DomainError("changes_nothing", "照此更正，得分和等次都不变（已到积分办法的上限或下限），不用更正。")


def _tell(amendment: Amendment, step: str, title: str, text: str) -> None:
    reference, link = str(amendment.pk), f"/amendments/{amendment.pk}/"
    tell(amendment.member.user_id, f"filings.amendment_{step}", reference, title, text, link)


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
