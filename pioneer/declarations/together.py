"""一并录入 Several claims entered in one act: all of them or none, and once however often the page is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID, uuid5

from pioneer.accounts.policies import AnyActor
from pioneer.declarations import checking, finder, policies
from pioneer.declarations.models import Batch, Declaration, DeclarationFile, Flag, WeeklyForm
from pioneer.declarations.services import attach, keep_files
from pioneer.files.services import Kept
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation

EVENT_AT_MOST = 60
ROWS_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Deed:
    """一件事 As it was told or stands on the paper. `quantity` in hundredths; `row` as the page numbers it."""

    indicator: str
    event_on: date
    place: str
    matter: str
    quantity: int | None = None
    level: str = ""
    started_at: time | None = None
    minutes: int | None = None
    row: int = 0


@dataclass(slots=True)
class Wanted:
    """要录的一条"""

    member: Member
    deed: Deed
    fields: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        deed = self.deed
        self.fields = {
            "member_id": self.member.pk,
            "indicator": deed.indicator.strip(),
            "event_on": deed.event_on,
            "started_at": deed.started_at,
            "minutes": deed.minutes,
            "place": deed.place.strip(),
            "matter": deed.matter.strip(),
            "quantity": deed.quantity,
            "level": deed.level.strip(),
        }


@operation("declarations.declare_together", tell=("indicator", "level"))
def declare_together(
    *,
    actor: AnyActor,
    branch_id: int,
    member_ids: Sequence[int],
    indicator: str,
    event_on: date,
    place: str,
    matter: str,
    request_key: UUID,
    quantity: int | None = None,
    level: str = "",
    started_at: time | None = None,
    minutes: int | None = None,
    event: str = "",
    evidence: Sequence[tuple[str, bytes]] = (),
) -> Batch:
    """集体录入 One event, many members: a claim for each, the evidence kept once. Where it can't be declared for one,
    it is for none, and everybody concerned is named. `event` is the name by which it can be found, and voided."""
    branch = Organisation.objects.select_for_update().filter(pk=branch_id).first()
    if branch is None:
        raise NotVisible
    policies.require_enter(actor, branch)
    people = list(Member.objects.select_for_update().filter(pk__in=set(member_ids)).order_by("pk"))
    if members.visible_to(actor).filter(pk__in=set(member_ids)).count() < len(set(member_ids)):
        raise NotVisible
    deed = Deed(indicator, event_on, place, matter, quantity, level, started_at, minutes)
    wanted = [Wanted(member, deed) for member in sorted(people, key=lambda one: (one.position, one.pk))]
    if (before := _before(request_key, wanted, None)) is not None:
        return before
    _require_declarable(branch, wanted, event, len(evidence))
    kept = keep_files(actor, evidence)
    return _entered(actor, Batch(branch=branch, request_key=request_key), wanted, event.strip(), kept)


@operation("declarations.enter_weekly_form")
def enter_weekly_form(
    *,
    actor: AnyActor,
    form_id: int,
    deeds: Sequence[Deed],
    request_key: UUID,
    evidence: Sequence[tuple[str, bytes]] = (),
) -> Batch:
    """录入纸质申报表 What a member wrote down in the week of the form, each with the scan of the paper; where none
    comes along, with the one entered before."""
    form = WeeklyForm.objects.select_for_update(of=("self",)).select_related("branch").filter(pk=form_id).first()
    if form is None:
        raise NotVisible
    policies.require_enter(actor, form.branch)
    member = Member.objects.select_for_update().get(pk=form.member_id)
    wanted = [Wanted(member, deed) for deed in deeds]
    if (before := _before(request_key, wanted, form.pk)) is not None:
        return before
    if members.branches_on([member.pk], clock.today()).get(member.pk) != form.branch_id:
        raise DomainError("moved", f"{member.name}现在不在{form.branch.name}，请由所在支部代报。")
    _require_of_week(form, wanted, len(evidence))
    scan = keep_files(actor, evidence) or _scan_before(form)
    return _entered(actor, Batch(branch=form.branch, form=form, request_key=request_key), wanted, "", scan)


# ------------------------------------------------------------------ checks


def _before(request_key: UUID, wanted: Sequence[Wanted], form_id: int | None) -> Batch | None:
    """The batch this page made before; refused where it said something else then."""
    batch = Batch.objects.filter(request_key=request_key).first()
    if batch is None:
        return None
    claims = list(batch.claims.order_by("pk"))
    same = len(claims) == len(wanted) and all(
        getattr(claim, name) == value
        for claim, one in zip(claims, wanted, strict=True)
        for name, value in one.fields.items()
    )
    if not same or batch.form_id != form_id:
        raise DomainError(
            "request_key_reused",
            "这一页已经提交过，内容和这次不同，这次的没有录入。请重新打开页面再填，先前录的可在“代报”里查看。",
        )
    return batch


def _require_declarable(branch: Organisation, wanted: Sequence[Wanted], event: str, files: int) -> None:
    """All that is wrong, for whom, together; what is wrong for several is said once with all their names."""
    if not wanted:
        raise bad("哪些党员", "请至少勾选一位党员。")
    faults = checking.text_faults(wanted[0].fields, files)
    if len(event.strip()) > EVENT_AT_MOST:
        faults.append(Fault("活动名称", f"请缩短到{EVENT_AT_MOST}个字以内。"))
    here = members.branches_on([one.member.pk for one in wanted], clock.today())
    found: dict[str, list[str]] = {}
    for one in wanted:
        for message in _why_not(one, here.get(one.member.pk) == branch.pk):
            found.setdefault(message, []).append(one.member.name)
    for message, names in found.items():
        faults.append(Fault("、".join(names), message))
    if faults:
        raise BadInput(faults)


def _why_not(one: Wanted, is_here: bool) -> list[str]:
    if not is_here:
        return ["现在不在本支部，请由所在支部代报。"]
    try:
        checking.require_in_time(one.member, one.deed.event_on)
    except DomainError as refusal:
        return [refusal.message]
    return [fault.message for fault in checking.shape_faults(one.member, one.fields)]


def _require_of_week(form: WeeklyForm, wanted: Sequence[Wanted], files: int) -> None:
    """Every row lies in the form's week and can be declared; what is wrong is said with its row."""
    if not wanted:
        raise bad("", "还没有填写。请至少填一行。")
    if len(wanted) > ROWS_AT_MOST:
        raise bad("", f"一次最多录{ROWS_AT_MOST}行，请分几次录。")
    faults: list[Fault] = []
    for number, one in enumerate(wanted, start=1):
        said = [str(fault) for fault in checking.text_faults(one.fields, files)]
        days = (one.deed.event_on - form.monday).days
        if not 0 <= days < 7:
            said.append("日期不在这张表的一周里，请核对；别的日子做的事请用普通代报。")
        else:
            said += _why_not(one, is_here=True)
        faults += [Fault(f"第{one.deed.row or number}行", message) for message in said]
    if faults:
        raise BadInput(faults)


