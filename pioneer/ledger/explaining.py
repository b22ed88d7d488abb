"""一分怎么来的 A member's posted score as a tree down to the single entry; and what one more thing would bring.

One tree feeds the page, the file to take away and the paper, so the three say the same. Nothing is written here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from pioneer.declarations.queries import Offer, offer
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.ledger import chain, queries
from pioneer.ledger.models import Entry
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.rulebook.queries import engine_for, versions_for
from pioneer.scoring import Cycle, Engine, Fact, Line, Rulebook, Score
from pioneer.scoring.explanation import Node, explain_score, opening_version, walk
from pioneer.scoring.model import Tier

IMAGINED = 0  # the row of what has not happened; entries are numbered above it, zeroings below
LIMITS = frozenset({"cap", "floor", "ceiling", "coefficient", "zeroing", "carried"})


@dataclass(frozen=True, slots=True)
class Explained:
    """得分说明 `tree` is None where the member is not scored; `why_not` says why."""

    member: Member
    branch: Organisation | None
    cycle: Cycle
    engine: Engine
    on: date
    score: Score | None = None
    tree: Node | None = None
    why_not: str = ""
    beyond: queries.Beyond | None = None

    @property
    def tier(self) -> Tier | None:
        """现在的等次"""
        return self.score.version.tier(self.score.tier) if self.score and self.score.tier else None

    @property
    def is_past(self) -> bool:
        """是否以往的周期"""
        return self.cycle.last_on < clock.today()

    @property
    def versions(self) -> list[str]:
        """用到的版本 The earliest first."""
        nodes = walk(self.tree) if self.tree else ()
        return sorted({node.version for node in nodes if node.version}, key=lambda name: (len(name), name))


@dataclass(frozen=True, slots=True)
class Supposed:
    """设想的一件 What it would count and why, the total and the tier with it. `line` is None where it cannot count."""

    name: str
    reason: str
    line: Line | None
    before: Score
    after: Score
    limits: tuple[str, ...] = ()

    @property
    def gain(self) -> int:
        """总分的变化"""
        return self.after.score - self.before.score

    @property
    def tier(self) -> Tier | None:
        """那时的等次"""
        return self.after.version.tier(self.after.tier) if self.after.tier else None

    @property
    def is_other_tier(self) -> bool:
        """等次是否变了"""
        return self.before.tier != self.after.tier

    @property
    def missing(self) -> int:
        """离上一档还差几分 0 where there is no higher one."""
        higher = [tier.lower for tier in self.after.version.tiers if tier.lower > self.after.score]
        return min(higher) - self.after.score if higher else 0


def explained(member: Member, within: date | None = None, known: queries.Known = queries.nothing_known) -> Explained:
    """得分说明 Of the cycle that runs today, or of the former one that holds a day: then as of its last day. `known`
    tells what later stations know of that cycle. A constant number of queries."""
    today = clock.today()
    engine = engine_for(member.district_id)
    if within is not None and within < engine.cycle_of(today).first_on:
        today = _last_day(engine, within)
    branch = members.branch_on(member, today) or members.last_branch(member)
    found = Explained(member, branch, engine.cycle_of(today), engine, today)
    if member.pk in members.exempt_on([member.pk], today):
        return replace(found, why_not="免评期间列名，不计得分、不定等次。")
    found = replace(found, beyond=known(member, found.cycle))
    score = queries.scores_of([member.pk], today, engine, beyond=_of(found)).get(member.pk)
    if score is None:
        return replace(found, why_not="还没有登记类别，不能计分。请支部先在花名册上登记。")
    tree = explain_score(score, opening=opening_version(engine, score), name=_namer(member.district_id))
    return replace(found, score=score, tree=_worded(tree, _wordings(member, found.cycle)))


def _of(found: Explained) -> dict[int, queries.Beyond]:
    return {found.member.pk: found.beyond} if found.beyond is not None else {}


def _last_day(engine: Engine, within: date) -> date:
    """Of the cycle that holds the day; NotVisible where no rulebook reaches it."""
    if engine.version_on(within) is None:
        raise NotVisible
    last = engine.cycle_of(within).last_on
    return last if engine.version_on(last) is not None else within


def _namer(district: int) -> "Namer":
    numbers = {(one.digest, one.valid_from): one.number for one in versions_for(district)}
    return Namer(numbers)


@dataclass(frozen=True, slots=True)
class Namer:
    """版本的叫法 第N版, as the district numbers what it adopted."""

    numbers: Mapping[tuple[str, date], int]

    def __call__(self, rulebook: Rulebook) -> str:
        number = self.numbers.get((rulebook.digest, rulebook.meta.valid_from))
        return f"第{number}版" if number else f"第{rulebook.meta.version}版"


def _wordings(member: Member, cycle: Cycle) -> dict[int, str]:
    """公示用语 By the line an entry came from. One query."""
    entries = Entry.objects.filter(member_key=member.key, event_on__range=(cycle.first_on, cycle.last_on))
    rows = entries.order_by().values_list("reference", "text__wording")
    return {chain.line_of(reference): wording for reference, wording in rows if wording}


def _worded(node: Node, wordings: Mapping[int, str]) -> Node:
    """The tree with the words of the notice beside each day."""
    title = node.title
    if node.fact is not None and (wording := wordings.get(node.fact.row)):
        title = f"{title}　{wording}"
    return replace(node, title=title, children=tuple(_worded(child, wordings) for child in node.children))


# ------------------------------------------------------------------ what if


def choices(member: Member) -> Offer:
    """可以设想的 What the member can declare today: additions of its track and branch."""
    return offer(member)


def suppose(found: Explained, fact: Fact) -> Supposed:
    """如果再做一件 The fact counted after all that is posted. Nothing is stored."""
    assert found.score is not None
    member, before = found.member, found.score
    fact = fact._replace(row=IMAGINED, posted_order=None)
    with_it = queries.scores_of([member.pk], found.on, found.engine, extra={member.pk: [fact]}, beyond=_of(found))
    after = with_it[member.pk]
    line = next((line for line in after.lines if line.row == IMAGINED), None)
    refused = next((row.reason for row in after.unusable if row.row == IMAGINED), "")
    version = found.engine.version_on(fact.event_on)
    row = version.indicators.get(fact.indicator) if version else None
    return Supposed(
        name=row.name if row else fact.indicator,
        reason=line.reason if line else refused,
        line=line,
        before=before,
        after=after,
        limits=tuple(_limits(found, after)),
    )


def _limits(found: Explained, after: Score) -> list[str]:
    """What limits the total otherwise than without it: the sentences that are new."""
    assert found.tree is not None
    tree = explain_score(after, opening=opening_version(found.engine, after))
    known = {node.sentence for node in walk(found.tree) if node.kind in LIMITS}
    return [node.sentence for node in walk(tree) if node.kind in LIMITS and node.sentence not in known]
