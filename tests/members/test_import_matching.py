"""导入：一行说的是谁，会改什么"""

from datetime import date

import pytest

from pioneer.kernel import clock, encryption
from pioneer.members import import_bundles, queries
from pioneer.members.models import Member, Membership, Rectification, RosterImport, StatusSpell, TrackSpell
from tests.members.people import number_of
from tests.members.rosters import (
    HEADER,
    MESSY,
    checked,
    confirm,
    counts,
    imported,
    opened,
    person,
    roster,
)
from tests.world import START, TODAY, World


def sentences(made: RosterImport, name: str) -> str:
    return "；".join(mistake.message for mistake in opened(made, name)[1].said)


def test_a_new_member_enters_from_the_first_day_of_the_cycle(world: World) -> None:
    imported(world, roster(person("薛明月", phone="13500000001")))
    made = Member.objects.get(name="薛明月")
    spells = [kind.objects.get(member=made) for kind in (Membership, StatusSpell, TrackSpell)]
    assert {spell.from_on for spell in spells} == {START}
    assert queries.branch_on(made, TODAY) == world.branch
    assert (queries.status_on(made, TODAY), queries.track_on(made, TODAY)) == ("full", "community")
    assert made.phone == "13500000001" and made.joined_on == date(2015, 7, 1)
    assert [entry.name for entry in queries.roster(world.branch, TODAY)][-1] == "薛明月"


def test_who_joined_within_the_cycle_belongs_from_that_day(world: World) -> None:
    row = person("薛明月", status="预备党员")
    row[2] = "2026-03-05"
    imported(world, roster(row))
    assert Membership.objects.get(member__name="薛明月").from_on == date(2026, 3, 5)


def test_the_roster_keeps_the_order_of_the_file(world: World) -> None:
    names = ["赵丁", "钱丙", "孙乙"]
    imported(world, roster(*(person(name, date(1980, 1, n)) for n, name in enumerate(names, start=1))))
    assert [entry.name for entry in queries.roster(world.branch, TODAY)][-3:] == names


def test_the_identity_number_is_sealed_and_found_by_its_lookup(world: World) -> None:
    number = number_of(date(1987, 7, 1))
    imported(world, roster(person("薛明月")))
    made = Member.objects.get(identity_lookup=encryption.lookup(number))
    assert made.identity_sealed is not None and number.encode() not in bytes(made.identity_sealed)
    assert encryption.decrypt(made.identity_sealed) == number
    assert made.identity_shown == f"{number[:4]}**********{number[-4:]}"


def test_the_track_follows_the_setting_unless_the_file_says_it(world: World) -> None:
    header = [*HEADER, "农村/社区"]
    rows = [[*person("柳新一"), ""], [*person("柳新二", date(1988, 1, 1)), "社区"]]
    imported(world, roster(*rows, header=header), "village_secretary", "village")
    tracks = {name: queries.track_on(Member.objects.get(name=name), TODAY) for name in ("柳新一", "柳新二")}
    assert tracks == {"柳新一": "rural", "柳新二": "community"}


def test_the_second_upload_of_the_same_file_is_all_same(world: World) -> None:
    content = roster(person("薛明月"), person("无证人", None), person("另一位", date(1990, 2, 1), "预备党员"))
    first = checked(world, content)
    assert counts(first) == {"new": 3}
    confirm(world, first)
    second = checked(world, content)
    assert counts(second) == {"same": 2, "ask": 1}  # nothing tells who has neither number nor birth date from another


def test_the_messy_roster(world: World) -> None:
    made = checked(world, MESSY.read_bytes(), "community_officer", "community")
    assert counts(made) == {"new": 42, "wrong": 34, "skipped": 1}  # there is no third branch: its 25 rows are wrong
    assert "没有名叫“槐园社区第三党支部（示例）”的支部" in sentences(made, "杨国桂")
    assert "“槐园社区第一党支部”" in sentences(made, "杨国桂")
    assert "Excel 已丢失末几位，请将该列设为文本后重填" in sentences(made, "郭㛃明")
    confirm(world, made, "community_officer")
    assert Member.objects.filter(memberships__branch=world.branch, name__in=["刘玉保", "林峰"]).count() == 2
    again = checked(world, MESSY.read_bytes(), "community_officer", "community")
    assert counts(again) == {"same": 42, "wrong": 34, "skipped": 1}


