"""A shop's server that is killed in the middle of its work: `python -m tests.rewards.selling DATABASE`.

Each line of its input says what is sold and how long. A child of its own redeems with several threads, as a server's
threads do, and writes down each key before it asks and again with the receipt once it was answered; so long after the
first answer it is killed by SIGKILL. The answer is a line: the file with what it wrote, and the signal that ended it.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import tempfile
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4


def main(database: str) -> None:
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pioneer.settings")
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from pioneer.rewards import cards as cards
    from pioneer.rewards import redeeming as redeeming  # read once, for every child

    with tempfile.TemporaryDirectory() as folder:
        for number, line in enumerate(sys.stdin):
            order = json.loads(line)
            told = Path(folder) / f"told-{number}"
            told.touch()
            answered, ringing = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(answered)
                _sell(order, told, ringing)
            os.close(ringing)
            os.read(answered, 1)  # the first answer, or the end of a child that failed
            select.select([], [], [], order["seconds"])
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            os.close(answered)
            sys.stdout.write(f"{told} {os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}\n")
            sys.stdout.flush()


def _sell(order: dict[str, Any], told: Path, ringing: int) -> None:
    """In the child: never comes back."""
    from datetime import datetime

    from pioneer.accounts.models import User
    from pioneer.accounts.queries import actor_of
    from pioneer.kernel import clock

    book = os.open(told, os.O_WRONLY | os.O_APPEND)
    try:
        with clock.at(datetime.fromisoformat(order["now"])):
            keeper = actor_of(User.objects.get(pk=order["keeper"]))
            threads = [Thread(target=_one, args=(order, keeper, number, book, ringing)) for number in order["cards"]]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    finally:
        os._exit(1)


def _one(order: dict[str, Any], keeper: Any, number: str, book: int, ringing: int) -> None:
    from pioneer.rewards.cards import present_card
    from pioneer.rewards.redeeming import redeem

    while True:
        shown, key = present_card(actor=keeper, typed=number, shop_id=order["shop"]).pk, uuid4()
        os.write(book, f"begun {key} {shown}\n".encode())
        made = redeem(actor=keeper, presentation_id=shown, items=[(order["good"], 1)], request_key=key)
        os.write(book, f"done {key} {made.number}\n".encode())
        os.write(ringing, b".")


if __name__ == "__main__":
    main(sys.argv[1])
