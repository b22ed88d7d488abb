"""兑换的表 Reservations, redemptions with their receipts, returns."""

from django.db import models
from django.db.models import Q

from pioneer.files.models import StoredFile
from pioneer.kernel.points import PointsField
from pioneer.rewards.models.books import Account, Transfer
from pioneer.rewards.models.cards import Card, Presentation
from pioneer.rewards.models.goods import Good, Shop


class Reservation(models.Model):
    """预订 Goods and points set aside until `expires_at`; taken, given up, or expired. `asked_by` is who asked at the
    shop for the member, where it was not the member itself: a text that may be erased."""

    class State(models.TextChoices):
        HELD = "held", "已预留"
        TAKEN = "taken", "已领取"
        RELEASED = "released", "已取消"
        EXPIRED = "expired", "已过期"

    class Asked(models.TextChoices):
        OWN = "own", "本人网上"
        PHONE = "phone", "电话"
        PERSON = "person", "当面"

    good = models.ForeignKey(Good, on_delete=models.PROTECT, related_name="reservations")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveIntegerField()
    points = PointsField()
    state = models.CharField(max_length=8, choices=State, default=State.HELD)
    hold = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="+")
    ending = models.OneToOneField(Transfer, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    by_number = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by_number = models.BigIntegerField(null=True)
    request_key = models.UUIDField(unique=True)
    content = models.CharField(max_length=64)
    asked = models.CharField(max_length=6, choices=Asked, default=Asked.OWN)
    asked_by = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="held"), name="reservation_running")]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0, points__gt=0), name="reservation_of_something"),
            models.CheckConstraint(
                condition=Q(state="held", ending=None, ended_at=None)
                | (~Q(state="held") & Q(ending__isnull=False, ended_at__isnull=False)),
                name="reservation_ended_by_transfer",
            ),
        ]


class Redemption(models.Model):
    """兑换 A receipt: numbered per shop and year without gaps. Append-only but for the signed paper and texts that are
    erased. `other` is who took the goods for the member, or took them at the door."""

    class How(models.TextChoices):
        PRESENT = "present", "本人到场"
        PROXY = "proxy", "他人代领"
        DELIVERED = "delivered", "送货上门"

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="redemptions")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="redemptions")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="+")
    presentation = models.OneToOneField(Presentation, on_delete=models.PROTECT, related_name="redemption")
    reservation = models.OneToOneField(Reservation, null=True, on_delete=models.PROTECT, related_name="redemption")
    points = PointsField()
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=9, choices=How)
    other = models.CharField(max_length=60, default="", blank=True)
    note = models.CharField(max_length=200, default="", blank=True)
    paper = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_number = models.BigIntegerField()
    request_key = models.UUIDField(unique=True)
    content = models.CharField(max_length=64)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "year", "number"], name="receipt_number_once"),
            models.CheckConstraint(condition=Q(points__gt=0, number__gt=0), name="redemption_of_something"),
        ]


class RedemptionItem(models.Model):
    """兑换的商品 With the price of the day. Append-only."""

    redemption = models.ForeignKey(Redemption, on_delete=models.PROTECT, related_name="items")
    good = models.ForeignKey(Good, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    quantity = models.PositiveIntegerField()
    price = PointsField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["account", "good", "on"], name="redeemed_by_member")]
        constraints = [
            models.UniqueConstraint(fields=["redemption", "good"], name="redeemed_good_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0, price__gt=0), name="redeemed_something"),
        ]


class Return(models.Model):
    """退货 A part of a redemption, or all of it, taken back by a transfer; numbered per shop and year without gaps.
    `restocked`: the goods went back on the shelf, else they are written off. Append-only but for a text erased."""

    redemption = models.ForeignKey(Redemption, on_delete=models.PROTECT, related_name="returns")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="returns")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    points = PointsField()
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    restocked = models.BooleanField()
    at = models.DateTimeField()
    by_number = models.BigIntegerField()
    request_key = models.UUIDField(unique=True)
    content = models.CharField(max_length=64)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "year", "number"], name="return_number_once"),
            models.CheckConstraint(condition=Q(points__gt=0, number__gt=0), name="return_of_something"),
        ]


class ReturnItem(models.Model):
    """退回的商品 So many of one line of the receipt, never more than are left of it. Append-only."""

    taken_back = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(RedemptionItem, on_delete=models.PROTECT, related_name="brought_back")
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["taken_back", "item"], name="brought_back_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="returned_something"),
        ]
