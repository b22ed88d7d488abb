"""任务队列 The queue's adapter: a Task row for people to watch, a queue behind it that a worker empties.

A kind of task is registered by the station that does the work:

    @task_kind("members.check_roster")
    def check(task: Task, progress: Progress) -> dict: ...
"""

import logging
from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from typing import Any

import django_tasks
from django.db import transaction

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.kernel.models import Task
from pioneer.kernel.running import held, lives

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
Work = Callable[[Task, Progress], dict[str, Any]]
KINDS: dict[str, Work] = {}


def task_kind(kind: str) -> Callable[[Work], Work]:
    """登记一类任务 Registers the function that does the work of this kind."""

    def wrap(work: Work) -> Work:
        KINDS[kind] = work
        return work

    return wrap


def start(kind: str, *, owner_number: int | None, **arguments: Any) -> Task:
    """开始任务 Writes the Task row and hands it to the queue when the transaction is committed."""
    task = Task.objects.create(kind=kind, owner_number=owner_number, arguments=arguments, created_at=clock.now())
    # In a context of its own: where the queue works at once, the task is not a part of the operation that started it.
    transaction.on_commit(lambda: Context().run(run_task.enqueue, task.pk))
    return task


@django_tasks.task()
def run_task(number: int) -> None:
    """执行任务 What the worker calls. A task that is done or running already is left alone."""
    taken = Task.objects.filter(pk=number, state=Task.State.WAITING).update(state=Task.State.RUNNING)
    if not taken:
        return
    with held(number):
        _work(number)


def _work(number: int) -> None:
    task = Task.objects.get(pk=number)
    try:
        result = KINDS[task.kind](task, lambda done, total: _progress(number, done, total))
    except DomainError as refusal:
        _finish(number, Task.State.FAILED, {}, refusal.message)
    except Exception:
        log.exception("task %s (%s) failed", number, task.kind)
        _finish(number, Task.State.FAILED, {}, "处理时出现程序错误，未写入任何数据。请重试；再次出现请联系系统管理员。")
    else:
        _finish(number, Task.State.DONE, result, "")


def is_under_way(task: Task, patience: timedelta) -> bool:
    """是否还在办 Work that waits or runs; what was broken off is not, nor what has said nothing for longer than
    `patience` where it can't be known whether it was."""
    if task.state not in (Task.State.WAITING, Task.State.RUNNING):
        return False
    known = lives(task.pk) if task.state == Task.State.RUNNING else None
    return task.created_at > clock.now() - patience if known is None else known


def _progress(number: int, done: int, total: int) -> None:
    Task.objects.filter(pk=number).update(done=done, total=total)


def _finish(number: int, state: Task.State, result: dict[str, Any], message: str) -> None:
    Task.objects.filter(pk=number).update(state=state, result=result, message=message, finished_at=clock.now())
