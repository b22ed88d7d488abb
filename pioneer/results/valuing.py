"""分值入表 Steps 1 to 3 for all posted entries at once: each becomes a row of `given`, from which the settlement
starts.

`as_posted`: every entry keeps the value it holds. `as_drafted`: every entry is valued anew under a draft. What an
entry is worth depends on few things (its indicator, quantity, level …), so the engine values each distinct
combination of them once, and the database does the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from pioneer.results.rules import Rules
from pioneer.results.slate import Row, Slate
from pioneer.scoring import Engine, Fact, Indicator, Rulebook

QUANTIFIED = ("per_unit", "brackets", "cumulative", "shortfall")


class Verdict(IntEnum):
    """估值结论 How an entry fits a draft. From GONE on it does not count there."""

    FITS = 0
    REFUSED = 1  # a condition of the draft is not met
    POSTED = 2  # what the draft asks for is not on record: the value as posted
    GONE = 3  # no such indicator in the draft
    OTHER_INDEX = 4  # the draft uses its number in another index
    OTHER_TRACK = 5  # the draft doesn't give it to members of this track
    LOCAL = 6  # a branch's supplement, which would have to be approved anew


# ------------------------------------------------------------------ what both need

DATED = """
SELECT entries.entry, entries.member, entries.line, entries.batch, entries.indicator, entries.event_on, entries.event,
       entries.value, entries.quantity, entries.carried, days.day, days.version, days.within, tracks.track
FROM entries
JOIN people ON people.member = entries.member
JOIN days ON days.on_day = entries.event_on
JOIN tracks ON tracks.member = entries.member AND days.day BETWEEN tracks.from_day AND tracks.until_day
"""

# Zeroings stand beside the entries: documents, not points. They are never trimmed, so they need no place in the order.
ZEROED = """
SELECT zeroing_cases.fact, zeroing_cases.member, zeroing_cases.fact AS line, 0 AS batch, choices.plan,
       zeroing_cases.day, zeroing_cases.day AS effective, '' AS event, 0 AS raw, 0 AS refused, 0 AS fixed, 0 AS earlier,
       0 AS carried, 0 AS quantity
FROM zeroing_cases
JOIN people ON people.member = zeroing_cases.member
JOIN days ON days.day = zeroing_cases.day AND days.within = 1
JOIN tracks
  ON tracks.member = zeroing_cases.member AND zeroing_cases.day BETWEEN tracks.from_day AND tracks.until_day
JOIN choices
  ON choices.version = days.version AND choices.code = zeroing_cases.indicator AND choices.track = tracks.track
JOIN plans ON plans.plan = choices.plan AND plans.idx = 'zeroing'
"""


def write_choices(slate: Slate, rules: Rules) -> None:
    """可选的指标入表 `choices`: which plan a code means on a day of a version, for a member of a track."""
    rows: list[Row] = []
    for (version, code), number in rules.plan_of.items():
        known = [track.code for track in rules.versions[version].tracks]
        allowed = rules.plans[number].indicator.tracks or known
        rows.extend((version, code, track, number) for track in known if track in allowed)
    slate.fill("choices", "version INT, code TEXT, track TEXT, plan INT", rows, unique="version, code, track")


# ------------------------------------------------------------------ as posted

AS_POSTED = f"""
SELECT dated.entry AS fact, dated.member, dated.line, dated.batch, choices.plan, dated.day,
       dated.day AS effective, dated.event, ABS(dated.value) AS raw, 0 AS refused, 1 AS fixed, 0 AS earlier,
       dated.carried, COALESCE(dated.quantity, 0) AS quantity
FROM dated
JOIN choices
  ON choices.version = dated.version AND choices.code = dated.indicator AND choices.track = dated.track
