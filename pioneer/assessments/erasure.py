"""抹除考评文字 A plain function, for the ledger's erasure."""

from collections.abc import Collection

from pioneer.assessments.models import Line, Review, Sheet
from pioneer.members.models import Member
from pioneer.members.naming import erase_name
from pioneer.rulebook.queries import void_codes


def erase_texts(member_id: int) -> None:
    """抹除文字 Grounds, wordings, statements and reasons go, and the name where a sheet says whose lines somebody above
    confirmed. Lines of one happening stay together, under a number; everybody's, where it was declared void for
    everybody."""
    lines = Line.objects.filter(member=member_id)
    firsts: dict[str, int] = {}
    for number, event in lines.exclude(event="").order_by("pk").values_list("pk", "event"):
        firsts.setdefault(event, number)
    member = Member.objects.select_related("district").get(pk=member_id)
    district = member.district_id
    void = _void_among(firsts, district)
    for event, number in firsts.items():
        together = Line.objects.filter(member__district=district) if event in void else lines
        together.filter(event=event).update(event=f"line:{number}")
    lines.update(ground="", wording="", decision="", words="", struck_why="", told_how="", statement="")
    Review.objects.filter(declaration__member=member_id).update(reason="")
    erase_name(Sheet.objects.filter(branch__path__startswith=member.district.path), "confirmed_for", member)


def _void_among(events: Collection[str], district_id: int) -> set[str]:
    codes = void_codes(district_id) if events else set()
    declaring = Line.objects.filter(event__in=events, indicator__in=codes, member__district=district_id)
    return set(declaring.values_list("event", flat=True)) if codes else set()
