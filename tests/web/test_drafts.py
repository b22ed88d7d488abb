"""A draft's files, its comparison and its end by HTTP; long lists; who gets in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pioneer.kernel import clock
from pioneer.rulebook.draft_files import as_excel
from pioneer.rulebook.models import RulebookDraft, RulebookVersion
from pioneer.scoring.writing import format_text, read_content
from tests.rulebook.conftest import TEXT, changed
from tests.rulebook.drafts import started
from tests.web.filled import change, row_address
from tests.world import TODAY, World, adopt_rulebook


@pytest.fixture(autouse=True)
def _today():
    with clock.at(TODAY):
        yield


@pytest.fixture
def enter(world: World) -> Callable[[str], Client]:
    def sign_in(who: str) -> Client:
        client = Client()
        client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
        return client

    return sign_in


# ---------------------------------------------------------------- files, comparison, the end


def test_a_file_with_mistakes_is_listed_by_its_cells(world: World, enter) -> None:
    client, draft = enter("district_officer"), started(world)
    wrong = as_excel(changed(('aspect = "A"', 'aspect = "甲"')))
    given = {"file": SimpleUploadedFile("改.xlsx", wrong), "edit": "0"}
    page = client.post(f"/rulebook/drafts/{draft.pk}/upload/", given)
    assert (
        page.status_code == 422
        and "工作表「" in page.content.decode()
        and RulebookDraft.objects.get().text == draft.text
    )
    given = {"file": SimpleUploadedFile("改.xlsx", wrong), "edit": "0", "with_mistakes": "on"}
    assert client.post(f"/rulebook/drafts/{draft.pk}/upload/", given).status_code == 302
    assert "处错误" in client.get(f"/rulebook/drafts/{draft.pk}/").content.decode()
    rubbish = {"file": SimpleUploadedFile("改.xlsx", b"PK\x03\x04rubbish"), "edit": "1"}
    assert client.post(f"/rulebook/drafts/{draft.pk}/upload/", rubbish).status_code == 422


def test_a_version_goes_out_as_excel_and_is_compared_with_the_one_before(world: World, enter) -> None:
    first = adopt_rulebook(world)
    client, draft = enter("district_officer"), started(world, text="", version_id=first.pk)
    change(client, row_address(draft, "positive", 5), caps__year="8")
    given = {"edit": "1", "valid_from": "2026-06-01"}
    client.post(f"/rulebook/drafts/{draft.pk}/submit/", given)
    second = RulebookVersion.objects.latest("number")
    page = client.get(f"/rulebook/{second.pk}/").content.decode()
    link = f"/rulebook/compare/?old=v{first.pk}&amp;new=v{second.pk}"
    assert link in page and f"/rulebook/{second.pk}/rulebook.xlsx" in page
    compared = client.get(link.replace("&amp;", "&")).content.decode()
    assert "第1版" in compared and "第2版" in compared and "2026年6月1日" in compared
    file = client.get(f"/rulebook/{second.pk}/rulebook.xlsx")
    assert file.content.startswith(b"PK") and file["Content-Disposition"].startswith("attachment")
    assert enter("secretary").get(f"/rulebook/compare/?old=v{first.pk}&new=v{first.pk}").status_code == 200
    for key in (f"v{second.pk}", f"d{draft.pk}", f"d{draft.pk}-base", "x1", "v", "v²"):
        assert enter("secretary").get(f"/rulebook/compare/?old=v{first.pk}&new={key}").status_code == 404


def test_with_mistakes_there_is_nothing_to_press(world: World, enter) -> None:
    client, draft = enter("district_officer"), started(world)
    change(client, row_address(draft, "positive", 5), caps__year="十")
    page = client.get(f"/rulebook/drafts/{draft.pk}/submit/").content.decode()
    assert "改好以后才能提交" in page and "请另一位核对采用</button>" not in page
    given = {"edit": "1", "valid_from": "2026-06-01"}
    assert client.post(f"/rulebook/drafts/{draft.pk}/submit/", given).status_code == 422
    assert not RulebookVersion.objects.exists()


def test_the_list_shows_drafts_in_work_and_a_withdrawn_one_goes(world: World, enter) -> None:
    client, draft = enter("district_officer"), started(world)
    assert "起草中" in client.get("/rulebook/").content.decode()
    assert "还没有提交" in client.get("/").content.decode()
    client.post(f"/rulebook/drafts/{draft.pk}/withdraw/")
    assert "起草中" not in client.get("/rulebook/").content.decode()
    assert client.get(f"/rulebook/drafts/{draft.pk}/").status_code == 409


def test_another_ones_draft_says_what_changing_it_means(world: World, enter) -> None:
    draft = started(world)
    assert (
        "不能再由您核对采用" in enter("second_district_officer").get(f"/rulebook/drafts/{draft.pk}/").content.decode()
    )


# ---------------------------------------------------------------- large ones


def large(count: int, tracks: int = 20) -> str:
    """The shipped one with so many indicators and tracks, and a value by track."""
    found = read_content(TEXT)
    found["tracks"] = [{**found["tracks"][0], "code": f"t{n}", "name": f"类别{n}"} for n in range(1, tracks + 1)]
    rows = found["positive"]
    for row in [*rows, *found["reverse"]]:
        row.pop("tracks", None)
    for number in range(count - len(rows)):
        row = {**rows[number % 20], "code": f"Y{number}", "name": f"第{number}项"}
        row.pop("aliases", None)
        rows.append(row)
    rows[0]["value"] = {"shape": "fixed", "points": 1, "by_track": {f"t{n}": n for n in range(1, tracks + 1)}}
    return format_text(found)


def test_a_long_list_is_paged_and_searched(world: World, enter) -> None:
    client, draft = enter("district_officer"), started(world, text=large(500))
    chapter = f"/rulebook/drafts/{draft.pk}/chapters/positive/"
    page = client.get(chapter).content.decode()
    assert page.count('class="do-cell"') == 50 and "第 1 页，共 10 页" in page
    found = client.get(chapter + "?q=第333项").content.decode()
    assert found.count('class="do-cell"') == 1 and 'rows/positive/354/"' in found
    saved = change(client, row_address(draft, "positive", 354), name="改名")
    assert saved["Location"].endswith("chapters/positive/?page=8#positive-354")
    assert "没有找到" in client.get(chapter + "?q=没有这样的").content.decode()


@pytest.mark.parametrize("path", ["", "chapters/positive/", "rows/positive/1/", "submit/"])
def test_the_number_of_queries_doesnt_grow(world: World, enter, django_assert_num_queries: Any, path: str) -> None:
    client = enter("district_officer")
    few, many = started(world), started(world, text=large(200))
    client.get(f"/rulebook/drafts/{few.pk}/{path}")
    counts = []
    for draft in (few, many):
        with django_assert_num_queries(QUERIES[path]):
            counts.append(client.get(f"/rulebook/drafts/{draft.pk}/{path}").status_code)
    assert counts == [200, 200]


QUERIES = {"": 10, "chapters/positive/": 7, "rows/positive/1/": 7, "submit/": 7}


def test_who_gets_in(world: World, enter) -> None:
    draft = started(world)
    for who in ("guilan", "secretary", "township_officer", "other_district_officer", "auditor"):
        client = enter(who)
        for path in ("", "chapters/basics/", "rows/meta/only/", "submit/", "rulebook.xlsx", "rulebook.toml", "upload/"):
            assert client.get(f"/rulebook/drafts/{draft.pk}/{path}").status_code == 404, (who, path)
        assert client.get("/rulebook/drafts/new/").status_code == (200 if who == "other_district_officer" else 403)
    client = enter("district_officer")
    for path in (
        "chapters/x/",
        "rows/x/only/",
        "rows/meta/1/",
        "rows/positive/only/",
        "rows/positive/999/",
        "rows/positive/0/",
    ):
        assert client.get(f"/rulebook/drafts/{draft.pk}/{path}").status_code == 404, path


@pytest.mark.parametrize(
    "given",
    [
        {"do": "add:value.steps", "value.shape": "ladder", "value.steps": ["x", "²", "0000001", "9" * 40]},
        {"do": "drop:value.steps.7", "value.shape": "brackets"},
        {"do": "add:"},
        {"do": "drop:"},
        {"do": "form", "value.shape": "unheard-of", "tracks": ["t1", "t1"], "caps.year": "1e99"},
        {"do": "save", "value.shape": "nth", "value.points": "，、；", "value.back_months": "９９", "place": "9" * 30},
        {"do": "save", "edit": "x"},
        {
            "do": "save",
            "edit": "0",
            "valid_from": "0000-00-00",
            "name": "\r\n\t",
            "place": "-1",
            "drop": ["code", "value"],
        },
        {"do": "save", "edit": "0", "code": "A" * 5000, "caps.month": "Infinity", "caps.day": "0x10", "place": "٣"},
    ],
)
def test_what_no_browser_would_send_breaks_nothing(world: World, enter, given: dict[str, Any]) -> None:
    client, draft = enter("district_officer"), started(world)
    for section, row in (("positive", 6), ("reverse", "new"), ("meta", "only"), ("groups", "new")):
        for path in ("", "check/"):
            answer = client.post(row_address(draft, section, row) + path, given)
            assert answer.status_code in (200, 302, 409, 422), (section, path)
    for path in ("", "chapters/positive/", "submit/"):
        assert client.get(f"/rulebook/drafts/{draft.pk}/{path}").status_code == 200
