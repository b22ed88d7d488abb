"""党员的表 The roster by date: membership, status, track; transfers, exemptions, imports."""

import uuid

from django.db import models
from django.db.models import F, Q

from pioneer.accounts.models import User
from pioneer.kernel.models import Task
from pioneer.organisations.models import Organisation


class Status(models.TextChoices):
    """党员状态"""

    FULL = "full", "正式党员"
    PROBATIONARY = "probationary", "预备党员"
    OUT_OF_CONTACT = "out_of_contact", "失联（停止权利）"
    TRANSFERRED_OUT = "transferred_out", "已转出"
    LEFT = "left", "已退党"
    REMOVED = "removed", "已除名"
    EXPELLED = "expelled", "已开除"
    DECEASED = "deceased", "已故"


GONE = [Status.TRANSFERRED_OUT, Status.LEFT, Status.REMOVED, Status.EXPELLED, Status.DECEASED]


class Track(models.TextChoices):
    """类别"""

    RURAL = "rural", "农村"
    COMMUNITY = "community", "社区"


class Member(models.Model):
    """党员 One file per member. `key` is what the books know; the texts can be erased, the key stays."""

    class Sex(models.TextChoices):
        MALE = "male", "男"
        FEMALE = "female", "女"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    district = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    identity_sealed = models.BinaryField(null=True)
    identity_lookup = models.CharField(max_length=64, null=True)
    identity_shown = models.CharField(max_length=18, default="", blank=True)
    identity_missing_why = models.CharField(max_length=120, default="", blank=True)
    sex = models.CharField(max_length=6, choices=Sex, default="", blank=True)
    birth_on = models.DateField(null=True)
    birth_precision = models.CharField(max_length=5, default="day")
    joined_on = models.DateField(null=True)
    joined_precision = models.CharField(max_length=5, default="day")
    full_on = models.DateField(null=True)
    arrived_on = models.DateField(null=True)  # came from outside the district, which is a joining
    phone = models.CharField(max_length=20, default="", blank=True)
    nation = models.CharField(max_length=20, default="", blank=True)
    education = models.CharField(max_length=20, default="", blank=True)
    note = models.CharField(max_length=200, default="", blank=True)
    is_floating = models.BooleanField(default=False)
    floating_to = models.CharField(max_length=80, default="", blank=True)
    user = models.OneToOneField(User, null=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        # As constraints rather than `unique=True`, which on PostgreSQL adds a second index to each for LIKE.
        constraints = [
            models.UniqueConstraint(fields=["number"], name="member_number_once"),
            models.UniqueConstraint(fields=["identity_lookup"], name="member_identity_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Rectification(models.Model):
    """更正记录 What identifies a person was corrected: which fields, from what, why. Erased with the file."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="rectifications")
    fields = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, default="", blank=True)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]


class _Spell(models.Model):
    """A stretch of days; the last day counts; open where `until_on` is empty. The keys need no index of their own: the
    constraints begin with them."""

    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        abstract = True


class Membership(_Spell):
    """所在支部 Which branch a member belongs to on a day. The branch of a month's last day assesses the month."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="memberships", db_index=False)
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(until_on__isnull=True), name="membership_open_once"),
            models.UniqueConstraint(fields=["member", "from_on"], name="membership_from_once"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="membership_order"
            ),
        ]
        indexes = [models.Index(fields=["branch", "until_on"], name="membership_branch")]


class StatusSpell(_Spell):
    """状态 Status by date, with the document behind it."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="statuses", db_index=False)
    status = models.CharField(max_length=20, choices=Status)
    document = models.CharField(max_length=120, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(until_on__isnull=True), name="status_open_once"),
            models.UniqueConstraint(fields=["member", "from_on"], name="status_from_once"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="status_order"
            ),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in Status]), name="status_known"),
        ]


class TrackSpell(_Spell):
    """类别 Track by date: a fact is judged by the track on its event date."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="tracks", db_index=False)
    track = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(until_on__isnull=True), name="track_open_once"),
            models.UniqueConstraint(fields=["member", "from_on"], name="track_from_once"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="track_order"
            ),
        ]


