"""抹除推荐的文字 A plain function: what was said of the member goes; that it was proposed and how it ended stays."""

from pioneer.files.models import StoredFile
from pioneer.kernel.erased import ERASED
from pioneer.members.models import Member
from pioneer.nominations.models import Check, Commended, Nomination, Objection, Opinion


def erase_texts(member_id: int) -> list[StoredFile]:
    """抹除文字 Grounds, wordings, opinions, notes, objections with their objectors, and how it was answered; its name
    where it gave an opinion, checked, or objected in what concerns others."""
    Commended.objects.filter(member=member_id).update(answer_how="", left_off="")
    Nomination.objects.filter(member=member_id).update(
        grounds="", wording="", answer_how="", withdrawn_reason="", reason=""
    )
    Opinion.objects.filter(nomination__member=member_id).update(text="")
    Check.objects.filter(nomination__member=member_id).update(note="")
    Objection.objects.filter(nomination__member=member_id).update(
        text="", objector_name="", objector_contact="", answer=""
    )
    member = Member.objects.get(pk=member_id)
    if member.user_id is not None:
        Opinion.objects.filter(by_number=member.user_id).exclude(by_name="").update(by_name=ERASED)
        Check.objects.filter(by_number=member.user_id).exclude(by_name="").update(by_name=ERASED)
    own = Objection.objects.filter(objector_name=member.name, nomination__member__district=member.district_id)
    own.update(objector_name="", objector_contact="")
    return []
