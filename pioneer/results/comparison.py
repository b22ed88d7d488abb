"""前后对照 From two settlements on the slate, today's rules and the draft: who stands where, what fires, what bites."""

from collections.abc import Iterable
from typing import Any

from pioneer.results.rules import Rules
from pioneer.results.slate import Slate
from pioneer.results.steps.caps import passes
from pioneer.results.valuing import Verdict
from pioneer.scoring.model import WINDOWS
from pioneer.scoring.tiers import best_first

MOST = 50  # of those who move most
Figure = dict[str, Any]

STANDINGS = """
SELECT placed.member, scored.score, scored.total, scored.zeroed, placed.tier, placed.earned, people.last_track AS track
FROM placed JOIN scored ON scored.member = placed.member JOIN people ON people.member = placed.member
"""
COUNTS = """
SELECT plans.code, COUNT(*) AS times, CAST(SUM(lines.counted) AS BIGINT) AS counted
FROM lines JOIN plans ON plans.plan = lines.plan
WHERE lines.refused = 0
GROUP BY plans.code
"""


def keep(slate: Slate) -> None:
    """留存前一次 What today's rules made of everybody, before the draft's settlement writes over it."""
    slate.make("former", STANDINGS, unique="member")
    slate.make("former_counts", COUNTS, unique="code")


def figures(slate: Slate, today: Rules, draft: Rules) -> Figure:
    """对照的数字 Plain data, fit for JSON."""
    slate.make("present", STANDINGS, unique="member")
    slate.make("present_counts", COUNTS, unique="code")
    return {
        "cycles": [[one.isoformat() for one in rules.cycle] for rules in (today, draft)],
        "members": slate.number("SELECT COUNT(*) FROM present JOIN former ON former.member = present.member"),
        "entries": slate.number("SELECT COUNT(*) FROM judged WHERE judged.within = 1"),
        "tiers": [_tiers(today), _tiers(draft)],
        "matrix": _matrix(slate),
        "movers": _movers(slate),
        "moved": _moved(slate),
        "tracks": _tracks(slate, today, draft),
        "indicators": _indicators(slate, today, draft),
        "caps": [*_nested_caps(slate, draft), *_crossing_caps(slate, draft)],
        "limits": _limits(slate, draft),
        "pools": _pools(slate, draft),
        "alarms": _alarms(slate, draft),
        "streaks": _streaks(slate, draft),
        "quotas": slate.number("SELECT COUNT(*) FROM present WHERE tier <> earned"),
        "fit": _fit(slate, today),
        "left_out": _left_out(slate, today, draft),
    }


def _tiers(rules: Rules) -> list[Figure]:
    return [{"code": tier.code, "name": tier.name, "lower": tier.lower} for tier in best_first(rules.closing)]


def _left_out(slate: Slate, today: Rules, draft: Rules) -> Figure:
    """What the draft has and a dry run has no facts for. Only where today's rules make events void for everybody do the
    books know what is the same event for several members."""
    book = draft.closing
    formers = slate.number("SELECT COUNT(*) FROM formers")
    scores = slate.number("SELECT COUNT(*) FROM people WHERE previous IS NOT NULL")
    marked = {code for (code,) in slate.rows("SELECT DISTINCT component FROM marks")}
    return {
        "streaks": [one.name for one in book.streaks if not formers],
        "components": [one.name for one in book.components if one.code not in marked],
        "inherited": 0 if scores else book.opening.inherited_share,
        "multipliers": sorted({row.code for row in book.indicators.values() if row.multipliers}),
        "voids": draft.has_voids and not today.has_voids,
    }


# ------------------------------------------------------------------ members

BOTH = "present JOIN former ON former.member = present.member"


def _matrix(slate: Slate) -> list[Figure]:
    """How many members from which tier to which; None is no tier."""
    rows = slate.rows(f"SELECT former.tier, present.tier, COUNT(*) FROM {BOTH} GROUP BY former.tier, present.tier")
    return [{"from": was, "to": now, "members": number} for was, now, number in sorted(rows, key=str)]


