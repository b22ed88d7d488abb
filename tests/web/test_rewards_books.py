"""The pages of who runs a passbook: opened and closed, its figures, merchants, money, what comes out; and the
merchant's own counter."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from pioneer.accounts.models import Grant, Role
from pioneer.kernel import clock
from pioneer.rewards.models import Agreement, Donation, Merchant, MoneyEntry, MonthClose, Offer, OfferUse, Passbook
from pioneer.rewards.models import Statement as MonthStatement
from pioneer.workbooks.reading import read_workbook
from tests.passbooks import House, key
from tests.rewards.conftest import house as house
from tests.rewards.conftest import town as town
from tests.world import START, TODAY

pytestmark = pytest.mark.one_database
DAY = TODAY.isoformat()
MAY = date(2026, 5, 4)
Enter = Callable[[str], Client]


@pytest.fixture
def enter(house: House, client: Client) -> Enter:
    def sign_in(who: str) -> Client:
        client.force_login(house.world.users[who], backend="pioneer.accounts.backends.NumberBackend")
        return client

    return sign_in


@pytest.fixture
def may() -> Iterator[None]:
    with clock.at(MAY):
        yield


def main(answer: Any) -> str:
    """What the page itself says."""
    found = re.search(r"<main.*</main>", answer.content.decode(), re.S)
    assert found, answer.status_code
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", found[0])


def test_a_passbook_is_opened_seen_and_closed(house: House, enter: Enter) -> None:
    client = enter("village_secretary")
    assert "还没有开设积分存折" in main(client.get("/passbooks/"))
    village = house.world.village.pk
    form = {"organisation_id": village, "opened_on": DAY, "decided_on": DAY, "decided_by": "支部大会", "document": ""}
    answer = client.post("/passbooks/open/", form)
    assert answer.status_code == 422 and "支部大会" in main(answer), "what was typed stays"
    page = main(client.post("/passbooks/open/", {**form, "document": "柳党〔2026〕1号"}, follow=True))
    made = Passbook.objects.get(organisation=village)
    assert "积分存折已开设" in page and "还没有积分超市" in page and "得分1分转入10积分" in page
    assert client.get("/passbooks/open/").status_code == 404, "nothing is left to open"
    assert "东门超市" in main(
        client.post(f"/passbooks/{made.pk}/shops/new/", {"name": "东门超市", "place": "东门"}, follow=True)
    )
    ending = {"closes_on": "2026-04-05", "decided_on": DAY, "decided_by": "支部大会", "document": "2号", "reason": "停"}
    assert "最后使用日最早为2026年5月1日" in main(client.post(f"/passbooks/{made.pk}/close/", ending))
    page = main(client.post(f"/passbooks/{made.pk}/close/", {**ending, "closes_on": "2026-06-30"}, follow=True))
    assert "2026年6月30日停办" in page and "停办积分存折" not in page


def test_the_figures_and_accounts_are_for_who_runs_it(house: House, enter: Enter) -> None:
    house.give("李桂兰", 10000)
    house.redeem("李桂兰")
    at = f"/passbooks/{house.passbook.pk}/"
    page = main(enter("community_officer").get(at))
    assert "对账：15项全部相符" in page and ">80</dd>" in page.replace(" ", "") and "112.5元" in page
    accounts = main(enter("shopkeeper").get(f"{at}accounts/"))
    assert "李桂兰" in accounts and ">80<" in accounts
    assert "李桂兰" not in main(enter("auditor").get(at))
    assert enter("auditor").get(f"{at}accounts/").status_code == 404
    for who in ("guilan", "village_secretary", "committee"):
        assert enter(who).get(at).status_code == 404


def test_who_issues_cards_in_a_branch_sees_the_passbook_and_nobodys_points(town: House, enter: Enter) -> None:
    house = town
    house.give("李桂兰", 12300)
    house.redeem("李桂兰")
    house.card("温如春")
    client = enter("recorder")
    assert "积分存折管理" not in client.get("/").content.decode()
    page = main(client.get("/passbooks/"))
    at = f"/passbooks/{house.passbook.pk}/"
    assert at in page and "给本支部的党员发积分卡" in page and "103" not in page
    page = main(client.get(at))
    for said in ("花名册上8人，1人有卡", "槐园积分超市", "堂食九折　9折", "得分1分转入10积分"):
        assert said in page, said
    for hidden in ("103", "20分", "112.5", "对账", "经费", "党员账户"):
        assert hidden not in page, hidden
    page = main(client.get(f"{at}cards/"))
    assert "李桂兰" in page and "温如春" not in page and house.card("温如春").number not in page
    for more in ("accounts/", "money/", "reconciliation/", "donations/"):
        assert client.get(f"{at}{more}").status_code == 404, more
    assert client.get(f"/shops/{house.shop.pk}/").status_code == 404


def test_an_account_of_a_shop_or_a_merchant_opens_its_own_pages_and_nothing_of_the_tree(
    town: House, enter: Enter
) -> None:
    world, member = town.world, town.member("李桂兰")
    assert town.merchant is not None
    numbers = {code: one.pk for code, one in world.organisations.items()}
    for who, own in (("shopkeeper", "/shops/"), ("merchant", f"/merchants/{town.merchant.pk}/counter/")):
        client = enter(who)
        assert client.get(own).status_code == 200
        for code in ("branch", "community", "street", "district"):
            assert client.get(f"/organisations/{numbers[code]}/").status_code == 404, code
        page = main(client.get("/organisations/"))
        assert world.branch.name not in page and "这个账号看不到组织树" in page
        for address in (f"/members/{member.pk}/", f"/members/branches/{numbers['branch']}/", "/sheets/", "/overview/"):
            assert client.get(address).status_code in (403, 404), (who, address)
        assert client.get("/rulebook/").status_code == 200, "as everybody"
    Grant.objects.create(user=world.users["shopkeeper"], role=Role.RECORDER, organisation=world.branch, from_on=START)
    assert enter("shopkeeper").get(f"/organisations/{numbers['branch']}/").status_code == 200, "for another role"


def test_a_merchant_is_set_up_from_the_first_to_the_last(house: House, enter: Enter) -> None:
    client = enter("community_officer")
    at = f"/passbooks/{house.passbook.pk}/merchants/new/"
    form = {"name": "槐园面馆", "trade": "restaurant", "address": "槐园路6号", "phone": ""}
    assert "已登记" in main(client.post(at, form, follow=True))
    assert "请核对，或换一个名称" in main(client.post(at, {**form, "phone": "1"}))
    merchant = Merchant.objects.get()
    here = f"/merchants/{merchant.pk}/"
    assert "还没有协议" in main(client.get(here))
    signed = {"document": "协议1", "signed_on": DAY, "signed_by": "双方", "from_on": DAY, "until_on": "2026-12-31",
              "cents_per_point": "0.5"}  # fmt: skip
    page = main(client.post(f"{here}agreements/new/", signed, follow=True))
    assert "每1积分结算0.5元" in page and "还没有优惠" in page
    agreement = Agreement.objects.get()
    offer = {"title": "堂食九折", "kind": "percent", "percent": "90", "for_whom": "all"}
    answer = client.post(f"/agreements/{agreement.pk}/offers/new/", {**offer, "percent": "100"})
    assert answer.status_code == 422 and "九折填90" in main(answer)
    page = main(client.post(f"/agreements/{agreement.pk}/offers/new/", offer, follow=True))
    assert "已添加“堂食九折”：9折" in page
    minus = {"title": "满减", "kind": "amount", "from_cents": "100", "cents": "20", "for_whom": "full", "percent": "90"}
    assert "满100元减20元" in main(client.post(f"/agreements/{agreement.pk}/offers/new/", minus, follow=True))
    page = main(client.post(f"/offers/{Offer.objects.get(title='满减').pk}/end/", follow=True))
    assert "“满减”已停止" in page
    assert "槐园面馆" in main(enter("shopkeeper").get("/merchants/"))
    page = main(
        enter("community_officer").post(
            f"/agreements/{agreement.pk}/end/", {"ended_on": DAY, "reason": "停业"}, follow=True
        )
    )
    assert "终止原因：停业" in page


def test_the_merchant_sees_valid_what_is_off_and_a_surname_and_nothing_else(town: House, enter: Enter) -> None:
    assert town.merchant is not None and town.offer is not None
    town.give("李桂兰", 123400)
    card = town.card("李桂兰")
    client = enter("merchant")
    counter = f"/merchants/{town.merchant.pk}/counter/"
    assert client.get("/merchants/", follow=True).redirect_chain[-1][0] == counter
    answer = client.post(counter, {"typed": "1234567890"})
    assert answer.status_code == 422 and "没有这个卡号" in main(answer)
    answer = client.post(counter, {"typed": card.number}, follow=True)
    page, at = main(answer), answer.redirect_chain[-1][0]
    assert "有效" in page and "李*" in page and "9折" in page
    for never in ("桂兰", "1234", "得分", "余额", str(town.member("李桂兰").number)):
        assert never not in page, never
    form = {"offer_id": town.offer.pk, "bill_cents": "99.95", "points": "40", "request_key": str(key())}
    page = main(client.post(at, form, follow=True))
    assert "应收69.95元（原价99.95元，优惠10元，40积分抵20元）" in page and "桂兰" not in page
    made = OfferUse.objects.get()
    assert (made.saved_cents, made.points, town.balance("李桂兰")) == (1000, 4000, 119400)
    assert "已经记过" in main(client.get(at)), "the browser's way back leads to no second use"
    assert "原因" in main(client.get(f"/merchants/uses/{made.pk}/cancel/"))
    page = main(client.post(f"/merchants/uses/{made.pk}/cancel/", {"reason": "点错了"}, follow=True))
    assert "已撤销" in page and town.balance("李桂兰") == 123400
    for who in ("community_officer", "shopkeeper", "guilan"):
        assert enter(who).get(counter).status_code == 404
        assert enter(who).get(at).status_code == 404


def test_the_months_statement_goes_its_way_on_both_sides(town: House, enter: Enter) -> None:
    assert town.merchant is not None and town.offer is not None
    town.give("李桂兰", 10000)
    with clock.at(TODAY):
        client = enter("merchant")
        for points in ("40", ""):
            shown = town.show_merchant("李桂兰")
            form = {"offer_id": town.offer.pk, "bill_cents": "100", "points": points, "request_key": str(key())}
            client.post(f"/merchants/counter/{shown.pk}/", form)
    with clock.at(MAY):
        client = enter("community_officer")
        make = f"/merchants/{town.merchant.pk}/statements/make/"
        assert "出2026年4月的结算单" in main(client.get(f"/merchants/{town.merchant.pk}/"))
        assert "应付给商户" in main(client.post(make, {"month": "2026-4"}, follow=True))
        at = f"/merchants/statements/{MonthStatement.objects.get().pk}/"
        client = enter("merchant")
        assert "槐园面馆2026年4月的结算单待确认" in main(client.get("/"))
        page = main(client.get(at))
        assert "李*" in page and "桂兰" not in page and "代表商户" in page
        page = main(client.post(f"{at}dispute/", {"text": "有一笔退单"}, follow=True))
        assert "异议：有一笔退单" in page
        use = OfferUse.objects.get(points=4000)
        client.post(f"/merchants/uses/{use.pk}/cancel/", {"reason": "退单"})
        assert "结算单有异议" in main(enter("community_officer").get("/"))
        client = enter("community_officer")
        assert "使用</dt><dd>1次" in main(client.post(make, {"month": "2026-4"}, follow=True))
        assert "已确认，等另一方确认" in main(client.post(f"{at}confirm/", follow=True))
        client = enter("merchant")
        assert "双方都已确认" in main(client.post(f"{at}confirm/", follow=True))
        assert client.get(f"{at}statement.pdf").content.startswith(b"%PDF")
        rows = read_workbook(client.get(f"{at}statement.xlsx").content).sheets[0].rows
        assert "桂兰" not in str(rows) and "李*" in str(rows)
        assert client.post(f"{at}pay/", {"paid_on": DAY, "document": "1"}).status_code == 403
        answer = enter("community_officer").post(f"{at}pay/", {"paid_on": MAY.isoformat(), "document": "凭证7"})
        assert answer.status_code == 422 and "没有应付的款" in main(answer)


def test_money_is_recorded_corrected_counted_and_confirmed_by_another(house: House, enter: Enter) -> None:
    at = f"/passbooks/{house.passbook.pk}/"
    client = enter("community_officer")
    form = {"kind": "grant", "cents": "1000", "on": DAY, "text": "镇级拨款", "document": "拨款单1"}
    assert client.post(f"{at}money/new/", {**form, "cents": "-5"}).status_code == 422
    page = main(client.post(f"{at}money/new/", form, follow=True))
    assert "已记第2号" in page and "镇级拨款" in page and "1000元" in page
    entry = MoneyEntry.objects.get(kind="grant")
    page = main(client.post(f"/money/{entry.pk}/correct/", {"reason": "多记一个零"}, follow=True))
    assert "冲销第2号：多记一个零" in page and "已冲销" in page
    gift = {"kind": "money", "donor": "贺百川", "is_anonymous": "on", "on": DAY, "cents": "200"}
    assert "贺百川" in main(client.post(f"{at}donations/new/", gift, follow=True))
    goods = {"kind": "goods", "donor": "粮油店", "on": DAY, "what": "大米20袋", "cents": ""}
    assert "待入库" in main(client.post(f"{at}donations/new/", goods, follow=True))
    assert Donation.objects.count() == 2
    page = main(enter("auditor").get(f"{at}donations/"))
    assert "贺百川" not in page and "不具名" in page and "粮油店" in page
    page = main(enter("auditor").get(f"{at}money/"))
    assert "贺百川" not in page and "记经费" not in page
    with clock.at(MAY):
        client = enter("community_officer")
        assert "积分存折2026年4月待月结" in main(client.get("/"))
        count = {"month": "2026-04", "counted_cents": "70", "note": ""}
        assert "请写明差异说明" in main(client.post(f"{at}money/count/", count))
        page = main(client.post(f"{at}money/count/", {**count, "note": "找零多付5元"}, follow=True))
        assert "已月结" in page and "找零多付5元" in page and "复核无误" not in page
        found = main(client.get(f"{at}reconciliation/"))
        assert "2026年4月末的现金和存款" in found and "−5元" in found, "what was counted is not what the books say"
        page = main(client.post(f"{at}money/count/", {**count, "counted_cents": "75"}, follow=True))
        assert "（第2次）" in page and "全部相符" in main(client.get(f"{at}reconciliation/"))
        close = MonthClose.objects.get(number=2)
        assert enter("community_officer").post(f"/months/{close.pk}/confirm/").status_code == 403
        client = enter("township_officer")
        assert "月结待复核" in main(client.get("/"))
        assert "已复核" in main(client.post(f"/months/{close.pk}/confirm/", follow=True))
        assert client.get(f"{at}money/month.pdf?month=2026-04").content.startswith(b"%PDF")
        book = read_workbook(client.get(f"{at}money/month.xlsx?month=2026-04").content)
        assert [one.name for one in book.sheets] == ["经费", "捐赠", "月结", "概况", "对账", "不符"]
        assert "贺百川" not in str([one.rows for one in book.sheets])
