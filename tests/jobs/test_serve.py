"""`pioneer serve`: the site, the queue's worker and the clock start together and stop together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts processes in /proc")
def test_it_answers_and_leaves_nothing_behind(tmp_path: Path) -> None:
    port = free_port()
    surroundings = {**os.environ, "PIONEER_DATA": str(tmp_path), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "pioneer", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(
        command, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as site:
        try:
            assert "先锋指数" in page(f"http://127.0.0.1:{port}/accounts/login/")
            beside = children(site.pid)
            assert len(beside) >= 2
        finally:
            site.send_signal(signal.SIGINT)
            said, _ = site.communicate(timeout=30)
    assert "pioneer setup" in said.decode()
    until = time.monotonic() + 5
    while any(alive(pid) for pid in beside) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(alive(pid) for pid in beside)


def page(address: str) -> str:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)
