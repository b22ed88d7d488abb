"""异议的写入 Objecting, answering, going to the township, its final answer. Posting waits for all of it."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from pioneer.accounts.policies import Act, Actor, AnyActor, Clock, Visitor
from pioneer.assessments import queries as assessments
from pioneer.assessments import roster, writing
from pioneer.assessments.models import Line, Review, Sheet
from pioneer.conduct.queries import must_step_aside
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.messages import services as messages
from pioneer.organisations.models import Organisation
from pioneer.publicity import objection_queries, policies, queries, rulings
from pioneer.publicity.models import Objection, Publication
from pioneer.rulebook.queries import current_rulebook, deadline

State = Objection.State
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
TEXT_LENGTH = 2000
PER_HOUR = 30  # objections from the public page against one notice; no address is kept to count by
Anyone = Actor | Clock | Visitor


@operation("publicity.object_to_line", unsigned=lambda given: not given.get("on_paper"))
def object_to_line(
    *,
    actor: Anyone,
    token: str,
    line_id: int,
    text: str,
    request_key: UUID,
    name: str = "",
    contact: str = "",
    is_against_act: bool = False,
    on_paper: bool = False,
) -> Objection:
    """提出异议 By anybody who has the address, named or not, or by the branch for who came on paper. Sent twice with
    one `request_key` it is one. Against an officer's own line, or what an officer did, it goes to the township."""
    publication = _locked_notice(queries.by_token(token).sheet_id)
    branch = publication.sheet.branch
    if on_paper:
        policies.require_paper(actor, branch)
    if (before := Objection.objects.filter(request_key=request_key).first()) is not None:
        return _same(before, text, line_id=line_id)
    line = _open_line(publication, line_id)
    if on_paper and isinstance(actor, Actor):
        policies.require_not_concerned(must_step_aside(actor, line.member))
    _check_text(text, name, contact)
    if not on_paper and actor.number is None:
        _check_pace(publication)
    officer = _is_officer(branch, line.member.user_id)
    made = _file(
        publication,
        to_township=is_against_act or officer,
        why="针对任职人员本人的条目" if officer else "针对经办人的做法" if is_against_act else "",
        line=line,
        text=text.strip(),
        is_against_act=is_against_act,
        objector_name=name.strip(),
        objector_contact=contact.strip(),
        objector_number=actor.number if name.strip() and not on_paper else None,
        entered_by_number=actor.number if on_paper else None,
        request_key=request_key,
    )
    _tell_concerned(made, "有人对您的一条积分提出异议", "支部会查清并答复；答复以前，这一张公示不入账。")
    return made


@operation("publicity.object_to_review")
def object_to_review(
    *, actor: AnyActor, review_id: int, text: str, request_key: UUID, on_paper: bool = False
) -> Objection:
    """对不予认可提出异议 By the member whose claim was rejected, or for it by the branch on paper, while the notice of
    that month is open."""
    review = Review.objects.select_related("declaration__member", "sheet__branch").filter(pk=review_id).first()
    member = review.declaration.member if review is not None else None
    if review is None or member is None or not _may_speak(actor, review, on_paper=on_paper):
        raise NotVisible
    found = queries.live(review.sheet_id)
    if found is None:
        raise DomainError("not_published", "这个月的考评还没有公示。公示以后，您可以在公示期内提出异议。")
    publication = _locked_notice(found.sheet_id)
    if (before := Objection.objects.filter(request_key=request_key).first()) is not None:
        return _same(before, text, review_id=review_id)
    if review.outcome != Review.Outcome.REJECTED:
        raise DomainError("has_a_line", "这条申报已经核准并列在公示上，请在公示页对那一条提出异议。")
    if not queries.in_window(publication):
        raise DomainError("window_over", _over(publication))
    _check_text(text, member.name, "")
    officer = _is_officer(publication.sheet.branch, member.user_id)
    return _file(
        publication,
        to_township=officer,
        why="针对任职人员本人的申报" if officer else "",
        review=review,
        text=text.strip(),
        objector_name=member.name,
        objector_number=member.user_id,
        entered_by_number=actor.number if on_paper else None,
        request_key=request_key,
    )


