"""组织处置的表 The finding "unqualified" of a cycle, and disposal cases with their steps. Neither changes membership.

What was done, when and by whom only ever grows; what is said of a person stands in columns that can be erased.
"""

from django.db import models
from django.db.models import F, Q

from pioneer.kernel.points import PointsField
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.results.models import Announcement, FormerResult, Result

EVERYBODY = F("in_favour") + F("against") + F("abstained")
NO_VOTE = Q(
    with_vote__isnull=True, present__isnull=True, in_favour__isnull=True, against__isnull=True, abstained__isnull=True
)
QUORATE = (
    Q(present__lte=F("with_vote"))
    & Q(present__gt=F("with_vote") - F("present"))  # more than half of those with a vote
    & Q(present=EVERYBODY)
)
CARRIED = Q(in_favour__gt=F("with_vote") - F("in_favour"))  # more than half of all with a vote
NOT_CARRIED = Q(in_favour__lte=F("with_vote") - F("in_favour"))


class _Vote(models.Model):
    """The vote of a branch meeting: how many with a vote should be there, by the roster of the day without those left
    out of the count (`left_out`, None before there were any), and how they voted."""

    with_vote = models.PositiveSmallIntegerField(null=True)
    present = models.PositiveSmallIntegerField(null=True)
    in_favour = models.PositiveSmallIntegerField(null=True)
    against = models.PositiveSmallIntegerField(null=True)
    abstained = models.PositiveSmallIntegerField(null=True)
    left_out = models.PositiveSmallIntegerField(null=True)

    class Meta:
        abstract = True


class ExemptionAnswer(models.Model):
    """免评不适用 The question whether a member should not be exempt, answered before it is called unqualified: by whom
    (`by`), on which day, for which reason. Once for a member and cycle; the texts can be erased."""

    class Ground(models.TextChoices):
        AGE = "age", "已达可申请免评的年龄"
        ILL = "ill", "申请过因病免评"
        FLOATING = "floating", "流动党员"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    ground = models.CharField(max_length=8, choices=Ground)
    by = models.CharField(max_length=60, blank=True)
    on = models.DateField()
    reason = models.CharField(max_length=400, blank=True)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["member", "first_on"]
        constraints = [
            models.UniqueConstraint(fields=["member", "first_on", "ground"], name="exemption_answer_once"),
        ]


