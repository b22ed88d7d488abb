"""推荐资格 Every rule with its reason; and, over many invented histories, the same answer as a plain reading."""

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pioneer.conduct.models import ZeroingCase
from pioneer.kernel import clock
from pioneer.members.matters import begin_matter, end_matter
from pioneer.members.models import Matter, Member, StatusSpell
from pioneer.nominations.eligibility import pool, reasons_against
from pioneer.nominations.models import Call
from pioneer.results.models import FormerResult
from tests.nominations.course import call, file
from tests.world import TODAY, World


def against(world: World, made: Call, name: str) -> str:
    return "；".join(reasons_against(made, world.member(name)))


def test_who_was_commended_in_each_of_the_cycles_without_a_gap(town: World) -> None:
    for year in (2024, 2025):
        file(town, "李桂兰", year)
    file(town, "单雪琴", 2025)
    file(town, "王保国", 2024)
    file(town, "曾永福", 2025, "t80")
    file(town, "解文军", 2025, "")
    file(town, "罗小红", 2025)
    file(town, "罗小红", 2025, "t80", revision=2)
    one, two = call(town), call(town, cycles=2)
    assert against(town, one, "李桂兰") == against(town, two, "李桂兰") == ""
    assert against(town, one, "单雪琴") == ""
    assert against(town, two, "单雪琴") == "到2024年12月31日为止的周期没有备案的结果"
    assert against(town, one, "王保国") == "到2025年12月31日为止的周期没有备案的结果"
    assert "等次为80至89分" in against(town, one, "曾永福")
    assert "不定等次（预备党员）" in against(town, one, "解文军")
    assert "等次为80至89分" in against(town, one, "罗小红")  # the amendment counts
    assert against(town, call(town, tiers=["t90", "t80"]), "曾永福") == ""
    assert against(town, call(town, cycles=0), "张㛃") == ""


def test_zeroed_then_or_since(town: World) -> None:
    file(town, "李桂兰", is_zeroed=True, score=0)
    file(town, "单雪琴")
    case = {"branch": town.branch, "indicator": "Z1", "document_kind": "penalty", "issuer": "分局", "facts": "x"}
    ZeroingCase.objects.create(
        **case, member=town.member("单雪琴"), document_number="1", document_on=date(2026, 3, 1), state="approved",
        told_at=clock.now(), answer_until=clock.now(), proposed_at=clock.now(), decided_at=clock.now(),
    )  # fmt: skip
    made = call(town)
    assert "清零" in against(town, made, "李桂兰") and against(town, made, "单雪琴") == "有生效的清零"
    open_to_all = call(town, no_zeroing=False)
    assert against(town, open_to_all, "李桂兰") == against(town, open_to_all, "单雪琴") == ""


def test_what_is_in_hand_against_a_member_is_known_without_anybody_confirming_it(town: World) -> None:
    case = {"branch": town.branch, "indicator": "Z1", "document_kind": "penalty", "issuer": "分局", "facts": "x"}
    ZeroingCase.objects.create(
        **case, member=town.member("单雪琴"), document_number="1", document_on=date(2024, 3, 1), state="answered",
        told_at=clock.now(), answer_until=clock.now(), proposed_at=clock.now(),
    )  # fmt: skip
    for number, name in enumerate(("单雪琴", "李桂兰")):
        begin_matter(town.member(name).pk, Matter.Kind.DISPOSAL, number)
    made = call(town, cycles=0, no_zeroing=False)
    assert against(town, made, "单雪琴") == "有正在办理的清零；有正在办理的组织处置"
    assert against(town, made, "李桂兰") == "有正在办理的组织处置"
    with clock.at(TODAY):
        end_matter(Matter.Kind.DISPOSAL, 1, TODAY)
        assert against(town, made, "李桂兰") == ""


def test_years_track_and_status(town: World) -> None:
    Member.objects.filter(name="单雪琴").update(joined_on=date(2016, 4, 16))
    Member.objects.filter(name="罗小红").update(joined_on=date(2016, 4, 15))
    Member.objects.filter(name="曾永福").update(joined_on=None)
    made = call(town, cycles=0, years=10)
    assert against(town, made, "单雪琴") == "到2026年4月15日党龄不满10年"
    assert against(town, made, "罗小红") == ""
    assert against(town, made, "曾永福") == "没有登记入党日期"
    assert against(town, call(town, cycles=0, track="rural"), "罗小红") == "不属于农村类别"
    assert against(town, call(town, cycles=0), "喆䶮堃") == "现为预备党员"
    assert against(town, call(town, cycles=0, full_only=False), "喆䶮堃") == ""
    StatusSpell.objects.filter(member=town.member("罗小红")).update(status="out_of_contact")
    assert "失联" in against(town, call(town, cycles=0, full_only=False), "罗小红")


def test_the_pool_is_the_roster_in_its_order_and_asks_no_more_of_many(
    town: World, django_assert_max_num_queries: Any
) -> None:
    for name in ("单雪琴", "李桂兰"):
        file(town, name, score=9900 if name == "单雪琴" else 9100)
    made = call(town)
    with django_assert_max_num_queries(14):
        found = pool(made, town.branch)
    assert [one.entry.name for one in found if one.is_eligible] == ["李桂兰", "单雪琴"]
    assert len(found) == 8 and all(one.reasons for one in found if not one.is_eligible)


# ------------------------------------------------------------------ a plain reading

History = list[tuple[str, bool] | None]  # of 2025, 2024, 2023: tier and whether zeroed, or nothing filed
YEAR = st.none() | st.tuples(st.sampled_from(["t90", "t80", ""]), st.booleans())


def plainly(history: History, cycles: int, tiers: list[str], no_zeroing: bool, joined: int | None, years: int) -> bool:
    """As somebody would read the call aloud."""
    for year in range(cycles):
        filed = history[year]
        if filed is None or filed[0] not in (tiers or ["t90"]) or (no_zeroing and filed[1]):
            return False
    return not years or (joined is not None and joined + years <= 2026)


@pytest.mark.django_db
@given(
    history=st.lists(YEAR, min_size=3, max_size=3),
    cycles=st.integers(0, 3),
    tiers=st.sampled_from([[], ["t90"], ["t80"], ["t90", "t80"]]),
    no_zeroing=st.booleans(),
    joined=st.none() | st.integers(2000, 2025),
    years=st.integers(0, 20),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_says_what_a_plain_reading_says(
    town: World, history: History, cycles: int, tiers: list[str], no_zeroing: bool, joined: int | None, years: int
) -> None:
    member = random.Random(str((history, cycles, years))).choice(["张㛃", "李桂兰", "单雪琴"])
    with clock.at(TODAY):
        from django.db import transaction

        with transaction.atomic():
            for place, filed in enumerate(history):
                if filed is not None:
                    file(town, member, 2025 - place, filed[0], is_zeroed=filed[1])
            Member.objects.filter(name=member).update(joined_on=date(joined, 3, 1) if joined else None)
            made = call(town, cycles=cycles, tiers=tiers, no_zeroing=no_zeroing, years=years)
            said = not reasons_against(made, town.member(member))
            transaction.set_rollback(True)
    assert said == plainly(history, cycles, tiers, no_zeroing, joined, years)
    assert not FormerResult.objects.exists()
