"""抹除跟进 A plain function, for the ledger's erasure."""

from pioneer.files.models import StoredFile
from pioneer.followups.models import Encouragement, Entry, Reply


def erase_texts(member_id: int) -> list[StoredFile]:
    """抹除文字 What was said and hoped goes; that and when stays. No files are referred to."""
    Encouragement.objects.filter(member=member_id).update(text="", spoken_by="", told_how="")
    entries = Entry.objects.filter(follow_up__member=member_id)
    entries.update(place="", people="", text="", words="", told_how="")
    Reply.objects.filter(entry__follow_up__member=member_id).update(text="", taken_how="")
    Reply.objects.filter(encouragement__member=member_id).update(text="", taken_how="")
    return []
