"""起草台的页面 How long the pages of a draft with five hundred indicators and twenty tracks take, how large they are.

    .venv/bin/python -m benchmarks.drafting_pages [--indicators 500] [--tracks 20]

Each page is asked for three times on a database of its own: the first time after a change, when the whole text is
checked, and again, when what the check said is still known. Promised: no page takes more than two seconds or weighs
more than 300 kB; a check while somebody types takes less than two seconds.
"""

import argparse
import os
import sys
import tempfile
import time
from typing import Any

LIMIT, LARGEST = 2.0, 300_000


def _begin() -> None:
    folder = tempfile.mkdtemp(prefix="pioneer-benchmark-")
    os.environ["DATABASE_URL"] = f"sqlite:///{folder}/drafting.sqlite3"
    os.environ["DJANGO_SETTINGS_MODULE"] = "pioneer.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)


def _asked(client: Any, path: str, given: dict[str, Any] | None = None) -> tuple[float, int]:
    begun = time.perf_counter()
    answer = client.get(path) if given is None else client.post(path, given)
    took = time.perf_counter() - begun
    if answer.status_code not in (200, 302):
        raise SystemExit(f"{path}: {answer.status_code}")
    return took, len(answer.content)


def main() -> int:
    """量一量"""
    parser = argparse.ArgumentParser()
    parser.add_argument("--indicators", type=int, default=500)
    parser.add_argument("--tracks", type=int, default=20)
    chosen = parser.parse_args()
    _begin()
    from django.test import Client

    from benchmarks.large_rulebook import content
    from pioneer.kernel import clock
    from pioneer.rulebook.drafting import start_draft
    from pioneer.scoring.writing import format_text
    from tests.web.filled import filled
    from tests.world import TODAY, build

    with clock.at(TODAY):
        world = build()
        text = format_text(content(chosen.indicators, chosen.tracks))
        actor = world.actor("district_officer")
        draft = start_draft(actor=actor, district_id=world.district.pk, text=text)
        client = Client()
        client.force_login(world.users["district_officer"], backend="pioneer.accounts.backends.NumberBackend")
        at = f"/rulebook/drafts/{draft.pk}/"
        row = f"{at}rows/positive/1/"
        client.get("/account/")
        print(f"{chosen.indicators}个指标，{chosen.tracks}个类别，{len(text) // 1024} KB")
        wrong = False
        given = filled(client.get(row).content.decode())
        pages: list[tuple[str, str, dict[str, Any] | None]] = [
            ("起草台", at, None),
            ("正向指数（第1页）", f"{at}chapters/positive/", None),
            ("正向指数（查找）", f"{at}chapters/positive/?q=3", None),
            ("一行的表单", row, None),
            ("边填边查", f"{row}check/", {**given, "name": "另一个名称"}),
            ("保存", row, {**given, "name": "再一个名称", "do": "save"}),
            ("保存以后的起草台", at, None),
            ("核对并提交", f"{at}submit/", None),
            ("下载 Excel", f"{at}rulebook.xlsx", None),
        ]
        for name, path, posted in pages:
            first, size = _asked(client, path, posted)
            again = min(_asked(client, path, posted)[0] for _ in range(2)) if posted is None else first
            bad = first > LIMIT or (size > LARGEST and "Excel" not in name)
            wrong = wrong or bad
            over = "  超出" if bad else ""
            print(f"   {name}：{first * 1000:.0f} 毫秒，再看 {again * 1000:.0f} 毫秒，{size / 1024:.0f} KB{over}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
