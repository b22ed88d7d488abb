"""地基的表 The kernel's tables: the audit and the tasks."""

from django.db import models


class AuditEvent(models.Model):
    """审计记录 One row per operation, done or refused; append-only. The actor is a number and a role."""

    operation = models.CharField(max_length=80, db_index=True)
    actor_number = models.BigIntegerField(null=True)
    actor_role = models.CharField(max_length=40)
    at = models.DateTimeField(db_index=True)
    arguments = models.JSONField(default=dict)
    target_kind = models.CharField(max_length=80)
    target_number = models.BigIntegerField(null=True)
    refused = models.CharField(max_length=60, default="")

    class Meta:
        indexes = [models.Index(fields=["target_kind", "target_number"], name="audit_target")]


class Task(models.Model):
    """长任务 Long work that can be left and found again: an import, a check, an export."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        RUNNING = "running", "进行中"
        DONE = "done", "完成"
        FAILED = "failed", "未完成"

    kind = models.CharField(max_length=60)
    owner_number = models.BigIntegerField(null=True)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    message = models.TextField(default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "failed"]), name="task_state"
            )
        ]


class Mark(models.Model):
    """数据库标记 What this database is: the row "demo" allows bulk loading of invented people."""

    name = models.CharField(max_length=40, unique=True)
    value = models.CharField(max_length=200, default="")


class SentForm(models.Model):
    """已收表单 The digest of a form that was sent and, once it is done, where it led, sealed. Kept for a day.

    `by`: who works on it, a process and this one time, "process/time"; a form that was given back has nobody. `done`:
    numbers of the audit rows of what was done of it, written with the deed itself, until it is known where it led.
    """

    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=60)
    done = models.TextField(default="")
    led_to = models.BinaryField(null=True)
