"""A worker that is killed in the middle of a settlement: `python -m tests.results.killing DATABASE`.

Each line of its input is a task and a moment. A child of its own works the task out and, once so many statements have
been carried out, is killed by SIGKILL, as when the machine takes a process away; moment 0 lets it finish. The answer is
a line: the signal that ended it (0 for none), and how many statements it took where it finished.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

AFTER = date(2027, 1, 20)


def main(database: str) -> None:
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pioneer.settings")
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from pioneer.results import settling as settling  # which registers its kind of task

    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told"
        for line in sys.stdin:
            task, moment = map(int, line.split())
            told.write_text("0", encoding="utf-8")
            child = os.fork()
            if child == 0:
                _work(task, moment, told)
            _, status = os.waitpid(child, 0)
            ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)
            sys.stdout.write(f"{ended} {told.read_text(encoding='utf-8')}\n")
            sys.stdout.flush()


def _work(task: int, moment: int, told: Path) -> None:
    """In the child: never comes back."""
    from django.db import connection

    from pioneer.kernel import clock
    from pioneer.kernel.tasks import run_task

    done = 0

    def counted(execute: Any, sql: Any, values: Any, many: Any, context: Any) -> Any:
        nonlocal done
        answer = execute(sql, values, many, context)
        done += 1
        if done == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    code = 1
    try:
        with clock.at(AFTER), connection.execute_wrapper(counted):
            run_task.call(task)
        told.write_text(str(done), encoding="utf-8")
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
