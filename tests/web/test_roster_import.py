"""The pages of a roster's way in: upload, columns, check, answers, confirmation."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pioneer.kernel import clock
from pioneer.kernel.models import Task
from pioneer.members.models import Member, RosterImport
from tests.members.rosters import checked, imported, person, roster, row_of, uploaded
from tests.web.test_shell import enter
from tests.world import World

pytestmark = pytest.mark.django_db


def send(client: Client, content: bytes, **more: Any) -> Any:
    file = SimpleUploadedFile("花名册.xlsx", content)
    return client.post(reverse("new-roster-import"), {"file": file, **more})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_whole_way(client: Client, world: World, django_capture_on_commit_callbacks: Any) -> None:
    enter(client, world, "recorder")
    answer = send(client, roster(person("薛明月"), person("王保国", None)), organisation=world.branch.pk)
    made = RosterImport.objects.get()
    assert answer["location"] == reverse("roster-import-columns", args=[made.pk])
    page = text(client.get(answer["location"]))
    assert "「身份证号」" in page and "1401**********" in page and "19870701" not in page
    chosen = {"used0": "on", "field0.0": "name", "field0.1": "identity", "field0.2": "joined", "field0.3": "status"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(answer["location"], chosen)
    here = reverse("roster-import", args=[made.pk])
    page = text(client.get(here))
    assert "待确认" in page and "分不清是不是同一人" in page and "新增1人" in page
    row = row_of(made, "王保国")
    client.post(reverse("answer-import-row", args=[made.pk, row.pk]), {"decision": "skip", "show": "ask"})
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("confirm-roster-import", args=[made.pk]), {"new": 1, "changed": 0})
    assert answer["location"] == here
    assert "已导入" in text(client.get(here)) and Member.objects.filter(name="薛明月").count() == 1


def test_a_file_that_is_no_roster_comes_back_with_its_sentence(client: Client, world: World) -> None:
    answer = send(enter(client, world, "recorder"), b"%PDF-1.7", organisation=world.branch.pk)
    assert answer.status_code == 200 and "请上传 .xlsx" in text(answer)


def test_mistakes_of_the_columns_come_back_all_together(client: Client, world: World) -> None:
    made = uploaded(world, roster(person("薛明月")))
    enter(client, world, "recorder")
    page = text(
        client.post(
            reverse("roster-import-columns", args=[made.pk]), {"used0": "on", "field0.1": "phone", "field0.2": "phone"}
        )
    )
    assert "B、C列都选了“联系电话”" in page and "哪一列是“姓名”" in page


def test_the_progress_is_shown_and_works_without_script(client: Client, world: World) -> None:
    made = uploaded(world, roster(person("薛明月")))
    enter(client, world, "recorder")
    client.post(reverse("check-roster-import", args=[made.pk]))
    Task.objects.update(state="running", done=30, total=120)
    here = reverse("roster-import", args=[made.pk])
    page = text(client.get(here))
    assert "25%" in page and 'http-equiv="refresh"' in page and "hx-trigger" in page
    assert "花名册.xlsx" in text(client.get(reverse("roster-imports")))
    Task.objects.update(state="failed", message="处理时出现程序错误")
    assert client.get(here, headers={"hx-request": "true"})["HX-Refresh"] == "true"
    assert "处理时出现程序错误" in text(client.get(here)) and "重新核对" in text(client.get(here))


def test_a_writing_is_shown_can_be_left_and_found_again(client: Client, world: World) -> None:
    made = checked(world, roster(person("薛明月")))
    enter(client, world, "recorder")
    client.post(reverse("confirm-roster-import", args=[made.pk]), {"new": 1, "changed": 0})
    here = reverse("roster-import", args=[made.pk])
    page = text(client.get(here))
    assert "正在写入" in page and "排队等待中" in page and "好像没有运行" not in page
    assert 'http-equiv="refresh"' in page and "hx-trigger" in page and "刷新" in page
    assert "写入中" in text(client.get(reverse("roster-imports")))
    assert client.get(reverse("roster-import-columns", args=[made.pk]))["location"] == here
    Task.objects.update(state="running", done=2, total=2)
    assert "正在一次写入花名册" in text(client.get(here))


def test_a_worker_that_does_not_run_is_said_on_the_page(client: Client, world: World) -> None:
    made = checked(world, roster(person("薛明月")))
    enter(client, world, "recorder")
    client.post(reverse("confirm-roster-import", args=[made.pk]), {"new": 1, "changed": 0})
    here = reverse("roster-import", args=[made.pk])
    Task.objects.update(created_at=clock.now() - timedelta(minutes=1))
    assert "后台程序好像没有运行" in text(client.get(here))
    Task.objects.update(created_at=clock.now() - timedelta(minutes=11))
    page = text(client.get(here))
    assert "刚才的确认没有写入" in page and "后台程序没有运行" in page and "新增1人" in page
    assert client.get(here, headers={"hx-request": "true"})["HX-Refresh"] == "true"


def test_rows_are_filtered_and_paged(client: Client, world: World, django_assert_max_num_queries: Any) -> None:
    rows = [person(f"人{chr(0x4E00 + n)}", date(1980, 1 + n % 12, 1 + n // 12)) for n in range(60)]
    made = checked(world, roster(*rows, person("薛明月", branch="不存在的党支部")))
    enter(client, world, "recorder")
    here = reverse("roster-import", args=[made.pk])
    first = text(client.get(here))
    assert "不存在的党支部" in first and "新增60人" in first
    with django_assert_max_num_queries(12):
        page = text(client.get(here, {"show": "new", "page": 2}))
    assert "第 2 页，共 2 页" in page


def test_wrong_rows_are_taken_as_a_workbook(client: Client, world: World) -> None:
    made = checked(world, roster(person("薛明月", branch="不存在的党支部")))
    answer = enter(client, world, "recorder").post(reverse("wrong-import-rows", args=[made.pk]))
    assert answer["Content-Type"].endswith("sheet") and answer.content[:2] == b"PK"
    assert "no-store" in answer["Cache-Control"]


def test_the_same_confirmation_sent_twice_is_calm(
    client: Client, world: World, django_capture_on_commit_callbacks: Any
) -> None:
    made = checked(world, roster(person("薛明月")))
    enter(client, world, "recorder")
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse("confirm-roster-import", args=[made.pk]), {"new": 1, "changed": 0})
        assert answer.status_code == 302
    assert Member.objects.filter(name="薛明月").count() == 1


@pytest.mark.parametrize("who", ["guilan", "auditor", "committee", "system_admin"])
def test_who_imports_nothing_has_no_page_for_it(client: Client, world: World, who: str) -> None:
    enter(client, world, who)
    assert client.get(reverse("roster-imports")).status_code == 403
    assert client.get(reverse("new-roster-import")).status_code == 403


@pytest.mark.parametrize("who", ["second_recorder", "town_officer", "other_district_officer", "committee", "guilan"])
def test_for_others_an_import_does_not_exist(client: Client, world: World, who: str) -> None:
    made = imported(world, roster(person("薛明月")))
    enter(client, world, who)
    assert client.get(reverse("roster-import", args=[made.pk])).status_code == 404
    assert client.get(reverse("roster-import-columns", args=[made.pk])).status_code == 404
    for name in ("check-roster-import", "confirm-roster-import", "discard-roster-import", "wrong-import-rows"):
        assert client.post(reverse(name, args=[made.pk])).status_code == 404
    assert client.post(reverse("answer-import-row", args=[made.pk, 1])).status_code == 404


def test_without_signing_in_nothing_is_shown(client: Client, world: World) -> None:
    assert client.get(reverse("roster-imports")).status_code == 302
