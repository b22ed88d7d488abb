"""台账的表 Postings chained per branch, entries that are only ever added, and texts that can be erased."""

from django.db import models
from django.db.models import Q

from pioneer.kernel.points import PointsField
from pioneer.organisations.models import Organisation
from pioneer.publicity.models import Publication
from pioneer.rulebook.models import RulebookVersion


class Posting(models.Model):
    """入账 The only link of a branch's chain, so branches never wait for one another. Append-only."""

    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField()
    previous_digest = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["branch", "number"]
        constraints = [models.UniqueConstraint(fields=["branch", "number"], name="posting_number_once")]


class Entry(models.Model):
    """台账条目 The value of an occurrence before any cap, in hundredths. Append-only.

    `reference` is unique ("line:123"): the same again is the same answer, with other content an error.
    A correction names the entry it takes back, once, with the opposite value. `carried`: a total taken over from paper,
    counted by then. A settlement adds up members from `entry_member` alone, and finds by the two others whose entries
    it must look at one by one.
    """

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="entries")
    order = models.PositiveIntegerField()
    member_key = models.UUIDField()
    rulebook_version = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=12)
    event = models.CharField(max_length=60, default="", blank=True)
    value = PointsField()
    quantity = models.IntegerField(null=True)
    carried = models.BooleanField(default=False)
    event_on = models.DateField()
    event_month = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    reference = models.CharField(max_length=60, unique=True)
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    commitment = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["posting_id", "order"]
        indexes = [
            models.Index(fields=["member_key", "indicator", "event_month", "value"], name="entry_member"),
            models.Index(fields=["member_key", "event", "event_month"], condition=~Q(event=""), name="entry_event"),
            models.Index(
                fields=["member_key", "event_month"], condition=Q(carried=True) | Q(value=0), name="entry_apart"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["posting", "order"], name="entry_order_once"),
            models.CheckConstraint(condition=Q(event_month__gte=1), name="entry_month"),
        ]


class EntryText(models.Model):
    """条目文字 The erasable half of an entry: the wording as published and the ground. The entry keeps a commitment."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="text")
    salt = models.CharField(max_length=32, default="", blank=True)
    wording = models.CharField(max_length=200, default="", blank=True)
    ground = models.TextField(default="", blank=True)
    erased_at = models.DateTimeField(null=True)
