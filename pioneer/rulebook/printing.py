"""办法的纸面 A version as the paper that hangs on the wall or lies in the file: its text in articles, who drafted and
who adopted it, and the fingerprint of the file it was made from."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pioneer.kernel.clock import SHANGHAI
from pioneer.papers.rendering import render
from pioneer.rulebook import queries
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.regulation import chapters

State = RulebookVersion.State


def regulation_pdf(version: RulebookVersion) -> bytes:
    """办法全文 A4. The same version gives the same bytes."""
    return render("regulation", regulation_content(version))


def regulation_content(version: RulebookVersion) -> dict[str, Any]:
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
        "signatures": _signatures(version),
        "fingerprint": version.digest,
    }


def _state(version: RulebookVersion) -> str:
    return "草案" if version.state == State.DRAFT else version.get_state_display()


def _validity(version: RulebookVersion) -> str:
    until = f"，至{_day(version.valid_until)}止" if version.valid_until else ""
    return f"自{_day(version.valid_from)}起施行{until}"


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