def _movers(slate: Slate) -> list[Figure]:
    rows = slate.rows(
        "SELECT present.member, former.score, present.score, former.tier, present.tier "
        f"FROM {BOTH} WHERE former.score <> present.score OR COALESCE(former.tier, -1) <> COALESCE(present.tier, -1) "
        f"ORDER BY ABS(present.score - former.score) DESC, "
        f"ABS(COALESCE(present.tier, -1) - COALESCE(former.tier, -1)) DESC, present.member LIMIT {MOST}"
    )
    keys = ("member", "was", "now", "was_tier", "now_tier")
    return [dict(zip(keys, row, strict=True)) for row in rows]


def _moved(slate: Slate) -> Figure:
    """How many gain, lose, and by how much at most."""
    row = slate.rows(
        "SELECT SUM(CASE WHEN present.score > former.score THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN present.score < former.score THEN 1 ELSE 0 END), "
        f"MAX(present.score - former.score), MIN(present.score - former.score) FROM {BOTH}"
    )[0]
    up, down, most, least = (int(one or 0) for one in row)
    return {"up": up, "down": down, "most": max(0, most), "least": min(0, least)}


# The middle of the scores of a track: of an even number the mean of the two in the middle, rounded half up.
MIDDLE = """
SELECT ranked.track, COUNT(*), CAST(SUM(ranked.score) AS BIGINT),
       CAST(SUM(CASE WHEN 2 * ranked.place IN (ranked.number, ranked.number + 1, ranked.number + 2)
                     THEN ranked.score ELSE 0 END) AS BIGINT),
       SUM(CASE WHEN 2 * ranked.place IN (ranked.number, ranked.number + 1, ranked.number + 2) THEN 1 ELSE 0 END)
FROM (
  SELECT present.track, {whose}.score,
         ROW_NUMBER() OVER (PARTITION BY present.track ORDER BY {whose}.score) AS place,
         COUNT(*) OVER (PARTITION BY present.track) AS number
  FROM present JOIN former ON former.member = present.member
) AS ranked
GROUP BY ranked.track
"""


def _tracks(slate: Slate, today: Rules, draft: Rules) -> list[Figure]:
    """Each track before and after: mean, median, and members per tier. By the track of the draft's last day."""
    found: dict[str, Figure] = {}
    for place, whose in enumerate(("former", "present")):
        for track, number, total, middle, parts in slate.rows(MIDDLE.format(whose=whose)):
            row = found.setdefault(track, {"code": track, "members": number, "mean": [0, 0], "median": [0, 0]})
            row["mean"][place] = _rounded(total, number)
            row["median"][place] = _rounded(middle, int(parts))
    for track, row in found.items():
        row["name"] = _track_name(track, draft, today)
        row["tiers"] = [[0] * (len(rules.closing.tiers) + 1) for rules in (today, draft)]
    for place, whose in enumerate(("former", "present")):
        text = f"SELECT present.track, {whose}.tier, COUNT(*) FROM {BOTH} GROUP BY present.track, {whose}.tier"
        for track, tier, number in slate.rows(text):
            found[track]["tiers"][place][-1 if tier is None else tier] = number
    return [found[track] for track in sorted(found)]


def _rounded(amount: int, number: int) -> int:
    half = (2 * abs(amount) + number) // (2 * number)
    return half if amount >= 0 else -half


def _track_name(code: str, *all_rules: Rules) -> str:
    return next((track.name for rules in all_rules for track in rules.closing.tracks if track.code == code), code)


# ------------------------------------------------------------------ indicators and caps


