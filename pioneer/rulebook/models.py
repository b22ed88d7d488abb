"""积分办法的表 Adopted versions, frozen: changing one makes the next."""

from django.db import models
from django.db.models import F, Q

from pioneer.organisations.models import Organisation


class RulebookVersion(models.Model):
    """办法版本 The text as adopted, with its digest; drafted by one person, adopted by another."""

    class State(models.TextChoices):
        DRAFT = "draft", "待采用"
        ADOPTED = "adopted", "已采用"
        DISCARDED = "discarded", "未采用"

    district = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    answers = models.JSONField(default=dict)
    drafted_by_number = models.BigIntegerField(null=True)
    drafted_at = models.DateTimeField()
    adopted_by_number = models.BigIntegerField(null=True)
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["district", "number"]
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="rulebook_number_once"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="rulebook_validity"
            ),
            models.CheckConstraint(
                condition=~Q(state="adopted") | Q(adopted_at__isnull=False), name="rulebook_adopted_when"
            ),
            models.CheckConstraint(
                condition=Q(adopted_by_number__isnull=True) | ~Q(adopted_by_number=F("drafted_by_number")),
                name="rulebook_two_people",
            ),
        ]
