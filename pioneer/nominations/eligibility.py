"""推荐资格 Who of a branch is eligible under a call, and who is not, with every reason. Read from what is filed.

Nobody is ranked: the answer is yes, or the reasons why not, in the order of the roster.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pioneer.conduct.queries import zeroings_in_force, zeroings_in_hand
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.members.matters import open_matters
from pioneer.members.models import GONE, Member, Status
from pioneer.members.queries import RosterEntry, entries, roster, track_names
from pioneer.nominations.models import Call
from pioneer.organisations.models import Organisation
from pioneer.results.formers import former_results
from pioneer.results.models import FormerResult
from pioneer.rulebook.queries import current_rulebook, engine_for
from pioneer.scoring import Rulebook

COMMEND = "commend"


@dataclass(frozen=True, slots=True)
class Standing:
    """一位的资格 Eligible where no reason stands against it."""

    entry: RosterEntry
    reasons: tuple[str, ...]

    @property
    def is_eligible(self) -> bool:
        return not self.reasons


def commending(rules: Rulebook) -> frozenset[str]:
    """表扬的等次 The codes of the tiers that the rulebook says are commended."""
    return frozenset(tier.code for tier in rules.tiers if tier.follow == COMMEND)


def pool(call: Call, branch: Organisation) -> list[Standing]:
    """推荐资格 Of everybody on the branch's roster today."""
    return standings(call, roster(branch, clock.today(), unpublished=True))


def reasons_against(call: Call, member: Member) -> tuple[str, ...]:
    """一位的不符之处 Empty for who is eligible today."""
    found = standings(call, entries([member], clock.today(), with_gone=True))
    return found[0].reasons


def standings(call: Call, people: Sequence[RosterEntry]) -> list[Standing]:
    """资格 The number of queries does not grow with the people."""
    ids = [one.id for one in people]
    filed = former_results(ids, call.counted_on + timedelta(days=1)) if call.counted_on and call.cycles else {}
    joined = dict(Member.objects.filter(pk__in=ids).values_list("pk", "joined_on"))
    zeroed, in_hand = _zeroed_since(call, ids, filed), _in_hand(ids)
    tiers = _Tiers(call)
    tracks = track_names(call.organisation.district_number, clock.today()) if call.track else {}
    found = []
    for one in people:
        reasons = [*_person(call, one, tracks), *_years(call, joined.get(one.id))]
        reasons += _cycles(call, filed.get(one.id, []), tiers)
        if one.id in zeroed:
            reasons.append("有生效的清零")
        reasons += [f"有正在办理的{what}" for what in in_hand.get(one.id, ())]
        found.append(Standing(one, tuple(reasons)))
    return found


def _in_hand(ids: Collection[int]) -> dict[int, list[str]]:
    """What is being taken up against each, by any station: nobody has to remember it."""
    found = open_matters(ids, clock.today())
    return found | {number: ["清零", *found.get(number, [])] for number in zeroings_in_hand(ids)}


def _person(call: Call, one: RosterEntry, tracks: dict[str, str]) -> list[str]:
    reasons = []
    if one.status in GONE or one.status == Status.OUT_OF_CONTACT or (call.full_only and one.status != Status.FULL):
        reasons.append(f"现为{one.status_name}")
    if call.track and one.track != call.track:
        reasons.append(f"不属于{tracks.get(call.track, call.track)}类别")
    return reasons


def _years(call: Call, joined_on: date | None) -> list[str]:
    if not call.years:
        return []
    if joined_on is None:
        return ["没有登记入党日期"]
    if _after(joined_on, call.years) > call.closes_on:
        return [f"到{_day(call.closes_on)}党龄不满{call.years}年"]
    return []


def _after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _cycles(call: Call, filed: Sequence[FormerResult], tiers: "_Tiers") -> list[str]:
    """Each of the cycles wanted, without a gap, the latest first; the first that is missing is named."""
    reasons: list[str] = []
    last_on = call.counted_on
    for place in range(call.cycles):
        assert last_on is not None
        row = filed[place] if place < len(filed) else None
        if row is None or row.last_on != last_on:
            reasons.append(f"到{_day(last_on)}为止的周期没有备案的结果")
            break
        said = f"{_day(row.first_on)}至{_day(row.last_on)}的周期"
        if call.no_zeroing and row.is_zeroed:
            reasons.append(f"{said}清零")
        if not row.tier:
            reasons.append(f"{said}不定等次" + (f"（{row.why}）" if row.why else ""))
        elif row.tier not in tiers.wanted(row.last_on):
            reasons.append(f"{said}等次为{row.tier_name or row.tier}")
        last_on = row.first_on - timedelta(days=1)
    return reasons


def _zeroed_since(call: Call, ids: Collection[int], filed: dict[int, list[FormerResult]]) -> set[int]:
    """Zeroed by a decision whose document is later than the cycles counted: the running cycle's, above all."""
    if not call.no_zeroing:
        return set()
    if call.counted_on:
        first = call.counted_on + timedelta(days=1)
    else:
        first = engine_for(call.organisation.district_number).cycle_of(call.opens_on).first_on
    return {case.member_id for case in zeroings_in_force(ids, first, clock.today())}


class _Tiers:
    """Which tiers the call wants in a cycle: those it names, or those the rulebook of the cycle's last day commends."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.known: dict[date, frozenset[str]] = {}

    def wanted(self, last_on: date) -> frozenset[str]:
        if self.call.tiers:
            return frozenset(self.call.tiers)
        if last_on not in self.known:
            try:
                self.known[last_on] = commending(current_rulebook(self.call.organisation.district_number, last_on))
            except DomainError:  # a cycle from before the first rulebook: no tier of it is commended by one
                self.known[last_on] = frozenset()
        return self.known[last_on]


def rules_in_words(call: Call) -> list[str]:
    """推荐条件 The rules of eligibility of a call, each as a sentence."""
    said = []
    if call.cycles and call.counted_on:
        what = "、".join(tier_names(call)) if call.tiers else "积分办法规定予以表扬的等次"
        said.append(f"到{_day(call.counted_on)}为止连续{call.cycles}个周期的备案结果都是{what}")
    if call.no_zeroing:
        said.append("上述周期及以后没有清零" if call.counted_on else "本周期没有清零")
    if call.years:
        said.append(f"到{_day(call.closes_on)}党龄满{call.years}年")
    if call.track:
        names = track_names(call.organisation.district_number, clock.today())
        said.append(f"{names.get(call.track, call.track)}类别的党员")
    said.append("没有正在办理的清零、不合格认定、组织处置")
    said.append("正式党员" if call.full_only else "正式党员或预备党员")
    return said


def tier_names(call: Call) -> list[str]:
    """所要的等次 By name, as the rulebook of today says."""
    rules = current_rulebook(call.organisation.district_number, clock.today())
    found = [rules.tier(code) for code in call.tiers]
    return [tier.name if tier else code for code, tier in zip(call.tiers, found, strict=True)]


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
