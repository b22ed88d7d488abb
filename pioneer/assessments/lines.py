"""条目的写入 Lines of the branch's own accord: enter, edit, remove, correct, tell on paper, answer."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.assessments import claims, policies, queries, roster, writing
from pioneer.assessments.models import Line, Sheet
from pioneer.assessments.writing import Entry
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.kernel.operations import operation
from pioneer.kernel.points import show
from pioneer.members.models import Member

_NAME_THE_EVENT = (
    "请写明是哪一件事：以后入账的加分，凡“同一件事的名称”与此相同的，不论是谁的，一律不计。名称须与那些条目所写的一致。"
)


@operation("assessments.enter_line", tell=("indicator", "level", "multiplier"))
def enter_line(
    *,
    actor: AnyActor,
    sheet_id: int,
    member_id: int,
    indicator: str,
    event_on: date,
    ground: str,
    quantity: int | None = None,
    level: str = "",
    multiplier: str = "",
    decided: int | None = None,
    decision: str = "",
    words: str = "",
    education_id: int | None = None,
    event: str = "",
    wording: str = "",
    void_declaration_id: int | None = None,
    request_key: UUID | None = None,
) -> Line:
    """加一条 A positive or reverse line with its ground; a reverse one is told to the member at once.

    `void_declaration_id`: the false or repeated claim which an indicator that voids claims speaks of.
    """
    sheet = writing.lock_sheet(actor, sheet_id)
    entry = Entry(
        *(indicator, event_on, quantity, level, decided, event, ground, wording, decision, words, education_id),
        multiplier=multiplier,
    )
    (line,) = _enter(actor, sheet, [member_id], entry, request_key, void_declaration_id)
    return line


@operation("assessments.enter_lines", tell=("indicator", "level", "multiplier"))
def enter_lines(
    *,
    actor: AnyActor,
    sheet_id: int,
    member_ids: Sequence[int],
    indicator: str,
    event_on: date,
    ground: str,
    quantity: int | None = None,
    level: str = "",
    multiplier: str = "",
    decided: int | None = None,
    decision: str = "",
    event: str = "",
    wording: str = "",
    request_key: UUID | None = None,
) -> list[Line]:
    """给多人加一条 The same line for several members, all or none."""
    sheet = writing.lock_sheet(actor, sheet_id)
    entry = Entry(
        indicator, event_on, quantity, level, decided, event, ground, wording, decision, multiplier=multiplier
    )
    return _enter(actor, sheet, list(dict.fromkeys(member_ids)), entry, request_key, None)


@operation("assessments.edit_line", tell=("level", "multiplier"))
def edit_line(
    *,
    actor: AnyActor,
    line_id: int,
    edit: int,
    event_on: date,
    ground: str,
    quantity: int | None = None,
    level: str = "",
    multiplier: str = "",
    decided: int | None = None,
    decision: str = "",
    words: str = "",
    education_id: int | None = None,
    event: str = "",
    wording: str = "",
) -> Line:
    """改一条 While the sheet is open; `edit` is the number the form showed. A reverse line is told again."""
    line = writing.lock_line(actor, line_id)
    writing.require_ruling(actor, line.sheet, line.member)
    writing.require_open(line.sheet)
    _as_shown(line, edit)
    if line.corrects_id is not None:
        raise DomainError("is_correction", "冲正不能改，请撤下后重新登记。")
    if not ground.strip():
        raise BadInput([Fault("依据", "请写明依据，公示时不显示。")])
    if event_on != line.event_on and (line.attendance_id or line.dues_id):
        raise DomainError(
            "from_fact",
            "这一条来自考勤或党费登记，发生日期以登记为准，不能另改。登记有误的，请撤下这一条，更正登记后再记入。",
        )
    entry = Entry(
        *(line.indicator, event_on, quantity, level, decided, event, ground, wording, decision, words, education_id),
        multiplier=multiplier,
    )
    if line.declaration_id is not None and not _only_wording(line, entry):
        raise DomainError("from_claim", "这一条来自党员申报，这里只能改公示用语。要调整分值，请撤回核定后重新考评。")
    appraised = writing.appraise(line.sheet, line.member, entry)
    if appraised.row.voids == "event" and not event.strip():
        raise BadInput([Fault("同一件事的名称", _NAME_THE_EVENT)])
    before = _content(line)
    line.event_on, line.quantity, line.level, line.event = event_on, quantity, level, event
    line.multiplier = multiplier
    line.ground, line.wording, line.value = ground.strip(), appraised.wording, appraised.value
    line.decision, line.words, line.education = decision.strip(), words.strip(), appraised.education
    line.edit += 1
    line.entered_by_number = actor.number
    line.save()
    if queries.is_told(line) and before != _content(line):
        writing.tell_line(line)
    writing.touch(line.sheet, actor.number, line=line)
    return line


@operation("assessments.remove_line")
def remove_line(*, actor: AnyActor, line_id: int, reason: str) -> Line:
    """撤下一条 While the sheet is open; it stays on record with the reason, and the member told of it is told again."""
    line = writing.lock_line(actor, line_id)
    writing.require_ruling(actor, line.sheet, line.member)
    writing.require_open(line.sheet)
    if line.state == Line.State.STRUCK:
        return line
    if line.declaration_id is not None:
        raise DomainError("from_claim", "这一条来自党员申报，请用“撤回核定”，再重新考评或不予认可。")
    if not reason.strip():
        raise BadInput([Fault("原因", "请写明为什么撤下。")])
    writing.strike_line(line, why=reason.strip()[:200], revision=line.sheet.revision)
    if line.told_at is not None:
        writing.tell_member(
            line.member,
            "assessments.line_removed",
            f"line:{line.pk}:removed",
            f"{line.sheet.month}月考评：一条扣分已撤下",
            f"{line.event_on.month}月{line.event_on.day}日　{line.wording}，已撤下，不再扣分。原因：{line.struck_why}",
        )
    writing.touch(line.sheet, actor.number, line=line)
    return line


@operation("assessments.answer_line")
def answer_line(*, actor: AnyActor, line_id: int, statement: str, by_proxy: bool = False) -> Line:
    """申辩 The member's own words, or its words on paper entered by the branch; they stand beside the line."""
    line = writing.lock_line(actor, line_id)
    if by_proxy:
        require(actor, Act.EVALUATE, line.sheet.branch)
        if line.entered_by_number == actor.number:
            raise DomainError("same_person", "这条扣分是您登记的，本人的书面说明须由支部的另一位同志代录。")
    elif not policies.is_own(actor, line):
        raise NotVisible
    if line.sheet.state == Sheet.State.CONFIRMED:
        raise DomainError("sheet_not_open", "这张考评表已经复核，不能再写说明。公示期内您可以对这一条提出异议。")
    if line.confirmed_by_number is not None:
        raise DomainError("line_confirmed", "这一条已经复核，不能再写说明。公示期内您可以对这一条提出异议。")
    if line.state != Line.State.STANDING or not queries.is_told(line):
        raise DomainError("nothing_to_answer", "这一条不扣您的分，不需要说明。")
    if line.told_at is None:
        raise DomainError("not_told", "这一条还没有书面告知本人。请先登记书面告知，再录入本人的说明。")
    if not statement.strip():
        raise BadInput([Fault("说明", "请写下要说明的情况；没有意见可以写“没有意见”。")])
    line.statement = statement.strip()
    line.statement_at = clock.now()
    line.statement_by_number = actor.number
    line.save(update_fields=["statement", "statement_at", "statement_by_number"])
    if by_proxy:
        writing.tell_member(
            line.member,
            "assessments.statement_entered",
            f"line:{line.pk}:{line.edit}:{line.sheet.edit}",
            f"{line.sheet.month}月考评：您的书面说明已代为录入",
            f"{line.wording}。录入的说明：{line.statement} 有出入的，请在复核以前自己重写，或告诉支部。",
            f"/lines/{line.pk}/statement/",
        )
    writing.touch(line.sheet, actor.number, line=line)
    return line