class Finding(_Vote):
    """不合格认定 Proposed by the branch's lead for one announced cycle, answered by the member, voted on by the branch
    meeting, approved or sent back by the township. `causes` are sentences, each with its ground."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "已提出，待支部党员大会表决"
        ADOPTED = "adopted", "大会通过，待乡镇（街道）审批"
        NOT_ADOPTED = "not_adopted", "大会未通过"
        APPROVED = "approved", "已认定为不合格"
        SENT_BACK = "sent_back", "已退回支部"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="+")
    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    score = PointsField()
    tier_name = models.CharField(max_length=20)
    causes = models.JSONField(default=list)
    remarks = models.TextField(default="", blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    proposed_on = models.DateField()
    proposed_at = models.DateTimeField()
    proposed_by_number = models.BigIntegerField(null=True)
    told_how = models.CharField(max_length=200, default="", blank=True)
    answer_until = models.DateField()  # its last day
    statement = models.TextField(default="", blank=True)
    statement_on = models.DateField(null=True)
    statement_how = models.CharField(max_length=200, default="", blank=True)
    statement_by_number = models.BigIntegerField(null=True)
    met_on = models.DateField(null=True)
    meeting_note = models.TextField(default="", blank=True)
    met_by_number = models.BigIntegerField(null=True)
    decided_on = models.DateField(null=True)
    decision_reason = models.TextField(default="", blank=True)
    decided_by_number = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "first_on"], condition=~Q(state="sent_back"), name="finding_once_a_cycle"
            ),
            models.CheckConstraint(
                condition=(Q(met_on__isnull=True, state="proposed") & NO_VOTE)
                | (
                    Q(met_on__gte=F("proposed_on"))
                    & QUORATE
                    & Q(state__in=["adopted", "approved", "sent_back"])
                    & CARRIED
                )
                | (Q(met_on__gte=F("proposed_on")) & QUORATE & Q(state="not_adopted") & NOT_CARRIED),
                name="finding_vote",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True, state__in=["proposed", "adopted", "not_adopted"])
                | Q(decided_on__gte=F("met_on"), state__in=["approved", "sent_back"]),
                name="finding_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_number__isnull=True)
                | (~Q(decided_by_number=F("proposed_by_number")) & ~Q(decided_by_number=F("met_by_number"))),
                name="finding_two_people",
            ),
        ]


class Case(models.Model):
    """组织处置 One case of one member. `state` says where it stands as a whole, its steps how it came there; `due_on`
    is by when the next step is due. A removal follows (`follows`) an advice that was refused."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", "限期改正"
        ADVICE = "advice", "劝其退党"
        REMOVAL = "removal", "除名"

    class State(models.TextChoices):
        OPEN = "open", "办理中"
        IN_EFFECT = "in_effect", "已生效"
        NOT_AGREED = "not_agreed", "上级未同意，不予处置"
        NOT_ADOPTED = "not_adopted", "大会未通过，不予处置"
        DISCONTINUED = "discontinued", "已终止"
        REVOKED = "revoked", "申诉成立，处置撤销"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    months = models.PositiveSmallIntegerField(null=True)
    latest_first_on = models.DateField()
    cycles = models.PositiveSmallIntegerField()
    streak = models.CharField(max_length=20, default="", blank=True)
    follows = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    due_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_by_number = models.BigIntegerField(null=True)
    ended_why = models.TextField(default="", blank=True)
    opened_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(state="open"), name="case_open_once"),
            models.CheckConstraint(
                condition=Q(kind="correction", months__gte=1, months__lte=12)
                | (~Q(kind="correction") & Q(months__isnull=True)),
                name="case_months",
            ),
            models.CheckConstraint(
                condition=Q(kind="removal", follows__isnull=False) | (~Q(kind="removal") & Q(follows__isnull=True)),
                name="case_removal_follows_advice",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_on__isnull=True) | (~Q(state="open") & Q(ended_on__isnull=False)),
                name="case_ended_on",
            ),
        ]


