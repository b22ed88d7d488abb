"""考评表的写入 Open a sheet, submit it, return it, confirm it by a second person."""

from pioneer.accounts.policies import Act, AnyActor, may, require
from pioneer.assessments import changes, policies, queries, roster, writing
from pioneer.assessments.models import Sheet
from pioneer.assessments.writing import admit_claim, carry_line, replace_line, revise, strike_line
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.kernel.operations import operation
from pioneer.messages import services as messages
from pioneer.organisations.models import Organisation
from pioneer.rulebook.queries import current_rulebook

__all__ = [
    "admit_claim",
    "carry_line",
    "confirm_sheet",
    "open_sheet",
    "open_supplementary_sheet",
    "replace_line",
    "return_sheet",
    "revise",
    "strike_line",
    "submit_sheet",
]


@operation("assessments.open_sheet")
def open_sheet(*, actor: AnyActor, branch_id: int, year: int, month: int) -> Sheet:
    """开立考评表 One per branch and month, by hand or by the clock."""
    branch = lock_branch(branch_id)
    policies.require_open(actor, branch)
    may_hold(branch, year, month)
    if Sheet.objects.filter(branch=branch, year=year, month=month, sequence=0).exists():
        raise DomainError("sheet_exists", f"{branch.name}{year}年{month}月的考评表已经开立，请直接打开它。")
    return Sheet.objects.create(branch=branch, year=year, month=month, opened_at=clock.now())


@operation("assessments.open_supplementary_sheet")
def open_supplementary_sheet(*, actor: AnyActor, branch_id: int, year: int, month: int, reason: str) -> Sheet:
    """开立补充考评表 For what came after the month's sheet was confirmed and can't go on a later one."""
    branch = lock_branch(branch_id)
    require(actor, Act.EVALUATE, branch)
    may_hold(branch, year, month)
    if not reason.strip():
        raise DomainError("reason_missing", "请写明为什么要开补充考评表。")
    sheets = list(Sheet.objects.filter(branch=branch, year=year, month=month).order_by("sequence"))
    if not sheets:
        raise DomainError("no_monthly_sheet", f"{year}年{month}月还没有考评表，请直接开立当月的考评表。")
    if any(sheet.state != Sheet.State.CONFIRMED for sheet in sheets):
        raise DomainError("sheet_open", f"{year}年{month}月的考评表还没有复核，请直接记在那张表上。")
    return Sheet.objects.create(
        branch=branch,
        year=year,
        month=month,
        kind=Sheet.Kind.SUPPLEMENTARY,
        sequence=sheets[-1].sequence + 1,
        reason=reason.strip(),
        opened_at=clock.now(),
    )


@operation("assessments.submit_sheet")
def submit_sheet(*, actor: AnyActor, sheet_id: int, edit: int) -> Sheet:
    """送复核 The month is over and every claim decided; `edit` is the number the page showed."""
    sheet = writing.lock_sheet(actor, sheet_id)
    require(actor, Act.EVALUATE, sheet.branch)
    if sheet.state != Sheet.State.OPEN:
        raise DomainError("sheet_not_open", f"这张考评表现在是“{sheet.get_state_display()}”，不用再送复核。")
    _as_shown(sheet, edit)
    if missing := queries.undecided(sheet):
        raise DomainError("sheet_not_ready", "".join(missing))
    sheet.state = Sheet.State.SUBMITTED
    sheet.submitted_by_number = actor.number
    sheet.submitted_at = clock.now()
    sheet.returned_why = ""
    writing.touch(sheet, actor.number)
    sheet.save()
    return sheet


@operation("assessments.return_sheet")
def return_sheet(*, actor: AnyActor, sheet_id: int, reason: str) -> Sheet:
    """退回 By who could confirm it, or taken back by the branch; the reason stands, what was confirmed is void."""
    sheet = writing.lock_sheet(actor, sheet_id)
    if not any(may(actor, act, sheet.branch) for act in (Act.CONFIRM, Act.CONFIRM_ABOVE, Act.EVALUATE)):
        raise NotAllowed("退回由复核人办理，送复核的支部也可收回。您目前没有这项任职。")
    if sheet.state != Sheet.State.SUBMITTED:
        raise DomainError("sheet_not_submitted", f"这张考评表现在是“{sheet.get_state_display()}”，不能退回。")
    if not reason.strip():
        raise DomainError("reason_missing", "请写明退回的原因，让经办人知道改什么。")
    submitter = sheet.submitted_by_number
    sheet.state = Sheet.State.OPEN
    sheet.returned_why = reason.strip()[:200]
    sheet.submitted_by_number, sheet.submitted_at = None, None
    writing.clear_confirmations(sheet)
    writing.touch(sheet, actor.number)
    sheet.save()
    if submitter is not None and submitter != actor.number:
        messages.tell(
            user=submitter,
            kind="assessments.sheet_returned",
            reference=f"sheet:{sheet.pk}:{sheet.edit}",
            title=f"{roster.title_of(sheet)}被退回",
            text=f"退回原因：{sheet.returned_why}",
            link=f"/sheets/{sheet.pk}/",
        )
    return sheet


