"""试算 What a draft would make of the entries that stand posted in a year, beside what today's rules make of them.

Reads only: everything is worked out on temporary tables. Former results and confirmed marks from outside the points
are taken as far as they are on record.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pioneer.kernel.errors import DomainError
from pioneer.organisations.models import Organisation
from pioneer.results import comparison, gathering, valuing
from pioneer.results.former_cycles import people_with_formers
from pioneer.results.gathering import Person
from pioneer.results.mark_queries import put_marks
from pioneer.results.rules import Rules, rules_of, write_rules
from pioneer.results.settlement import settle
from pioneer.results.slate import Slate, clean_slate
from pioneer.rulebook.queries import complete, versions_for
from pioneer.scoring import Rulebook
from pioneer.scoring.periods import add_months, cycle_of

EVER = date(1900, 1, 1)
STAGES = 5
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
    gathering.put_entries(slate, district, first, last)
    gathering.put_inputs(slate, district, first, last)
    tell(1, STAGES)
    people = _people(question, today)
    _prepare(slate, people, today, question)
    valuing.as_posted(slate, today)
    settle(slate, today)
    comparison.keep(slate)
    tell(2, STAGES)
    if draft.cycle != today.cycle:
        people = _people(question, draft)
    _prepare(slate, people, draft, question)
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


def _people(question: Question, rules: Rules) -> list[Person]:
    people = gathering.people_of(question.at, rules.cycle)
    if not people:
        first, last = rules.cycle
        raise DomainError(
            "nobody",
            f"“{question.at.name}”在{first.year}年{first.month}月至{last.year}年{last.month}月没有参评的党员，"
            "无从试算。请换一年，或换一个组织。",
        )
    return people


def _prepare(slate: Slate, people: list[Person], rules: Rules, question: Question) -> None:
    people = people_with_formers(people, rules)
    write_rules(slate, rules)
    gathering.put_people(slate, people, rules)
    gathering.put_zeroings(slate, people, rules.cycle)
    gathering.put_formers(slate, people, rules)
    put_marks(slate, question.at.district_number, rules)


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
