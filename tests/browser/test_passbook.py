"""积分存折的故事 The shopkeeper and the member on two phones: the code on one, the goods on the other, a name signed
on the screen, and the member's page shows it."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from pioneer.kernel import clock
from tests.browser.conftest import ComeIn
from tests.passbooks import build_house
from tests.world import TODAY, adopt_rulebook, build

CAMERA = """
navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream();
HTMLMediaElement.prototype.play = async () => {};
window.BarcodeDetector = class { async detect() { return [{ rawValue: window.name }]; } };
"""  # a browser without a camera is shown the square of the other phone


def test_the_shopkeeper_and_the_member_on_two_phones(come_in: ComeIn) -> None:
    world = build()
    adopt_rulebook(world)
    with clock.at(clock.noon(TODAY) + timedelta(seconds=3)):
        house = build_house(world)
        house.give("李桂兰", 6000)
        house.card("李桂兰")
        member, keeper = come_in(world.users["guilan"], phone=True), come_in(world.users["shopkeeper"], phone=True)
        member.goto("/passbook/")
        member.get_by_role("link", name="出示积分卡").click()
        number = re.sub(r"\D", "", member.locator(".card-number").inner_text())
        code = re.sub(r"\D", "", member.locator(".card-digits").inner_text())

        keeper.add_init_script(CAMERA)
        keeper.goto("/")
        keeper.get_by_role("link", name="积分超市").click()
        keeper.get_by_role("link", name="槐园积分超市").click()
        keeper.get_by_role("link", name="扫卡兑换").click()
        keeper.get_by_label("卡号，或屏幕上的码").fill(f"{number}-00000000")
        keeper.get_by_role("button", name="查这张卡").click()
        expect(keeper.get_by_text("动态码不对")).to_be_visible()
        keeper.evaluate("text => { window.name = text; }", f"{number}-{code}")
        keeper.get_by_role("button", name="用摄像头扫码").click()
        expect(keeper.get_by_text("出示手机上的动态码")).to_be_visible()
        expect(keeper.locator(".served-name")).to_have_text("李桂兰")

        keeper.get_by_label("洗衣液").fill("2")
        keeper.get_by_role("button", name="下一步：核对").click()
        keeper.get_by_role("button", name="确认兑换，支出40分").click()
        expect(keeper.get_by_text("第2026-00001号")).to_be_visible()
        keeper.locator("#pad").scroll_into_view_if_needed()
        box = keeper.locator("#pad").bounding_box()
        assert box is not None
        keeper.mouse.move(box["x"] + 20, box["y"] + 40)
        keeper.mouse.down()
        keeper.mouse.move(box["x"] + 120, box["y"] + 90, steps=4)
        keeper.mouse.up()
        keeper.get_by_role("button", name="存签收单").click()
        expect(keeper.get_by_role("link", name="下载签收单")).to_be_visible()

        member.goto("/passbook/")
        expect(member.get_by_text("洗衣液2件，槐园积分超市")).to_be_visible()
        expect(member.locator(".score-number")).to_contain_text("20")
        member.get_by_role("link", name="看收据").click()
        expect(member.get_by_text("第2026-00001号")).to_be_visible()

        member.goto("/passbook/")
        member.get_by_role("link", name="出示积分卡").click()
        member.get_by_role("link", name="挂失").click()
        member.get_by_role("button", name="确认挂失").click()
        expect(member.get_by_text("卡号从现在起作废")).to_be_visible()
        keeper.goto(f"/shops/{house.shop.pk}/counter/")
        keeper.get_by_label("卡号，或屏幕上的码").fill(number)
        keeper.get_by_role("button", name="查这张卡").click()
        expect(keeper.get_by_text("这张卡已挂失或换发")).to_be_visible()
