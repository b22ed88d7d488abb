"""支部补充的写入 Proposed by the branch with its minutes, approved or returned by the township, ended by either."""

from collections.abc import Sequence
from datetime import date, timedelta

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.files.services import store
from pioneer.kernel import clock, sealing
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.messages.services import tell_all
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import visible_to as organisations_visible_to
from pioneer.rulebook import supplement_queries as queries
from pioneer.rulebook.local import LocalRow, fingerprint, text_of
from pioneer.rulebook.models import RulebookVersion, Supplement
from pioneer.rulebook.policies import ends_for, is_other_than_proposer
from pioneer.rulebook.queries import parsed, version_on
from pioneer.rulebook.supplement_checks import faults

State = Supplement.State
LONGEST = 500
REFERENCE_LENGTH = 120


@operation("rulebook.propose_supplement")
def propose_supplement(
    *,
    actor: AnyActor,
    branch_id: int,
    rows: Sequence[LocalRow],
    met_on: date,
    present: int,
    in_favour: int,
    reference: str,
    effective_on: date,
    scan: tuple[str, bytes] | None = None,
) -> Supplement:
    """提出支部补充 By the secretary or deputy, as the members' meeting minuted it. Every mistake is listed. It can't
    begin in the past. `scan`: name and content of the minutes' copy."""
    branch = _locked_branch(actor, branch_id)
    require(actor, Act.PROPOSE_SUPPLEMENT, branch)
    version = _version_for(branch, effective_on)
    _require_none_waiting(branch)
    rulebook = parsed(version)
    last = Supplement.objects.filter(district=branch.district_number).order_by("-number").first()
    number = (last.number if last else 0) + 1
    minutes = queries.minutes_text(met_on, reference)
    found = _minutes_faults(met_on, present, in_favour, reference)
    found += faults(branch.name, minutes, number, rows, rulebook)
    if not found:
        found += _room_faults(branch, version, effective_on, len(rows))
    if found:
        raise BadInput(found)
    text = text_of(branch.name, minutes, number, rows)
    return Supplement.objects.create(
        district_id=branch.district_number,
        branch=branch,
        version=version,
        number=number,
        text=text,
        digest=fingerprint(text),
        count=len(rows),
        met_on=met_on,
        present=present,
        in_favour=in_favour,
        reference=reference.strip(),
        scan=store(scan[1], scan[0], "", actor.number) if scan else None,
        effective_on=effective_on,
        proposed_by_number=actor.number,
        proposed_at=clock.now(),
    )


@operation("rulebook.approve_supplement")
def approve_supplement(*, actor: AnyActor, supplement_id: int) -> Supplement:
    """批准支部补充 By the township, another person than who proposed; frozen from then on. Where the day it should
    begin has gone by, it begins on the day it is approved."""
    supplement = _to_decide(actor, supplement_id)
    begins = max(supplement.effective_on, clock.today())
    if supplement.branch.closed_on is not None:
        raise DomainError("branch_closed", f"{supplement.branch.name}已经撤销，不能批准。请退回。")
    if version_on(supplement.district_id, begins).pk != supplement.version_id:
        raise DomainError(
            "version_changed",
            f"{_day(begins)}适用的积分办法已不是提出时的第{supplement.version.number}版。请退回，由支部按新办法重新提出。",
        )
    if found := _room_faults(supplement.branch, supplement.version, begins, supplement.count):
        raise BadInput(found)
    supplement.state = State.APPROVED
    supplement.valid_from = begins
    _decide(supplement, actor, "")
    _tell_branch(
        supplement,
        actor,
        "approved",
        "支部补充指标已批准",
        f"{_called(supplement)}自{_day(begins)}起施行，此后做的事可以按它申报和考评。",
    )
    return supplement


@operation("rulebook.return_supplement")
def return_supplement(*, actor: AnyActor, supplement_id: int, reason: str) -> Supplement:
    """退回支部补充 With the reason, which the branch reads; it may propose anew."""
    supplement = _to_decide(actor, supplement_id)
    if not reason.strip() or len(reason) > LONGEST:
        raise bad("理由", f"请写明为什么退回、要改什么，最多{LONGEST}个字，支部会看到。")
    supplement.state = State.RETURNED
    _decide(supplement, actor, reason.strip())
    _tell_branch(supplement, actor, "returned", "支部补充指标被退回", f"{_called(supplement)}：{reason.strip()}")
    return supplement


@operation("rulebook.end_supplement")
def end_supplement(
    *,
    actor: AnyActor,
    supplement_id: int,
    ended_from: date,
    why: str,
    met_on: date | None = None,
    present: int | None = None,
    in_favour: int | None = None,
) -> Supplement:
    """终止支部补充 From a day to come on: by the branch as its meeting minuted it (`why`: the minutes), or by the
    township with the reason. What happened before that day may still be declared."""
    supplement = _locked(actor, supplement_id)
    by_branch = ends_for(actor, supplement.branch) == "branch"
    if supplement.state != State.APPROVED or supplement.valid_from is None:
        raise DomainError("not_approved", "只有已批准的支部补充才能终止；还没有批准的，由乡镇（街道）退回。")
    if supplement.ended_at is not None and supplement.ended_from is not None:
        raise DomainError("ended_already", f"{_called(supplement)}已定自{_day(supplement.ended_from)}起终止。")
    found = [] if why.strip() and len(why) <= 300 else [Fault("依据", "请写明依据，最多300个字。")]
    if by_branch:
        found += _minutes_faults(met_on, present, in_favour, why[:REFERENCE_LENGTH])
    tomorrow = clock.today() + timedelta(days=1)
    if ended_from < max(tomorrow, supplement.valid_from):
        earliest = _day(max(tomorrow, supplement.valid_from))
        found.append(Fault("终止日期", f"最早自{earliest}起终止：今天和以前做的事仍可以按它计。"))
    if found:
        raise BadInput(found)
    supplement.ended_from = ended_from
    if by_branch and met_on is not None:
        voted = f"到会{present}人、赞成{in_favour}人"
        supplement.ended_why = f"{queries.minutes_text(met_on, why)}决定，{voted}"
    else:
        supplement.ended_why = f"乡镇（街道）终止：{why.strip()}"
    supplement.ended_by_number = actor.number
    supplement.ended_at = clock.now()
    _stamp(supplement)
    supplement.save()
    text = f"{_called(supplement)}自{_day(ended_from)}起终止。{supplement.ended_why}。"
    _tell_branch(supplement, actor, "ended", "支部补充指标终止", text)
    return supplement


