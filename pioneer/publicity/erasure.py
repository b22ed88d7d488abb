"""抹除公示文字 A plain function, for the ledger's erasure."""

from django.db.models import Q

from pioneer.files.models import StoredFile
from pioneer.kernel import clock
from pioneer.members.models import Member
from pioneer.members.naming import erase_name
from pioneer.publicity.models import Objection, Proof, PublishedLine, PublishedMember


def erase_texts(member_id: int, user_id: int | None) -> list[StoredFile]:
    """抹除文字 Names, wordings and salts go, figures and commitments stay; of objections against the member the texts,
    of those the member made the name, and so where it put up a notice of others. A photograph of a notice shows
    everybody on it: those go, too, and that there was one stays. Answers the files that were referred to."""
    proofs = Proof.objects.filter(publication__members__member=member_id, erased_at__isnull=True)
    numbers = list(proofs.values_list("pk", flat=True))
    files = list(StoredFile.objects.filter(pk__in=proofs.exclude(file=None).values("file")))
    Proof.objects.filter(pk__in=numbers).update(file=None, link="", done_by="", withdrawn_why="", erased_at=clock.now())
    PublishedMember.objects.filter(member=member_id).update(name="", note="", salt="")
    PublishedLine.objects.filter(member=member_id).update(wording="", reason="", salt="")
    about = Q(line__member=member_id) | Q(review__declaration__member=member_id)
    concerning = Objection.objects.filter(pk__in=Objection.objects.filter(about).values("pk"))
    concerning.update(
        text="", answer="", public_answer="", final_answer="", escalated_why="", new_wording="",
        objector_name="", objector_contact="",
    )  # fmt: skip
    member = Member.objects.select_related("district").get(pk=member_id)
    here = member.district.path
    own = Q(objector_name=member.name, publication__sheet__branch__path__startswith=here)
    if user_id is not None:
        own |= Q(objector_number=user_id)
    Objection.objects.filter(own).update(objector_name="", objector_contact="")
    erase_name(Proof.objects.filter(publication__sheet__branch__path__startswith=here), "done_by", member)
    return files