@operation("assessments.confirm_sheet")
def confirm_sheet(*, actor: AnyActor, sheet_id: int, edit: int) -> Sheet:
    """复核 All that this person may: no own line, no declared relative's, none it entered, nothing if it submitted.

    `edit` is the number the page showed. The sheet is confirmed with the last part of it.
    """
    sheet = writing.lock_sheet(actor, sheet_id)
    if not any(may(actor, act, sheet.branch) for act in (Act.CONFIRM, Act.CONFIRM_ABOVE)):
        require(actor, Act.CONFIRM, sheet.branch)
    if sheet.state == Sheet.State.CONFIRMED:
        raise DomainError("sheet_confirmed", "这张考评表已经复核。")
    second = queries.second_person(sheet)
    if refusal := second.refusal(actor):
        raise NotAllowed(refusal, code="not_second_person")
    if sheet.state != Sheet.State.SUBMITTED:
        raise DomainError("sheet_not_submitted", "这张考评表还没有送复核，请经办人考评完后先送复核。")
    _as_shown(sheet, edit)
    if missing := queries.unready(sheet):
        raise DomainError("sheet_not_ready", "".join(missing))
    share = second.share_of(actor)
    writing.confirm_parts(share, actor.number)
    if second.is_from_above(actor):
        _name_officer(sheet, second, actor)
    if len(share) >= len(second.left):
        sheet.state = Sheet.State.CONFIRMED
        sheet.confirmed_by_number = actor.number
        sheet.confirmed_by_role = second.candidate(actor, share[0]).role.value
        sheet.confirmed_at = clock.now()
        writing.touch(sheet, actor.number)
    sheet.save()
    return sheet


def _name_officer(sheet: Sheet, second: policies.SecondPerson, actor: AnyActor) -> None:
    share = second.share_of(actor)
    person = second.candidate(actor, share[0])
    said = f"{second.why_above(sheet.branch.name, share)}，由{person.organisation}党务工作者{person.name}代为复核"
    longest = Sheet._meta.get_field("confirmed_for").max_length
    sheet.confirmed_for = "；".join(filter(None, (sheet.confirmed_for, said)))[:longest]


def lock_branch(branch_id: int) -> Organisation:
    """锁定支部"""
    branch = Organisation.objects.select_for_update().filter(pk=branch_id, is_branch=True).first()
    if branch is None:
        raise NotVisible
    return branch


def may_hold(branch: Organisation, year: int, month: int) -> None:
    """须可开立 The month has begun, the branch stood, and no take-over sheet brings the month already."""
    last = roster.last_day(year, month)
    first, today = last.replace(day=1), clock.today()
    if first > today:
        raise DomainError("month_not_begun", f"{year}年{month}月还没有到，当月1日起可以开立考评表。")
    if branch.closed_on is not None and branch.closed_on < last:
        raise DomainError("branch_closed", f"{branch.name}已于{branch.closed_on.year}年撤销，不再开立考评表。")
    before = Sheet.objects.filter(branch=branch, kind=Sheet.Kind.TAKEOVER, taken_over_on__gte=first)
    if taken := before.order_by("taken_over_on").first():
        raise DomainError(
            "taken_over", f"{roster.title_of(taken)}已经开立，{year}年{month}月不再单独开立考评表，请打开结转表。"
        )
    if branch.opened_on > last:
        raise DomainError("branch_not_open", f"{branch.name}在{year}年{month}月还没有设立，请核对月份。")
    current_rulebook(branch.district_number, min(last, today))


def _as_shown(sheet: Sheet, edit: int) -> None:
    if sheet.edit != edit:
        said = "；".join(str(change) for change in changes.since(sheet, edit)[:3])
        raise DomainError(
            "edited_meanwhile",
            f"您打开这一页以后，考评表又有改动{f'（{said}）' if said else ''}。请核对最新的内容后再提交。",
        )
