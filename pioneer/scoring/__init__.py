"""计分: pure scoring. A rulebook as data, facts in, a score with reasons out. No Django, no clock, no database.

    from pioneer.scoring import load_path, load_text, Engine, Fact, Member, TrackSpell, show, parse_points

    outcome = load_path(Path("rulebooks/jiancaoping"))      # or load_text(bytes or str)
    outcome.rulebook      # Rulebook, or None when outcome.mistakes is not empty
    outcome.mistakes      # tuple[Mistake(place, line, message)], all of them, each one sentence
    outcome.warnings      # tuple[Mistake], traps in the numbers and forbidden indicators

    engine = Engine([rulebook, …])                          # several versions; picked by event date
    cycle = engine.cycle_of(date(2026, 3, 8))               # Cycle(first_on, last_on)
    score = engine.score(member, facts, cycle)              # Score: score, tier, basic, positive, reverse, zeroed,
                                                            # lines, unusable, aspects, pools, periods, components,
                                                            # outside, alarms, streaks, steps
    for line in score.lines:                                # Line: fact, indicator, rulebook, raw, counted, refused
        line.row, line.reason                               # reason: one Chinese sentence, made when read
    settle_quotas(rulebook, [standing_of(score), …])        # step 12, over all members: code → Placement(tier, notes)
    engine.value(fact, track)                               # step 2's shape checks and step 3 for one fact:
                                                            # Valuation(points, refusal, mistake), before any cap

Points everywhere are exact ``int`` hundredths (deductions negative): ``show(150) == "1.5"``.
Two uses of one function: (a) a plain list of facts (``posted_order=None``): counted by event date, then row;
(b) ledger entries (``fixed=<signed value>``, ``posted_order=<number of the posting>``) plus the lines of a sheet not
yet posted (``posted_order=None``): posted lines keep what they count, new ones are trimmed after them.
A corrected entry is given with ``corrected=True`` or left out: both are the same.
A zeroing is a fact of a zeroing indicator with ``document`` and ``document_on``, given once it is approved.
"""

from pioneer.scoring.engine import Engine, Valuation
from pioneer.scoring.facts import Cycle, Fact, Member, TrackSpell
from pioneer.scoring.loader import Outcome, load_path, load_text
from pioneer.scoring.model import Indicator, Mistake, Procedure, Rulebook
from pioneer.scoring.outcome import AspectScore, Line, PoolScore, Score, Unusable
from pioneer.scoring.points import parse_points, product, show
from pioneer.scoring.quotas import Placement, Standing, placed, settle_quotas, standing_of

__all__ = [
    "AspectScore",
    "Cycle",
    "Engine",
    "Fact",
    "Indicator",
    "Line",
    "Member",
    "Mistake",
    "Outcome",
    "Placement",
    "PoolScore",
    "Procedure",
    "Rulebook",
    "Score",
    "Standing",
    "TrackSpell",
    "Unusable",
    "Valuation",
    "load_path",
    "load_text",
    "parse_points",
    "placed",
    "product",
    "settle_quotas",
    "show",
    "standing_of",
]