WHERE dated.within = 1
UNION ALL {ZEROED}
"""


def as_posted(slate: Slate, rules: Rules) -> None:
    """照入账的分值 `entries`, `people`, `tracks`, `zeroing_cases` and the days are on the slate."""
    write_choices(slate, rules)
    slate.make("dated", DATED)
    slate.make("given", AS_POSTED)


# ------------------------------------------------------------------ as drafted

# What an entry brings along, as far as the draft asks for it. `now_…`: what its indicator was when it was posted.
CLAIMS = """
SELECT dated.entry, dated.member, dated.line, dated.batch, dated.day, dated.within, dated.event, dated.carried,
       ABS(dated.value) AS worth, dated.indicator, dated.track,
       COALESCE(today.idx, '') AS now_idx, COALESCE(today.unit, '') AS now_unit, COALESCE(today.local, 0) AS now_local,
       CASE WHEN wanted.quantified = 1 THEN COALESCE(dated.quantity, -1) ELSE -1 END AS quantity,
       CASE WHEN wanted.levelled = 1 THEN COALESCE(inputs.level, '') ELSE '' END AS level,
       CASE WHEN wanted.multiplied = 1 THEN COALESCE(inputs.multiplier, '') ELSE '' END AS multiplier,
       CASE WHEN wanted.ranged = 1 AND today.ranged = 1 THEN ABS(dated.value) ELSE -1 END AS decided,
       CASE WHEN wanted.decision = 1 THEN COALESCE(inputs.decided, 0) ELSE 1 END AS has_decision,
       CASE WHEN wanted.words = 1 THEN COALESCE(inputs.worded, 0) ELSE 1 END AS has_words,
       CASE WHEN wanted.document = 1 THEN COALESCE(inputs.grounded, 0) ELSE 1 END AS has_document,
       CASE WHEN wanted.prior <> '' THEN CAST(dated.event_on AS TEXT) ELSE '' END AS event_on,
       CASE WHEN wanted.prior <> '' THEN COALESCE((
         SELECT CAST(MAX(records.told_on) AS TEXT) FROM records
         WHERE records.member = dated.member AND records.indicator = dated.indicator
           AND records.kind = wanted.prior AND records.told_on < dated.event_on
       ), '') ELSE '' END AS told_on
FROM dated
LEFT JOIN inputs ON inputs.line = dated.line
LEFT JOIN wanted ON wanted.code = dated.indicator
LEFT JOIN today_days ON today_days.on_day = dated.event_on
LEFT JOIN today ON today.version = today_days.version AND today.code = dated.indicator
"""
KEY = (
    *("indicator", "track", "now_idx", "now_unit", "now_local", "quantity", "level", "multiplier", "decided"),
    *("has_decision", "has_words", "has_document", "event_on", "told_on"),
)
KEYS = ", ".join(KEY)
COMBINATIONS = f"""
SELECT ROW_NUMBER() OVER (ORDER BY {KEYS}) AS number, {KEYS}
FROM (SELECT DISTINCT {KEYS} FROM claims) AS distinct_claims
"""
JUDGED = f"""
SELECT claims.entry, claims.member, claims.line, claims.batch, claims.day, claims.within, claims.event, claims.carried,
       claims.worth, claims.indicator, claims.quantity, combinations.number
FROM claims JOIN combinations ON {" AND ".join(f"combinations.{one} = claims.{one}" for one in KEY)}
"""

# What happened before the cycle is only looked back to, by as many months as its indicator says. A total taken over
# from paper stays what it was, under any rules that know its indicator.
AS_DRAFTED = f"""
SELECT judged.entry AS fact, judged.member, judged.line, judged.batch, verdicts.plan, judged.day,
       judged.day AS effective, judged.event,
       CASE WHEN verdicts.verdict = {int(Verdict.POSTED)} OR judged.carried = 1 THEN judged.worth ELSE verdicts.raw END
         AS raw,
       CASE WHEN verdicts.verdict = {int(Verdict.REFUSED)} AND judged.carried = 0 THEN 1 ELSE 0 END AS refused,
       CASE WHEN verdicts.verdict = {int(Verdict.POSTED)} OR judged.carried = 1 THEN 1 ELSE 0 END AS fixed,
       1 - judged.within AS earlier, judged.carried,
       CASE WHEN verdicts.verdict = {int(Verdict.POSTED)} OR judged.quantity < 0 THEN verdicts.assumed
            ELSE judged.quantity END AS quantity
