"""依据 Whether a result means "unqualified", what in the books led to it, and for how many filed cycles on end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from pioneer.accounts.policies import AnyActor
from pioneer.conduct import queries as conduct
from pioneer.disposals.models import ExemptionAnswer
from pioneer.kernel import clock
from pioneer.kernel.erased import ERASED
from pioneer.kernel.errors import DomainError
from pioneer.kernel.points import show
from pioneer.ledger import queries as ledger
from pioneer.members import spells
from pioneer.members.models import Exemption, Member
from pioneer.results.cycles import cycle_text
from pioneer.results.formers import former_results
from pioneer.results.models import FormerResult, Result, ResultAspect
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.queries import current_rulebook, parsed
from pioneer.scoring import Cycle, Rulebook
from pioneer.scoring.periods import add_months

UNQUALIFIED = "unqualified"
Ground = ExemptionAnswer.Ground
ASKED = {
    Ground.AGE: "{name}在周期最后一天已满{years}周岁，可以申请免评",
    Ground.ILL: "{name}申请过因病免评，现在不在免评期内",
    Ground.FLOATING: "{name}是流动党员",
}


# ------------------------------------------------------------------ the tier


def unqualified_tiers(rulebook: Rulebook) -> dict[str, int]:
    """不合格的等次 By code its lower bound, as the rulebook marks them; there may be none."""
    return {tier.code: tier.lower for tier in rulebook.tiers if tier.follow == UNQUALIFIED}


def is_unqualified(result: Result) -> bool:
    """结果是否在不合格的等次 By the version that the settlement froze."""
    return result.tier in unqualified_tiers(parsed(result.settlement.version))


# ------------------------------------------------------------------ causes


def causes_of(actor: AnyActor, result: Result) -> list[str]:
    """原因 What the books say led here, a sentence each: a zeroing, each deduction with its ground, what is missing."""
    made = result.settlement
    return [*_zeroing(result), *_deductions(actor, result, made.first_on, made.last_on), *_missing(result)]


def _zeroing(result: Result) -> list[str]:
    made = result.settlement
    cases = conduct.zeroings_in_force([result.member_id], made.first_on, made.last_on)
    said = [
        f"清零：{conduct.name_of_indicator(made.district_id, case.indicator, case.document_on)}，"
        f"依据{case.issuer}{case.document_number}（{spells.said(case.document_on)}）。"
        for case in cases
    ]
    return said or (["本周期得分清零。"] if result.is_zeroed else [])


def _deductions(actor: AnyActor, result: Result, first: date, last: date) -> list[str]:
    entries = list(ledger.entries_of(actor, result.member_id).filter(event_on__range=(first, last)))
    taken_back = {entry.corrects_id for entry in entries}
    found = [entry for entry in entries if entry.value < 0 and entry.corrects_id is None and entry.pk not in taken_back]
    district = result.settlement.district_id
    return [
        f"{spells.said(entry.event_on)}　{conduct.name_of_indicator(district, entry.indicator, entry.event_on)}，"
        f"扣{show(-entry.value)}分。依据：{entry.text.ground or entry.text.wording or ERASED}"
        for entry in sorted(found, key=lambda one: (one.event_on, one.pk))
    ]


def _missing(result: Result) -> list[str]:
    if result.is_zeroed:
        return []
    if result.positive == 0:
        return ["本周期没有计入任何正向加分。"]
    rulebook = parsed(result.settlement.version)
    earned = {row.aspect for row in rulebook.of_index("positive")}
    names = {aspect.code: aspect.name for aspect in rulebook.aspects if aspect.code in earned}
    counted = dict(ResultAspect.objects.filter(result=result).values_list("aspect", "counted"))
    return [f"“{name}”没有计入加分。" for code, name in names.items() if counted.get(code) == 0]


# ------------------------------------------------------------------ should the member not be exempt?


def exemption_questions(member: Member, cycle: Cycle) -> list[Ground]:
    """免评问题 Which of age, illness and floating is open for this cycle, by what is on record and nothing else. An
    application that was refused since the cycle began has answered the first two."""
    asked = []
    years = current_rulebook(member.district_id, cycle.last_on).procedure.exemption_age.value
    if member.birth_on is not None and add_months(member.birth_on, 12 * years) <= cycle.last_on:
        asked.append(Ground.AGE)
    applications = list(Exemption.objects.filter(member=member))
    if any(one.ground == Exemption.Ground.ILL for one in applications):
        asked.append(Ground.ILL)
    if member.is_floating:
        asked.append(Ground.FLOATING)
    refused = {one.ground for one in applications if one.state == "refused" and _decided_on(one) >= cycle.first_on}
    answered = set(
        ExemptionAnswer.objects.filter(member=member, first_on=cycle.first_on).values_list("ground", flat=True)
    )
    return [ground for ground in asked if ground.value not in refused | answered]


def _decided_on(application: Exemption) -> date:
    at = application.township_at or application.branch_at
    return at.astimezone(clock.SHANGHAI).date() if at is not None else date.min


def question_text(member: Member, ground: Ground) -> str:
    """免评问题的说法"""
    years = current_rulebook(member.district_id, clock.today()).procedure.exemption_age.value
    return ASKED[ground].format(name=member.name, years=years)


def require_exemption_answered(member: Member, cycle: Cycle) -> None:
    """须已答复免评问题"""
    if Exemption.objects.filter(member=member, state__in=["applied", "branch_agreed"]).exists():
        raise DomainError("exemption_open", f"{member.name}有一份免评申请在办，请等它办结以后再提出。")
    questions = exemption_questions(member, cycle)
    if questions:
        raise DomainError(
            "exemption_unanswered",
            f"{question_text(member, questions[0])}。请先弄清是否应当免评：应当免评的，请办理免评；"
            "不适用的，请先记下“免评不适用”，写明由谁认定、哪天和理由。",
        )


# ------------------------------------------------------------------ cycles on end


@dataclass(frozen=True, slots=True)
class Unbroken:
    """连续不合格 The filed results of one member, the latest first, as many as there are on end; how many it takes."""

    member: Member
    results: tuple[FormerResult, ...]
    needed: int
    streak: str

    @property
    def is_enough(self) -> bool:
        return len(self.results) >= self.needed

    @property
    def latest(self) -> FormerResult:
        return self.results[0]

    def sentences(self) -> list[str]:
        """逐条"""
        return [ground_text(one) for one in self.results[: self.needed]]


def ground_text(one: FormerResult) -> str:
    """一条已备案的不合格结果"""
    score = f"{show(one.score)}分，" if one.score is not None and not one.is_zeroed else ""
    how = "得分清零，" if one.is_zeroed else score
    return (
        f"{cycle_text(Cycle(one.first_on, one.last_on))}：{how}{one.tier_name or one.tier}，备案号{one.filing_number}。"
    )


def unbroken(members: Collection[Member]) -> list[Unbroken]:
    """连续不合格的党员 Of these members of one district, whose latest filed results are unqualified on end. Three
    queries, however many."""
    listed = list(members)
    if not listed:
        return []
    rulebook = current_rulebook(listed[0].district_id, clock.today())
    marked = unqualified_tiers(rulebook)
    needed, streak = _needed(rulebook, marked)
    formers = former_results([member.pk for member in listed])
    settled = _settled(formers)
    found = []
    for member in listed:
        on_end = _on_end(formers.get(member.pk, []), marked, settled)
        if on_end:
            found.append(Unbroken(member, tuple(on_end), needed, streak))
    return found


def _needed(rulebook: Rulebook, marked: dict[str, int]) -> tuple[int, str]:
    """As the rulebook's streak of unqualified cycles says; two where it has none."""
    for streak in rulebook.streaks:
        if streak.at_most is not None and streak.at_most in marked:
            return streak.cycles, streak.code
    return 2, ""


def _settled(formers: dict[int, list[FormerResult]]) -> dict[int, RulebookVersion]:
    """The version by which each result that was settled here was settled."""
    numbers = [one.result_id for rows in formers.values() for one in rows if one.result_id is not None]
    rows = Result.objects.filter(pk__in=numbers).select_related("settlement__version")
    return {row.pk: row.settlement.version for row in rows}


def _on_end(
    formers: Collection[FormerResult], marked: dict[str, int], settled: dict[int, RulebookVersion]
) -> list[FormerResult]:
    """Cycles that adjoin, from the latest back to the first that was not unqualified or had no tier."""
    found: list[FormerResult] = []
    for one in formers:
        if found and one.last_on != found[-1].first_on - timedelta(days=1):
            break
        if not (one.is_zeroed or _is_marked(one, marked, settled)):
            break
        found.append(one)
    return found


def _is_marked(one: FormerResult, marked: dict[str, int], settled: dict[int, RulebookVersion]) -> bool:
    """By the version that settled it; one that was imported, by its lower bound against the present marks."""
    if not one.tier or one.lower is None:
        return False
    if one.result_id in settled:
        return one.tier in unqualified_tiers(parsed(settled[one.result_id]))
    return bool(one.lower <= max(marked.values(), default=-1))