class Transfer(models.Model):
    """转接 From one branch to another, or out of the district; accepted by who receives."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待接收"
        ACCEPTED = "accepted", "已接收"
        REFUSED = "refused", "已退回"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="transfers")
    from_branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    to_branch = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    to_outside = models.CharField(max_length=120, default="", blank=True)
    on = models.DateField()
    document = models.CharField(max_length=120, default="", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    reason = models.CharField(max_length=200, default="", blank=True)
    proposed_by_number = models.BigIntegerField(null=True)
    decided_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(state="proposed"), name="transfer_open_once"),
            models.CheckConstraint(
                condition=Q(to_branch__isnull=False) | ~Q(to_outside=""), name="transfer_goes_somewhere"
            ),
        ]


class Exemption(models.Model):
    """免评 Application → branch → township. Listed without score or tier while it holds."""

    class Ground(models.TextChoices):
        AGE = "age", "年满70周岁"
        ILL = "ill", "卧病在床"
        ABROAD = "abroad", "出国（境）半年以上"

    class State(models.TextChoices):
        APPLIED = "applied", "待支部审核"
        BRANCH_AGREED = "branch_agreed", "待乡镇（街道）批准"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"
        ENDED = "ended", "已终止"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="exemptions")
    ground = models.CharField(max_length=10, choices=Ground)
    explanation = models.TextField(default="", blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    state = models.CharField(max_length=15, choices=State, default=State.APPLIED)
    reason = models.CharField(max_length=200, default="", blank=True)
    applied_by_number = models.BigIntegerField(null=True)
    branch_by_number = models.BigIntegerField(null=True)
    township_by_number = models.BigIntegerField(null=True)
    applied_at = models.DateTimeField()
    branch_at = models.DateTimeField(null=True)
    township_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(state__in=["applied", "branch_agreed"]), name="exemption_open_once"
            ),
            models.CheckConstraint(
                condition=Q(township_by_number__isnull=True) | ~Q(township_by_number=F("branch_by_number")),
                name="exemption_two_people",
            ),
        ]


class RosterImport(models.Model):
    """花名册导入 upload → map columns → check row by row → confirm, once.

    The file and all that was read from it are sealed, and gone as soon as the import is confirmed or given up.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", "待对列"
        CHECKING = "checking", "核对中"
        CHECKED = "checked", "待确认"
        CONFIRMING = "confirming", "写入中"
        CONFIRMED = "confirmed", "已导入"
        DISCARDED = "discarded", "已放弃"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    content = models.BinaryField(null=True)
    samples = models.BinaryField(null=True)
    layout = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    counts = models.JSONField(default=dict)
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_by_number = models.BigIntegerField(null=True)
    confirmed_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "discarded"]) | Q(content__isnull=True, samples__isnull=True),
                name="import_blank_when_over",
            ),
        ]


class RosterImportRow(models.Model):
    """导入行 Where a row stands in the file and what it would do: new, changed, same, wrong, a question, or left out.

    `place` counts the rows from 0; what a row says is in the bundle at place // BUNDLE. `reasons` are the codes alone.
    """

    BUNDLE = 500

    class Verdict(models.TextChoices):
        NEW = "new", "新增"
        CHANGED = "changed", "变更"
        SAME = "same", "相同"
        WRONG = "wrong", "有误"
        ASK = "ask", "待确认"
        LEFT_OUT = "left_out", "不导入"

    roster_import = models.ForeignKey(RosterImport, on_delete=models.PROTECT, related_name="rows", db_index=False)
    place = models.PositiveIntegerField()
    sheet = models.CharField(max_length=60)
    row = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict)
    reasons = models.JSONField(default=list)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["roster_import", "verdict"], name="import_row_verdict")]


class RosterImportBundle(models.Model):
    """导入行的内容 What the rows of an import say, with every sentence about them, sealed by the bundle."""

    roster_import = models.ForeignKey(RosterImport, on_delete=models.PROTECT, related_name="bundles", db_index=False)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["roster_import", "number"], name="import_bundle_once")]


class ColumnMemory(models.Model):
    """列对应记忆 What an organisation's officer said a heading means."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    heading = models.CharField(max_length=60)
    field = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "heading"], name="column_memory_once")]


class ClosedCycle(models.Model):
    """已备案的周期 A cycle of a member whose result was filed: additions are refused, a deduction amends the filing.
    Append-only."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="closed_cycles")
    first_on = models.DateField()
    last_on = models.DateField()
    filing_number = models.CharField(max_length=40)
    closed_at = models.DateTimeField()

    class Meta:
        ordering = ["member", "first_on"]
        constraints = [
            models.UniqueConstraint(fields=["member", "first_on"], name="closed_cycle_once"),
            models.CheckConstraint(condition=Q(last_on__gt=F("first_on")), name="closed_cycle_order"),
            models.CheckConstraint(condition=~Q(filing_number=""), name="closed_cycle_number"),
        ]


class Matter(models.Model):
    """在办的组织事项 That a later station has something in hand against a member, for the stations before it that must
    know: what and which, since when and until when, and no text."""

    class Kind(models.TextChoices):
        FINDING = "finding", "不合格认定"
        DISPOSAL = "disposal", "组织处置"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="matters")
    kind = models.CharField(max_length=10, choices=Kind)
    reference = models.BigIntegerField()
    begun_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["member", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "reference"], name="matter_once")]
