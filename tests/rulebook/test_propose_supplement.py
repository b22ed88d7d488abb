"""Proposing what a branch adds: minuted, within what the rulebook allows, every mistake at once."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.rulebook.local import LocalRow, code_of, number_of
from pioneer.rulebook.models import Supplement
from pioneer.rulebook.queries import parsed
from pioneer.rulebook.services import adopt_version, draft_version
from pioneer.rulebook.supplement_queries import rows_of, standing_of, to_decide
from pioneer.rulebook.supplements import propose_supplement, return_supplement
from pioneer.scoring.supplements import load_supplement
from tests.rulebook.conftest import TEXT
from tests.rulebook.local import PATROL, PROPOSED, RESCUE, TALK, added, filled, propose
from tests.web.scenario import PNG
from tests.world import SUPPLEMENT, World, adopt_rulebook


def refused(world: World, *rows: LocalRow, **changes: object) -> dict[str, str]:
    """What is said of a proposal, by its place."""
    with pytest.raises(BadInput) as refusal:
        propose(world, *rows, **changes)
    assert not Supplement.objects.exists()
    return {fault.place: fault.message for fault in refusal.value.faults}


def test_it_works(supplemented: World) -> None:
    made = propose(supplemented, PATROL, TALK, RESCUE, scan=("会议记录.png", PNG))
    assert (made.state, made.number, made.count, made.branch) == ("proposed", 1, 3, supplemented.branch)
    assert made.scan is not None and made.turn is None and made.valid_from is None
    assert standing_of(made) == ("待乡镇（街道）批准", "gold")
    rows = rows_of(made)
    assert [(row.code, row.name, row.caps) for row in rows] == [
        ("L1-1", "参加古树巡护", "每月最多1分"),
        ("L1-2", "为社区学堂讲课", ""),
        ("L1-3", "汛期值守", ""),
    ]
    for row, said in zip(rows, ("每次0.5分", "每课时0.5分", "0.5至2分"), strict=True):
        assert said in row.value
    assert to_decide(supplemented.actor("township_officer")) == [made]


def test_its_text_is_a_file_anybody_can_score_with(supplemented: World) -> None:
    made = propose(supplemented, PATROL)
    found = load_supplement(made.text, parsed(made.version)).supplement
    assert found is not None and found.branch == "槐园社区第一党支部"
    assert found.minutes == "2026年1月6日支部党员大会（会议记录第1号）"


def test_the_deputy_may_too(supplemented: World) -> None:
    assert propose(supplemented, who="deputy").proposed_by_number == supplemented.users["deputy"].pk


@pytest.mark.parametrize("who", ["recorder", "committee", "community_officer", "township_officer", "auditor"])
def test_others_of_the_branch_or_above_may_not(supplemented: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        propose(supplemented, who=who)


@pytest.mark.parametrize("who", ["second_secretary", "town_officer", "other_secretary", "guilan"])
def test_for_others_there_is_no_such_branch(supplemented: World, who: str) -> None:
    with pytest.raises(NotVisible):
        propose(supplemented, who=who)


def test_the_rulebook_must_allow_it(world: World) -> None:
    adopt_rulebook(world)
    with pytest.raises(DomainError, match="不允许支部补充") as refusal:
        propose(world)
    assert refusal.value.code == "not_in_the_rules"


def test_it_is_judged_by_the_version_of_the_day_it_begins(world: World) -> None:
    adopt_rulebook(world)
    with clock.at(date(2026, 1, 2)):
        later = draft_version(
            actor=world.actor("district_officer"),
            district_id=world.district.pk,
            text=TEXT + SUPPLEMENT,
            valid_from=date(2026, 7, 1),
        )
        adopt_version(actor=world.actor("second_district_officer"), version_id=later.pk)
    with pytest.raises(DomainError, match="不允许"):
        propose(world, effective_on=date(2026, 6, 30))
    assert propose(world, effective_on=date(2026, 7, 1)).version == later


def test_it_doesnt_reach_back(supplemented: World) -> None:
    assert "不溯及既往" in refused(supplemented, effective_on=date(2026, 1, 7))["施行日期"]
    assert propose(supplemented, effective_on=PROPOSED).effective_on == PROPOSED


@pytest.mark.parametrize(
    ("changes", "place", "said"),
    [
        ({"met_on": date(2026, 1, 9)}, "会议日期", "今天之后"),
        ({"present": 0}, "到会人数", "请填写"),
        ({"in_favour": 9}, "赞成人数", "不能多于到会"),
        ({"in_favour": 4}, "赞成人数", "没有超过到会人数的一半"),
        ({"reference": "  "}, "会议记录", "编号或页码"),
        ({"reference": "长" * 121}, "会议记录", "最多120"),
    ],
)
def test_the_minutes_must_carry_it(supplemented: World, changes: dict[str, object], place: str, said: str) -> None:
    assert said in refused(supplemented, **changes)[place]


@pytest.mark.parametrize(
    ("row", "place", "said"),
    [
        (replace(PATROL, name=" "), "第1项的名称", "请填写"),
        (replace(PATROL, name="长" * 61), "第1项的名称", "60个字"),
        (replace(PATROL, shape="ladder"), "第1项的计分方式", "请选择"),
        (replace(PATROL, points=None), "第1项的分值", "请填写每次几分"),
        (replace(PATROL, points=0), "第1项的分值", "须大于0"),
        (replace(PATROL, points=250, caps={}), "第1项的分值", "一次最多2分"),
        (replace(PATROL, caps={"month": 350}), "第1项的限额", "永远不会起作用"),
        (replace(PATROL, caps={"month": 200, "cycle": 100}), "第1项的限额", "每月上限2分大于每周期上限1分"),
        (replace(PATROL, caps={"month": 20}), "第1项的限额", "一次也计不满"),
        (replace(PATROL, tracks=("rurall",)), "第1项的类别", "没有类别“rurall”"),
        (replace(PATROL, wording=""), "第1项的公示用语", "请填写"),
        (replace(PATROL, note="长" * 201), "第1项的说明", "200个字"),
        (replace(TALK, unit=""), "第1项的单位", "按什么计"),
        (replace(TALK, most=None), "第1项的最高分", "一次最多几分"),
        (replace(TALK, most=250), "第1项的最高分", "一次最多2分"),
        (replace(RESCUE, least=None), "第1项的最低分", "请填写最低"),
        (replace(RESCUE, least=200), "第1项的最高分", "大于最低值"),
        (replace(RESCUE, most=300), "第1项的最高分", "一次最多2分"),
    ],
)
def test_a_mistake_stands_at_its_field(supplemented: World, row: LocalRow, place: str, said: str) -> None:
    found = refused(supplemented, row)
    assert list(found) == [place] and said in found[place]


def test_all_mistakes_come_at_once(supplemented: World) -> None:
    rows = [
        replace(PATROL, points=250, caps={}),
        replace(TALK, most=None, wording=""),
        replace(RESCUE, name=PATROL.name),
    ]
    found = refused(supplemented, *rows, in_favour=1, reference="")
    assert set(found) == {
        "赞成人数", "会议记录", "第1项的分值", "第2项的最高分", "第2项的公示用语", "第3项的名称",
    }  # fmt: skip


def test_no_more_than_the_rulebook_allows(supplemented: World) -> None:
    four = [PATROL, TALK, RESCUE, replace(PATROL, name="第四项")]
    assert "最多补充3项，这里有4项" in refused(supplemented, *four)[""]


def test_what_already_holds_is_counted(supplemented: World) -> None:
    added(supplemented, PATROL, TALK)
    with pytest.raises(BadInput, match="已有2项补充指标施行或待施行，再加2项就超过了最多3项（第三条）"):
        propose(supplemented, RESCUE, replace(PATROL, name="又一项"))
    assert propose(supplemented, RESCUE).number == 2


def test_another_branch_counts_for_itself(supplemented: World) -> None:
    added(supplemented, PATROL, TALK, RESCUE)
    assert propose(supplemented, PATROL, who="second_secretary", branch="second_branch").number == 2


def test_one_waits_at_a_time(supplemented: World) -> None:
    first = propose(supplemented)
    with pytest.raises(DomainError, match="第1号支部补充还在等") as refusal:
        propose(supplemented, TALK)
    assert refusal.value.code == "waits_already"
    with clock.at(PROPOSED):
        return_supplement(actor=supplemented.actor("township_officer"), supplement_id=first.pk, reason="请写清楚")
    assert propose(supplemented, TALK).number == 2


def test_nothing_at_all_is_said_so(supplemented: World) -> None:
    with pytest.raises(BadInput, match="至少填写一项"), clock.at(PROPOSED):
        propose_supplement(actor=supplemented.actor("secretary"), **{**filled(supplemented), "rows": []})


def test_a_code_names_its_supplement() -> None:
    assert number_of(code_of(12, 3)) == 12
    assert [number_of(code) for code in ("B5", "L", "L-", "Lx-1", "L1-", "N10")] == [0] * 6


@pytest.mark.parametrize(
    "change",
    [
        "present = 0",
        "in_favour = 9",
        "in_favour = 4",
        "count = 0",
        "count = 21",
        "state = 'approved'",
        "state = 'returned'",
    ],
)
def test_the_database_refuses_what_must_never_be(supplemented: World, change: str) -> None:
    propose(supplemented)
    with pytest.raises(Exception, match=r"CHECK|check|frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE rulebook_supplement SET {change}")  # noqa: S608


def test_the_database_knows_two_people(supplemented: World) -> None:
    made = propose(supplemented)
    with pytest.raises(IntegrityError), transaction.atomic():
        Supplement.objects.filter(pk=made.pk).update(
            state="returned", decision_reason="x", decided_at=clock.now(), decided_by_number=made.proposed_by_number
        )
