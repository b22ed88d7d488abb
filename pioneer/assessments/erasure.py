"""抹除考评文字 A plain function, for the ledger's erasure."""

from pioneer.assessments.models import Line, Review


def erase_texts(member_id: int) -> None:
    """抹除文字 Grounds, wordings, statements and reasons go. Lines of one happening stay together, under a number."""
    lines = Line.objects.filter(member=member_id)
    firsts: dict[str, int] = {}
    for number, event in lines.exclude(event="").order_by("pk").values_list("pk", "event"):
        firsts.setdefault(event, number)
    for event, number in firsts.items():
        lines.filter(event=event).update(event=f"line:{number}")
    lines.update(ground="", wording="", decision="", words="", struck_why="", told_how="", statement="")
    Review.objects.filter(declaration__member=member_id).update(reason="")
