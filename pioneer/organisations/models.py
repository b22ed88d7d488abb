"""组织的表 The tree district > township/street > community > branch, its history, and the holiday table."""

from django.db import models
from django.db.models import F, Q


class Organisation(models.Model):
    """组织 `path` is the chain of numbers from the district down, "/1/4/19/": a subtree is a prefix.

    A village with one branch is one row that is both community and branch (`level` community, `is_branch`).
    """

    class Level(models.TextChoices):
        DISTRICT = "district", "区"
        TOWNSHIP = "township", "乡镇（街道）"
        COMMUNITY = "community", "村（社区）"
        BRANCH = "branch", "支部"

    class Setting(models.TextChoices):
        RURAL = "rural", "农村"
        URBAN = "urban", "社区"

    name = models.CharField(max_length=80)
    level = models.CharField(max_length=10, choices=Level)
    is_branch = models.BooleanField(default=False)
    setting = models.CharField(max_length=10, choices=Setting, default="", blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=200, db_index=True)
    position = models.PositiveIntegerField(default=0)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level="district", parent__isnull=True) | (~Q(level="district") & Q(parent__isnull=False)),
                name="organisation_only_district_is_root",
            ),
            models.CheckConstraint(
                condition=~Q(level="branch") | Q(is_branch=True), name="organisation_branch_is_branch"
            ),
            models.CheckConstraint(
                condition=Q(is_branch=False) | Q(level__in=["branch", "community"]),
                name="organisation_who_may_be_branch",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="organisation_closed_after_opened",
            ),
            models.UniqueConstraint(
                fields=["parent", "name"], condition=Q(closed_on__isnull=True), name="organisation_name_once_per_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def district_number(self) -> int:
        return int(self.path.split("/")[1])

    @property
    def is_community(self) -> bool:
        return self.level == self.Level.COMMUNITY


class OrganisationChange(models.Model):
    """组织沿革 What happened to an organisation on a day; append-only."""

    class Kind(models.TextChoices):
        CREATED = "created", "设立"
        RENAMED = "renamed", "更名"
        MOVED = "moved", "改隶"
        MERGED = "merged", "并入"
        SPLIT = "split", "分设"
        CLOSED = "closed", "撤销"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField()
    former_name = models.CharField(max_length=80, default="", blank=True)
    other = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=120, default="", blank=True)
    by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["on", "id"]


class HolidayYear(models.Model):
    """节假日年度 A year whose table has been entered; without it no window is computed."""

    year = models.PositiveSmallIntegerField(unique=True)
    source = models.CharField(max_length=200)


class Holiday(models.Model):
    """节假日 A day that differs from its weekday: a holiday, or a shifted working day (调休)."""

    year = models.ForeignKey(HolidayYear, on_delete=models.PROTECT, related_name="days")
    on = models.DateField(unique=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["on"]
