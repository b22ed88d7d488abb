"""运行时钟：开考评表、移交逾期异议、结束公示、入账、清除旧花名册 run the clock"""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from pioneer.jobs import clock

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """时钟"""

    help = "每隔一段时间办理到期的事；停过以后补办，不会重复。--once 只办一轮。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="只办一轮就结束；有办不了的，退出码为1")
        parser.add_argument("--interval", type=float, default=60.0, help="两轮之间的秒数（默认60）")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            done = clock.go_round()
            self.stdout.write(str(done))
            for line in done.failures:
                self.stderr.write(line)
            if done.failures:
                raise SystemExit(1)
            return
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        while not stopping.is_set():
            self._round()
            stopping.wait(options["interval"])

    def _round(self) -> None:
        """A round that fails as a whole, because the database is away, is tried again the next time."""
        try:
            done = clock.go_round()
            if any(done.done.values()):
                self.stdout.write(str(done))
                self.stdout.flush()
        except Exception:
            log.exception("the clock's round failed")
        finally:
            connection.close()
