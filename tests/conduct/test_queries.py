"""What later stations ask, and who sees what."""

from datetime import date

import pytest

from pioneer.conduct.models import ZeroingCase
from pioneer.conduct.queries import (
    branches_for,
    records_visible_to,
    steps_of,
    zeroing_for,
    zeroings_in_force,
    zeroings_visible_to,
    zeroings_waiting_for,
)
from pioneer.conduct.services import write_education_record
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from tests.conduct.conftest import OVER, Case
from tests.world import TODAY, World

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("state", "holds"),
    [("proposed", False), ("answered", False), ("approved", True), ("refused", False), ("reversed", False)],
)
def test_only_an_approved_one_not_reversed_is_in_force(ruled: World, case_in: Case, state: str, holds: bool) -> None:
    case = case_in(state)
    assert zeroings_in_force([case.member_id], *YEAR) == ([case] if holds else [])


def test_it_is_the_documents_day_that_decides_the_cycle(ruled: World, case_in: Case) -> None:
    case = case_in("approved")
    ids = [case.member_id]
    for on, holds in [(date(2026, 1, 1), True), (date(2026, 12, 31), True), (date(2025, 12, 31), False)]:
        ZeroingCase.objects.update(document_on=on)
        assert bool(zeroings_in_force(ids, *YEAR)) is holds
    assert zeroings_in_force([ruled.member("单雪琴").pk], *YEAR) == []


@pytest.mark.parametrize(
    ("who", "record", "zeroing"),
    [
        ("guilan", True, True),
        ("recorder", True, True),
        ("secretary", True, True),
        ("community_officer", True, False),
        ("township_officer", True, True),
        ("xueqin", False, False),
        ("second_secretary", False, False),
        ("town_officer", False, False),
        ("district_officer", False, False),
        ("auditor", False, False),
        ("system_admin", False, False),
        ("other_township_officer", False, False),
    ],
)
def test_private_matters_are_seen_by_the_branch_the_level_above_and_the_member(
    ruled: World, case_in: Case, who: str, record: bool, zeroing: bool
) -> None:
    case = case_in()
    write_education_record(
        actor=ruled.actor("recorder"), member_id=case.member_id, indicator="N1", on=TODAY, content="谈话"
    )
    actor = ruled.actor(who)
    assert records_visible_to(actor).exists() is record
    assert zeroings_visible_to(actor).exists() is zeroing
    if not zeroing:
        with pytest.raises(NotVisible):
            zeroing_for(actor, case.pk)


def test_it_waits_for_the_member_then_for_the_township(ruled: World, case_in: Case) -> None:
    case = case_in()

    def waits_for() -> set[str]:
        return {who for who in ruled.users if case in zeroings_waiting_for(ruled.actor(who))}

    assert waits_for() == {"guilan"}
    with clock.at(OVER):
        assert waits_for() == {"township_officer", "second_township_officer"}


def test_an_answered_one_waits_for_the_township_at_once(ruled: World, case_in: Case) -> None:
    case = case_in("answered")
    assert zeroings_waiting_for(ruled.actor("township_officer")) == [case]
    assert zeroings_waiting_for(ruled.actor("guilan")) == []


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("proposed", ["支部提出 done", "告知本人 done", "本人申辩 now", "乡镇（街道）审批 later"]),
        ("answered", ["支部提出 done", "告知本人 done", "本人申辩 done", "乡镇（街道）审批 now"]),
        ("approved", ["支部提出 done", "告知本人 done", "本人申辩 done", "乡镇（街道）批准清零 done"]),
        ("refused", ["支部提出 done", "告知本人 done", "本人申辩 done", "乡镇（街道）未批准 done"]),
        (
            "reversed",
            ["支部提出 done", "告知本人 done", "本人申辩 done", "乡镇（街道）批准清零 done", "撤销清零 done"],
        ),
    ],
)
def test_its_steps_say_what_was_done_and_what_comes_next(
    ruled: World, case_in: Case, state: str, steps: list[str]
) -> None:
    listed = steps_of(case_in(state))
    assert [f"{step.title} {step.state}" for step in listed] == steps
    assert listed[0].by == "王保国"


def test_days_that_ran_out_say_so(ruled: World, case_in: Case) -> None:
    case = case_in()
    with clock.at(OVER):
        listed = steps_of(case)
    assert "没有申辩" in listed[2].text and "2026年4月9日24时" in listed[2].text and listed[3].state == "now"


def test_the_branches_one_may_read(ruled: World) -> None:
    assert [one.name for one in branches_for(ruled.actor("community_officer"))] == [
        "槐园社区第一党支部",
        "槐园社区第二党支部",
    ]
    assert [one.name for one in branches_for(ruled.actor("recorder"))] == ["槐园社区第一党支部"]
    assert not branches_for(ruled.actor("district_officer")).exists()
