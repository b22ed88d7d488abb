"""表扬名单的写入 From an announcement: drafted, each asked whether it may be named, decided by a second person."""

from collections.abc import Collection

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.conduct.policies import is_self
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.messages.services import tell
from pioneer.nominations import policies, queries
from pioneer.nominations.eligibility import commending
from pioneer.nominations.models import Commendation, Commended
from pioneer.results.models import Announcement, Result, Settlement, Told
from pioneer.rulebook.queries import current_rulebook, deadline, parsed

State = Commendation.State
Answer = Commended.Answer
GONE = "已离开本组织"


@operation("nominations.draft_commendation")
def draft_commendation(*, actor: AnyActor, announcement_id: int) -> Commendation:
    """拟定表扬名单 Of the announced results in a tier that the rulebook commends, without who has died or left. Each is
    told and asked whether it may be named."""
    held = Announcement.objects.select_related("unit").filter(pk=announcement_id).first()
    if held is None or not any(held.unit.path.startswith(path) for path in paths(actor, Act.SEE_ROSTER)):
        raise NotVisible
    policies.require_draft(actor, held.unit)
    Announcement.objects.select_for_update(of=("self",)).get(pk=held.pk)  # two drafts come one after the other
    if Commendation.objects.filter(announcement=held).exists():
        raise DomainError("drafted_already", "这次通报的表扬名单已经拟定，请打开那份名单办理。")
    if Announcement.objects.filter(unit=held.unit, first_on=held.first_on, pk__gt=held.pk).exists():
        raise DomainError("not_latest", "这个周期后来又通报过一次，请按最近一次通报拟定。")
    made = Settlement.objects.select_related("version").get(pk=held.settlement_id)
    listed = _listed(held, commending(parsed(made.version)))
    if not listed:
        raise DomainError("nobody", "这次通报的结果中，没有积分办法规定予以表扬的，不必拟定名单。")
    wait = current_rulebook(held.unit.district_number, clock.today()).procedure.statement_wait
    drafted = Commendation.objects.create(
        unit=held.unit,
        announcement=held,
        answer_until=clock.end_of(deadline(wait, clock.today())),
        drafted_by_number=actor.number,
        drafted_at=clock.now(),
    )
    for one in listed:
        person = Commended.objects.create(commendation=drafted, member_id=one.member_id, result=one, order=one.order)
        text = f"{held.unit.name}拟公开表扬您。是否公布姓名由您决定，请在{queries.last_day(drafted)}24时之前答复。"
        _tell(person, "asked", "您拟列入表扬名单", text)
    return drafted


def _listed(held: Announcement, tiers: Collection[str]) -> list[Result]:
    told = Told.objects.filter(announcement=held)
    listed = Result.objects.filter(pk__in=told.values("result"), tier__in=tiers, is_zeroed=False)
    found = listed.exclude(member__in=queries.gone_today().values("member"))
    return list(found.select_related("member").order_by("order"))


@operation("nominations.answer_commendation")
def answer_commendation(*, actor: AnyActor, commended_id: int, is_willing: bool, how: str = "") -> Commended:
    """答复可否公布姓名 By the member, or taken down for it, saying how. It may think again until the list is issued."""
    found = queries.get_own_commended(actor, commended_id)
    shown = Commendation.objects.select_for_update().get(pk=found.commendation_id)
    one = (
        Commended.objects.select_related("member", "commendation__unit")
        .select_for_update(of=("self",))
        .get(pk=found.pk)
    )
    policies.require_take_down(actor, one.commendation.unit, one.member)
    if shown.state == State.ISSUED:
        raise DomainError("issued_already", "名单已经发布，不能再改。有不同意见的，请向村（社区）党组织提出。")
    own = is_self(actor, one.member)
    if not own and not how.strip():
        raise bad("如何答复", "请写明本人是怎样答复的，例如“当面口头答复，1月20日”。")
    one.answer = Answer.WILLING if is_willing else Answer.DECLINED
    one.answer_how = "" if own else f"代录：{how.strip()}"[:120]
    one.answered_by_number, one.answered_at = actor.number, clock.now()
    one.save()
    if not own:
        said = f"录入的是“{one.get_answer_display()}”。"
        _tell(one, "answered", "您的答复已代为录入", said, f"{one.answered_at:%Y%m%d%H%M%S}")
    return one


@operation("nominations.issue_commendation")
def issue_commendation(
    *, actor: AnyActor, commendation_id: int, named: Collection[int], reason: str = ""
) -> Commendation:
    """审定发布表扬名单 By a second person: `named` are the rows to be named. Who declined is not; to leave off
    somebody who did not decline needs the reason. From then on the list does not change."""
    found = queries.get_commendation(actor, commendation_id)
    shown = Commendation.objects.select_related("unit").select_for_update(of=("self",)).get(pk=found.pk)
    policies.require_issue(actor, shown)
    if shown.state == State.ISSUED:
        raise DomainError("issued_already", "名单已经发布，不必再办。")
    if not queries.is_answered(shown):
        raise DomainError(
            "too_early", f"还有人没有答复，请等到{queries.last_day(shown)}24时以后，或等每个人都答复以后再审定。"
        )
    here = {one.pk for one in queries.people_of(shown)}
    people = list(shown.people.select_related("member").select_for_update(of=("self",)))
    _check_named(people, here, set(named), reason)
    for one in people:
        _settle(one, one.pk in here, one.pk in named, reason)
    shown.state, shown.issued_by_number, shown.issued_at = State.ISSUED, actor.number, clock.now()
    shown.save()
    for one in people:
        if one.pk in here:
            text = "您的姓名在名单上。" if one.is_named else f"您的姓名不公布：{one.left_off or '按您的意愿'}。"
            _tell(one, "issued", "表扬名单已经发布", text)
    return shown


def _check_named(people: list[Commended], here: set[int], named: set[int], reason: str) -> None:
    if not named <= here:
        raise bad("公布姓名", "所选的人有的不在名单上，或已经离开。请刷新页面后重新勾选。")
    for one in people:
        if one.pk in named and one.answer == Answer.DECLINED:
            raise DomainError("declined", f"{one.member.name}不愿公布姓名，请取消勾选。")
    unsaid = [one for one in people if one.pk in here - named and one.answer != Answer.DECLINED]
    if unsaid and not reason.strip():
        raise bad(
            "不公布的理由", f"{'、'.join(one.member.name for one in unsaid)}没有表示不愿公布，请写明不公布的理由。"
        )
    if len(reason) > 120:
        raise bad("不公布的理由", "最多120个字。")


def _settle(one: Commended, is_here: bool, is_named: bool, reason: str) -> None:
    one.is_named = is_named
    if not is_here:
        one.left_off = GONE
    elif not is_named:
        one.left_off = "" if one.answer == Answer.DECLINED else reason.strip()
    one.is_final = True
    one.save()


def _tell(one: Commended, step: str, title: str, text: str, moment: str = "") -> None:
    """Once for each step; what may come again is told by its moment."""
    reference = f"{one.pk}-{moment}" if moment else str(one.pk)
    tell(one.member.user_id, f"nominations.commendation_{step}", reference, title, text, "/me/nominations/")
