"""近路 Members to whom the order of their entries doesn't matter are added up straight from the ledger's index.

The index `entry_member` holds member, indicator, month and value, so that no row of the ledger is opened; it is read
once, in its own order. For each member and indicator there are the sums of the months, cut off at the caps, which stand
as constants in the statement; then a sum for each kind. What takes an entry back stands with the opposite value under
the same member, indicator and month, and so undoes it.

`apart` are those who go the long way (settlement.py): a total taken over from paper, an entry without a value, an
indicator that is not plain, a zeroing, a second track; and, `sharing`, those who have but several entries of one event.
Of them only the entries with an event go the long way, as far as to what each is worth beside the others (`ranked`);
what one counts less than it is worth is then put beside their part of the index, and they are added up as the others
are. Everybody but those who go the whole long way is on `short`, with the same figures as the long way has of them. The
tests hold both to the engine.
"""

from collections.abc import Iterable, Sequence

from pioneer.ledger.models import Entry
from pioneer.members.models import Member
from pioneer.results.rules import Rules, allotments
from pioneer.results.short_plan import Kind, Profile, ShortPlan
from pioneer.results.slate import Slate

ENTRIES = Entry._meta.db_table
FEW = 4  # where less than a fourth of all members is asked for, each is looked up
PARTS = 4  # in which the index is read: PostgreSQL reads them beside one another, SQLite has less to sort at a time
HURRY = {"enable_hashagg": "off", "parallel_setup_cost": "0", "parallel_tuple_cost": "0"}

# A row per member and indicator in the cycle: which profile it is, and the sums of the months. Where nothing lies in
# the cycle there is no row: PostgreSQL's LEAST takes no notice of NULL, and a cap would stand for what is not there.
SUMS = """
SELECT entries.member_key, CASE entries.indicator {profiles} END AS profile,
       {raw} AS raw{worth}{months}
FROM {source}
GROUP BY entries.member_key, entries.indicator HAVING {raw} IS NOT NULL
"""
WITHIN = "SUM(entries.{column}) FILTER (WHERE entries.event_month BETWEEN {first} AND {last})"
ADDED = """
SELECT sums.member_key, {columns}
FROM ({sums}) AS sums
GROUP BY sums.member_key
"""
EVERYBODY = """
SELECT people.member, people.member_key, 0 AS sharing FROM people
"""
APART = f"""
SELECT found.member, found.member_key, MIN(found.sharing) AS sharing
FROM (
  {EVERYBODY}
  WHERE people.tracks > 1 OR people.first_track NOT IN ({{tracks}})
     OR people.member IN (SELECT zeroing_cases.member FROM zeroing_cases)
     {{odd}}
     OR people.member_key IN (
       SELECT member_key FROM {ENTRIES} WHERE (carried OR value = 0) AND event_month BETWEEN {{first}} AND {{last}}
     )
     OR people.member_key IN (
       SELECT wrong.member_key FROM {ENTRIES} AS back JOIN {ENTRIES} AS wrong ON wrong.id = back.corrects_id
       WHERE back.corrects_id > 0 AND (
         wrong.corrects_id IS NOT NULL OR wrong.member_key <> back.member_key OR wrong.indicator <> back.indicator
         OR wrong.event_month <> back.event_month OR wrong.value <> -back.value
       )
     )
  UNION ALL
  SELECT people.member, people.member_key, 1 AS sharing FROM people
  WHERE people.member_key IN (
    SELECT member_key FROM {ENTRIES} WHERE NOT (event = '') AND event_month BETWEEN {{first}} AND {{last}}
    GROUP BY member_key, event HAVING COUNT(*) > 1
  )
) AS found
GROUP BY found.member, found.member_key
"""
LONG, SHARING = (f"SELECT apart.member_key FROM apart WHERE apart.sharing = {sharing}" for sharing in (0, 1))

