"""年度图的数字 What the pictures of a settlement show: how scores lie, tiers by organisation, movement since the cycle
before, aspects by track. Groups only, never single persons, and nothing is put in order by score.

`whole` says that the viewer may read single results. For everybody else nothing is told of fewer than LEAST people:
bins of the distribution are put together, and a picture with smaller cells is left out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.kernel import clock
from pioneer.members.models import Status, StatusSpell, TrackSpell
from pioneer.members.queries import covering, track_names
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import along_tree, in_tree_order
from pioneer.results.models import FormerResult, Result, ResultAspect, Settlement
from pioneer.results.settlement_queries import places_to_settle, tier_names
from pioneer.rulebook.queries import parsed

STEP = 500  # a bin of five points, in hundredths
LEAST = 3
NONE = "不定等次"
Level = Organisation.Level


@dataclass(frozen=True, slots=True)
class Bin:
    """一段 From `lower` (counted in) to `upper` (not), in hundredths."""

    lower: int
    upper: int
    members: int


@dataclass(frozen=True, slots=True)
class Counts:
    """一张人数表 Rows and columns by name; `cells` in the order of both."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]

    @property
    def members(self) -> int:
        return sum(map(sum, self.cells))


@dataclass(frozen=True, slots=True)
class Aspects:
    """方面 × 类别 What was counted for each, as the mean of the members of the track, in hundredths."""

    tracks: tuple[tuple[str, int], ...]  # name and how many members
    aspects: tuple[str, ...]
    means: tuple[tuple[int, ...], ...]  # by aspect, then track


@dataclass(frozen=True, slots=True)
class Year:
    """年度图 Each figure None where there is nothing to show, or where it would tell of too few."""

    bins: tuple[Bin, ...]
    tiers: Counts | None
    moved: Counts | None
    aspects: Aspects | None
    before: date | None
    whole: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """可看的组织 `whole`: the viewer may read single results there."""

    organisation: Organisation
    whole: bool


def places(actor: AnyActor) -> list[Seen]:
    """可看年度图的组织 Where one may read the results; and, as groups only, the community above one's branch."""
    whole = places_to_settle(actor)
    above: set[int] = set()
    for path in paths(actor, Act.SEE_SHEET):
        above |= {int(part) for part in path.strip("/").split("/")}
    community = Organisation.objects.filter(pk__in=above, level=Level.COMMUNITY, closed_on__isnull=True)
    known = {one.pk for one in whole}
    found = [Seen(one, True) for one in whole] + [Seen(one, False) for one in community if one.pk not in known]
    return along_tree(found, lambda one: one.organisation)


def settled_below(seen: Sequence[Seen], at: Organisation, first_on: date) -> list[Organisation]:
    """下级已评定的组织 Below one that was not settled itself: where there is something to look at."""
    below = [one.organisation for one in seen if one.organisation.path.startswith(at.path)]
    made = Settlement.objects.filter(organisation__in=below, first_on=first_on, is_trial=False)
    known = set(made.order_by().values_list("organisation_id", flat=True))
    return [one for one in below if one.pk in known]


def rows_below(made: Settlement, at: Organisation) -> QuerySet[Result]:
    """一个组织的结果 Of a settlement; whoever has died since is counted no more."""
    died = StatusSpell.objects.filter(covering(clock.today()), status=Status.DECEASED)
    return Result.objects.filter(settlement=made, branch__path__startswith=at.path).exclude(
        member__in=died.values("member")
    )


def year(made: Settlement, results: QuerySet[Result], at: Organisation, *, whole: bool) -> Year:
    """年度图的数字 Of these results of a settlement, below `at`. The number of queries is constant."""
    results = results.order_by()
    before = made.first_on - timedelta(days=1)
    moved = _moved(made, results, before)
    tiers, aspects = _tiers(made, results, at), _aspects(made, results)
    return Year(
        bins=_bins(results, whole),
        tiers=tiers if whole or _tells_of_enough(tiers) else None,
        moved=moved if moved is not None and (whole or _tells_of_enough(moved)) else None,
        aspects=aspects if whole or all(members >= LEAST for _, members in aspects.tracks) else None,
        before=before if moved is not None else None,
        whole=whole,
    )


def _tells_of_enough(counts: Counts) -> bool:
    return all(cell == 0 or cell >= LEAST for row in counts.cells for cell in row)


# ------------------------------------------------------------------ how the scores lie


