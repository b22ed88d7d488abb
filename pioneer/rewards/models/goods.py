"""积分超市的表 Shops, goods, batches with their cost, every movement of stock, counts, hand-overs."""

from django.db import models
from django.db.models import F, Q

from pioneer.files.models import StoredFile
from pioneer.kernel.points import PointsField
from pioneer.rewards.models.books import Passbook


class Period(models.TextChoices):
    """限量时段"""

    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    YEAR = "year", "每年"
    EVER = "ever", "总共"


class Shop(models.Model):
    """积分超市 `receipt_year` and `receipt_number` are the last receipt given, `return_…` the last return: no gaps."""

    passbook = models.ForeignKey(Passbook, on_delete=models.PROTECT, related_name="shops")
    name = models.CharField(max_length=60)
    place = models.CharField(max_length=120)
    hours = models.CharField(max_length=120, default="", blank=True)
    is_open = models.BooleanField(default=True)
    closed_note = models.CharField(max_length=120, default="", blank=True)
    receipt_year = models.PositiveSmallIntegerField(default=0)
    receipt_number = models.PositiveIntegerField(default=0)
    return_year = models.PositiveSmallIntegerField(default=0)
    return_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["passbook", "id"]
        constraints = [
            models.UniqueConstraint(fields=["passbook", "name"], name="shop_name_once"),
            models.CheckConstraint(condition=Q(is_open=True) | ~Q(closed_note=""), name="shop_closed_with_note"),
        ]


class Good(models.Model):
    """商品 What it costs, who may have it and how often. `stock` is what is on the shelf, `reserved` a part of it."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="goods")
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=300, default="", blank=True)
    unit = models.CharField(max_length=8, default="件")
    picture = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    price = PointsField()
    is_listed = models.BooleanField(default=True)
    limit_count = models.PositiveIntegerField(null=True)
    limit_period = models.CharField(max_length=7, choices=Period, default="", blank=True)
    min_balance = PointsField(null=True)
    min_score = PointsField(null=True)
    needs_no_objection = models.BooleanField(default=False)
    stock = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["shop", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="good_name_once"),
            models.CheckConstraint(condition=Q(price__gt=0), name="good_price"),
            models.CheckConstraint(condition=Q(stock__gte=0), name="good_stock"),
            models.CheckConstraint(condition=Q(reserved__gte=0, reserved__lte=F("stock")), name="good_reserved"),
            models.CheckConstraint(
                condition=Q(limit_count=None, limit_period="") | (Q(limit_count__gt=0) & ~Q(limit_period="")),
                name="good_limit",
            ),
        ]


class Batch(models.Model):
    """批次 Goods as they came in, with what one cost; the oldest is given out first."""

    class Source(models.TextChoices):
        PURCHASE = "purchase", "采购"
        DONATION = "donation", "捐赠"
        SURPLUS = "surplus", "盘盈"

    good = models.ForeignKey(Good, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=8, choices=Source)
    received_on = models.DateField()
    quantity = models.PositiveIntegerField()
    left = models.IntegerField()
    unit_cents = models.PositiveIntegerField(default=0)
    document = models.CharField(max_length=120, default="", blank=True)
    donation = models.ForeignKey("rewards.Donation", null=True, on_delete=models.PROTECT, related_name="batches")
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["good", "number"]
        constraints = [
            models.UniqueConstraint(fields=["good", "number"], name="batch_number_once"),
            models.CheckConstraint(condition=Q(left__gte=0, left__lte=F("quantity")), name="batch_left"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="batch_of_something"),
            models.CheckConstraint(
                condition=Q(source="donation", donation__isnull=False) | (~Q(source="donation") & Q(donation=None)),
                name="batch_donated_by_somebody",
            ),
        ]


class StockCount(models.Model):
    """盘点 What was counted beside what the books say, with a witness. Append-only but for texts that are erased."""

    good = models.ForeignKey(Good, on_delete=models.PROTECT, related_name="counts")
    expected = models.IntegerField()
    counted = models.PositiveIntegerField()
    reason = models.CharField(max_length=200, default="", blank=True)
    witness = models.CharField(max_length=60)
    at = models.DateTimeField()
    by_number = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-id"]


class StockMove(models.Model):
    """出入库 One batch, so many in (+) or out (−). Append-only: stock is their sum."""

    class Kind(models.TextChoices):
        RECEIVED = "received", "入库"
        REDEEMED = "redeemed", "兑换"
        RETURNED = "returned", "退货入库"
        COUNTED = "counted", "盘点差异"
        DISCARDED = "discarded", "报损"

    good = models.ForeignKey(Good, on_delete=models.PROTECT, related_name="moves")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=9, choices=Kind)
    quantity = models.IntegerField()
    redemption = models.ForeignKey("rewards.Redemption", null=True, on_delete=models.PROTECT, related_name="moves")
    count = models.ForeignKey(StockCount, null=True, on_delete=models.PROTECT, related_name="moves")
    reason = models.CharField(max_length=200, default="", blank=True)
    at = models.DateTimeField()
    by_number = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(quantity=0), name="stock_move_of_something")]


class HandOver(models.Model):
    """交接单 What one shopkeeper hands to the next: goods with their stock as the books say, confirmed by the other."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="hand_overs")
    from_number = models.BigIntegerField()
    to_number = models.BigIntegerField()
    lines = models.JSONField(default=list)
    note = models.CharField(max_length=200, default="", blank=True)
    answer = models.CharField(max_length=200, default="", blank=True)
    made_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["shop"], condition=Q(accepted_at=None, refused_at=None), name="hand_over_open_once"
            ),
            models.CheckConstraint(condition=~Q(from_number=F("to_number")), name="hand_over_to_another"),
            models.CheckConstraint(condition=Q(accepted_at=None) | Q(refused_at=None), name="hand_over_one_answer"),
        ]
