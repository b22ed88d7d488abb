"""考评的落笔 Plain functions that write lines, inside the operations of this station and of later ones."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from pioneer.accounts.policies import Act, AnyActor, may
from pioneer.assessments import policies, queries, roster, wording
from pioneer.assessments.models import Change, Line, Review, Sheet
from pioneer.conduct import facts
from pioneer.conduct.models import EducationRecord
from pioneer.conduct.queries import education_for
from pioneer.declarations.models import Declaration
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.kernel.operations import running
from pioneer.kernel.points import show
from pioneer.members import queries as members
from pioneer.members.closing import closed_cycle
from pioneer.members.models import Member
from pioneer.messages import services as messages
from pioneer.organisations.queries import calendar
from pioneer.rulebook.queries import current_rulebook, engine_for
from pioneer.rulebook.supplement_queries import why_not
from pioneer.scoring import Fact, Indicator

# ------------------------------------------------------------------ loading


def lock_sheet(actor: AnyActor, sheet_id: int) -> Sheet:
    """锁定考评表 As the actor sees it."""
    visible = queries.visible_to(actor).order_by().values("pk")
    locked = Sheet.objects.select_for_update(of=("self",)).select_related("branch")
    found = locked.filter(pk=sheet_id, pk__in=visible).first()
    if found is None:
        raise NotVisible
    return found


def lock_line(actor: AnyActor, line_id: int) -> Line:
    """锁定条目 Its sheet first, so that everybody waits in one order."""
    seen = queries.get_line(actor, line_id)
    Sheet.objects.select_for_update().get(pk=seen.sheet_id)
    return queries.get_line(actor, line_id)


def require_ruling(actor: AnyActor, sheet: Sheet, member: Member) -> None:
    """须可考评此人 Of the branch, and neither the member nor a declared relative."""
    insider = may(actor, Act.EVALUATE, sheet.branch)
    nobody_else = not insider and roster.all_step_aside(sheet.branch, member.pk)
    policies.require_evaluate(actor, sheet.branch, member, roster.kin_of(actor), nobody_else=nobody_else)


def require_open(sheet: Sheet) -> None:
    """须在考评中"""
    if sheet.state == Sheet.State.SUBMITTED:
        raise DomainError("sheet_not_open", "这张考评表已送复核。要改动，请复核人先退回。")
    if sheet.state == Sheet.State.CONFIRMED:
        raise DomainError(
            "sheet_not_open", "这张考评表已经复核，不能再改。公示期内可通过异议更正；入账以后，请在下一张考评表上冲正。"
        )


def touch(sheet: Sheet, by_number: int | None, *, line: Line | None = None, claim: Declaration | None = None) -> None:
    """记一次改动 A form that shows an older number is told what changed, and by whom."""
    sheet.edit += 1
    sheet.save(update_fields=["edit"])
    Change.objects.create(
        sheet=sheet,
        edit=sheet.edit,
        operation=running(),
        by_number=by_number,
        line=line,
        declaration=claim,
        at=clock.now(),
    )


def confirm_parts(parts: Collection[policies.Part], by_number: int | None) -> None:
    """逐处签字 Each line, and the review it came of or that rejected a claim, gets its second person."""
    signed = {"confirmed_by_number": by_number, "confirmed_at": clock.now()}
    Line.objects.filter(pk__in=[part.line for part in parts if part.line]).update(**signed)
    Review.objects.filter(pk__in=[part.review for part in parts if part.review]).update(**signed)


def clear_confirmations(sheet: Sheet) -> None:
    """签字作废 A returned sheet is confirmed anew, all of it."""
    nobody = {"confirmed_by_number": None, "confirmed_at": None}
    Line.objects.filter(sheet=sheet).update(**nobody)
    Review.objects.filter(sheet=sheet).update(**nobody)
    sheet.confirmed_for = ""


# ------------------------------------------------------------------ one line


@dataclass(frozen=True, slots=True)
class Entry:
    """一条的内容 What a reviewer or recorder says of one occurrence; quantity and `decided` in hundredths."""

    indicator: str
    event_on: date
    quantity: int | None = None
    level: str = ""
    decided: int | None = None
    event: str = ""
    ground: str = ""
    wording: str = ""
    decision: str = ""
    words: str = ""
    education_id: int | None = None
    multiplier: str = ""


@dataclass(frozen=True, slots=True)
class Appraised:
    """估值 An entry with its indicator, its value before any cap, and the wording as it will be shown."""

    row: Indicator
    value: int
    wording: str
    education: EducationRecord | None


def appraise(sheet: Sheet, member: Member, entry: Entry, names: Collection[str] | None = None) -> Appraised:
    """核分值 The value by the rulebook of the event's day, or every reason why there is none. `names`: see wording."""
    if sheet.kind == Sheet.Kind.TAKEOVER:
        raise DomainError("takeover_sheet", "结转表上只有累计，请在“填写累计”里填，不逐条登记。")
    _in_time(sheet, entry.event_on)
    require_not_filed(member, entry.event_on)
    _cycle_open(sheet, member)
    engine = engine_for(sheet.branch.district_number)
    version = engine.version_on(entry.event_on)
    row = version.indicators.get(entry.indicator) if version else None
    if row is None or row.index == "zeroing":
        raise BadInput([Fault("指标", "积分办法里没有这一项，请从列表中选择。清零请在“清零”页办理。")])
    if row.local and (refused := why_not(row, members.branch_on(member, entry.event_on), entry.event_on)):
        raise BadInput([Fault("指标", refused)])
    track = members.track_on(member, entry.event_on)
    if track is None:
        raise BadInput([Fault("党员", f"{member.name}在发生日没有登记类别，请先在党员页补登。")])
    education = _education(member, row, entry)
    fact = Fact(
        row=0,
        indicator=row.code,
        event_on=entry.event_on,
        quantity=entry.quantity,
        value=entry.decided,
        level=entry.level or None,
        education_on=education.on if education else None,
        decision=bool(entry.decision.strip()),
        words=bool(entry.words.strip()),
        document=entry.ground or None,
        multiplier=entry.multiplier or None,
    )
    found = engine.value(fact, track)
    faults = [Fault("", f"{found.mistake}。")] if found.mistake else []
    if found.refusal:
        faults.append(Fault("", f"{found.refusal}。{_what_to_do(row, fact)}"))
    if row.value is not None and row.value.shape == "range" and not entry.decision.strip():
        faults.append(Fault("决定或核定理由", "这一项在范围内定分，请写明为什么定这个分值。"))
    proposed = wording.propose(
        row, entry.quantity, entry.level, has_decision=bool(entry.decision.strip()), multiplier=entry.multiplier
    )
    said = entry.wording.strip() or proposed
    near = roster.names_near(sheet.branch) if names is None else names
    faults += [Fault("公示用语", text) for text in wording.faults(said, row, proposed, near, member.name)]
    if faults:
        raise BadInput(faults)
    return Appraised(row, found.points, said, education)