FROM judged
JOIN verdicts ON verdicts.number = judged.number
JOIN plans ON plans.plan = verdicts.plan
CROSS JOIN closing
LEFT JOIN since ON since.back = plans.back AND since.day = closing.first_day
WHERE verdicts.verdict < {int(Verdict.GONE)} AND (judged.within = 1 OR judged.day > since.since)
UNION ALL {ZEROED}
"""


@dataclass(frozen=True, slots=True)
class Combination:
    """一种情形 What entries that are worth the same have in common."""

    number: int
    indicator: str
    track: str
    now_index: str
    now_unit: str
    now_local: int
    quantity: int
    level: str
    multiplier: str
    decided: int
    has_decision: int
    has_words: int
    has_document: int
    event_on: str
    told_on: str


def as_drafted(slate: Slate, rules: Rules, today: Rules) -> None:
    """照草案重估 `today` are the rules under which the entries were posted."""
    write_choices(slate, rules)
    _write_wanted(slate, rules.closing)
    _write_today(slate, today)
    slate.make("dated", DATED)
    slate.make("claims", CLAIMS)
    slate.make("combinations", COMBINATIONS, unique=KEYS)
    found = [Combination(*row) for row in slate.rows(f"SELECT number, {KEYS} FROM combinations")]
    slate.fill("verdicts", "number INT, verdict INT, plan INT, raw BIGINT, assumed BIGINT", _verdicts(rules, found))
    slate.make("judged", JUDGED)
    slate.make("given", AS_DRAFTED)


def _write_wanted(slate: Slate, draft: Rulebook) -> None:
    """`wanted`: what the draft asks for, by code."""
    rows = []
    for row in draft.indicators.values():
        shape = row.value.shape if row.value else ""
        flags = (int(shape in QUANTIFIED), int(shape == "ladder"), int(shape == "range"), int(bool(row.multipliers)))
        guards = (int(row.needs_decision), int(row.needs_words), int(row.needs_document))
        rows.append((row.code, *flags, *guards, row.prior.kind if row.prior else ""))
    columns = (
        "code TEXT, quantified INT, levelled INT, ranged INT, multiplied INT, decision INT, words INT, document INT, "
        "prior TEXT"
    )
    slate.fill("wanted", columns, rows, unique="code")


def _write_today(slate: Slate, today: Rules) -> None:
    """`today`: what each code meant when it was posted, and which version held on which day."""
    rows: list[Row] = []
    for (version, code), number in today.plan_of.items():
        row = today.plans[number].indicator
        unit = row.value.unit if row.value and row.value.shape in QUANTIFIED else ""
        ranged = int(row.value is not None and row.value.shape == "range")
        rows.append((version, code, row.index, unit, ranged, int(bool(row.local))))
    columns = "version INT, code TEXT, idx TEXT, unit TEXT, ranged INT, local INT"
    slate.fill("today", columns, rows, unique="version, code")
    found = slate.rows("SELECT MIN(event_on), MAX(event_on) FROM entries")
    if found and found[0][0] is not None:
        first, last = (date.fromisoformat(str(one)) for one in found[0])
        held = [(day.isoformat(), today.holds(day)) for day in _days(first, last)]
    else:
        held = []
    slate.fill("today_days", "on_day DATE, version INT", held, unique="on_day")


def _days(first: date, last: date) -> Iterable[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


def _verdicts(rules: Rules, combinations: Iterable[Combination]) -> Iterable[Row]:
    draft, engine = rules.closing, Engine(rules.versions)
    tracks = {track.code for track in draft.tracks}
    for one in combinations:
        row = draft.indicators.get(one.indicator)
        plan = rules.plan_of[len(rules.versions) - 1, one.indicator] if row else None
        verdict, raw = judge(engine, row, one, rules.cycle.last_on)
        if one.track not in tracks and verdict < Verdict.GONE:
            verdict = Verdict.OTHER_TRACK
        default = row.value.default if row and row.value else None
        yield one.number, int(verdict), plan, raw, default or 0


def judge(engine: Engine, row: Indicator | None, one: Combination, some_day: date) -> tuple[Verdict, int]:
    """估值 What the draft makes of a combination, and its value in magnitude."""
    if row is None:
        return (Verdict.LOCAL if one.now_local else Verdict.GONE), 0
    if one.now_index and row.index != one.now_index:
        return Verdict.OTHER_INDEX, 0
    if row.tracks and one.track not in row.tracks:
        return Verdict.OTHER_TRACK, 0
    value = row.value
    if value is not None and value.shape in QUANTIFIED and one.quantity >= 0 and one.now_unit != value.unit:
        return Verdict.POSTED, 0
    fact = Fact(
        row=0,
        indicator=one.indicator,
        event_on=date.fromisoformat(one.event_on) if one.event_on else some_day,
        quantity=one.quantity if one.quantity >= 0 else None,
        value=one.decided if one.decided >= 0 else None,
        level=one.level or None,
        education_on=date.fromisoformat(one.told_on) if one.told_on else None,
        decision=bool(one.has_decision),
        words=bool(one.has_words),
        document="依据" if one.has_document else None,
        multiplier=one.multiplier or None,
    )
    found = engine.value(fact, one.track)
    if found.mistake:
        return Verdict.POSTED, 0
    return (Verdict.REFUSED if found.refusal else Verdict.FITS), abs(found.points)
