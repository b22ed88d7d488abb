"""年度评定的表 Dry runs of drafts, and the settlements of cycles with their results, which are only ever added."""

from django.db import models
from django.db.models import F, Q

from pioneer.assessments.models import Line
from pioneer.kernel.models import Task
from pioneer.kernel.points import PointsField
from pioneer.ledger.models import Posting
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.rulebook.models import RulebookVersion


class DryRun(models.Model):
    """试算 A draft tried out on what stands posted in a year, for the members of one organisation. The figures stand in
    the task's result, members by number only."""

    version = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="+")
    asked_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class SettlementRun(models.Model):
    """评定任务 A settlement that was asked for: whose, of which cycle, in earnest or as a trial."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    is_trial = models.BooleanField(default=False)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="+")
    asked_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(last_on__gt=F("first_on")), name="settlement_run_cycle")]


class Settlement(models.Model):
    """年度评定 One run for one part of the tree and one cycle; append-only, so that another run is another settlement.

    `number` counts the runs of an organisation in a cycle, trials by themselves; `replaces` is the run before.
    `versions` are the numbers of all versions of the rulebook that touch the cycle, `version` the one of its last day.
    `digest` covers the rows as they were written, people by their keys. In earnest only once the cycle is over.
    """

    run = models.OneToOneField(SettlementRun, on_delete=models.PROTECT, related_name="settlement")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    is_trial = models.BooleanField(default=False)
    number = models.PositiveIntegerField()
    version = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="+")
    versions = models.JSONField(default=list)
    members = models.PositiveIntegerField()
    made_on = models.DateField()
    made_at = models.DateTimeField()
    by_number = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "first_on", "is_trial", "number"], name="settlement_number_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="settlement_number"),
            models.CheckConstraint(
                condition=Q(is_trial=True) | Q(made_on__gt=F("last_on")), name="settlement_cycle_over"
            ),
        ]


class Result(models.Model):
    """评定结果 One member in one settlement; points in hundredths, `reverse` not above 0. Append-only.

    `unit` is the organisation within which quotas are counted: the community, or the branch that is one. `status` is
    that of the cycle's last day, as scoring takes it. `earned` is the tier before quotas, `tier` the one after, both as
    codes, and both empty where none is given: then `why` says why. `order` is the place in the roster.
    """

    class Why(models.TextChoices):
        PROBATIONARY = "probationary", "预备党员，不定等次"
        EXEMPT = "exempt", "经批准免评"
        OUT_OF_CONTACT = "out_of_contact", "失联党员"
        TRANSFERRED_OUT = "transferred_out", "已转出"
        LEFT = "left", "已退党"
        REMOVED = "removed", "已除名"
        EXPELLED = "expelled", "已开除"
        DECEASED = "deceased", "已故"
        TOO_SHORT = "too_short", "到周期末参评时间不足"
        MISSING = "missing", "尚缺外部成绩"

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="results")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField()
    status = models.CharField(max_length=20)
    opening = PointsField()
    positive = PointsField()
    reverse = PointsField()
    outside = PointsField()
    score = PointsField()
    earned = models.CharField(max_length=20, default="", blank=True)
    tier = models.CharField(max_length=20, default="", blank=True)
    is_zeroed = models.BooleanField(default=False)
    why = models.CharField(max_length=20, choices=Why, default="", blank=True)

    class Meta:
        ordering = ["settlement", "order"]
        constraints = [
            models.UniqueConstraint(fields=["settlement", "member"], name="result_once"),
            models.UniqueConstraint(fields=["settlement", "order"], name="result_order_once"),
            models.CheckConstraint(
                condition=(Q(tier="", earned="") & ~Q(why="")) | (~Q(tier="") & ~Q(earned="") & Q(why="")),
                name="result_tier_or_why",
            ),
            models.CheckConstraint(condition=Q(is_zeroed=False) | Q(score=0), name="result_zeroed"),
        ]


class ResultAspect(models.Model):
    """方面小计 What the occurrences of an aspect are worth (`raw`), and what all caps leave of them. Append-only."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="aspects")
    aspect = models.CharField(max_length=12)
    raw = PointsField()
    counted = PointsField()

    class Meta:
        ordering = ["result", "aspect"]
        constraints = [models.UniqueConstraint(fields=["result", "aspect"], name="result_aspect_once")]


class ResultReached(models.Model):
    """已触发 An alarm line or a streak that a result reached, by its code. Nothing follows by itself. Append-only."""

    class Kind(models.TextChoices):
        ALARM = "alarm", "预警线"
        STREAK = "streak", "连续等次"

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="reached")
    kind = models.CharField(max_length=6, choices=Kind)
    code = models.CharField(max_length=20)

    class Meta:
        ordering = ["result", "kind", "code"]
        constraints = [models.UniqueConstraint(fields=["result", "kind", "code"], name="result_reached_once")]


