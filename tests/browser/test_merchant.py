"""红色存折: a member's card at a restaurant on the merchant's phone, and the month's reconciliation at the community's
desk, with one deliberate mistake in the books."""

from datetime import date

from django.db import connection
from playwright.sync_api import expect

from pioneer.kernel import clock
from tests.browser.conftest import ComeIn
from tests.passbooks import House, build_house, with_merchant
from tests.world import TODAY, World, adopt_rulebook, build

MAY = date(2026, 5, 4)


def test_a_discount_at_the_merchant_and_a_mistake_found_at_the_months_end(come_in: ComeIn) -> None:
    world: World = build()
    adopt_rulebook(world)
    with clock.at(TODAY):
        house = with_merchant(build_house(world))
        house.give("李桂兰", 20000)
        _discount(come_in, house)
    with clock.at(MAY):
        _month(come_in, house)


def _discount(come_in: ComeIn, house: House) -> None:
    phone = come_in(house.world.users["merchant"], phone=True)
    phone.goto("/merchants/")
    phone.get_by_label("卡号").fill("1234567890")
    phone.get_by_role("button", name="核对").click()
    expect(phone.locator("main")).to_contain_text("没有这个卡号")
    phone.get_by_label("卡号").fill(house.card("李桂兰").number)
    phone.get_by_role("button", name="核对").click()
    expect(phone.get_by_role("heading", name="有效")).to_be_visible()
    page = phone.locator("main")
    expect(page).to_contain_text("李*")
    expect(page).to_contain_text("9折")
    for never in ("桂兰", "得分", "余额", "200"):
        expect(page).not_to_contain_text(never)
    phone.get_by_label("消费金额").fill("68")
    phone.get_by_role("button", name="记下").click()
    expect(phone.locator("main")).to_contain_text("应收61.2元（原价68元，优惠6.8元）")
    member = come_in(house.world.users["guilan"], phone=True)
    member.goto("/inbox/")
    expect(member.locator("main")).to_contain_text("在槐园面馆使用了优惠")


def _month(come_in: ComeIn, house: House) -> None:
    """Somebody with the database in hands has one box more on the shelf than ever came in."""
    desk = come_in(house.world.users["community_officer"])
    desk.goto(f"/passbooks/{house.passbook.pk}/")
    expect(desk.locator("main")).to_contain_text("对账：15项全部相符")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rewards_good SET stock = stock + 1 WHERE id = %s", [house.good.pk])
    desk.reload()
    expect(desk.get_by_role("alert")).to_contain_text("对账不符")
    desk.get_by_role("link", name="看在哪里").click()
    expect(desk.get_by_role("row", name="洗衣液的出入库 10 11 +1")).to_be_visible()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rewards_good SET stock = stock - 1 WHERE id = %s", [house.good.pk])
    desk.reload()
    expect(desk.locator("main")).to_contain_text("全部相符")
    desk.goto(f"/passbooks/{house.passbook.pk}/money/new/")
    desk.get_by_label("拨款", exact=True).check()
    for label, text in (("金额", "500"), ("日期", "2026-04-20"), ("摘要", "镇级拨款"), ("凭证", "拨款单1")):
        desk.get_by_label(label, exact=True).fill(text)
    desk.get_by_role("button", name="记账").click()
    desk.get_by_role("link", name="月结").click()
    desk.get_by_label("实有金额").fill("375")
    desk.get_by_role("button", name="月结").click()
    expect(desk.locator("main")).to_contain_text("2026年4月已月结，请另一位同志复核")
    second = come_in(house.world.users["township_officer"])
    second.goto("/")
    second.get_by_role("link", name="积分存折2026年4月的月结待复核").click()
    second.get_by_role("button", name="复核无误").click()
    expect(second.locator("main")).to_contain_text("这个月不再记账")
