"""积分存折管理的表单 A passbook opened and closed, shops, merchants, agreements, offers, a use at the counter."""

import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms

from pioneer.kernel.points import parse
from pioneer.rewards.merchant_queries import PERIOD_WORDS, TRADES, OfferedHere

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
KINDS = [("percent", "打折：按几折付款"), ("amount", "满减：满多少减多少")]
FOR_WHOM = [("all", "全体党员"), ("full", "正式党员")]


def month_of(text: str) -> tuple[int, int] | None:
    """年和月 Of "2026-04"; None for anything else."""
    found = re.fullmatch(r"(20[0-9]{2})-(0?[1-9]|1[0-2])", text.strip())
    return (int(found[1]), int(found[2])) if found and int(found[1]) >= 2019 else None


class YuanField(forms.DecimalField):
    """元 Typed in yuan, two decimals at most; cents in Python."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            max_digits=11, decimal_places=2, min_value=more.pop("min_value", Decimal("0.01")),
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **more,
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return None if found is None else int(found * 100)

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 100:.2f}" if isinstance(value, int) else value


class PointsBox(forms.CharField):
    """积分 Typed with two decimals at most; hundredths in Python, None where nothing was typed."""

    def __init__(self, **more: Any) -> None:
        box = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=12, widget=box, **more)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from None


def line_of(label: str, most: int, hint: str = "", required: bool = True) -> forms.CharField:
    """一行文字"""
    return forms.CharField(label=label, max_length=most, help_text=hint, required=required)


def ground_of(label: str) -> forms.CharField:
    """原因"""
    return forms.CharField(label=label, max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


# ------------------------------------------------------------------ passbooks and shops


class OpenForm(forms.Form):
    """开设积分存折"""

    organisation_id = forms.TypedChoiceField(label="村（社区）", coerce=int)
    opened_on = forms.DateField(
        label="启用日期", widget=DAY, help_text="从这一天起入账的积分转入存折，以前入账的不补转。"
    )
    decided_on = forms.DateField(label="决定日期", widget=DAY)
    decided_by = line_of("决定人", 60, "作出决定的会议或组织，例如“社区党委会”。")
    document = line_of("决定文件", 120, "文号或会议纪要的编号。")

    def __init__(self, *args: Any, organisations: list[Any], **more: Any) -> None:
        super().__init__(*args, **more)
        rows = [(one.pk, one.name) for one in organisations]
        self.fields["organisation_id"].choices = rows  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """停办积分存折"""

    closes_on = forms.DateField(
        label="最后使用日", widget=DAY, help_text="至少留出30天；有余额的党员马上收到消息。停办不影响得分。"
    )
    decided_on = forms.DateField(label="决定日期", widget=DAY)
    decided_by = line_of("决定人", 60)
    document = line_of("决定文件", 120)
    reason = ground_of("停办原因")


class ShopForm(forms.Form):
    """积分超市"""

    name = line_of("名称", 60)
    place = line_of("地点", 120)
    hours = line_of("开放时间", 120, "例如“每周三、周六上午”。", required=False)


# ------------------------------------------------------------------ merchants


class MerchantForm(forms.Form):
    """商户"""

    name = line_of("名称", 60)
    trade = forms.ChoiceField(label="行业", choices=TRADES)
    address = line_of("地址", 120)
    phone = line_of("电话", 40, required=False)


class PersonForm(forms.Form):
    """经办人"""

    user_id = forms.TypedChoiceField(
        label="经办人", coerce=int, help_text="有“商户”任职的账号。没有列出的，请先由乡镇（街道）授予任职。"
    )

    def __init__(self, *args: Any, people: list[Any], **more: Any) -> None:
        super().__init__(*args, **more)
        rows = [(one.pk, one.name) for one in people]
        self.fields["user_id"].choices = [("", "请选择"), *rows]  # type: ignore[attr-defined]


class AgreementForm(forms.Form):
    """商户协议"""

    document = line_of("协议编号", 120)
    signed_on = forms.DateField(label="签订日期", widget=DAY)
    signed_by = line_of("签订人", 120, "双方签字的人。")
    from_on = forms.DateField(label="起始日期", widget=DAY)
    until_on = forms.DateField(label="截止日期", widget=DAY, help_text="这一天仍可使用。")
    cents_per_point = YuanField(
        label="每积分结算价", required=False, help_text="商户收积分的，填每1积分付给商户多少元；不收的不填。"
    )


class EndAgreementForm(forms.Form):
    """终止协议"""

    ended_on = forms.DateField(label="终止日期", widget=DAY, help_text="从这一天起不能再使用优惠；已用的照常结算。")
    reason = ground_of("终止原因")


class OfferBox(forms.Form):
    """优惠"""

    title = line_of("名称", 60, "党员和商户看到的名称，例如“堂食九折”。")
    kind = forms.ChoiceField(label="优惠方式", choices=KINDS, widget=forms.RadioSelect, initial="percent")
    percent = forms.IntegerField(
        label="折扣", required=False, help_text="打折的填：付原价的百分之几，九折填90，八五折填85。"
    )
    from_cents = YuanField(
        label="消费满", required=False, min_value=Decimal(0), help_text="满减的填，单位元；打折不填。"
    )
    cents = YuanField(label="立减", required=False, help_text="满减的填，单位元。")
    limit_count = forms.IntegerField(
        label="限用", required=False, min_value=1, help_text="每人限用几次，不限的不填。填了次数，要选按多长时间算。"
    )
    limit_period = forms.ChoiceField(label="限次的时间", required=False, choices=[("", "不限"), *PERIOD_WORDS.items()])
    for_whom = forms.ChoiceField(label="供谁使用", choices=FOR_WHOM, initial="all")
    min_score = PointsBox(
        label="得分要求", required=False, help_text="本周期得分至少多少才能用；不要求的不填。商户看不到这一条。"
    )

    def clean(self) -> dict[str, Any]:
        """只留所选方式的数"""
        found = super().clean() or self.cleaned_data
        found["from_cents"] = found.get("from_cents") or 0
        if found.get("kind") == "percent":
            found["cents"], found["from_cents"] = None, 0
        else:
            found["percent"] = None
        return found


# ------------------------------------------------------------------ at the merchant's counter


class UseForm(forms.Form):
    """记优惠"""

    offer_id = forms.TypedChoiceField(label="优惠", coerce=int, widget=forms.RadioSelect)
    bill_cents = YuanField(label="消费金额", help_text="打折以前的金额，单位元。")
    points = PointsBox(label="积分", required=False, help_text="用积分抵付一部分的，填多少积分；不用的不填。")
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, offers: list[OfferedHere], takes_points: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = [(one.offer.pk, f"{one.text}　{one.offer.title}") for one in offers]
        self.fields["offer_id"].choices = rows  # type: ignore[attr-defined]
        if len(rows) == 1:
            self.fields["offer_id"].initial = rows[0][0]
        self.fields["request_key"].initial = uuid4
        if not takes_points:
            del self.fields["points"]


class CancelForm(forms.Form):
    """撤销使用"""

    reason = ground_of("撤销原因")


class DisputeForm(forms.Form):
    """对结算单提出异议"""

    text = ground_of("异议")


class PayForm(forms.Form):
    """付款"""

    paid_on = forms.DateField(label="日期", widget=DAY)
    document = line_of("凭证", 120, "转账凭证或收据的编号。")


class MonthForm(forms.Form):
    """哪个月"""

    month = forms.CharField(label="月份", widget=forms.TextInput(attrs={"type": "month"}), max_length=7)

    def clean_month(self) -> tuple[int, int]:
        """年和月"""
        found = month_of(self.cleaned_data["month"])
        if found is None:
            raise forms.ValidationError("请写成“2026-04”。")
        return found
