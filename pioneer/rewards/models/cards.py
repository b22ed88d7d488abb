"""存折的卡 A card with its number and the secret behind the code that changes; each time it was shown."""

from django.db import models
from django.db.models import Q

from pioneer.rewards.models.books import Account


class Card(models.Model):
    """积分卡 One that works per member and passbook. A lost one dies; the next has another number and secret.
    `last_step`: the latest minute whose code was used, so that no code works twice."""

    class Death(models.TextChoices):
        LOST = "lost", "挂失"
        REPLACED = "replaced", "换发"
        ERASED = "erased", "资料抹除"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="cards")
    number = models.CharField(max_length=12, unique=True)
    secret_sealed = models.BinaryField(null=True)
    last_step = models.BigIntegerField(default=0)
    issued_at = models.DateTimeField()
    issued_by_number = models.BigIntegerField(null=True)
    dead_at = models.DateTimeField(null=True)
    dead_why = models.CharField(max_length=8, choices=Death, default="", blank=True)
    dead_by_number = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(dead_at__isnull=True), name="card_alive_once"),
            models.CheckConstraint(
                condition=Q(dead_at__isnull=True, secret_sealed__isnull=False)
                | (Q(dead_at__isnull=False, secret_sealed__isnull=True) & ~Q(dead_why="")),
                name="card_dead_without_secret",
            ),
        ]


class Presentation(models.Model):
    """出示 That a card was shown at a shop or a merchant and found good; for whom showed it there, for some minutes,
    once."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="presentations")
    shop = models.ForeignKey("rewards.Shop", null=True, on_delete=models.PROTECT, related_name="+")
    merchant = models.ForeignKey("rewards.Merchant", null=True, on_delete=models.PROTECT, related_name="+")
    by_code = models.BooleanField()
    at = models.DateTimeField()
    by_number = models.BigIntegerField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shop__isnull=False, merchant=None) | Q(shop=None, merchant__isnull=False),
                name="presentation_somewhere",
            ),
        ]
