"""开网站：网页、后台任务和时钟一起运行，Ctrl-C 一起停。"""

import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from pioneer.accounts import queries

BESIDE = (("db_worker", "--no-reload", "--verbosity", "0"), ("work",))
PATIENCE = 10.0  # seconds a child gets to finish what it is doing


class Site(BaseApplication):  # type: ignore[misc]
    """网站 gunicorn in this process, with threads, and whitenoise for what is static."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        from pioneer.wsgi import application

        return application


def options(host: str, port: int, workers: int) -> dict[str, Any]:
    """怎么开 What gunicorn is told."""
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": 4,
        "timeout": 120,
        "graceful_timeout": 10,
        "preload_app": True,
        "loglevel": "warning",
        "proc_name": "pioneer",
    }


class Beside:
    """旁边的进程 The queue's worker and the clock: started, started again when they die, stopped together."""

    def __init__(self, commands: tuple[tuple[str, ...], ...]) -> None:
        self.commands = commands
        self.running: dict[tuple[str, ...], subprocess.Popen[bytes]] = {}
        self.stopping = threading.Event()

    def start(self) -> None:
        for command in self.commands:
            self._run(command)
        threading.Thread(target=self._watch, daemon=True).start()

    def _run(self, command: tuple[str, ...]) -> None:
        self.running[command] = subprocess.Popen([sys.executable, "-m", "pioneer", *command])  # noqa: S603

    def _watch(self) -> None:
        wait = 2.0
        while not self.stopping.wait(wait):
            dead = [command for command, process in self.running.items() if process.poll() is not None]
            wait = min(wait * 2, 60.0) if dead else 2.0
            for command in dead:
                if not self.stopping.is_set():
                    self._run(command)

    def stop(self) -> None:
        self.stopping.set()
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + PATIENCE
        for process in self.running.values():
            try:
                process.wait(max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()


class Command(BaseCommand):
    """pioneer serve"""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="监听的地址（默认只有本机；前面有反向代理时不必改）")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="进程数，每个4条线程")

    def handle(self, *, host: str, port: int, workers: int, **rest: Any) -> None:
        if MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes()):
            self.stdout.write("更新数据库结构……")
            call_command("migrate", verbosity=0)
        if not queries.is_set_up():
            self.stdout.write("还没有设置：先停下，运行 pioneer setup（或 make demo 看演示），再运行本命令。")
        connections.close_all()
        beside = Beside(BESIDE)
        beside.start()
        self.stdout.write(f"先锋指数：http://{host}:{port}/　按 Ctrl-C 停止")
        try:
            Site(options(host, port, workers)).run()
        finally:
            beside.stop()
