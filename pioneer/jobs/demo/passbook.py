"""积分存折 Of the community shown: opened two months ago, fed by what was posted since; two shops, a merchant, money.

Everything is done by the program's own operations, each at its hour and in the order of time, so that the books stand
as they would.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pioneer.accounts.policies import CLOCK, Actor
from pioneer.jobs.demo import passbook_goods as goods
from pioneer.jobs.demo import passbook_money
from pioneer.jobs.demo.extent import Month, moment
from pioneer.jobs.demo.passbook_goods import Ware
from pioneer.jobs.demo.passbook_life import Life, key
from pioneer.jobs.demo.world import World
from pioneer.jobs.demo.year_course import Course
from pioneer.kernel import clock
from pioneer.rewards.book_queries import member_accounts
from pioneer.rewards.cards import issue_card, present_card
from pioneer.rewards.crediting import credit_posting
from pioneer.rewards.goods import GoodForm, add_good, set_picture
from pioneer.rewards.money import record_donation
from pioneer.rewards.queries import to_credit
from pioneer.rewards.redeeming import redeem
from pioneer.rewards.reserving import reserve
from pioneer.rewards.returning import return_goods
from pioneer.rewards.services import open_passbook
from pioneer.rewards.shops import add_shop
from pioneer.rewards.stock import receive_goods

STAFF = (("shopkeeper", "祁巧云", "19700000001"), ("merchant", "辛来福", "19700000002"))
HOLDERS = 8  # members with a card
"""Day of the month that ended last, place of the member, goods by place and how many; how, and who else."""
TAKEN: tuple[tuple[int, int, tuple[tuple[int, int], ...], str, str], ...] = (
    (3, 1, ((3, 1),), "present", ""),
    (6, 0, ((2, 1),), "present", ""),
    (10, 3, ((3, 2),), "proxy", "邻居代领（演示）"),
    (20, 4, ((0, 1),), "delivered", "家属（演示）"),
    (22, 2, ((2, 3),), "present", ""),
    (26, 5, ((2, 1), (3, 1)), "present", ""),
)
BROUGHT_BACK = 22  # that day's receipt: three towels, of which one comes back two days later
TOWELS = 2


def staff(world: World) -> None:
    """超市管理员和商户 Two accounts with a sign-in, without a throw of the dice: everybody else stays as is."""
    community = world.communities[0].number
    for place, (role, name, phone) in enumerate(STAFF, 1):
        row = world.add(
            "user", login=f"S{place:05d}", phone=phone, name=name, organisation_id=community, password="!",  # noqa: S106
            created_at=moment(world.start, 9),
        )  # fmt: skip
        world.add("grant", user_id=row["id"], role=role, organisation_id=community, from_on=world.start)
        world.sign_ins[role] = row["id"]


def keep(world: World) -> str:
    """过两个月 The number of the card that is shown, for whoever tries the counter."""
    life = Life(Course(world), world.communities[0])
    first, last = world.months[-2], world.months[-1]
    opening = max(world.start, first.first - timedelta(days=9))
    life.at(opening, 9, lambda: _open(life, max(opening, first.first)))
    life.at(opening + timedelta(days=2), 10, lambda: _stock(life))
    passbook_money.plan(life, opening)
    for when, posting in _postings(world, max(opening, first.first)):
        life.steps.append((when, lambda number=posting: _credit(number)))  # type: ignore[misc]
    life.at(last.first, 9, lambda: _cards(life))
    _plan_taking(life, last)
    life.live()
    return life.card


def _open(life: Life, opened_on: date) -> None:
    officer, today = life.who("community_officer"), clock.today()
    life.passbook = open_passbook(
        actor=officer, organisation_id=life.community.number, opened_on=opened_on, decided_on=today,
        decided_by="社区党委会", document=f"演示槐社党〔{today.year}〕3号",
    )  # fmt: skip
    for name, place, hours in (
        ("槐园积分超市", "党群服务中心一层", "每周二、周五上午9点至11点"),
        ("东门爱心小站", "东门物业用房", "每周三下午3点至5点"),
    ):
        life.shops.append(add_shop(actor=officer, passbook_id=life.passbook.pk, name=name, place=place, hours=hours))


def _stock(life: Life) -> None:
    officer, keeper = life.who("community_officer"), life.who("shopkeeper")
    gift = record_donation(
        actor=officer, passbook_id=life.passbook.pk, kind="goods", donor="槐园粮油店", on=clock.today(), cents=52000,
        what="大米20袋，每袋5千克", document="捐赠协议1号（演示）",
    )  # fmt: skip
    for shop, wares in zip(life.shops, (goods.FIRST, goods.SECOND), strict=True):
        for place, ware in enumerate(wares, 1):
            _ware(life, shop, ware, officer, keeper, f"演示发票{shop.pk}{place:02d}", gift.pk if ware.donated else None)


def _ware(
    life: Life, shop: Any, ware: Ware, officer: Actor, keeper: Actor, document: str, donation: int | None
) -> None:
    form = GoodForm(
        name=ware.name, price=ware.price * 100, description=ware.description, unit=ware.unit, limit_count=ware.limit,
        limit_period="month" if ware.limit else "",
    )  # fmt: skip
    made = add_good(actor=officer, shop_id=shop.pk, form=form)
    set_picture(actor=officer, good_id=made.pk, content=goods.picture(ware), name=f"{ware.name}.png")
    receive_goods(
        actor=keeper, good_id=made.pk, quantity=ware.quantity, unit_cents=ware.cents, received_on=clock.today(),
        document=document, donation_id=donation,
    )  # fmt: skip
    life.wares.append(made)


# ------------------------------------------------------------------ points


def _postings(world: World, opened_on: date) -> list[tuple[datetime, int]]:
    """The community's postings from that day on, each a little after it was posted, one after the other."""
    branches = {one.number for one in world.branches if one.community is world.communities[0]}
    found: list[tuple[datetime, int]] = []
    for row in world.of("posting"):
        if row["branch_id"] in branches and row["posted_at"] >= moment(opened_on, 0):
            after = row["posted_at"] + timedelta(minutes=10)
            found.append((max(after, found[-1][0]) if found else after, row["id"]))
    return [one for one in found if one[0] < world.now]