@operation("assessments.record_paper_notice")
def record_paper_notice(
    *, actor: AnyActor, line_id: int, told_on: date, receipt: bool = False, witnesses: Sequence[str] = ()
) -> Line:
    """登记书面告知 A dated receipt signed by the member, or two witnesses; the time to answer runs from that day."""
    line = writing.lock_line(actor, line_id)
    require(actor, Act.EVALUATE, line.sheet.branch)
    if line.sheet.state == Sheet.State.CONFIRMED or line.state != Line.State.STANDING:
        raise DomainError("sheet_not_open", "这一条已不在考评中，不用再登记告知。")
    if not queries.is_told(line):
        raise DomainError("nothing_to_tell", "这一条不扣分，不需要书面告知。")
    if line.told_at is not None:
        raise DomainError("already_told", f"这一条已经告知（{line.told_how}），不用再登记。")
    named = [name.strip() for name in witnesses if name.strip()]
    entered_on = line.created_at.astimezone(clock.SHANGHAI).date()
    if told_on > clock.today() or told_on < entered_on:
        raise BadInput([Fault("告知日期", f"应在登记扣分的{entered_on.month}月{entered_on.day}日到今天之间。")])
    if not receipt and len(set(named)) < 2:
        raise BadInput([Fault("告知方式", "请登记本人签收的回执，或写明两名见证人的姓名。")])
    how = "本人签收回执" if receipt else f"见证人：{'、'.join(dict.fromkeys(named))}"
    line.told_at = clock.now() if told_on == clock.today() else clock.noon(told_on)
    line.told_how = f"书面告知，{told_on.year}年{told_on.month}月{told_on.day}日，{how}"[:200]
    line.wait_until = writing.statement_until(line.sheet, told_on)
    line.save(update_fields=["told_at", "told_how", "wait_until"])
    writing.touch(line.sheet, actor.number, line=line)
    return line