def _indicators(slate: Slate, today: Rules, draft: Rules) -> list[Figure]:
    """Every indicator of the draft, with what it brings; `is_new` where today's rules don't know its number."""
    counts = {code: (times, points) for code, times, points in slate.rows("SELECT * FROM present_counts")}
    former = {code: (times, points) for code, times, points in slate.rows("SELECT * FROM former_counts")}
    known = today.closing.indicators
    return [
        {
            "code": row.code,
            "name": row.name,
            "index": row.index,
            "times": counts.get(row.code, (0, 0))[0],
            "points": counts.get(row.code, (0, 0))[1],
            "was_times": former.get(row.code, (0, 0))[0],
            "was_points": former.get(row.code, (0, 0))[1],
            "is_new": row.code not in known,
            "renamed": known[row.code].name if row.code in known and known[row.code].name != row.name else "",
        }
        for row in draft.closing.indicators.values()
    ]


def _nested_caps(slate: Slate, draft: Rules) -> list[Figure]:
    """What each window takes off what the ones inside it have left, by the indicator or group it belongs to."""
    found: list[Figure] = []
    inner = "remains"
    for cap, window in passes(draft.caps):
        owner = "plans.code" if cap.startswith("own") else "nested.team"
        rows = slate.rows(
            f"SELECT {owner}, MAX(nested.{cap}), COUNT(DISTINCT ranked.member), "
            f"CAST(SUM(nesting.{inner} - nesting.after_{cap}) AS BIGINT) "
            "FROM nesting JOIN ranked ON ranked.fact = nesting.fact JOIN plans ON plans.plan = ranked.plan "
            f"JOIN nested ON nested.plan = ranked.plan WHERE nesting.{inner} > nesting.after_{cap} GROUP BY {owner}"
        )
        found += [_cap(draft, owner, WINDOWS[window], rest) for owner, *rest in sorted(rows)]
        inner = f"after_{cap}"
    return found


# Where caps cross, a window takes what those before it, from the narrowest on, have left.
CROSSING = """
SELECT bitten.bucket, MAX(bitten.cap), COUNT(DISTINCT bitten.member), CAST(SUM(bitten.before - bitten.after) AS BIGINT)
FROM (
  SELECT rooms.member, rooms.bucket, rooms.cap,
         GREATEST(0, LEAST(rooms.remains, COALESCE(MIN(rooms.room) OVER (
           PARTITION BY rooms.fact ORDER BY rooms.span, rooms.bucket ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
         ), rooms.remains))) AS before,
         GREATEST(0, LEAST(rooms.remains, MIN(rooms.room) OVER (
           PARTITION BY rooms.fact ORDER BY rooms.span, rooms.bucket ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
         ))) AS after
  FROM (
    SELECT crossed.*, crossed.cap - CAST(COALESCE(SUM(guess.counted) OVER (
             PARTITION BY crossed.member, crossed.bucket, crossed.span_key ORDER BY crossed.seq
             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ), 0) AS BIGINT) AS room
    FROM crossed JOIN guess ON guess.fact = crossed.fact
  ) AS rooms
) AS bitten
WHERE bitten.before > bitten.after
GROUP BY bitten.bucket
"""


def _crossing_caps(slate: Slate, draft: Rules) -> list[Figure]:
    found = []
    for bucket, *rest in sorted(slate.rows(CROSSING)):
        owner, window = bucket.rsplit("/", 1)
        found.append(_cap(draft, owner, window, rest))
    return found


def _cap(draft: Rules, owner: str, window: str, rest: Iterable[Any]) -> Figure:
    cap, members, points = rest
    book = draft.closing
    is_group = owner.startswith(("group:", "supplement:"))
    code = owner.partition(":")[2].partition("#")[0] if is_group else owner
    if is_group:
        name = next((group.name for group in book.groups if group.code == code), "支部补充")
    else:
        name = book.indicators[code].name
    return {
        "kind": "group" if is_group else "indicator",
        "code": code,
        "name": name,
        "window": window,
        "cap": cap,
        "members": members,
        "points": points,
    }


# ------------------------------------------------------------------ limits on totals

BITTEN = """
SELECT {whose}, COUNT(DISTINCT member), COUNT(*), CAST(SUM(amount - counted) AS BIGINT)
FROM {table} WHERE counted < amount
"""