def _what_to_do(row: Indicator, fact: Fact) -> str:
    """The step that is missing before the deduction can be entered."""
    if row.prior is not None and fact.education_on is None:
        name = "教育记录" if row.prior.kind == "education" else "提醒"
        return f"请先在“日常纪实”写{name}并出示给本人；此后再发生的，才能扣分。"
    if row.needs_decision and not fact.decision:
        return "请在“决定或核定理由”写明支部委员会哪天、怎么决定的。"
    if row.needs_words and not fact.words:
        return "请在“所发表的言论”写明原话，它不公示。"
    return ""


def _in_time(sheet: Sheet, event_on: date) -> None:
    last = roster.last_day(sheet.year, sheet.month)
    if event_on > clock.today():
        raise DomainError("event_in_future", "发生日期在今天之后，请核对。")
    if event_on > last:
        raise DomainError(
            "later_month", f"{event_on.month}月的事记入{event_on.month}月或以后的考评表，这张是{sheet.month}月的。"
        )
    first = engine_for(sheet.branch.district_number).cycle_of(last).first_on
    if event_on < first:
        raise DomainError(
            "other_cycle",
            f"发生日期在本周期（{first.year}年{first.month}月{first.day}日起）之前，不能记入本周期。"
            "请记入发生当期的补充考评表。",
        )