@operation("assessments.enter_correction", tell=("indicator", "level", "multiplier"))
def enter_correction(
    *,
    actor: AnyActor,
    sheet_id: int,
    line_id: int,
    ground: str,
    indicator: str = "",
    quantity: int | None = None,
    level: str = "",
    multiplier: str = "",
    decided: int | None = None,
    decision: str = "",
    words: str = "",
    education_id: int | None = None,
    wording: str = "",
) -> Line:
    """冲正 Takes back a line of an earlier, confirmed sheet; with `indicator`, another line is put in its place."""
    sheet = writing.lock_sheet(actor, sheet_id)
    wrong = queries.get_line(actor, line_id)
    writing.require_ruling(actor, sheet, wrong.member)
    writing.require_open(sheet)
    writing.require_not_filed(wrong.member, wrong.event_on)
    _must_be_correctable(sheet, wrong, ground, indicator)
    correction = _take_back(sheet, wrong, ground, actor.number)
    if indicator:
        entry = Entry(
            indicator,
            wrong.event_on,
            quantity,
            level,
            decided,
            wrong.event,
            ground,
            wording,
            decision,
            words,
            education_id,
            multiplier,
        )
        appraised = writing.appraise(sheet, wrong.member, entry)
        writing.write_line(sheet, wrong.member, entry, appraised, actor.number)
    writing.touch(sheet, actor.number, line=correction)
    return correction


# ------------------------------------------------------------------ in common


def _enter(
    actor: AnyActor,
    sheet: Sheet,
    member_ids: Sequence[int],
    entry: Entry,
    request_key: UUID | None,
    void_declaration_id: int | None,
) -> list[Line]:
    on_roster = {one.id for one in roster.roster(sheet)}
    members = list(Member.objects.filter(pk__in=on_roster.intersection(member_ids)))
    if not members or len(members) != len(member_ids):
        raise DomainError("not_on_roster", "所选党员不在这张考评表的名单上。当月最后一天在哪个支部，就由哪个支部考评。")
    for member in members:
        writing.require_ruling(actor, sheet, member)
    if request_key is not None and (before := list(Line.objects.filter(request_key=request_key))):
        return _same(before, sheet, member_ids, entry)
    writing.require_open(sheet)
    if not entry.ground.strip():
        raise BadInput([Fault("依据", "请写明依据，如签到册、会议记录；公示时不显示。")])
    names = roster.names_near(sheet.branch)
    entered = []
    for member in members:
        appraised = writing.appraise(sheet, member, entry, names)
        if appraised.row.voids == "claim":
            _void(actor, sheet, member, entry, void_declaration_id)
        elif appraised.row.voids == "event" and not entry.event.strip():
            raise BadInput([Fault("同一件事的名称", _NAME_THE_EVENT)])
        entered.append(writing.write_line(sheet, member, entry, appraised, actor.number, request_key=request_key))
    sheet.refresh_from_db(fields=["edit"])
    for line in entered:
        writing.touch(sheet, actor.number, line=line)
    return entered


