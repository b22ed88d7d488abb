"""日常纪实的表单"""

from typing import Any

from django import forms

from pioneer.conduct.policies import NOT_FINAL
from pioneer.conduct.zeroing import DocumentKind

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
SHOWN_HINT = "没有账号的，写明当面出示的情况：本人签字的日期，或两位见证人的姓名。补录以前的也要写。"
TOLD_HINT = "没有账号的，写明当面告知的情况：本人签收的日期，或两位见证人的姓名。"
Choices = list[tuple[Any, str]]


class _About(forms.Form):
    """About a member of the branch and an indicator."""

    def __init__(self, *args: Any, people: Choices, indicators: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", "请选择"), *people]  # type: ignore[attr-defined]
        self.fields["indicator"].choices = [("", "请选择"), *indicators]  # type: ignore[attr-defined]


class RecordForm(_About):
    """教育记录、提醒"""

    member = forms.TypedChoiceField(label="党员", coerce=int)
    indicator = forms.ChoiceField(label="指标")
    on = forms.DateField(label="日期", widget=DAY)
    content = forms.CharField(
        label="内容",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="说了什么事，提了什么要求。本人马上会看到。",
    )
    shown_how = forms.CharField(label="如何出示", max_length=120, required=False, help_text=SHOWN_HINT)


class ProposeForm(_About):
    """提出清零"""

    member = forms.TypedChoiceField(label="党员", coerce=int)
    indicator = forms.ChoiceField(label="情形")
    document_kind = forms.ChoiceField(
        label="文件种类",
        choices=[("", "请选择"), *DocumentKind.choices, ("没有最终效力的", list(NOT_FINAL.items()))],
        help_text="只有已经发生最终效力的文件才能作依据。",
    )
    in_force = forms.TypedChoiceField(
        label="文件是否已经发生效力",
        choices=[("yes", "已经发生：判决已过上诉期或终审，处罚决定已送达，处分决定已生效"), ("no", "还没有")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    issuer = forms.CharField(label="发文机关", max_length=120)
    document_number = forms.CharField(label="文号", max_length=80)
    document_on = forms.DateField(label="文件日期", widget=DAY, help_text="清零的是这一天所在的周期。")
    facts = forms.CharField(
        label="事实", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}), help_text="照文件写，不公开。"
    )
    file = forms.FileField(label="文件扫描件", required=False, help_text="照片或 pdf，不公开。")
    told_how = forms.CharField(label="如何告知", max_length=200, required=False, help_text=TOLD_HINT)


class AnswerForm(forms.Form):
    """申辩"""

    statement = forms.CharField(
        label="申辩",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="没有意见的，写“没有意见”。提交后由乡镇（街道）审批。",
    )


class TakeDownForm(AnswerForm):
    """代录申辩"""

    taken_how = forms.CharField(label="如何代录", max_length=190, help_text="例如“本人口述，当面读给本人听后签字”。")


class ApproveForm(forms.Form):
    """批准"""

    reason = forms.CharField(label="意见", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class RefuseForm(forms.Form):
    """不批准"""

    reason = forms.CharField(
        label="理由", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text="支部和本人都会看到。"
    )


class ReverseForm(forms.Form):
    """撤销"""

    document = forms.CharField(label="依据", max_length=200, help_text="撤销所依据的文件：发文机关、文号和日期。")


class RelationForm(forms.Form):
    """申明亲属关系"""

    relative_name = forms.CharField(label="亲属姓名", max_length=60)
    relative_number = forms.CharField(
        label="亲属的党员编号", max_length=20, required=False, help_text="在别的支部的才要填。"
    )
    kind = forms.CharField(label="关系", max_length=30, help_text="例如夫妻、父子、兄弟姐妹。")


class BranchRelationForm(RelationForm):
    """登记亲属关系"""

    member = forms.TypedChoiceField(label="党员", coerce=int)
    field_order = ("member", "relative_name", "relative_number", "kind")

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", "请选择"), *people]  # type: ignore[attr-defined]