# ------------------------------------------------------------------ loading and locking


def _locked_branch(actor: AnyActor, branch_id: int) -> Organisation:
    """The district's row is the lock: supplements are numbered and decided one after another."""
    branch = organisations_visible_to(actor).filter(pk=branch_id, is_branch=True, closed_on__isnull=True).first()
    if branch is None:
        raise NotVisible()
    Organisation.objects.select_for_update().get(pk=branch.district_number)
    return branch


def _locked(actor: AnyActor, supplement_id: int) -> Supplement:
    seen = queries.get(actor, supplement_id)
    Organisation.objects.select_for_update().get(pk=seen.district_id)
    return queries.get(actor, supplement_id)


def _to_decide(actor: AnyActor, supplement_id: int) -> Supplement:
    supplement = _locked(actor, supplement_id)
    require(actor, Act.APPROVE_SUPPLEMENT, supplement.branch)
    is_other_than_proposer(actor, supplement.proposed_by_number)
    if supplement.state != State.PROPOSED:
        raise DomainError("decided_already", f"这份支部补充{State(supplement.state).label}，不能再办理。")
    return supplement


# ------------------------------------------------------------------ checks


def _version_for(branch: Organisation, effective_on: date) -> RulebookVersion:
    if effective_on < clock.today():
        raise bad("施行日期", "施行日期已经过去。补充的指标不溯及既往，请改为今天或以后。")
    version = version_on(branch.district_number, effective_on)
    if parsed(version).supplement is None:
        raise DomainError(
            "not_in_the_rules",
            f"{_day(effective_on)}适用的积分办法（第{version.number}版）不允许支部补充指标。"
            "确有需要的，请向区委组织部建议在下一版办法中写明。",
        )
    return version


def _require_none_waiting(branch: Organisation) -> None:
    if waiting := Supplement.objects.filter(branch=branch, state=State.PROPOSED).first():
        raise DomainError(
            "waits_already",
            f"{branch.name}的第{waiting.number}号支部补充还在等乡镇（街道）批准。请等它批准或退回以后再提出。",
        )


def _minutes_faults(met_on: date | None, present: int | None, in_favour: int | None, reference: str) -> list[Fault]:
    found = []
    if met_on is None:
        found.append(Fault("会议日期", "请填写支部党员大会的日期。"))
    elif met_on > clock.today():
        found.append(Fault("会议日期", "支部党员大会的日期在今天之后，请核对。先开会，再提出。"))
    if not present:
        found.append(Fault("到会人数", "请填写到会的有表决权的党员人数。"))
    elif in_favour is None or in_favour > present:
        found.append(Fault("赞成人数", "请填写赞成的人数，不能多于到会人数。"))
    elif in_favour * 2 <= present:
        found.append(Fault("赞成人数", "赞成的没有超过到会人数的一半，没有通过，不能提出。"))
    if not reference.strip() or len(reference) > REFERENCE_LENGTH:
        found.append(Fault("会议记录", f"请写明会议记录的编号或页码，最多{REFERENCE_LENGTH}个字。"))
    return found


def _room_faults(branch: Organisation, version: RulebookVersion, since: date, wanted: int) -> list[Fault]:
    rule = parsed(version).supplement
    used = queries.used_by(branch, version, since)
    if rule is None or used + wanted <= rule.indicators:
        return []
    return [
        Fault(
            "",
            f"{branch.name}已有{used}项补充指标施行或待施行，再加{wanted}项就超过了最多{rule.indicators}项（{rule.clause}）。"
            "请先终止不用的，或减少项数。",
        )
    ]


# ------------------------------------------------------------------ writing


def _decide(supplement: Supplement, actor: AnyActor, reason: str) -> None:
    supplement.decided_by_number = actor.number
    supplement.decided_at = clock.now()
    supplement.decision_reason = reason
    if supplement.state == State.APPROVED:
        _stamp(supplement)
    supplement.save()


def _stamp(supplement: Supplement) -> None:
    """One turn further: what engines of the district are kept under is another one from now on."""
    turns = Supplement.objects.filter(district=supplement.district_id, turn__isnull=False).order_by("-turn")
    turn, stamp = turns.values_list("turn", "stamp").first() or (0, "")
    supplement.turn = (turn or 0) + 1
    content = [stamp, supplement.turn, supplement.number, supplement.digest]
    supplement.stamp = sealing.digest([*content, supplement.valid_from, supplement.ended_from])


def _tell_branch(supplement: Supplement, actor: AnyActor, step: str, title: str, text: str) -> None:
    leads = [number for number in queries.leads_of(supplement.branch) if number != actor.number]
    link = f"/rulebook/supplements/{supplement.pk}/"
    tell_all(leads, f"rulebook.supplement_{step}", f"supplement:{supplement.pk}", title, text, link)


def _called(supplement: Supplement) -> str:
    return f"{supplement.branch.name}第{supplement.number}号支部补充"


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
