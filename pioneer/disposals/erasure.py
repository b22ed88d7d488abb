"""抹除组织处置 A plain function, for the erasure of who left long ago."""

from pioneer.disposals.models import Case, ExemptionAnswer, Finding, Reply, StepText
from pioneer.files.models import StoredFile
from pioneer.kernel import clock


def erase_texts(member_id: int) -> list[StoredFile]:
    """抹除文字 Causes, findings, opinions and reasons go; that, when and how it was decided stays. It holds no file."""
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
    return []
