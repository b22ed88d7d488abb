"""抹除跟进 A plain function, for the ledger's erasure."""

from pioneer.files.models import StoredFile
from pioneer.followups.models import Encouragement, Entry, Reply
from pioneer.members.models import Member
from pioneer.members.naming import erase_name


def erase_texts(member_id: int) -> list[StoredFile]:
    """抹除文字 What was said and hoped goes, and the name where it spoke to others; that and when stays. No files are
    referred to."""
    Encouragement.objects.filter(member=member_id).update(text="", spoken_by="", told_how="")
    entries = Entry.objects.filter(follow_up__member=member_id)
    entries.update(place="", people="", text="", words="", told_how="")
    Reply.objects.filter(entry__follow_up__member=member_id).update(text="", taken_how="")
    Reply.objects.filter(encouragement__member=member_id).update(text="", taken_how="")
    member = Member.objects.get(pk=member_id)
    hopes = Encouragement.objects.filter(member__district=member.district_id)
    erase_name(hopes, "spoken_by", member)
    erase_name(Entry.objects.filter(follow_up__member__district=member.district_id), "people", member)
    return []
