"""导入：上传、对应各列、核对、回答、放弃"""

from datetime import date

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent, Task
from pioneer.members import import_queries, imports
from pioneer.members.imports import SheetChoice
from pioneer.members.models import ColumnMemory, Member, RosterImport, RosterImportRow
from pioneer.workbooks.reading import read_workbook
from tests.members.people import number_of
from tests.members.rosters import (
    HEADER,
    check,
    checked,
    confirm,
    counts,
    imported,
    opened,
    person,
    roster,
    row_of,
    uploaded,
)
from tests.workbooks.people import xlsx
from tests.world import TODAY, World

ROUNDED = 1.4010819870701e17


def answer(world: World, made: RosterImport, name: str, decision: str, who: str = "recorder") -> RosterImportRow:
    with clock.at(TODAY):
        row = imports.answer_row(
            actor=world.actor(who), import_id=made.pk, row_id=row_of(made, name).pk, decision=decision
        )
    made.refresh_from_db()
    return row


def options(made: RosterImport, name: str) -> list[str]:
    return [code for code, _ in opened(made, name)[1].options]


# ------------------------------------------------------------------ upload


@pytest.mark.parametrize("who", ["recorder", "secretary", "deputy", "community_officer", "township_officer"])
def test_who_may_upload(world: World, who: str) -> None:
    assert uploaded(world, roster(person("薛明月")), who).state == "uploaded"


