"""考评的表 The branch's monthly sheet, its lines, what the member was told and answered, and the reviews of claims."""

from django.db import models
from django.db.models import F, Q

from pioneer.conduct.models import Attendance, Dues, EducationRecord
from pioneer.declarations.models import Declaration
from pioneer.files.models import StoredFile
from pioneer.kernel.points import PointsField
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation


class Sheet(models.Model):
    """考评表 One branch, one month. Submitted by one person, confirmed by others, part by part.

    `edit` counts its changes, so that a page knows it is stale; `revision` those made after confirmation. Confirming a
    part changes nothing that is read and is not counted. `confirmed_by_number`, role and day are of the person who
    confirmed the last part; each line and review names its own. `confirmed_for` says whose lines an officer of the
    level above confirmed, and why. A take-over sheet stands in the place of the months up to `taken_over_on`, the last
    day of one; `reason` and `scan` are its papers.
    """

    class Kind(models.TextChoices):
        MONTHLY = "monthly", "月度考评表"
        SUPPLEMENTARY = "supplementary", "补充考评表"
        TAKEOVER = "takeover", "结转表"

    class State(models.TextChoices):
        OPEN = "open", "考评中"
        SUBMITTED = "submitted", "待复核"
        CONFIRMED = "confirmed", "已复核"

    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.MONTHLY)
    sequence = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, default="", blank=True)
    returned_why = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    revision = models.PositiveIntegerField(default=1)
    edit = models.PositiveIntegerField(default=0)
    taken_over_on = models.DateField(null=True)
    scan = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    submitted_by_number = models.BigIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    confirmed_by_number = models.BigIntegerField(null=True)
    confirmed_by_role = models.CharField(max_length=20, default="", blank=True)
    confirmed_for = models.CharField(max_length=400, default="", blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["branch", "year", "month", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "year", "month", "sequence"], name="sheet_once"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="sheet_month"),
            models.CheckConstraint(
                condition=Q(confirmed_by_number__isnull=True) | ~Q(confirmed_by_number=F("submitted_by_number")),
                name="sheet_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False), name="sheet_confirmed_when"
            ),
            models.CheckConstraint(
                condition=Q(kind="takeover", taken_over_on__isnull=False)
                | (~Q(kind="takeover") & Q(taken_over_on__isnull=True)),
                name="sheet_taken_over_when",
            ),
        ]


class Line(models.Model):
    """考评条目 One fact for one member: value (hundredths, before any cap), ground (private), wording (public).

    A confirmed sheet's line is never edited: an upheld objection strikes it and may put another in its place
    (`replaces`). A correction of something posted names the line it corrects and carries no value of its own.
    `decision` is the decision behind a deduction, or why a value within a range was decided so; `words` are the words
    on record where the indicator asks for them. `edit` counts the changes of an open sheet's line.
    `confirmed_by_number`: who confirmed it, never who entered it; empty on a line put in place after an objection.
    `attendance`, `dues`: the record of the branch's daily conduct it was proposed from; one standing line for each.
    `carried`: a total taken over from paper, as it stood posted there; such lines and no others stand on a take-over
    sheet (the database refuses it), and leave it only with an objection that moves them on.
    """

    class State(models.TextChoices):
        STANDING = "standing", "有效"
        STRUCK = "struck", "撤下"

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="lines")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=12)
    event_on = models.DateField()
    quantity = models.IntegerField(null=True, blank=True)
    level = models.CharField(max_length=20, default="", blank=True)
    multiplier = models.CharField(max_length=20, default="", blank=True)
    event = models.CharField(max_length=60, default="", blank=True)
    value = PointsField()
    carried = models.BooleanField(default=False)
    ground = models.TextField(default="", blank=True)
    wording = models.CharField(max_length=200)
    decision = models.TextField(default="", blank=True)
    words = models.TextField(default="", blank=True)
    education = models.ForeignKey(EducationRecord, null=True, on_delete=models.PROTECT, related_name="+")
    declaration = models.OneToOneField(Declaration, null=True, on_delete=models.PROTECT, related_name="+")
    attendance = models.ForeignKey(Attendance, null=True, on_delete=models.PROTECT, related_name="+")
    dues = models.ForeignKey(Dues, null=True, on_delete=models.PROTECT, related_name="+")
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.STANDING)
    struck_why = models.CharField(max_length=200, default="", blank=True)
    struck_in = models.PositiveIntegerField(null=True)
    added_in = models.PositiveIntegerField(default=1)
    entered_by_number = models.BigIntegerField(null=True)
    confirmed_by_number = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    edit = models.PositiveIntegerField(default=0)
    request_key = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told_how = models.CharField(max_length=200, default="", blank=True)
    wait_until = models.DateTimeField(null=True)
    statement = models.TextField(default="", blank=True)
    statement_at = models.DateTimeField(null=True)
    statement_by_number = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["event_on", "id"]
        indexes = [models.Index(fields=["sheet", "state", "member"], name="line_sheet_member")]
        constraints = [
            models.UniqueConstraint(fields=["request_key", "member"], name="line_entered_once"),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False, state="standing"), name="line_corrected_once"
            ),
            models.UniqueConstraint(
                fields=["attendance"],
                condition=Q(attendance__isnull=False, state="standing"),
                name="line_attendance_once",
            ),
            models.UniqueConstraint(
                fields=["dues"], condition=Q(dues__isnull=False, state="standing"), name="line_dues_once"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by_number__isnull=True) | ~Q(confirmed_by_number=F("entered_by_number")),
                name="line_two_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by_number__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by_number__isnull=False, confirmed_at__isnull=False),
                name="line_confirmed_when",
            ),
        ]


class Change(models.Model):
    """改动 One change of a sheet, under its edit number: by whom, by which operation, on which line or claim; no texts.

    It tells the second of two people what the first one did between the opening of a page and its being sent.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="changes")
    edit = models.PositiveIntegerField()
    operation = models.CharField(max_length=60)
    by_number = models.BigIntegerField(null=True)
    line = models.ForeignKey(Line, null=True, on_delete=models.PROTECT, related_name="+")
    declaration = models.ForeignKey(Declaration, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["sheet", "edit"]
        constraints = [models.UniqueConstraint(fields=["sheet", "edit"], name="change_once")]


class Review(models.Model):
    """核定 What the branch said of a claim: accepted, altered or rejected, by whom and why; and who confirmed it."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "核准"
        ALTERED = "altered", "调整后核准"
        REJECTED = "rejected", "不予认可"

    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="reviews")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=300, default="", blank=True)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    confirmed_by_number = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by_number__isnull=True) | ~Q(confirmed_by_number=F("by_number")),
                name="review_two_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by_number__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by_number__isnull=False, confirmed_at__isnull=False),
                name="review_confirmed_when",
            ),
        ]
