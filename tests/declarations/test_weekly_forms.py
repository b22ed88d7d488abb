"""declarations.print_weekly_forms, declarations.enter_weekly_form"""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from pioneer.accounts.policies import CLOCK, CONSOLE
from pioneer.declarations import paper_queries
from pioneer.declarations.erasure import erase_texts
from pioneer.declarations.models import Batch, Declaration, DeclarationFile, Flag, WeeklyForm
from pioneer.declarations.together import Deed, enter_weekly_form
from pioneer.declarations.weekly_forms import print_weekly_forms
from pioneer.files.models import StoredFile
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.members.models import Membership, StatusSpell
from pioneer.organisations.models import Organisation
from tests.declarations.conftest import Declare
from tests.files.test_photographs import photograph
from tests.papers.reading import pages_of, words_of
from tests.world import TODAY, World

MONDAY = date(2026, 3, 30)
DEED = Deed("B5", date(2026, 3, 31), "槐园小区", "帮独居老人修水管")
SECOND = Deed("B2", date(2026, 4, 1), "文化广场", "清扫广场积雪", quantity=150)


@pytest.fixture(autouse=True)
def _first_of_april() -> Any:
    with clock.at(TODAY):
        yield


def printed(world: World, who: str = "recorder", monday: date = MONDAY) -> list[WeeklyForm]:
    return print_weekly_forms(actor=world.actor(who), branch_id=world.branch.pk, monday=monday)


def form_of(world: World, name: str = "张㛃") -> WeeklyForm:
    return next(form for form in printed(world) if form.member.name == name)


def enter(world: World, form: WeeklyForm, *deeds: Deed, who: str = "recorder", **more: Any) -> Batch:
    said = {"form_id": form.pk, "deeds": deeds or (DEED, SECOND), "request_key": uuid4(), **more}
    return enter_weekly_form(actor=world.actor(who), **said)


# ------------------------------------------------------------------ printing


def test_everybody_on_the_roster_gets_one_with_a_code_of_its_own(ruled: World) -> None:
    forms = printed(ruled)
    assert [form.member.name for form in forms][:3] == ["王保国", "李桂兰", "张㛃"] and len(forms) == 8
    assert len({form.code for form in forms}) == 8 and all(len(form.code) == 8 for form in forms)
    assert {(form.printed_by_number, form.branch) for form in forms} == {(ruled.users["recorder"].pk, ruled.branch)}
    assert AuditEvent.objects.get(operation="declarations.print_weekly_forms").arguments["monday"] == "2026-03-30"


def test_printed_again_the_code_stays_and_another_week_has_another(ruled: World) -> None:
    first, again = printed(ruled), printed(ruled, "secretary")
    assert [form.code for form in first] == [form.code for form in again]
    assert not {form.code for form in first} & {form.code for form in printed(ruled, monday=MONDAY - timedelta(7))}


def test_the_deceased_get_none(ruled: World) -> None:
    StatusSpell.objects.filter(member=ruled.member("张㛃")).update(status="deceased")
    assert "张㛃" not in {form.member.name for form in printed(ruled)}


@pytest.mark.parametrize("monday", [date(2026, 3, 31), date(2027, 3, 29), date(2024, 1, 1)])
def test_a_week_begins_on_monday_and_lies_near(ruled: World, monday: date) -> None:
    with pytest.raises(BadInput):
        printed(ruled, monday=monday)


@pytest.mark.parametrize("who", ["guilan", "second_recorder", "other_recorder", "auditor", "district_officer"])
def test_nobody_else_prints_them(ruled: World, who: str) -> None:
    with pytest.raises((NotVisible, NotAllowed)):
        printed(ruled, who)
    assert not WeeklyForm.objects.exists()


def test_the_shell_prints_and_the_clock_does_not(ruled: World) -> None:
    assert len(print_weekly_forms(actor=CONSOLE, branch_id=ruled.branch.pk, monday=MONDAY)) == 8
    with pytest.raises(NotVisible):
        print_weekly_forms(actor=CLOCK, branch_id=ruled.branch.pk, monday=MONDAY)


def test_a_branch_without_members_has_nothing_to_print(ruled: World) -> None:
    Membership.objects.filter(branch=ruled.second_branch).delete()
    with pytest.raises(DomainError) as refused:
        print_weekly_forms(actor=ruled.actor("second_secretary"), branch_id=ruled.second_branch.pk, monday=MONDAY)
    assert refused.value.code == "nobody"
    with pytest.raises(NotVisible):
        print_weekly_forms(actor=CONSOLE, branch_id=ruled.organisations["street"].pk, monday=MONDAY)


def test_the_last_used_indicators_come_first_on_the_paper(ruled: World, declares: Declare) -> None:
    declares("recorder", "张㛃", indicator="C4", event_on=date(2026, 2, 1))
    declares("recorder", "张㛃", indicator="B5", event_on=date(2026, 3, 25))
    form = form_of(ruled)
    page = paper_queries.pages(ruled.branch, [form], "https://x.example.cn", "/f/{}/")[0]
    assert [code for code, _, _ in page.indicators][:3] == ["B5", "C4", "A1"]
    assert page.address == f"https://x.example.cn/f/{form.code}/" and page.week.startswith("2026年第14周")
    assert "C1" not in [code for code, _, _ in page.indicators]


def test_the_papers_of_a_branch_ask_the_same_for_one_and_for_all(ruled: World, django_assert_num_queries: Any) -> None:
    forms = printed(ruled)
    for some in (forms[:1], forms):
        with django_assert_num_queries(3):
            paper_queries.pages(ruled.branch, some, "", "{}")


