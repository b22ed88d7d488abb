"""公示文件 A notice as a file for programs: what stands on the paper with all that its fingerprint is made of.

It holds names and, of deductions, days: it is for who sees the notice's own page, never for the public.
"""

from typing import Any

from pioneer.members.models import Member
from pioneer.publicity import queries, snapshot
from pioneer.publicity.models import Publication, PublishedLine, PublishedMember

FORMAT = "pioneer-sheet/1"


def sheet_of(publication: Publication) -> dict[str, Any]:
    """公示文件的内容 Points in hundredths. A constant number of queries."""
    shown = queries.shown(publication)
    on_it = [person.member_id for person, _ in shown]
    keys = dict(Member.objects.filter(pk__in=on_it).values_list("pk", "key"))
    return {
        "format": FORMAT,
        "fingerprint": publication.digest,
        "sheet": publication.sheet_id,
        "revision": publication.revision,
        "published_at": snapshot.instant(publication.published_at),
        "closes_at": snapshot.instant(publication.closes_at),
        "heading": publication.heading,
        "members": [_member(person, str(keys[person.member_id]), lines) for person, lines in shown],
    }


def _member(person: PublishedMember, key: str, lines: list[PublishedLine]) -> dict[str, Any]:
    names = ("position", "name", "note", "positive", "reverse", "total", "salt", "commitment")
    ordered = sorted(lines, key=lambda line: line.line_id)
    return {**{name: getattr(person, name) for name in names}, "key": key, "lines": [_line(line) for line in ordered]}


def _line(line: PublishedLine) -> dict[str, Any]:
    names = ("indicator", "kind", "raw", "counted", "reason", "wording", "is_open", "salt", "commitment")
    return {
        "line": line.line_id,
        "event_on": line.event_on.isoformat(),
        **{name: getattr(line, name) for name in names},
    }
