"""抹除日常纪实 A plain function, for the ledger's erasure."""

from pioneer.conduct.models import Attendance, DeclaredRelation, Dues, EducationRecord, Leave, ZeroingCase
from pioneer.files.models import StoredFile


def erase_texts(member_id: int) -> list[StoredFile]:
    """抹除文字 Contents, grounds and statements go; that and when stays. Answers the files that were referred to."""
    EducationRecord.objects.filter(member=member_id).update(content="", shown_how="")
    DeclaredRelation.objects.filter(member=member_id).update(kind="")
    DeclaredRelation.objects.filter(relative=member_id).update(kind="")
    Leave.objects.filter(member=member_id).update(reason="", answer="")
    Attendance.objects.filter(member=member_id).update(note="")
    Dues.objects.filter(member=member_id).update(note="", fen=None)
    cases = ZeroingCase.objects.filter(member=member_id)
    files = list(StoredFile.objects.filter(pk__in=cases.filter(file__isnull=False).values("file")))
    for case in cases:  # the document's number stays unique among the member's cases
        case.file, case.issuer, case.document_number = None, "", f"已抹除{case.pk}"
        case.facts = case.statement = case.statement_how = case.told_how = ""
        case.decision_reason = case.reversal_document = ""
        case.save()
    return files