def _cycle_open(sheet: Sheet, member: Member) -> None:
    if reason := queries.closed_for(sheet, [member.pk]).get(member.pk):
        raise DomainError("cycle_closed", f"{member.name}：{reason}，不再加分或扣分。下一周期照常开始。")


def require_not_filed(member: Member, event_on: date) -> None:
    """须未备案 Once the member's result of that cycle is filed no line counts: additions are over for good, whatever
    lowers the score amends the filing."""
    if filed := closed_cycle(member.pk, event_on):
        raise DomainError(
            "cycle_filed",
            f"{member.name}{event_on.year}年{event_on.month}月{event_on.day}日所在周期的结果已经备案"
            f"（{filed.filing_number}），考评表上不再加分、扣分或冲正。补记扣分或纠正差错，"
            "请由报备案的村（社区）在“备案”页提出更正，由乡镇（街道）批准。",
        )


def _education(member: Member, row: Indicator, entry: Entry) -> EducationRecord | None:
    if row.prior is None:
        return None
    if entry.education_id is None:
        return education_for(member, row.code, entry.event_on)
    name = "教育记录" if row.prior.kind == "education" else "提醒"
    found = EducationRecord.objects.filter(pk=entry.education_id, member=member, indicator=row.code).first()
    if found is None or found.kind != row.prior.kind:
        raise BadInput([Fault(name, f"请选择{member.name}在同一指标下的{name}。")])
    if found.shown_at is None:
        raise BadInput([Fault(name, f"这条{name}还没有让{member.name}看过，不能作为依据。")])
    return found


def write_line(
    sheet: Sheet,
    member: Member,
    entry: Entry,
    appraised: Appraised,
    by_number: int | None,
    *,
    declaration: Declaration | None = None,
    request_key: UUID | None = None,
) -> Line:
    """写一条 And, where it takes points away, tells the member at once."""
    line = Line.objects.create(
        sheet=sheet,
        member=member,
        indicator=appraised.row.code,
        event_on=entry.event_on,
        quantity=entry.quantity,
        level=entry.level,
        multiplier=entry.multiplier,
        event=entry.event,
        value=appraised.value,
        ground=entry.ground.strip(),
        wording=appraised.wording,
        decision=entry.decision.strip(),
        words=entry.words.strip(),
        education=appraised.education,
        declaration=declaration,
        added_in=sheet.revision,
        entered_by_number=by_number,
        request_key=request_key,
        created_at=clock.now(),
    )
    if queries.is_told(line):
        tell_line(line)
    return line


# ------------------------------------------------------------------ telling


def tell_line(line: Line) -> None:
    """告知本人 At once in the inbox; who has no account is told on paper, which is recorded later."""
    line.statement_at = None
    line.told_at, line.told_how, line.wait_until = None, "", None
    if line.member.user_id is not None:
        line.told_at, line.told_how = clock.now(), "站内消息"
        line.wait_until = statement_until(line.sheet, clock.today())
        _message_about(line)
    line.save(update_fields=["statement_at", "told_at", "told_how", "wait_until"])


def statement_until(sheet: Sheet, told_on: date) -> datetime:
    """申辩期满 The end of the day until which the member may answer before the sheet can be confirmed."""
    wait = current_rulebook(sheet.branch.district_number, told_on).procedure.statement_wait
    if wait.unit == "working_days":
        return clock.end_of(calendar().after(told_on, wait.value))
    return clock.end_of(told_on + timedelta(days=wait.value))


