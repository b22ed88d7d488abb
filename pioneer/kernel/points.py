"""积分 Points: exact, stored as whole hundredths; two decimals at most; shown without trailing zeros."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from pioneer.scoring import points as exact

MINUS = "−"


def show(hundredths: int, signed: bool = False) -> str:
    """显示分值 150 → "1.5"; with `signed` "+1.5", and a true minus sign for what is below zero."""
    text = exact.show(hundredths).replace("-", MINUS)
    return "+" + text if signed and hundredths > 0 else text


def parse(text: str) -> int:
    """读入分值 "1.5" → 150. ValueError with a sentence where it is no number or has more than two decimals."""
    return exact.parse_points(text.strip().replace(MINUS, "-").replace("－", "-").replace("＋", "+"))


class PointsField(models.IntegerField):  # type: ignore[type-arg]  # the plugin fills them in, field by field
    """分值字段 Whole hundredths in the database and in Python."""

    description = "points in hundredths"

    def formfield(self, **kwargs: Any) -> Any:
        raise ValidationError("分值由考评表单录入，不在后台修改。")
