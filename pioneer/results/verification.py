"""核验年度评定 Every settlement's digest against its rows, and what was received here against the results behind it."""

from dataclasses import dataclass

from django.db.models import F, Q

from pioneer.results import storing
from pioneer.results.cycles import cycle_text
from pioneer.results.models import FormerResult, Settlement
from pioneer.scoring import Cycle


@dataclass(frozen=True, slots=True)
class Verified:
    """核验的结果 `disagreement` is the sentence of the first that doesn't agree, empty where all does."""

    settlements: int
    formers: int
    disagreement: str = ""

    @property
    def summary(self) -> str:
        """一句话"""
        return f"年度评定{self.settlements}次，摘要与结果相符；已备案的结果{self.formers}条，与评定相符。"


def verify_results() -> Verified:
    """核验 Settlements in the order in which they were made, then the filed results that were settled here."""
    checked = 0
    for made in Settlement.objects.select_related("organisation").order_by("pk").iterator():
        if (wrong := _wrong(made)) != "":
            return Verified(checked, 0, wrong)
        checked += 1
    formers = FormerResult.objects.filter(result__isnull=False)
    differing = formers.filter(revision=1).filter(
        ~Q(member=F("result__member"))
        | ~Q(first_on=F("result__settlement__first_on"))
        | (Q(score__isnull=False) & ~Q(score=F("result__score")))
        | ~Q(tier=F("result__tier"))
        | ~Q(is_zeroed=F("result__is_zeroed"))
        | Q(result__settlement__is_trial=True)
    )
    one = differing.select_related("member").order_by("pk").first()
    if one is not None:
        what = cycle_text(Cycle(one.first_on, one.last_on))
        said = f"{one.member.number}的{what}备案结果（备案号{one.filing_number}）与评定的结果不符。"
        return Verified(checked, 0, said)
    return Verified(checked, formers.count())


def _wrong(made: Settlement) -> str:
    name = f"{made.organisation.name}{cycle_text(Cycle(made.first_on, made.last_on))}第{made.number}次"
    name += "试算" if made.is_trial else "评定"
    if made.results.count() != made.members:
        return f"{name}写有{made.members}名党员，表中有{made.results.count()}名。"
    if storing.digest_of(made) != made.digest:
        return f"{name}的结果与写入时的摘要不符，请用备份核对。"
    return ""
