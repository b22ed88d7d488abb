"""试算 What a draft would make of the entries that stand posted in a year, beside what today's rules make of them.

Reads only: everything is worked out on temporary tables. Former results and confirmed marks from outside the points
are taken as far as they are on record.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pioneer.kernel.errors import DomainError
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.results import comparison, gathering, roster, short_way, valuing
from pioneer.results.rules import Rules, rules_of, write_rules
from pioneer.results.settlement import settle
from pioneer.results.slate import Slate, clean_slate
from pioneer.results.working import gather
from pioneer.rulebook.queries import complete, versions_for
from pioneer.scoring import Rulebook
from pioneer.scoring.periods import add_months, cycle_of

EVER = date(1900, 1, 1)
STAGES = 5
MEMBERS = Member._meta.db_table
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Question:
    """试算的题目 A draft, a year, and whose members."""

    draft: Rulebook
    at: Organisation
    year: int


def simulate(question: Question, tell: Tell = lambda done, total: None) -> dict[str, Any]:
    """试算 All figures as plain data: points in hundredths, members by their numbers and never by name."""
    with clean_slate() as slate:
        return _simulate(slate, question, tell)


def _simulate(slate: Slate, question: Question, tell: Tell) -> dict[str, Any]:
    today, draft = _today(question), _draft(question)
    district = question.at.district_number
    first = min(today.cycle.first_on, add_months(draft.cycle.first_on, -draft.back_months))
    last = max(today.cycle.last_on, draft.cycle.last_on)
    gathering.put_entries(slate, f"SELECT key FROM {MEMBERS} WHERE district_id = {district}", first, last)
    gathering.put_inputs(slate, district, first, last)
    tell(1, STAGES)
    _prepare(slate, today, question)
    valuing.as_posted(slate, today)
    settle(slate, today)
    comparison.keep(slate)
    tell(2, STAGES)
    _prepare(slate, draft, question)
    valuing.as_drafted(slate, draft, today)
    tell(3, STAGES)
    settle(slate, draft)
    tell(4, STAGES)
    found = comparison.figures(slate, today, draft)
    # Events that members of other branches declared void are not looked for: said where it could matter.
    is_part = question.at.level != Organisation.Level.DISTRICT
    found["left_out"]["voids_elsewhere"] = is_part and (today.has_voids or draft.has_voids)
    tell(STAGES, STAGES)
    return found


def _prepare(slate: Slate, rules: Rules, question: Question) -> None:
    """The rules and everybody's facts; all go the long way."""
    write_rules(slate, rules)
    if not gather(slate, question.at, rules, whole=False):
        first, last = rules.cycle
        raise DomainError(
            "nobody",
            f"“{question.at.name}”在{first.year}年{first.month}月至{last.year}年{last.month}月没有参评的党员，"
            "无从试算。请换一年，或换一个组织。",
        )
    short_way.part(slate, None)
    roster.put_tracks(slate)


def _today(question: Question) -> Rules:
    """The rules in force, as every page scores by them."""
    versions = list(complete(versions_for(question.at.district_number)).values())
    held = next((one for one in reversed(versions) if one.meta.valid_from <= date(question.year, 12, 31)), None)
    try:
        if held is None:
            raise LookupError
        return rules_of(versions, cycle_of(held.cycle, date(question.year, 12, 31)))
    except LookupError:
        raise DomainError(
            "no_rulebook", f"本区{question.year}年没有适用的积分办法，没有可供试算的条目。请换一年。"
        ) from None


def _draft(question: Question) -> Rules:
    """The draft as if it had been in force all along."""
    draft = replace(question.draft, meta=replace(question.draft.meta, valid_from=EVER, valid_to=None))
    return rules_of([draft], cycle_of(draft.cycle, date(question.year, 12, 31)))