class CaseGround(models.Model):
    """处置的依据 A filed result on which a case stands. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="grounds")
    former = models.ForeignKey(FormerResult, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["case", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "former"], name="case_ground_once")]


class Step(_Vote):
    """一步 What was done in a case: numbered from 1, never before the step before it (`not_before`). Append-only.

    `agreed` is the answer of who was asked: prior filing, review, approval, whether an appeal is upheld, whether the
    member takes the advice. `spoke` is False where the member refused to.
    """

    class Kind(models.TextChoices):
        PROPOSED = "proposed", "支部委员会提议，报基层党委预审"
        PRIOR_FILED = "prior_filed", "基层党委预审"
        INVESTIGATED = "investigated", "调查核实"
        TALKED = "talked", "谈话，听取本人意见"
        REVIEWED = "reviewed", "基层党委审核"
        REVIEWED_ABOVE = "reviewed_above", "上级党委组织部门审核"
        VOTED = "voted", "支部党员大会表决"
        APPROVED = "approved", "基层党委审批"
        APPROVED_ABOVE = "approved_above", "上级党委组织部门审批"
        ANNOUNCED = "announced", "宣布，告知申诉权利"
        RESPONDED = "responded", "本人对劝告的答复"
        APPEALED = "appealed", "本人申诉"
        APPEAL_ANSWERED = "appeal_answered", "申诉的答复"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=Kind)
    on = models.DateField()
    not_before = models.DateField(null=True)
    agreed = models.BooleanField(null=True)
    spoke = models.BooleanField(null=True)
    first_talker = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    second_talker = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    entered_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="case_step_number_once"),
            models.UniqueConstraint(fields=["case", "kind"], name="case_step_kind_once"),
            models.CheckConstraint(
                condition=Q(number=1, not_before__isnull=True, kind="proposed")
                | (Q(number__gt=1, on__gte=F("not_before")) & ~Q(kind="proposed")),
                name="case_step_not_back_dated",
            ),
            models.CheckConstraint(
                condition=(Q(kind="voted", agreed=True) & QUORATE & CARRIED)
                | (Q(kind="voted", agreed=False) & QUORATE & NOT_CARRIED)
                | (~Q(kind="voted") & NO_VOTE),
                name="case_step_vote",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="talked", first_talker__isnull=False, second_talker__isnull=False, spoke__isnull=False)
                    & ~Q(first_talker=F("second_talker"))
                )
                | (~Q(kind="talked") & Q(first_talker__isnull=True, second_talker__isnull=True, spoke__isnull=True)),
                name="case_step_talk",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["proposed", "investigated", "talked", "announced", "appealed"], agreed__isnull=True
                )
                | (
                    ~Q(kind__in=["proposed", "investigated", "talked", "announced", "appealed"])
                    & Q(agreed__isnull=False)
                ),
                name="case_step_agreed",
            ),
        ]


class StepText(models.Model):
    """一步的文字 Who took part, what was found or said, the paper behind it. Never changed, only erased."""

    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="text")
    people = models.CharField(max_length=200, default="", blank=True)
    content = models.TextField(default="", blank=True)
    opinion = models.TextField(default="", blank=True)
    document = models.CharField(max_length=120, default="", blank=True)
    erased_at = models.DateTimeField(null=True)


class Reply(models.Model):
    """本人意见 What the member says to a step, in its own words; taken down for it where `how` says so. Once per step,
    never changed, only erased."""

    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="reply")
    content = models.TextField(default="", blank=True)
    how = models.CharField(max_length=200, default="", blank=True)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)


class LeftOut(models.Model):
    """不计入应到会 A member with a vote who was not counted among those who should be at a meeting (of a finding or a
    case's step): by which of the grounds that the Central Organisation Department names, with what behind it, and the
    document by which the committee above agreed. Never changed; its texts can be erased."""

    class Ground(models.TextChoices):
        UNABLE = "unable", "患有精神病或其他疾病，不能表达本人意志"
        ABROAD = "abroad", "自费出国半年以上"
        SERVING = "serving", "未受留党察看以上党纪处分，正在服刑"
        BEDRIDDEN = "bedridden", "年老体弱卧床不起，或长期生病生活不能自理"
        AWAY = "away", "调动、下派、外出学习或工作半年以上，应转而没有转组织关系"

    step = models.ForeignKey(Step, null=True, on_delete=models.PROTECT, related_name="not_counted")
    finding = models.ForeignKey(Finding, null=True, on_delete=models.PROTECT, related_name="not_counted")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=10, choices=Ground, blank=True)
    note = models.CharField(max_length=200, blank=True)
    consent = models.CharField(max_length=120, blank=True)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "member"], name="left_out_of_step_once"),
            models.UniqueConstraint(fields=["finding", "member"], name="left_out_of_finding_once"),
            models.CheckConstraint(
                condition=Q(step__isnull=True, finding__isnull=False) | Q(step__isnull=False, finding__isnull=True),
                name="left_out_of_one_meeting",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False) | ~(Q(ground="") | Q(note="") | Q(consent="")),
                name="left_out_with_ground",
            ),
        ]


class CaseReminder(models.Model):
    """到期提醒 A deadline of a case that was told to who has to act, once. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reminders")
    due_on = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["case", "due_on"]
        constraints = [models.UniqueConstraint(fields=["case", "due_on"], name="case_reminder_once")]
