"""A settlement whose process is killed: the former result stands or the new one does, never a mixture."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import connection

from pioneer.accounts.policies import CONSOLE
from pioneer.kernel import clock
from pioneer.kernel.models import Task
from pioneer.members.models import StatusSpell
from pioneer.results import storing
from pioneer.results.models import Result, ResultAspect, ResultChange, Settlement, SettlementRun
from pioneer.results.settling import settle_cycle
from pioneer.results.verification import verify_results
from tests.notices import On, run
from tests.results.cycles import AFTER, FIRST, close_year
from tests.world import ROOT, World, adopt_rulebook, build

pytestmark = pytest.mark.django_db(transaction=True)
SIGKILL = 9
SEED = 20261128
LAST = 8  # the statements by which the result is written down


class Worker:
    """The process of tests/results/killing.py."""

    def __init__(self) -> None:
        name = str(connection.settings_dict["NAME"])
        command = [sys.executable, "-m", "tests.results.killing", name]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def work(self, task: int, moment: int = 0) -> tuple[int, int]:
        """By which signal it ended, and after how many statements where it finished."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{task} {moment}\n")
        self._process.stdin.flush()
        ended, statements = self._process.stdout.readline().split()
        return int(ended), int(statements)

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


@pytest.fixture
def worker(year: World) -> Iterator[Worker]:
    made = Worker()
    yield made
    made.stop()


@pytest.fixture
def year(transactional_db: None, settings: Any) -> World:
    world = build()
    adopt_rulebook(world)
    run(world, [On("李桂兰", "B5", 12), On("张㛃", "N2", 13)])
    close_year(world.district)
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    return world


def ask(world: World) -> SettlementRun:
    with clock.at(AFTER):
        return settle_cycle(
            actor=CONSOLE, organisation_id=world.organisations["community"].pk, first_on=FIRST, is_trial=False
        )


def standing() -> dict[str, Any]:
    """All that stands written down."""
    models = (Settlement, Result, ResultAspect, ResultChange)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def again(asked: SettlementRun) -> int:
    """The queue gives the task to a worker once more."""
    Task.objects.filter(pk=asked.task_id).update(state="waiting", done=0)
    return asked.task_id


def kill(world: World, worker: Worker, moments: Sequence[int] | None) -> None:
    first = ask(world)
    ended, statements = worker.work(first.task_id)
    assert ended == 0 and statements > 2 * LAST
    before = standing()
    StatusSpell.objects.filter(member=world.member("喆䶮堃")).update(status="full")  # so that something changes
    second = ask(world)
    assert second.pk != first.pk
    found = set()
    for moment in moments or _few(statements):
        assert worker.work(again(second), moment)[0] == SIGKILL, moment
        if not Settlement.objects.filter(run=second).exists():
            assert standing() == before, moment  # the former result, untouched
            found.add("former")
            continue
        _is_whole(second)
        found.add("new")
        before, second = standing(), _once_more(world, second)
    assert "former" in found
    assert worker.work(again(second))[0] == 0
    _is_whole(second)
    assert verify_results().disagreement == ""


def _few(statements: int) -> list[int]:
    """Two while it is worked out, two while it is written down, one when all is written and kept."""
    chance = random.Random(SEED)
    worked = sorted(chance.sample(range(2, statements - LAST), 2))
    return [*worked, *sorted(chance.sample(range(statements - LAST, statements - 3), 2)), statements]


def _is_whole(asked: SettlementRun) -> None:
    made = Settlement.objects.get(run=asked)
    assert made.results.count() == made.members == 10
    assert storing.digest_of(made) == made.digest


def _once_more(world: World, done: SettlementRun) -> SettlementRun:
    Task.objects.filter(pk=done.task_id).update(state="done")
    return ask(world)


def test_killed_at_a_few_moments_the_former_or_the_new_result_stands(year: World, worker: Worker) -> None:
    kill(year, worker, None)


@pytest.mark.campaign
def test_killed_after_every_statement_the_former_or_the_new_result_stands(year: World, worker: Worker) -> None:
    kill(year, worker, range(1, 140))
