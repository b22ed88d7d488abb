"""推荐的审核与决定 Opinions from above, what is confirmed by name, objections with their answers, the decision."""

from datetime import date

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.messages.services import tell
from pioneer.nominations import policies, queries
from pioneer.nominations.models import Check, Nomination, Objection, Opinion
from pioneer.nominations.services import locked, place_of, require_eligible, require_stands

State = Nomination.State
LONGEST = 500


@operation("nominations.give_opinion")
def give_opinion(*, actor: AnyActor, nomination_id: int, organisation_id: int, is_for: bool, text: str) -> Opinion:
    """提出意见 Of the community or the township that stands between the branch and who calls; once, named."""
    one = locked(actor, nomination_id)
    place = place_of(organisation_id)
    if place.pk not in policies.asked_for_opinion(one):
        raise DomainError("not_asked", f"这项推荐不需要{place.name}的意见。")
    policies.require_opinion(actor, one, place)
    _require(one, State.AGREED)
    if one.opinions.filter(organisation=place).exists():
        raise DomainError("given_already", f"{place.name}已经提过意见，不再改动。")
    if not text.strip() or len(text) > LONGEST:
        raise bad("意见", f"请写明意见，最多{LONGEST}个字；本人会看到。")
    made = Opinion.objects.create(
        nomination=one,
        organisation=place,
        is_for=is_for,
        text=text.strip(),
        by_number=actor.number,
        by_name=actor.name,
        created_at=clock.now(),
    )
    said = "同意推荐" if is_for else "不同意推荐"
    _tell(one, f"opinion_{place.pk}", f"{place.name}对您的推荐提出意见", f"意见：{said}。")
    return made


@operation("nominations.confirm_check")
def confirm_check(*, actor: AnyActor, nomination_id: int, position: int, is_clear: bool, note: str = "") -> Check:
    """核实一项 One sentence of the call's list, by name. It can be confirmed anew: the latest counts."""
    one = locked(actor, nomination_id)
    policies.require_check(actor, one)
    _require(one, *queries.OPEN)
    if not 0 <= position < len(one.call.checks):
        raise bad("核实事项", "请从所列的核实事项中选择。")
    if not is_clear and not note.strip():
        raise bad("说明", "核实没有通过的，请写明情况；本人会看到。")
    made = Check.objects.create(
        nomination=one,
        position=position,
        is_clear=is_clear,
        note=note.strip()[:200],
        by_number=actor.number,
        by_name=actor.name,
        created_at=clock.now(),
    )
    if not is_clear:
        _tell(one, f"check_{made.pk}", "一项核实没有通过", f"{one.call.checks[position]}：{made.note}")
    return made


@operation("nominations.record_objection")
def record_objection(
    *,
    actor: AnyActor,
    nomination_id: int,
    organisation_id: int,
    came_on: date,
    text: str,
    objector_name: str = "",
    objector_contact: str = "",
) -> Objection:
    """登记异议 By who receives it, at the branch or where it is decided; a name is not needed. Within the window of the
    notice."""
    one = locked(actor, nomination_id)
    place = place_of(organisation_id)
    if place.pk not in (one.branch_id, one.call.organisation_id):
        raise DomainError("not_received_here", f"异议由{one.branch.name}或{one.call.organisation.name}登记。")
    policies.require_receive(actor, one, place)
    _require(one, State.AGREED)
    if one.notice is None or not one.notice.shown_on <= came_on <= min(one.notice.last_on, clock.today()):
        raise DomainError(
            "out_of_window", "异议应在公示期内提出，请核对收到的日期。期外的反映请直接向乡镇（街道）提出。"
        )
    if not text.strip() or len(text) > 1000:
        raise bad("内容", "请写明异议的内容，最多1000个字；不要写提出人的姓名，本人会看到内容。")
    made = Objection.objects.create(
        nomination=one,
        organisation=place,
        came_on=came_on,
        text=text.strip(),
        objector_name=objector_name.strip()[:60],
        objector_contact=objector_contact.strip()[:60],
        entered_by_number=actor.number,
        created_at=clock.now(),
    )
    _tell(one, f"objection_{made.pk}", "有人对您的推荐提出异议", "请打开看内容，有情况要说明的，可以告诉办理的组织。")
    return made