# Of those who are sharing, by how much an entry counts less than it is worth; and whether it is worth anything.
LESS = """
SELECT apart.member_key, plans.code AS indicator, {first} + days.month AS event_month,
       CASE WHEN plans.idx = 'reverse' THEN -1 ELSE 1 END * (ranked.remains - ranked.raw) AS value,
       CASE WHEN ranked.refused = 0 THEN 0 WHEN plans.idx = 'reverse' THEN ranked.raw ELSE -ranked.raw END AS worth
FROM ranked
JOIN apart ON apart.member = ranked.member AND apart.sharing = 1
JOIN plans ON plans.plan = ranked.plan
JOIN days ON days.day = ranked.day
WHERE ranked.remains <> ranked.raw
"""
LESSENED = f"""(
  SELECT entries.member_key, entries.indicator, entries.event_month, entries.value, entries.value AS worth
  FROM apart CROSS JOIN {ENTRIES} AS entries WHERE apart.sharing = 1 AND entries.member_key = apart.member_key
  UNION ALL SELECT less.member_key, less.indicator, less.event_month, less.value, less.worth FROM less
) AS entries"""
ODD = "OR people.member_key IN (SELECT summed.member_key FROM summed WHERE summed.odd > 0)"
SHORT = """
SELECT closed.member, closed.place, closed.listed, closed.unit, closed.status, closed.joined, closed.basic,
       closed.positive, closed.reverse, {points} AS points{aspects}
FROM (
  SELECT counted.member, counted.place, counted.listed, counted.unit, counted.status, counted.joined,
         counted.last_track, counted.basic, {positive} AS positive, -counted.deducted AS reverse,
         counted.basic + {positive} - ({left}) AS own{aspects}
  FROM (
    SELECT allowed.*, {deducted} AS deducted{counted}
    FROM (
      SELECT people.member, people.place, people.listed, people.unit, people.status, people.joined, people.last_track,
             {basic} AS basic{amounts}
      FROM people
      LEFT JOIN {added} AS added ON added.member_key = people.member_key
      LEFT JOIN apart ON apart.member = people.member
      WHERE {whose}
    ) AS allowed
  ) AS counted
) AS closed
"""
NOBODY = (
    "member BIGINT, unit BIGINT, status TEXT, joined INT, basic BIGINT, positive BIGINT, reverse BIGINT, points BIGINT"
)


def part(slate: Slate, plan: ShortPlan | None) -> None:
    """分路 `apart`, and where indicators are odd `summed`. The people and the zeroings are on the slate."""
    if plan is None:
        slate.make("apart", EVERYBODY, unique="member")
        return
    odd = ""
    if plan.odd:
        with slate.hurried(HURRY):
            slate.make("summed", _added(slate, plan), unique="member_key")
        odd = ODD
    tracks = ", ".join(f"'{track}'" for track in plan.tracks)
    text = APART.format(tracks=tracks, odd=odd, first=plan.first_month, last=plan.last_month)
    slate.make("apart", text, unique="member")


def nobody(slate: Slate) -> None:
    """无人走近路"""
    slate.fill("short", NOBODY, ())


# ------------------------------------------------------------------ the ledger's index


def _added(slate: Slate, plan: ShortPlan) -> str:
    few = slate.number("SELECT COUNT(*) FROM people") * FEW < Member.objects.count()
    if few:
        own = f"people CROSS JOIN {ENTRIES} AS entries WHERE entries.member_key = people.member_key"
        return added_from(plan, own)
    edges = [f"'{256 // PARTS * place:02x}{'0' * 30}'" for place in range(PARTS)]
    parts = []
    for begins, ends in zip(edges, [*edges[1:], ""], strict=True):
        within = f"entries.member_key >= {begins}" + (f" AND entries.member_key < {ends}" if ends else "")
        parts.append(added_from(plan, f"{ENTRIES} AS entries WHERE {within}"))
    return " UNION ALL ".join(parts)


def added_from(plan: ShortPlan, source: str, worth: bool = False) -> str:
    """相加的语句 A row per member: `odd`, and of each kind what it is worth (`raw_…`) and what counts (`kept_…`).
    `worth`: what an entry is worth stands in a column of its own, beside what is left of it as `value`."""
    numbers = {code: number for number, one in enumerate(plan.profiles) for code in one.codes}
    profiles = " ".join(f"WHEN '{code}' THEN {number}" for code, number in numbers.items())
    profiles += "".join(f" WHEN '{code}' THEN -1" for code in plan.odd)
    months = ""
    if any(one.month is not None or one.quarter is not None for one in plan.profiles):
        months = "".join(
            f",\n       SUM(entries.value) FILTER (WHERE entries.event_month = {plan.first_month + month}) AS m{month}"
            for month in range(plan.months)
        )
    raw = WITHIN.format(column="value", first=plan.first_month, last=plan.last_month)
    own = WITHIN.format(column="worth", first=plan.first_month, last=plan.last_month)
    own = f",\n       {own} AS worth" if worth else ""
    sums = SUMS.format(profiles=profiles, raw=raw, worth=own, months=months, source=source)
    odd = "COUNT(*) FILTER (WHERE profile = -1)" if plan.odd else "0"
    columns = [f"{odd} AS odd"]
    for number, kind in enumerate(plan.kinds):
        columns += _kind_columns(plan, number, kind, "worth" if worth else "raw")
    return ADDED.format(columns=",\n       ".join(columns), sums=sums)


