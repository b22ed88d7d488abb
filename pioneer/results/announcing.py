"""通报的写入 The organisation-life meeting at which a unit told its members the results, who was told how, and what
each answered. A dissent stands in the minutes and changes no result by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pioneer.accounts.models import Grant
from pioneer.accounts.policies import TABLE, Act, AnyActor
from pioneer.accounts.queries import holds_on
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.kernel.points import show
from pioneer.messages.services import tell, tell_all
from pioneer.organisations.models import Organisation
from pioneer.results import announcing_queries as queries
from pioneer.results.cycles import cycle_text
from pioneer.results.models import Announcement, Result, Settlement, Told
from pioneer.results.policies import require_announce, require_record_told
from pioneer.results.settlement_queries import WHY, latest_for, rows_for, tier_names
from pioneer.scoring import Cycle

OWN_PAGE = "/me/results/"
LONGEST = {"地点": 80, "主持人": 40}


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


# ------------------------------------------------------------------ the meeting


@operation("results.announce")
def announce(
    *, actor: AnyActor, settlement_id: int, unit_id: int, held_on: date, place: str, presided_by: str
) -> Announcement:
    """通报 The results of the latest settlement in earnest were told at a meeting of the unit. Everybody listed gets a
    row; whoever has an account is told at once. Once per settlement; what was told before keeps its answers."""
    seen = queries.get_unit(actor, unit_id)
    unit = Organisation.objects.select_for_update().get(pk=seen.pk)
    made = Settlement.objects.select_related("organisation", "version").filter(pk=settlement_id).first()
    if made is None or made.organisation_id not in _line(unit):
        raise NotVisible
    require_announce(actor, unit)
    _require_announceable(unit, made)
    _require_sound(made, held_on, place.strip(), presided_by.strip())
    rows = list(queries.living(rows_for(unit, made)).select_related("member__user"))
    _require_open(rows, made)
    before = queries.announced_for(unit, made.first_on)
    held = Announcement.objects.create(
        unit=unit,
        settlement=made,
        first_on=made.first_on,
        last_on=made.last_on,
        held_on=held_on,
        place=place.strip(),
        presided_by=presided_by.strip(),
        by_number=actor.number,
        created_at=clock.now(),
    )
    Told.objects.bulk_create([Told(announcement=held, result=one) for one in rows])
    _tell_members(held, rows, before)
    return held


def _line(unit: Organisation) -> list[int]:
    return [int(part) for part in unit.path.strip("/").split("/")]


def _require_announceable(unit: Organisation, made: Settlement) -> None:
    cycle = cycle_text(Cycle(made.first_on, made.last_on))
    if made.is_trial:
        raise DomainError("trial", "这是试算，不能通报。请先正式评定，再通报正式评定的结果。")
    if queries.being_settled(unit, made.first_on) is not None:
        raise DomainError("being_settled", f"{cycle}正在重新评定。请等算好以后，打开最新的一次再通报。")
    latest = latest_for(unit, made.first_on)
    if latest is not None and latest.pk != made.pk:
        raise DomainError(
            "newer", f"{latest.organisation.name}已有更新的一次{cycle}评定（第{latest.number}次）。请打开那一次再通报。"
        )
    if (done := Announcement.objects.filter(unit=unit, settlement=made).first()) is not None:
        raise DomainError(
            "announced", f"这次评定已于{_day(done.held_on)}通报，无需再次通报；到会和送达在通报页上登记。"
        )


def _require_sound(made: Settlement, held_on: date, place: str, presided_by: str) -> None:
    faults = []
    if held_on <= made.last_on:
        faults.append(Fault("会议日期", f"周期到{_day(made.last_on)}才结束，请填写此后召开的组织生活会的日期。"))
    elif held_on > clock.today():
        faults.append(Fault("会议日期", "会议还没有召开。请在会后登记；材料可以先打印。"))
    elif held_on < made.made_on:
        faults.append(Fault("会议日期", f"这次评定{_day(made.made_on)}才算好，请填写此后召开的组织生活会的日期。"))
    for label, text in (("地点", place), ("主持人", presided_by)):
        if not text:
            faults.append(Fault(label, f"请填写{label}。"))
        elif len(text) > LONGEST[label]:
            faults.append(Fault(label, f"请写在{LONGEST[label]}个字以内。"))
    if faults:
        raise BadInput(faults)


def _require_open(rows: list[Result], made: Settlement) -> None:
    if not rows:
        raise DomainError("nobody", "这次评定里没有本单位的党员，没有可以通报的。")
    filed = queries.closed_among([one.member_id for one in rows], Cycle(made.first_on, made.last_on))
    if len(filed) == len(rows):
        number = next(iter(filed.values()))
        raise DomainError("filed", f"这个周期已备案（{number}），不再通报。结果有误的，请按更正程序提出。")


def _tell_members(held: Announcement, rows: list[Result], before: Announcement | None) -> None:
    names = tier_names(held.settlement)
    cycle = cycle_text(Cycle(held.first_on, held.last_on))
    former = {one.member_id: one for one in rows_for(held.unit, before.settlement)} if before else {}
    for one in rows:
        was = former.get(one.member_id)
        changed = was is not None and (was.score, was.tier, was.why) != (one.score, one.tier, one.why)
        title = f"{cycle}评定结果{'已更正，重新通报' if changed else '已通报'}"
        said = f"您{cycle}{outcome_text(one, names)}。"
        if changed and was is not None:
            said += f"原来通报的是{outcome_text(was, names)}。"
        said += f"{_day(held.held_on)}的组织生活会上已经通报。请核对：没有意见的点“无异议”，有不同意见的写下来，"
        said += "备案以前都可以改；不清楚的，问所在支部。"
        tell(one.member.user_id, "results.announced", f"{held.pk}:{one.pk}", title, said, OWN_PAGE)


def outcome_text(one: Result, names: Mapping[str, str]) -> str:
    """得分和等次 In words: "得分71分，等次为“60至79分”"."""
    if one.why == Result.Why.EXEMPT:
        return "经批准免评，不定等次"
    score = f"得分{show(one.score)}分{'（清零）' if one.is_zeroed else ''}"
    return f"{score}，不定等次（{WHY[one.why]}）" if one.why else f"{score}，等次为“{names.get(one.tier, one.tier)}”"


# ------------------------------------------------------------------ who was told


@dataclass(frozen=True, slots=True)
class Mark:
    """到会和送达 Present or not (None: not recorded); when and how the statement was handed over."""

    was_present: bool | None = None
    handed_on: date | None = None
    handed_how: str = ""


@operation("results.record_told")
def record_told(*, actor: AnyActor, announcement_id: int, seal: str, marks: Mapping[int, Mark]) -> Announcement:
    """登记到会和送达 For many members in one go, by row of the announcement; what is not among `marks` stays. May be
    corrected until the cycle is filed. `seal` is what stood recorded of their branches when the page was opened."""
    seen = queries.get_announcement(actor, announcement_id)
    held = Announcement.objects.select_for_update(of=("self",)).select_related("unit", "settlement").get(pk=seen.pk)
    rows = {one.pk: one for one in queries.told_of(actor, held)}
    if not marks or not marks.keys() <= rows.keys():
        raise NotVisible
    chosen = [rows[number] for number in marks]
    for one in chosen:
        require_record_told(actor, held.unit, one.result.branch)
    _require_latest(held)
    if seal != queries.seal_of(held, {one.result.branch_id for one in chosen}):
        raise DomainError("stale", "您打开这一页以后，另有人登记过。请重新打开，核对后再登记。")
    _require_unfiled(chosen, held)
    faults = [fault for one in chosen for fault in _faults(one, marks[one.pk], held)]
    if faults:
        raise BadInput(faults)
    for one in chosen:
        mark = marks[one.pk]
        one.was_present, one.handed_on, one.handed_how = mark.was_present, mark.handed_on, mark.handed_how.strip()
    Told.objects.bulk_update(chosen, ["was_present", "handed_on", "handed_how"])
    return held


def _require_latest(held: Announcement) -> None:
    if not queries.is_latest(held):
        raise DomainError("told_anew", "评定更正以后已经重新通报，这一次的记录不再改动。请在最近的一次通报上登记。")


def _require_unfiled(rows: list[Told], held: Announcement) -> None:
    filed = queries.closed_among([one.result.member_id for one in rows], Cycle(held.first_on, held.last_on))
    if filed:
        raise DomainError("filed", f"这个周期已备案（{next(iter(filed.values()))}），通报的记录不再更改。")


def _faults(one: Told, mark: Mark, held: Announcement) -> list[Fault]:
    name = one.result.member.name
    if bool(mark.handed_on) != bool(mark.handed_how.strip()):
        return [Fault(name, "告知单怎样送达、哪一天送达，请两项都填，或都不填。")]
    if len(mark.handed_how) > 40:
        return [Fault(name, "送达方式请写在40个字以内。")]
    if mark.handed_on and not held.settlement.made_on <= mark.handed_on <= clock.today():
        return [Fault(name, f"送达日期请填{_day(held.settlement.made_on)}（评定算好）至今天之间的一天。")]
    return []


# ------------------------------------------------------------------ what the member says


@operation("results.answer_result", tell=("answer",))
def answer_result(
    *, actor: AnyActor, told_id: int, answer: str, words: str = "", answered_on: date | None = None
) -> Told:
    """答复评定结果 By the member: confirmed, or dissenting in its own words; or entered for it from its signed slip,
    with the slip's day. Until the cycle is filed the last answer counts; the member's own, nobody else changes."""
    one = (
        Told.objects.select_for_update(of=("self",))
        .select_related("announcement__unit", "announcement__settlement", "result__member", "result__branch")
        .filter(pk=told_id)
        .first()
    )
    if one is None:
        raise NotVisible
    is_own = actor.number is not None and one.result.member.user_id == actor.number
    held = one.announcement
    if not is_own:
        queries.get_told(actor, told_id)
        require_record_told(actor, held.unit, one.result.branch)
    _require_latest(held)
    _require_unfiled([one], held)
    if not is_own and one.answer and one.entered_by_number is None:
        raise DomainError("answered_itself", "本人已经自己答复，不能代为更改。要更改的，请本人在自己的页面上办理。")
    day = clock.today() if is_own or answered_on is None else answered_on
    _require_answer(answer, words.strip(), day, held)
    one.answer, one.answered_on = answer, day
    one.words = words.strip() if answer == Told.Answer.DISSENTS else ""
    one.entered_by_number = None if is_own else actor.number
    one.save(update_fields=["answer", "words", "answered_on", "entered_by_number"])
    if answer == Told.Answer.DISSENTS:
        _tell_announcers(one)
    if not is_own:
        _tell_entered(one)
    return one


def _require_answer(answer: str, words: str, day: date, held: Announcement) -> None:
    if answer not in Told.Answer.values:
        raise bad("答复", "请选择“无异议”或“有不同意见”。")
    if answer == Told.Answer.DISSENTS and not words:
        raise bad("不同意见", "请写明哪里有不同意见，例如哪一项、哪一天、应当怎样。")
    if len(words) > 500:
        raise bad("不同意见", "请写在500个字以内；更多的材料可以另交支部。")
    if not held.settlement.made_on <= day <= clock.today():
        raise bad("答复日期", f"请填{_day(held.settlement.made_on)}（评定算好）至今天之间的一天。")


def _tell_announcers(one: Told) -> None:
    """Who announces learns that somebody dissents; who it is stands on the page alone."""
    held = one.announcement
    unit, cycle = held.unit, cycle_text(Cycle(held.first_on, held.last_on))
    posts = Grant.objects.filter(holds_on(clock.today()), organisation=unit, role__in=TABLE[Act.ANNOUNCE])
    tell_all(
        sorted(set(posts.values_list("user_id", flat=True))),
        "results.dissent",
        str(one.pk),
        "有党员对年度评定有不同意见",
        f"{unit.name}{cycle}评定通报后，有一名党员提出不同意见。"
        "请打开查看，当面听取；确有差错的，在以后的考评表上更正后重新评定。",
        f"/results/announcements/{held.pk}/",
    )


def _tell_entered(one: Told) -> None:
    said = one.get_answer_display()
    tell(
        one.result.member.user_id,
        "results.answer_entered",
        f"{one.pk}:{one.answer}:{one.answered_on}",
        "已代您登记对评定结果的答复",
        f"据您签名的回执，已登记为“{said}”。与您的意思不符的，请打开自己改。",
        OWN_PAGE,
    )
