"""accounts.set_up and `pioneer setup`"""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from pioneer.accounts import queries, services
from pioneer.accounts.policies import CLOCK, SETUP
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed
from pioneer.organisations.queries import calendar
from tests.world import World

pytestmark = pytest.mark.django_db
PAIR = {"system_admin": ("安可", "13900000001"), "security_admin": ("关守信", "13900000002")}


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("setup", *arguments, stdout=out)
    return out.getvalue()


WHOLE = ["--district", "清河区", "--system-admin", "安可", "13900000001", "--security-admin", "关守信", "13900000002"]


def test_it_makes_a_district_and_its_two_administrators(db: None) -> None:
    made = services.set_up(actor=SETUP, district="清河区", **PAIR)
    assert made.district.path == f"/{made.district.pk}/"
    assert queries.actor_of(made.system_admin.user).role == "system_admin"
    assert queries.actor_of(made.security_admin.user).role == "security_admin"


@pytest.mark.parametrize("second", [("关守信", "139 0000 0001"), ("安可", "13900000002")])
def test_they_are_two_people(db: None, second: tuple[str, str]) -> None:
    with pytest.raises(BadInput, match="必须是两个人"):
        services.set_up(actor=SETUP, district="清河区", system_admin=PAIR["system_admin"], security_admin=second)
    assert not queries.is_set_up()


def test_it_is_refused_where_there_is_a_district(world: World) -> None:
    with pytest.raises(DomainError) as refusal:
        services.set_up(actor=SETUP, district="清河区", **PAIR)
    assert refusal.value.code == "already_set_up"


def test_nobody_but_the_command_may(db: None) -> None:
    with pytest.raises(NotAllowed):
        services.set_up(actor=CLOCK, district="清河区", **PAIR)


def test_the_command_prints_two_codes_that_open_the_door(client: Client) -> None:
    said = run(*WHOLE)
    codes = [line.split("：")[1] for line in said.splitlines() if "一次性登录码：" in line]
    assert len(codes) == 2
    answer = client.post(
        "/slip/",
        {"login": "13900000001", "code": codes[0], "password": "槐花开了又一年真好看", "again": "槐花开了又一年真好看"},
    )
    assert answer.status_code == 302
    assert "安可" in client.get("/account/").content.decode()


def test_the_command_loads_the_holiday_tables(db: None) -> None:
    run(*WHOLE)
    assert calendar().years


def test_a_second_run_is_refused_with_a_sentence(db: None) -> None:
    run(*WHOLE)
    with pytest.raises(CommandError, match="已经设置过"):
        run(*WHOLE)


def test_without_a_terminal_it_says_what_is_missing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    with pytest.raises(CommandError, match="还缺"):
        run("--district", "清河区")
