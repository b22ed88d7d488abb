"""抹除年度档案 A plain function, for the ledger's erasure."""

from pioneer.archives.models import Archive
from pioneer.files.models import StoredFile
from pioneer.kernel import clock


def erase_texts(member_id: int) -> list[StoredFile]:
    """抹除文字 A package names everybody of its branch, so it goes whole; its digests and figures stay, and what is
    made anew holds what is still on record. Answers the files that were referred to."""
    kept = Archive.objects.filter(named__member=member_id, package__isnull=False)
    files = list(StoredFile.objects.filter(pk__in=kept.values("package")))
    Archive.objects.filter(pk__in=list(kept.values_list("pk", flat=True))).update(package=None, erased_at=clock.now())
    return files
