"""列的安排: headers as people draw them; what a person changes is kept."""

import pytest

from pioneer.workbooks.headings import match_heading, normalise_heading
from pioneer.workbooks.layout import Layout, guess_layout
from tests.workbooks.people import PHONE, number, opened, read

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("姓 名", "name"), ("党员\n姓名", "name"), ("名字", "name"), ("*姓名", "name"),
        ("公民身份号码", "identity"), ("身份证号码（18位）", "identity"), ("证件号码", "identity"),
        ("身份证 号：", "identity"),
        ("性  别", "sex"), ("出生\n年月", "birth"), ("出生日期(年.月.日)", "birth"),
        ("入党\n时间", "joined"), ("加入党组织日期", "joined"), ("转正时间", "full"), ("转为正式党员日期", "full"),
        ("所在支部", "branch"), ("所属党组织", "branch"), ("支部名称", "branch"), ("组织关系所在党支部", "branch"),
        ("手机", "phone"), ("联系电话（手机）", "phone"), ("电话", "phone"),
        ("人员类别", "status"), ("党员类别（正式/预备）", "status"), ("党员状态", "status"),
        ("是否流动党员", "floating"), ("流动", "floating"), ("流出地", "floating_to"), ("流动党员去向", "floating_to"),
        ("民族", "nation"), ("文化程度", "education"), ("备 注", "note"), ("党员编号", "number"),
        ("家庭住址", "ignore"), ("序号", "ignore"), ("入党介绍人", "ignore"), ("配偶姓名", "ignore"),
        ("入党申请时间", "ignore"),
        ("党支部书记", "ignore"), ("联系人电话", "ignore"), ("身份证住址", "ignore"), ("血型", None), ("", None),
    ],
)  # fmt: skip
def test_headings_in_other_words(heading: str, field: str | None) -> None:
    assert match_heading(heading)[0] == field


def test_normalised_headings_drop_what_people_add() -> None:
    assert normalise_heading(" *姓\u3000名\n（必填）：") == "姓名"
    assert normalise_heading("（备注）") == "备注"


def test_titles_and_remarks_above_the_header() -> None:
    rows = [
        ["某社区党员花名册"],
        ["填报单位：（盖章）", "", "填报时间：2026年1月"],
        [],
        ["序号", "姓名", "身份证号", "联系电话"],
        [1, "李明", number(), PHONE],
    ]
    people, skipped, layout = read(rows, merged=["A1:D1"])
    assert layout.sheets[0].header == [4]
    assert layout.sheets[0].fields() == {"name": 1, "identity": 2, "phone": 3}
    assert [person.name for person in people] == ["李明"]
    assert people[0].row == 5
    assert skipped == []


def test_a_header_of_two_rows_with_groups() -> None:
    rows = [
        ["花名册"],
        ["序号", "姓名", "党籍信息", "", "", "联系方式", ""],
        ["", "", "入党时间", "转正时间", "所在支部", "电话", "微信"],
        [1, "李明", "2001.07", "2002.07", "第一党支部", PHONE, "abc"],
    ]
    for merged in (["A1:G1", "A2:A3", "B2:B3", "C2:E2", "F2:G2"], []):
        people, _, layout = read(rows, merged=merged)
        assert layout.sheets[0].header == [2, 3]
        assert layout.sheets[0].fields() == {"name": 1, "joined": 2, "full": 3, "branch": 4, "phone": 5}
        assert people[0].branch == "第一党支部"


def test_a_heading_split_over_two_rows() -> None:
    rows = [["姓名", "入党", "", "转正"], ["", "时间", "介绍人", "时间"], ["李明", "2001-07-01", "张三", "2002-07-01"]]
    people, _, layout = read(rows, merged=["B1:C1"])
    assert layout.sheets[0].fields() == {"name": 0, "joined": 1, "full": 3}
    assert str(people[0].full_on) == "2002-07-01"


def test_another_persons_name_under_a_group_is_not_the_members() -> None:
    rows = [["家庭成员", "", "党员信息", ""], ["姓名", "电话", "姓名", "电话"], ["张三", "1", "李明", PHONE]]
    people, _, layout = read(rows, merged=["A1:B1", "C1:D1"])
    assert layout.sheets[0].fields() == {"name": 2, "phone": 3}
    assert people[0].name == "李明"


def test_a_column_headed_category_is_judged_by_its_cells() -> None:
    assert read([["姓名", "类别"], ["李明", "农村"], ["王军", "社区"]])[0][1].track == "community"
    assert read([["姓名", "类别"], ["李明", "正式"], ["王军", "预备党员"]])[0][1].status == "probationary"
    people, _, _ = read([["姓名", "人员类别", "类别"], ["李明", "正式党员", "农村"], ["王军", "预备党员", "农村"]])
    assert [(person.status, person.track) for person in people] == [("full", "rural"), ("probationary", "rural")]


def test_an_unknown_heading_over_identity_numbers() -> None:
    rows = [["姓名", "证件"], ["李明", number("19870101")], ["王军", number("19870102")], ["赵红", number("19870103")]]
    assert read(rows)[2].sheets[0].fields()["identity"] == 1


def test_a_sheet_without_a_header() -> None:
    rows = [["李明", number("19870101"), "男"], ["王军", number("19870102"), "男"]]
    people, _, layout = read(rows)
    assert [person.identity for person in people] == [number("19870101"), number("19870102")]
    assert layout.sheets[0].confidence < 0.5


def test_numbers_that_only_count_are_no_member_numbers() -> None:
    assert read([["编号", "姓名"], [1, "李明"], [2, "王军"]])[0][0].number == ""
    assert read([["编号", "姓名"], ["A-17", "李明"], ["A-19", "王军"]])[0][0].number == "A-17"


def test_a_sheet_that_is_no_roster_is_left_out_and_says_why() -> None:
    _, _, layout = read([["填表说明"], ["请如实填写"]])
    assert not layout.sheets[0].used
    assert "姓名" in layout.sheets[0].reason


def test_a_layout_is_plain_changeable_and_remembered() -> None:
    book = opened([["姓名", "血型", "登记号"], ["李明", "A", "7"]])
    layout = guess_layout(book)
    assert layout.sheets[0].unmapped == ["血型", "登记号"]
    layout.sheets[0].assign(2, "number")
    layout.sheets[0].assign(1, "ignore")
    assert Layout.from_dict(layout.to_dict()) == layout
    again = guess_layout(opened([["登记号 ", "姓名", "血型"], ["7", "李明", "A"]]), layout.remembered())
    assert again.sheets[0].fields() == {"number": 0, "name": 1}
    assert again.sheets[0].unmapped == []
    layout.sheets[0].assign(0, "number")
    assert layout.sheets[0].fields() == {"number": 0}
    with pytest.raises(ValueError, match="没有字段"):
        layout.sheets[0].assign(0, "nonsense")
