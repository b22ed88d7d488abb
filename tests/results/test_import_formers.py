"""`results.import_formers`: what was filed of former cycles comes in from a workbook, whole or not at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.conduct.models import DeclaredRelation
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.members.closing import closed_cycle
from pioneer.members.models import Member, Membership, StatusSpell
from pioneer.messages.models import Message
from pioneer.results.formers import keep_filed
from pioneer.results.imports import Imported, import_formers
from pioneer.results.models import FormerResult
from pioneer.workbooks.formers_book import formers_template
from pioneer.workbooks.reading import UnreadableWorkbook, read_workbook
from tests.results.past import HEADER, book, filed, row
from tests.world import TODAY, World, adopt_rulebook
from tests.year import settle_plainly


@pytest.fixture
def ruled(world: World) -> Any:
    adopt_rulebook(world)
    with clock.at(TODAY):
        yield world


def bring(world: World, *rows: list[Any], who: str = "township_officer", at: str = "street") -> Imported:
    return import_formers(
        actor=world.actor(who), organisation_id=world.organisations[at].pk, name="以往.xlsx", content=book(*rows)
    )


def faults(world: World, *rows: list[Any], **more: Any) -> list[str]:
    with pytest.raises(BadInput) as refusal:
        bring(world, *rows, **more)
    assert not FormerResult.objects.filter(by_number=world.users["township_officer"].pk).exists()
    return [str(one) for one in refusal.value.faults]


def the_fault(world: World, *rows: list[Any], **more: Any) -> str:
    (found,) = faults(world, *rows, **more)
    return found


def test_it_works(ruled: World) -> None:
    done = bring(
        ruled,
        row("李桂兰", 2025, 55, "60分以下"),
        row("李桂兰", 2024, 85.25, "良好", 等次下限=80),
        row("王保国", 2025, "", "", 不定等次的原因="预备党员"),
        row("张㛃", 2025, 0, "", 清零="是"),
        row("温如春", "2025年度", "91分", "优秀", 等次下限="85", 党员编号="M00009"),
    )
    assert done == Imported(5, 4, 0)
    kept = {(one.member.name, one.first_on.year): one for one in FormerResult.objects.all()}
    low = kept["李桂兰", 2025]
    assert (low.score, low.tier, low.lower, low.unit) == (5500, "t0", 0, ruled.organisations["community"])
    assert (kept["李桂兰", 2024].score, kept["李桂兰", 2024].lower) == (8525, 8000)
    assert (kept["王保国", 2025].tier, kept["王保国", 2025].why) == ("", "预备党员")
    zeroed = kept["张㛃", 2025]
    assert (zeroed.is_zeroed, zeroed.score, zeroed.tier, zeroed.lower) == (True, 0, "t0", 0)
    assert (kept["温如春", 2025].score, kept["温如春", 2025].lower) == (9100, 8500)
    assert closed_cycle(ruled.member("李桂兰").pk, date(2024, 7, 1)) is not None
    event = AuditEvent.objects.get(operation="results.import_formers")
    assert event.arguments == {"organisation_id": ruled.organisations["street"].pk}


def test_each_member_is_told_once_what_was_entered(ruled: World) -> None:
    bring(ruled, row("李桂兰", 2025), row("李桂兰", 2024), row("张㛃"))
    told = Message.objects.get(kind="former_results")
    assert told.user == ruled.users["guilan"] and told.link == "/me/results/"
    assert "2024年度，得分55分，等次60分以下，备案号槐街备〔2026〕3号；2025年度" in told.text
    bring(ruled, row("李桂兰", 2025), row("李桂兰", 2024))
    assert Message.objects.filter(kind="former_results").count() == 1


def test_who_has_died_is_told_nothing(ruled: World) -> None:
    StatusSpell.objects.filter(member=ruled.member("李桂兰")).update(status="deceased")
    assert bring(ruled, row("李桂兰")).results == 1
    assert not Message.objects.exists()


def test_the_same_again_changes_nothing_and_anything_else_is_refused(ruled: World) -> None:
    bring(ruled, row("李桂兰"))
    assert bring(ruled, row("李桂兰"), row("张㛃")) == Imported(1, 1, 1)
    with pytest.raises(BadInput, match=r"已登记2025年度，得分55分，等次60分以下.*与这一行不同"):
        bring(ruled, row("李桂兰", score=56))
    across = row("李桂兰", "", 周期起=date(2025, 7, 1), 周期止=date(2026, 2, 28), 备案日期=date(2026, 4, 1))
    with pytest.raises(BadInput, match=r"已登记2025年度.*与这一行不同"):
        bring(ruled, across)
    assert FormerResult.objects.count() == 2


def test_every_mistake_is_listed_with_its_place(ruled: World) -> None:
    found = faults(
        ruled,
        row("没有此人"),
        row("李桂兰", 党员编号="M00001"),
        row("张㛃", 2026),
        row("温如春", 2025, 85.255),
        row("卜晓峰", 2025, 85, "卓越"),
        row("曾永福", 2025, 备案号="", 备案日期=""),
        row("罗小红", 2025, "", ""),
        row("解文军", 2025, 备案日期=date(2025, 6, 1)),
        row("喆䶮堃", "去年"),
        row("单雪琴", 1998, 80, "良好"),
    )
    text = "\n".join(found)
    for words in (
        "第2行B列（没有此人）：槐园街道的花名册上没有“没有此人”",
        "第3行A列（李桂兰）：编号M00001是王保国",
        "第4行D列（张㛃）：2026年度还没有结束",
        "第5行G列：“85.255”不是数字，或多于两位小数",
        "第6行H列（卜晓峰）：2025年度的积分办法没有“卓越”这一等次",
        "第7行L列：缺备案号",
        "第7行M列：缺备案日期",
        "第8行H列（罗小红）：没有等次，请填写等次；没有定等次的，写明原因",
        "第9行M列（解文军）：备案日期在2025年度结束以前",
        "第10行D列：“去年”不是年份",
        "第11行H列（单雪琴）：系统里没有1998年度的积分办法，请同时填写“等次下限”",
    ):
        assert words in text, words
    assert not FormerResult.objects.exists() and not Message.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"year": ""}, "没有写哪个周期"),
        ({"year": "", "周期起": date(2024, 7, 1)}, "周期起、周期止要填就都填"),
        ({"year": "", "周期起": date(2025, 7, 1), "周期止": date(2024, 6, 30)}, "周期起止不对"),
        ({"year": 2019, "周期起": date(2024, 7, 1), "周期止": date(2025, 6, 30)}, "年度2019与周期起止不符"),
        ({"score": ""}, "有等次而没有得分"),
        ({"score": 10, "清零": "是", "tier": ""}, "清零的得分是0分"),
        ({"清零": "大概"}, "看不懂，清零的填“是”"),
        ({"不定等次的原因": "免评"}, "既有等次又有不定等次的原因"),
        ({"等次下限": 10}, "“60分以下”的下限是0分"),
        ({"tier": "良好", "等次下限": 80}, "得分55分低于等次下限80分"),
        ({"备案日期": date(2026, 5, 1)}, "备案日期还没有到"),
        ({"评定组织": ""}, "缺评定组织"),
        ({"备案号": "号" * 41}, "最多40个字"),
        (
            {"tier": "", "score": "", "不定等次的原因": "因病住院"},
            "“因病住院”不在所列原因里，请填以下之一：预备党员、免评",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(ruled: World, changes: dict[str, Any], words: str) -> None:
    assert words in the_fault(ruled, row("李桂兰", **changes))


def test_a_cycle_by_its_days(ruled: World) -> None:
    bring(ruled, row("李桂兰", "", 周期起=date(2024, 7, 1), 周期止="2025-06-30"))
    one = FormerResult.objects.get()
    assert (one.first_on, one.last_on) == (date(2024, 7, 1), date(2025, 6, 30))


def test_two_of_one_name_are_told_apart_by_branch_or_number(ruled: World) -> None:
    Member.objects.filter(name="温如春").update(name="李桂兰")
    assert "有2位“李桂兰”（槐园社区第一党支部M00002、槐园社区第二党支部M00009），请填写党员编号" in the_fault(
        ruled, row("李桂兰")
    )
    bring(ruled, row("李桂兰", 支部="槐园社区第二党支部"))
    assert FormerResult.objects.get().member.number == "M00009"
    assert "不在“柳沟村”" in the_fault_again(ruled, row("张㛃", 支部="柳沟村"))


def the_fault_again(world: World, one: list[Any]) -> str:
    with pytest.raises(BadInput) as refusal:
        bring(world, one)
    return str(refusal.value)


def test_one_member_and_cycle_stand_once_in_a_file(ruled: World) -> None:
    assert "第2行已有这名党员的2025年度" in the_fault(ruled, row("李桂兰"), row("李桂兰", 党员编号="M00002"))


def test_what_was_settled_here_comes_with_its_filing(ruled: World) -> None:
    settle_plainly(ruled, first_on=date(2025, 1, 1), last_on=date(2025, 12, 31))
    assert "2025年度已在本系统评定，结果随备案登记，不能导入" in the_fault(ruled, row("李桂兰"))
    bring(ruled, row("李桂兰", 2024))


def test_an_officer_steps_aside_from_its_own_and_a_relatives(ruled: World) -> None:
    officer = ruled.member("张㛃")
    Member.objects.filter(pk=officer.pk).update(user=ruled.users["township_officer"])
    DeclaredRelation.objects.create(
        member=officer, relative=ruled.member("李桂兰"), kind="姐妹", by_number=1, created_at=clock.now()
    )
    found = faults(ruled, row("张㛃"), row("李桂兰"))
    assert "由党组织的另一位同志办理" in found[0] and "是您申明的亲属（姐妹）" in found[1]


def test_only_townships_and_the_district_import_and_only_their_own(ruled: World) -> None:
    for who in ("secretary", "community_officer", "auditor"):
        at = "branch" if who == "secretary" else "community"
        with pytest.raises((NotAllowed, NotVisible)):
            bring(ruled, row("李桂兰"), who=who, at=at)
    for who in ("town_officer", "other_district_officer", "guilan"):
        with pytest.raises(NotVisible):
            bring(ruled, row("李桂兰"), who=who)
    with pytest.raises(NotVisible):
        import_formers(actor=CLOCK, organisation_id=ruled.branch.pk, name="x.xlsx", content=book(row("李桂兰")))
    assert "柳沟镇" not in the_fault(ruled, row("柳满仓")) and not FormerResult.objects.exists()
    assert bring(ruled, row("李桂兰"), who="district_officer", at="district").results == 1


def test_who_moved_within_the_district_is_found_at_the_last_branch(ruled: World) -> None:
    Membership.objects.filter(member=ruled.member("李桂兰")).update(until_on=date(2026, 2, 1))
    Membership.objects.create(member=ruled.member("李桂兰"), branch=ruled.village, from_on=date(2026, 2, 2))
    assert "花名册上没有“李桂兰”" in the_fault(ruled, row("李桂兰"))
    assert bring(ruled, row("李桂兰"), who="town_officer", at="town").results == 1


def test_what_is_no_workbook_or_not_this_one_is_refused(ruled: World) -> None:
    officer, at = ruled.actor("township_officer"), ruled.organisations["street"].pk
    with pytest.raises(UnreadableWorkbook):
        import_formers(actor=officer, organisation_id=at, name="x.xlsx", content=b"PK not a workbook")
    for content, words in ((book(header=["姓名", "成绩"]), "没有找到同时有"), (book(), "还没有填写")):
        with pytest.raises(BadInput, match=words):
            import_formers(actor=officer, organisation_id=at, name="x.xlsx", content=content)


def test_the_empty_workbook_can_be_filled_in_and_says_how() -> None:
    sheets = {
        one.name: one.rows for one in read_workbook(formers_template("以往结果", ["优秀", "不合格"]), "x.xlsx").sheets
    }
    assert list(sheets["以往结果"][1]) == HEADER
    assert "现行积分办法的等次：优秀、不合格" in str(sheets["填写说明"])


def test_an_amended_result_is_what_counts_as_registered(ruled: World) -> None:
    member = ruled.member("李桂兰")
    keep_filed([filed(member, 2025, 0, 5500), filed(member, 2025, 6000, 6100, revision=2)], 1)
    assert "已登记2025年度，得分61分" in the_fault(ruled, row("李桂兰"))
