"""`results.enter_marks`, `import_marks`, `confirm_marks`, `correct_mark`, `drop_mark`: one enters, another confirms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from pioneer.conduct.models import DeclaredRelation
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.members.closing import close_cycles
from pioneer.messages.models import Message
from pioneer.results import erasure, mark_queries, marks
from pioneer.results.models import OutsideMark
from pioneer.workbooks.marks_book import marks_template
from pioneer.workbooks.reading import read_workbook
from tests.results.past import COMPONENT
from tests.workbooks.people import xlsx
from tests.world import TODAY, World, adopt_rulebook

FIRST, ON = date(2026, 1, 1), date(2026, 3, 20)
BASIS = "一季度民主评议测评汇总表"


@pytest.fixture
def ruled(world: World) -> Iterator[World]:
    adopt_rulebook(world, more=COMPONENT)
    with clock.at(TODAY):
        yield world


def at(world: World, **changes: Any) -> dict[str, Any]:
    return {"branch_id": world.branch.pk, "first_on": FIRST, "component": "M", **changes}


def enter(world: World, who: str = "recorder", on: date = ON, basis: str = BASIS, **values: int) -> int:
    given = {world.member(name).pk: value for name, value in values.items()}
    return marks.enter_marks(actor=world.actor(who), on=on, basis=basis, marks=given, **at(world))


def confirm(world: World, who: str = "secretary", *names: str) -> int:
    waiting = OutsideMark.objects.filter(confirmed_at__isnull=True).select_related("member")
    seen = {one.pk: one.value for one in waiting if not names or one.member.name in names}
    return marks.confirm_marks(actor=world.actor(who), seen=seen, **at(world))


def of(world: World, name: str) -> OutsideMark:
    return OutsideMark.objects.filter(member=world.member(name)).latest("revision")


def counting(world: World) -> dict[str, int]:
    rows = mark_queries.standing_marks().values_list("member__name", "value")
    return {name: value for name, value in rows if value is not None}


def wrong(act: Any) -> str:
    with pytest.raises(BadInput) as refusal:
        act()
    return "\n".join(str(one) for one in refusal.value.faults)


def test_one_enters_and_another_confirms(ruled: World) -> None:
    assert enter(ruled, 李桂兰=8550, 张㛃=9000) == 2
    assert counting(ruled) == {} and not Message.objects.exists()
    assert confirm(ruled) == 2 and counting(ruled) == {"李桂兰": 8550, "张㛃": 9000}
    one = of(ruled, "李桂兰")
    assert (one.entered_by_number, one.confirmed_by_number) == (
        ruled.users["recorder"].pk, ruled.users["secretary"].pk,
    )  # fmt: skip
    told = Message.objects.get(kind="outside_mark")
    assert told.user == ruled.users["guilan"] and "2026年度民主评议（2026年3月20日）85.5分" in told.text
    event = AuditEvent.objects.get(operation="results.enter_marks")
    assert event.arguments == {
        "branch_id": ruled.branch.pk, "first_on": "2026-01-01", "component": "M", "on": "2026-03-20"
    }  # fmt: skip


def test_who_entered_it_does_not_confirm_it(ruled: World) -> None:
    enter(ruled, "secretary", 李桂兰=8550)
    assert "是您录入的，须由另一位同志核对" in wrong(lambda: confirm(ruled, "secretary"))
    assert confirm(ruled, "deputy") == 1


def test_nobody_confirms_an_own_mark_or_a_relatives(ruled: World) -> None:
    DeclaredRelation.objects.create(
        member=ruled.member("王保国"), relative=ruled.member("李桂兰"), kind="夫妻", created_at=clock.now()
    )
    enter(ruled, 王保国=9000, 李桂兰=8000, 张㛃=7000)
    text = wrong(lambda: confirm(ruled, "secretary"))
    assert "须由党组织的另一位同志办理" in text and "是您申明的亲属（夫妻）" in text and "张㛃" not in text
    assert counting(ruled) == {}
    assert confirm(ruled, "secretary", "张㛃") == 1 and confirm(ruled, "community_officer") == 2


def test_until_confirmed_it_is_entered_anew_or_dropped(ruled: World) -> None:
    enter(ruled, 李桂兰=8550)
    assert enter(ruled, 李桂兰=8550) == 0
    assert enter(ruled, "deputy", 李桂兰=8600) == 1 and of(ruled, "李桂兰").revision == 1
    assert of(ruled, "李桂兰").entered_by_number == ruled.users["deputy"].pk
    assert marks.drop_mark(actor=ruled.actor("recorder"), mark_id=of(ruled, "李桂兰").pk) == ruled.branch.pk
    assert not OutsideMark.objects.exists()


def test_exactly_what_was_seen_is_confirmed(ruled: World) -> None:
    enter(ruled, 李桂兰=8550)
    seen = {of(ruled, "李桂兰").pk: 8550}
    enter(ruled, 李桂兰=9550)
    for brought in (seen, {}, {999999: 8550}):
        with pytest.raises(DomainError) as refusal:
            marks.confirm_marks(actor=ruled.actor("secretary"), seen=brought, **at(ruled))
        assert refusal.value.code == "changed_meanwhile"


def test_a_confirmed_mark_changes_by_a_revision_with_its_reason(ruled: World) -> None:
    enter(ruled, 李桂兰=8550)
    confirm(ruled)
    first = of(ruled, "李桂兰")
    assert "这一天已核对为85.5分" in wrong(lambda: enter(ruled, 李桂兰=8000))
    assert enter(ruled, 李桂兰=8550) == 0

    def correct(value: int | None = 8000, reason: str = "汇总表加错一票", mark: OutsideMark = first) -> OutsideMark:
        return marks.correct_mark(actor=ruled.actor("recorder"), mark_id=mark.pk, value=value, reason=reason)

    assert "请写明更正的理由" in wrong(lambda: correct(reason=" "))
    assert "与现在的成绩相同" in wrong(lambda: correct(8550))
    assert "在0至100分之内" in wrong(lambda: correct(10001))
    second = correct()
    assert counting(ruled) == {"李桂兰": 8550}  # until it is confirmed
    with pytest.raises(DomainError, match="已经有更正"):
        correct(7000)
    with pytest.raises(DomainError, match="还没有核对，请在录入页直接改正"):
        correct(7000, mark=second)
    confirm(ruled)
    assert counting(ruled) == {"李桂兰": 8000}
    assert "是对原成绩的更正，理由：汇总表加错一票" in Message.objects.filter(kind="outside_mark").latest("pk").text
    correct(None, "不应参加评议", of(ruled, "李桂兰"))
    confirm(ruled)
    assert counting(ruled) == {} and [one.mark.value for one in mark_queries.marks_of(ruled.member("李桂兰"))] == [None]
    assert enter(ruled, 李桂兰=7700) == 1 and of(ruled, "李桂兰").revision == 4


def test_the_database_keeps_what_was_confirmed(ruled: World) -> None:
    enter(ruled, 李桂兰=8550)
    confirm(ruled)
    with pytest.raises(DomainError, match="已经核对，不能撤去"):
        marks.drop_mark(actor=ruled.actor("recorder"), mark_id=of(ruled, "李桂兰").pk)
    rows = OutsideMark.objects.all()
    for change in (lambda: rows.update(value=1), lambda: rows.update(confirmed_by_number=7), lambda: rows.delete()):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()
    erasure.erase_texts(ruled.member("李桂兰").pk)
    assert (of(ruled, "李桂兰").basis, of(ruled, "李桂兰").value) == ("", 8550)


def test_once_a_day_and_once_a_cycle_where_the_rulebook_says_so(ruled: World) -> None:
    enter(ruled, 李桂兰=8550)
    assert "本周期已有3月20日的民主评议，只计一次" in wrong(lambda: enter(ruled, on=date(2026, 3, 21), 李桂兰=8000))


def test_what_is_not_right_is_listed_together(ruled: World) -> None:
    text = wrong(lambda: enter(ruled, on=date(2026, 4, 2), basis=" ", 李桂兰=10050))
    assert "今天以前的日期" in text and "请写明依据" in text and "在0至100分之内" in text
    assert "今天以前的日期" in wrong(lambda: enter(ruled, on=date(2025, 12, 31), 李桂兰=1))
    with pytest.raises(DomainError) as refusal:
        enter(ruled, 柳满仓=100)
    assert refusal.value.code == "not_on_roster"


def test_after_the_filing_nothing_is_entered_confirmed_or_corrected(ruled: World) -> None:
    enter(ruled, 李桂兰=8550, 张㛃=9000)
    confirm(ruled, "secretary", "李桂兰")
    close_cycles([ruled.member("李桂兰").pk, ruled.member("张㛃").pk], FIRST, date(2026, 12, 31), "备1号")
    assert "已经备案，不能再核对成绩" in wrong(lambda: confirm(ruled))
    assert "已经备案，不能再录入成绩" in wrong(lambda: enter(ruled, 张㛃=100))
    assert "成绩不再更正" in wrong(
        lambda: marks.correct_mark(
            actor=ruled.actor("recorder"), mark_id=of(ruled, "李桂兰").pk, value=1, reason="加错"
        )
    )


def test_who_may(ruled: World) -> None:
    for who in ("township_officer", "district_officer", "auditor"):
        with pytest.raises(NotAllowed):
            enter(ruled, who, 李桂兰=100)
    for who in ("second_secretary", "town_officer", "guilan", "other_secretary"):
        with pytest.raises(NotVisible):
            enter(ruled, who, 李桂兰=100)
    enter(ruled, "community_officer", 李桂兰=100)
    with pytest.raises(NotAllowed):
        confirm(ruled, "recorder")
    assert mark_queries.waiting_for(ruled.actor("township_officer")) == 1
    assert mark_queries.waiting_for(ruled.actor("community_officer")) == 0
    assert confirm(ruled, "township_officer") == 1


def test_who_enters_is_reminded_when_the_cycle_ends(world: World) -> None:
    adopt_rulebook(world, more=COMPONENT.replace("without = 0\n", ""))
    with clock.at(date(2026, 11, 29)):
        assert mark_queries.missing_for(world.actor("recorder")) == 0
    with clock.at(date(2026, 12, 1)):
        assert mark_queries.missing_for(world.actor("recorder")) == 7  # without the probationary
        assert mark_queries.missing_for(world.actor("community_officer")) == 9
        assert mark_queries.missing_for(world.actor("township_officer")) == 0
        close_cycles([world.member("李桂兰").pk], FIRST, date(2026, 12, 31), "备1号")
        assert mark_queries.missing_for(world.actor("recorder")) == 6


def test_a_rulebook_without_outside_marks_takes_none(world: World) -> None:
    adopt_rulebook(world)
    with clock.at(TODAY), pytest.raises(NotVisible):
        enter(world, 李桂兰=100)
    assert not mark_queries.has_components(world.actor("recorder"))


# ------------------------------------------------------------------ the workbook


def bring(world: World, *rows: list[Any], header: tuple[str, ...] = ("党员编号", "姓名", "成绩"), **more: Any) -> int:
    given = {"on": ON, "basis": BASIS, "name": "成绩.xlsx", **at(world), **more}
    content = xlsx({"外部成绩": [list(header), *rows]})
    return marks.import_marks(actor=world.actor("recorder"), content=content, **given)


def test_a_workbook_is_taken_whole_or_not_at_all(ruled: World) -> None:
    text = wrong(
        lambda: bring(
            ruled,
            ["M00002", "李桂兰", 85.255],
            ["", "柳满仓", 80],
            ["M00003", "李桂兰", 80],
            ["", "", 70],
            ["", "王保国", 101],
            ["M00001", "王保国", 90],
        )
    )
    for words in (
        "第2行C列：“85.255”不是数字",
        "第3行：本支部没有参评党员“柳满仓”",
        "第4行：编号M00003是张㛃",
        "第5行B列：没有姓名",
        "第7行：王保国写了两次，另一次在「外部成绩」第6行",
        "第6行 王保国：民主评议在0至100分之内",
    ):
        assert words in text, words
    assert not OutsideMark.objects.exists()
    assert bring(ruled, ["M00002", "李桂兰", 85.25], ["", "张㛃", "90分"], ["", "王保国", ""]) == 2
    assert of(ruled, "李桂兰").value == 8525 and of(ruled, "张㛃").value == 9000
    assert "没有可以录入的内容" in wrong(lambda: bring(ruled))
    assert "没有找到同时有“姓名”和“成绩”" in wrong(lambda: bring(ruled, header=("甲", "乙", "丙")))


def test_the_empty_workbook_holds_the_roster() -> None:
    content = marks_template("第一支部2026年度民主评议", [("M1", "甲", None), ("M2", "乙", 8550)], ["满分100分"])
    sheets = {one.name: one.rows for one in read_workbook(content, "x.xlsx").sheets}
    assert [list(row) for row in sheets["外部成绩"][2:]] == [["M1", "甲", ""], ["M2", "乙", 85.5]]
