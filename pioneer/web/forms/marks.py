"""外部成绩的表单"""

from typing import Any

from django import forms

from pioneer.kernel.points import parse, show
from pioneer.results.mark_queries import Grid, Row
from pioneer.web.forms.declarations import DayInput

WRONG = "请填数字，最多两位小数，如 85.5。"


class _DayForm(forms.Form):
    """On which day, and on which paper it stands."""

    on = forms.DateField(label="日期", widget=DayInput(), help_text="评议或考试的日期。")
    basis = forms.CharField(label="依据", max_length=120, help_text="哪一份表，如“2026年度民主评议测评汇总表”。")


class MarksForm(_DayForm):
    """录入成绩 A mark for everybody of the branch; what is left empty stays as it is."""

    def __init__(self, data: Any = None, *, grid: Grid) -> None:
        start: dict[str, Any] = {}
        latest = max((one.on for one in grid.waiting), default=None)
        for one in grid.waiting:
            if one.value is not None and one.revision == 1 and one.on == latest:
                start |= {"on": one.on, "basis": one.basis, f"value_{one.member_id}": show(one.value)}
        super().__init__(data, initial=start)
        self.rows = grid.rows
        for row in grid.rows:
            self.fields[f"value_{row.number}"] = forms.CharField(
                label=row.who,
                required=False,
                max_length=12,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )

    @property
    def lines(self) -> list[tuple[Row, forms.BoundField]]:
        """各行"""
        return [(row, self[f"value_{row.number}"]) for row in self.rows]

    def clean(self) -> dict[str, Any]:
        """成绩以百分之一分计"""
        given = dict(super().clean() or {})
        for row in self.rows:
            name = f"value_{row.number}"
            text = given.get(name, "").strip()
            given[name] = None
            if text:
                try:
                    given[name] = parse(text)
                except ValueError:
                    self.add_error(name, WRONG)
                    continue
                if abs(given[name]) > 1_000_000:
                    self.add_error(name, WRONG)
        return given

    def given(self) -> dict[str, Any]:
        """录入的内容 Only of who has a mark."""
        found = {row.number: self.cleaned_data[f"value_{row.number}"] for row in self.rows}
        return {
            "on": self.cleaned_data["on"],
            "basis": self.cleaned_data["basis"],
            "marks": {number: value for number, value in found.items() if value is not None},
        }


class MarksFileForm(_DayForm):
    """从 Excel 录入"""

    file = forms.FileField(label="填好的表", help_text=".xlsx、.xls、.ods 或 .csv，不超过5 MB。")


class CorrectMarkForm(forms.Form):
    """更正成绩"""

    mark = forms.CharField(
        label="成绩", required=False, max_length=12, help_text="更正后的成绩；空着就是撤销这一次成绩。"
    )
    reason = forms.CharField(
        label="更正理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="本人看得到。",
    )

    def clean_mark(self) -> int | None:
        """成绩以百分之一分计"""
        text = str(self.cleaned_data["mark"]).strip()
        if not text:
            return None
        try:
            found = parse(text)
        except ValueError:
            raise forms.ValidationError(WRONG) from None
        if abs(found) > 1_000_000:
            raise forms.ValidationError(WRONG)
        return found

    def value(self) -> int | None:
        """更正后的成绩"""
        found: int | None = self.cleaned_data["mark"]
        return found
