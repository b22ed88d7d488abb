"""添加党员"""

from datetime import date

import pytest
from django.db import connection

from pioneer.kernel import clock, encryption
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.members import queries
from pioneer.members.models import Member
from pioneer.members.services import add_member
from tests.members.people import number_of, somebody
from tests.world import TODAY, World

BORN = date(1987, 7, 1)


def add(world: World, who: str = "recorder", branch: str = "branch", **values: object) -> Member:
    with clock.at(TODAY):
        return add_member(
            **{
                "actor": world.actor(who),
                "branch_id": world.organisations[branch].pk,
                "particulars": somebody(),
                "identity": number_of(BORN),
                **values,
            }
        )


def test_it_works(world: World) -> None:
    made = add(world)
    assert (made.name, made.birth_on, made.district) == ("薛明月", BORN, world.district)
    assert queries.branch_on(made, TODAY) == world.branch
    assert queries.status_on(made, TODAY) == "full"
    assert queries.track_on(made, TODAY) == "community"
    assert [entry.name for entry in queries.roster(world.branch, TODAY)][-1] == "薛明月"


def test_the_track_follows_the_setting_of_the_branch(world: World) -> None:
    made = add(world, "village_secretary", "village")
    assert queries.track_on(made, TODAY) == "rural"


def test_every_member_has_a_number_of_its_own(world: World) -> None:
    one, other = add(world), add(world, particulars=somebody(name="另一位"), identity=number_of(date(1990, 2, 15)))
    assert int(other.number) == int(one.number) + 1
    assert one.number.isdigit() and len(one.number) >= 8


def test_the_identity_number_is_nowhere_readable_in_the_database(world: World) -> None:
    number = number_of(BORN)
    made = add(world)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT identity_sealed, identity_lookup, identity_shown FROM members_member WHERE id = %s", [made.pk]
        )
        sealed, lookup, shown = cursor.fetchone()
    assert number.encode() not in bytes(sealed) and number[6:14].encode() not in bytes(sealed)
    assert number[6:14] not in lookup and shown == f"{number[:4]}**********{number[-4:]}"
    assert encryption.decrypt(bytes(sealed)) == number
    assert number not in str(list(AuditEvent.objects.values()))


def test_a_rounded_number_is_wrong_and_never_completed(world: World) -> None:
    with pytest.raises(BadInput, match="Excel 已丢失末几位，请将该列设为文本后重填"):
        add(world, identity="1.40108E+17")


def test_all_mistakes_are_said_together(world: World) -> None:
    with pytest.raises(BadInput) as refused:
        add(world, particulars=somebody(name="薛", phone="12", is_floating=True), identity="140108198707010001")
    assert [fault.place for fault in refused.value.faults] == ["姓名", "电话", "流动去向", "身份证号"]


def test_the_birth_date_must_agree_with_the_number(world: World) -> None:
    with pytest.raises(BadInput, match="与身份证号中的出生日期不一致"):
        add(world, particulars=somebody(birth_on=date(1987, 7, 2)))


def test_without_a_number_only_with_the_reason(world: World) -> None:
    with pytest.raises(BadInput, match="请写明原因"):
        add(world, identity="")
    made = add(world, identity="", identity_missing_why="证件遗失，补办中")
    assert made.identity_sealed is None and made.identity_missing_why == "证件遗失，补办中"


def test_nobody_stands_on_two_rosters(world: World) -> None:
    add(world)
    with pytest.raises(DomainError, match="已经登记在一位党员名下") as refused:
        add(world, "village_secretary", "village", particulars=somebody(name="别人"))
    assert refused.value.code == "identity_taken" and "槐园" not in refused.value.message


def test_two_of_one_name_need_something_that_tells_them_apart(world: World) -> None:
    with pytest.raises(DomainError, match="分不清是不是同一人"):
        add(world, particulars=somebody(name="李桂兰"), identity="", identity_missing_why="遗失")
    made = add(world, particulars=somebody(name="李桂兰", birth_on=BORN), identity="", identity_missing_why="遗失")
    assert queries.same_name_hint(made) == "1987年7月1日出生"


def test_the_number_tells_two_of_one_name_apart(world: World) -> None:
    made = add(world, particulars=somebody(name="李桂兰"))
    hints = {entry.id: entry.hint for entry in queries.roster(world.branch, TODAY)}
    assert hints[made.pk] == f"身份证尾号{number_of(BORN)[-4:]}"
    assert hints[world.member("李桂兰").pk] == "1956年3月8日出生"
    assert hints[world.member("王保国").pk] == ""


def test_a_probationary_member_has_no_day_of_becoming_full(world: World) -> None:
    with pytest.raises(BadInput, match="预备党员还没有转正日期"):
        add(world, status="probationary", particulars=somebody(full_on=date(2016, 7, 1)))


def test_nobody_is_entered_as_gone(world: World) -> None:
    with pytest.raises(BadInput, match="只能是正式党员、预备党员或失联党员"):
        add(world, status="expelled")


def test_nobody_belongs_to_what_is_no_branch(world: World) -> None:
    with pytest.raises(NotVisible):
        add(world, "township_officer", "community")


@pytest.mark.parametrize("who", ["committee", "community_officer", "auditor"])
def test_who_only_reads_the_roster_may_not(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        add(world, who)


@pytest.mark.parametrize("who", ["second_recorder", "town_officer", "other_secretary", "guilan", "system_admin"])
def test_for_others_the_branch_does_not_exist(world: World, who: str) -> None:
    with pytest.raises(NotVisible):
        add(world, who)
