"""The pages of the rulebook: the versions, the regulation, drafting and adopting."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pioneer.kernel import clock
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.queries import warnings_of
from tests.rulebook.conftest import FORBIDDEN, TEXT, changed
from tests.world import TODAY, World, adopt_rulebook


@pytest.fixture(autouse=True)
def _today():
    with clock.at(TODAY):
        yield


@pytest.fixture
def enter(world: World, client: Client):
    def sign_in(who: str) -> Client:
        client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
        return client

    return sign_in


def draft(world: World, client: Client, text: str = TEXT, **more) -> RulebookVersion:
    answer = client.post("/rulebook/draft/", {"text": text, **more})
    assert answer.status_code == 302, answer.content.decode()
    return RulebookVersion.objects.order_by("-number").first()


def test_from_what_ships_to_adopted_by_two_people(world: World, enter) -> None:
    client = enter("district_officer")
    page = client.get("/rulebook/draft/").content.decode()
    assert "从随附办法起草：尖草坪区党员先锋指数积分办法" in page and page.count("从随附办法起草：") == 7
    assert "points = 70" in client.get("/rulebook/draft/?shipped=jiancaoping").content.decode()
    made = draft(world, client)
    assert "另一位工作人员" in client.get(f"/rulebook/{made.pk}/").content.decode()
    client = enter("second_district_officer")
    assert "待核对采用" in client.get("/").content.decode()
    assert "核对无误，采用" in client.get(f"/rulebook/{made.pk}/").content.decode()
    page = client.post(f"/rulebook/{made.pk}/adopt/", follow=True).content.decode()
    assert "文本从此不能更改" in page and "宁静核对采用" in page and "郝建国起草" in page
    assert client.get("/rulebook/current/")["Location"] == f"/rulebook/{made.pk}/"


def test_a_file_may_be_chosen(world: World, enter) -> None:
    file = SimpleUploadedFile("rulebook.toml", TEXT.encode())
    answer = enter("district_officer").post("/rulebook/draft/", {"file": file, "valid_from": "2026-05-01"})
    assert answer.status_code == 302 and RulebookVersion.objects.get().valid_from == date(2026, 5, 1)


def test_all_mistakes_are_listed_and_what_was_typed_stays(world: World, enter) -> None:
    wrong = changed(("points = 70", 'points = "七十"'), ('aspect = "A"', 'aspect = "甲"'))
    page = enter("district_officer").post("/rulebook/draft/", {"text": wrong})
    said = page.content.decode()
    assert page.status_code == 422 and "处要改" in said and said.count("<li>第") >= 2 and "七十" in said
    assert (
        "请选择办法文件，或粘贴"
        in enter("district_officer").post("/rulebook/draft/", {"valid_from": ""}).content.decode()
    )


def test_every_warning_has_a_place_for_its_answer(world: World, enter) -> None:
    made = draft(world, enter("district_officer"), FORBIDDEN)
    client = enter("second_district_officer")
    (warned, *_) = warnings_of(made)
    assert warned.message in client.get(f"/rulebook/{made.pk}/").content.decode()
    assert "核对无误" in client.post(f"/rulebook/{made.pk}/adopt/").content.decode()
    answers = {one.key: "经区委研究，只指扰乱秩序" for one in warnings_of(made)}
    assert client.post(f"/rulebook/{made.pk}/adopt/", answers).status_code == 302
    assert "经区委研究" in client.get(f"/rulebook/{made.pk}/").content.decode()


def test_the_regulation_marks_what_the_source_doesnt_say(world: World, enter) -> None:
    version = adopt_rulebook(world)
    page = enter("guilan").get(f"/rulebook/{version.pk}/").content.decode()
    for words in ("第一章", "第六章", "第三条 A", "每小时0.5分", "公示期：5个工作日", "减5分", version.digest):
        assert words in page, words
    assert page.count('class="unsaid">原文未载，待本级党组织确认') > 60 and page.count('class="said">原文<') > 20


def test_the_list_says_which_holds_on_a_day(world: World, enter) -> None:
    adopt_rulebook(world)
    client = enter("secretary")
    assert "2026年4月1日适用哪一版" in client.get("/rulebook/").content.decode()
    assert "这一天没有适用的办法" in client.get("/rulebook/?on=2018-01-01").content.decode()
    assert "起草新版本" not in client.get("/rulebook/").content.decode()


def test_a_district_without_rules_is_told_first(world: World, enter) -> None:
    assert "起草本区的积分办法" in enter("district_officer").get("/").content.decode()
    assert "还没有采用积分办法" in enter("guilan").get("/rulebook/").content.decode()
    assert enter("guilan").get("/rulebook/current/")["Location"] == "/rulebook/"


def test_the_text_is_saved_as_a_file(world: World, enter) -> None:
    version = adopt_rulebook(world)
    answer = enter("secretary").get(f"/rulebook/{version.pk}/text/")
    assert answer.content.decode() == version.text
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("who", "adopted", "drafted", "drafting"),
    [
        ("guilan", 200, 404, 403),
        ("secretary", 200, 404, 403),
        ("township_officer", 200, 404, 403),
        ("district_officer", 200, 200, 200),
        ("other_district_officer", 404, 404, 200),
        ("other_member", 404, 404, 403),
    ],
)
def test_who_gets_in(world: World, enter, who: str, adopted: int, drafted: int, drafting: int) -> None:
    version = adopt_rulebook(world)
    made = draft(world, enter("second_district_officer"), changed(("points = 70", "points = 75")))
    client = enter(who)
    assert client.get(f"/rulebook/{version.pk}/").status_code == adopted
    assert client.get(f"/rulebook/{made.pk}/").status_code == drafted
    assert client.get("/rulebook/draft/").status_code == drafting
    assert client.post(f"/rulebook/{made.pk}/discard/").status_code in ({302} if drafted == 200 else {404})


def test_who_drafted_is_told_why_it_may_not_adopt(world: World, enter) -> None:
    client = enter("district_officer")
    made = draft(world, client)
    page = client.post(f"/rulebook/{made.pk}/adopt/").content.decode()
    assert "这个版本是您起草的" in page or "另一位工作人员" in page
    assert RulebookVersion.objects.get().state == "draft"
