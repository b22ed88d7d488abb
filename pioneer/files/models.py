"""附件的表 One row per stored content; whoever owns the content points at it and decides who sees it."""

from django.db import models


class StoredFile(models.Model):
    """附件 Content-addressed: the same bytes are kept once.

    A photograph has a likeness (64 bits, kept as a signed number) and its four 16-bit bands, by which near-same ones
    are found.
    """

    digest = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    uploaded_by_number = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    likeness = models.BigIntegerField(null=True)
    band_1 = models.PositiveIntegerField(null=True)
    band_2 = models.PositiveIntegerField(null=True)
    band_3 = models.PositiveIntegerField(null=True)
    band_4 = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=[f"band_{place}", "likeness", "id"], name=f"file_near_{place}")
            for place in (1, 2, 3, 4)
        ]  # all that a comparison reads: the row itself is not opened
