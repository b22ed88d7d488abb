"""附件的表 One row per stored content; whoever owns the content points at it and decides who sees it."""

from django.db import models


class StoredFile(models.Model):
    """附件 Content-addressed: the same bytes are kept once."""

    digest = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    uploaded_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
