"""备案的表 What was sent to the level above with its package, what came back, what amends it; a received one stands."""

from django.db import models
from django.db.models import F, Q

from pioneer.conduct.models import ZeroingCase
from pioneer.files.models import StoredFile
from pioneer.kernel.points import PointsField
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.results.models import Announcement, Result, Settlement


class Filing(models.Model):
    """备案 One package sent: of a community (or the branch that is one) to its township, of a township to its district.

    `revision` counts what was sent of a unit and cycle; `number` is the filing number the receiver gave. A township's
    has no settlement of its own. `package_digest` outlives the package, which goes when somebody on it is erased.
    """

    class State(models.TextChoices):
        SENT = "sent", "待接收"
        RETURNED = "returned", "已退回"
        RECEIVED = "received", "已备案"

    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    revision = models.PositiveSmallIntegerField()
    settlement = models.ForeignKey(Settlement, null=True, on_delete=models.PROTECT, related_name="+")
    announcement = models.ForeignKey(Announcement, null=True, on_delete=models.PROTECT, related_name="+")
    members = models.PositiveIntegerField()
    counts = models.JSONField(default=list)  # [code, name, members], the best tier first, at the end those without
    package = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    package_digest = models.CharField(max_length=64)
    minutes = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    untold_reason = models.CharField(max_length=500, default="", blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.SENT)
    sent_by_number = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField()
    number = models.CharField(max_length=40, default="", blank=True)
    decided_by_number = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=1000, default="", blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "first_on", "revision"], name="filing_revision_once"),
            models.UniqueConstraint(fields=["unit", "first_on"], condition=Q(state="sent"), name="filing_waits_once"),
            models.UniqueConstraint(fields=["to", "number"], condition=~Q(number=""), name="filing_number_once"),
            models.CheckConstraint(condition=Q(last_on__gt=F("first_on")), name="filing_cycle"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="filing_revision"),
            models.CheckConstraint(
                condition=Q(state="received") & ~Q(number="") | ~Q(state="received") & Q(number=""),
                name="filing_received_has_number",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", decided_at__isnull=True) | ~Q(state="sent") & Q(decided_at__isnull=False),
                name="filing_decided",
            ),
        ]


class FilingStep(models.Model):
    """备案经过 Sent, returned, received, amended: when and by whom. Append-only; texts stand elsewhere."""

    class Kind(models.TextChoices):
        SENT = "sent", "报送"
        RETURNED = "returned", "退回"
        RECEIVED = "received", "接收备案"
        AMENDED = "amended", "批准更正，形成新的备案"

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=8, choices=Kind)
    by_number = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["filing", "id"]
        constraints = [models.UniqueConstraint(fields=["filing", "kind"], name="filing_step_once")]


class ReturnedLine(models.Model):
    """退回的一条 Why one member's line is not right, said by who returned the filing."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="returned_lines")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        ordering = ["filing", "id"]
        constraints = [models.UniqueConstraint(fields=["filing", "member"], name="returned_line_once")]


class CollectedFiling(models.Model):
    """汇总的备案 A received filing that a township's filing with the district names. Append-only."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="collected")
    part = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["filing", "id"]
        constraints = [models.UniqueConstraint(fields=["filing", "part"], name="collected_filing_once")]


class MissingUnit(models.Model):
    """缺报的单位 A unit without a received filing when the township filed, and why. Append-only."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="missing")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["filing", "id"]
        constraints = [models.UniqueConstraint(fields=["filing", "unit"], name="missing_unit_once")]


class FilingReminder(models.Model):
    """逾期提醒 That a unit was told once that its filing is late. Append-only."""

    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    due_on = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["unit", "first_on"], name="filing_reminder_once")]


class Amendment(models.Model):
    """更正 What was filed of one member is not right: proposed by the unit, answered by the member, approved by the
    township, whereupon a further revision of the filing stands.

    `was_points` and `now_points`: what the matter counts, in hundredths, deductions below 0. Scores and tiers follow
    from them by the rulebook; nobody enters one. A zeroing that was approved or annulled after the filing is amended
    by its own kind, without points. Decided, nothing of it changes but that its texts can be erased.
    """

    class Kind(models.TextChoices):
        POINTS = "points", "分值"
        ZEROED = "zeroed", "清零"
        RESTORED = "restored", "撤销清零"

    class State(models.TextChoices):
        PROPOSED = "proposed", "待本人答复"
        ANSWERED = "answered", "本人已答复，待审批"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="amendments")
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.POINTS)
    zeroing = models.ForeignKey(ZeroingCase, null=True, on_delete=models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=20)
    event_on = models.DateField()
    was_points = PointsField()
    now_points = PointsField()
    was_score = PointsField()
    now_score = PointsField()
    was_tier = models.CharField(max_length=20, default="", blank=True)
    now_earned = models.CharField(max_length=20, default="", blank=True)
    now_tier = models.CharField(max_length=20, default="", blank=True)
    ground = models.CharField(max_length=1000, default="", blank=True)
    document = models.CharField(max_length=200, default="", blank=True)
    scan = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    told_how = models.CharField(max_length=200, default="", blank=True)
    answer_until = models.DateTimeField()
    statement = models.CharField(max_length=2000, default="", blank=True)
    statement_at = models.DateTimeField(null=True)
    statement_by_number = models.BigIntegerField(null=True)
    statement_how = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    proposed_by_number = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField()
    decided_by_number = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=1000, default="", blank=True)
    made = models.OneToOneField(Filing, null=True, on_delete=models.PROTECT, related_name="made_by")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["result"], condition=Q(state__in=["proposed", "answered"]), name="amendment_open_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind="points") | ~Q(was_points=F("now_points")), name="amendment_changes_something"
            ),
            models.CheckConstraint(
                condition=Q(kind="points", zeroing__isnull=True) | ~Q(kind="points") & Q(zeroing__isnull=False),
                name="amendment_of_zeroing",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", made__isnull=False) | ~Q(state="approved") & Q(made__isnull=True),
                name="amendment_approved_makes_filing",
            ),
        ]
