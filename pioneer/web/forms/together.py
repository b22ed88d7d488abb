"""一并录入的表单 One event for several members; the rows of a paper form."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.forms import BaseFormSet, formset_factory

from pioneer.declarations.queries import Choice
from pioneer.declarations.together import EVENT_AT_MOST, ROWS_AT_MOST, Deed
from pioneer.web.forms.declarations import ACCEPTED, DayInput, FilesField, HappeningForm, QuantityField, SeveralFiles

WEEKDAYS = "一二三四五六日"
EMPTY_ROWS = 4


def grouped(choices: Iterable[Choice]) -> list[tuple[str, list[tuple[str, str]]]]:
    """分组的指标 By aspect, as a list to choose from."""
    groups = groupby(choices, key=lambda choice: "常用" if choice.is_recent else choice.aspect or "其他")
    return [(name, [(one.code, f"{one.code} {one.name}") for one in some]) for name, some in groups]


def levels_of(choices: Iterable[Choice]) -> list[tuple[str, str]]:
    """级别 Of all indicators that have them."""
    return list({pair: None for choice in choices for pair in choice.levels})


class TogetherForm(HappeningForm):
    """集体录入"""

    HINTS: ClassVar = {
        "quantity": "按小时、户数等计分的才填，每人相同。",
        "level": "按级别计分的才选。",
        "matter": "每个人的申报都写这一句。只有支部看得到，公示时不显示。",
        "evidence": "签到表、活动照片，附一次，每个人的申报都带上。",
    }

    event = forms.CharField(
        label="活动名称",
        required=False,
        max_length=EVENT_AT_MOST,
        help_text="如“3月主题党日”。一次活动按几项录的写同一个名称，只计最高的一项。",
    )
    members = forms.TypedMultipleChoiceField(
        label="哪些党员",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少勾选一位党员。", "invalid_choice": "名单变了，请重新勾选。"},
    )

    def __init__(
        self, data: Any, files: Any, *, choices: Sequence[Choice], roster: Sequence[tuple[int, str]], today: date
    ) -> None:
        super().__init__(data, files, initial={"event_on": today, "request_key": uuid4()})
        self.fields["indicator"].choices = [("", "请选择"), *grouped(choices)]  # type: ignore[attr-defined]
        self.fields["level"].choices = [("", "请选择"), *levels_of(choices)]  # type: ignore[attr-defined]
        self.fields["members"].choices = roster  # type: ignore[attr-defined]
        for name, hint in self.HINTS.items():
            self.fields[name].help_text = hint
        self.fields["event_on"].widget = DayInput(max=today.isoformat())

    def spoken(self) -> dict[str, Any]:
        """填写的内容 As the operation takes it."""
        said = dict(self.cleaned_data)
        said["member_ids"] = said.pop("members")
        said["evidence"] = [(file.name or "附件", file.read()) for file in said["evidence"]]
        return said


class DeedForm(forms.Form):
    """表上的一行"""

    indicator = forms.ChoiceField(label="做了什么", error_messages={"required": "请选一项。"})
    event_on = forms.TypedChoiceField(
        label="哪一天", coerce=date.fromisoformat, error_messages={"required": "请选是哪一天。"}
    )
    started_at = forms.TimeField(label="几点", required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    place = forms.CharField(label="在哪里", max_length=80, error_messages={"required": "请填写在哪里。"})
    quantity = QuantityField(label="数量", required=False)
    level = forms.ChoiceField(label="级别", required=False)
    matter = forms.CharField(label="具体事项", max_length=1000, error_messages={"required": "请写清做了什么事。"})

    def __init__(self, *args: Any, choices: Sequence[Choice], days: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(day.isoformat(), f"周{WEEKDAYS[day.weekday()]}　{day.month}月{day.day}日") for day in days]
        self.fields["indicator"].choices = [("", "请选择"), *grouped(choices)]  # type: ignore[attr-defined]
        self.fields["event_on"].choices = [("", "请选择"), *listed]  # type: ignore[attr-defined]
        levels = levels_of(choices)
        self.fields["level"].choices = [("", "请选择"), *levels]  # type: ignore[attr-defined]
        if not levels:
            del self.fields["level"]


Deeds = formset_factory(DeedForm, extra=EMPTY_ROWS, max_num=ROWS_AT_MOST, absolute_max=ROWS_AT_MOST)


def deeds_of(rows: BaseFormSet[DeedForm]) -> list[Deed]:
    """填了的行 Each with its number on the page."""
    return [
        Deed(**{"level": "", **form.cleaned_data}, row=number)
        for number, form in enumerate(rows, start=1)
        if form.cleaned_data
    ]


class ScanForm(forms.Form):
    """表的扫描件"""

    evidence = FilesField(
        label="这张表的照片或扫描件",
        required=False,
        widget=SeveralFiles(attrs={"accept": ACCEPTED}),
        help_text="附一次，每一行都带上；先前录这张表时附过的，不用再附。",
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any, files: Any) -> None:
        super().__init__(data, files, initial={"request_key": uuid4()})

    def scans(self) -> list[tuple[str, bytes]]:
        """附件 Name and content of each."""
        return [(file.name or "附件", file.read()) for file in self.cleaned_data["evidence"]]