def _credit(number: int) -> None:
    if any(one.pk == number for one in to_credit()):
        credit_posting(actor=CLOCK, posting_id=number)


# ------------------------------------------------------------------ cards and goods


def _cards(life: Life) -> None:
    """The member whose page is shown, then others of the first branch who are plain and have most."""
    course, officer = life.course, life.who("community_officer")
    branch, shown = course.shown, course.world.sign_ins.get("member")
    plain = [one for one in branch.roster if course.is_plain(one, branch) and one.user != officer.number]
    own = {one.account.member_id: one.account.balance for one in member_accounts(officer, life.passbook)}
    ordered = sorted(plain, key=lambda one: (one.user != shown, -own.get(one.number, 0), one.number))
    life.holders = ordered[:HOLDERS]
    for one in life.holders:
        life.cards[one.number] = issue_card(actor=officer, passbook_id=life.passbook.pk, member_id=one.number)


def _plan_taking(life: Life, month: Month) -> None:
    for day, place, wanted, how, other in TAKEN:
        on = month.first + timedelta(days=day)
        life.at(on, 10, lambda p=place, w=wanted, h=how, o=other, d=day: _take(life, d, p, w, h, o))  # type: ignore[misc]
    life.at(month.first + timedelta(days=BROUGHT_BACK + 2), 16, lambda: _bring_back(life))
    life.at(month.first + timedelta(days=14), 9, lambda: _restock(life))
    life.at(life.course.ago(2), 19, lambda: _reserve(life))


def _take(life: Life, day: int, place: int, wanted: Sequence[tuple[int, int]], how: str, other: str) -> None:
    """At the first shop's counter, where the points are enough."""
    items = [(life.wares[ware].pk, many) for ware, many in wanted]
    holder = life.able(place, sum(life.wares[ware].price * many for ware, many in wanted))
    if holder is None:
        return
    keeper = life.who("shopkeeper")
    shown = present_card(actor=keeper, typed=life.cards[holder.number].number, shop_id=life.shops[0].pk)
    made = redeem(
        actor=keeper, presentation_id=shown.pk, items=items, request_key=key(f"redeem {day}"), how=how, other=other
    )
    life.receipts[day] = made


def _bring_back(life: Life) -> None:
    """One of three towels."""
    receipt = life.receipts.get(BROUGHT_BACK)
    if receipt is not None:
        return_goods(
            actor=life.who("shopkeeper"), redemption_id=receipt.pk, lines=[(receipt.items.get().pk, 1)],
            reason="有一条线头松开，未使用", restocked=True, request_key=key("return"),
        )  # fmt: skip


def _restock(life: Life) -> None:
    """A second batch of towels, a little dearer."""
    receive_goods(
        actor=life.who("shopkeeper"), good_id=life.wares[TOWELS].pk, quantity=20, unit_cents=620,
        received_on=clock.today(), document="演示发票302",
    )  # fmt: skip


def _reserve(life: Life) -> None:
    """By the member shown itself, from the second shop."""
    umbrella = life.wares[len(goods.FIRST)]
    holder = life.holders[0] if life.holders else None
    if holder is None or holder.user is None or life.able(0, umbrella.price) is not holder:
        return
    actor = life.course.actor(holder.user)
    reserve(actor=actor, good_id=umbrella.pk, quantity=1, request_key=key("reserve"))
