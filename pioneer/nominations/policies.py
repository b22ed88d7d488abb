"""推荐的权限 Who proposes, answers, gives an opinion, checks, shows, decides. Recusal follows the person."""

from pioneer.accounts.policies import TABLE, Act, AnyActor, may, require
from pioneer.conduct.policies import is_self as is_self  # pages ask here
from pioneer.conduct.policies import require_not_aside
from pioneer.conduct.queries import must_step_aside
from pioneer.conduct.queries import those_to_step_aside as those_to_step_aside
from pioneer.kernel.errors import NotAllowed
from pioneer.members.models import Member
from pioneer.nominations.models import Call, Commendation, Nomination, Objection
from pioneer.organisations.models import Organisation

Level = Organisation.Level
SECOND = "表扬名单须由另一个人审定发布：名单是您拟的。请由本组织的另一位负责同志，或上一级党务工作者审定。"


# ------------------------------------------------------------------ the commendation list


def require_draft(actor: AnyActor, unit: Organisation) -> None:
    """须可拟定表扬名单"""
    require(actor, Act.NOMINATE, unit)


def may_second(actor: AnyActor, unit: Organisation) -> bool:
    """可否作第二人 Whoever confirms in the unit, or above it."""
    return may(actor, Act.CONFIRM, unit) or may(actor, Act.CONFIRM_ABOVE, unit)


def require_issue(actor: AnyActor, shown: Commendation) -> None:
    """须可审定 A second person, who neither stands on the list nor is the relative of somebody on it."""
    if not may_second(actor, shown.unit):
        require(actor, Act.CONFIRM_ABOVE, shown.unit)
    if actor.number == shown.drafted_by_number:
        raise NotAllowed(SECOND, code="two_people")
    require_aside_for(actor, [one.member_id for one in shown.people.all()])


def require_take_down(actor: AnyActor, unit: Organisation, member: Member) -> None:
    """须可代录答复 The member itself, or for it who drafts or decides in the unit."""
    if is_self(actor, member):
        return
    if not may_second(actor, unit):
        require(actor, Act.NOMINATE, unit)
    require_not_aside(must_step_aside(actor, member))


def require_aside_for(actor: AnyActor, member_ids: list[int]) -> None:
    """须不在应回避之列 Of several people at once."""
    require_not_aside(next(iter(those_to_step_aside(actor, member_ids).values()), None))


# ------------------------------------------------------------------ nominations


def require_call(actor: AnyActor, organisation: Organisation) -> None:
    """须可发推荐通知 A township's or the district's own."""
    if organisation.level not in (Level.TOWNSHIP, Level.DISTRICT):
        raise NotAllowed("推荐通知由乡镇（街道）或区委发出。")
    require(actor, Act.DECIDE_NOMINATION, organisation)


def require_propose(actor: AnyActor, member: Member, branch: Organisation) -> None:
    """须可提名"""
    require(actor, Act.NOMINATE, branch)
    require_not_aside(must_step_aside(actor, member))


def require_record_answer(actor: AnyActor, one: Nomination) -> None:
    """须可代录本人答复 By the branch, another person than who proposed."""
    require(actor, Act.NOMINATE, one.branch)
    _require_other_than_proposer(actor, one, "代录本人的答复")
    require_not_aside(must_step_aside(actor, one.member))


def asked_for_opinion(one: Nomination) -> list[int]:
    """该提意见的组织 What stands between the branch and who calls: its community, its township."""
    line = [int(part) for part in one.branch.path.strip("/").split("/")]
    return line[line.index(one.call.organisation_id) + 1 : -1]


def gives_opinion_for(actor: AnyActor, organisation: Organisation) -> bool:
    """可否代表该组织提意见 Who holds the post there itself: above, others give theirs."""
    return any(held.role in TABLE[Act.GIVE_OPINION] and held.path == organisation.path for held in actor.grants)


def require_opinion(actor: AnyActor, one: Nomination, organisation: Organisation) -> None:
    """须可提意见"""
    if not gives_opinion_for(actor, organisation):
        raise NotAllowed(f"这条意见由{organisation.name}的党务工作者提出，您目前没有这项任职。")
    _require_other_than_proposer(actor, one, "提意见")
    require_not_aside(must_step_aside(actor, one.member))


def may_check(actor: AnyActor, one: Nomination) -> bool:
    """可否核实 Officers of the branch's township or above: they see what a branch does not."""
    line = one.branch.path.strip("/").split("/")
    township = "/" + "/".join(line[:2]) + "/"
    return any(held.role in TABLE[Act.DECIDE_NOMINATION] and township.startswith(held.path) for held in actor.grants)


def require_check(actor: AnyActor, one: Nomination) -> None:
    """须可核实"""
    if not may_check(actor, one):
        raise NotAllowed("核实由乡镇（街道）或区委的党务工作者办理，您目前没有这项任职。")
    _require_other_than_proposer(actor, one, "核实")
    require_not_aside(must_step_aside(actor, one.member))


def receives_at(actor: AnyActor, organisation: Organisation) -> bool:
    """可否收异议 At a branch who answers objections there, at the caller who decides there."""
    act = Act.ANSWER_OBJECTION if organisation.is_branch else Act.DECIDE_NOMINATION
    return may(actor, act, organisation)


def require_receive(actor: AnyActor, one: Nomination, organisation: Organisation) -> None:
    """须可登记异议"""
    if not receives_at(actor, organisation):
        raise NotAllowed(f"异议由收到的组织登记：{organisation.name}的负责同志办理，您目前没有这项任职。")
    require_not_aside(must_step_aside(actor, one.member))


def may_answer(actor: AnyActor, found: Objection) -> bool:
    """可否答复异议 At the organisation it went to; who proposed the nomination does not, nor who must step aside."""
    one = found.nomination
    return (
        receives_at(actor, found.organisation)
        and actor.number != one.proposed_by_number
        and must_step_aside(actor, one.member) is None
    )


def require_answer(actor: AnyActor, found: Objection) -> None:
    """须可答复异议"""
    require_receive(actor, found.nomination, found.organisation)
    _require_other_than_proposer(actor, found.nomination, "答复异议")


def require_show(actor: AnyActor, call: Call, people: list[Nomination]) -> None:
    """须可公示人选"""
    require_call(actor, call.organisation)
    require_aside_for(actor, [one.member_id for one in people])


def require_decide(actor: AnyActor, one: Nomination) -> None:
    """须可决定 Another person than who proposed and than who gave an opinion."""
    require(actor, Act.DECIDE_NOMINATION, one.call.organisation)
    _require_other_than_proposer(actor, one, "决定")
    if one.opinions.filter(by_number=actor.number).exists():
        raise NotAllowed("您已经对这位人选提过意见，决定须由另一位同志作出。", code="two_people")
    require_not_aside(must_step_aside(actor, one.member))


def require_withdraw(actor: AnyActor, one: Nomination) -> None:
    """须可撤回推荐 The branch."""
    require(actor, Act.NOMINATE, one.branch)
    require_not_aside(must_step_aside(actor, one.member))


def _require_other_than_proposer(actor: AnyActor, one: Nomination, what: str) -> None:
    if actor.number == one.proposed_by_number:
        raise NotAllowed(f"这位人选是您提出的，{what}须由另一位同志办理。", code="two_people")


def can(require_it: object, *args: object) -> bool:
    """可否 Whether one of the questions above would let the actor through; for showing a form or not."""
    assert callable(require_it)
    try:
        require_it(*args)
    except NotAllowed:
        return False
    return True
