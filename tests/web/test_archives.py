"""The pages of archives: what is open before one can be whole, one being made, an edition, a bundle checked."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pioneer.archives.erasure import erase_texts
from pioneer.archives.models import Archive, ArchiveRun
from pioneer.kernel import clock
from pioneer.kernel.models import Task
from pioneer.kernel.tasks import run_task
from tests.archives.bundles import kept
from tests.archives.conftest import AFTER, FIRST, LAST, bytes_of, file_year, made
from tests.archives.conftest import posted as posted
from tests.archives.conftest import ruled as ruled
from tests.web.test_filings import sign_in, text
from tests.world import World

pytestmark = pytest.mark.one_database


def address(world: World) -> str:
    return f"/archives/branches/{world.village.pk}/2026-01-01/"


def main(answer: Any) -> str:
    page = text(answer)
    return page[page.index("<main") : page.index("</main>")]


def test_from_what_is_open_to_the_whole_archive(posted: World, client: Client) -> None:
    with clock.at(AFTER):
        sign_in(client, posted, "village_secretary")
        assert client.get("/archives/?cycle=2026-01-01").headers["Location"] == address(posted), "of a single branch"
        page = main(client.get(address(posted)))
        assert "还没有正式评定" in page and "打开年度评定" in page and "做一份暂存的" in page
        answer = client.post(address(posted))
        assert answer.status_code == 409 and "还不能做成正式的" in text(answer), "whole it is not"
        answer = client.post(address(posted), {"is_provisional": "on"})
        run = ArchiveRun.objects.get()
        assert answer.headers["Location"] == f"/archives/runs/{run.pk}/"
        assert "排队等待中" in main(client.get(f"/archives/runs/{run.pk}/"))
        Task.objects.filter(pk=run.task_id).update(state="running", done=2, total=5)
        assert "40%" in main(client.get(f"/archives/runs/{run.pk}/"))
        page = main(client.get(address(posted)))
        assert "正在做一份" in page and "做一份暂存的" not in page, "left and found again"
        Task.objects.filter(pk=run.task_id).update(state="waiting", done=0, total=0)
        run_task.call(run.task_id)
        first = Archive.objects.get()
        assert client.get(f"/archives/runs/{run.pk}/").headers["Location"] == f"/archives/{first.pk}/"
        page = main(client.get(f"/archives/{first.pk}/"))
        assert "还有1件没有办完，只作暂存" in page and first.list_digest in page

        file_year(posted)
        page = main(client.get(address(posted)))
        assert "都已办完" in page and "再做一版" in page
        client.post(address(posted))
        run_task.call(ArchiveRun.objects.latest("pk").task_id)
        second = Archive.objects.get(edition=2)
        page = main(client.get(f"/archives/{second.pk}/"))
        assert "上一版是暂存，这一版事情已经办完。" in page and "年度档案.pdf" in page and "第1版（暂存）" in page
        answer = client.get(f"/archives/{second.pk}/package/")
        assert b"".join(answer.streaming_content) == bytes_of(second)  # type: ignore[attr-defined]
        assert "%E7%AC%AC2%E7%89%88.zip" in answer.headers["Content-Disposition"]

        given = SimpleUploadedFile("档案.zip", bytes_of(second))
        page = main(client.post("/archives/check/", {"archive": given}))
        assert "每一份文件都没有改动" in page and "这就是系统里登记的那一份" in page
        changed = bytes_of(second).replace(b"points = 70", b"points = 71", 1)
        answer = client.post("/archives/check/", {"archive": SimpleUploadedFile("档案.zip", changed)})
        assert answer.status_code == 422 and "“数据.json”" in main(answer)
        with clock.at(AFTER.replace(day=25)):
            made(posted)
            run = ArchiveRun.objects.latest("pk")
            answer = client.get(f"/archives/runs/{run.pk}/", follow=True)
            assert "没有变化，没有另做一版" in text(answer)

        sign_in(client, posted, "mancang")
        held = client.post("/me/file/json/").json()["年度档案（列有本人）"]
        assert [one["第几版"] for one in held] == ["2", "1"]
        assert client.get("/archives/").status_code == 404


def test_what_failed_is_told_and_what_was_erased_too(ruled: World, client: Client) -> None:
    with clock.at(AFTER):
        one = kept(ruled.village, FIRST, LAST, [ruled.member("柳满仓")])
        sign_in(client, ruled, "town_officer")
        erase_texts(ruled.member("柳满仓").pk)
        page = main(client.get(f"/archives/{one.pk}/"))
        assert "已按规定抹除" in page and one.list_digest in page
        answer = client.get(f"/archives/{one.pk}/package/")
        assert answer.status_code == 404 and "请另做一版" in text(answer)
        client.post(address(ruled), {"is_provisional": "on"})
        run = ArchiveRun.objects.get()
        Task.objects.filter(pk=run.task_id).update(state="failed", message="附件的存储服务现在用不了。")
        page = main(client.get(f"/archives/runs/{run.pk}/"))
        assert "没有做成" in page and "附件的存储服务现在用不了" in page
        sign_in(client, ruled, "district_officer")
        page = main(client.get("/archives/?cycle=2026-01-01"))
        assert "柳沟村" in page and "第1版，已抹除" in page and "还没有做" in page
        for path in (f"/archives/{one.pk}/", address(ruled), f"/archives/runs/{run.pk}/"):
            assert client.get(path).status_code == 200
            sign_in(client, ruled, "village_recorder")
            assert client.get(path).status_code == 404
            sign_in(client, ruled, "district_officer")
        assert client.get("/archives/branches/1/2026-01-01/").status_code == 404
        assert client.get(f"/archives/branches/{ruled.village.pk}/next/").status_code == 404
