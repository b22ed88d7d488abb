"""组织生活、请假、党费的表单"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from pioneer.conduct.dues import DuesMark
from pioneer.conduct.dues_queries import STATES, Month
from pioneer.conduct.meeting_queries import KINDS, Row, who
from pioneer.conduct.meetings import Mark
from pioneer.web.forms.conduct import DAY, Choices
from pioneer.workbooks.dues import fen_of


def yuan(fen: int | None) -> str:
    """金额 1250 → "12.50"."""
    return "" if fen is None else f"{fen // 100}.{fen % 100:02d}"


class MeetingForm(forms.Form):
    """登记组织生活"""

    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *KINDS])
    on = forms.DateField(label="日期", widget=DAY)
    starts_at = forms.TimeField(label="开始时间", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    place = forms.CharField(label="地点", max_length=80)
    theme = forms.CharField(label="主题", max_length=120, required=False)


class ChangeMeetingForm(MeetingForm):
    """修改组织生活"""

    edit = forms.IntegerField(widget=forms.HiddenInput)


class CancelForm(forms.Form):
    """撤销"""

    reason = forms.CharField(label="原因", max_length=200, help_text="应到的党员会收到消息。")


class AskLeaveForm(forms.Form):
    """请假"""

    reason = forms.CharField(label="事由", max_length=120, widget=forms.Textarea(attrs={"rows": 3}))


class EnterLeaveForm(AskLeaveForm):
    """代登请假"""

    member = forms.TypedChoiceField(label="党员", coerce=int)
    granted_by = forms.TypedChoiceField(label="准假人", coerce=int)
    field_order = ("member", "reason", "granted_by")

    def __init__(self, *args: Any, people: Choices, granters: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", "请选择"), *people]  # type: ignore[attr-defined]
        self.fields["granted_by"].choices = granters  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Line:
    """表格的一行 A row with its fields."""

    row: Any
    who: str
    fields: tuple[forms.BoundField, ...]

    @property
    def errors(self) -> list[str]:
        return [str(error) for field in self.fields for error in field.errors]


class AttendanceForm(forms.Form):
    """考勤 A state and a note for everybody expected."""

    edit = forms.IntegerField(widget=forms.HiddenInput)
    rest = forms.BooleanField(label="没有选的，都记为到会", required=False)

    def __init__(
        self, data: Any = None, *, rows: Sequence[Row], states: Choices, granters: Choices, initial: dict[str, Any]
    ) -> None:
        start = {**initial}
        for row in rows:
            kept = row.attendance
            start[f"state_{row.entry.id}"] = kept.state if kept else "leave" if row.leave else ""
            start[f"note_{row.entry.id}"] = kept.note if kept else ""
        super().__init__(data, initial=start)
        self.rows = rows
        for row in rows:
            name = who(row.entry)
            self.fields[f"state_{row.entry.id}"] = forms.ChoiceField(
                label=name, choices=states, required=False, widget=forms.RadioSelect
            )
            self.fields[f"note_{row.entry.id}"] = forms.CharField(
                label=f"{name}的备注或请假事由", required=False, max_length=120
            )
        self.fields["granted_by"] = forms.TypedChoiceField(
            label="准假人",
            coerce=int,
            choices=granters,
            help_text="这里新登记的请假由谁批准。不能由请假人本人或其亲属批准。",
        )

    @property
    def lines(self) -> list[Line]:
        """各行"""
        return [
            Line(row, who(row.entry), (self[f"state_{row.entry.id}"], self[f"note_{row.entry.id}"]))
            for row in self.rows
        ]

    def marks(self) -> dict[int, Mark]:
        """登记的内容"""
        given = self.cleaned_data
        rest = "present" if given["rest"] else ""
        return {
            row.entry.id: Mark(given[f"state_{row.entry.id}"] or rest, given[f"note_{row.entry.id}"])
            for row in self.rows
        }


class DuesForm(forms.Form):
    """党费 A state, an amount and a note for everybody of the month."""

    edit = forms.IntegerField(widget=forms.HiddenInput)
    rest = forms.BooleanField(label="没有选的，都登记为按时足额", required=False)

    def __init__(self, data: Any = None, *, shown: Month) -> None:
        start: dict[str, Any] = {"edit": shown.edit}
        for row in shown.rows:
            if row.dues is not None:
                kept = {"state": row.dues.state, "fen": yuan(row.dues.fen), "note": row.dues.note}
                start |= {f"{name}_{row.entry.id}": value for name, value in kept.items()}
        super().__init__(data, initial=start)
        self.rows = shown.rows
        for row in shown.rows:
            name, number = who(row.entry), row.entry.id
            self.fields[f"state_{number}"] = forms.ChoiceField(
                label=name, choices=[("", "未登记"), *STATES], required=False
            )
            self.fields[f"fen_{number}"] = forms.CharField(
                label=f"{name}的金额（元）",
                required=False,
                max_length=20,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )
            self.fields[f"note_{number}"] = forms.CharField(label=f"{name}的备注", required=False, max_length=120)

    @property
    def lines(self) -> list[Line]:
        """各行"""
        names = ("state", "fen", "note")
        return [Line(row, who(row.entry), tuple(self[f"{name}_{row.entry.id}"] for name in names)) for row in self.rows]

    def clean(self) -> dict[str, Any]:
        """金额以分计; what was recorded can be corrected, not taken back."""
        given = dict(super().clean() or {})
        for row in self.rows:
            number = row.entry.id
            text = given.get(f"fen_{number}", "").strip()
            given[f"fen_{number}"] = fen_of(text) if text else None
            if text and given[f"fen_{number}"] is None:
                self.add_error(f"fen_{number}", "请写成 12 或 12.50，最多两位小数。")
            if row.dues is not None and not given.get(f"state_{number}"):
                self.add_error(f"state_{number}", "已经登记过，只能改成另一种情况，不能改回未登记。")
        return given

    def marks(self) -> dict[int, DuesMark]:
        """登记的内容 Only of who has a state."""
        given = self.cleaned_data
        rest = "paid" if given["rest"] else ""
        found = {}
        for row in self.rows:
            number = row.entry.id
            state = given[f"state_{number}"] or rest
            if state:
                found[number] = DuesMark(state, given[f"fen_{number}"], given[f"note_{number}"])
        return found


class DuesFileForm(forms.Form):
    """导入党费"""

    file = forms.FileField(label="填好的表", help_text=".xlsx、.xls、.ods 或 .csv，不超过5 MB。")
