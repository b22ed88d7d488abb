"""A real Chromium: the one that is found, else the one playwright installs, else the tests skip by name."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect, sync_playwright

REQUIRED = os.environ.get("PIONEER_BROWSER_REQUIRED") == "1"
PATIENCE = 45_000  # milliseconds, for what is awaited: a busy machine stands still for many seconds
expect.set_options(timeout=PATIENCE)
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


PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The pages are the same on both databases: a browser looks at them on SQLite alone."""
    if config.getoption("--postgresql"):
        here = Path(__file__).parent
        leave = [item for item in items if here in item.path.parents]
        items[:] = [item for item in items if item not in leave]
        config.hook.pytest_deselected(items=leave)


ComeIn = Callable[..., Page]


@pytest.fixture
def come_in(browser: Browser, live_server: Any) -> Iterator[ComeIn]:
    """A page of its own for a person (or nobody), on a phone or a desk, with or without JavaScript. What a page
    complains of, a refused script or style too, fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def run(user: Any = None, *, phone: bool = False, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            is_mobile=phone,
            has_touch=phone,
            java_script_enabled=scripts,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user, backend="pioneer.accounts.backends.NumberBackend")
            kept = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": kept, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}") if _is_ours(said) else None)
        return page

    yield run
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _is_ours(said: ConsoleMessage) -> bool:
    """A refusal's status and a lost connection are reported by the browser too, and are none."""
    reported = ("the server responded with a status", "net::ERR_INTERNET_DISCONNECTED")
    return said.type in ("error", "warning") and not any(text in said.text for text in reported)