def _void(actor: AnyActor, sheet: Sheet, member: Member, entry: Entry, declaration_id: int | None) -> None:
    if declaration_id is None:
        raise BadInput([Fault("所涉申报", "请指明是哪一条申报虚报或重复，它会同时作废。")])
    voided = claims.void_claim(actor, sheet, declaration_id, f"虚报或重复申报，作废：{entry.ground.strip()}")
    if voided.member_id != member.pk:
        raise BadInput([Fault("所涉申报", f"这条申报不是{member.name}的，请重新选择。")])


def _same(before: list[Line], sheet: Sheet, member_ids: Sequence[int], entry: Entry) -> list[Line]:
    def told(line: Line) -> tuple[object, ...]:
        value = (line.quantity, line.level, line.multiplier)
        return (line.sheet_id, line.indicator, line.event_on, *value, line.ground)

    value = (entry.quantity, entry.level, entry.multiplier)
    asked = (sheet.pk, entry.indicator, entry.event_on, *value, entry.ground.strip())
    if {line.member_id for line in before} != set(member_ids) or any(told(line) != asked for line in before):
        raise DomainError("request_key_reused", "这张表单已经提交过内容不同的条目，没有再写入。请打开新的表单再填。")
    return before


def _take_back(sheet: Sheet, wrong: Line, ground: str, by_number: int | None) -> Line:
    correction = Line.objects.create(
        sheet=sheet,
        member=wrong.member,
        indicator=wrong.indicator,
        event_on=wrong.event_on,
        event=wrong.event,
        value=0,
        ground=ground.strip(),
        wording=f"更正：{wrong.wording}"[:200],
        corrects=wrong,
        added_in=sheet.revision,
        entered_by_number=by_number,
        created_at=clock.now(),
    )
    if queries.is_told(correction):
        writing.tell_line(correction)
    return correction


def _as_shown(line: Line, edit: int) -> None:
    if line.state == Line.State.STRUCK:
        raise DomainError("edited_meanwhile", f"这一条刚刚被撤下（{line.struck_why}），您的修改没有写入。")
    if line.edit != edit:
        who = queries.names_of([line.entered_by_number]).get(line.entered_by_number or 0, "别人")
        raise DomainError(
            "edited_meanwhile",
            f"这一条刚刚由{who}改为“{line.wording}”、{show(line.value, signed=True)}分，您的修改没有写入。"
            "请核对后再改。",
        )


def _content(line: Line) -> tuple[object, ...]:
    return (line.value, line.event_on, line.ground, line.wording, line.decision)


def _only_wording(line: Line, entry: Entry) -> bool:
    same_fact = (line.event_on, line.quantity, line.level, line.multiplier, line.ground) == (
        entry.event_on,
        entry.quantity,
        entry.level,
        entry.multiplier,
        entry.ground.strip(),
    )
    return same_fact and (entry.decided is None or entry.decided == abs(line.value))


def _must_be_correctable(sheet: Sheet, wrong: Line, ground: str, indicator: str) -> None:
    if not ground.strip():
        raise BadInput([Fault("依据", "请写明为什么更正，依据是什么。")])
    if sheet.kind == Sheet.Kind.TAKEOVER:
        raise DomainError("takeover_sheet", "结转表上只有累计，冲正请记在月度考评表上。")
    if wrong.carried and indicator:
        raise DomainError(
            "carried", "结转的累计只能整条撤回，不能换成另一条。撤回以后，按每件事的发生日期另加，或只登记撤回。"
        )
    if wrong.corrects_id is not None:
        raise DomainError("is_correction", "冲正本身不能再冲正。请按实际情况另加一条。")
    if wrong.state != Line.State.STANDING or wrong.sheet.state != Sheet.State.CONFIRMED:
        raise DomainError("not_confirmed", "只有已经复核公示的条目才用冲正；还在考评的，请直接修改或撤下。")
    if (wrong.sheet.year, wrong.sheet.month, wrong.sheet.sequence) >= (sheet.year, sheet.month, sheet.sequence):
        raise DomainError("not_later", "冲正记入后面的考评表，请打开下一张考评表再登记。")
    if Line.objects.filter(corrects=wrong, state=Line.State.STANDING).exists():
        raise DomainError("corrected", "这一条已经登记过冲正，一条只能冲正一次。")
