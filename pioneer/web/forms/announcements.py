"""年底通报的表单"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from pioneer.kernel import clock
from pioneer.results.announcing import Mark
from pioneer.web.forms.conduct import DAY

AT_MEETING = "会上交给本人"
HOW = ("上门交给本人", "邮寄", "家属转交", "电子版发给本人")
STATES = [("yes", "到会"), ("no", "没有到会"), ("", "未登记")]
ANSWERS = [("confirmed", "无异议"), ("dissents", "有不同意见")]
PRESENT = {"yes": True, "no": False, "": None}


class AnnounceForm(forms.Form):
    """登记通报: the meeting that was held."""

    held_on = forms.DateField(label="会议日期", widget=DAY)
    place = forms.CharField(label="地点", max_length=80)
    presided_by = forms.CharField(label="主持人", max_length=40)


@dataclass(frozen=True, slots=True)
class Line:
    """表格的一行 A member's row with its fields."""

    row: Any
    said: str
    state: forms.BoundField
    how: forms.BoundField
    on: forms.BoundField

    @property
    def errors(self) -> list[str]:
        return [str(error) for field in (self.state, self.how, self.on) for error in field.errors]


class TellForm(forms.Form):
    """到会和送达: everybody of a branch."""

    seal = forms.CharField(widget=forms.HiddenInput)
    rest = forms.BooleanField(label="没有登记的，都记为到会", required=False)
    handed = forms.BooleanField(label="到会的，告知单都在会上交给了本人", required=False)

    def __init__(
        self, data: Any = None, *, rows: Sequence[Any], said: dict[int, str], initial: dict[str, Any], held_on: Any
    ) -> None:
        start = {**initial}
        for row in rows:
            start[f"state_{row.pk}"] = {True: "yes", False: "no", None: ""}[row.was_present]
            start[f"how_{row.pk}"], start[f"on_{row.pk}"] = row.handed_how, row.handed_on
        super().__init__(data, initial=start)
        self.rows, self.said, self.held_on = rows, said, held_on
        for row in rows:
            name = row.result.member.name
            kept = [row.handed_how] if row.handed_how and row.handed_how not in (AT_MEETING, *HOW) else []
            ways = [("", "还没有送达"), *((way, way) for way in (AT_MEETING, *HOW, *kept))]
            self.fields[f"state_{row.pk}"] = forms.ChoiceField(
                label=f"{name}是否到会", choices=STATES, required=False, widget=forms.RadioSelect
            )
            self.fields[f"how_{row.pk}"] = forms.ChoiceField(
                label=f"{name}的告知单怎样送达", choices=ways, required=False
            )
            self.fields[f"on_{row.pk}"] = forms.DateField(label=f"{name}的送达日期", required=False, widget=DAY)

    @property
    def lines(self) -> list[Line]:
        """各行"""
        return [
            Line(
                row,
                self.said.get(row.pk, ""),
                self[f"state_{row.pk}"],
                self[f"how_{row.pk}"],
                self[f"on_{row.pk}"],
            )
            for row in self.rows
        ]

    def marks(self) -> dict[int, Mark]:
        """登记的内容 Of those whose row says something else than before."""
        return {row.pk: mark for row in self.rows if (mark := self._mark(row)) != _kept(row)}

    def _mark(self, row: Any) -> Mark:
        given = self.cleaned_data
        state, how, on = (given.get(f"{name}_{row.pk}") for name in ("state", "how", "on"))
        present = True if not state and given["rest"] else PRESENT[state or ""]
        if present and given["handed"] and not how and not on:
            how, on = AT_MEETING, self.held_on
        if how == AT_MEETING and not on:
            on = self.held_on
        return Mark(present, on, how or "")


def _kept(row: Any) -> Mark:
    return Mark(row.was_present, row.handed_on, row.handed_how)


class AnswerForm(forms.Form):
    """答复评定结果: by the member itself."""

    answer = forms.ChoiceField(label="答复", choices=ANSWERS, widget=forms.RadioSelect)
    words = forms.CharField(
        label="不同意见",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="选“有不同意见”的，写明是哪一项、哪一天、您认为应当怎样。社区（村）和乡镇（街道）会看到。",
    )


class AnswerForForm(AnswerForm):
    """据回执代登"""

    answered_on = forms.DateField(label="答复日期", widget=DAY, help_text="回执上写的日期。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answered_on"].initial = clock.today()
        self.fields["words"].help_text = "照本人在回执上写的录入。社区（村）和乡镇（街道）会看到。"
