"""存折之家 A community's passbook with a shop, two shopkeepers, a merchant and cards: what the tests of the passbook,
its pages and its benchmarks stand on. Everything but the two accounts of people is made by operations."""

from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from PIL import Image

from pioneer.accounts.models import Grant, Role, User
from pioneer.accounts.policies import CLOCK, AnyActor
from pioneer.conduct.models import ZeroingCase
from pioneer.kernel import clock
from pioneer.members.models import Member
from pioneer.rewards import booking
from pioneer.rewards.booking import Kind, Move
from pioneer.rewards.cards import issue_card, present_card
from pioneer.rewards.goods import GoodForm, add_good
from pioneer.rewards.merchants import OfferForm, add_merchant, add_offer, add_person, sign_agreement
from pioneer.rewards.models import (
    Account,
    Agreement,
    Card,
    Good,
    Merchant,
    Offer,
    Passbook,
    Presentation,
    Redemption,
    Return,
    Shop,
    Transfer,
)
from pioneer.rewards.redeeming import redeem
from pioneer.rewards.returning import return_goods
from pioneer.rewards.services import open_passbook
from pioneer.rewards.shops import add_shop
from pioneer.rewards.stock import receive_goods
from pioneer.rulebook.models import RulebookVersion
from pioneer.scoring import load_text
from tests.world import ROOT, START, World

RULES = """[passbook]
indices = ["positive"]
ratio = 10
keep = "carried"
clause = "第十二条"
provenance = "assumed"
"""  # of the shipped rulebook, word for word
_numbers = count(1)


@dataclass
class House:
    """A passbook of 槐园社区 and what belongs to it; `world.actor("shopkeeper")` runs the shop."""

    world: World
    passbook: Passbook
    shop: Shop
    good: Good
    cards: dict[str, Card] = field(default_factory=dict)
    merchant: Merchant | None = None
    agreement: Agreement | None = None
    offer: Offer | None = None

    def actor(self, who: str) -> AnyActor:
        return self.world.actor(who)

    def member(self, name: str) -> Member:
        return self.world.member(name)

    def account(self, name: str) -> Account:
        return booking.member_account(self.passbook, self.member(name))

    def balance(self, name: str) -> int:
        return self.account(name).balance

    def give(self, name: str, points: int, expires_on: date | None = None) -> Transfer:
        """So many hundredths out of the fund, as a credit."""
        return give(self.passbook, self.member(name), points, expires_on)

    def take(self, name: str, points: int) -> Transfer:
        """So many hundredths back to the fund, as a corrected line does, even below zero."""
        with transaction.atomic():
            fund, own = booking.fund_of(self.passbook), self.account(name)
            locked = booking.lock([fund.pk, own.pk])
            what = Move(locked[own.pk], locked[fund.pk], points, Kind.REVERSAL, f"test:{uuid4()}")
            return booking.move(CLOCK, what)

    def card(self, name: str) -> Card:
        """The member's card, issued when first asked for."""
        if name not in self.cards:
            self.cards[name] = issue_card(
                actor=self.actor("community_officer"), passbook_id=self.passbook.pk, member_id=self.member(name).pk
            )
        return self.cards[name]

    def show(self, name: str, who: str = "shopkeeper", shop: Shop | None = None) -> Presentation:
        """The card shown at the shop by its number."""
        return present_card(actor=self.actor(who), typed=self.card(name).number, shop_id=(shop or self.shop).pk)

    def show_merchant(self, name: str) -> Presentation:
        """The card shown at the merchant."""
        assert self.merchant is not None
        return present_card(actor=self.actor("merchant"), typed=self.card(name).number, merchant_id=self.merchant.pk)

    def redeem(self, name: str, quantity: int = 1, good: Good | None = None, **more: Any) -> Redemption:
        """At the counter, in one go."""
        form: dict[str, Any] = {"request_key": uuid4(), "items": [((good or self.good).pk, quantity)], **more}
        if "presentation_id" not in form:
            form["presentation_id"] = self.show(name).pk
        return redeem(actor=self.actor(form.pop("who", "shopkeeper")), **form)

    def bring_back(self, receipt: Redemption, quantity: int | None = None, **more: Any) -> Return:
        """So many of the receipt's first line, or everything of all lines."""
        items = list(receipt.items.all())
        lines = [(items[0].pk, quantity)] if quantity is not None else [(one.pk, one.quantity) for one in items]
        form: dict[str, Any] = {"reason": "破损", "restocked": True, "request_key": uuid4(), "lines": lines, **more}
        return return_goods(actor=self.actor(form.pop("who", "shopkeeper")), redemption_id=receipt.pk, **form)


