"""推荐的读取 Calls, nominations and commendation lists, as far as each actor sees them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from pioneer.accounts.models import User
from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.conduct.queries import those_to_step_aside
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members.models import GONE, StatusSpell
from pioneer.members.queries import covering
from pioneer.nominations import policies
from pioneer.nominations.models import Call, Check, Commendation, Commended, Nomination, Notice, Objection, Opinion
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import along_tree, in_tree_order
from pioneer.results.models import Announcement

State = Nomination.State
OPEN = (State.PROPOSED, State.AGREED)
LISTED = (*OPEN, State.CHOSEN, State.NOT_CHOSEN)
DECIDED = (State.CHOSEN, State.NOT_CHOSEN)
READS = (Act.NOMINATE, Act.GIVE_OPINION, Act.ANSWER_OBJECTION, Act.SEE_OVERVIEW)


def reading(actor: AnyActor) -> list[str]:
    """看得到推荐的范围 Who proposes, answers, opines, decides or audits; a recorder does not."""
    return sorted({path for act in READS for path in paths(actor, act)})


def _below(subtrees: Iterable[str], field: str) -> Q:
    seen = Q(pk__in=[])
    for path in subtrees:
        seen |= Q(**{f"{field}__startswith": path})
    return seen


def gone_today() -> QuerySet[StatusSpell]:
    """已经离开的 Deceased, left, removed, transferred out: on no list any more."""
    return StatusSpell.objects.filter(covering(clock.today()), status__in=GONE)


# ------------------------------------------------------------------ calls


def calls_visible_to(actor: AnyActor) -> QuerySet[Call]:
    """看得到的推荐通知 Of the organisations one stands below, at, or above."""
    seen = Q(pk__in=[])
    for path in reading(actor):
        seen |= Q(organisation__path__startswith=path)
        seen |= Q(organisation__in=[int(part) for part in path.strip("/").split("/") if part])
    return Call.objects.filter(seen).select_related("organisation")


def get_call(actor: AnyActor, call_id: int) -> Call:
    """一份推荐通知"""
    found = calls_visible_to(actor).filter(pk=call_id).first()
    if found is None:
        raise NotVisible
    return found


def call_places(actor: AnyActor) -> list[Organisation]:
    """可发通知的组织 The townships and districts at which the actor decides."""
    within = _below(paths(actor, Act.DECIDE_NOMINATION), "path")
    levels = (Organisation.Level.TOWNSHIP, Organisation.Level.DISTRICT)
    return in_tree_order(Organisation.objects.filter(within, level__in=levels, closed_on__isnull=True))


def is_open(call: Call) -> bool:
    """是否在提名期"""
    return call.withdrawn_at is None and call.opens_on <= clock.today() <= call.closes_on


def branches_of(actor: AnyActor, call: Call) -> list[Organisation]:
    """可看资格的支部 Below the call, where the actor reads nominations."""
    within = _below(reading(actor), "path")
    found = Organisation.objects.filter(within, path__startswith=call.organisation.path, is_branch=True)
    return in_tree_order(found.filter(closed_on__isnull=True).select_related("parent"))


def branch_for(actor: AnyActor, call: Call, branch_id: int) -> Organisation:
    """一个支部 NotVisible where it is not below the call, or not the actor's to see."""
    found = next((one for one in branches_of(actor, call) if one.pk == branch_id), None)
    if found is None:
        raise NotVisible
    return found


# ------------------------------------------------------------------ nominations


def visible_to(actor: AnyActor) -> QuerySet[Nomination]:
    """看得到的人选 Of the branches one reads, and oneself."""
    mine = Q(member__user=actor.number) if actor.number is not None else Q(pk__in=[])
    found = Nomination.objects.filter(_below(reading(actor), "branch__path") | mine)
    return found.select_related("member", "branch__parent", "call__organisation", "notice")


def get_nomination(actor: AnyActor, nomination_id: int) -> Nomination:
    """一位人选"""
    found = visible_to(actor).filter(pk=nomination_id).first()
    if found is None:
        raise NotVisible
    return found


