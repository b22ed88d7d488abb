"""Work whose process was killed is not waited for; work that lives is, however long it takes."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from pioneer.kernel import clock
from pioneer.kernel.models import Task
from pioneer.kernel.running import KEPT, held, lives, this_process, tidy
from pioneer.kernel.tasks import is_under_way

PATIENCE = timedelta(minutes=10)
HOLDER = """
import sys, django
django.setup()
from pioneer.kernel.running import held
with held(int(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
FORKING = """
import os, signal, sys, django
django.setup()
from pioneer.kernel.running import this_process
mine = this_process()
if os.fork():
    signal.pause()
print(mine, this_process(), flush=True)
sys.stdin.read()
"""


@contextmanager
def started(script: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    surroundings = {**os.environ, "DJANGO_SETTINGS_MODULE": "pioneer.settings", "PIONEER_DATA": str(settings.DATA)}
    command = [sys.executable, "-c", script, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings) as process:
        yield process


def task(state: str, age: timedelta) -> Task:
    return Task(pk=900_001, kind="members.check_roster", state=state, created_at=clock.now() - age)


@pytest.mark.pure
def test_killed_it_is_over_at_once_and_alive_it_is_waited_for() -> None:
    with started(HOLDER, "900001") as process:
        assert process.stdout is not None and process.stdout.readline() == b"held\n"
        assert lives(900_001) is True and is_under_way(task("running", timedelta(hours=5)), PATIENCE)
        process.kill()
    assert lives(900_001) is False and not is_under_way(task("running", timedelta(seconds=5)), PATIENCE)
    with held(900_001):  # begun again
        assert lives(900_001) is True
    assert lives(900_001) is None


@pytest.mark.pure
def test_where_nothing_can_be_known_patience_decides() -> None:
    assert lives(900_001) is None
    for state in ("waiting", "running"):
        assert is_under_way(task(state, timedelta(minutes=9)), PATIENCE)
        assert not is_under_way(task(state, timedelta(minutes=11)), PATIENCE)
    for state in ("done", "failed"):
        assert not is_under_way(task(state, timedelta(0)), PATIENCE)


@pytest.mark.pure
def test_a_process_is_dead_although_one_that_it_split_off_lives() -> None:
    with started(FORKING) as process:
        assert process.stdout is not None
        parent, child = process.stdout.readline().decode().split()
        assert parent != child and lives(parent) is True and lives(child) is True
        process.kill()
        process.wait()
        assert lives(parent) is False and lives(child) is True
        assert lives(this_process()) is True and lives("") is None
        days_ago = time.time() - KEPT - 60
        for name in (parent, child, this_process()):
            file = Path(settings.DATA, "running", name)
            os.utime(file, (days_ago, days_ago))
        tidy({parent})
        assert lives(parent) is False, "somebody asks for it"
        tidy(set())
        assert lives(parent) is None and lives(child) is True and lives(this_process()) is True
