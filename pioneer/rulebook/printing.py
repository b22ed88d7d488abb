"""办法的纸面 A version as the paper that hangs on the wall or lies in the file: its text in articles, who drafted and
who adopted it, and the fingerprint of the file it was made from."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pioneer.kernel.clock import SHANGHAI
from pioneer.organisations.models import Organisation
from pioneer.papers.rendering import render
from pioneer.rulebook import queries
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.regulation import chapters
from pioneer.rulebook.supplement_queries import Annex

Annexes = Sequence[tuple[Organisation, Sequence[Annex]]]
State = RulebookVersion.State


def regulation_pdf(version: RulebookVersion, annexes: Annexes = ()) -> bytes:
    """办法全文 A4, with what branches added as its annexes. The same version and annexes give the same bytes."""
    return render("regulation", regulation_content(version, annexes))


def regulation_content(version: RulebookVersion, annexes: Annexes = ()) -> dict[str, Any]:
    """纸面的内容 What the template `regulation` is given."""
    rulebook = queries.parsed(version)
    return {
        "title": version.name,
        "district": version.district.name,
        "version": f"第{version.number}版" + ("" if version.state == State.ADOPTED else f"（{_state(version)}）"),
        "validity": _validity(version),
        "note": rulebook.meta.note,
        "chapters": [asdict(chapter) for chapter in chapters(rulebook)],
        "answers": [
            {"message": f"{one.place}，{one.message}", "answer": one.answer}
            for one in queries.warnings_of(version)
            if one.answer
        ],
        "annexes": [
            {"branch": branch.name, "supplements": [_supplement(one) for one in listed]} for branch, listed in annexes
        ],
        "signatures": _signatures(version),
        "fingerprint": version.digest,
    }


def _state(version: RulebookVersion) -> str:
    return "草案" if version.state == State.DRAFT else version.get_state_display()


def _validity(version: RulebookVersion) -> str:
    until = f"，至{_day(version.valid_until)}止" if version.valid_until else ""
    return f"自{_day(version.valid_from)}起施行{until}"


def _supplement(annex: Annex) -> dict[str, Any]:
    one = annex.supplement
    ended = f"，{_day(one.ended_from)}起终止" if one.ended_from else ""
    return {
        "standing": annex.standing[0],
        "validity": f"自{_day(one.valid_from)}起{ended}",
        "minutes": annex.minutes,
        "rows": [asdict(row) for row in annex.rows],
    }


def _signatures(version: RulebookVersion) -> list[dict[str, str]]:
    names = queries.names_behind(version)
    drafted, adopted = version.drafted_at, version.adopted_at
    return [
        {"role": "起草", "name": names["drafted"], "date": _day(drafted)},
        {"role": "采用", "name": names["adopted"], "date": _day(adopted)},
    ]


def _day(on: date | datetime | None) -> str:
    if on is None:
        return ""
    on = on.astimezone(SHANGHAI) if isinstance(on, datetime) else on
    return f"{on.year}年{on.month}月{on.day}日"