@operation("publicity.answer_objection")
def answer_objection(
    *,
    actor: AnyActor,
    objection_id: int,
    upheld: bool,
    answer: str,
    public_answer: str = "",
    new_value: int | None = None,
    new_wording: str = "",
) -> Objection:
    """答复异议 By the branch, by somebody who neither is concerned nor entered or objected. Upheld, the line is struck,
    or shown again with another value (hundredths) or wording; the change is carried out by a second person."""
    row = _locked(actor, objection_id)
    policies.require_answer(actor, row.publication.sheet.branch, _aside(actor, row))
    if row.state != State.OPEN:
        raise DomainError("not_open", f"这条异议现在是“{row.get_state_display()}”，不由支部再答复。")
    rulings.check(row, upheld, answer, public_answer, new_value, new_wording)
    referral = current_rulebook(
        row.publication.sheet.branch.district_number, clock.today()
    ).procedure.objection_referral
    row.state = State.UPHELD if upheld else State.REJECTED
    row.answer, row.public_answer = answer.strip(), public_answer.strip()
    row.answered_by_number, row.answered_at = actor.number, clock.now()
    row.escalate_until = clock.end_of(deadline(referral, clock.today()))
    if upheld:
        row.new_value, row.new_by_number = new_value, actor.number
        row.new_wording = rulings.wording_of(row, new_value, new_wording)
    row.save()
    _tell_answered(row, row.answer, row.escalate_until)
    return row


@operation("publicity.escalate_objection", unsigned=lambda given: True)
def escalate_objection(*, actor: Anyone, receipt: str, why: str = "") -> Objection:
    """提请乡镇（街道） By the objector, who has the receipt, or by the member concerned, within days of the answer."""
    row = _lock(objection_queries.by_receipt(receipt).pk)
    if row.state not in objection_queries.ANSWERED:
        raise DomainError("not_answered", f"这条异议现在是“{row.get_state_display()}”，不能提请乡镇（街道）。")
    if row.escalate_until is None or clock.now() >= row.escalate_until:
        raise DomainError(
            "too_late", "提请乡镇（街道）的期限已过，支部的答复已经生效。入账以后发现错误，可请支部冲正。"
        )
    _to_township(row, why.strip()[:200] or "不同意支部的答复")
    _tell_concerned(row, "一条与您有关的异议已提请乡镇（街道）", "乡镇（街道）的答复是最终的；答复以前不入账。")
    return row


@operation("publicity.escalate_overdue_objections")
def escalate_overdue_objections(*, actor: Clock) -> int:
    """逾期转交 What the branch did not answer in time goes to the township by itself."""
    policies.require_clock(actor, "publicity.escalate_overdue_objections")
    late = Objection.objects.select_for_update(of=("self",)).filter(state=State.OPEN, due_at__lt=clock.now())
    rows = list(late.select_related("publication__sheet__branch", "line__member", "review__declaration__member"))
    for row in rows:
        _to_township(row, "支部逾期没有答复")
    return len(rows)


@operation("publicity.answer_finally")
def answer_finally(
    *,
    actor: AnyActor,
    objection_id: int,
    upheld: bool,
    answer: str,
    public_answer: str = "",
    new_value: int | None = None,
    new_wording: str = "",
) -> Objection:
    """最终答复 By the township. Where the branch had changed the line already and the township finds otherwise, it
    is put back by the next revision."""
    row = _locked(actor, objection_id)
    policies.require_final_answer(actor, row.publication.sheet.branch, _aside(actor, row))
    if row.state != State.TOWNSHIP:
        raise DomainError("not_with_township", f"这条异议现在是“{row.get_state_display()}”，不在乡镇（街道）答复。")
    rulings.check(row, upheld, answer, public_answer, new_value, new_wording)
    row.state = State.FINAL_UPHELD if upheld else State.FINAL_REJECTED
    row.final_answer = answer.strip()
    row.public_answer = public_answer.strip() or row.public_answer
    row.final_by_number, row.final_at = actor.number, clock.now()
    carried_out, row.applied_in = row.applied_in is not None, None
    if upheld:
        row.new_value, row.new_by_number = new_value, actor.number
        row.new_wording = rulings.wording_of(row, new_value, new_wording)
    elif carried_out and row.line is not None:
        row.new_value, row.new_wording, row.new_by_number = row.line.value, row.line.wording, actor.number
    else:
        row.new_value, row.new_wording, row.new_by_number = None, "", None
    row.save()
    _tell_answered(row, row.final_answer, None)
    return row