# ------------------------------------------------------------------ writing


def _scan_before(form: WeeklyForm) -> list[Kept]:
    """The scan that came with what was entered last from this form."""
    last = Declaration.objects.filter(batch__form=form).order_by("-pk").first()
    rows = DeclarationFile.objects.filter(declaration=last).select_related("file").order_by("pk") if last else ()
    return [Kept(row.file, row.taken_at) for row in rows]


def _entered(actor: AnyActor, batch: Batch, wanted: Sequence[Wanted], event: str, evidence: Sequence[Kept]) -> Batch:
    batch.entered_by_number = actor.number
    batch.created_at = clock.now()
    batch.save()
    made = []
    for number, one in enumerate(wanted):
        claim = Declaration.objects.create(
            branch=batch.branch,
            batch=batch,
            event=event,
            is_proxy=not policies.is_self(actor, one.member),
            entered_by_number=actor.number,
            request_key=uuid5(batch.request_key, str(number)),
            created_at=batch.created_at,
            **one.fields,
        )
        attach(claim, evidence)
        made.append(claim)
    for claim in made:
        finder.note_flags(claim)
    _forget_likeness_within(batch)
    return batch


def _forget_likeness_within(batch: Batch) -> None:
    """Claims for one event say the same words and show the same picture, and rows of one form the same scan: that is
    no doubt."""
    alike = Flag.objects.filter(
        declaration__batch=batch, kind__in=[Flag.Kind.SIMILAR, Flag.Kind.SAME_PHOTO, Flag.Kind.LIKE_PHOTO]
    )
    if batch.form_id is None:
        alike.filter(other__batch=batch).delete()
        return
    photos = [Flag.Kind.SAME_PHOTO, Flag.Kind.LIKE_PHOTO]
    alike.filter(kind__in=photos, other__batch__form=batch.form_id).delete()
