"""备案的表单"""

from collections.abc import Sequence
from typing import Any

from django import forms

from pioneer.kernel.points import parse

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
TOLD_HINT = "没有账号的，写明当面告知的情况：本人签收的日期，或两位见证人的姓名。"


class PointsInput(forms.CharField):
    """分值 As people write it; hundredths come out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=12, widget=forms.TextInput(attrs={"inputmode": "text"}), **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse(text.replace("−", "-").replace("－", "-").removeprefix("+"))
        except (ValueError, ArithmeticError):
            raise forms.ValidationError("请填写分值，最多两位小数，例如-2或0.5。") from None


class ChooseFilingCycleForm(forms.Form):
    """选周期: which cycle the page shows."""

    cycle = forms.ChoiceField(label="周期")

    def __init__(self, *args: Any, cycles: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle"].choices = list(cycles)  # type: ignore[attr-defined]


class SendFilingForm(forms.Form):
    """报备案"""

    untold_reason = forms.CharField(label="未通报到人的原因", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    minutes = forms.FileField(
        label="会议记录扫描件", required=False, help_text="组织生活会记录的照片或 PDF，随备案包一起报送。"
    )

    def __init__(self, *args: Any, untold: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if untold:
            self.fields["untold_reason"].help_text = (
                f"{'、'.join(untold[:10])}{f'等{len(untold)}人' if len(untold) > 10 else ''}"
                "没有到会，也没有送达个人结果，请写明原因。"
            )
        else:
            del self.fields["untold_reason"]


class SendCollectedForm(forms.Form):
    """报送汇总备案 One reason for each unit without a filing."""

    def __init__(self, *args: Any, missing: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in missing:
            self.fields[f"unit_{number}"] = forms.CharField(
                label=name, max_length=200, help_text="为什么没有备案，例如“5月新设，本周期不评定”。"
            )

    def reasons(self) -> dict[int, str]:
        """各单位的原因 By the unit's number."""
        return {int(name.removeprefix("unit_")): text for name, text in self.cleaned_data.items()}


class ReceiveForm(forms.Form):
    """接收备案"""

    number = forms.CharField(label="备案号", max_length=30, help_text="例如“槐街备〔2027〕3号”，同一接收单位不重复。")


class ReturnFilingForm(forms.Form):
    """退回备案 Overall, and one field for each member."""

    reason = forms.CharField(
        label="退回原因", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in people:
            self.fields[f"member_{number}"] = forms.CharField(label=name, max_length=300, required=False)

    def lines(self) -> dict[int, str]:
        """逐人的原因 By the member's number."""
        return {
            int(name.removeprefix("member_")): text
            for name, text in self.cleaned_data.items()
            if name.startswith("member_") and text
        }


class CheckPackageForm(forms.Form):
    """核验备案包"""

    package = forms.FileField(label="备案包（zip）", help_text="U盘带来的、邮件收到的都可以。只核验，不留存。")


class AmendForm(forms.Form):
    """提出更正"""

    member = forms.TypedChoiceField(label="党员", coerce=int)
    indicator = forms.ChoiceField(label="指标")
    event_on = forms.DateField(label="发生日期", widget=DAY)
    was_points = PointsInput(label="备案时计入的分值", help_text="原来没有计入的填0；扣分填负数，例如-2。")
    now_points = PointsInput(label="更正后应计入的分值", help_text="得分和等次由系统按积分办法推算，不用填。")
    ground = forms.CharField(
        label="事由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="哪里错了、怎样查明的。党员本人和乡镇（街道）会看到。",
    )
    document = forms.CharField(label="依据的文件", max_length=200, help_text="文件、会议记录或凭证的名称和日期。")
    scan = forms.FileField(label="文件扫描件", required=False)
    told_how = forms.CharField(label="如何告知", max_length=200, required=False, help_text=TOLD_HINT)

    def __init__(
        self,
        *args: Any,
        people: Sequence[tuple[int, str]],
        indicators: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", "请选择"), *people]  # type: ignore[attr-defined]
        self.fields["indicator"].choices = [("", "请选择"), *indicators]  # type: ignore[attr-defined]


class AmendZeroingForm(forms.Form):
    """提出清零的更正"""

    told_how = forms.CharField(label="如何告知", max_length=200, required=False, help_text=TOLD_HINT)


class AnswerAmendmentForm(forms.Form):
    """答复更正"""

    statement = forms.CharField(
        label="您的意见",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="没有意见的，写“没有意见”。您的意见会与更正一起交乡镇（街道）。",
    )


class TakeDownAmendmentForm(forms.Form):
    """代录答复"""

    statement = forms.CharField(label="本人的意见", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    taken_how = forms.CharField(label="如何代录", max_length=150, help_text="例如“本人口述，当面读给本人听后签字”。")


class DecideAmendmentForm(forms.Form):
    """审批更正"""

    reason = forms.CharField(label="理由", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class RefuseAmendmentForm(forms.Form):
    """不批准更正"""

    reason = forms.CharField(
        label="不批准的理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="报送单位和本人会看到。",
    )
