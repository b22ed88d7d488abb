"""申报的表 What a member declares: time, place, the specific matter."""

import uuid

from django.db import models
from django.db.models import Q

from pioneer.files.models import StoredFile
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation


class Declaration(models.Model):
    """申报 `taken` once the branch has taken it into its evaluation; until then the member may withdraw it.

    `request_key` is made by the page that sends it: sent twice counts once.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", "待考评"
        WITHDRAWN = "withdrawn", "已撤回"
        TAKEN = "taken", "已考评"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=12)
    event_on = models.DateField()
    started_at = models.TimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    place = models.CharField(max_length=80)
    matter = models.TextField()
    quantity = models.IntegerField(null=True, blank=True)
    level = models.CharField(max_length=20, default="", blank=True)
    event = models.CharField(max_length=60, default="", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    is_proxy = models.BooleanField(default=False)
    entered_by_number = models.BigIntegerField(null=True)
    request_key = models.UUIDField(default=uuid.uuid4, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["event_on", "id"]
        indexes = [
            models.Index(fields=["branch", "state"], name="declaration_branch_state"),
            models.Index(fields=["member", "event_on"], name="declaration_member_event"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="declaration_quantity")
        ]


class DeclarationFile(models.Model):
    """佐证 A file that supports a declaration."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["declaration", "file"], name="evidence_once")]
