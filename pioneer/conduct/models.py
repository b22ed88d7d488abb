"""日常纪实的表 Education records, reminders, declared relations, zeroing decisions."""

from django.db import models
from django.db.models import F, Q

from pioneer.files.models import StoredFile
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation


class EducationRecord(models.Model):
    """教育记录／提醒 Written on a day for an indicator, shown to the member when written."""

    class Kind(models.TextChoices):
        EDUCATION = "education", "教育记录"
        REMINDER = "reminder", "提醒"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    indicator = models.CharField(max_length=12)
    on = models.DateField()
    content = models.TextField()
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    shown_how = models.CharField(max_length=120, default="", blank=True)

    class Meta:
        ordering = ["-on", "-id"]


class DeclaredRelation(models.Model):
    """亲属关系申明 Two members who may not review each other; entered by either or by their branch."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    relative = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    withdrawn_by_number = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "relative"], condition=Q(withdrawn_at__isnull=True), name="relation_once"
            ),
            models.CheckConstraint(condition=~Q(member=F("relative")), name="relation_two_people"),
        ]


class ZeroingCase(models.Model):
    """清零 Only on a document with final effect. The branch proposes, the member answers, the township approves."""

    class DocumentKind(models.TextChoices):
        JUDGMENT = "judgment", "生效判决书"
        PENALTY = "penalty", "已送达的行政处罚决定书"
        DISCIPLINE = "discipline", "已生效的党纪政务处分决定"
        FINDING = "finding", "党组织查实认定文件"

    class State(models.TextChoices):
        PROPOSED = "proposed", "待本人申辩"
        ANSWERED = "answered", "待乡镇（街道）审批"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"
        REVERSED = "reversed", "已撤销"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=12)
    document_kind = models.CharField(max_length=12, choices=DocumentKind)
    issuer = models.CharField(max_length=120)
    document_number = models.CharField(max_length=80)
    document_on = models.DateField()
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    facts = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    told_at = models.DateTimeField(null=True)
    told_how = models.CharField(max_length=200, default="", blank=True)
    answer_until = models.DateTimeField()
    statement = models.TextField(default="", blank=True)
    statement_at = models.DateTimeField(null=True)
    statement_by_number = models.BigIntegerField(null=True)
    statement_how = models.CharField(max_length=200, default="", blank=True)
    proposed_by_number = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField()
    decided_by_number = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(default="", blank=True)
    reversed_by_number = models.BigIntegerField(null=True)
    reversed_at = models.DateTimeField(null=True)
    reversal_document = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "issuer", "document_number"],
                condition=Q(state__in=["proposed", "answered", "approved"]),
                name="zeroing_document_once",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_number__isnull=True) | ~Q(decided_by_number=F("proposed_by_number")),
                name="zeroing_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused", "reversed"]) | Q(decided_at__isnull=False),
                name="zeroing_decided_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="reversed") | (Q(reversed_at__isnull=False) & ~Q(reversal_document="")),
                name="zeroing_reversed_when",
            ),
        ]