# ------------------------------------------------------------------ loading


def _may_speak(actor: AnyActor, review: Review, *, on_paper: bool) -> bool:
    """The member itself; on paper the branch, for who came in person."""
    if not on_paper:
        return actor.number is not None and review.declaration.member.user_id == actor.number
    if not assessments.visible_to(actor).filter(pk=review.sheet_id).exists():
        return False
    policies.require_paper(actor, review.sheet.branch)
    return True


def _locked_notice(sheet_id: int) -> Publication:
    """The live notice under lock: it can neither be closed nor shown anew while somebody objects."""
    Sheet.objects.select_for_update().get(pk=sheet_id)
    found = queries.lock_live(sheet_id)
    assert found is not None  # a sheet once shown always has a live notice
    return found


def _locked(actor: AnyActor, objection_id: int) -> Objection:
    seen = objection_queries.objections_in_reach(actor).filter(pk=objection_id).values_list("pk", flat=True).first()
    if seen is None:
        raise NotVisible
    return _lock(seen)


def _lock(objection_id: int) -> Objection:
    """The sheet first, as for showing and closing: nothing is closed while an objection moves on."""
    sheets = Objection.objects.values_list("line__sheet_id", "review__sheet_id").get(pk=objection_id)
    Sheet.objects.select_for_update().get(pk=sheets[0] or sheets[1])
    return (
        Objection.objects.select_for_update(of=("self",))
        .select_related("publication__sheet__branch__parent", "line__member", "review__declaration__member")
        .get(pk=objection_id)
    )


def _open_line(publication: Publication, line_id: int) -> Line:
    line = Line.objects.select_related("member").filter(pk=line_id).first()
    if line is None or not publication.lines.filter(line=line_id).exists():
        raise NotVisible("公示上没有这一条，请回到公示页重新选择。")
    if objection_queries.objectable_until(publication, line_id) is None:
        raise DomainError("window_over", _over(publication))
    return line


def _same(before: Objection, text: str, *, line_id: int | None = None, review_id: int | None = None) -> Objection:
    if (before.text, before.line_id, before.review_id) != (text.strip(), line_id, review_id):
        raise DomainError(
            "sent_already", f"这份表单已经提交过，回执号{before.receipt}。要补充内容，请重新打开公示页再提一条。"
        )
    return before


# ------------------------------------------------------------------ checking


def _over(publication: Publication) -> str:
    last = publication.closes_at.astimezone(clock.SHANGHAI).date() - timedelta(days=1)
    return (
        f"这一条的公示期已于{last.year}年{last.month}月{last.day}日24时结束，不再收异议。"
        "发现错误仍可告诉党支部，由支部在下一张考评表上冲正。"
    )


def _check_text(text: str, name: str, contact: str) -> None:
    faults = []
    if not text.strip():
        faults.append(Fault("异议内容", "请写明哪里不对、您知道的情况。"))
    if len(text) > TEXT_LENGTH:
        faults.append(Fault("异议内容", f"有{len(text)}个字，最多{TEXT_LENGTH}个字，请精简。"))
    if len(name) > 60 or len(contact) > 60:
        faults.append(Fault("姓名和联系方式", "各最多60个字。"))
    if faults:
        raise BadInput(faults)


