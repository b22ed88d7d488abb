"""存折的经费 Donations, the fund's money in cents, each month's cash counted beside the books."""

from django.db import models
from django.db.models import F, Q

from pioneer.files.models import StoredFile
from pioneer.rewards.models.books import Passbook
from pioneer.rewards.models.goods import Batch
from pioneer.rewards.models.merchants import Statement


class Donation(models.Model):
    """捐赠 Of money or of goods, by whom, with the receipt. Append-only but for texts that are erased."""

    class Kind(models.TextChoices):
        MONEY = "money", "捐款"
        GOODS = "goods", "捐物"

    passbook = models.ForeignKey(Passbook, on_delete=models.PROTECT, related_name="donations")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=5, choices=Kind)
    donor = models.CharField(max_length=80)
    is_anonymous = models.BooleanField(default=False)
    on = models.DateField()
    cents = models.PositiveBigIntegerField()
    what = models.CharField(max_length=200, default="", blank=True)
    document = models.CharField(max_length=120, default="", blank=True)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["passbook", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["passbook", "number"], name="donation_number_once"),
            models.CheckConstraint(condition=Q(kind="goods") | Q(cents__gt=0), name="donation_of_something"),
        ]


class MoneyEntry(models.Model):
    """经费台账 In (+) or out (−), in cents. Append-only; a wrong one is corrected by the opposite entry."""

    class Kind(models.TextChoices):
        GRANT = "grant", "拨款"
        DONATION = "donation", "捐款"
        PURCHASE = "purchase", "采购"
        SETTLEMENT = "settlement", "商户结算"
        OTHER_IN = "other_in", "其他收入"
        OTHER_OUT = "other_out", "其他支出"
        CORRECTION = "correction", "更正"

    passbook = models.ForeignKey(Passbook, on_delete=models.PROTECT, related_name="money")
    number = models.PositiveIntegerField()
    on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    cents = models.BigIntegerField()
    text = models.CharField(max_length=200, default="", blank=True)
    document = models.CharField(max_length=120, default="", blank=True)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    donation = models.OneToOneField(Donation, null=True, on_delete=models.PROTECT, related_name="+")
    batch = models.OneToOneField(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    statement = models.OneToOneField(Statement, null=True, on_delete=models.PROTECT, related_name="+")
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["passbook", "number"]
        constraints = [
            models.UniqueConstraint(fields=["passbook", "number"], name="money_number_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["grant", "donation", "other_in"], cents__gt=0)
                | Q(kind__in=["purchase", "settlement", "other_out"], cents__lt=0)
                | (Q(kind="correction", corrects__isnull=False) & ~Q(cents=0)),
                name="money_in_or_out",
            ),
        ]


class MonthClose(models.Model):
    """月结 The cash and bank of a month's last day as counted, beside the books of that moment; confirmed by a second
    person. Counted again it is the next `number`; the highest stands."""

    passbook = models.ForeignKey(Passbook, on_delete=models.PROTECT, related_name="months")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(default=1)
    counted_cents = models.BigIntegerField()
    book_cents = models.BigIntegerField()
    faults = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    note = models.CharField(max_length=200, default="", blank=True)
    paper = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    by_number = models.BigIntegerField()
    at = models.DateTimeField()
    confirmed_by_number = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-year", "-month", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["passbook", "year", "month", "number"], name="month_close_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by_number=None) | ~Q(confirmed_by_number=F("by_number")),
                name="month_close_two_people",
            ),
        ]
