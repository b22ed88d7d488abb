"""推荐通知 Issued by a township or the district, never changed, withdrawn as long as nobody is chosen."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from pioneer.kernel.errors import DomainError
from pioneer.nominations.calling import issue_call, withdraw_call
from pioneer.nominations.eligibility import rules_in_words
from pioneer.nominations.models import Call
from tests.nominations.course import call, decide, file, ready, terms
from tests.world import World


def test_a_township_calls_and_the_cycle_counted_is_the_last_that_has_ended(town: World) -> None:
    made = call(town, years=3, track="community", checks=["没有正在办理的组织处置", " "])
    assert made.counted_on == date(2025, 12, 31) and made.checks == ["没有正在办理的组织处置"]
    assert rules_in_words(made) == [
        "到2025年12月31日为止连续1个周期的备案结果都是积分办法规定予以表扬的等次",
        "上述周期及以后没有清零",
        "到2026年4月15日党龄满3年",
        "社区类别的党员",
        "没有正在办理的清零、不合格认定、组织处置",
        "正式党员",
    ]
    assert call(town, cycles=0).counted_on is None
    assert "80至89分" in rules_in_words(call(town, tiers=["t90", "t80"]))[0]


@pytest.mark.parametrize("who", ["secretary", "community_officer", "town_officer", "auditor", "other_district_officer"])
def test_nobody_else_calls_for_a_township(town: World, who: str) -> None:
    with pytest.raises(DomainError) as refused:
        call(town, who=who)
    assert refused.value.status in (403, 404)


def test_a_community_or_a_branch_calls_for_nothing(town: World) -> None:
    for place in ("community", "branch"):
        with pytest.raises(DomainError) as refused:
            call(town, at=place)
        assert refused.value.status in (403, 404)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"title": " "}, "名称"),
        ({"document_number": ""}, "文号"),
        ({"places": 0}, "名额"),
        ({"opens_on": date(2026, 3, 31)}, "开始日期"),
        ({"closes_on": date(2026, 3, 31)}, "截止日期"),
        ({"tiers": ["gold"]}, "等次"),
        ({"track": "sea"}, "类别"),
        ({"kind": "king"}, "种类"),
        ({"checks": [str(n) for n in range(9)]}, "须核实的事项"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(town: World, changes: dict[str, Any], place: str) -> None:
    with pytest.raises(DomainError) as refused:
        call(town, **changes)
    assert refused.value.code == "bad_input" and refused.value.message.startswith(f"{place}：")


def test_it_never_changes_and_is_withdrawn_with_a_reason(town: World) -> None:
    made = call(town)
    for change in (
        lambda: Call.objects.update(places=9),
        lambda: Call.objects.update(tiers=["t0"]),
        lambda: Call.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()
    for who, reason, code in (("secretary", "写错了", "not_allowed"), ("township_officer", " ", "bad_input")):
        with pytest.raises(DomainError) as refused:
            withdraw_call(actor=town.actor(who), call_id=made.pk, reason=reason)
        assert refused.value.code == code
    withdraw_call(actor=town.actor("township_officer"), call_id=made.pk, reason="文号写错，另发")
    with pytest.raises(DomainError) as refused:
        withdraw_call(actor=town.actor("township_officer"), call_id=made.pk, reason="再撤")
    assert refused.value.code == "call_withdrawn"


def test_it_stands_once_somebody_is_chosen(town: World) -> None:
    file(town, "李桂兰")
    made = call(town)
    decide(town, *ready(town, made, "李桂兰"))
    with pytest.raises(DomainError) as refused:
        withdraw_call(actor=town.actor("township_officer"), call_id=made.pk, reason="算了")
    assert refused.value.code == "chosen_already"


def test_a_place_that_does_not_exist_is_not_found(town: World) -> None:
    with pytest.raises(DomainError) as refused:
        issue_call(actor=town.actor("township_officer"), organisation_id=99_999, terms=terms())
    assert refused.value.code == "not_visible"