def test_all_reasons_of_a_wrong_row_are_said(world: World) -> None:
    row = person("薛明月", branch="不存在的党支部")
    row[1], row[2] = "140108198707010001", "2035-01-01"
    made = checked(world, roster(row))
    said = sentences(made, "薛明月")
    assert all(part in said for part in ("校验不通过", "在今天以后", "没有名叫“不存在的党支部”的支部"))


def test_several_branches_in_one_file(world: World) -> None:
    rows = [
        person("甲一", date(1980, 1, 1), branch="槐园社区第一党支部"),
        person("乙二", date(1980, 1, 2), branch="中共槐园街道槐园社区第二支部委员会"),
        person("丙三", date(1980, 1, 3), branch="第1党支部"),
        person("丁四", date(1980, 1, 4), branch="党支部"),
        person("戊五", date(1980, 1, 5)),
    ]
    made = checked(world, roster(*rows), "township_officer", "street")
    assert counts(made) == {"new": 3, "wrong": 2}
    assert "没有写明所在党支部" in sentences(made, "戊五")
    confirm(world, made, "township_officer")
    where = dict(
        Membership.objects.filter(member__name__in=["甲一", "乙二", "丙三"]).values_list("member__name", "branch")
    )
    assert where == {"甲一": world.branch.pk, "乙二": world.second_branch.pk, "丙三": world.branch.pk}


def test_a_village_is_its_own_branch(world: World) -> None:
    made = checked(world, roster(person("柳新一", branch="柳沟村党支部")), "town_officer", "town")
    assert counts(made) == {"new": 1}


def test_a_member_of_another_branch_is_never_moved(world: World) -> None:
    imported(world, roster(person("薛明月")))
    made = checked(world, roster(person("薛明月")), "second_recorder", "second_branch")
    assert counts(made) == {"wrong": 1}
    assert "已在“槐园社区第一党支部”，请由该支部办理“组织关系转接”" in sentences(made, "薛明月")
    within = checked(world, roster(person("薛明月", branch="第二党支部")), "community_officer", "community")
    assert counts(within) == {"wrong": 1}
    assert "组织关系转接" in sentences(within, "薛明月")


def test_a_member_of_another_district_is_wrong_without_a_word_about_where(world: World) -> None:
    imported(world, roster(person("外来人")), "other_recorder", "other_branch")
    made = checked(world, roster(person("外来人")))
    assert counts(made) == {"wrong": 1}
    said = sentences(made, "外来人")
    assert "这个身份证号已经登记" in said and "外区" not in said


def test_a_member_number_that_somebody_else_has_is_wrong(world: World) -> None:
    header = [*HEADER, "党员编号"]
    taken = Member.objects.get(name="外五").number
    made = checked(
        world, roster([*person("薛明月"), taken], [*person("另一位", date(1990, 2, 1)), "M00002"], header=header)
    )
    assert counts(made) == {"wrong": 2}
    assert "已被使用" in sentences(made, "薛明月") and "在册的是李桂兰" in sentences(made, "另一位")


def test_a_number_in_the_file_is_kept_and_the_others_get_the_next(world: World) -> None:
    header = [*HEADER, "党员编号"]
    imported(world, roster([*person("薛明月"), "K1"], [*person("另一位", date(1990, 2, 1)), ""], header=header))
    numbers = dict(Member.objects.filter(name__in=["薛明月", "另一位"]).values_list("name", "number"))
    assert numbers["薛明月"] == "K1" and numbers["另一位"].isdigit()


def test_by_name_and_birth_date_the_identity_number_is_added(world: World) -> None:
    made = checked(world, roster(person("李桂兰", date(1956, 3, 8))))
    assert counts(made) == {"changed": 1}
    confirm(world, made)
    guilan = Member.objects.get(name="李桂兰")
    assert guilan.identity_lookup == encryption.lookup(number_of(date(1956, 3, 8)))
    assert Rectification.objects.get(member=guilan).before["identity"] == "无"


def test_a_changed_phone_says_from_what_to_what(world: World) -> None:
    imported(world, roster(person("薛明月", phone="13500000001")))
    made = checked(world, roster(person("薛明月", phone="13500000002")))
    assert opened(made, "薛明月")[1].changes == [("电话", "13500000001", "13500000002")]
    confirm(world, made)
    assert Member.objects.get(name="薛明月").phone == "13500000002"


def test_the_account_follows_the_phone(world: World) -> None:
    born = date(1956, 3, 8)
    imported(world, roster(person("李桂兰", born, phone="13500000009")))
    user = world.users["guilan"]
    user.refresh_from_db()
    assert user.phone == "13500000009"


