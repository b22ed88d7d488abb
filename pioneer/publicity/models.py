"""公示的表 Publications with their windows, what each showed, and the objections against it."""

import secrets

from django.db import models
from django.db.models import F, Q

from pioneer.assessments.models import Line, Review, Sheet
from pioneer.files.models import StoredFile
from pioneer.kernel.points import PointsField
from pioneer.members.models import Member


def new_token() -> str:
    """公示地址 An unguessable address, 144 bits."""
    return secrets.token_urlsafe(18)


class Publication(models.Model):
    """公示 A confirmed sheet as shown, frozen. The end of its window is computed and stored at publication."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    published_at = models.DateTimeField()
    published_by_number = models.BigIntegerField(null=True)
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by_number = models.BigIntegerField(null=True)
    superseded_at = models.DateTimeField(null=True)  # a later revision took its place; it is never closed
    digest = models.CharField(max_length=64)
    heading = models.JSONField(default=dict)

    class Meta:
        ordering = ["sheet", "revision"]
        indexes = [models.Index(fields=["digest"], name="publication_fingerprint")]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "revision"], name="publication_revision_once"),
            models.UniqueConstraint(
                fields=["sheet"], condition=Q(superseded_at__isnull=True), name="publication_live_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("closes_at")), name="publication_never_early"
            ),
        ]


class PublishedMember(models.Model):
    """公示名单 A member's row on the notice, in roster order; figures in hundredths as shown."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="members")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    note = models.CharField(max_length=60, default="", blank=True)
    positive = PointsField(default=0)
    reverse = PointsField(default=0)
    total = PointsField(null=True)
    salt = models.CharField(max_length=32, default="", blank=True)
    commitment = models.CharField(max_length=64)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["publication", "member"], name="published_member_once")]


class PublishedLine(models.Model):
    """公示条目 Raw and counted as shown, with the public wording; the ground is never here.

    `raw` of a correction is what it takes back, with the opposite sign; a posted line that a correction moves is shown
    with what it gains or loses, and not posted again. `withheld`: shown, not posted (zeroed meanwhile, or carried on).
    """

    class Kind(models.TextChoices):
        OWN = "own", "本表条目"
        CORRECTION = "correction", "更正"
        MOVED = "moved", "因更正变动"

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=12)
    event_on = models.DateField()
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OWN)
    raw = PointsField()
    counted = PointsField()
    reason = models.TextField(default="", blank=True)
    wording = models.CharField(max_length=200)
    is_open = models.BooleanField(default=True)
    withheld = models.BooleanField(default=False)
    salt = models.CharField(max_length=32, default="", blank=True)
    commitment = models.CharField(max_length=64)

    class Meta:
        ordering = ["event_on", "id"]
        constraints = [models.UniqueConstraint(fields=["publication", "line"], name="published_line_once")]


class Objection(models.Model):
    """异议 By any member or resident, named or anonymous; who answers sees the name, the person concerned never."""

    class State(models.TextChoices):
        OPEN = "open", "待支部答复"
        REJECTED = "rejected", "支部答复：不成立"
        UPHELD = "upheld", "支部答复：成立"
        TOWNSHIP = "township", "待乡镇（街道）答复"
        FINAL_REJECTED = "final_rejected", "乡镇（街道）答复：不成立"
        FINAL_UPHELD = "final_upheld", "乡镇（街道）答复：成立"

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="objections")
    line = models.ForeignKey(Line, null=True, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, null=True, on_delete=models.PROTECT, related_name="+")
    receipt = models.CharField(max_length=16, unique=True)
    text = models.TextField()
    is_against_act = models.BooleanField(default=False)
    objector_name = models.CharField(max_length=60, default="", blank=True)
    objector_contact = models.CharField(max_length=60, default="", blank=True)
    objector_number = models.BigIntegerField(null=True)
    entered_by_number = models.BigIntegerField(null=True)
    request_key = models.UUIDField(unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=15, choices=State, default=State.OPEN)
    answer = models.TextField(default="", blank=True)
    public_answer = models.CharField(max_length=200, default="", blank=True)
    answered_by_number = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    escalate_until = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    escalated_why = models.CharField(max_length=200, default="", blank=True)
    final_answer = models.TextField(default="", blank=True)
    final_by_number = models.BigIntegerField(null=True)
    final_at = models.DateTimeField(null=True)
    new_value = PointsField(null=True)
    new_wording = models.CharField(max_length=200, default="", blank=True)
    new_by_number = models.BigIntegerField(null=True)
    applied_in = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=False) | Q(review__isnull=False), name="objection_against_something"
            )
        ]


class Proof(models.Model):
    """张贴凭证 That a notice was shown in a channel: by whom, when, where, with what proves it. Never edited: a
    mistaken one is withdrawn with a reason, and both stay. `erased_at`: when what names people was erased."""

    class Channel(models.TextChoices):
        BOARD = "board", "公示栏"
        MEETING = "meeting", "党员大会"
        ACCOUNT = "account", "公众号"
        GROUP = "group", "微信群"

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="proofs")
    channel = models.CharField(max_length=10, choices=Channel)
    done_on = models.DateField()
    done_by = models.CharField(max_length=60, default="", blank=True)
    place = models.CharField(max_length=120)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)  # when the photograph says it was taken
    link = models.CharField(max_length=300, default="", blank=True)
    entered_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    request_key = models.UUIDField(unique=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_number = models.BigIntegerField(null=True)
    withdrawn_why = models.CharField(max_length=200, default="", blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False)
                | Q(file__isnull=False)
                | (Q(channel__in=["account", "group"]) & ~Q(link="")),
                name="proof_proves_something",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_why="")
                | (Q(withdrawn_at__isnull=False) & (~Q(withdrawn_why="") | Q(erased_at__isnull=False))),
                name="proof_withdrawn_with_reason",
            ),
        ]


class Reminder(models.Model):
    """到期提醒 That somebody was told of a step of a sheet that is due, or late. Each is told once."""

    class Step(models.TextChoices):
        SUBMIT = "submit", "送复核"
        CONFIRM = "confirm", "复核"
        PUBLISH = "publish", "公示"
        PROVE = "prove", "上传张贴凭证"
        CLOSE = "close", "办结公示"

    class Kind(models.TextChoices):
        DUE = "due", "到期"
        LATE = "late", "逾期"

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=10, choices=Step)
    kind = models.CharField(max_length=10, choices=Kind)
    due_on = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "step", "kind"], name="reminder_told_once")]