def _kind_columns(plan: ShortPlan, number: int, kind: Kind, worth: str) -> Iterable[str]:
    own = [at for at, one in enumerate(plan.profiles) if one.kind == kind]
    where = f"FILTER (WHERE profile BETWEEN {own[0]} AND {own[-1]})"
    sign = "-" if kind.index == "reverse" else ""
    cut = [at for at in own if _least(plan.profiles[at]) is not None]
    kept = " ".join(f"WHEN {at} THEN {_kept(plan, plan.profiles[at])}" for at in cut)
    kept = f"CASE profile {kept} ELSE {sign}raw END" if cut else f"{sign}raw"
    if _told(kind):
        yield f"CAST(SUM({sign}{worth}) {where} AS BIGINT) AS raw_{number}"
    yield f"CAST(SUM({kept}) {where} AS BIGINT) AS kept_{number}"


def _told(kind: Kind) -> bool:
    """Whether it is told what its occurrences are worth: of an aspect's additions."""
    return kind.index == "positive" and kind.aspect != ""


def _least(one: Profile) -> int | None:
    return min((cap for cap in (one.month, one.quarter, one.cycle) if cap is not None), default=None)


def _kept(plan: ShortPlan, one: Profile) -> str:
    """What the caps leave of one indicator. What is over a month's cap is taken off, which asks for no row of zeros."""
    sign = "-" if one.kind.index == "reverse" else ""
    raw, full = f"{sign}raw", f"{sign}raw"
    months = [f"{sign}m{month}" for month in range(plan.months)]
    if one.quarter is not None:
        sums = [_cut(f"COALESCE({month}, 0)", one.month) for month in months]
        quarters = [" + ".join(sums[begins : begins + 3]) for begins in range(0, plan.months, 3)]
        full = " + ".join(_cut(quarter, one.quarter) for quarter in quarters)
    elif one.month is not None:
        over = (f"CASE WHEN {month} > {one.month} THEN {month} - {one.month} ELSE 0 END" for month in months)
        full = f"{raw} - ({' + '.join(over)})"
    full = _cut(full, one.cycle)
    if one.month is None and one.quarter is None:
        return full
    return f"CASE WHEN {raw} <= {_least(one)} THEN {raw} ELSE {full} END"


def _cut(amount: str, cap: int | None) -> str:
    return amount if cap is None else f"LEAST({amount}, {cap})"


# ------------------------------------------------------------------ aspects, caps on all, the opening


def settle(slate: Slate, plan: ShortPlan | None, rules: Rules) -> None:
    """近路评定 `short`: of everybody who doesn't go the long way what that writes into `own`, and the aspects' figures.
    `ranked` is on the slate; those who are sharing are taken off it."""
    if plan is None:
        nobody(slate)
        return
    added = "summed" if plan.odd else f"({_added(slate, plan)})"
    with slate.hurried(HURRY):
        slate.make("short", _short(plan, rules, added, "apart.member IS NULL"))
    slate.make("less", LESS.format(first=plan.first_month))
    slate.run("DELETE FROM ranked WHERE member IN (SELECT apart.member FROM apart WHERE apart.sharing = 1)")
    lessened = added_from(plan, LESSENED, worth=True)
    slate.run(f"INSERT INTO short {_short(plan, rules, f'({lessened})', 'apart.sharing = 1')}")


def _short(plan: ShortPlan, rules: Rules, added: str, whose: str) -> str:
    book = rules.closing
    positive, reverse = book.indices["positive"], book.indices["reverse"]
    kinds = list(enumerate(plan.kinds))
    total = _sum(f"k_{number}" for number, kind in kinds if kind.index == "positive" and not kind.aspect)
    total = _sum([total, *(f"counted.counted_{place}" for place, _ in enumerate(book.aspects))])
    room = f"GREATEST(0, {positive.cap} + {int(positive.net)} * counted.deducted)"
    left = _sum(["counted.deducted", *(f"-{one}" for one in _forgiven(plan, rules))])
    return SHORT.format(
        added=added,
        whose=whose,
        basic=_basic(rules),
        amounts="".join(_amounts(plan)),
        deducted=_sum(f"k_{number}" for number, kind in kinds if kind.index == "reverse"),
        counted="".join(_aspects(plan, rules)),
        positive=total if positive.cap is None else f"LEAST({total}, {room})",
        left=_cut(left, reverse.cap),
        points=_points(rules),
        aspects="".join(f", raw_{place}, counted_{place}" for place, _ in enumerate(book.aspects)),
    )


