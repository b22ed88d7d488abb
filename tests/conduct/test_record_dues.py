"""conduct.record_dues, conduct.import_dues"""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from pioneer.conduct import dues_queries, facts
from pioneer.conduct.dues import import_dues
from pioneer.conduct.models import Dues
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members.models import StatusSpell
from pioneer.workbooks.boundaries import UnreadableWorkbook
from tests.conduct.meetings import dues_workbook as workbook
from tests.conduct.meetings import paid, pay
from tests.world import World


def bring_in(world: World, content: bytes, who: str = "recorder", month: int = 3) -> int:
    return import_dues(
        actor=world.actor(who), branch_id=world.branch.pk, year=2026, month=month, name="党费.xlsx", content=content
    )


def test_who_paid_is_recorded_and_the_others_stay_open(ruled: World) -> None:
    assert pay(ruled, 李桂兰=("paid", 1250), 张㛃="unpaid") == 2
    shown = dues_queries.month_of(ruled.branch, 2026, 3)
    assert (shown.left, shown.fen, shown.edit) == (6, 1250, 2)
    assert pay(ruled, 李桂兰=("paid", 1250)) == 0, "the same again changes nothing"


def test_it_can_be_corrected_but_not_from_an_old_page(ruled: World) -> None:
    pay(ruled, 李桂兰="unpaid")
    pay(ruled, "deputy", 李桂兰="late")
    assert (paid(ruled, "李桂兰").state, paid(ruled, "李桂兰").edit) == ("late", 2)
    with pytest.raises(DomainError) as refused:
        pay(ruled, edit=1, 李桂兰="paid")
    assert refused.value.code == "edited_meanwhile"


def test_ones_own_is_corrected_by_somebody_else(ruled: World) -> None:
    pay(ruled, 解文军="unpaid")
    with pytest.raises(BadInput, match="更正党费：这是您本人"):
        pay(ruled, 解文军="paid")
    assert pay(ruled, "secretary", 解文军="paid") == 1


def test_a_waiver_says_by_what_it_was_approved(ruled: World) -> None:
    with pytest.raises(BadInput) as refused:
        pay(ruled, 李桂兰="waived", 张㛃=("paid", None, "注" * 121), 单雪琴="gone")
    assert [fault.place for fault in refused.value.faults] == ["李桂兰", "张㛃", "单雪琴"]
    assert not Dues.objects.exists()
    assert pay(ruled, 李桂兰=("waived", None, "2026年3月2日支委会同意免缴半年")) == 1


def test_only_this_month_and_those_before(ruled: World) -> None:
    for month in (5, 13, 0):
        with pytest.raises(DomainError) as refused:
            import_dues(
                actor=ruled.actor("recorder"), branch_id=ruled.branch.pk, year=2026, month=month, name="x", content=b""
            )
        assert refused.value.code == "not_this_month"


def test_only_of_the_branchs_members_of_the_month(ruled: World) -> None:
    StatusSpell.objects.filter(member=ruled.member("张㛃")).update(status="out_of_contact")
    for name in ("温如春", "张㛃"):
        with pytest.raises(DomainError) as refused:
            pay(ruled, **{name: "paid"})
        assert refused.value.code == "not_on_roster"


def test_one_person_one_month_even_between_branches(ruled: World) -> None:
    Dues.objects.create(
        branch=ruled.second_branch, member=ruled.member("李桂兰"), year=2026, month=3, state="paid",
        created_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(BadInput, match="第二党支部"):
        pay(ruled, 李桂兰="paid")
    with pytest.raises(IntegrityError), transaction.atomic():
        Dues.objects.create(
            branch=ruled.branch, member=ruled.member("李桂兰"), year=2026, month=3, state="paid",
            created_at=clock.now(),
        )  # fmt: skip


def test_what_a_sheet_stands_on_stays(ruled: World) -> None:
    pay(ruled, 李桂兰="unpaid")
    facts.take(None, paid(ruled, "李桂兰").pk)
    with pytest.raises(BadInput, match="冲正"):
        pay(ruled, "deputy", 李桂兰="paid")
    with pytest.raises(DatabaseError), transaction.atomic():
        Dues.objects.update(state="paid")


@pytest.mark.parametrize(
    ("who", "refusal"), [("township_officer", NotAllowed), ("second_secretary", NotVisible), ("guilan", NotVisible)]
)
def test_only_the_branch_records(ruled: World, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        pay(ruled, who, 李桂兰="paid")
    with pytest.raises(refusal):
        bring_in(ruled, workbook(("", "李桂兰", "按时足额")), who)


# ------------------------------------------------------------------ from a workbook


def test_a_filled_in_workbook_is_brought_in(ruled: World) -> None:
    content = workbook(
        ("M00002", "李桂兰", "按时足额", 12.5, ""),
        ("", "张㛃", "未缴", "", "出差未归"),
        ("M00004", "曾永福", "", "", ""),
    )
    assert bring_in(ruled, content) == 2
    assert paid(ruled, "李桂兰").fen == 1250 and paid(ruled, "张㛃").note == "出差未归"
    assert bring_in(ruled, content) == 0, "twice is the same as once"


def test_every_mistake_is_listed_and_nothing_is_written(ruled: World) -> None:
    content = workbook(
        ("M00002", "李桂兰", "按时足额", 12.5),
        ("M00003", "李桂兰", "未缴"),
        ("", "温如春", "未缴"),
        ("", "张㛃", "缴了", "一块"),
        ("", "", "未缴"),
        ("M99999", "张㛃", "未缴"),
        ("", "李桂兰", "未缴"),
        ("", "单雪琴", "经批准缓缴、免缴", "", "注" * 121),
    )
    with pytest.raises(BadInput) as refused:
        bring_in(ruled, content)
    said = [str(fault) for fault in refused.value.faults]
    assert len(said) == 8, said
    for piece in (
        *("第6行C列", "第6行D列", "第7行B列", "第10行E列", "第4行：编号M00003是张㛃"),
        *("第5行：本支部当月名册上没有", "第8行：本支部当月没有编号", "第9行：李桂兰写了两次"),
    ):
        assert any(piece in one for one in said), (piece, said)
    assert not Dues.objects.exists()


def test_two_of_one_name_need_their_number(ruled: World) -> None:
    other = ruled.member("单雪琴")
    other.name = "李桂兰"
    other.save()
    with pytest.raises(BadInput, match="有2位“李桂兰”"):
        bring_in(ruled, workbook(("", "李桂兰", "按时足额")))
    assert bring_in(ruled, workbook(("M00005", "李桂兰", "按时足额"))) == 1


def test_what_is_no_such_table_is_refused_with_what_to_do(ruled: World) -> None:
    with pytest.raises(BadInput, match="下载空表"):
        bring_in(ruled, workbook(header=("姓名", "电话")))
    with pytest.raises(BadInput, match="还没有填写"):
        bring_in(ruled, workbook(("M00002", "李桂兰", "", "", "")))
    with pytest.raises(UnreadableWorkbook):
        bring_in(ruled, b"%PDF-1.7")