def adopt_with(world: World, rules: str) -> RulebookVersion:
    """The shipped rulebook adopted with another passbook, or with none."""
    text = (ROOT / "rulebooks" / "jiancaoping" / "rulebook.toml").read_text(encoding="utf-8")
    assert RULES in text
    found = load_text(text.replace(RULES, rules)).rulebook
    assert found is not None
    return RulebookVersion.objects.create(
        district=world.district, number=1, name=found.meta.name, text=text.replace(RULES, rules), digest=found.digest,
        valid_from=found.meta.valid_from, state=RulebookVersion.State.ADOPTED, drafted_at=clock.noon(START),
        drafted_by_number=world.users["district_officer"].pk, adopted_at=clock.noon(START),
        adopted_by_number=world.users["second_district_officer"].pk,
    )  # fmt: skip


def build_house(world: World) -> House:
    """The shipped rulebook must be adopted; the day is World.TODAY or later."""
    community = world.organisations["community"]
    passbook = open_passbook(
        actor=world.actor("community_officer"), organisation_id=community.pk, opened_on=clock.today(),
        decided_on=clock.today(), decided_by="社区党委会", document="槐社党〔2026〕8号",
    )  # fmt: skip
    add_user(world, "shopkeeper", "米巧云", Role.SHOPKEEPER)
    add_user(world, "second_shopkeeper", "麦秀兰", Role.SHOPKEEPER)
    shop = add_shop(
        actor=world.actor("community_officer"), passbook_id=passbook.pk, name="槐园积分超市", place="党群服务中心一层"
    )
    house = House(world, passbook, shop, Good())
    house.good = stocked(house, "洗衣液", 2000, 10)
    return house


def stocked(house: House, name: str, price: int, quantity: int, unit_cents: int = 1250, **more: Any) -> Good:
    """A good with a batch of it."""
    form = GoodForm(name=name, price=price, **more)
    made = add_good(actor=house.actor("community_officer"), shop_id=house.shop.pk, form=form)
    if quantity:
        receive_goods(
            actor=house.actor("shopkeeper"), good_id=made.pk, quantity=quantity, unit_cents=unit_cents,
            received_on=clock.today(), document="发票0001",
        )  # fmt: skip
    made.refresh_from_db()
    return made


def with_merchant(house: House, cents_per_point: int | None = 50, **more: Any) -> House:
    """A restaurant with nine tenths to pay, under an agreement until the end of the year."""
    world = house.world
    add_user(world, "merchant", "辛掌柜", Role.MERCHANT)
    officer = house.actor("community_officer")
    house.merchant = add_merchant(
        actor=officer, passbook_id=house.passbook.pk, name="槐园面馆", trade="restaurant", address="槐园路6号"
    )
    add_person(actor=officer, merchant_id=house.merchant.pk, user_id=world.users["merchant"].pk)
    house.agreement = sign_agreement(
        actor=officer, merchant_id=house.merchant.pk, from_on=clock.today(), until_on=date(2026, 12, 31),
        signed_on=clock.today(), signed_by="段雅文、辛掌柜", document="协议2026-1", cents_per_point=cents_per_point,
    )  # fmt: skip
    form = OfferForm(**{"title": "堂食九折", "kind": "percent", "percent": 90, **more})
    house.offer = add_offer(actor=officer, agreement_id=house.agreement.pk, form=form)
    return house


def add_user(world: World, code: str, name: str, role: Role, at: str = "community") -> User:
    """An account with a role, as the township would make it."""
    number = next(_numbers)
    user = User(login=f"S{number:05d}", phone=f"197{number:08d}", name=name, created_at=clock.now())
    user.organisation = world.organisations[at]
    user.set_unusable_password()
    user.save()
    Grant.objects.create(user=user, role=role, organisation=world.organisations[at], from_on=START)
    world.users[code] = user
    return user


def give(passbook: Passbook, member: Member, points: int, expires_on: date | None = None) -> Transfer:
    """A credit that no line stands behind."""
    with transaction.atomic():
        fund, own = booking.fund_of(passbook), booking.member_account(passbook, member)
        locked = booking.lock([fund.pk, own.pk])
        what = Move(
            locked[fund.pk], locked[own.pk], points, Kind.CREDIT, f"test:{uuid4()}", "测试转入", expires_on=expires_on
        )
        return booking.move(CLOCK, what)


def freeze(house: House, name: str) -> ZeroingCase:
    """A zeroing approved and in force."""
    now = clock.now()
    return ZeroingCase.objects.create(
        member=house.member(name), branch=house.world.branch, indicator="Z1", document_kind="judgment",
        issuer="区人民法院", document_number=str(uuid4()), document_on=clock.today(), facts="判决书", state="approved",
        told_at=now, answer_until=now, proposed_at=now, decided_at=now,
    )  # fmt: skip


def key() -> UUID:
    """A key of a form."""
    return uuid4()


def jpeg() -> bytes:
    """A small photograph."""
    buffer = BytesIO()
    Image.new("RGB", (40, 30), (180, 40, 40)).save(buffer, "JPEG")
    return buffer.getvalue()
