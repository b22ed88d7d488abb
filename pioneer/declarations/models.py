"""申报的表 What a member declares: time, place, the specific matter."""

import uuid

from django.db import models
from django.db.models import Q

from pioneer.files.models import StoredFile
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation


class WeeklyForm(models.Model):
    """每周申报表 A paper form printed for one member and one week, which begins on `monday`. The code on it leads who
    enters for the branch to the member and the week; by itself it says nothing of either."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    monday = models.DateField()
    code = models.CharField(max_length=8, unique=True)
    printed_by_number = models.BigIntegerField(null=True)
    printed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "branch", "monday"], name="weekly_form_once")]


class Batch(models.Model):
    """一并录入 Several claims entered in one act: of several members for one event, or from one paper form.

    `request_key` is made by the page that sends it: sent twice counts once.
    """

    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(WeeklyForm, null=True, on_delete=models.PROTECT, related_name="batches")
    request_key = models.UUIDField(unique=True)
    entered_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()


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
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="claims")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["event_on", "id"]
        indexes = [
            models.Index(fields=["branch", "state"], name="declaration_branch_state"),
            models.Index(fields=["member", "event_on"], name="declaration_member_event"),
            models.Index(fields=["branch", "event_on"], name="declaration_branch_event"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="declaration_quantity")
        ]


class DeclarationFile(models.Model):
    """佐证 A file that supports a declaration. When a photograph was taken is kept until the sheet is posted."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["declaration", "file"], name="evidence_once")]


class Flag(models.Model):
    """疑点 What the finder noticed of a claim, for who evaluates it to decide with a reason. It rejects nothing.

    `other` is the claim it was compared with; `detail` says what was found, without naming anybody of another branch.
    """

    class Kind(models.TextChoices):
        OVERLAP = "overlap", "时间重叠"
        HOURS = "hours", "时长过长"
        SAME_EVENT = "same_event", "疑似一事多报"
        SIMILAR = "similar", "内容相似"
        SAME_PHOTO = "same_photo", "照片相同"
        LIKE_PHOTO = "like_photo", "照片相近"
        OLD_PHOTO = "old_photo", "照片早于事项"
        LATE = "late", "逾期申报"

    class Decision(models.TextChoices):
        UNFOUNDED = "unfounded", "不成立"
        FOUNDED = "founded", "成立"

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="flags")
    kind = models.CharField(max_length=12, choices=Kind)
    other = models.ForeignKey(Declaration, null=True, on_delete=models.PROTECT, related_name="+")
    detail = models.CharField(max_length=300)
    found_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision, default="", blank=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    decided_by_number = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["declaration", "kind", "other"], name="flag_once"),
            models.UniqueConstraint(
                fields=["declaration", "kind"], condition=Q(other__isnull=True), name="flag_alone_once"
            ),
            models.CheckConstraint(
                condition=Q(decision="", reason="", decided_at__isnull=True)
                | (~Q(decision="") & ~Q(reason="") & Q(decided_at__isnull=False)),
                name="flag_decided_with_reason",
            ),
        ]
