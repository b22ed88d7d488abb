"""推荐的表 Commendation lists, calls for nominations, and the nominations with everything said of them."""

from django.db import models
from django.db.models import F, Q

from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.results.models import Announcement, Result


class Commendation(models.Model):
    """表扬名单 Who may be commended in public, from one announcement. Drafted by one person, issued by another."""

    class State(models.TextChoices):
        DRAFT = "draft", "征求本人意见"
        ISSUED = "issued", "已发布"

    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    announcement = models.OneToOneField(Announcement, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    answer_until = models.DateTimeField()
    drafted_by_number = models.BigIntegerField(null=True)
    drafted_at = models.DateTimeField()
    issued_by_number = models.BigIntegerField(null=True)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", issued_at__isnull=True) | Q(state="issued", issued_at__isnull=False),
                name="commendation_issued_at",
            ),
            models.CheckConstraint(
                condition=Q(issued_by_number__isnull=True) | ~Q(issued_by_number=F("drafted_by_number")),
                name="commendation_two_people",
            ),
        ]


class Commended(models.Model):
    """拟表扬的一位 Whether it may be named, in its own word, and whether it is. `order` is the place in the roster."""

    class Answer(models.TextChoices):
        NONE = "", "未答复"
        WILLING = "willing", "同意公布姓名"
        DECLINED = "declined", "不公布姓名"

    commendation = models.ForeignKey(Commendation, on_delete=models.PROTECT, related_name="people")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField()
    answer = models.CharField(max_length=8, choices=Answer, default="", blank=True)
    answer_how = models.CharField(max_length=120, default="", blank=True)
    answered_by_number = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    is_named = models.BooleanField(default=False)
    left_off = models.CharField(max_length=120, default="", blank=True)
    is_final = models.BooleanField(default=False)

    class Meta:
        ordering = ["commendation", "order"]
        constraints = [
            models.UniqueConstraint(fields=["commendation", "member"], name="commended_once"),
            models.CheckConstraint(condition=Q(is_named=False) | ~Q(answer="declined"), name="commended_not_declined"),
        ]


class Call(models.Model):
    """推荐通知 Of a township or the district: what for, how many, from when to when, and who is eligible, as data.

    Eligible is who was, in each of the last `cycles` filed cycles up to the one that ends on `counted_on`, in one of
    `tiers` (none: the tiers that the rulebook says are commended). `checks` are sentences that a person confirms by
    name for each nomination, for what no table of ours answers.
    """

    class Kind(models.TextChoices):
        OUTSTANDING = "outstanding", "优秀共产党员"
        AWARD = "award", "评先评优"
        PARTY_DELEGATE = "party_delegate", "党代表"
        CONGRESS_DEPUTY = "congress_deputy", "人大代表"
        CPPCC_MEMBER = "cppcc_member", "政协委员"

    class HonourLevel(models.TextChoices):
        TOWNSHIP = "township", "乡镇（街道）级"
        DISTRICT = "district", "区级"
        HIGHER = "higher", "市级及以上"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=15, choices=Kind)
    level = models.CharField(max_length=8, choices=HonourLevel)
    title = models.CharField(max_length=60)
    document_number = models.CharField(max_length=60)
    requirements = models.TextField(default="", blank=True)
    places = models.PositiveSmallIntegerField()
    opens_on = models.DateField()
    closes_on = models.DateField()
    cycles = models.PositiveSmallIntegerField(default=1)
    counted_on = models.DateField(null=True)
    tiers = models.JSONField(default=list, blank=True)
    no_zeroing = models.BooleanField(default=True)
    years = models.PositiveSmallIntegerField(default=0)
    track = models.CharField(max_length=20, default="", blank=True)
    full_only = models.BooleanField(default=True)
    checks = models.JSONField(default=list, blank=True)
    issued_by_number = models.BigIntegerField(null=True)
    issued_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_number = models.BigIntegerField(null=True)
    withdrawn_reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(places__gte=1), name="call_places"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="call_period"),
            models.CheckConstraint(condition=Q(cycles=0) | Q(counted_on__isnull=False), name="call_cycles_counted"),
        ]


class Notice(models.Model):
    """推荐公示 Those proposed, shown for a window of working days before anybody is chosen. Append-only."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="notices")
    shown_on = models.DateField()
    last_on = models.DateField()
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["call", "id"]
        constraints = [models.CheckConstraint(condition=Q(last_on__gt=F("shown_on")), name="nomination_notice_window")]


class Nomination(models.Model):
    """推荐人选 Proposed by the branch meeting; asked itself; opinions from above; shown; chosen or not, with a reason.

    `wording` is what the public notice says of it. `branch` proposed it and keeps it.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待本人答复"
        AGREED = "agreed", "本人同意"
        DECLINED = "declined", "本人不同意"
        WITHDRAWN = "withdrawn", "支部已撤回"
        CHOSEN = "chosen", "已确定"
        NOT_CHOSEN = "not_chosen", "未确定"

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="nominations")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    grounds = models.TextField(default="", blank=True)
    wording = models.CharField(max_length=200, default="", blank=True)
    meeting_on = models.DateField()
    present = models.PositiveSmallIntegerField(null=True)
    in_favour = models.PositiveSmallIntegerField(null=True)
    proposed_by_number = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField()
    answer_how = models.CharField(max_length=120, default="", blank=True)
    answered_by_number = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, default="", blank=True)
    withdrawn_by_number = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="nominations")
    document_number = models.CharField(max_length=60, default="", blank=True)
    decided_on = models.DateField(null=True)
    reason = models.CharField(max_length=200, default="", blank=True)
    decided_by_number = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["call", "branch__path", "member__position", "member_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "member"],
                condition=Q(state__in=["proposed", "agreed", "chosen", "not_chosen"]),
                name="nomination_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(in_favour__isnull=True) | Q(present__isnull=False, in_favour__lte=F("present")),
                name="nomination_votes",
            ),
            models.CheckConstraint(
                condition=~Q(state="chosen")
                | Q(notice__isnull=False, decided_at__isnull=False) & ~Q(document_number=""),
                name="nomination_chosen_after_notice",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_number__isnull=True) | ~Q(decided_by_number=F("proposed_by_number")),
                name="nomination_two_people",
            ),
        ]


class Opinion(models.Model):
    """推荐意见 Of the community, of the township, named. Its text alone can be erased."""

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="opinions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    is_for = models.BooleanField()
    text = models.CharField(max_length=500, default="", blank=True)
    by_number = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=60, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["nomination", "id"]
        constraints = [models.UniqueConstraint(fields=["nomination", "organisation"], name="nomination_opinion_once")]


class Check(models.Model):
    """核实 One sentence of the call's check list, confirmed by a named person; the latest of a place counts."""

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="checked")
    position = models.PositiveSmallIntegerField()
    is_clear = models.BooleanField()
    note = models.CharField(max_length=200, default="", blank=True)
    by_number = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=60, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["nomination", "position", "id"]


class Objection(models.Model):
    """对推荐的异议 Entered by who receives it, answered at the organisation it went to. The name is for who answers."""

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="objections")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    came_on = models.DateField()
    text = models.TextField(default="", blank=True)
    objector_name = models.CharField(max_length=60, default="", blank=True)
    objector_contact = models.CharField(max_length=60, default="", blank=True)
    entered_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    is_upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=500, default="", blank=True)
    answered_by_number = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["nomination", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_upheld__isnull=True, answered_at__isnull=True)
                | Q(is_upheld__isnull=False, answered_at__isnull=False),
                name="nomination_objection_answered",
            )
        ]