def test_the_command_makes_a_file(ruled: World, tmp_path: Path) -> None:
    out, said = tmp_path / "表.pdf", io.StringIO()
    command = [str(ruled.branch.pk), "--week", "2026-W14", "--out", str(out), "--site", "https://x.example.cn"]
    call_command("forms", *command, stdout=said)
    assert "8张" in said.getvalue() and len(pages_of(out.read_bytes())) == 8
    words = words_of(out.read_bytes())
    assert "张㛃" in words and "喆䶮堃" in words and "3月30日至4月5日" in words
    with pytest.raises(CommandError, match="2026-W14"):
        call_command("forms", str(ruled.branch.pk), "--week", "下周")
    with pytest.raises(CommandError, match="没有找到组织"):
        call_command("forms", "没有这个支部", "--week", "2026-W14")
    with pytest.raises(CommandError, match="写不了文件"):
        call_command("forms", *command[:3], "--out", str(tmp_path / "没有" / "表.pdf"))


# ------------------------------------------------------------------ finding


def test_the_code_is_found_however_it_is_typed(ruled: World) -> None:
    form = form_of(ruled)
    for typed in (form.code, f"{form.code[:4]}-{form.code[4:]}", f" {form.code.lower()} "):
        assert paper_queries.form_by(ruled.actor("recorder"), typed) == form


@pytest.mark.parametrize("who", ["guilan", "second_recorder", "other_recorder", "auditor", "township_officer"])
def test_the_code_of_another_branch_is_not_visible(ruled: World, who: str) -> None:
    form = form_of(ruled)
    with pytest.raises(NotVisible):
        paper_queries.form_by(ruled.actor(who), form.code)
    assert not paper_queries.knows(ruled.actor(who), form.code)
    with pytest.raises((NotVisible, NotAllowed)):
        enter(ruled, form, who=who)


# ------------------------------------------------------------------ entering


def test_each_row_becomes_a_claim_by_proxy_with_the_scan(ruled: World) -> None:
    made = enter(ruled, form_of(ruled), evidence=[("表.jpg", photograph())])
    claims = list(made.claims.order_by("pk"))
    assert [(claim.indicator, claim.event_on, claim.quantity) for claim in claims] == [
        ("B5", date(2026, 3, 31), None),
        ("B2", date(2026, 4, 1), 150),
    ]
    assert all(claim.is_proxy and claim.member.name == "张㛃" for claim in claims)
    assert StoredFile.objects.count() == 1 and DeclarationFile.objects.count() == 2
    assert not Flag.objects.filter(kind=Flag.Kind.SAME_PHOTO).exists()


def test_what_is_entered_later_from_the_same_form_takes_its_scan(ruled: World) -> None:
    form = form_of(ruled)
    enter(ruled, form, DEED, evidence=[("表.jpg", photograph())])
    later = enter(ruled, form, SECOND)
    assert later.claims.get().files.count() == 1
    assert not Flag.objects.filter(kind=Flag.Kind.SAME_PHOTO).exists()
    assert [claim.indicator for claim in paper_queries.entered_from(form)] == ["B5", "B2"]


def test_sent_twice_it_counts_once_and_with_other_content_not(ruled: World) -> None:
    form, key = form_of(ruled), uuid4()
    assert enter(ruled, form, request_key=key) == enter(ruled, form, request_key=key)
    for changed in ((DEED,), (DEED, DEED)):
        with pytest.raises(DomainError) as refused:
            enter(ruled, form, *changed, request_key=key)
        assert refused.value.code == "request_key_reused"
    with pytest.raises(DomainError):
        enter(ruled, form_of(ruled, "李桂兰"), request_key=key)
    assert Declaration.objects.count() == 2


def test_a_day_outside_the_week_and_all_other_mistakes_are_said_with_their_row(ruled: World) -> None:
    wrong = Deed("B5", date(2026, 3, 29), "槐园小区", "帮独居老人修水管")
    other = Deed("C1", date(2026, 3, 30), "", "种", row=4)
    with pytest.raises(BadInput) as refused:
        enter(ruled, form_of(ruled), DEED, wrong, other)
    places = [fault.place for fault in refused.value.faults]
    assert places == ["第2行", "第4行", "第4行", "第4行"] and "不在这张表的一周里" in refused.value.message
    assert "只适用于农村类" in refused.value.message and not Declaration.objects.exists()


def test_an_empty_form_is_refused_and_too_full_a_one(ruled: World) -> None:
    form = form_of(ruled)
    with pytest.raises(BadInput):
        enter_weekly_form(actor=ruled.actor("recorder"), form_id=form.pk, deeds=(), request_key=uuid4())
    with pytest.raises(BadInput):
        enter(ruled, form, *[DEED] * 21)
    with pytest.raises(NotVisible):
        enter_weekly_form(actor=ruled.actor("recorder"), form_id=0, deeds=(DEED,), request_key=uuid4())


def test_who_has_moved_is_entered_by_its_branch_of_today(ruled: World) -> None:
    form = form_of(ruled)
    Membership.objects.filter(member=form.member).update(branch=ruled.second_branch)
    with pytest.raises(DomainError) as refused:
        enter(ruled, form)
    assert refused.value.code == "moved"


def test_erasing_a_member_takes_its_codes_along(ruled: World) -> None:
    form = form_of(ruled)
    made = enter(ruled, form)
    erase_texts(form.member_id)
    assert not WeeklyForm.objects.filter(member=form.member_id).exists()
    made.refresh_from_db()
    assert made.form is None and made.claims.count() == 2
    assert Organisation.objects.filter(pk=made.branch_id).exists()
