"""The explanation of a score: it adds up at every step, tells of every fact once, and cites the clause."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from pioneer.scoring import Cycle, Engine, Fact, Member, Score, TrackSpell
from pioneer.scoring.explanation import Node, as_json, explain_score, facts_in, opening_version, walk
from pioneer.scoring.points import quotient, show
from pioneer.scoring.quotas import settle_quotas, standing_of
from tests.scoring.conftest import rulebook_of
from tests.scoring.generate_facts import Pair, pairs
from tests.scoring.test_shapes_properties import versions

pytestmark = pytest.mark.pure
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
bounded = settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=SLOW)
few = settings(bounded, max_examples=15)
CYCLE = Cycle(date(2026, 1, 1), date(2026, 12, 31))
MEMBER = Member("M1", (TrackSpell(date(2019, 1, 1), "community"),), "李桂兰")


def wrong_in(node: Node) -> list[str]:
    """What does not add up, below this node too."""
    wrong = []
    for one in walk(node):
        children = [child.points for child in one.children if child.points is not None]
        if one.step == "sum" and one.points != sum(children):
            wrong.append(f"{one.kind} {one.title}: {one.points} from {children}")
        if one.step == "mean" and one.points != (quotient(sum(children), len(children)) if children else 0):
            wrong.append(f"{one.kind} {one.title}: {one.points} is no mean of {children}")
        if one.clause and one.clause not in one.sentence:
            wrong.append(f"{one.kind} {one.title}: no clause in {one.sentence!r}")
        if not one.sentence or not one.title:
            wrong.append(f"{one.kind}: says nothing")
    return wrong


def told(score: Score, engine: Engine) -> Node:
    return explain_score(score, opening=opening_version(engine, score))


@bounded
@given(pairs())
def test_every_score_of_every_rulebook_is_explained_to_the_last_fact(pair: Pair) -> None:
    engine = Engine(versions(pair))
    declared = [
        (member.code, void) for member, facts in pair.cases for void in engine.voided_events(member, facts, pair.cycle)
    ]
    for member, facts in pair.cases:
        others = [void for owner, void in declared if owner != member.code]
        score = engine.score(member, facts, pair.cycle, voided=others)
        tree = told(score, engine)
        assert wrong_in(tree) == []
        assert tree.points == score.score
        listed = Counter(node.fact.row for node in facts_in(tree) if node.fact)
        assert listed == Counter(line.row for line in score.lines) + Counter(row.row for row in score.unusable)
        by_row = {line.row: line for line in score.lines}
        for node in facts_in(tree):
            if node.fact is not None and node.fact.event_on is not None:
                line = by_row[node.fact.row]
                assert (node.fact.raw, node.fact.counted, node.points) == (line.raw, line.counted, line.counted)
                assert node.sentence == line.reason
                assert not node.fact.trimmed or node.fact.cap is not None
        parts_agree(score, tree, single=len(pair.texts) == 1)


def parts_agree(score: Score, tree: Node, single: bool) -> None:
    """The sub-totals of the score, found again in the tree."""
    by_kind: dict[str, list[Node]] = {}
    for node in walk(tree):
        by_kind.setdefault(node.kind, []).append(node)
    counting = [node for node in by_kind.get("period", ()) if node.points is not None] or [tree]
    for kind, expected in (("basic", score.basic), ("positive", score.positive)):
        found = [child for node in counting for child in node.children if child.kind == kind]
        assert sum(node.points or 0 for node in found) == expected, kind
    assert sum(node.points or 0 for node in by_kind.get("outside", ())) == score.outside
    capped: Counter[str] = Counter()
    for node in by_kind.get("aspect", ()):
        capped[node.title.split()[0]] += node.points or 0
    assert all(capped[row.code] == row.capped for row in score.aspects)
    assert len(by_kind.get("alarm", ())) == len(score.alarms)
    assert len(by_kind.get("streak", ())) == len(score.streaks)
    tier = score.version.tier(score.tier) if score.tier else None
    assert by_kind["tier"][0].title == (f"等次：{tier.name}" if tier else "不定等次")
    if single:
        assert "carried" not in by_kind, "only a change of rules carries anything from one period to another"


@few
@given(pairs())
def test_what_is_taken_away_says_the_same(pair: Pair) -> None:
    """The JSON: every number a text with two decimals at most, the same tree."""
    engine = Engine(versions(pair))
    member, facts = pair.cases[0]
    tree = told(engine.score(member, facts, pair.cycle), engine)
    content = json.loads(json.dumps(as_json(tree), ensure_ascii=False))
    nodes, objects = list(walk(tree)), [content]
    for one in objects:
        objects.extend(one["children"])
    assert len(objects) == len(nodes)
    assert Counter(one["sentence"] for one in objects) == Counter(one.sentence for one in nodes)
    assert Counter(one["points"] for one in objects) == Counter(
        None if one.points is None else show(one.points) for one in nodes
    )
    for one in objects:
        fact = one["fact"] or {}
        numbers = [one["points"], *(fact.get(key) for key in ("raw", "counted", "trimmed", "cap", "quantity"))]
        assert all(number is None or re.fullmatch(r"-?\d+(\.\d{1,2})?", number) for number in numbers)


@few
@given(pairs())
def test_a_tier_changed_by_a_quota_is_told(pair: Pair) -> None:
    engine = Engine(versions(pair))
    scores = {member.code: engine.score(member, facts, pair.cycle) for member, facts in pair.cases}
    moved = settle_quotas(next(iter(scores.values())).version, [standing_of(score) for score in scores.values()])
    for code, placement in moved.items():
        tree = explain_score(scores[code], opening=opening_version(engine, scores[code]), placement=placement)
        quotas = [node for node in walk(tree) if node.kind == "quota"]
        assert tuple(node.sentence for node in quotas) == placement.steps
        assert wrong_in(tree) == []


# ------------------------------------------------------------------ single cases, worked out by hand


def score_of(*facts: Fact, engine: Engine | None = None, member: Member = MEMBER) -> tuple[Score, Engine]:
    engine = engine or Engine([rulebook_of()])
    return engine.score(member, facts, CYCLE), engine


def find(tree: Node, kind: str, title: str = "") -> Node:
    return next(node for node in walk(tree) if node.kind == kind and title in node.title)


def test_a_trimmed_fact_says_its_value_the_cap_and_what_was_cut() -> None:
    facts = [Fact(n, "B2", date(2026, 3, n), quantity=400) for n in (1, 2, 3)]
    tree = told(*score_of(*facts))
    assert find(tree, "indicator").points == 400
    node = next(one for one in facts_in(tree) if one.fact and one.fact.row == 3)
    assert node.fact is not None
    assert (node.fact.raw, node.fact.counted, node.fact.trimmed, node.fact.cap) == (200, 0, 200, 400)
    assert "本月志愿服务已满4分，截去2分" in node.sentence
    assert find(tree, "indicator").sentence == "志愿服务3条，计4分；限额：本月最多4分、本周期最多12分（第三条B2）"


def test_the_running_total_adds_up_from_opening_to_total() -> None:
    tree = told(*score_of(Fact(1, "B5", date(2026, 3, 12)), Fact(2, "N2", date(2026, 2, 28))))
    assert [(node.kind, node.points) for node in tree.children if node.points is not None] == [
        ("basic", 7000),
        ("positive", 100),
        ("reverse", -200),
    ]
    assert tree.points == 6900 and find(tree, "tier").title == "等次：60至79分"


def test_a_zeroing_takes_what_was_there_and_keeps_it_readable() -> None:
    zeroing = Fact(9, "Z1", date(2026, 5, 1), document="判决书", document_on=date(2026, 5, 1))
    tree = told(*score_of(Fact(1, "B5", date(2026, 3, 12)), zeroing, Fact(2, "B5", date(2026, 6, 1))))
    assert tree.points == 0 and find(tree, "zeroing").points == -7100
    assert find(tree, "positive").points == 100
    late = next(one for one in facts_in(tree) if one.fact and one.fact.row == 2)
    assert late.points == 0 and "此后的事项不再计分" in late.sentence


def test_each_fact_says_under_which_version_it_was_scored() -> None:
    first = rulebook_of(('version = "1"', 'version = "1"\nvalid_to = 2026-06-30'))
    second = rulebook_of(
        ('version = "1"\nvalid_from = 2019-01-01', 'version = "2"\nvalid_from = 2026-07-01'),
        ('wording = "为群众办好事实事"', 'wording = "办实事"'),
    )
    engine = Engine([first, second])
    tree = told(*score_of(Fact(1, "B5", date(2026, 3, 12)), Fact(2, "B5", date(2026, 9, 12)), engine=engine))
    assert {node.fact.row: node.version for node in facts_in(tree) if node.fact} == {1: "第1版", 2: "第2版"}
    assert [node.version for node in walk(tree) if node.kind == "indicator"] == ["第1版", "第2版"]
    assert find(tree, "basic").version == "第1版" and find(tree, "tier").version == "第2版"


def test_what_could_not_be_scored_is_told_and_adds_nothing() -> None:
    tree = told(*score_of(Fact(1, "X9", date(2026, 3, 12)), Fact(2, "C1", date(2026, 3, 12))))
    node = find(tree, "unusable")
    assert [child.fact.row for child in node.children if child.fact] == [1, 2]
    assert "积分办法中没有指标“X9”" in node.children[0].sentence
