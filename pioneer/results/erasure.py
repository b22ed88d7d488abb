"""抹除年度评定 A plain function, for the ledger's erasure."""

from pioneer.files.models import StoredFile
from pioneer.members.models import Member
from pioneer.members.naming import erase_name
from pioneer.results.models import Announcement, OutsideMark, Told


def erase_texts(member_id: int) -> list[StoredFile]:
    """抹除文字 What a member said of its results goes, why marks from outside were changed, and its name where it
    presided; that and when it answered, and the marks, stay. Of a former result nothing is said but the result."""
    Told.objects.filter(result__member=member_id).update(words="", handed_how="")
    OutsideMark.objects.filter(member=member_id).update(basis="", reason="")
    member = Member.objects.select_related("district").get(pk=member_id)
    held = Announcement.objects.filter(unit__path__startswith=member.district.path)
    erase_name(held, "presided_by", member)
    return []
