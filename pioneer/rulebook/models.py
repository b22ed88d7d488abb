"""积分办法的表 Adopted versions, frozen: changing one makes the next. What a branch adds to one, frozen likewise."""

from django.db import models
from django.db.models import F, Q

from pioneer.files.models import StoredFile
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


class Supplement(models.Model):
    """支部补充 Indicators of one branch under one adopted version, minuted by its members, approved by the township.

    `text` is a file of the format that `pioneer score --supplement` reads. It holds for what happens from `valid_from`
    on (the day approved for), up to the day before `ended_from`, and never beyond its version. `turn` counts the
    approvals and endings of a district; `stamp` is a digest over all of them up to this one.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待乡镇（街道）批准"
        APPROVED = "approved", "已批准"
        RETURNED = "returned", "已退回"

    district = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="supplements")
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    count = models.PositiveSmallIntegerField()
    met_on = models.DateField()
    present = models.PositiveIntegerField()
    in_favour = models.PositiveIntegerField()
    reference = models.CharField(max_length=120)
    scan = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    effective_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by_number = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField()
    decided_by_number = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=500, default="", blank=True)
    valid_from = models.DateField(null=True)
    ended_from = models.DateField(null=True)
    ended_why = models.CharField(max_length=500, default="", blank=True)
    ended_by_number = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    turn = models.PositiveIntegerField(null=True)
    stamp = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        ordering = ["district", "-number"]
        indexes = [models.Index(fields=["branch", "state"], name="supplement_branch_state")]
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="supplement_number_once"),
            models.UniqueConstraint(fields=["district", "turn"], name="supplement_turn_once"),
            models.UniqueConstraint(fields=["branch"], condition=Q(state="proposed"), name="supplement_waits_once"),
            models.CheckConstraint(condition=Q(count__gte=1, count__lte=20), name="supplement_count"),
            models.CheckConstraint(
                condition=Q(in_favour__lte=F("present")) & Q(present__lt=F("in_favour") * 2), name="supplement_carried"
            ),
            models.CheckConstraint(
                condition=Q(decided_by_number__isnull=True) | ~Q(decided_by_number=F("proposed_by_number")),
                name="supplement_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_at__isnull=False)),
                name="supplement_decided_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(decision_reason=""), name="supplement_returned_why"
            ),
            models.CheckConstraint(
                condition=Q(state="approved", turn__isnull=False, valid_from__gte=F("effective_on"))
                | (~Q(state="approved") & Q(turn__isnull=True, valid_from__isnull=True)),
                name="supplement_approved_from",
            ),
            models.CheckConstraint(
                condition=Q(ended_from__isnull=True, ended_at__isnull=True, ended_why="")
                | (Q(state="approved", ended_from__gte=F("valid_from"), ended_at__isnull=False) & ~Q(ended_why="")),
                name="supplement_ended_when",
            ),
        ]


class RulebookDraft(models.Model):
    """草稿 A rulebook in work. Its text may be unfinished and wrong; submitted, it becomes a version (待采用)."""

    class State(models.TextChoices):
        WORK = "work", "起草中"
        SUBMITTED = "submitted", "已提交"
        WITHDRAWN = "withdrawn", "已撤销"

    district = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    text = models.TextField()
    base_text = models.TextField()
    base_name = models.CharField(max_length=160)
    based_on = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="+", null=True)
    edit = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.WORK)
    version = models.OneToOneField(RulebookVersion, on_delete=models.PROTECT, related_name="+", null=True)
    started_by_number = models.BigIntegerField()
    started_at = models.DateTimeField()
    changed_by_number = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["district", "-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="submitted", version__isnull=False)
                | (~Q(state="submitted") & Q(version__isnull=True)),
                name="rulebook_draft_became_a_version",
            ),
        ]


class DraftEdit(models.Model):
    """草稿的改动 One step of the work: who changed what, in plain words."""

    draft = models.ForeignKey(RulebookDraft, on_delete=models.PROTECT, related_name="edits")
    edit = models.PositiveIntegerField()
    by_number = models.BigIntegerField()
    at = models.DateTimeField()
    said = models.JSONField(default=list)

    class Meta:
        ordering = ["draft", "-edit"]
        constraints = [models.UniqueConstraint(fields=["draft", "edit"], name="rulebook_draft_edit_once")]