@operation("nominations.answer_objection")
def answer_objection(*, actor: AnyActor, objection_id: int, is_upheld: bool, answer: str) -> Objection:
    """答复异议 At the organisation it went to, by another person than who proposed. An upheld one stands in the way."""
    found = Objection.objects.select_related("organisation").filter(pk=objection_id).first()
    if found is None:
        raise NotVisible
    one = locked(actor, found.nomination_id)
    found = Objection.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=found.pk)
    found.nomination = one
    policies.require_answer(actor, found)
    if found.answered_at is not None:
        raise DomainError("answered_already", "这条异议已经答复，不再改动。")
    _require(one, State.AGREED)
    if not answer.strip() or len(answer) > LONGEST:
        raise bad("答复", f"请写明核查的情况和结论，最多{LONGEST}个字；本人会看到。")
    found.is_upheld, found.answer = is_upheld, answer.strip()
    found.answered_by_number, found.answered_at = actor.number, clock.now()
    found.save()
    said = "成立" if is_upheld else "不成立"
    _tell(one, f"objection_answered_{found.pk}", "对您推荐的异议已经答复", f"结论：{said}。")
    return found


@operation("nominations.decide_nomination")
def decide_nomination(
    *,
    actor: AnyActor,
    nomination_id: int,
    is_chosen: bool,
    document_number: str,
    decided_on: date,
    reason: str = "",
) -> Nomination:
    """决定推荐人选 Chosen or not, with the document; never more than the places. Frozen from then on, and told."""
    one = locked(actor, nomination_id)
    policies.require_decide(actor, one)
    _require(one, *queries.OPEN)
    _check_decision(is_chosen, document_number, decided_on, reason)
    if is_chosen:
        _require_may_be_chosen(one, decided_on)
    one.state = State.CHOSEN if is_chosen else State.NOT_CHOSEN
    one.document_number, one.decided_on, one.reason = document_number.strip(), decided_on, reason.strip()
    one.decided_by_number, one.decided_at = actor.number, clock.now()
    one.save()
    title = "您已被确定为推荐人选" if is_chosen else "推荐已有决定"
    text = f"“{one.call.title}”：{one.get_state_display()}。" + (f"理由：{one.reason}" if one.reason else "")
    _tell(one, "decided", title, text)
    return one


def _check_decision(is_chosen: bool, document_number: str, decided_on: date, reason: str) -> None:
    faults = []
    if not document_number.strip() or len(document_number) > 60:
        faults.append(Fault("文号", "请填写决定的文号，最多60个字。"))
    if decided_on > clock.today():
        faults.append(Fault("决定日期", "决定日期不能晚于今天，请核对。"))
    if not is_chosen and not reason.strip():
        faults.append(Fault("理由", "未确定的请写明理由，支部和本人都会看到。"))
    if len(reason) > 200:
        faults.append(Fault("理由", "最多200个字。"))
    if faults:
        raise BadInput(faults)


def _require_may_be_chosen(one: Nomination, decided_on: date) -> None:
    name = one.member.name
    if one.state != State.AGREED:
        raise DomainError("not_agreed", f"{name}本人还没有同意，不能确定。")
    if one.notice is None:
        raise DomainError("not_shown", f"{name}还没有公示，请先公示再决定。")
    if not queries.window_is_over(one) or decided_on <= one.notice.last_on:
        raise DomainError(
            "window_open", f"公示到{_day(one.notice.last_on)}24时止，请在那以后决定，决定日期也应在其后。"
        )
    if one.objections.filter(answered_at__isnull=True).exists():
        raise DomainError("objection_open", f"对{name}的异议还没有答复，请先答复。")
    if one.objections.filter(is_upheld=True).exists():
        raise DomainError("objection_upheld", f"对{name}的异议成立，不能确定；请作出“未确定”的决定并写明理由。")
    for check in queries.checks_of(one):
        if check.last is None:
            raise DomainError("check_missing", f"“{check.text}”还没有核实，请先由一位同志具名核实。")
        if not check.last.is_clear:
            raise DomainError("check_failed", f"“{check.text}”核实没有通过，不能确定。")
    require_eligible(one.call, one.member)
    if queries.chosen_number(one.call) >= one.call.places:
        raise DomainError("places_full", f"“{one.call.title}”的{one.call.places}个名额已满，不能再确定。")


def _require(one: Nomination, *states: State) -> None:
    require_stands(one.call)
    if one.state not in states:
        raise DomainError("not_now", f"这项推荐现在是“{one.get_state_display()}”，不在这一步。请刷新页面后再看。")


def _tell(one: Nomination, step: str, title: str, text: str) -> None:
    tell(one.member.user_id, f"nominations.{step}", str(one.pk), title, text, "/me/nominations/")


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
