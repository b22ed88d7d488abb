"""由档案重算 Each result again by the engine, from the rulebooks and facts that stand in an archive and nothing else:
no database, no clock."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pioneer.scoring import Cycle, Engine, Fact, Member, Rulebook, Score, TrackSpell, load_text
from pioneer.scoring.counting import Void
from pioneer.scoring.supplements import load_supplement, with_supplements

Content = Mapping[str, Any]
DAYS = ("event_on", "education_on", "document_on")
POINTS = (("opening", "basic"), ("positive", "positive"), ("reverse", "reverse"), ("outside", "outside"))


def engine_of(content: Content) -> Engine:
    """档案的计分引擎 Over its versions with their supplements. ValueError where a text is none, or is not the one whose
    digest stands beside it."""
    books = []
    for row in content["rulebooks"]:
        outcome = load_text(row["text"])
        if outcome.rulebook is None or outcome.rulebook.digest != row["digest"]:
            raise ValueError(f"积分办法第{row['number']}版的文本与它的摘要不符")
        until = date.fromisoformat(row["valid_until"]) if row["valid_until"] else None
        meta = replace(outcome.rulebook.meta, valid_from=date.fromisoformat(row["valid_from"]), valid_to=until)
        books.append(_with_supplements(content, row["number"], replace(outcome.rulebook, meta=meta)))
    return Engine(books)


def _with_supplements(content: Content, number: int, book: Rulebook) -> Rulebook:
    found = []
    for row in sorted(content["supplements"], key=lambda one: int(one["number"])):
        if row["version"] == number:
            read = load_supplement(row["text"], book).supplement
            if read is None:
                raise ValueError(f"第{row['number']}号支部补充的文本读不通")
            found.append(read)
    return with_supplements(book, found)


def scores(content: Content) -> dict[str, Score]:
    """各人的得分 By the member's key."""
    engine, result = engine_of(content), content["result"]
    cycle = Cycle(*(date.fromisoformat(content["cycle"][name]) for name in ("first_on", "last_on")))
    voided = [Void(*one) for one in result["voided"]]
    return {
        one["member"]: engine.score(_member(one), [_fact(fact) for fact in one["facts"]], cycle, voided)
        for one in result["inputs"]
    }


def differing(content: Content) -> set[str]:
    """重算不同的 Keys of members whose row is not what the engine makes of it."""
    found = scores(content)
    return {row["member"] for row in content["result"]["rows"] if not _is_same(row, found.get(row["member"]))}


def _is_same(row: Content, score: Score | None) -> bool:
    if score is None or (score.score, score.zeroed) != (row["score"], row["is_zeroed"]):
        return False
    if row["earned"] and score.tier != row["earned"]:
        return False
    return all(row[name] == getattr(score, own) for name, own in POINTS)


def _member(row: Content) -> Member:
    return Member(
        code=row["member"],
        tracks=tuple(TrackSpell(date.fromisoformat(day), track) for day, track in row["tracks"]),
        status=row["status"],
        joined_on=date.fromisoformat(row["joined_on"]) if row["joined_on"] else None,
        previous=row["previous"],
        former=tuple(row["former"]),
    )


def _fact(row: Content) -> Fact:
    said: dict[str, Any] = {key: date.fromisoformat(value) if key in DAYS else value for key, value in row.items()}
    return Fact(**said)
