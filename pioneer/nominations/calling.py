"""推荐通知的写入 What a township or the district calls for; the notice of those proposed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.members.queries import track_names
from pioneer.messages.services import tell
from pioneer.nominations import policies, queries
from pioneer.nominations.models import Call, Nomination, Notice
from pioneer.nominations.services import require_eligible, require_stands
from pioneer.organisations.models import Organisation
from pioneer.results.cycles import cycles_of
from pioneer.rulebook.queries import current_rulebook, deadline

State = Nomination.State
MOST_CHECKS = 8
KINDS = [(code, str(name)) for code, name in Call.Kind.choices]
LEVELS = [(code, str(name)) for code, name in Call.HonourLevel.choices]


@dataclass(frozen=True, slots=True)
class Terms:
    """通知的内容 Everything that a call says; `tiers` empty: those the rulebook commends."""

    kind: str
    level: str
    title: str
    document_number: str
    places: int
    opens_on: date
    closes_on: date
    requirements: str = ""
    cycles: int = 1
    tiers: Sequence[str] = ()
    no_zeroing: bool = True
    years: int = 0
    track: str = ""
    full_only: bool = True
    checks: Sequence[str] = field(default=())


@operation("nominations.issue_call")
def issue_call(*, actor: AnyActor, organisation_id: int, terms: Terms) -> Call:
    """发推荐通知 By the township or the district. It does not change afterwards; a wrong one is withdrawn."""
    place = next((one for one in queries.call_places(actor) if one.pk == organisation_id), None)
    if place is None:
        found = Organisation.objects.filter(pk=organisation_id).first()
        if found is None:
            raise NotVisible
        policies.require_call(actor, found)
        raise NotVisible
    policies.require_call(actor, place)
    _check(place, terms)
    ended = [one for one in cycles_of(place.district_number) if one.last_on < terms.opens_on]
    if terms.cycles and not ended:
        raise DomainError(
            "no_cycle", "还没有一个已经结束的周期，不能按备案结果设定条件。请把周期数改为0，或等周期结束以后再发。"
        )
    return Call.objects.create(
        organisation=place,
        kind=terms.kind,
        level=terms.level,
        title=terms.title.strip(),
        document_number=terms.document_number.strip(),
        requirements=terms.requirements.strip(),
        places=terms.places,
        opens_on=terms.opens_on,
        closes_on=terms.closes_on,
        cycles=terms.cycles,
        counted_on=ended[0].last_on if terms.cycles else None,
        tiers=list(terms.tiers),
        no_zeroing=terms.no_zeroing,
        years=terms.years,
        track=terms.track,
        full_only=terms.full_only,
        checks=_lines(terms.checks),
        issued_by_number=actor.number,
        issued_at=clock.now(),
    )


def _lines(checks: Sequence[str]) -> list[str]:
    return [one.strip()[:120] for one in checks if one.strip()]


def _check(place: Organisation, terms: Terms) -> None:
    rules = current_rulebook(place.district_number, clock.today())
    faults = []
    if terms.kind not in Call.Kind.values or terms.level not in Call.HonourLevel.values:
        faults.append(Fault("种类", "请从所列的种类和级别中选择。"))
    for label, text, most in (("名称", terms.title, 60), ("文号", terms.document_number, 60)):
        if not text.strip() or len(text.strip()) > most:
            faults.append(Fault(label, f"请填写，最多{most}个字。"))
    if terms.places < 1:
        faults.append(Fault("名额", "名额至少是1。"))
    if terms.opens_on < clock.today():
        faults.append(Fault("开始日期", "开始日期不能早于今天。"))
    if terms.closes_on < terms.opens_on:
        faults.append(Fault("截止日期", "截止日期不能早于开始日期。"))
    if any(rules.tier(code) is None for code in terms.tiers):
        faults.append(Fault("等次", "请从现行积分办法的等次中选择；不选的，按办法规定予以表扬的等次。"))
    if terms.track and terms.track not in track_names(place.district_number, clock.today()):
        faults.append(Fault("类别", "请从现行积分办法的类别中选择。"))
    if len(_lines(terms.checks)) > MOST_CHECKS:
        faults.append(Fault("须核实的事项", f"每行一项，最多{MOST_CHECKS}项。"))
    if faults:
        raise BadInput(faults)


@operation("nominations.withdraw_call")
def withdraw_call(*, actor: AnyActor, call_id: int, reason: str) -> Call:
    """撤回推荐通知 As long as nobody was chosen; whoever is proposed is told."""
    call = _locked(actor, call_id)
    policies.require_call(actor, call.organisation)
    require_stands(call)
    if queries.chosen_number(call):
        raise DomainError("chosen_already", "已经确定了人选，通知不能撤回。其余人选请逐一作出决定。")
    if not reason.strip():
        raise bad("理由", "请写明撤回的理由，支部和人选本人都会看到。")
    call.withdrawn_at, call.withdrawn_by_number = clock.now(), actor.number
    call.withdrawn_reason = reason.strip()[:200]
    call.save()
    for one in Nomination.objects.filter(call=call, state__in=queries.OPEN).select_related("member"):
        _tell(one, "call_withdrawn", "推荐通知已撤回", f"“{call.title}”不再进行。理由：{call.withdrawn_reason}")
    return call


@operation("nominations.show_nominations")
def show_nominations(*, actor: AnyActor, call_id: int, nominations: Sequence[int]) -> Notice:
    """公示推荐人选 Those agreed and eligible, with every opinion asked for, for the window of the rulebook in working
    days. It begins with the next day."""
    call = _locked(actor, call_id)
    found = Nomination.objects.filter(call=call, pk__in=nominations).select_related(
        "member", "branch", "call__organisation"
    )
    people = list(found.select_for_update(of=("self",)).order_by("branch__path", "member__position"))
    policies.require_show(actor, call, people)
    require_stands(call)
    if not people or len(people) != len(set(nominations)):
        raise bad("人选", "请至少勾选一位，并且都是这份通知的人选。")
    for one in people:
        _require_ready(one)
    window = current_rulebook(call.organisation.district_number, clock.today()).procedure.publication_window
    notice = Notice.objects.create(
        call=call,
        shown_on=clock.today(),
        last_on=deadline(window, clock.today()),
        by_number=actor.number,
        created_at=clock.now(),
    )
    for one in people:
        one.notice = notice
        one.save(update_fields=["notice"])
        _tell(one, "shown", "您被推荐的情况正在公示", f"公示“{call.title}”，到{_day(notice.last_on)}24时止。")
    return notice


def _require_ready(one: Nomination) -> None:
    name = one.member.name
    if one.state != State.AGREED:
        raise DomainError("not_agreed", f"{name}现在是“{one.get_state_display()}”，只公示本人同意的人选。")
    if one.notice_id is not None:
        raise DomainError("shown_already", f"{name}已经公示，不必再公示。")
    missing = [asked.organisation.name for asked in queries.opinions_of(one) if asked.opinion is None]
    if missing:
        raise DomainError("opinion_missing", f"{name}还缺{'、'.join(missing)}的意见，请先请其提出。")
    require_eligible(one.call, one.member)


def _locked(actor: AnyActor, call_id: int) -> Call:
    queries.get_call(actor, call_id)
    return Call.objects.select_related("organisation").select_for_update(of=("self",)).get(pk=call_id)


def _tell(one: Nomination, step: str, title: str, text: str) -> None:
    tell(one.member.user_id, f"nominations.{step}", str(one.pk), title, text, "/me/nominations/")


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
