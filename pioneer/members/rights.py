"""本人的权利 What is held about a person: taken away by it, and erased when the time has come."""

from pioneer.accounts import following
from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock, encryption
from pioneer.kernel.errors import NotVisible
from pioneer.kernel.operations import operation
from pioneer.members import import_bundles, queries
from pioneer.members.dossier import Section, sections_of
from pioneer.members.models import Exemption, Member, Rectification, StatusSpell, Transfer


@operation("members.take_away")
def take_away(*, actor: AnyActor) -> list[Section]:
    """带走全部记录 By the member itself: all that this station holds about it, the identity number in full."""
    member = queries.member_of(actor.number)
    if member is None:
        raise NotVisible
    number = encryption.decrypt(bytes(member.identity_sealed)) if member.identity_sealed is not None else ""
    return sections_of(member, identity=number or member.identity_missing_why)


def erase_texts(member: Member) -> Member:
    """删除文字 Everything said about a person goes; the key, the number and the days stay, so that the books add up."""
    gone = "已删除"
    member.name, member.erased_at = gone, clock.now()
    member.identity_sealed = member.identity_lookup = member.birth_on = None
    for name in (
        "identity_shown",
        "identity_missing_why",
        "sex",
        "phone",
        "nation",
        "education",
        "note",
        "floating_to",
    ):
        setattr(member, name, "")
    member.save()
    StatusSpell.objects.filter(member=member).update(document="")
    Transfer.objects.filter(member=member).exclude(to_outside="").update(to_outside=gone)
    Transfer.objects.filter(member=member).update(document="", reason="")
    Exemption.objects.filter(member=member).update(explanation="", reason="")
    Rectification.objects.filter(member=member).update(before={}, reason="")
    import_bundles.erase(member)
    if member.user is not None:
        following.erase_user(member.user)
    return member
