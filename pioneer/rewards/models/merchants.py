"""商户优惠的表 Merchants, their agreements and offers, each use, the monthly statement both sides confirm."""

from django.db import models
from django.db.models import F, Q

from pioneer.accounts.models import User
from pioneer.kernel.points import PointsField
from pioneer.rewards.models.books import Account, Passbook, Transfer
from pioneer.rewards.models.cards import Card, Presentation
from pioneer.rewards.models.goods import Period


class Merchant(models.Model):
    """商户 A shop, hotel or restaurant that gives members something off."""

    class Trade(models.TextChoices):
        SHOP = "shop", "商店"
        RESTAURANT = "restaurant", "餐饮"
        HOTEL = "hotel", "住宿"
        SERVICE = "service", "生活服务"
        OTHER = "other", "其他"

    passbook = models.ForeignKey(Passbook, on_delete=models.PROTECT, related_name="merchants")
    name = models.CharField(max_length=60)
    trade = models.CharField(max_length=10, choices=Trade)
    address = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["passbook", "name"]
        constraints = [models.UniqueConstraint(fields=["passbook", "name"], name="merchant_name_once")]


class MerchantPerson(models.Model):
    """商户的人 An account that records at this merchant; it must hold the role as well."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="people")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by_number = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "user"], condition=Q(ended_at=None), name="merchant_person_once"
            ),
        ]


class Agreement(models.Model):
    """商户协议 From a day until a day, both count; `ended_on` where it was ended before. `cents_per_point`: what a
    point spent here is settled at; empty where no points are taken."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="agreements")
    from_on = models.DateField()
    until_on = models.DateField()
    signed_on = models.DateField()
    signed_by = models.CharField(max_length=120)
    document = models.CharField(max_length=120)
    cents_per_point = models.PositiveIntegerField(null=True)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ["merchant", "-from_on"]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="agreement_order"),
            models.CheckConstraint(condition=Q(ended_on=None) | ~Q(ended_why=""), name="agreement_ended_why"),
            models.CheckConstraint(condition=Q(cents_per_point=None) | Q(cents_per_point__gt=0), name="agreement_rate"),
        ]


class Offer(models.Model):
    """商户优惠 `percent` is what is still paid (90 is 九折), or `cents` are off a bill of at least `from_cents`."""

    class Kind(models.TextChoices):
        PERCENT = "percent", "折扣"
        AMOUNT = "amount", "立减"

    class For(models.TextChoices):
        ALL = "all", "全体党员"
        FULL = "full", "正式党员"

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="offers")
    title = models.CharField(max_length=60)
    kind = models.CharField(max_length=7, choices=Kind)
    percent = models.PositiveSmallIntegerField(null=True)
    cents = models.PositiveIntegerField(null=True)
    from_cents = models.PositiveIntegerField(default=0)
    limit_count = models.PositiveIntegerField(null=True)
    limit_period = models.CharField(max_length=7, choices=Period, default="", blank=True)
    for_whom = models.CharField(max_length=4, choices=For, default=For.ALL)
    min_score = PointsField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["agreement", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="percent", percent__gte=1, percent__lte=99, cents=None)
                | Q(kind="amount", percent=None, cents__gt=0, from_cents__gte=F("cents")),
                name="offer_of_something",
            ),
            models.CheckConstraint(
                condition=Q(limit_count=None, limit_period="") | (Q(limit_count__gt=0) & ~Q(limit_period="")),
                name="offer_limit",
            ),
        ]


class Statement(models.Model):
    """商户结算单 A month of a merchant: uses, points spent, what is owed for them; both sides confirm, then paid."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="statements")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    uses = models.PositiveIntegerField()
    saved_cents = models.PositiveIntegerField()
    points = PointsField()
    cents = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    merchant_by_number = models.BigIntegerField(null=True)
    merchant_at = models.DateTimeField(null=True)
    organisation_by_number = models.BigIntegerField(null=True)
    organisation_at = models.DateTimeField(null=True)
    dispute = models.CharField(max_length=200, default="", blank=True)
    transfer = models.OneToOneField(Transfer, null=True, on_delete=models.PROTECT, related_name="+")
    paid_on = models.DateField(null=True)

    class Meta:
        ordering = ["-year", "-month", "merchant"]
        constraints = [
            models.UniqueConstraint(fields=["merchant", "year", "month"], name="statement_once"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="statement_month"),
            models.CheckConstraint(
                condition=Q(merchant_by_number=None)
                | Q(organisation_by_number=None)
                | ~Q(merchant_by_number=F("organisation_by_number")),
                name="statement_two_people",
            ),
            models.CheckConstraint(
                condition=Q(transfer=None) | Q(merchant_at__isnull=False, organisation_at__isnull=False),
                name="statement_settled_by_both",
            ),
            models.CheckConstraint(
                condition=Q(paid_on=None) | Q(merchant_at__isnull=False, organisation_at__isnull=False),
                name="statement_paid_when_confirmed",
            ),
        ]


class OfferUse(models.Model):
    """优惠使用 Recorded by the merchant. `points` were paid with beside it; `cancelled_at` where it was taken back."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="uses")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="uses")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="offer_uses")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="+")
    presentation = models.OneToOneField(Presentation, on_delete=models.PROTECT, related_name="offer_use")
    on = models.DateField()
    at = models.DateTimeField()
    by_number = models.BigIntegerField()
    bill_cents = models.PositiveIntegerField()
    saved_cents = models.PositiveIntegerField()
    points = PointsField(default=0)
    point_cents = models.PositiveIntegerField(default=0)
    transfer = models.OneToOneField(Transfer, null=True, on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(Statement, null=True, on_delete=models.PROTECT, related_name="included")
    request_key = models.UUIDField(unique=True)
    content = models.CharField(max_length=64)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_why = models.CharField(max_length=200, default="", blank=True)
    cancelled_by_number = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "offer", "on"], name="offer_used_by_member")]
        constraints = [
            models.CheckConstraint(
                condition=Q(points=0, transfer=None) | Q(points__gt=0, transfer__isnull=False),
                name="offer_use_points_by_transfer",
            ),
            models.CheckConstraint(
                condition=Q(saved_cents__lte=F("bill_cents")) & Q(point_cents__lte=F("bill_cents") - F("saved_cents")),
                name="offer_use_within_bill",
            ),
            models.CheckConstraint(condition=Q(cancelled_at=None) | Q(statement=None), name="offer_use_settled_stays"),
        ]
