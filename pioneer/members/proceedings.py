"""转接与免评的读取 Transfers and exemptions: who sees them, what waits for whom."""

from django.db.models import Q, QuerySet

from pioneer.accounts.models import Grant
from pioneer.accounts.policies import TABLE, Act, AnyActor, paths
from pioneer.accounts.queries import holds_on
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members.models import Exemption, Member, Transfer
from pioneer.members.queries import last_within, visible_to
from pioneer.organisations.models import Organisation


def transfers_visible_to(actor: AnyActor) -> QuerySet[Transfer]:
    """看得到的转接 One's own; those from and to the branches whose roster the actor sees."""
    seen = Q(member__user_id=actor.number) if actor.number is not None else Q(pk__in=[])
    for path in paths(actor, Act.SEE_ROSTER):
        seen |= Q(from_branch__path__startswith=path) | Q(to_branch__path__startswith=path)
    return Transfer.objects.filter(seen).select_related("member", "from_branch", "to_branch")


def get_transfer(actor: AnyActor, transfer_id: int) -> Transfer:
    """取一项转接 NotVisible where the actor may not see it."""
    found = transfers_visible_to(actor).filter(pk=transfer_id).first()
    if found is None:
        raise NotVisible
    return found


def transfers_waiting(actor: AnyActor) -> list[Transfer]:
    """待接收的 That the actor may accept: to its branches, or out of them; never its own."""
    to, out = Q(pk__in=[]), Q(pk__in=[])
    for path in paths(actor, Act.PROPOSE_TRANSFER):
        to |= Q(to_branch__path__startswith=path)
        out |= Q(to_branch__isnull=True, from_branch__path__startswith=path)
    mine = Q(member__in=Member.objects.filter(user=actor.number or 0))
    out &= Q(proposed_by_number__isnull=True) | ~Q(proposed_by_number=actor.number)
    waiting = Transfer.objects.filter(to | out, state=Transfer.State.PROPOSED).exclude(mine)
    return list(waiting.select_related("member", "from_branch", "to_branch").order_by("created_at", "id"))


def exemptions_visible_to(actor: AnyActor) -> QuerySet[Exemption]:
    """看得到的免评 Of the members the actor sees."""
    return Exemption.objects.filter(member__in=visible_to(actor).order_by().values("pk")).select_related("member")


def get_exemption(actor: AnyActor, exemption_id: int) -> Exemption:
    """取一份免评申请 NotVisible where the actor may not see it."""
    found = exemptions_visible_to(actor).filter(pk=exemption_id).first()
    if found is None:
        raise NotVisible
    return found


def exemptions_to_agree(actor: AnyActor) -> list[Exemption]:
    """待支部审核的免评"""
    return _exemptions_waiting(actor, Act.AGREE_EXEMPTION, Exemption.State.APPLIED)


def exemptions_to_approve(actor: AnyActor) -> list[Exemption]:
    """待乡镇（街道）批准的免评 Without those whose former step was the actor's own."""
    waiting = _exemptions_waiting(actor, Act.APPROVE_EXEMPTION, Exemption.State.BRANCH_AGREED)
    return [one for one in waiting if actor.number not in (one.branch_by_number, one.applied_by_number)]


def _exemptions_waiting(actor: AnyActor, act: Act, state: str) -> list[Exemption]:
    subtrees = paths(actor, act)
    if not subtrees:
        return []
    waiting = Exemption.objects.filter(state=state, member__in=last_within(subtrees))
    waiting = waiting.exclude(member__in=Member.objects.filter(user=actor.number or 0))
    return list(waiting.select_related("member").order_by("applied_at", "id"))


def others_may_agree(branch: Organisation, member: Member) -> bool:
    """支部有无他人可审核 Whether somebody of the branch besides the member may agree to its exemption."""
    holders = Grant.objects.filter(holds_on(clock.today()), organisation=branch, role__in=TABLE[Act.AGREE_EXEMPTION])
    return holders.filter(user__is_active=True).exclude(user=member.user_id or 0).exists()
