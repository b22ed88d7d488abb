"""日常纪实的表 Education records, reminders, declared relations, zeroing decisions; meetings, leave, dues."""

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


class Meeting(models.Model):
    """组织生活 A meeting of the branch, announced before or entered after. `edit` counts its changes and those of its
    attendance, so that a page knows it is stale."""

    class Kind(models.TextChoices):
        MEMBERS = "members", "支部党员大会"
        COMMITTEE = "committee", "支部委员会"
        GROUP = "group", "党小组会"
        LECTURE = "lecture", "党课"
        THEME = "theme", "主题党日"
        LIFE = "life", "组织生活会"

    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField()
    starts_at = models.TimeField()
    place = models.CharField(max_length=80)
    theme = models.CharField(max_length=120, default="", blank=True)
    edit = models.PositiveIntegerField(default=0)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)
    cancelled_by_number = models.BigIntegerField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_why = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ["-on", "-starts_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "kind", "on", "starts_at"],
                condition=Q(cancelled_at__isnull=True),
                name="meeting_once",
            ),
        ]


class Leave(models.Model):
    """请假 Asked for by the member and granted or refused with a reason, or entered by the branch as granted."""

    class State(models.TextChoices):
        ASKED = "asked", "待支部答复"
        GRANTED = "granted", "已准假"
        REFUSED = "refused", "未准假"
        WITHDRAWN = "withdrawn", "已撤回"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="leaves")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    decided_by_number = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"], condition=Q(state__in=["asked", "granted"]), name="leave_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "refused"]) | Q(decided_at__isnull=False), name="leave_decided_when"
            ),
        ]


class Attendance(models.Model):
    """考勤 One person, one state per meeting. `taken_at`: a line of a sheet stands on it; from then on the database
    refuses another state, and only a correction on a sheet changes what follows from it."""

    class State(models.TextChoices):
        PRESENT = "present", "到会"
        LATE = "late", "迟到早退"
        LEAVE = "leave", "请假"
        ABSENT = "absent", "无故缺席"
        OUTSIDE = "outside", "不在范围"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    leave = models.ForeignKey(Leave, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=120, default="", blank=True)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-meeting__on", "-meeting__starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(state="leave", leave__isnull=False) | (~Q(state="leave") & Q(leave__isnull=True)),
                name="attendance_leave_granted",
            ),
        ]


class Dues(models.Model):
    """党费 Whether a member's dues of a month were paid in full and on time; `fen` where the amount is kept.
    `taken_at` as with attendance."""

    class State(models.TextChoices):
        PAID = "paid", "按时足额"
        LATE = "late", "逾期缴纳"
        SHORT = "short", "未足额"
        UNPAID = "unpaid", "未缴"
        WAIVED = "waived", "经批准缓缴、免缴"

    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State)
    fen = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=120, default="", blank=True)
    edit = models.PositiveIntegerField(default=1)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-year", "-month", "id"]
        indexes = [models.Index(fields=["branch", "year", "month"], name="dues_of_branch")]
        constraints = [
            models.UniqueConstraint(fields=["member", "year", "month"], name="dues_once"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="dues_month"),
        ]
