"""年度评定的表单"""

from collections.abc import Sequence
from typing import Any

from django import forms

from pioneer.kernel import clock


class SimulateForm(forms.Form):
    """试算: which year's entries, and whose."""

    year = forms.IntegerField(
        label="年度",
        min_value=2000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text="用这一年已经入账的条目试算。今年还没有过完，只算到目前为止。",
    )
    organisation = forms.TypedChoiceField(
        label="组织", coerce=int, help_text="全区，或其中一个乡镇（街道）、村（社区）、支部。"
    )

    def __init__(self, *args: Any, places: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = list(places)  # type: ignore[attr-defined]
        self.fields["year"].max_value = clock.today().year  # type: ignore[attr-defined]
        self.fields["year"].initial = clock.today().year - 1


class ChooseCycleForm(forms.Form):
    """选组织和周期: what the page shows."""

    at = forms.ChoiceField(label="组织")
    cycle = forms.ChoiceField(label="周期")

    def __init__(
        self, *args: Any, places: Sequence[tuple[int, str]], cycles: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].choices = list(places)  # type: ignore[attr-defined]
        self.fields["cycle"].choices = list(cycles)  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    """开始评定: whose, of which cycle, in earnest or as a trial."""

    organisation = forms.IntegerField(min_value=1)
    first_on = forms.DateField()
    is_trial = forms.BooleanField(required=False)


class ChoosePlaceForm(forms.Form):
    """选组织: whose former results the page shows."""

    at = forms.ChoiceField(label="组织")

    def __init__(self, *args: Any, places: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].choices = list(places)  # type: ignore[attr-defined]


class FormersFileForm(forms.Form):
    """导入以往结果"""

    file = forms.FileField(label="填好的表", help_text=".xlsx、.xls、.ods 或 .csv，不超过5 MB。")
