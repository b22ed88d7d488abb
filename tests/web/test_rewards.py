"""The pages of the passbook: what a member reads of its own, and what the counter says when a card is no good."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from pioneer.accounts.models import Grant, Role
from pioneer.kernel import clock
from pioneer.rewards import shop_queries
from pioneer.rewards.cards import report_lost
from pioneer.rewards.queries import code_of
from pioneer.rewards.reserving import reserve
from pioneer.rewards.shops import set_shop_open
from pioneer.workbooks.reading import read_workbook
from tests.passbooks import House, build_house, freeze, key, stocked
from tests.web.scenario import PNG
from tests.world import START, TODAY, World, adopt_rulebook

pytestmark = pytest.mark.one_database


@pytest.fixture
def house(world: World) -> Iterator[House]:
    adopt_rulebook(world)
    with clock.at(TODAY):
        made = build_house(world)
        made.give("李桂兰", 6000)
        yield made


def page(house: House, client: Client, who: str, address: str, sent: Any = None, status: int = 200) -> str:
    """The text of the page after signing in as `who`."""
    client.force_login(house.world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    answer = client.get(address) if sent is None else client.post(address, sent)
    if sent is not None and answer.status_code == 302:
        answer = client.get(answer.headers["Location"])
    assert answer.status_code == status, address
    return answer.content.decode().split("<main", 1)[1]


def counter(house: House, client: Client, typed: str) -> str:
    """What the counter says of a card."""
    return page(house, client, "shopkeeper", f"/shops/{house.shop.pk}/counter/", {"typed": typed}, 422)


def test_a_member_reads_what_there_is_what_was_spent_and_why_it_cannot_be_used(house: House, client: Client) -> None:
    house.give("李桂兰", 500, TODAY + timedelta(days=20))
    house.card("李桂兰")
    receipt = house.redeem("李桂兰")
    reserve(actor=house.actor("guilan"), good_id=house.good.pk, quantity=1, request_key=key())
    said = page(house, client, "guilan", "/passbook/")
    for text in ("25<small>", "20分，给下面的预订", "洗衣液1件，槐园积分超市"):
        assert text in said, text
    assert f"/redemptions/{receipt.pk}/" in said and "出示积分卡" in said
    freeze(house, "李桂兰")
    assert "现在不能使用。存折已冻结" in page(house, client, "guilan", "/passbook/")


def test_the_workbook_holds_every_transfer_and_every_receipt(house: House, client: Client) -> None:
    receipt = house.redeem("李桂兰", 2)
    client.force_login(house.world.users["guilan"], backend="pioneer.accounts.backends.NumberBackend")
    answer = client.get(f"/passbook/{house.account('李桂兰').pk}/history.xlsx")
    book = {sheet.name: sheet.rows for sheet in read_workbook(answer.content, "存折.xlsx").sheets}
    assert [row[1:4] for row in book["存折明细"][1:]] == [["兑换", "", 40], ["积分转入", 60, ""]]
    assert book["兑换"][1][1] == shop_queries.receipt_number(receipt)


def test_nobody_opens_another_persons_passbook_or_card(house: House, client: Client) -> None:
    account, card = house.account("李桂兰").pk, house.card("李桂兰")
    for who in ("xueqin", "shopkeeper", "secretary"):
        for address in (f"/passbook/{account}/", f"/passbook/{account}/card/", f"/passbook/{account}/goods/"):
            page(house, client, who, address, status=404)
    page(house, client, "xueqin", f"/cards/{card.pk}/lost/", status=404)
    page(house, client, "guilan", f"/shops/{house.shop.pk}/counter/", status=403)


def test_the_card_shows_the_code_of_now_and_is_dead_once_reported_lost(house: House, client: Client) -> None:
    card = house.card("李桂兰")
    said = page(house, client, "guilan", f"/passbook/{card.account_id}/card/")
    shown = code_of(house.actor("guilan"), card.pk)
    assert f"{shown.code[:4]} {shown.code[4:]}" in said and "<svg" in said
    assert "turn=1" in said and "load delay:10s" in said, "asks for the next code by itself"
    put_away = page(house, client, "guilan", f"/passbook/{card.account_id}/card/?turn=60")
    assert "<svg" not in put_away and "先收起来" in put_away
    house.redeem("李桂兰")
    assert "刚刚：兑换" in page(house, client, "guilan", f"/passbook/{card.account_id}/card/")
    assert "已挂失，卡号从现在起作废" in page(house, client, "guilan", f"/cards/{card.pk}/lost/", {})
    assert "没有可用的卡" in page(house, client, "guilan", f"/passbook/{card.account_id}/card/")


def test_each_card_that_is_no_good_is_a_sentence_at_the_counter(house: House, client: Client) -> None:
    card, keepers = house.card("李桂兰"), house.card("王保国")
    shown = code_of(house.actor("guilan"), card.pk)
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert "动态码已过期" in counter(house, client, shown.text)
    assert "动态码不对" in counter(house, client, f"{card.number}-00000000")
    assert "没有这个卡号" in counter(house, client, "1234567890")
    set_shop_open(actor=house.actor("shopkeeper"), shop_id=house.shop.pk, is_open=False, note="盘点，4月3日恢复")
    assert "暂停兑换：盘点，4月3日恢复" in counter(house, client, card.number)
    set_shop_open(actor=house.actor("shopkeeper"), shop_id=house.shop.pk, is_open=True)
    freeze(house, "李桂兰")
    assert "存折已冻结" in counter(house, client, card.number)
    report_lost(actor=house.actor("secretary"), card_id=keepers.pk)
    assert "已挂失或换发" in counter(house, client, keepers.number)


def test_who_runs_the_shop_is_set_aside_for_the_own_card(house: House, client: Client) -> None:
    world, card = house.world, house.card("李桂兰")
    Grant.objects.create(
        user=world.users["guilan"], role=Role.SHOPKEEPER, organisation=world.organisations["community"], from_on=START
    )
    said = page(house, client, "guilan", f"/shops/{house.shop.pk}/counter/", {"typed": card.number}, 422)
    assert 'class="errors' in said and "typed" in said


def test_from_the_card_over_the_goods_to_the_receipt(house: House, client: Client) -> None:
    card = house.card("李桂兰")
    stocked(house, "电饭煲", 80000, 1)
    said = page(house, client, "shopkeeper", f"/shops/{house.shop.pk}/counter/", {"typed": card.number})
    assert "李桂兰" in said and "可用<b>60分" in said and "得分" not in said
    shown = card.presentations.get()
    address = f"/shops/counter/{shown.pk}/"
    assert "请至少选一种商品" in page(house, client, "shopkeeper", f"{address}?next=1")
    assert "积分不够" in page(house, client, "shopkeeper", f"{address}?good-{house.good.pk}=4&next=1")
    said = page(house, client, "shopkeeper", f"{address}?good-{house.good.pk}=2&next=1")
    assert "合计支出" in said and "40分" in said and "20分" in said
    wish = {f"good-{house.good.pk}": "2", "how": "proxy", "other": "", "request_key": str(key())}
    assert "请写明代领人" in page(house, client, "shopkeeper", address, wish, 422)
    said = page(house, client, "shopkeeper", address, {**wish, "other": "解小妹"})
    assert "第2026-00001号" in said and "他人代领：解小妹" in said and "请领取人在框里签名" in said
    assert "洗衣液2件，槐园积分超市" in page(house, client, "guilan", "/passbook/")
    said = page(house, client, "shopkeeper", address, {**wish, "other": "解小妹"})
    assert "第2026-00001号" in said, "the very same once more is the same receipt"


def test_what_is_reserved_is_taken_at_the_price_of_that_day(house: House, client: Client) -> None:
    account, good = house.account("李桂兰").pk, house.good
    wish = {"quantity": "2", "request_key": str(key())}
    assert "已预订" in page(house, client, "guilan", f"/passbook/{account}/goods/{good.pk}/", wish)
    held = shop_queries.reservations_of(house.account("李桂兰"))[0]
    assert "预订待领取" in page(house, client, "shopkeeper", "/")
    assert "李桂兰" in page(house, client, "shopkeeper", f"/shops/{house.shop.pk}/")
    address = f"/shops/counter/{house.show('李桂兰').pk}/"
    assert "从预留中支出" in page(house, client, "shopkeeper", f"{address}?reservation={held.pk}")
    taking = {f"good-{good.pk}": "2", "reservation": str(held.pk), "how": "present", "request_key": str(key())}
    assert "2026-00001" in page(house, client, "shopkeeper", address, taking)
    assert "洗衣液2件，已领取" in page(house, client, "guilan", "/passbook/")


def test_who_telephones_is_found_by_name_or_card_and_reserved_for(house: House, client: Client) -> None:
    card, account = house.card("李桂兰"), house.account("李桂兰").pk
    stocked(house, "电饭煲", 80000, 1)
    stocked(house, "雨伞", 1000, 0)
    address = f"/shops/{house.shop.pk}/reserve/"
    assert "按姓名或卡号代为预订" in page(house, client, "shopkeeper", f"/shops/{house.shop.pk}/")
    for sought in ("桂兰", card.number):
        said = page(house, client, "shopkeeper", f"{address}?q={sought}")
        assert f"{address}{account}/" in said and f"后四位{card.number[-4:]}" in said and "第一党支部" in said
    for sought in ("王保国", card.number[:6], "%"):
        assert "也没有卡号是" in page(house, client, "shopkeeper", f"{address}?q={sought}")
    said = page(house, client, "shopkeeper", f"{address}{account}/")
    assert "洗衣液" in said and "积分不够" in said and "“雨伞”已兑完" in said
    assert "60分" not in said, "how much there is, is not said at the telephone"
    wish = {"good_id": str(house.good.pk), "quantity": "4", "asked": "phone", "asked_by": "解小妹"}
    wish["request_key"] = str(key())
    said = page(house, client, "shopkeeper", f"{address}{account}/", wish, 422)
    assert "积分不够预订这么多" in said and "余额60" not in said
    said = page(house, client, "shopkeeper", f"{address}{account}/", {**wish, "quantity": "2"})
    assert "已为李桂兰预订洗衣液2件" in said and "本人已收到消息" in said and "解小妹电话提出" in said
    said = page(house, client, "guilan", "/passbook/")
    assert "槐园积分超市代为预订（解小妹电话提出），不是您的意思请取消" in said
    assert "由槐园积分超市代为预订" in page(house, client, "guilan", "/inbox/")
    held = shop_queries.reservations_of(house.account("李桂兰"))[0]
    assert "预订已取消" in page(house, client, "guilan", f"/passbook/reservations/{held.pk}/release/", {})
    for who, status in (("guilan", 403), ("secretary", 404)):
        page(house, client, who, f"{address}{account}/", status=status)


def test_a_good_says_why_it_cannot_be_had(house: House, client: Client) -> None:
    stocked(house, "电饭煲", 80000, 1)
    stocked(house, "雨伞", 1000, 0)
    stocked(house, "大米", 1000, 5, min_balance=10000)
    said = page(house, client, "guilan", f"/passbook/{house.account('李桂兰').pk}/goods/")
    for text in ("还差740分", "“雨伞”已兑完", "“大米”须存折余额不低于100"):
        assert text in said, text


def test_the_drawn_signature_is_kept_once_and_read_by_the_member(house: House, client: Client) -> None:
    receipt = house.redeem("李桂兰")
    address = f"/redemptions/{receipt.pk}/"
    assert "请党员在屏幕上签名" in page(house, client, "shopkeeper", f"{address}sign/", {"drawn": ""}, 422)
    assert "没有传完整" in page(
        house, client, "shopkeeper", f"{address}sign/", {"drawn": "data:image/png;base64,~"}, 422
    )
    drawn = "data:image/png;base64," + b64encode(PNG).decode()
    assert "签收单已存好" in page(house, client, "shopkeeper", f"{address}sign/", {"drawn": drawn})
    client.force_login(house.world.users["guilan"], backend="pioneer.accounts.backends.NumberBackend")
    assert client.get(f"{address}paper/").status_code == 200


def test_one_of_two_is_brought_back_and_has_a_paper_of_its_own(house: House, client: Client) -> None:
    receipt = house.redeem("李桂兰", 2)
    address, line = f"/redemptions/{receipt.pk}/", f"line-{receipt.items.get().pk}"
    form = {"reason": "漏液", "request_key": str(key())}
    assert "请写上退哪一种" in page(house, client, "shopkeeper", f"{address}return/", form, 422)
    assert "最多可退2件" in page(house, client, "shopkeeper", f"{address}return/", {**form, line: "3"}, 422)
    for _ in range(2):  # sent twice it is one return
        said = page(house, client, "shopkeeper", f"{address}return/", {**form, line: "1"})
        assert "退2026-00001号" in said and "报损出库" in said and "20×1" in said
    said = page(house, client, "guilan", address)
    assert "已退一部分" in said and "退货单退2026-00001" in said and "确认退货" not in said
    assert "部分退货" in page(house, client, "shopkeeper", f"/shops/{house.shop.pk}/")
    account = house.account("李桂兰").pk
    assert "看退货单" in page(house, client, "guilan", f"/passbook/{account}/")
    book = read_workbook(client.get(f"/passbook/{account}/history.xlsx").content)
    sheets = {one.name: one.rows for one in book.sheets}
    assert "退2026-00001" in str(sheets["退货"]) and "部分退货" in str(sheets["兑换"])
    page(house, client, "shopkeeper", f"{address}return/", {**form, line: "1", "request_key": str(key())})
    assert "已全部退货" in page(house, client, "shopkeeper", address)


def test_cards_are_issued_from_the_list_and_printed(house: House, client: Client) -> None:
    address = f"/passbooks/{house.passbook.pk}/cards/"
    member = house.member("张㛃")
    assert "新卡已发" in page(house, client, "shopkeeper", f"{address}{member.pk}/issue/", {})
    answer = client.get(f"{address}{member.pk}/print/")
    assert answer.content.startswith(b"%PDF") and client.get(f"{address}print/").status_code == 200
    page(house, client, "guilan", address, status=403)


def test_the_shelf_is_filled_counted_and_handed_over(house: House, client: Client) -> None:
    address = f"/goods/{house.good.pk}/"
    got = {"quantity": "4", "unit_yuan": "9.9", "received_on": f"{TODAY}", "document": "发票0003"}
    assert "已入库4件，第2批" in page(house, client, "shopkeeper", f"{address}receive/", got)
    count = {"counted": "13", "witness": "王保国", "reason": ""}
    assert "请写明差异原因" in page(house, client, "shopkeeper", f"{address}count/", count, 422)
    said = page(house, client, "shopkeeper", f"{address}count/", {**count, "reason": "破损"})
    assert "差异已记账，现有13件" in said
    given = {"to_user_id": str(house.world.users["second_shopkeeper"].pk), "note": ""}
    said = page(house, client, "shopkeeper", f"/shops/{house.shop.pk}/hand-overs/new/", given)
    assert "等麦秀兰清点" in said
    where = f"/shops/{house.shop.pk}/hand-overs/{shop_queries.hand_overs_of(house.shop)[0].pk}/"
    assert "交接单待确认" in page(house, client, "second_shopkeeper", "/")
    assert "确认接收" in page(house, client, "second_shopkeeper", where)
    assert "清点相符" in page(house, client, "second_shopkeeper", where, {"do": "accept"})
