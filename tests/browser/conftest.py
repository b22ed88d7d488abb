"""A real Chromium: the one that is found, else the one playwright installs, else the tests skip by name."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

REQUIRED = os.environ.get("PIONEER_BROWSER_REQUIRED") == "1"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _missing(why: str) -> None:
    if REQUIRED:
        pytest.fail(f"a Chromium is required here: {why}")
    pytest.skip(f"没有可用的 Chromium（{why}）：请安装 chromium，或运行 .venv/bin/playwright install chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the test's thread
    with sync_playwright() as playwright:
        if found is None and not Path(playwright.chromium.executable_path).exists():
            command = [sys.executable, "-m", "playwright", "install", "chromium"]
            subprocess.run(command, check=False, capture_output=True, timeout=300)
        try:
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        except Error as error:
            _missing(str(error).splitlines()[0])
            return
        yield browser
        browser.close()
