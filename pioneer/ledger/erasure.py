"""抹除 Years after a member has gone, what is said of it goes; the books still add up and verify."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from importlib import import_module

from django.conf import settings

from pioneer.accounts.policies import AnyActor
from pioneer.assessments import erasure as assessments
from pioneer.conduct import erasure as conduct
from pioneer.declarations import erasure as declarations
from pioneer.files.erasure import discard
from pioneer.files.models import StoredFile
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.operations import operation
from pioneer.ledger import policies
from pioneer.ledger.models import EntryText
from pioneer.members import rights as members
from pioneer.members.models import GONE, Member, StatusSpell
from pioneer.messages import erasure as messages
from pioneer.publicity import erasure as publicity
from pioneer.rulebook.queries import current_rulebook, deadline

EraseTexts = Callable[[int], Iterable[StoredFile]]  # of a member; answers the files that were referred to


@operation("ledger.erase_member")
def erase_member(*, actor: AnyActor, member_id: int) -> Member:
    """抹除党员文字 Of a member gone for as long as the rulebook says. Names, grounds, wordings, claims with their
    evidence and messages go, in every station; the member's key, indicators, points and days stay."""
    member = (
        Member.objects.select_for_update(of=("self",)).select_related("district", "user").filter(pk=member_id).first()
    )
    if member is None or not any(member.district.path.startswith(held.path) for held in actor.grants):
        raise NotVisible
    policies.require_erase(actor, member, member.district)
    if member.erased_at is not None:
        return member
    _require_long_gone(member)
    user = member.user
    files = [*declarations.erase_texts(member.pk), *conduct.erase_texts(member.pk)]
    assessments.erase_texts(member.pk)
    for erase_texts in later():
        files += erase_texts(member.pk)
    files += publicity.erase_texts(member.pk, user.pk if user else None)
    texts = EntryText.objects.filter(entry__member_key=member.key)
    texts.update(salt="", wording="", ground="", erased_at=clock.now())
    if user is not None:
        messages.erase_texts(user.pk)
    members.erase_texts(member)
    discard(files)
    return member


def later() -> Iterator[EraseTexts]:
    """此后各站的抹除 What each station after the ledger does, in its module `erasure`; one that has none fails here."""
    stations = list(settings.STATIONS)
    for name in stations[stations.index("pioneer.ledger") + 1 :]:
        yield import_module(f"{name}.erasure").erase_texts


def gone_since(member: Member) -> date | None:
    """离开之日 None for who is still on the roster."""
    last = StatusSpell.objects.filter(member=member, from_on__lte=clock.today()).order_by("-from_on").first()
    return last.from_on if last is not None and last.status in GONE else None


def _require_long_gone(member: Member) -> None:
    since = gone_since(member)
    if since is None:
        raise DomainError(
            "still_here", f"{member.name}还在花名册上，不能抹除。只有离开满规定年限的党员，文字才可以抹除。"
        )
    keep = current_rulebook(member.district_id, clock.today()).procedure.erasure
    due = deadline(keep, since)
    if clock.today() < due:
        raise DomainError(
            "too_early",
            f"{member.name}{since.year}年{since.month}月{since.day}日离开，文字保留到{due.year}年{due.month}月{due.day}日"
            f"（办法{keep.clause}）。请在那以后办理。",
        )
