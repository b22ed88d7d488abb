"""The drafting desk by HTTP: a whole rulebook written on pages, its checks, two browsers, and the way out and back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pioneer.kernel import clock
from pioneer.rulebook.editing import rows_of, table_of
from pioneer.rulebook.models import RulebookDraft, RulebookVersion
from pioneer.scoring import schema
from pioneer.scoring.writing import format_text, read_content
from tests.rulebook.conftest import TEXT, changed
from tests.rulebook.drafts import codes, content, started
from tests.scoring.everything import SHIPPED, TEXTS
from tests.web.filled import change, filled, row_address, typed_names
from tests.world import TODAY, World

EVERY = [*(file.read_text(encoding="utf-8") for file in SHIPPED), *TEXTS]
NAMES = [*(file.parent.name for file in SHIPPED), "everything", "everything_by_quarter"]


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


def text_of(draft: RulebookDraft) -> str:
    return RulebookDraft.objects.get(pk=draft.pk).text


# ---------------------------------------------------------------- a whole story


NEW_ROWS: list[tuple[str, dict[str, Any]]] = [
    ("fixed", {"value__points": "1"}),
    ("per_unit", {"value__points": "0.5", "value__unit": "小时", "value__max": "2"}),
    ("range", {"value__min": "1", "value__max": "3"}),
    ("nth", {"value__points": "1、2、5"}),
]
STEPPED: list[tuple[str, list[dict[str, str]]]] = [
    (
        "ladder",
        [
            {"code": "qu", "name": "区", "points": "1"},
            {"code": "shi", "name": "市", "points": "2", "aliases": "市级、本市"},
        ],
    ),
    ("brackets", [{"from": "100", "points": "1"}, {"from": "500", "points": "3"}]),
    ("cumulative", [{"from": "10", "points": "2"}, {"from": "50", "points": "10"}]),
]  # fmt: skip
BASIC = {
    "aspect": "A",
    "wording": "参加活动",
    "clause": "第三条",
    "provenance": "assumed",
}


def add(client: Client, draft: RulebookDraft, section: str, code: str, shape: str, **typed: Any) -> Any:
    """A new indicator: the shape chosen first, with the button that draws the form anew."""
    address = row_address(draft, section, "new")
    page = change(client, address, "form", value__shape=shape)
    given = {**filled(page.content.decode()), "do": "save", "code": code, "name": f"试验{code}", **typed_names(typed)}
    given |= {name: value for name, value in BASIC.items() if name in given}
    return client.post(address, given)


def add_stepped(client: Client, draft: RulebookDraft, code: str, shape: str, steps: list[dict[str, str]]) -> Any:
    address = row_address(draft, "positive", "new")
    page = change(client, address, "form", value__shape=shape, value__unit="元")
    for number, step in enumerate(steps):
        given = {**filled(page.content.decode()), "do": "add:value.steps"}
        page = client.post(address, given)
        given = filled(page.content.decode())
        assert given["value.steps"][-1] == str(number)
        given |= {f"value.steps.{number}.{name}": [value] for name, value in step.items()}
        page = client.post(address, {**given, "do": "form"})
    given = {**filled(page.content.decode()), **BASIC, "code": code, "name": code, "do": "save"}
    if shape != "ladder":
        given["value.unit"] = "小时"
    return client.post(address, given)


def test_from_what_ships_to_adopted(world: World, enter) -> None:
    client = enter("district_officer")
    page = client.get("/rulebook/drafts/new/").content.decode()
    assert "随附办法《尖草坪区党员先锋指数积分办法》" in page
    answer = client.post("/rulebook/drafts/new/", {"begin": "sjiancaoping"})
    draft = RulebookDraft.objects.get()
    assert answer["Location"] == f"/rulebook/drafts/{draft.pk}/"
    desk = client.get(answer["Location"]).content.decode()
    assert "没有错误，没有提示" in desk and "正向指标20项" in desk and "还没有改动" in desk

    saved = change(client, row_address(draft, "positive", 5), caps__year="8")
    assert saved["Location"] == f"/rulebook/drafts/{draft.pk}/chapters/positive/#positive-5"
    for number, (shape, typed) in enumerate(NEW_ROWS):
        assert add(client, draft, "positive", f"X{number}", shape, **typed).status_code == 302
    for shape, steps in STEPPED:
        assert add_stepped(client, draft, shape, shape, steps).status_code == 302
    assert change(client, row_address(draft, "pools", "new"), **_pool()).status_code == 302
    for shape, typed in (
        ("shortfall", {"value__required": "20", "value__points": "0.5", "value__unit": "小时"}),
        ("to_floor", {"pool": "p1"}),
    ):
        assert add(client, draft, "reverse", shape, shape, **typed).status_code == 302
    assert "没有错误" in client.get(f"/rulebook/drafts/{draft.pk}/").content.decode()

    edit = str(RulebookDraft.objects.get().edit)
    client.post(row_address(draft, "positive", 2) + "move/", {"edit": edit, "to": "up"})
    assert codes(draft, "positive")[:3] == ["A2", "A1", "A3"]
    asked = client.get(row_address(draft, "tracks", 2) + "remove/").content.decode()
    assert "下面还提到它" in asked and "正向指标 C4" in asked
    client.post(row_address(draft, "positive", 20) + "remove/", {"edit": str(int(edit) + 1)})
    assert len(codes(draft, "positive")) == 19 + len(NEW_ROWS) + len(STEPPED)

    compared = client.get(f"/rulebook/compare/?old=d{draft.pk}-base&new=d{draft.pk}").content.decode()
    assert "10分" in compared and "8分" in compared
    submit = f"/rulebook/drafts/{draft.pk}/submit/"
    given = {**filled(client.get(submit).content.decode(), ""), "edit": str(RulebookDraft.objects.get().edit)}
    answer = client.post(submit, {**given, "valid_from": "2026-05-01"})
    version = RulebookVersion.objects.get()
    assert answer["Location"] == f"/rulebook/{version.pk}/" and version.valid_from.isoformat() == "2026-05-01"
    assert client.get(f"/rulebook/drafts/{draft.pk}/")["Location"] == f"/rulebook/{version.pk}/"

    second = enter("second_district_officer")
    assert "待核对采用" in second.get("/").content.decode()
    page = second.post(f"/rulebook/{version.pk}/adopt/", follow=True).content.decode()
    assert "文本从此不能更改" in page and "郝建国起草" in page
    values = {row["code"]: row["value"] for row in rows_of(read_content(version.text), "positive")}
    assert values["ladder"]["steps"][1]["aliases"] == ["市级", "本市"] and values["X3"]["points"] == [1, 2, 5]


def _pool() -> dict[str, str]:
    return {"code": "p1", "name": "纪律分", "points": "10", "clause": "第四条", "provenance": "assumed"}


# ---------------------------------------------------------------- nothing is lost on the way


# row after row by its page: the two that use every key; the shipped ones in the campaign
LONG = [
    pytest.param(text, id=name, marks=[] if text in TEXTS else pytest.mark.campaign)
    for text, name in zip(EVERY, NAMES, strict=True)
]


@pytest.mark.parametrize("text", LONG)
def test_the_pages_and_excel_give_back_the_same_text(world: World, enter, text: str) -> None:
    client, draft = enter("district_officer"), started(world, text=text)
    plain, posted = format_text(text), 0
    for section in schema.SECTIONS:
        found = read_content(plain)
        many = range(1, len(rows_of(found, section.name)) + 1)
        once = ["only"] if table_of(found, section.name) is not None else []
        for row in many if section.form == "many" else once:
            answer = change(client, row_address(draft, section.name, row))
            assert answer.status_code == 302, (section.name, row)
            assert text_of(draft) == plain, (section.name, row)
            posted += 1
    assert posted > 45
    file = client.get(f"/rulebook/drafts/{draft.pk}/rulebook.xlsx").content
    upload = {"file": SimpleUploadedFile("改好.xlsx", file), "edit": "0"}
    page = client.post(f"/rulebook/drafts/{draft.pk}/upload/", upload, follow=True).content.decode()
    assert "一字不差" in page
    assert client.get(f"/rulebook/drafts/{draft.pk}/rulebook.toml").content.decode() == plain


@pytest.mark.parametrize("text", EVERY, ids=NAMES)
def test_a_draft_from_its_own_excel_is_the_same(world: World, enter, text: str) -> None:
    client, draft = enter("district_officer"), started(world, text=text)
    file = client.get(f"/rulebook/drafts/{draft.pk}/rulebook.xlsx").content
    given = {"begin": "file", "file": SimpleUploadedFile("办法.xlsx", file)}
    assert client.post("/rulebook/drafts/new/", given).status_code == 302
    assert RulebookDraft.objects.latest("id").text == format_text(text)


# ---------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("section", "row", "typed", "said", "kept"),
    [
        ("positive", 5, {"caps__year": "十分"}, "须为数字", 'value="十分"'),
        ("positive", 5, {"caps__year": "1.234"}, "超过两位小数", 'value="1.234"'),
        ("positive", 5, {"code": "甲"}, "编号“甲”须以英文字母开头", 'value="甲"'),
        ("positive", 5, {"name": ""}, "缺少“名称”，请补填", ""),
        ("positive", 5, {"value__min": "9"}, "最高值须大于最低值", 'value="9"'),
        ("positive", 5, {"provenance": ""}, "缺少“出处”，请注明源文本载明还是原文未载", ""),
        ("meta", "only", {"valid_from": "2026-13-45"}, "须为日期，如2026年1月1日", 'value="2026-13-45"'),
        ("procedure.erasure", "only", {"value": "三"}, "须为1至3660的整数", 'value="三"'),
        ("tiers", 1, {"lower": "10"}, "等次须由高到低排列", 'value="10"'),
    ],
)
def test_the_loaders_sentence_stands_beside_the_field_and_what_was_typed_stays(
    world: World, enter, section: str, row: Any, typed: dict[str, str], said: str, kept: str
) -> None:
    client, draft = enter("district_officer"), started(world)
    answer = change(client, row_address(draft, section, row), **typed)
    page = client.get(answer["Location"], follow=True).content.decode()
    assert "已保存，还有" in page or section == "tiers"
    whole = client.get(row_address(draft, section, row)).content.decode() + page
    assert said in whole and kept in whole
    assert "处错误" in client.get(f"/rulebook/drafts/{draft.pk}/").content.decode()


def test_the_check_answers_while_somebody_types_and_writes_nothing(world: World, enter) -> None:
    client, draft = enter("district_officer"), started(world)
    address = row_address(draft, "positive", 5)
    given = filled(client.get(address).content.decode())
    said = client.post(address + "check/", {**given, "caps.year": "十分"}).content.decode()
    assert "还有1处错误" in said and "须为数字" in re.search(r'id="f-caps--year-said".*?</div>', said, re.S)[0]
    assert said.count("hx-swap-oob") > 20
    assert "没有错误，没有提示" in client.post(address + "check/", given).content.decode()
    assert text_of(draft) == draft.text


def test_a_new_row_isnt_scolded_for_what_isnt_there_yet(world: World, enter) -> None:
    client, draft = enter("district_officer"), started(world)
    address = row_address(draft, "positive", "new")
    page = client.get(address).content.decode()
    assert "请改" not in page
    said = client.post(address + "check/", {**filled(page), "code": "A1"}).content.decode()
    assert said.count("请改") == 1 and "已用于" in said


def test_what_others_broke_is_named_with_the_way_there(world: World, enter) -> None:
    client, draft = enter("district_officer"), started(world)
    client.post(row_address(draft, "aspects", 1) + "remove/", {"edit": "0"})
    desk = client.get(f"/rulebook/drafts/{draft.pk}/").content.decode()
    assert "还有7处错误" in desk and f'href="{row_address(draft, "positive", 1)}"' in desk
    chapter = client.get(f"/rulebook/drafts/{draft.pk}/chapters/positive/").content.decode()
    assert chapter.count("没有方面“A”，请先在“方面”写明或改正") == 7


def test_what_the_format_doesnt_know_can_be_taken_away(world: World, enter) -> None:
    text = changed(("[clamp]\nfloor = 0", "[klamp]\nx = 1\n\n[clamp]\nfloor = 0\nflor = 1\nceiling = { a = 1 }"))
    client, draft = enter("district_officer"), started(world, text=text)
    assert (
        f'href="{row_address(draft, "klamp", "only")}remove/"'
        in client.get(f"/rulebook/drafts/{draft.pk}/").content.decode()
    )
    client.post(row_address(draft, "klamp", "only") + "remove/", {"edit": "0"})
    assert "klamp" not in content(draft)
    page = client.get(row_address(draft, "clamp", "only")).content.decode()
    assert "删去不认识的项“flor”" in page and "不合格式" in page
    change(client, row_address(draft, "clamp", "only"))
    assert content(draft)["clamp"]["ceiling"] == {"a": 1}, "what can't be shown is not lost unasked"
    change(client, row_address(draft, "clamp", "only"), drop=["flor", "ceiling"])
    assert content(draft)["clamp"] == read_content(TEXT)["clamp"]


def test_a_draft_of_nothing_at_all(world: World, enter) -> None:
    client, draft = enter("district_officer"), started(world, text="positive = 5\ntracks = [1]\nmeta = 3\n")
    assert client.get(f"/rulebook/drafts/{draft.pk}/").status_code == 200
    for slug in ("basics", "tracks", "positive", "procedure", "supplement"):
        assert client.get(f"/rulebook/drafts/{draft.pk}/chapters/{slug}/").status_code == 200
    for section in schema.SECTIONS:
        row = "only" if section.form == "one" else "new"
        assert change(client, row_address(draft, section.name, row)).status_code == 302, section.name
    client.post(row_address(draft, "tracks", 1) + "remove/", {"edit": RulebookDraft.objects.get(pk=draft.pk).edit})
    assert client.get(f"/rulebook/drafts/{draft.pk}/submit/").status_code == 200


# ---------------------------------------------------------------- two browsers


def test_a_second_browser_is_told_what_changed_and_loses_nothing(world: World, enter) -> None:
    first, second, draft = enter("district_officer"), enter("second_district_officer"), started(world)
    address = row_address(draft, "positive", 5)
    typed = {**filled(first.get(address).content.decode()), "caps.year": "8", "do": "save"}
    second.post(row_address(draft, "positive", 1) + "remove/", {"edit": "0"})
    page = first.post(address, typed)
    said = page.content.decode()
    assert page.status_code == 409 and "别处改过" in said and "宁静：" in said and "A1" in said
    again = filled(said)
    assert again["caps.year"] == ["8"] and again["edit"] == ["1"]
    moved = re.search(r'id="row-form" method="post" action="([^"]+)"', said)[1]
    assert moved == row_address(draft, "positive", 4), "the row is found where it stands by now"
    assert first.post(moved, again).status_code == 302
    assert codes(draft, "positive")[3] == "A5" and content(draft)["positive"][3]["caps"] == {"year": 8}


def test_a_row_somebody_removed_may_be_kept_as_a_new_one(world: World, enter) -> None:
    first, second, draft = enter("district_officer"), enter("second_district_officer"), started(world)
    address = row_address(draft, "positive", 5)
    typed = {**filled(first.get(address).content.decode()), "caps.year": "8", "do": "save"}
    second.post(address + "remove/", {"edit": "0"})
    said = first.post(address, typed).content.decode()
    assert "这一项刚被删去" in said
    new = re.search(r'id="row-form" method="post" action="([^"]+)"', said)[1]
    assert new == row_address(draft, "positive", "new")
    assert first.post(new, filled(said)).status_code == 302
    assert "A5" in codes(draft, "positive") and len(codes(draft, "positive")) == 20


def test_moving_and_removing_from_an_old_page_is_refused(world: World, enter) -> None:
    client, draft = enter("district_officer"), started(world)
    change(client, row_address(draft, "positive", 5), caps__year="8")
    for act in ("move/", "remove/"):
        page = client.post(row_address(draft, "positive", 1) + act, {"edit": "0", "to": "down"})
        assert page.status_code == 409 and "别处改过" in page.content.decode()
    assert codes(draft, "positive")[0] == "A1"
