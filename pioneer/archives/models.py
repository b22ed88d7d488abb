"""年度档案的表 What was asked for, the editions that were made and stand for good, and who is named in each."""

from django.db import models
from django.db.models import F, Q

from pioneer.files.models import StoredFile
from pioneer.kernel.models import Task
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation


class ArchiveRun(models.Model):
    """做档案的任务 An archive that was asked for: of which branch and cycle, whole or for the time being (暂存)."""

    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    is_provisional = models.BooleanField(default=False)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="+")
    asked_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(last_on__gt=F("first_on")), name="archive_run_cycle")]


class Archive(models.Model):
    """年度档案 One edition (版) of a branch and cycle. The one before stays beside it; `changes` says, without names,
    what is otherwise in this one.

    `content_digest` covers the facts without the edition: the same facts make no further edition. `package_digest`
    outlives the package, which goes when somebody named in it is erased.
    """

    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    edition = models.PositiveSmallIntegerField()
    is_provisional = models.BooleanField(default=False)
    members = models.PositiveIntegerField()
    figures = models.JSONField(default=dict)  # how many notices, entries, results …
    unfinished = models.PositiveSmallIntegerField(default=0)  # things not done with, of a provisional one
    changes = models.JSONField(default=list)
    facts_until = models.DateField()
    content_digest = models.CharField(max_length=64)
    package = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    package_digest = models.CharField(max_length=64)
    list_digest = models.CharField(max_length=64)  # of 指纹.txt, which names every file: the fingerprint of the whole
    size = models.PositiveBigIntegerField()
    made_by_number = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["branch", "-first_on", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "first_on", "edition"], name="archive_edition_once"),
            models.CheckConstraint(condition=Q(last_on__gt=F("first_on")), name="archive_cycle"),
            models.CheckConstraint(condition=Q(edition__gte=1), name="archive_edition"),
            models.CheckConstraint(condition=Q(is_provisional=True) | Q(unfinished=0), name="archive_whole_is_done"),
            models.CheckConstraint(
                condition=Q(package__isnull=False, erased_at__isnull=True)
                | Q(package__isnull=True, erased_at__isnull=False),
                name="archive_kept_or_erased",
            ),
        ]


class ArchivedMember(models.Model):
    """档案里的党员 Who is named in an edition. Append-only."""

    archive = models.ForeignKey(Archive, on_delete=models.PROTECT, related_name="named")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["archive", "id"]
        constraints = [models.UniqueConstraint(fields=["archive", "member"], name="archived_member_once")]