def of_call(actor: AnyActor, call: Call) -> QuerySet[Nomination]:
    """一份通知的人选 Branch by branch in the order of the roster, whoever has died left out until it is decided."""
    found = visible_to(actor).filter(call=call)
    return found.exclude(Q(member__in=gone_today().values("member")) & ~Q(state__in=DECIDED))


def shown_in(notice: Notice) -> list[Nomination]:
    """公示的人选 Those of a notice who still stand, whoever has died or left out of it."""
    found = Nomination.objects.filter(notice=notice, state__in=LISTED).exclude(member__in=gone_today().values("member"))
    found = found.select_related("member", "branch").order_by("member__position", "member_id")
    return along_tree(found, lambda one: one.branch)


def own(user_number: int | None) -> QuerySet[Nomination]:
    """本人的推荐"""
    found = Nomination.objects.filter(member__user=user_number) if user_number else Nomination.objects.none()
    return found.select_related("member", "branch", "call__organisation", "notice").order_by("-id")


def chosen_number(call: Call) -> int:
    """已确定的人数"""
    return Nomination.objects.filter(call=call, state=State.CHOSEN).count()


@dataclass(frozen=True, slots=True)
class Asked:
    """该提的意见 An organisation and what it said, or None."""

    organisation: Organisation
    opinion: Opinion | None


def opinions_of(one: Nomination) -> list[Asked]:
    """意见 The lowest organisation first."""
    numbers = policies.asked_for_opinion(one)
    said = {opinion.organisation_id: opinion for opinion in one.opinions.all()}
    found = Organisation.objects.filter(pk__in=numbers).order_by("-path")
    return [Asked(place, said.get(place.pk)) for place in sorted(found, key=lambda place: -len(place.path))]


@dataclass(frozen=True, slots=True)
class Checked:
    """核实的一项 The sentence and its latest confirmation."""

    position: int
    text: str
    last: Check | None


def checks_of(one: Nomination) -> list[Checked]:
    """核实 The call's list with what was confirmed."""
    last = {check.position: check for check in one.checked.all()}
    return [Checked(place, text, last.get(place)) for place, text in enumerate(one.call.checks)]


def objections_of(actor: AnyActor, one: Nomination) -> list[tuple[Objection, bool]]:
    """异议 With whether the actor answers it, which is also whether it sees the objector's name."""
    return [
        (found, policies.may_answer(actor, found))
        for found in one.objections.select_related("organisation", "nomination__member")
    ]


def names_behind(numbers: Iterable[int | None]) -> dict[int, str]:
    """经办人 Names by number."""
    return dict(User.objects.filter(pk__in=[one for one in numbers if one]).values_list("pk", "name"))


def window_is_over(one: Nomination) -> bool:
    """公示期是否已满"""
    return one.notice is not None and clock.now() >= clock.end_of(one.notice.last_on)


# ------------------------------------------------------------------ what waits


def waiting_for_opinion(actor: AnyActor) -> list[Nomination]:
    """待提意见 Agreed ones whose community's or township's opinion the actor gives."""
    held = paths(actor, Act.GIVE_OPINION)
    if not held:
        return []
    given = Opinion.objects.filter(nomination=OuterRef("pk"), organisation__path__in=held)
    found = visible_to(actor).filter(~Exists(given), state=State.AGREED, call__withdrawn_at__isnull=True)
    return [
        one
        for one in _not_aside(actor, found)
        if any(
            int(path.strip("/").split("/")[-1]) in policies.asked_for_opinion(one) and one.branch.path.startswith(path)
            for path in held
        )
    ]


def waiting_for_decision(actor: AnyActor) -> list[Call]:
    """待公示或决定 Calls of the actor's own organisation whose proposals are all in and some not decided."""
    held = paths(actor, Act.DECIDE_NOMINATION)
    if not held:
        return []
    waits = Nomination.objects.filter(call=OuterRef("pk"), state=State.AGREED)
    found = calls_visible_to(actor).filter(Exists(waits), organisation__path__in=held, withdrawn_at__isnull=True)
    return list(found.filter(closes_on__lt=clock.today()))


def objections_waiting_for(actor: AnyActor) -> list[Objection]:
    """待答复的异议"""
    found = Objection.objects.filter(answered_at__isnull=True, nomination__in=visible_to(actor).filter(state__in=OPEN))
    found = found.select_related("nomination__member", "nomination__branch", "organisation")
    return [one for one in found if policies.may_answer(actor, one)]


