"""年度评定的表 Dry runs of drafts: what was asked; the figures stand in the task's result, members by number only."""

from django.db import models

from pioneer.kernel.models import Task
from pioneer.organisations.models import Organisation
from pioneer.rulebook.models import RulebookVersion


class DryRun(models.Model):
    """试算 A draft tried out on what stands posted in a year, for the members of one organisation."""

    version = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="+")
    asked_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