def test_a_phone_that_another_account_has_is_wrong(world: World) -> None:
    taken = world.users["secretary"].phone
    made = checked(world, roster(person("李桂兰", date(1956, 3, 8), phone=str(taken))))
    assert counts(made) == {"wrong": 1} and "另一个账号" in sentences(made, "李桂兰")


def test_an_empty_cell_erases_nothing(world: World) -> None:
    imported(world, roster(person("薛明月", phone="13500000001")))
    assert counts(checked(world, roster(person("薛明月")))) == {"same": 1}


def test_becoming_full_ends_the_probation(world: World) -> None:
    header = [*HEADER, "转正日期"]
    row = person("薛明月", status="预备党员")
    row[2] = "2025-03-01"
    imported(world, roster([*row, ""], header=header))
    row[3] = "正式党员"
    made = checked(world, roster([*row, "2026-03-02"], header=header))
    assert counts(made) == {"changed": 1}
    confirm(world, made)
    member = Member.objects.get(name="薛明月")
    spells = list(
        StatusSpell.objects.filter(member=member).order_by("from_on").values_list("status", "from_on", "until_on")
    )
    assert spells == [("probationary", START, date(2026, 3, 1)), ("full", date(2026, 3, 2), None)]
    assert member.full_on == date(2026, 3, 2)


def test_who_is_on_probation_has_no_day_of_becoming_full(world: World) -> None:
    row = [*person("薛明月", status="预备党员"), "2026-03-02"]
    row[2] = "2025-03-01"
    content = roster(row, header=[*HEADER, "转正日期"])
    imported(world, content)
    assert Member.objects.get(name="薛明月").full_on is None
    assert counts(checked(world, content)) == {"same": 1}


def test_a_file_that_says_nothing_of_the_status_ends_no_probation(world: World) -> None:
    row = person("薛明月", status="预备党员")
    imported(world, roster(row))
    plain = [row[0], row[1], row[2]]
    assert counts(checked(world, roster(plain, header=HEADER[:3]))) == {"same": 1}


def test_a_full_member_does_not_become_probationary(world: World) -> None:
    imported(world, roster(person("薛明月")))
    made = checked(world, roster(person("薛明月", status="预备党员")))
    assert counts(made) == {"wrong": 1} and "不能改为预备党员" in sentences(made, "薛明月")


@pytest.mark.parametrize(("status", "said"), [("已故", "须在党员页登记状态变动"), ("已转出", "须在党员页登记状态变动")])
def test_who_has_gone_is_entered_with_its_document_elsewhere(world: World, status: str, said: str) -> None:
    imported(world, roster(person("薛明月")))
    made = checked(world, roster(person("薛明月", status=status), person("陌生人", date(1950, 1, 1), status)))
    assert counts(made) == {"wrong": 2}
    assert said in sentences(made, "薛明月") and "不能作为新党员导入" in sentences(made, "陌生人")


def test_the_same_person_twice_by_different_signs_is_wrong(world: World) -> None:
    number = Member.objects.get(name="李桂兰").number
    header = [*HEADER, "党员编号"]
    rows = [[*person("李桂兰", date(1956, 3, 8)), ""], [*person("李桂兰", None), number]]
    made = checked(world, roster(*rows, header=header))
    assert made.counts["wrong"] == 1 and "是同一位在册党员" in _any(made)


def _any(made: RosterImport) -> str:
    rows = import_bundles.opened(made, made.rows.filter(verdict="wrong"))
    return "；".join(mistake.message for _, one in rows for mistake in one.said)


def test_nobody_corrects_what_identifies_oneself(world: World) -> None:
    made = checked(world, roster(person("解文军", date(1975, 5, 6))))
    assert counts(made) == {"wrong": 1} and "须由党组织的另一位同志更正" in sentences(made, "解文军")
    assert counts(checked(world, roster(person("解文军", date(1975, 5, 6))), "secretary")) == {"changed": 1}


def test_the_file_says_nothing_of_a_month_more_exact_than_the_record(world: World) -> None:
    imported(world, roster(person("薛明月")))
    row = person("薛明月")
    row[2] = "2015.07"
    assert counts(checked(world, roster(row))) == {"same": 1}
    row[2] = "2015.08"
    made = checked(world, roster(row))
    assert counts(made) == {"changed": 1}
    with clock.at(TODAY):
        confirm(world, made)
    assert Rectification.objects.get(member__name="薛明月").before == {"joined_on": "2015年7月1日"}