def calls_to_answer(actor: AnyActor) -> list[Call]:
    """在提名期的通知 Where the actor's branch has proposed nobody yet."""
    held = paths(actor, Act.NOMINATE)
    today = clock.today()
    found = calls_visible_to(actor).filter(withdrawn_at__isnull=True, opens_on__lte=today, closes_on__gte=today)
    mine = Nomination.objects.filter(_below(held, "branch__path"))
    return list(found.exclude(pk__in=mine.values("call"))) if held else []


def _not_aside(actor: AnyActor, found: QuerySet[Nomination]) -> list[Nomination]:
    rows = list(found)
    aside = those_to_step_aside(actor, [one.member_id for one in rows])
    return [one for one in rows if one.member_id not in aside and one.proposed_by_number != actor.number]


# ------------------------------------------------------------------ commendation lists


def commendations_visible_to(actor: AnyActor) -> QuerySet[Commendation]:
    """看得到的表扬名单 Of the units at or below one's own, and of the unit one's branch belongs to, once issued."""
    held = reading(actor)
    above = [int(part) for path in held for part in path.strip("/").split("/") if part]
    seen = _below(held, "unit__path") | Q(unit__in=above)
    return Commendation.objects.filter(seen).select_related("unit", "announcement__settlement__version")


def get_commendation(actor: AnyActor, commendation_id: int) -> Commendation:
    """一份表扬名单"""
    found = commendations_visible_to(actor).filter(pk=commendation_id).first()
    if found is None:
        raise NotVisible
    return found


def people_of(shown: Commendation) -> QuerySet[Commended]:
    """名单上的人 In the order of the roster; of a draft without who has died or left since."""
    found = shown.people.select_related("member", "result__branch").order_by("order")
    if shown.state == Commendation.State.ISSUED:
        return found
    return found.exclude(member__in=gone_today().values("member"))


def announcements_to_commend(actor: AnyActor) -> list[Announcement]:
    """可拟名单的通报 The latest of each unit and cycle, where no list was drafted yet and the actor may draft one."""
    found = Announcement.objects.filter(_below(paths(actor, Act.NOMINATE), "unit__path"))
    later = Announcement.objects.filter(unit=OuterRef("unit"), first_on=OuterRef("first_on"), pk__gt=OuterRef("pk"))
    drafted = Commendation.objects.filter(announcement=OuterRef("pk"))
    rows = found.filter(~Exists(later), ~Exists(drafted)).select_related("unit", "settlement__version")
    return along_tree(rows.order_by("-first_on"), lambda one: one.unit)


def lists_to_issue(actor: AnyActor) -> list[Commendation]:
    """待审定的名单 Whose time to answer is over, or everybody has answered, and the actor is a second person."""
    found = commendations_visible_to(actor).filter(state=Commendation.State.DRAFT)
    return [one for one in found if policies.can(policies.require_issue, actor, one) and is_answered(one)]


def is_answered(shown: Commendation) -> bool:
    """答复是否已齐 Everybody has answered, or the time is over."""
    return clock.now() >= shown.answer_until or not people_of(shown).filter(answer="").exists()


def own_commended(user_number: int | None) -> QuerySet[Commended]:
    """本人在表扬名单上"""
    found = Commended.objects.filter(member__user=user_number) if user_number else Commended.objects.none()
    return found.select_related("commendation__unit", "commendation__announcement", "member").order_by("-id")


def get_own_commended(actor: AnyActor, commended_id: int) -> Commended:
    """名单上的一位 The member itself, or who sees the list."""
    found = Commended.objects.select_related("commendation__unit", "member", "commendation__announcement")
    one = found.filter(pk=commended_id).first()
    if one is None or not (
        (actor.number is not None and one.member.user_id == actor.number)
        or commendations_visible_to(actor).filter(pk=one.commendation_id).exists()
    ):
        raise NotVisible
    return one


def last_day(shown: Commendation) -> str:
    """答复的最后一天"""
    last = (shown.answer_until - timedelta(seconds=1)).astimezone(clock.SHANGHAI).date()
    return f"{last.year}年{last.month}月{last.day}日"
