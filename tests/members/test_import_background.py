"""导入：在后台写入，看得见、找得回、只写一次"""

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from pioneer.kernel import clock, tasks
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent, Task
from pioneer.members import confirming, import_queries, imports
from pioneer.members.models import Member, RosterImport
from tests.members.rosters import checked, person, roster
from tests.world import TODAY, World, build

NOON = clock.noon(TODAY)


def begin(world: World, made: RosterImport, who: str = "recorder", at: datetime = NOON) -> RosterImport:
    with clock.at(at):
        return confirming.begin_confirmation(
            actor=world.actor(who), import_id=made.pk, new=made.counts["new"], changed=made.counts["changed"]
        )


def test_it_works_behind_the_page(world: World, django_capture_on_commit_callbacks: Any) -> None:
    made = checked(world, roster(person("薛明月"), person("另一位", date(1990, 2, 1))))
    with clock.at(NOON), django_capture_on_commit_callbacks(execute=True):
        assert begin(world, made).state == "confirming"
    made.refresh_from_db()
    assert made.state == "confirmed" and made.task is not None
    assert (made.task.state, made.task.done, made.task.result) == ("done", made.task.total, {"new": 2, "changed": 0})
    assert Member.objects.filter(name="薛明月").count() == 1
    done = AuditEvent.objects.get(operation="members.confirm_roster", target_number=made.pk)
    assert done.actor_number == world.users["recorder"].pk


def test_begun_twice_it_is_one_task_and_one_writing(world: World, django_capture_on_commit_callbacks: Any) -> None:
    made = checked(world, roster(person("薛明月")))
    with clock.at(NOON), django_capture_on_commit_callbacks(execute=True):
        first, second = begin(world, made), begin(world, made, "secretary")
        assert first.task_id == second.task_id
    begin(world, made)
    assert Task.objects.filter(kind="members.confirm_roster").count() == 1
    assert Member.objects.filter(name="薛明月").count() == 1


def test_while_it_waits_nothing_else_is_done_with_it(world: World) -> None:
    made = checked(world, roster(person("薛明月"), person("王保国", None)))
    begin(world, made)
    row = made.rows.get(verdict="ask")
    acts = (
        lambda actor: imports.check_roster(actor=actor, import_id=made.pk),
        lambda actor: imports.answer_row(actor=actor, import_id=made.pk, row_id=row.pk, decision="new"),
        lambda actor: confirming.confirm_roster(actor=actor, import_id=made.pk, new=1, changed=0),
    )
    for act in acts:
        with clock.at(NOON), pytest.raises(DomainError, match="请"):
            act(world.actor("secretary"))
    assert not Member.objects.filter(name="薛明月").exists()


def test_who_may_not(world: World) -> None:
    made = checked(world, roster(person("薛明月")))
    with pytest.raises(NotAllowed):
        begin(world, made, "committee")
    with pytest.raises(NotVisible):
        begin(world, made, "other_recorder")


def test_other_figures_than_seen_and_nothing_to_write_are_refused_at_once(world: World) -> None:
    made = checked(world, roster(person("薛明月")))
    with clock.at(NOON), pytest.raises(DomainError, match="与您看到的数目不同"):
        confirming.begin_confirmation(actor=world.actor("recorder"), import_id=made.pk, new=2, changed=0)
    empty = checked(world, roster(person("薛明月", branch="不存在的党支部")))
    with pytest.raises(DomainError, match="没有要新增或变更的行"):
        begin(world, empty)