def _check_pace(publication: Publication) -> None:
    since = clock.now() - timedelta(hours=1)
    count = Objection.objects.filter(
        publication__sheet=publication.sheet_id,
        created_at__gt=since,
        objector_number__isnull=True,
        entered_by_number__isnull=True,
    ).count()
    if count >= PER_HOUR:
        raise DomainError(
            "too_many",
            "一小时内收到的异议太多，暂时不能再从网页提交。请一小时后再试，或到村（社区）党群服务中心当面提交，公示期内都有效。",
        )


def _is_officer(branch: Organisation, user_id: int | None) -> bool:
    if user_id is None:
        return False
    return roster.holders(branch, Act.EVALUATE, Act.CONFIRM_ABOVE).filter(user=user_id).exists()


def _aside(actor: AnyActor, row: Objection) -> str | None:
    """Why the actor may not rule on this objection, or None."""
    if aside := must_step_aside(actor, objection_queries.member_of(row)):
        return aside
    if actor.number is not None and actor.number in (row.objector_number, row.entered_by_number):
        return "这条异议由您提出或登记，须由另一位同志答复。"
    objector = members.member_of(row.objector_number)
    if objector is not None and must_step_aside(actor, objector):
        return "这条异议由您申明的亲属提出，您须回避，请由另一位同志答复。"
    entered = row.line.entered_by_number if row.line else row.review.by_number if row.review else None
    if actor.number is not None and actor.number == entered:
        return "所涉条目由您录入或核定，须由另一位同志答复。"
    if row.state == State.TOWNSHIP and actor.number is not None and actor.number == row.answered_by_number:
        return "支部的答复由您作出，须由另一位同志作最终答复。"
    return None


# ------------------------------------------------------------------ writing


def _file(publication: Publication, *, to_township: bool, why: str, **columns: object) -> Objection:
    procedure = current_rulebook(publication.sheet.branch.district_number, clock.today()).procedure
    limit = procedure.township_answer if to_township else procedure.objection_answer
    return Objection.objects.create(
        publication=publication,
        receipt=_new_receipt(),
        state=State.TOWNSHIP if to_township else State.OPEN,
        escalated_at=clock.now() if to_township else None,
        escalated_why=why,
        due_at=clock.end_of(deadline(limit, clock.today())),
        created_at=clock.now(),
        **columns,
    )


def _new_receipt() -> str:
    letters = "".join(secrets.choice(LETTERS) for _ in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def _to_township(row: Objection, why: str) -> None:
    procedure = current_rulebook(row.publication.sheet.branch.district_number, clock.today()).procedure
    row.state = State.TOWNSHIP
    row.escalated_at, row.escalated_why = clock.now(), why
    row.due_at = clock.end_of(deadline(procedure.township_answer, clock.today()))
    row.save()


def _tell_concerned(row: Objection, title: str, text: str) -> None:
    """The member concerned hears that, never who."""
    about = row.line.wording if row.line is not None else ""
    if row.line is not None:
        writing.tell_member(
            row.line.member,
            "publicity.objection",
            f"objection:{row.pk}:{row.state}",
            title,
            f"“{about}”。{text}",
            "/me/",
        )


def _tell_answered(row: Objection, answer: str, until: datetime | None) -> None:
    verdict = "成立" if row.state in objection_queries.UPHELD else "不成立"
    more = ""
    if until is not None:
        last = until.astimezone(clock.SHANGHAI).date() - timedelta(days=1)
        more = f"如不同意，可在{last.month}月{last.day}日24时以前提请乡镇（街道）。"
    text = f"答复：{answer}{more}"
    member = objection_queries.member_of(row)
    reference = f"objection:{row.pk}:{row.state}"
    title = f"与您有关的一条异议已答复：{verdict}"
    writing.tell_member(member, "publicity.answer", reference, title, text, f"/objections/concerning/{row.pk}/")
    if row.objector_number is not None and row.objector_number != member.user_id:
        messages.tell(
            row.objector_number, "publicity.answer", reference, f"您的异议已答复：{verdict}", text, f"/o/{row.receipt}/"
        )
