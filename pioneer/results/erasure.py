"""抹除年度评定 A plain function, for the ledger's erasure."""

from pioneer.files.models import StoredFile
from pioneer.results.models import OutsideMark, Told


def erase_texts(member_id: int) -> list[StoredFile]:
    """抹除文字 What a member said of its results goes, and why marks from outside the points were changed; that and
    when it answered, and the marks, stay. Of a former result nothing is said but the result."""
    Told.objects.filter(result__member=member_id).update(words="", handed_how="")
    OutsideMark.objects.filter(member=member_id).update(basis="", reason="")
    return []