def _message_about(line: Line) -> None:
    until = line.wait_until
    assert until is not None and line.member.user_id is not None
    last = until.astimezone(clock.SHANGHAI).date() - timedelta(days=1)
    points = show(abs(queries.effect(line)))
    what = "更正（减分）" if line.corrects_id else "扣分"
    messages.tell(
        user=line.member.user_id,
        kind="assessments.line_told",
        reference=f"line:{line.pk}:{line.edit}",
        title=f"{line.sheet.month}月考评：{what}{points}分，请您说明",
        text=f"{line.event_on.month}月{line.event_on.day}日　{line.wording}，{what}{points}分。依据：{line.ground}。"
        f"如有不同意见，请在{last.year}年{last.month}月{last.day}日24时以前说明；您的说明会与这一条放在一起，由复核人看到。",
        link=f"/lines/{line.pk}/statement/",
    )


def tell_member(member: Member, kind: str, reference: str, title: str, text: str, link: str = "") -> None:
    """发消息 To a member with an account; who has none reads it on the notice and hears it from the branch."""
    if member.user_id is not None:
        messages.tell(member.user_id, kind, reference, title, text, link)


# ------------------------------------------------------------------ for an objection, after confirmation


def revise(sheet: Sheet) -> int:
    """下一修订 The number under which the changes of an upheld objection are made."""
    sheet.revision += 1
    sheet.edit += 1
    sheet.save(update_fields=["revision", "edit"])
    return sheet.revision


def strike_line(line: Line, *, why: str, revision: int) -> Line:
    """撤下条目 It stays on record, with the reason and the revision, and counts no more."""
    line.state = Line.State.STRUCK
    line.struck_why = why
    line.struck_in = revision
    line.save(update_fields=["state", "struck_why", "struck_in"])
    facts.give_back(line.attendance_id, line.dues_id)
    return line


def replace_line(line: Line, *, value: int, wording: str, why: str, revision: int, by_number: int | None) -> Line:
    """换一条 Strikes the line and puts another in its place, of the same occurrence with another value or wording."""
    strike_line(line, why=why, revision=revision)
    return _copy(line, line.sheet, value=value, wording=wording, revision=revision, by_number=by_number)


def carry_line(line: Line, to: Sheet, *, why: str, revision: int) -> Line:
    """移到下一张表 A line that an objection still holds leaves its sheet and stands on the next open one."""
    strike_line(line, why=why, revision=revision)
    copied = _copy(
        line, to, value=line.value, wording=line.wording, revision=to.revision, by_number=line.entered_by_number
    )
    touch(to, None, line=copied)
    return copied


def admit_claim(review: Review, *, value: int, wording: str, why: str, revision: int, by_number: int | None) -> Line:
    """补认申报 An upheld objection against a rejected claim: the claim becomes a line of the same sheet."""
    claim = review.declaration
    return Line.objects.create(
        sheet=review.sheet,
        member=claim.member,
        indicator=claim.indicator,
        event_on=claim.event_on,
        quantity=claim.quantity,
        level=claim.level,
        event=claim.event,
        value=value,
        ground=f"{claim.matter}（{why}）",
        wording=wording,
        declaration=claim,
        added_in=revision,
        entered_by_number=by_number,
        created_at=clock.now(),
    )


def _copy(line: Line, to: Sheet, *, value: int, wording: str, revision: int, by_number: int | None) -> Line:
    kept = (
        *("member", "indicator", "event_on", "quantity", "level", "multiplier", "event", "carried"),
        *("ground", "decision", "words", "education", "attendance", "dues"),
    )
    told = ("told_at", "told_how", "wait_until", "statement", "statement_at", "statement_by_number")
    copied = {name: getattr(line, name) for name in (*kept, *told)}
    corrected = line.corrects
    facts.take(line.attendance_id, line.dues_id)
    return Line.objects.create(
        **copied,
        sheet=to,
        value=value,
        wording=wording,
        replaces=line,
        corrects=corrected,
        added_in=revision,
        entered_by_number=by_number,
        created_at=clock.now(),
    )
