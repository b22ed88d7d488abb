"""抹除备案文字 A plain function, for the ledger's erasure."""

from django.db.models import Q

from pioneer.files.models import StoredFile
from pioneer.filings.models import Amendment, Filing, ReturnedLine
from pioneer.kernel import clock
from pioneer.results.models import Result


def erase_texts(member_id: int) -> list[StoredFile]:
    """抹除文字 Grounds, documents, statements and reasons go. A package names everybody of its unit: it goes, too, with
    the minutes, and its digest and figures stay. Answers the files that were referred to."""
    amendments = Amendment.objects.filter(member=member_id)
    rows = Result.objects.filter(member=member_id)
    filings = Filing.objects.filter(
        settlement__in=rows.values("settlement"), unit__in=rows.values("unit"), erased_at__isnull=True
    )
    kept = Q(pk__in=filings.exclude(package=None).values("package"))
    kept |= Q(pk__in=filings.exclude(minutes=None).values("minutes"))
    kept |= Q(pk__in=amendments.exclude(scan=None).values("scan"))
    files = list(StoredFile.objects.filter(kept))
    Filing.objects.filter(pk__in=list(filings.values_list("pk", flat=True))).update(
        package=None, minutes=None, untold_reason="", return_reason="", erased_at=clock.now()
    )
    amendments.update(
        scan=None, ground="", document="", told_how="", statement="", statement_how="", decision_reason=""
    )
    ReturnedLine.objects.filter(member=member_id).update(reason="")
    return files
