"""经费与对账 Money in and out, donors, the month closed by two people; a deliberate mistake is found and named."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.rewards.book_queries import donation_for
from pioneer.rewards.books_papers import donation_pdf, donor_of, in_words
from pioneer.rewards.counting import attach_month_paper, close_month, confirm_month
from pioneer.rewards.models import Account, Good, MoneyEntry, MonthClose, Transfer
from pioneer.rewards.money import correct_money, record_donation, record_money
from pioneer.rewards.money_queries import books_for, donations_of, figures, money_of, months_of
from pioneer.rewards.reconciliation import reconcile
from tests.passbooks import House, jpeg
from tests.world import TODAY

MAY = date(2026, 5, 4)


def recorded(house: House, cents: int = 100000, who: str = "community_officer", **more: Any) -> MoneyEntry:
    form = {"kind": "grant", "on": TODAY, "text": "镇级拨款", "document": "拨款单1", **more}
    return record_money(actor=house.actor(who), passbook_id=house.passbook.pk, cents=cents, **form)


def closed(house: House, cents: int, note: str = "", who: str = "community_officer") -> MonthClose:
    form = {"passbook_id": house.passbook.pk, "year": 2026, "month": 4, "counted_cents": cents, "note": note}
    return close_month(actor=house.actor(who), **form)  # type: ignore[arg-type]


def test_money_comes_and_goes_and_a_wrong_entry_is_corrected_by_its_opposite(house: House) -> None:
    recorded(house)
    wrong = recorded(house, 300, kind="other_out", text="运费")
    gift = record_donation(
        actor=house.actor("community_officer"), passbook_id=house.passbook.pk, kind="money", donor="不具名老党员",
        on=TODAY, cents=5000, is_anonymous=True,
    )  # fmt: skip
    assert wrong.cents == -300 and correct_money(
        actor=house.actor("community_officer"), entry_id=wrong.pk, reason="记重了"
    ).cents == 300  # fmt: skip
    for entry in (wrong, MoneyEntry.objects.get(corrects=wrong)):
        with pytest.raises(DomainError, match="更正过"):
            correct_money(actor=house.actor("community_officer"), entry_id=entry.pk, reason="再改")
    with pytest.raises(DomainError, match="由业务自动记"):
        correct_money(
            actor=house.actor("community_officer"), entry_id=MoneyEntry.objects.get(donation=gift).pk, reason="错"
        )
    found = money_of(house.passbook, 2026, 4)
    assert (found.before, found.came, found.went, found.after) == (0, 105300, -12800, 92500)
    assert [one.number for one in found.entries] == [1, 2, 3, 4, 5]
    assert [one.is_anonymous for one in donations_of(house.passbook)] == [True]


def test_who_may_and_what_a_form_must_say(house: House) -> None:
    with pytest.raises(NotAllowed):
        recorded(house, who="shopkeeper")
    with pytest.raises(NotVisible):
        recorded(house, who="village_secretary")
    with pytest.raises(BadInput) as error:
        recorded(house, 0, kind="purchase", text="", on=date(2027, 1, 1))
    assert [fault.place for fault in error.value.faults] == ["摘要", "日期", "类别", "金额"]
    form = {"passbook_id": house.passbook.pk, "on": TODAY}
    with pytest.raises(BadInput) as error:
        record_donation(actor=house.actor("community_officer"), kind="money", donor="", **form)  # type: ignore[arg-type]
    assert [fault.place for fault in error.value.faults] == ["捐赠人", "金额"]
    house.give("李桂兰", 100)
    with pytest.raises(NotVisible):
        books_for(house.actor("guilan"), house.passbook.pk)
    assert books_for(house.actor("auditor"), house.passbook.pk) == house.passbook


def test_a_month_is_closed_by_one_and_confirmed_by_another(house: House) -> None:
    recorded(house)
    with pytest.raises(DomainError, match="还没有结束"):
        closed(house, 87500)
    with clock.at(MAY):
        with pytest.raises(BadInput, match="差异说明"):
            closed(house, 87400)
        assert closed(house, 87400, "少一元，待查").number == 1
        (finding,) = reconcile(house.passbook).findings
        assert (finding.where, finding.difference) == ("2026年4月末的现金和存款", -100)
        made = closed(house, 87500)
        assert (made.number, made.book_cents, made.faults) == (2, 87500, 1)
        assert made.figures["goods_cents"] == 12500 and made.figures["came"] == 100000
        with pytest.raises(NotAllowed) as error:
            confirm_month(actor=house.actor("community_officer"), month_close_id=made.pk)
        assert error.value.code == "same_person"
        with pytest.raises(NotAllowed):
            confirm_month(actor=house.actor("auditor"), month_close_id=made.pk)
        officer = house.actor("township_officer")
        with pytest.raises(DomainError, match="又重新月结"):
            confirm_month(actor=officer, month_close_id=MonthClose.objects.get(number=1).pk)
        confirm_month(actor=officer, month_close_id=made.pk)
        with pytest.raises(BadInput, match="已月结并复核"):
            recorded(house)
        with pytest.raises(DomainError, match="已月结并复核"):
            closed(house, 87500)
        with pytest.raises(DomainError, match="已经复核"):
            confirm_month(actor=officer, month_close_id=made.pk)
        assert [one.number for one in months_of(house.passbook)] == [2, 1]


def test_the_signed_paper_of_a_confirmed_month_is_kept_once(house: House) -> None:
    recorded(house)
    with clock.at(MAY):
        made = closed(house, 87500)
        form = {"month_close_id": made.pk, "content": jpeg(), "name": "月报.jpg"}
        officer = house.actor("community_officer")
        with pytest.raises(DomainError, match="还没有复核"):
            attach_month_paper(actor=officer, **form)
        confirm_month(actor=house.actor("township_officer"), month_close_id=made.pk)
        with pytest.raises(NotAllowed):
            attach_month_paper(actor=house.actor("auditor"), **form)
        with pytest.raises(NotVisible):
            attach_month_paper(actor=house.actor("village_secretary"), **form)
        assert attach_month_paper(actor=officer, **form).paper is not None
        with pytest.raises(DomainError, match="不能更换"):
            attach_month_paper(actor=officer, **form)
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthClose.objects.filter(pk=made.pk).update(paper=None)


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (10000, "壹佰元整"),
        (105050, "壹仟零伍拾元伍角整"),
        (100003, "壹仟元零叁分"),
        (1000200000, "壹仟万零贰仟元整"),
        (10000000000, "壹亿元整"),
        (1002003045, "壹仟零贰万零叁拾元肆角伍分"),
    ],
)
def test_an_amount_in_words(cents: int, text: str) -> None:
    assert in_words(cents) == text


def test_a_donor_gets_a_receipt_and_who_wished_to_be_unnamed_is_not_named(house: House) -> None:
    form: dict[str, Any] = {"actor": house.actor("community_officer"), "passbook_id": house.passbook.pk, "on": TODAY}
    gift = record_donation(kind="money", donor="槐园粮油店", cents=50000, **form)
    quiet = record_donation(kind="goods", donor="贺百川", what="大米20袋", is_anonymous=True, **form)
    assert [one.number for one in (gift, quiet)] == [1, 2]
    found = donation_for(house.actor("community_officer"), gift.pk)
    assert donation_pdf(found, "段雅文").startswith(b"%PDF")
    assert donor_of(quiet) == "不具名" and donation_pdf(quiet, "段雅文").startswith(b"%PDF")
    with pytest.raises(NotVisible):
        donation_for(house.actor("guilan"), gift.pk)


def test_what_the_points_outstanding_are_worth(house: House) -> None:
    house.give("李桂兰", 10000)
    assert figures(house.passbook).worth_cents is None
    house.redeem("李桂兰")
    found = figures(house.passbook)
    assert (found.outstanding, found.at_shops, found.goods_cents) == (8000, 2000, 11250)
    assert found.worth_cents == 5000  # 80 points, at 12.5 yuan of goods for 20


# ------------------------------------------------------------------ the database itself, and what reconciling says


@pytest.fixture
def past_triggers() -> Iterator[Callable[[str], None]]:
    """One statement as somebody with the database in hands would run it; undone at the end."""
    with transaction.atomic():

        def run(statement: str) -> None:
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("SET LOCAL session_replication_role = replica")
                else:
                    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'rewards%'")
                    for (name,) in cursor.fetchall():
                        cursor.execute(f"DROP TRIGGER {name}")
                cursor.execute(statement)

        yield run
        transaction.set_rollback(True)


MISTAKES = [
    ("UPDATE rewards_account SET balance = balance + 5 WHERE kind = 'member'", "全部账户合计"),
    ("UPDATE rewards_transfer SET amount = amount + 100 WHERE kind = 'redeem'", "李桂兰的党员存折"),
    ('UPDATE rewards_lot SET "left" = "left" - 1', "李桂兰的党员存折"),
    ("UPDATE rewards_good SET stock = stock + 1", "洗衣液的出入库"),
    ("UPDATE rewards_redemption SET number = number + 1", "槐园积分超市2026年的收据号"),
    ("UPDATE rewards_redemptionitem SET price = price + 1", "槐园积分超市收据2026-00001的商品"),
    ("UPDATE rewards_moneyentry SET cents = cents - 1 WHERE kind = 'purchase'", "洗衣液第1批的采购款"),
]


@pytest.mark.parametrize(("statement", "where"), MISTAKES, ids=lambda value: value[:40])
def test_a_deliberate_mistake_is_found_and_named(
    house: House, past_triggers: Callable[[str], None], statement: str, where: str
) -> None:
    house.give("李桂兰", 10000)
    house.redeem("李桂兰")
    assert reconcile(house.passbook).is_clean
    past_triggers(statement)
    assert where in [one.where for one in reconcile(house.passbook).findings]


def test_the_database_refuses_what_must_never_be(house: House) -> None:
    house.give("李桂兰", 10000)
    redeemed = house.redeem("李桂兰")
    own = Account.objects.filter(pk=house.account("李桂兰").pk)
    acts: list[Callable[[], Any]] = [
        lambda: own.update(balance=99999),
        lambda: own.update(balance=-5),
        lambda: own.update(last_transfer=None),
        lambda: own.update(balance=8000 - 2000, last_transfer=redeemed.transfer),  # once more
        lambda: Transfer.objects.filter(pk=redeemed.transfer_id).update(amount=1),
        lambda: Transfer.objects.filter(pk=redeemed.transfer_id).update(reason="别的理由"),
        lambda: redeemed.__class__.objects.filter(pk=redeemed.pk).update(number=9),
        lambda: redeemed.items.update(quantity=9),
        lambda: Good.objects.filter(pk=house.good.pk).update(stock=-1),
        lambda: Good.objects.filter(pk=house.good.pk).update(reserved=99),
        lambda: MoneyEntry.objects.update(cents=-1),
        lambda: Account.objects.filter(kind="expiry")._raw_delete("default"),
    ]
    for number, act in enumerate(acts):
        refused = False
        try:
            with transaction.atomic():
                act()
        except DatabaseError:
            refused = True
        assert refused, number
