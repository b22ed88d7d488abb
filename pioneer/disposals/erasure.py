"""抹除组织处置 A plain function, for the erasure of who left long ago."""

from pioneer.disposals.models import Case, ExemptionAnswer, Finding, LeftOut, Reply, StepText
from pioneer.files.models import StoredFile
from pioneer.kernel import clock
from pioneer.members.models import Member
from pioneer.members.naming import erase_name


def erase_texts(member_id: int) -> list[StoredFile]:
    """抹除文字 Causes, findings, opinions and reasons go, why the member was not counted at a meeting, and its name
    where it took part in the case of another; that, when and how it was decided stays. It holds no file."""
    now = clock.now()
    ExemptionAnswer.objects.filter(member=member_id).update(by="", reason="")
    Finding.objects.filter(member=member_id).update(
        causes=[], remarks="", told_how="", statement="", statement_how="", meeting_note="", decision_reason=""
    )
    Case.objects.filter(member=member_id).update(ended_why="")
    texts = StepText.objects.filter(step__case__member=member_id, erased_at__isnull=True)
    texts.update(people="", content="", opinion="", document="", erased_at=now)
    replies = Reply.objects.filter(step__case__member=member_id, erased_at__isnull=True)
    replies.update(content="", how="", erased_at=now)
    left_out = LeftOut.objects.filter(member=member_id, erased_at__isnull=True)
    left_out.update(ground="", note="", consent="", erased_at=now)
    member = Member.objects.get(pk=member_id)
    erase_name(StepText.objects.filter(step__case__member__district=member.district_id), "people", member)
    erase_name(ExemptionAnswer.objects.filter(member__district=member.district_id), "by", member)
    return []
