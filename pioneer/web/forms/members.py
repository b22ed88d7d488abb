"""党员的表单 Their labels are the places the operations name in a fault."""

from typing import Any

from django import forms

from pioneer.members import queries
from pioneer.members.particulars import Particulars

TEL = {"inputmode": "tel", "autocomplete": "off"}
OFF = {"autocomplete": "off"}


def day(label: str, *, required: bool = True, hint: str = "") -> forms.DateField:
    """日期 The browser's own date field; typed as 2026-03-08 where there is none."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=hint, widget=widget)


def text(label: str, most: int, *, required: bool = True, hint: str = "", attrs: Any = None) -> forms.CharField:
    """一行字"""
    widget = forms.TextInput(attrs=attrs or OFF)
    return forms.CharField(label=label, max_length=most, required=required, help_text=hint, widget=widget)


def several(label: str, most: int, *, required: bool = True, hint: str = "") -> forms.CharField:
    """几行字"""
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=most, required=required, help_text=hint, widget=widget)


class ParticularsForm(forms.Form):
    """基本情况"""

    name = text("姓名", 60)
    sex = forms.ChoiceField(label="性别", required=False, choices=[("", "未登记"), *queries.SEX_CHOICES])
    birth_on = day("出生日期", required=False)
    joined_on = day("入党日期", required=False, hint="党支部大会通过为预备党员的日期。")
    full_on = day("转正日期", required=False)
    arrived_on = day("从区外转入日期", required=False, hint="一直在本区的不填。")
    phone = text("电话", 20, required=False, attrs=TEL)
    nation = text("民族", 20, required=False)
    education = text("学历", 20, required=False)
    is_floating = forms.BooleanField(label="流动党员", required=False)
    floating_to = text("流动去向", 80, required=False, hint="例如“省城务工”。")
    note = text("备注", 200, required=False)

    def particulars(self) -> Particulars:
        """填写的基本情况"""
        return Particulars(**{name: self.cleaned_data[name] for name in Particulars.__dataclass_fields__})


class AddForm(ParticularsForm):
    """添加党员"""

    identity = text("身份证号", 30, required=False, hint="18位。加密保存，页面上只显示前四位和后四位。")
    identity_missing_why = text("没有身份证号的原因", 120, required=False, hint="有号码的不填。")
    status = forms.ChoiceField(label="状态", choices=queries.PRESENT_CHOICES)
    track = forms.ChoiceField(label="类别")
    since = day("编入日期", hint="从哪一天起属于本支部。")

    field_order = ["name", "identity", "identity_missing_why", "status", "track", "since"]

    def __init__(self, *args: Any, tracks: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["track"].choices = list(tracks.items())  # type: ignore[attr-defined]


class EditForm(ParticularsForm):
    """修改资料"""

    reason = text("更正理由", 200, required=False, hint="改姓名、性别或日期时须填，例如“与身份证核对，原登记有误”。")


class IdentityForm(forms.Form):
    """更正身份证号"""

    identity = text("身份证号", 30, hint="18位，请对照证件填写。")
    reason = text("更正理由", 200, hint="例如“与身份证原件核对”。")


class StatusForm(forms.Form):
    """状态变动"""

    status = forms.ChoiceField(label="状态", choices=queries.STATUS_CHOICES)
    on = day("日期", hint="新状态从哪一天起。")
    document = text("文件", 120, required=False, hint="作出决定的组织和文号，例如“槐发〔2026〕12号”。已故的可以不填。")
    full_on = day("转正日期", required=False, hint="预备党员转正时填；不填就用上面的日期。")


class TrackForm(forms.Form):
    """类别变更"""

    track = forms.ChoiceField(label="类别")
    on = day("日期", hint="从哪一天起按新类别计分。之前发生的事仍按原类别。")

    def __init__(self, *args: Any, tracks: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["track"].choices = list(tracks.items())  # type: ignore[attr-defined]


class _ToBranch(forms.Form):
    def __init__(self, *args: Any, branches: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].choices = branches  # type: ignore[attr-defined]


class TransferForm(_ToBranch):
    """组织关系转接"""

    branch = forms.TypedChoiceField(label="转往", required=False, coerce=int, empty_value=None, help_text="本区的支部")
    to_outside = text("区外党组织", 120, required=False, hint="转出本区时填写全称，上面一项留空。")
    on = day("转接日期", hint="本月内、今天或以前的日期。以前的月份由原支部考评。")
    document = text("介绍信", 120, required=False, hint="组织关系介绍信的编号，转往区外须填。")


class ReceiveBackForm(_ToBranch):
    """转回"""

    branch = forms.TypedChoiceField(label="编入支部", coerce=int)
    on = day("日期")
    document = text("介绍信", 120, hint="组织关系介绍信的编号。")


class ExemptionForm(forms.Form):
    """申请免评"""

    ground = forms.ChoiceField(label="事由", choices=queries.GROUND_CHOICES, widget=forms.RadioSelect)
    from_on = day("起始日期")
    until_on = day("截止日期", required=False, hint="不能确定的不填。")
    explanation = several("说明", 500, required=False, hint="写明证明材料即可，不必写病名。")


class ReasonForm(forms.Form):
    """理由"""

    reason = several("理由", 200)


class EndForm(forms.Form):
    """终止免评"""

    last_on = day("最后一天", hint="免评到这一天为止，第二天起恢复计分。")
    reason = text("理由", 200)


class LinkForm(forms.Form):
    """关联已有账号"""

    login = text("登录号码", 40, hint="那个账号登录用的手机号或编号。姓名须与党员一致。")
