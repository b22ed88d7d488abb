"""消息的表 The in-app inbox. Who has no account is told on paper, which the station that tells records."""

from django.db import models

from pioneer.accounts.models import User


class Message(models.Model):
    """消息 One thing told to one person. `reference` makes telling twice one message."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    text = models.TextField()
    link = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "kind", "reference"], name="message_told_once")]
        indexes = [models.Index(fields=["user", "read_at"], name="message_unread")]
