"""存折的账 Passbooks, accounts and transfers in double entry; what each credit still holds; which line was credited."""

from django.db import models
from django.db.models import F, Q

from pioneer.kernel.points import PointsField
from pioneer.ledger.models import Posting
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.rulebook.models import RulebookVersion


class Passbook(models.Model):
    """积分存折 Opened for one organisation by a decision, closed again by one; `closes_on` is the last day of use."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField()
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=60)
    document = models.CharField(max_length=120)
    opened_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    closes_on = models.DateField(null=True)
    close_decided_on = models.DateField(null=True)
    close_decided_by = models.CharField(max_length=60, default="", blank=True)
    close_document = models.CharField(max_length=120, default="", blank=True)
    close_reason = models.CharField(max_length=200, default="", blank=True)
    closed_by_number = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["organisation__path", "-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(closes_on__isnull=True), name="passbook_open_once"
            ),
            models.CheckConstraint(condition=Q(decided_on__lte=F("opened_on")), name="passbook_decided_before"),
            models.CheckConstraint(condition=~Q(document="") & ~Q(decided_by=""), name="passbook_opened_with_document"),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True)
                | (Q(closes_on__gte=F("opened_on")) & ~Q(close_document="") & ~Q(close_decided_by="")),
                name="passbook_closed_with_document",
            ),
        ]


class Account(models.Model):
    """账户 Of a fund, a member, what a member has reserved, a shop, a merchant, or what has expired. A balance moves
    only by `last_transfer`, in the same transaction; the database refuses any other way."""

    class Kind(models.TextChoices):
        FUND = "fund", "积分基金"
        MEMBER = "member", "党员存折"
        HELD = "held", "预留"
        SHOP = "shop", "积分超市"
        MERCHANT = "merchant", "商户"
        EXPIRY = "expiry", "到期作废"

    passbook = models.ForeignKey(Passbook, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=8, choices=Kind)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    shop = models.ForeignKey("rewards.Shop", null=True, on_delete=models.PROTECT, related_name="accounts")
    merchant = models.ForeignKey("rewards.Merchant", null=True, on_delete=models.PROTECT, related_name="accounts")
    balance = models.BigIntegerField(default=0)
    last_transfer = models.ForeignKey("rewards.Transfer", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["passbook", "kind"], condition=Q(kind__in=["fund", "expiry"]), name="account_of_passbook_once"
            ),
            models.UniqueConstraint(
                fields=["passbook", "member", "kind"], condition=Q(member__isnull=False), name="account_of_member_once"
            ),
            models.UniqueConstraint(fields=["shop"], condition=Q(shop__isnull=False), name="account_of_shop_once"),
            models.UniqueConstraint(
                fields=["merchant"], condition=Q(merchant__isnull=False), name="account_of_merchant_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["fund", "expiry"], member=None, shop=None, merchant=None)
                | Q(kind__in=["member", "held"], member__isnull=False, shop=None, merchant=None)
                | Q(kind="shop", member=None, shop__isnull=False, merchant=None)
                | Q(kind="merchant", member=None, shop=None, merchant__isnull=False),
                name="account_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(kind="member") | Q(kind="fund", balance__lte=0) | Q(~Q(kind="fund"), balance__gte=0),
                name="account_not_overdrawn",
            ),
        ]


class Transfer(models.Model):
    """转账 One amount from one account to another of the same passbook. Append-only but for a text that is erased;
    `reference` is unique: the same again is the same answer, with other content an error."""

    class Kind(models.TextChoices):
        CREDIT = "credit", "积分转入"
        REVERSAL = "reversal", "更正收回"
        HOLD = "hold", "预留"
        RELEASE = "release", "取消预留"
        REDEEM = "redeem", "兑换"
        RETURN = "return", "退货"
        SPEND = "spend", "商户消费"
        UNSPEND = "unspend", "撤销消费"
        SETTLE = "settle", "商户结算"
        EXPIRE = "expire", "到期作废"

    from_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="outgoing")
    to_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="incoming")
    amount = PointsField()
    reference = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    reason = models.CharField(max_length=200, default="", blank=True)
    at = models.DateTimeField()
    actor_number = models.BigIntegerField(null=True)
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    line = models.ForeignKey("rewards.FedLine", null=True, on_delete=models.PROTECT, related_name="transfers")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_of_something"),
            models.CheckConstraint(condition=~Q(from_account=F("to_account")), name="transfer_between_two"),
        ]


class Lot(models.Model):
    """一笔余额 What one credit (or what came back) still holds, until when; the earliest to expire is spent first."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lots")
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="lots")
    amount = PointsField()
    left = PointsField()
    expires_on = models.DateField(null=True)
    warned_on = models.DateField(null=True)

    class Meta:
        ordering = ["account", F("expires_on").asc(nulls_last=True), "id"]
        indexes = [models.Index(fields=["account"], condition=Q(left__gt=0), name="lot_with_something")]
        constraints = [
            models.CheckConstraint(condition=Q(left__gte=0, left__lte=F("amount"), amount__gt=0), name="lot_within"),
        ]


class Draw(models.Model):
    """支取 What a transfer took out of which lot. Append-only."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="draws")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="draws")
    amount = PointsField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "lot"], name="draw_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="draw_of_something"),
        ]


class FedLine(models.Model):
    """转入的条目 One line of the ledger as the passbook knows it: what it counts by now, what it is worth (`due`), how
    much of that was credited. What is due beyond a month's budget waits."""

    passbook = models.ForeignKey(Passbook, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    line = models.BigIntegerField(unique=True)
    version = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=12)
    event_on = models.DateField()
    counted = PointsField(default=0)
    due = PointsField(default=0)
    credited = PointsField(default=0)
    turns = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["passbook"], condition=~Q(due=F("credited")), name="fed_line_waiting"),
        ]


class FedPosting(models.Model):
    """已转入的入账 Each posting is taken up once; append-only."""

    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, related_name="+")
    passbook = models.ForeignKey(Passbook, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lines = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
