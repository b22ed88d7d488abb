"""组织与节假日的表单"""

import re
from datetime import date
from typing import Any

from django import forms

from pioneer.organisations.holidays import HolidayDay

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
LINE = re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?\s+(放假|上班|调休上班|调休)\s*(.*)$")


class OrganisationForm(forms.Form):
    """设立组织"""

    name = forms.CharField(label="名称", max_length=80, help_text="用全称，例如“槐园社区第三党支部”。")
    setting = forms.ChoiceField(
        label="类型",
        choices=[("rural", "农村"), ("urban", "社区")],
        widget=forms.RadioSelect,
        help_text="党员的类别由此而来。",
    )
    is_branch = forms.BooleanField(label="只有一个党支部，村（社区）与党支部合为一个组织", required=False)
    on = forms.DateField(
        label="日期",
        widget=DAY,
        help_text="自哪一天起设立。早就有的，填实际设立的日期；记不清的，填本年1月1日。",
    )
    document = forms.CharField(label="批复文号", max_length=120, required=False)

    def __init__(self, *args: Any, level: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if level != "community":
            del self.fields["setting"], self.fields["is_branch"]


class RenameForm(forms.Form):
    """更名"""

    name = forms.CharField(label="名称", max_length=80)
    on = forms.DateField(label="日期", widget=DAY, help_text="自哪一天起用新名称。以往公示过的仍是原名称。")
    document = forms.CharField(label="批复文号", max_length=120, required=False)


class MoveForm(forms.Form):
    """改隶"""

    parent = forms.TypedChoiceField(label="新的上级", coerce=int)
    on = forms.DateField(label="日期", widget=DAY, help_text="自哪一天起改隶。")
    document = forms.CharField(label="批复文号", max_length=120, required=False)

    def __init__(self, *args: Any, parents: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = parents  # type: ignore[attr-defined]


class LoadYearForm(forms.Form):
    """载入年度"""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)


class EnterYearForm(forms.Form):
    """录入年度"""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    source = forms.CharField(label="依据", max_length=200, help_text="例如国务院办公厅通知的名称和文号。")
    days = forms.CharField(
        label="日期",
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text="一行一天：日期、放假或上班、名称，例如“2027-01-01 放假 元旦”“2027-02-14 上班 春节调休”。"
        "周末本就休息的不必写。",
    )

    def clean_days(self) -> list[HolidayDay]:
        """逐行 Every line that can't be read is named."""
        days, wrong = [], []
        for number, line in enumerate(self.cleaned_data["days"].splitlines(), start=1):
            if not line.strip():
                continue
            found = LINE.match(" ".join(line.split()))
            try:
                assert found is not None
                on = date(int(found[1]), int(found[2]), int(found[3]))
            except (AssertionError, ValueError):
                wrong.append(f"第{number}行“{line.strip()[:30]}”看不懂，请写成“2027-01-01 放假 元旦”的样子。")
                continue
            days.append(HolidayDay(on, found[4] != "放假", found[5].strip()))
        if wrong:
            raise forms.ValidationError(wrong)
        return days


class DayForm(forms.Form):
    """更改一天"""

    on = forms.DateField(label="日期", widget=DAY)
    kind = forms.ChoiceField(
        label="安排",
        choices=[("holiday", "放假"), ("working", "调休上班"), ("plain", "照平常：周一至周五上班，周末休息")],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label="名称", max_length=40, required=False, help_text="例如“中秋节”。")

    @property
    def is_working(self) -> bool | None:
        return {"holiday": False, "working": True}.get(self.cleaned_data["kind"])