def _bins(results: QuerySet[Result], whole: bool) -> tuple[Bin, ...]:
    """Of those with a tier; the bins between the lowest and the highest without a gap."""
    found: Counter[int] = Counter()
    for score, number in results.exclude(tier="").values_list("score").annotate(number=Count("pk")):
        found[score // STEP] += number
    if not found:
        return ()
    bins = [Bin(at * STEP, (at + 1) * STEP, found[at]) for at in range(min(found), max(found) + 1)]
    return tuple(bins) if whole else _together(bins)


def _together(bins: Sequence[Bin]) -> tuple[Bin, ...]:
    """Neighbours are put together until every one that is not empty tells of enough; nothing where all are too few."""
    kept: list[Bin] = []
    lower, members = bins[0].lower, 0
    for one in bins:
        members += one.members
        if members >= LEAST or (members == 0 and one.members == 0):
            kept.append(Bin(lower, one.upper, members))
            lower, members = one.upper, 0
    if members:
        while kept:
            last = kept.pop()
            lower, members = last.lower, members + last.members
            if last.members:
                break
        kept.append(Bin(lower, bins[-1].upper, members))
    return tuple(kept) if all(one.members == 0 or one.members >= LEAST for one in kept) else ()


# ------------------------------------------------------------------ tiers by organisation


def _tiers(made: Settlement, results: QuerySet[Result], at: Organisation) -> Counts:
    """A row for each township, community or branch below, whichever comes next; in the order of the tree."""
    names = {**tier_names(made), "": NONE}
    found: dict[int, Counter[str]] = {}
    under = _places(at, results)
    for branch, tier, number in results.values_list("branch", "tier").annotate(number=Count("pk")):
        found.setdefault(under[branch], Counter())[tier] += number
    shown = [tier for tier in names if any(count[tier] for count in found.values()) or tier]
    rows = in_tree_order(Organisation.objects.filter(pk__in=found))
    cells = tuple(tuple(found[row.pk][tier] for tier in shown) for row in rows)
    return Counts(tuple(row.name for row in rows), tuple(names[tier] for tier in shown), cells)


def _places(at: Organisation, results: QuerySet[Result]) -> dict[int, int]:
    """By branch the organisation it is counted under: the next one below `at`, or the branch itself."""
    depth = at.path.count("/") - 1
    found = Organisation.objects.filter(pk__in=results.values("branch")).values_list("pk", "path")
    lines = {pk: [int(part) for part in path.strip("/").split("/")] for pk, path in found}
    return {pk: line[depth] if len(line) > depth else pk for pk, line in lines.items()}


# ------------------------------------------------------------------ movement since the cycle before


def _moved(made: Settlement, results: QuerySet[Result], before: date) -> Counts | None:
    """Who was filed for the cycle before, by tier then and now; None where nobody was."""
    now = dict(results.values_list("member", "tier"))
    then: dict[int, str] = {}
    rows = FormerResult.objects.filter(last_on=before, member__in=results.values("member")).order_by("revision")
    for member, tier in rows.values_list("member", "tier"):
        then[member] = tier
    if not then:
        return None
    names = tier_names(made)
    unknown = {tier for tier in then.values() if tier and tier not in names}
    labels = {**names, **({"?": "其他等次"} if unknown else {}), "": NONE}
    found = Counter(("?" if was in unknown else was, now[member]) for member, was in then.items())
    codes = list(labels)
    cells = tuple(tuple(found[was, at] for at in codes) for was in codes)
    return Counts(tuple(labels.values()), tuple(labels.values()), cells)


# ------------------------------------------------------------------ aspects by track


def _aspects(made: Settlement, results: QuerySet[Result]) -> Aspects:
    """The mean of what was counted, of those with a tier; the tracks and aspects as the rulebook names them."""
    tiered = results.exclude(tier="")
    spells = TrackSpell.objects.filter(covering(made.last_on), member__in=tiered.values("member"))
    track_of = dict(spells.values_list("member", "track"))
    members = Counter(track_of.values())
    names = {code: name for code, name in track_names(made.district_id, made.last_on).items() if members[code]}
    sums = _sums(tiered, track_of)
    aspects = {one.code: one.name for one in parsed(made.version).aspects}
    means = tuple(tuple(_mean(sums[code, track], members[track]) for track in names) for code in aspects)
    return Aspects(tuple((name, members[code]) for code, name in names.items()), tuple(aspects.values()), means)


def _sums(tiered: QuerySet[Result], track_of: Mapping[int, str]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    rows: Any = ResultAspect.objects.filter(result__in=tiered).order_by()
    for member, aspect, counted in rows.values_list("result__member", "aspect").annotate(total=Sum("counted")):
        if member in track_of:
            found[aspect, track_of[member]] += counted
    return found


def _mean(total: int, members: int) -> int:
    """Rounded half up to hundredths."""
    return (2 * total + members) // (2 * members)
