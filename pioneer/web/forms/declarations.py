"""申报的表单 One screen on a phone: what, when, where, the matter; the rest may stay empty."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms

from pioneer.declarations.queries import Offer
from pioneer.kernel.points import parse, show

ACCEPTED = "image/*,.heic,.heif,application/pdf,.docx"


class SeveralFiles(forms.ClearableFileInput):
    """选多个文件"""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """多个附件 A list of uploaded files."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(one, initial) for one in data or [] if one]


class QuantityField(forms.CharField):
    """数量 In hundredths: "1.5" → 150."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as error:
            raise forms.ValidationError("请填写数字，最多两位小数，如 1.5。") from error


class DayInput(forms.DateInput):
    """日期框"""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(format="%Y-%m-%d", attrs=attrs)


def quick_days(today: date, last: Iterable[date] = ()) -> list[tuple[str, str]]:
    """常选的日子 Today, yesterday, the day before, then the days last declared for: value and words."""
    days = [(today - timedelta(days=back), name) for back, name in enumerate(("今天", "昨天", "前天"))]
    known = {day for day, _ in days}
    days += [(day, f"{day.month}月{day.day}日") for day in last if day not in known and day <= today]
    return [(day.isoformat(), name) for day, name in days[:5]]


class HappeningForm(forms.Form):
    """一件事 What was done, when and where: asked of one member or of many."""

    indicator = forms.ChoiceField(label="做了什么", error_messages={"required": "请选一项，看是哪一类的事。"})
    quantity = QuantityField(label="数量", required=False)
    level = forms.ChoiceField(label="级别", required=False)
    event_on = forms.DateField(label="哪一天", error_messages={"required": "请填写是哪一天做的。"})
    place = forms.CharField(
        label="在哪里",
        max_length=80,
        help_text="写到村或小区就可以。",
        error_messages={"required": "请填写在哪里做的，写到村或小区即可。"},
    )
    matter = forms.CharField(
        label="具体事项",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="为谁、做了什么、结果怎样。只有支部看得到，公示时不显示。",
        error_messages={"required": "请写清做了什么事。"},
    )
    started_at = forms.TimeField(label="开始时间", required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    minutes = forms.IntegerField(
        label="用时（分钟）", required=False, min_value=1, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    evidence = FilesField(
        label="照片或文件",
        required=False,
        widget=SeveralFiles(attrs={"accept": ACCEPTED, "data-smaller": True}),
        help_text="可以拍照，也可以选多张。照片里的定位信息会自动去掉。",
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput)


class DeclareForm(HappeningForm):
    """申报"""

    same_as_id = forms.TypedChoiceField(
        label="与哪条申报是同一件事",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="同一件事按不同项目申报的，只计分值高的一项。",
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        offer: Offer | None,
        today: date,
        others: Any = (),
        again: Any = None,
    ) -> None:
        initial = {"event_on": today, "request_key": uuid4()}
        if again is not None:
            initial |= {"event_on": None, "quantity": show(again.quantity) if again.quantity else ""}
            initial |= {name: getattr(again, name) for name in ("indicator", "level", "place", "matter", "minutes")}
        super().__init__(data, files, initial=initial)
        self.again = again
        self.fields["place"].widget.attrs |= {"list": "places", "autocomplete": "off"}
        choices = offer.choices if offer else ()
        codes = [(choice.code, choice.name) for choice in choices]
        levels = {pair: None for choice in choices for pair in choice.levels}
        self.fields["indicator"].choices = codes  # type: ignore[attr-defined]
        self.fields["level"].choices = [("", "请选择"), *levels]  # type: ignore[attr-defined]
        self.fields["same_as_id"].choices = [  # type: ignore[attr-defined]
            ("", "没有"),
            *((other.pk, f"{other.event_on.month}月{other.event_on.day}日　{other.matter[:24]}") for other in others),
        ]
        first = {"min": offer.earliest.isoformat()} if offer else {}
        self.fields["event_on"].widget = DayInput(max=today.isoformat(), **first)
        self.days = quick_days(today, offer.days if offer else ())
        self.places = offer.places if offer else ()

    @property
    def chosen(self) -> str:
        """选中的指标"""
        return str(self["indicator"].value() or "")

    def spoken(self) -> dict[str, Any]:
        """填写的内容 As the operation takes it."""
        said = dict(self.cleaned_data)
        said["evidence"] = [(file.name or "附件", file.read()) for file in said["evidence"]]
        return said
