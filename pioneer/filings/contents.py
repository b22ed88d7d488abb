"""备案包的内容 What a unit's package says and holds, from what is on record: the list without personal data, members by
their keys, and the documents. The same facts give the same bytes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pioneer.filings import documents
from pioneer.filings.models import Amendment
from pioneer.filings.packing import pack, sealed
from pioneer.filings.queries import approved_for, deceased, notices
from pioneer.kernel import clock
from pioneer.organisations.models import Organisation
from pioneer.publicity.models import Publication
from pioneer.results import outcome
from pioneer.results.cycles import cycle_text
from pioneer.results.models import Announcement, Result, ResultAspect, ResultReached, Settlement, Told
from pioneer.results.settlement_queries import rows_for, tier_names
from pioneer.scoring import Cycle

NO_TIER = "不定等次"
Kind = Amendment.Kind
Row = list[Any]


@dataclass(frozen=True, slots=True)
class Valid:
    """一人的备案结果 As it stands with all approved amendments; `tier` a code."""

    result: Result
    score: int
    earned: str
    tier: str
    is_zeroed: bool
    amended: tuple[Amendment, ...] = ()

    @property
    def why(self) -> str:
        """不定等次的原因 Its code; none for who has a tier, be it by a zeroing."""
        return "" if self.tier else self.result.why


@dataclass(frozen=True, slots=True)
class Basis:
    """一份备案的事实 Everything that goes into a package, read once."""

    unit: Organisation
    to: Organisation
    cycle: Cycle
    revision: int
    made: Settlement
    held: Announcement
    rows: tuple[Valid, ...]
    told: dict[int, Told]
    notices: tuple[Publication, ...]
    amendments: tuple[Amendment, ...]
    left_out: frozenset[int]  # places of who has died: on no list with names
    names: dict[str, str]
    untold_reason: str = ""
    minutes: tuple[str, bytes] | None = None

    @property
    def named(self) -> list[Valid]:
        """列名的 In the order of the roster."""
        return [one for one in self.rows if one.result.order not in self.left_out]

    @property
    def counts(self) -> list[Row]:
        """各等次人数 [code, name, members], the best first, at the end those without."""
        tiers = [one.tier for one in self.named]
        return [[code, name, tiers.count(code)] for code, name in {**self.names, "": NO_TIER}.items()]


@dataclass(frozen=True, slots=True)
class Package:
    """备案包 Its bytes, and what a filing keeps beside."""

    content: bytes
    members: int
    counts: list[Row] = field(default_factory=list)


def gather(
    unit: Organisation,
    to: Organisation,
    revision: int,
    held: Announcement,
    *,
    untold_reason: str = "",
    minutes: tuple[str, bytes] | None = None,
    also: Amendment | None = None,
) -> Basis:
    """读取 What is on record of the announced settlement of a unit; `also` an amendment that is being approved. A
    constant number of queries."""
    made, cycle = held.settlement, Cycle(held.first_on, held.last_on)
    amendments = (*approved_for(unit, made), *([also] if also is not None else []))
    rows = valid_rows(unit, made, amendments)
    gone = set(deceased())
    return Basis(
        unit=unit,
        to=to,
        cycle=cycle,
        revision=revision,
        made=made,
        held=held,
        rows=tuple(rows),
        told={one.result_id: one for one in Told.objects.filter(announcement=held)},
        notices=tuple(notices(unit, cycle)),
        amendments=amendments,
        left_out=frozenset(one.result.order for one in rows if one.result.member_id in gone),
        names=tier_names(made),
        untold_reason=untold_reason,
        minutes=minutes,
    )


def valid_rows(unit: Organisation, made: Settlement, amendments: Iterable[Amendment] | None = None) -> list[Valid]:
    """有效的结果 Of everybody, with what was approved since; in the order of the roster."""
    changed: dict[int, list[Amendment]] = {}
    for one in approved_for(unit, made) if amendments is None else amendments:
        changed.setdefault(one.result_id, []).append(one)
    found = []
    for row in rows_for(unit, made):
        own = changed.get(row.pk, [])
        last = own[-1] if own else None
        score, earned, tier = (
            (int(last.now_score), last.now_earned, last.now_tier) if last else (int(row.score), row.earned, row.tier)
        )
        turns = [one.kind == Kind.ZEROED for one in own if one.kind != Kind.POINTS]
        is_zeroed = turns[-1] if turns else row.is_zeroed
        found.append(Valid(row, score, earned, tier, is_zeroed, tuple(own)))
    return found


def make_package(basis: Basis) -> Package:
    """做备案包"""
    made = documents.of_unit(basis, basis.counts)
    manifest = sealed(_manifest(basis), made)
    return Package(pack(manifest, made), len(basis.named), basis.counts)


def heading(unit: Organisation, to: Organisation, cycle: Cycle, revision: int) -> dict[str, Any]:
    """目录的开头 What every package begins with."""
    return {
        "unit": {"number": unit.pk, "name": unit.name, "level": unit.level},
        "to": {"number": to.pk, "name": to.name},
        "cycle": {
            "first_on": cycle.first_on.isoformat(),
            "last_on": cycle.last_on.isoformat(),
            "name": cycle_text(cycle),
        },
        "revision": revision,
    }


def _manifest(basis: Basis) -> dict[str, Any]:
    made = basis.made
    rows = _rows(basis)
    told = [basis.told.get(one.result.pk) for one in basis.named]
    return {
        **heading(basis.unit, basis.to, basis.cycle, basis.revision),
        "kind": "unit",
        "rulebook": {"name": made.version.name, "versions": made.versions, "digest": made.version.digest},
        "settlement": {
            "organisation": {"number": made.organisation_id, "name": made.organisation.name},
            "number": made.number,
            "made_on": made.made_on.isoformat(),
            "digest": made.digest,
            "is_whole": is_whole(basis),
        },
        "rows": rows,
        "left_out": sorted(basis.left_out),
        "counts": basis.counts,
        "announcement": {
            "held_on": basis.held.held_on.isoformat(),
            "present": sum(1 for one in told if one and one.was_present),
            "handed": sum(1 for one in told if one and one.handed_on),
            "dissents": sum(1 for one in told if one and one.answer == Told.Answer.DISSENTS),
            "all_told": not basis.untold_reason,
        },
        "amendments": [_amended(one) for one in basis.amendments],
    }


def is_whole(basis: Basis) -> bool:
    """是否整次评定 Whether the settlement was made of this unit alone, so that its own digest covers these rows."""
    return not Result.objects.filter(settlement=basis.made).exclude(unit=basis.unit).exists()


def _rows(basis: Basis) -> dict[str, Any]:
    """The settlement's own rows, in the form its digest was taken of; amendments stand beside them."""
    own = [one.result for one in basis.rows]
    here = {"result__settlement": basis.made, "result__unit": basis.unit}
    results: list[Row] = [
        [
            *(one.order, str(one.member.key), one.unit_id, one.branch_id, one.status, int(one.opening)),
            *(int(one.positive), int(one.reverse), int(one.outside), int(one.score), one.earned, one.tier),
            *(int(one.is_zeroed), one.why),
        ]
        for one in own
    ]
    aspects = ResultAspect.objects.filter(**here).values_list("result__order", "aspect", "raw", "counted")
    reached = ResultReached.objects.filter(**here).values_list("result__order", "kind", "code")
    tables = [sorted(results), sorted(map(list, aspects)), sorted(map(list, reached))]
    places = {one.unit_id: one.unit.name for one in own} | {one.branch_id: one.branch.name for one in own}
    return {
        "columns": list(outcome.COLUMNS),
        "results": tables[0],
        "aspects": tables[1],
        "reached": tables[2],
        "organisations": {str(number): name for number, name in places.items()},
        "digest": outcome.digest_of(*tables),
    }


def _amended(one: Amendment) -> dict[str, Any]:
    return {
        "member": str(one.member.key),
        "place": one.result.order,
        "kind": one.kind,
        "indicator": one.indicator,
        "event_on": one.event_on.isoformat(),
        "was_points": int(one.was_points),
        "now_points": int(one.now_points),
        "was_score": int(one.was_score),
        "now_score": int(one.now_score),
        "was_tier": one.was_tier,
        "now_tier": one.now_tier,
        "approved_on": _on(one),
    }


def _on(one: Amendment) -> str:
    return one.decided_at.astimezone(clock.SHANGHAI).date().isoformat() if one.decided_at else ""