def _sum(parts: Iterable[str]) -> str:
    return " + ".join(parts) or "0"


def _amounts(plan: ShortPlan) -> Iterable[str]:
    """Of each kind what the member's track may have: `k_…`, and `r_…` where it is told."""
    for number, kind in enumerate(plan.kinds):
        for name, column in [*([("r", f"raw_{number}")] if _told(kind) else []), ("k", f"kept_{number}")]:
            amount = f"COALESCE(added.{column}, 0)"
            if kind.tracks:
                tracks = ", ".join(f"'{track}'" for track in kind.tracks)
                amount = f"CASE WHEN people.first_track IN ({tracks}) THEN {amount} ELSE 0 END"
            yield f",\n             {amount} AS {name}_{number}"


def _aspects(plan: ShortPlan, rules: Rules) -> Iterable[str]:
    """Of each aspect what its occurrences are worth and what its cap leaves; deductions make room where it says so."""
    for place, aspect in enumerate(rules.closing.aspects):
        own = [(number, kind) for number, kind in enumerate(plan.kinds) if kind.aspect == aspect.code]
        raw = _sum(f"r_{number}" for number, kind in own if kind.index == "positive")
        amount = _sum(f"k_{number}" for number, kind in own if kind.index == "positive")
        deducted = _sum(f"k_{number}" for number, kind in own if kind.index == "reverse") if aspect.net else "0"
        counted = amount if aspect.cap is None else f"LEAST({amount}, {aspect.cap} + {deducted})"
        yield f",\n           {raw} AS raw_{place}, {counted} AS counted_{place}"


def _forgiven(plan: ShortPlan, rules: Rules) -> Iterable[str]:
    """What each pool gives back."""
    for pool in rules.versions[rules.touching[0]].pools:
        taken = _sum(f"k_{number}" for number, kind in enumerate(plan.kinds) if kind.pool == pool.code)
        yield f"GREATEST(0, {taken} - {pool.points - pool.floor})"


def _basic(rules: Rules) -> str:
    """What is allotted by the first track, and what is inherited, as steps/totals.py has it."""
    place = rules.touching[0]
    opening = rules.versions[place].opening
    named = [f"WHEN '{track}' THEN {sum(allotments(rules, place, track))}" for track in opening.by_track]
    plain = str(sum(allotments(rules, place, "")))
    points = f"CASE people.first_track {' '.join(named)} ELSE {plain} END" if named else plain
    if not opening.inherited_share:
        return points
    share = opening.inherited_share
    return (
        f"{points} + CASE WHEN people.previous IS NULL THEN {opening.inherited_without} "
        f"WHEN people.previous < 0 THEN -((-people.previous * {share} + 50) / 100) "
        f"ELSE (people.previous * {share} + 50) / 100 END"
    )


def _points(rules: Rules) -> str:
    """Times the coefficient, rounded half up, away from zero."""
    result = rules.closing.result
    if {result.coefficient, *result.coefficient_by_track.values()} == {100}:
        return "closed.own"
    named = [f"WHEN '{track}' THEN {times}" for track, times in result.coefficient_by_track.items()]
    times = (
        f"CASE closed.last_track {' '.join(named)} ELSE {result.coefficient} END" if named else f"{result.coefficient}"
    )
    product = f"closed.own * {times}"
    return f"CASE WHEN {product} < 0 THEN -((-{product} + 50) / 100) ELSE ({product} + 50) / 100 END"


def aspects_of(rules: Rules) -> Sequence[str]:
    """方面小计的语句 Rows of `short` as (place, member, aspect, raw, counted)."""
    return [
        f"SELECT short.place, short.member, '{aspect.code}' AS aspect, short.raw_{place} AS raw, "
        f"short.counted_{place} AS counted FROM short WHERE short.raw_{place} > 0 AND short.listed = 1"
        for place, aspect in enumerate(rules.closing.aspects)
    ]
