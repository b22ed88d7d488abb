"""结转的表单 Opening a take-over sheet; the workbook that comes back."""

from collections.abc import Sequence
from typing import Any

from django import forms

from pioneer.web.forms.declarations import DayInput


class TakeoverForm(forms.Form):
    """开立结转表"""

    branch_id = forms.TypedChoiceField(label="支部", coerce=int)
    on = forms.DateField(
        label="结转到",
        widget=DayInput(),
        help_text="某个月的最后一天。这一天以前的积分按纸质台账的累计结转，下个月起在系统里逐条记。",
    )
    ground = forms.CharField(
        label="纸质依据",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="哪几本台账、哪几次公示，存在哪里。复核人和上级看得到，公示时不显示。",
    )
    scan = forms.FileField(label="扫描件", required=False, help_text="照片或 pdf，只有支部和上级看得到。")

    def __init__(self, data: Any = None, files: Any = None, *, branches: Sequence[Any]) -> None:
        super().__init__(data, files)
        self.fields["branch_id"].choices = [(branch.pk, branch.name) for branch in branches]  # type: ignore[attr-defined]
        if len(branches) == 1:
            self.fields["branch_id"].initial = branches[0].pk


class TotalsFileForm(forms.Form):
    """上传填好的表"""

    file = forms.FileField(label="填好的表", help_text=".xlsx、.xls、.ods 或 .csv。")
    edit = forms.IntegerField(widget=forms.HiddenInput)
