"""公示的纸面 What a notice showed, read once more to be put on papers: its frozen rows, never today's figures."""

from datetime import date, timedelta

from pioneer.kernel import clock
from pioneer.kernel.erased import ERASED
from pioneer.papers.notice import Ground, Person, Shown
from pioneer.publicity.models import Publication, PublishedLine
from pioneer.publicity.notice import Notice, NoticeLine, NoticeRow, notice_of
from pioneer.rulebook.queries import current_rulebook
from pioneer.scoring.channels import USUAL
from pioneer.scoring.model import Parameter

ZEROED = "清零"


def shown_of(publication: Publication, address: str, notice: Notice | None = None) -> Shown:
    """纸面的内容 `address` is the public page's, absolute; `notice` where it is read already. Constant queries."""
    notice = notice or notice_of(publication)
    heading = publication.heading
    opened = publication.published_at.astimezone(clock.SHANGHAI).date()
    rulebook = current_rulebook(publication.sheet.branch.district_number, opened)
    return Shown(
        branch=heading["branch"],
        above=heading["above"],
        month=heading["month"],
        revision=publication.revision,
        window=_window(notice, opened, rulebook.procedure.publication_window),
        last_day=_last_day(notice),
        state=_state(publication),
        is_replaced=publication.superseded_at is not None,
        rulebook=heading["rulebook"],
        fingerprint=notice.fingerprint,
        address=address,
        people=tuple(_person(row) for row in notice.rows),
        struck=tuple(notice.struck),
        account=rulebook.channels.account if rulebook.channels else USUAL,
        group=rulebook.channels.group if rulebook.channels else USUAL,
    )


def _last_day(notice: Notice) -> str:
    """Until when objections are taken: in the notice's own window, or in one of another time that runs on."""
    if notice.is_in_window:
        return _day(notice.last_on)
    if notice.other_windows is None or notice.publication.superseded_at is not None:
        return ""
    return _day(notice.other_windows.astimezone(clock.SHANGHAI).date() - timedelta(days=1))


def _window(notice: Notice, opened: date, length: Parameter) -> str:
    unit = "个工作日" if length.unit == "working_days" else "日"
    return f"公示期　{_day(opened)}至{_day(notice.last_on)}（{length.value}{unit}，公示当日不计）"


def _day(on: date) -> str:
    return f"{on.month}月{on.day}日"


def _state(publication: Publication) -> str:
    if publication.superseded_at is not None:
        return f"第{publication.revision}次公示已由下一次公示代替"
    return "公示已结束" if publication.closed_at is not None else "公示期已满，正在办结"


def _person(row: NoticeRow) -> Person:
    parts = row.person.note.split("　") if row.person.note else []
    return Person(
        position=row.person.position,
        name=row.person.name or ERASED,
        positive=int(row.person.positive),
        reverse=int(row.person.reverse),
        total=row.person.total,
        note="　".join(part for part in parts if not part.startswith(ZEROED)),
        zeroed="　".join(part for part in parts if part.startswith(ZEROED)),
        grounds=tuple(_ground(line) for line in row.lines),
    )


def _ground(line: NoticeLine) -> Ground:
    shown: PublishedLine = line.line
    is_addition = line.index == "positive" and shown.raw >= 0 and shown.counted >= 0
    return Ground(
        wording=shown.wording,
        points=int(shown.counted),
        is_addition=is_addition,
        day=_day(shown.event_on) if line.shows_day else "",
        reason=shown.reason if line.is_trimmed else "",
        is_new=line.is_new,
        local=line.local,
    )