def _limits(slate: Slate, draft: Rules) -> list[Figure]:
    """Aspect caps, the caps on all additions and all deductions, floor and ceiling."""
    book = draft.closing
    found = []
    by_aspect = BITTEN.format(whose="aspect", table="aspected") + "GROUP BY aspect"
    bitten = {whose: row for whose, *row in slate.rows(by_aspect)}
    for aspect in book.aspects:
        if aspect.cap is not None:
            row = bitten.get(aspect.code, (0, 0, 0))
            found.append(_limit("aspect", aspect.code, aspect.name, aspect.cap_period, aspect.cap, row))
    for code, table in (("positive", "added"), ("reverse", "reversed")):
        rule = book.indices[code]
        if rule.cap is not None:
            _, *row = slate.rows(BITTEN.format(whose="'all'", table=table))[0]
            found.append(_limit("index", code, rule.name, rule.cap_period, rule.cap, row))
    ends = (("floor", book.clamp.floor, "total < score"), ("ceiling", book.clamp.ceiling, "total > score"))
    for code, limit, condition in ends:
        if limit is not None:
            text = "SELECT COUNT(*), COUNT(*), SUM(ABS(total - score)) FROM present WHERE zeroed = 0 AND "
            found.append(_limit(code, code, "", "cycle", limit, slate.rows(text + condition)[0]))
    return found


def _limit(kind: str, code: str, name: str, period: str, cap: int, row: Iterable[Any]) -> Figure:
    members, times, points = (int(one or 0) for one in row)
    return {
        "kind": kind, "code": code, "name": name, "period": period, "cap": cap, "members": members, "times": times,
        "points": points,
    }  # fmt: skip


def _pools(slate: Slate, draft: Rules) -> list[Figure]:
    rows = slate.rows(
        "SELECT pool, COUNT(DISTINCT member), COUNT(*), CAST(SUM(forgiven) AS BIGINT) FROM forgiven "
        "WHERE forgiven > 0 GROUP BY pool"
    )
    hit = {pool: rest for pool, *rest in rows}
    return [
        {
            **_limit("pool", pool.code, pool.name, pool.period, pool.points, hit.get(pool.code, (0, 0, 0))),
            "floor": pool.floor,
        }
        for pool in draft.closing.pools
    ]


def _alarms(slate: Slate, draft: Rules) -> list[Figure]:
    rung = dict(slate.rows("SELECT alarm, COUNT(*) FROM alarmed GROUP BY alarm"))
    return [
        {"code": one.code, "name": one.name, "consequence": one.consequence, "members": rung.get(place, 0)}
        for place, one in enumerate(draft.closing.alarms)
    ]


def _streaks(slate: Slate, draft: Rules) -> list[Figure]:
    reached = dict(slate.rows("SELECT streak, COUNT(*) FROM unbroken GROUP BY streak"))
    return [
        {"code": one.code, "name": one.name, "consequence": one.consequence, "members": reached.get(place, 0)}
        for place, one in enumerate(draft.closing.streaks)
    ]


def _fit(slate: Slate, today: Rules) -> list[Figure]:
    """Entries that don't simply fit the draft, by indicator and why."""
    rows = slate.rows(
        "SELECT judged.indicator, verdicts.verdict, COUNT(*), COUNT(DISTINCT judged.member) "
        "FROM judged JOIN verdicts ON verdicts.number = judged.number "
        f"WHERE judged.within = 1 AND verdicts.verdict <> {int(Verdict.FITS)} "
        "GROUP BY judged.indicator, verdicts.verdict"
    )
    names = {row.code: row.name for version in today.versions for row in version.indicators.values()}
    return [
        {
            "code": code,
            "name": names.get(code, ""),
            "verdict": Verdict(verdict).name.lower(),
            "entries": entries,
            "members": members,
        }
        for code, verdict, entries, members in sorted(rows)
    ]
