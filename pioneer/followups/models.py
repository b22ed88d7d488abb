"""跟进的表 Hopes told (勉励) and follow-ups (帮教) with their entries, which are only ever added; what the member says
to each; who was reminded."""

from django.db import models
from django.db.models import F, Q

from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.results.models import Told


class Encouragement(models.Model):
    """勉励 What the branch hopes of a member and requires, on a result that was announced. Append-only: what was wrong
    is said again under the next `number`, and the highest counts."""

    told = models.ForeignKey(Told, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    number = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    spoken_by = models.CharField(max_length=40)
    spoken_on = models.DateField()
    told_how = models.CharField(max_length=200)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-first_on", "member", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["member", "first_on", "number"], name="encouragement_once"),
            models.CheckConstraint(condition=Q(spoken_on__gt=F("last_on")), name="encouragement_after_cycle"),
        ]


class FollowUp(models.Model):
    """帮教 Of one member on the result of one cycle. The entries say what was done; what stands here is where they have
    led. `branch` is the one that holds it, `announced_on` the day before which nothing may lie. `talk_due_on`,
    `visit_due_on` and `due_on` are what is due; empty where the rulebook names no such time."""

    class State(models.TextChoices):
        OPENED = "opened", "待确定谈话人"
        ASSIGNED = "assigned", "待谈话"
        TALKED = "talked", "待结对"
        PAIRED = "paired", "待定计划"
        PLANNED = "planned", "帮教中"
        DECIDED = "decided", "结论待确认"
        CLOSED = "closed", "已了结"

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", "已经改正"
        CONTINUED = "continued", "继续帮教"
        HANDED_OVER = "handed_over", "移交处理"
        ENDED = "ended", "党员已离开，终止"

    told = models.ForeignKey(Told, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    announced_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.OPENED)
    assigned = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    helper = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    talk_due_on = models.DateField(null=True)
    visit_due_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    outcome = models.CharField(max_length=11, choices=Outcome, default="", blank=True)
    closed_on = models.DateField(null=True)
    decided_by_number = models.BigIntegerField(null=True)
    opened_by_number = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-first_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["member", "first_on"], name="follow_up_once"),
            models.CheckConstraint(condition=Q(announced_on__gt=F("last_on")), name="follow_up_after_cycle"),
            models.CheckConstraint(
                condition=(Q(state="closed") & Q(closed_on__isnull=False) & ~Q(outcome="") & ~Q(outcome="continued"))
                | (~Q(state="closed") & Q(closed_on__isnull=True)),
                name="follow_up_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("opened", "closed")) | Q(assigned__isnull=False), name="follow_up_assigned"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("opened", "assigned", "talked", "closed")) | Q(helper__isnull=False),
                name="follow_up_paired",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("planned", "decided")) | Q(due_on__isnull=False), name="follow_up_planned"
            ),
            models.CheckConstraint(condition=~Q(assigned=F("member")), name="follow_up_talker_is_another"),
            models.CheckConstraint(condition=~Q(helper=F("member")), name="follow_up_helper_is_another"),
        ]


class Entry(models.Model):
    """帮教记录 One thing done, in order. Append-only but for texts that are erased; a wrong one is corrected by a
    further entry (`corrects`). `person` is who is to talk or to help, `due_on` until when a plan runs."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", "确定谈话人"
        TALK = "talk", "警示谈话"
        PAIRED = "paired", "结对帮带"
        PLAN = "plan", "帮教计划"
        VISIT = "visit", "走访"
        EXTENDED = "extended", "延长期限"
        DECIDED = "decided", "支部结论"
        CONFIRMED = "confirmed", "确认结论"
        RETURNED = "returned", "退回结论"
        MOVED = "moved", "转由现支部帮教"
        ENDED = "ended", "终止帮教"

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=9, choices=Kind)
    on = models.DateField()
    place = models.CharField(max_length=80, default="", blank=True)
    people = models.CharField(max_length=200, default="", blank=True)
    text = models.TextField(default="", blank=True)
    words = models.TextField(default="", blank=True)
    due_on = models.DateField(null=True)
    person = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=11, choices=FollowUp.Outcome, default="", blank=True)
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    told_how = models.CharField(max_length=200, default="", blank=True)
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["follow_up", "number"]
        constraints = [models.UniqueConstraint(fields=["follow_up", "number"], name="follow_up_entry_once")]


class Reply(models.Model):
    """本人的话 What the member says to an entry or to what was hoped of it; or taken down for it (`taken_how`).
    Append-only but for texts that are erased."""

    entry = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="replies")
    encouragement = models.ForeignKey(Encouragement, null=True, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField()
    taken_how = models.CharField(max_length=200, default="", blank=True)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entry__isnull=True, encouragement__isnull=False)
                | Q(entry__isnull=False, encouragement__isnull=True),
                name="follow_up_reply_to_one",
            ),
        ]


class FollowUpReminder(models.Model):
    """帮教提醒 Who was reminded on which day of how many things; one message a time."""

    user_number = models.BigIntegerField()
    on = models.DateField()
    things = models.PositiveIntegerField()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [models.UniqueConstraint(fields=["user_number", "on"], name="follow_up_reminder_once")]
