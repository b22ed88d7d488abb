"""账号的表 Users, what each may do where, and the printed slips that let a person in."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from pioneer.organisations.models import Organisation


class UserManager(BaseUserManager["User"]):
    """For Django's own tools; people are made by operations."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(login=username)


class User(AbstractBaseUser):
    """账号 One per natural person. Signs in by phone number or member number (`login` is the latter or the former).

    `organisation` is where the person belongs: whoever is above it sees the account and may hand over its slips.
    """

    login = models.CharField(max_length=40, unique=True)
    phone = models.CharField(max_length=20, unique=True, null=True, blank=True)
    name = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    large_print = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """角色 What a person may be at an organisation. A plain member needs no grant: the roster says so."""

    RECORDER = "recorder", "记录员"
    COMMITTEE_MEMBER = "committee_member", "支部委员"
    DEPUTY_SECRETARY = "deputy_secretary", "副书记"
    SECRETARY = "secretary", "支部书记"
    COMMUNITY_OFFICER = "community_officer", "村（社区）党务工作者"
    TOWNSHIP_OFFICER = "township_officer", "乡镇（街道）党务工作者"
    DISTRICT_OFFICER = "district_officer", "区委组织部工作人员"
    AUDITOR = "auditor", "审计员"
    SHOPKEEPER = "shopkeeper", "积分超市管理员"
    MERCHANT = "merchant", "商户"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"


class Grant(models.Model):
    """任职 A role at an organisation, from a day, until a day (the last day counts) or open.

    `ended_at` is set when it was ended on the spot: from that moment it holds no more, whatever the days say.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    granted_by_number = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_number = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["from_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "organisation"], condition=Q(until_on__isnull=True), name="grant_open_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="grant_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="grant_known_role"),
        ]


class Slip(models.Model):
    """纸条 A printed one-time code: first sign-in or reset, for some days, handed over by a named person.

    `code` is known only to who issues it, in that moment; the table keeps a keyed digest.
    """

    code: ClassVar[str] = ""

    class Purpose(models.TextChoices):
        ACTIVATION = "activation", "首次登录"
        RESET = "reset", "重设密码"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="slips")
    purpose = models.CharField(max_length=10, choices=Purpose)
    code_digest = models.CharField(max_length=64, unique=True)
    issued_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at__isnull=True, cancelled_at__isnull=True), name="slip_open_once"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(cancelled_at__isnull=True), name="slip_used_or_cancelled"
            ),
        ]