def test_where_the_roster_has_changed_the_task_says_so_and_a_new_check_goes_on(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    made = checked(world, roster(person("薛明月"), person("另一位", date(1990, 2, 1))))
    other = checked(world, roster(person("薛明月")), "secretary")
    for one in (other, made):
        with clock.at(NOON), django_capture_on_commit_callbacks(execute=True):
            begin(world, one)
    made = RosterImport.objects.select_related("task").get(pk=made.pk)
    assert made.state == "confirming" and "没有写入任何内容" in import_queries.failure_of(made)
    assert import_queries.state_name(made) == "待确认"
    assert not Member.objects.filter(name="另一位").exists()
    with clock.at(NOON), django_capture_on_commit_callbacks(execute=True):
        imports.check_roster(actor=world.actor("recorder"), import_id=made.pk)
    made.refresh_from_db()
    assert (made.state, made.counts["new"], made.counts["same"]) == ("checked", 1, 1)


def test_one_given_up_while_it_waits_is_not_written(world: World) -> None:
    made = begin(world, checked(world, roster(person("薛明月"))))
    with clock.at(NOON):
        imports.discard_roster(actor=world.actor("secretary"), import_id=made.pk)
        tasks.run_task.func(made.task_id)
    assert Task.objects.get(pk=made.task_id).state == "failed"
    assert not Member.objects.filter(name="薛明月").exists()


def test_a_confirmation_begun_anew_leaves_the_old_task_without_effect(world: World) -> None:
    made = begin(world, checked(world, roster(person("薛明月"))))
    old, later = made.task_id, NOON + timedelta(minutes=11)
    again = begin(world, made, at=later)
    assert again.task_id != old
    with clock.at(later):
        tasks.run_task.func(old)
        assert "作废" in Task.objects.get(pk=old).message
        assert not Member.objects.filter(name="薛明月").exists()
        tasks.run_task.func(again.task_id)
    assert Member.objects.filter(name="薛明月").count() == 1


def test_a_worker_that_does_not_run_is_said(world: World) -> None:
    made = begin(world, checked(world, roster(person("薛明月"))))
    made = RosterImport.objects.select_related("task").get(pk=made.pk)
    with clock.at(NOON + timedelta(seconds=5)):
        assert import_queries.waiting_note(made) == ""
    with clock.at(NOON + timedelta(seconds=20)):
        assert "后台程序好像没有运行" in import_queries.waiting_note(made)
        Task.objects.create(kind="members.check_roster", state="running", created_at=clock.now())
        assert "前面还有别的任务" in import_queries.waiting_note(made)
    with clock.at(NOON + timedelta(minutes=11)):
        assert not import_queries.is_busy(made) and "后台程序没有运行" in import_queries.failure_of(made)


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_task_write_once() -> None:
    world = build()
    made = checked(world, roster(*(person(f"新{chr(0x4E00 + n)}", date(1980, 1, 1 + n)) for n in range(20))))
    task = Task.objects.create(
        kind="members.confirm_roster",
        owner_number=world.users["recorder"].pk,
        arguments={"roster_import": made.pk, "new": 20, "changed": 0},
        created_at=NOON,
    )
    RosterImport.objects.filter(pk=made.pk).update(state="confirming", task=task)
    start = threading.Barrier(2)

    def act() -> None:
        try:
            start.wait()
            tasks.run_task.func(task.pk)
        finally:
            connections.close_all()

    with clock.at(NOON):
        threads = [threading.Thread(target=act) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    task.refresh_from_db()
    assert task.state == "done" and Member.objects.filter(name__startswith="新").count() == 20


def test_a_file_of_several_bundles_is_opened_page_by_page_and_written_whole(world: World) -> None:
    rows = [person(f"人{chr(0x4E00 + n)}", date(1960 + n // 28 % 40, 1 + n // 1120, 1 + n % 28)) for n in range(1100)]
    made = checked(world, roster(*rows))
    assert made.bundles.count() == 3 and made.counts["new"] == 1100
    shown = import_queries.shown(made, list(import_queries.rows_of(made, "new")[480:520]))
    assert [row.name for row in shown] == [str(row[0]) for row in rows[480:520]]
    with clock.at(NOON):
        confirming.confirm_roster(actor=world.actor("recorder"), import_id=made.pk, new=1100, changed=0)
    assert Member.objects.filter(name__startswith="人").count() == 1100
    assert checked(world, roster(*rows)).counts["same"] == 1100
