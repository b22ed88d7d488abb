"""抹除公示文字 A plain function, for the ledger's erasure."""

from django.db.models import Q

from pioneer.publicity.models import Objection, PublishedLine, PublishedMember


def erase_texts(member_id: int, user_id: int | None) -> None:
    """抹除文字 Names, wordings and salts go, figures and commitments stay; of objections against the member the texts,
    of those the member made the name."""
    PublishedMember.objects.filter(member=member_id).update(name="", note="", salt="")
    PublishedLine.objects.filter(member=member_id).update(wording="", reason="", salt="")
    about = Q(line__member=member_id) | Q(review__declaration__member=member_id)
    concerning = Objection.objects.filter(pk__in=Objection.objects.filter(about).values("pk"))
    concerning.update(
        text="", answer="", public_answer="", final_answer="", escalated_why="", new_wording="",
        objector_name="", objector_contact="",
    )  # fmt: skip
    if user_id is not None:
        Objection.objects.filter(objector_number=user_id).update(objector_name="", objector_contact="")
