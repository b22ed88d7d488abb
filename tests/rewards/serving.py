"""A site that is killed: `python -m tests.rewards.serving DATABASE`.

Each line of its input starts the site, as `pioneer serve` does, in a group of processes of its own: gunicorn's master
and its worker with four threads. The line says what the time is there; the answer is the port. The next line has the
whole group killed; the answer to that is the signal that ended the master, once the last process of the group is gone.
The program is read in once, for every site that is started.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from typing import Any


def main(database: str) -> None:
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pioneer.settings")
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    _read_in()
    for moment in iter(sys.stdin.readline, ""):
        alive, held = os.pipe()
        master = os.fork()
        if master == 0:
            os.close(alive)
            os.setsid()
            _serve(datetime.fromisoformat(moment.strip()), held)
        os.close(held)
        _say(_line(alive))
        sys.stdin.readline()
        os.killpg(master, signal.SIGKILL)
        while os.read(alive, 1):  # a process of the group still holds the other end
            pass
        _, status = os.waitpid(master, 0)
        os.close(alive)
        _say(str(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0))


def _read_in() -> None:
    """The addresses, the templates of the counter, what else the first page needs."""
    from django.db import connections
    from django.template.loader import get_template
    from django.test import Client

    from pioneer.wsgi import application as application

    for page in ("counter", "serve", "confirm"):
        get_template(f"rewards/{page}.html")
    assert Client(SERVER_NAME="127.0.0.1").get("/accounts/login/").status_code == 200
    connections.close_all()


def _serve(moment: datetime, held: int) -> None:
    """In the child: never comes back."""
    from pioneer.jobs.management.commands.serve import Site, options
    from pioneer.kernel import clock

    def listens(master: Any) -> None:
        os.write(held, f"{master.LISTENERS[0].sock.getsockname()[1]}\n".encode())

    try:
        with clock.at(moment):
            Site({**options("127.0.0.1", 0, 1), "when_ready": listens}).run()
    finally:
        os._exit(1)


def _line(end: int) -> str:
    """Byte by byte: the end stays open, and is read on."""
    found = b""
    while not found.endswith(b"\n") and (part := os.read(end, 1)):
        found += part
    return found.decode().strip()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