class ResultChange(models.Model):
    """变动 What a settlement says otherwise of a member than the one before. Append-only.

    `was` and `now`: hundredths of points, or codes. `correction` is the latest correcting line of the member that was
    posted in between, where there is one.
    """

    class What(models.TextChoices):
        LISTED = "listed", "新列入"
        GONE = "gone", "不再列入"
        SCORE = "score", "得分"
        TIER = "tier", "等次"
        WHY = "why", "不定等次的原因"

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="changes")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=6, choices=What)
    was = models.CharField(max_length=20, default="", blank=True)
    now = models.CharField(max_length=20, default="", blank=True)
    correction = models.ForeignKey(Line, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["settlement", "id"]
        constraints = [models.UniqueConstraint(fields=["settlement", "member", "what"], name="result_change_once")]


class FormerResult(models.Model):
    """以往结果 What was filed of a member for a cycle: received here (`result`), or imported with its filing number.

    Append-only: an amendment is a further row of a higher `revision`, and the highest counts. `tier` is a code of the
    rulebook, `lower` its lower bound in hundredths as it was then; both empty where none was given (`why` in words).
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    revision = models.PositiveSmallIntegerField(default=1)
    score = PointsField(null=True)
    tier = models.CharField(max_length=20, default="", blank=True)
    tier_name = models.CharField(max_length=20, default="", blank=True)
    lower = PointsField(null=True)
    is_zeroed = models.BooleanField(default=False)
    why = models.CharField(max_length=60, default="", blank=True)
    unit = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=80)
    filing_number = models.CharField(max_length=40)
    filed_on = models.DateField()
    result = models.ForeignKey(Result, null=True, on_delete=models.PROTECT, related_name="+")
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["member", "-first_on", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["member", "first_on", "revision"], name="former_result_once"),
            models.CheckConstraint(condition=Q(last_on__gt=F("first_on")), name="former_result_cycle"),
            models.CheckConstraint(condition=~Q(filing_number=""), name="former_result_filed"),
            models.CheckConstraint(
                condition=Q(tier="", lower__isnull=True) | (~Q(tier="") & Q(lower__isnull=False)),
                name="former_result_tier",
            ),
        ]


class Announcement(models.Model):
    """通报 The organisation-life meeting at which a community, or the branch that is one, told its members the results
    of a settlement in earnest. Once per settlement and unit; what was told does not change afterwards."""

    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="announcements")
    first_on = models.DateField()
    last_on = models.DateField()
    held_on = models.DateField()
    place = models.CharField(max_length=80)
    presided_by = models.CharField(max_length=40)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "settlement"], name="announcement_once"),
            models.CheckConstraint(condition=Q(held_on__gt=F("last_on")), name="announcement_after_cycle"),
        ]


class Told(models.Model):
    """通报到人 One member and the result announced: at the meeting or told otherwise, the yearly statement handed over,
    and whether it confirms or dissents, in its own words. A row for every listed member."""

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", "无异议"
        DISSENTS = "dissents", "有不同意见"

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="told")
    result = models.OneToOneField(Result, on_delete=models.PROTECT, related_name="+")
    was_present = models.BooleanField(null=True)
    handed_on = models.DateField(null=True)
    handed_how = models.CharField(max_length=40, default="", blank=True)
    answer = models.CharField(max_length=9, choices=Answer, default="", blank=True)
    words = models.CharField(max_length=500, default="", blank=True)
    answered_on = models.DateField(null=True)
    entered_by_number = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["announcement", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True) | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="told_answered_on",
            ),
        ]


class OutsideMark(models.Model):
    """外部成绩 What a member got outside the points (an appraisal, an examination) on a day: entered by one person,
    confirmed by another, and then frozen; only `basis` and `reason` can be erased. A change is a row of a higher
    `revision`, with its reason; without `value` it takes the mark back. The highest confirmed revision of a day counts.
    `component` is the code of the rulebook that holds on the cycle's last day; `basis` says on which paper it stands.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    component = models.CharField(max_length=20)
    first_on = models.DateField()
    last_on = models.DateField()
    on = models.DateField()
    value = PointsField(null=True)
    revision = models.PositiveSmallIntegerField(default=1)
    basis = models.CharField(max_length=120, default="", blank=True)
    reason = models.CharField(max_length=200, default="", blank=True)
    entered_by_number = models.BigIntegerField()
    entered_at = models.DateTimeField()
    confirmed_by_number = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["member", "component", "on", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "component", "first_on", "on", "revision"], name="outside_mark_once"
            ),
            models.CheckConstraint(condition=Q(on__gte=F("first_on"), on__lte=F("last_on")), name="outside_mark_day"),
            models.CheckConstraint(
                condition=Q(value__gte=0) | Q(value__isnull=True, revision__gt=1), name="outside_mark_value"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by_number__isnull=True, confirmed_at__isnull=True)
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by_number=F("entered_by_number"))),
                name="outside_mark_two_people",
            ),
        ]
        indexes = [models.Index(fields=["component", "first_on"], name="outside_mark_cycle")]


class AlarmLook(models.Model):
    """预警已查 A posting after which the alarm lines were looked at, once. Append-only."""

    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Alarmed(models.Model):
    """触及预警线 A member whom a posting brought across an alarm line within the cycle: once for each line and cycle.
    Nothing follows by itself. Append-only."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    look = models.ForeignKey(AlarmLook, on_delete=models.PROTECT, related_name="alarmed")
    first_on = models.DateField()
    last_on = models.DateField()
    code = models.CharField(max_length=20)
    score = PointsField()
    on = models.DateField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["member", "first_on", "code"], name="alarmed_once")]
