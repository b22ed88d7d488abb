"""Work whose process was killed is not waited for; work that lives is, however long it takes."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings

from pioneer.kernel import clock
from pioneer.kernel.models import Task
from pioneer.kernel.running import held, lives
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


def task(state: str, age: timedelta) -> Task:
    return Task(pk=900_001, kind="members.check_roster", state=state, created_at=clock.now() - age)


@pytest.mark.pure
def test_killed_it_is_over_at_once_and_alive_it_is_waited_for() -> None:
    command = [sys.executable, "-c", HOLDER, "900001"]
    surroundings = {**os.environ, "DJANGO_SETTINGS_MODULE": "pioneer.settings", "PIONEER_DATA": str(settings.DATA)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings) as process:
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
