"""图片 The pictures of README and docs: the real pages of a small demo, in a real Chromium, never made by hand."""

import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pioneer.jobs.demo.sign_ins import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LARGEST = 300_000  # bytes of one picture
PHONE, DESKTOP = (390, 960), (1280, 900)
START_WITHIN = 120.0  # seconds


@dataclass(frozen=True, slots=True)
class Shot:
    """一张图 Which page, as whom, on which screen; `link` is opened by following it from `path`."""

    name: str
    role: str
    path: str
    size: tuple[int, int] = DESKTOP
    link: str = ""
    is_large: bool = False
    typed: str = ""  # into the page's one field, then sent


def shots(token: str, card: str = "") -> list[Shot]:
    """要拍的页面"""
    return [
        Shot("member-phone", "党员", "/me/", PHONE),
        Shot("member-desktop", "党员", "/me/"),
        Shot("sheet-desktop", "支部记录员", "/sheets/", link="main a[href^='/sheets/']"),
        Shot("sheet-phone", "支部记录员", "/sheets/", PHONE, link="main a[href^='/sheets/']"),
        Shot("notice-desktop", "", f"/n/{token}/"),
        Shot("notice-phone", "", f"/n/{token}/", PHONE),
        Shot("home-desktop", "支部书记", "/"),
        Shot("home-phone", "支部书记", "/", PHONE),
        Shot("regulation-desktop", "党员", "/rulebook/current/"),
        Shot("overview-desktop", "区委组织部（一）", "/overview/"),
        Shot("results-phone", "党员", "/me/results/", PHONE),
        Shot("filings-desktop", "街道党务工作者", "/filings/"),
        Shot("filing-returned-desktop", "街道党务工作者", "/filings/2/"),
        Shot("archive-desktop", "支部书记", "/archives/1/"),
        Shot("year-desktop", "街道党务工作者", "/overview/year/"),
        Shot("follow-ups-desktop", "支部书记", "/followups/"),
        Shot("case-desktop", "街道党务工作者", "/disposals/", link="main a[href^='/cases/']"),
        Shot("passbook-phone", "党员", "/passbook/", PHONE),
        Shot("card-phone", "党员", "/passbook/", PHONE, link="main a[href$='/card/']"),
        Shot("shop-phone", "积分超市管理员", "/shops/1/counter/", PHONE, typed=card),
        Shot("reconciliation-desktop", "社区党务工作者", "/passbooks/1/reconciliation/"),
        Shot("member-large", "党员", "/me/", PHONE, is_large=True),  # last: the size is kept with the account
    ]


def take(folder: Path, members: int = 150, only: Collection[str] = ()) -> list[Path]:
    """拍照 Fills and serves a small demo in a folder of its own, takes every picture, or those named; answers the
    files."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with _site(members) as (address, wanted, logins), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(playwright.chromium.executable_path))
        try:
            chosen = [shot for shot in wanted if not only or shot.name in only]
            return [_take(browser, address, shot, logins, folder) for shot in chosen]
        finally:
            browser.close()


@contextmanager
def _site(members: int) -> Iterator[tuple[str, list[Shot], dict[str, str]]]:
    """A demo served on a free port: its address, what is to be taken there, the sign-in of each role."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="pioneer-pictures-") as made:
        environment = {**os.environ, "PIONEER_DATA": made, "PIONEER_DEMO": "1"}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "pioneer", "demo", "--serve", "--port", str(port), "--members", str(members)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
        try:
            _wait(address, process)
            content = json.loads((Path(made) / "demo.json").read_text(encoding="utf-8"))
            logins = {one["role"]: one["login"] for one in content["sign_ins"]}
            yield address, shots(content["token"], content["card"]), logins
        finally:
            process.terminate()
            process.wait(30)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"演示网站没有起来，退出码{process.returncode}")
        try:
            urllib.request.urlopen(f"{address}/accounts/login/", timeout=5)  # noqa: S310
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError("演示网站没有按时起来")


def _chromium(own: str) -> str:
    found = own if Path(own).exists() else shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise RuntimeError("没有找到 Chromium。请先运行：playwright install chromium")
    return found


def _take(browser: "Browser", address: str, shot: Shot, logins: dict[str, str], folder: Path) -> Path:
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=2 if width < 600 else 1.5, locale="zh-CN"
    )
    try:
        page = context.new_page()
        if shot.role:
            _sign_in(page, address, logins[shot.role])
        if shot.is_large:
            page.locator("button.bar-act[aria-pressed=false]").first.click()
        page.goto(address + shot.path)
        if shot.link:
            page.goto(address + str(page.locator(shot.link).first.get_attribute("href")))
        if shot.typed:
            page.fill("main input[name=typed]", shot.typed)
            page.locator("main form button:not([hidden])").last.click()
            page.wait_for_load_state()
        if _status(page) != 200:
            raise RuntimeError(f"{shot.name}：{page.url} 打不开")
        file = folder / f"{shot.name}.png"
        file.write_bytes(_small(page.screenshot()))
        return file
    finally:
        context.close()


def _status(page: "Page") -> int:
    answer: Any = page.reload()
    return int(answer.status) if answer else 0


def _sign_in(page: "Page", address: str, login: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def _small(content: bytes) -> bytes:
    """Few colours are enough for a calm page; fewer still where it would be too large."""
    from PIL import Image

    picture = Image.open(io.BytesIO(content)).convert("RGB")
    for colours in (128, 64, 32, 16):
        made = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
        if made.tell() < LARGEST:
            break
    return made.getvalue()