@pytest.mark.parametrize("who", ["committee", "auditor", "system_admin"])
def test_who_may_not(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        uploaded(world, roster(person("薛明月")), who)


@pytest.mark.parametrize("who", ["second_recorder", "town_officer", "other_secretary", "guilan"])
def test_for_others_the_branch_does_not_exist(world: World, who: str) -> None:
    with pytest.raises(NotVisible):
        uploaded(world, roster(person("薛明月")), who)


def test_a_file_that_cannot_be_opened_is_refused_with_one_sentence(world: World) -> None:
    with pytest.raises(DomainError, match="请"):
        uploaded(world, b"PK\x03\x04 broken")
    assert not RosterImport.objects.exists()


def test_a_file_without_names_is_no_roster(world: World) -> None:
    with pytest.raises(DomainError, match="没有找到花名册"):
        uploaded(world, xlsx({"表": [["物资", "数量"], ["桌子", 3]]}))


def test_nothing_of_the_file_is_readable_at_rest(world: World) -> None:
    number = number_of(date(1987, 7, 1))
    made = checked(world, roster(person("薛明月")))
    stored = [bytes(made.content or b""), bytes(made.samples or b""), str(made.layout).encode()]
    stored += [bytes(bundle.content) for bundle in made.bundles.all()]
    stored += [str(list(made.rows.values())).encode()]
    assert not any(number.encode() in text or "薛明月".encode() in text for text in stored)
    assert number not in str(list(AuditEvent.objects.values())) + str(list(Task.objects.values()))


# ------------------------------------------------------------------ columns


def test_a_changed_column_is_remembered_for_the_organisation(world: World) -> None:
    header = ["称呼", "身份证号", "入党时间"]
    content = roster(["薛明月", number_of(date(1987, 7, 1)), "2015-07-01"], header=["姓名", "号码二", "入党时间"])
    made = uploaded(world, content)
    sheet = SheetChoice(True, {0: "name", 1: "identity", 2: "joined"})
    with clock.at(TODAY):
        imports.map_columns(actor=world.actor("recorder"), import_id=made.pk, sheets=[sheet])
    assert ColumnMemory.objects.get(organisation=world.branch, heading="号码二").field == "identity"
    again = uploaded(world, content, "secretary")
    assert [column.field for column in import_queries.columns_of(again)[0].columns] == ["name", "identity", "joined"]
    assert header  # elsewhere nothing is remembered
    assert import_queries.remembered_for(world.second_branch) == {}


def test_what_the_level_above_said_holds_below(world: World) -> None:
    ColumnMemory.objects.create(organisation=world.organisations["street"], heading="称呼", field="name")
    assert import_queries.remembered_for(world.branch) == {"称呼": "name"}


def test_two_columns_of_one_field_are_refused(world: World) -> None:
    made = uploaded(world, roster(person("薛明月")))
    choice = SheetChoice(True, {0: "name", 1: "name"})
    with pytest.raises(BadInput, match="A、B列都选了“姓名”"):
        imports.map_columns(actor=world.actor("recorder"), import_id=made.pk, sheets=[choice])


def test_a_column_of_names_is_needed(world: World) -> None:
    made = uploaded(world, roster(person("薛明月")))
    with pytest.raises(BadInput, match="哪一列是“姓名”"):
        imports.map_columns(
            actor=world.actor("recorder"), import_id=made.pk, sheets=[SheetChoice(True, {1: "identity"})]
        )
    with pytest.raises(BadInput, match="至少选一张"):
        imports.map_columns(actor=world.actor("recorder"), import_id=made.pk, sheets=[SheetChoice(False)])


def test_a_branch_chosen_for_a_sheet_serves_the_rows_that_name_none(world: World) -> None:
    content = roster(person("薛明月")[:4], header=HEADER[:4])
    made = uploaded(world, content, "community_officer", "community")
    choice = SheetChoice(True, {0: "name", 1: "identity", 2: "joined", 3: "status"}, world.second_branch.pk)
    with clock.at(TODAY):
        imports.map_columns(actor=world.actor("community_officer"), import_id=made.pk, sheets=[choice])
    made.refresh_from_db()
    assert counts(check(made, world.actor("community_officer"))) == {"new": 1}


# ------------------------------------------------------------------ the check as a task


def test_the_check_runs_behind_the_page(world: World, django_capture_on_commit_callbacks: object) -> None:
    made = uploaded(world, roster(person("薛明月")))
    with clock.at(TODAY), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        imports.check_roster(actor=world.actor("recorder"), import_id=made.pk)
    made.refresh_from_db()
    assert (made.state, counts(made)) == ("checked", {"new": 1})
    assert made.task is not None and made.task.state == "done" and made.task.done == made.task.total > 0


def test_a_check_that_runs_is_not_started_twice(world: World) -> None:
    made = uploaded(world, roster(person("薛明月")))
    with clock.at(TODAY):
        imports.check_roster(actor=world.actor("recorder"), import_id=made.pk)
        with pytest.raises(DomainError, match="正在核对"):
            imports.check_roster(actor=world.actor("recorder"), import_id=made.pk)


def test_a_check_that_was_overtaken_writes_nothing(world: World) -> None:
    made = uploaded(world, roster(person("薛明月")))
    with clock.at(TODAY):
        examined = imports.examine_import(made.pk, None, lambda done, total: None)
        imports.check_roster(actor=world.actor("recorder"), import_id=made.pk)
        with pytest.raises(DomainError, match="作废"):
            imports.record_check(actor=world.actor("recorder"), import_id=made.pk, examined=examined, task_id=None)
    assert not made.rows.exists()


# ------------------------------------------------------------------ answers


def test_a_rounded_number_is_wrong_until_somebody_takes_the_row_without_one(world: World) -> None:
    row = person("薛明月")
    row[1] = ROUNDED
    made = checked(world, roster(row))
    assert counts(made) == {"wrong": 1} and options(made, "薛明月") == ["unnumbered"]
    assert answer(world, made, "薛明月", "unnumbered").verdict == "new"
    assert made.counts["new"] == 1 and made.counts["wrong"] == 0
    confirm(world, made)
    member = Member.objects.get(name="薛明月")
    assert member.identity_sealed is None and "Excel" in member.identity_missing_why


def test_one_name_without_anything_to_tell_is_asked(world: World) -> None:
    made = checked(world, roster(person("王保国", None)))
    assert counts(made) == {"ask": 1}
    same = f"same:{world.member('王保国').pk}"
    assert options(made, "王保国") == [same, "new"]
    assert answer(world, made, "王保国", same).verdict == "changed"
    assert answer(world, made, "王保国", "").verdict == "ask"
    assert answer(world, made, "王保国", "new").verdict == "new"
    confirm(world, made)
    assert Member.objects.filter(name="王保国").count() == 2


def test_two_of_one_name_in_the_file_are_asked(world: World) -> None:
    made = checked(world, roster(person("薛明月", None), person("薛明月", None)))
    assert counts(made) == {"new": 1, "ask": 1}
    row = made.rows.get(verdict="ask")
    with clock.at(TODAY):
        imports.answer_row(actor=world.actor("recorder"), import_id=made.pk, row_id=row.pk, decision="new")
    made.refresh_from_db()
    assert made.counts["new"] == 2


def test_another_name_under_the_same_number_is_asked(world: World) -> None:
    imported(world, roster(person("薛明月")))
    made = checked(world, roster(person("薛明玥")))
    assert counts(made) == {"ask": 1} and options(made, "薛明玥") == ["rename"]
    assert answer(world, made, "薛明玥", "rename").verdict == "changed"
    confirm(world, made)
    assert Member.objects.filter(name="薛明玥").exists()


def test_a_row_may_be_left_out(world: World) -> None:
    made = checked(world, roster(person("王保国", None), person("薛明月")))
    assert answer(world, made, "王保国", "skip").verdict == "left_out"
    assert counts(made) == {"new": 1, "left_out": 1}


def test_an_answer_that_was_not_offered_is_refused(world: World) -> None:
    made = checked(world, roster(person("王保国", None)))
    with pytest.raises(DomainError, match="没有这个选项"):
        answer(world, made, "王保国", f"same:{world.member('外五').pk}")


def test_who_may_not_import_answers_nothing(world: World) -> None:
    made = checked(world, roster(person("王保国", None)))
    with pytest.raises(NotAllowed):
        answer(world, made, "王保国", "new", "committee")
    with pytest.raises(NotVisible):
        answer(world, made, "王保国", "new", "other_secretary")


# ------------------------------------------------------------------ wrong rows, giving up


def test_wrong_rows_come_back_as_they_stood_with_the_reason(world: World) -> None:
    bad = person("薛明月", branch="不存在的党支部")
    bad[1] = ROUNDED
    made = checked(world, roster(person("好的行", date(1990, 2, 1)), bad))
    with clock.at(TODAY):
        content = imports.take_wrong_rows(actor=world.actor("recorder"), import_id=made.pk)
    rows = read_workbook(content, "x.xlsx").sheets[0].rows
    assert rows[0] == [*HEADER, "没有导入的原因"] and len(rows) == 2
    assert rows[1][:2] == ["薛明月", ROUNDED]
    assert "Excel 已丢失末几位" in rows[1][-1] and "不存在的党支部" in rows[1][-1]
    rows[1][1], rows[1][4] = number_of(date(1987, 7, 1)), ""
    assert counts(checked(world, xlsx({"花名册": rows}))) == {"new": 1}


def test_what_is_given_up_leaves_nothing(world: World) -> None:
    made = checked(world, roster(person("薛明月")))
    imports.discard_roster(actor=world.actor("secretary"), import_id=made.pk)
    made.refresh_from_db()
    assert (made.state, made.content, made.samples, made.layout) == ("discarded", None, None, {})
    assert not made.rows.exists() and not made.bundles.exists() and not Member.objects.filter(name="薛明月").exists()
    with pytest.raises(DomainError, match="已经结束"):
        imports.check_roster(actor=world.actor("recorder"), import_id=made.pk)
