"""积分存折的表单"""

import base64
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms

from pioneer.kernel.points import show
from pioneer.rewards.goods import GoodForm
from pioneer.rewards.reservation_queries import ASKED
from pioneer.rewards.shop_queries import HOWS, PERIOD_WORDS, Kept
from pioneer.web.forms.declarations import DayInput, QuantityField

Choices = Sequence[tuple[Any, str]]
WHOLE = {"inputmode": "numeric", "autocomplete": "off"}


def _number(label: str, hint: str = "", *, least: int = 1, required: bool = True) -> forms.IntegerField:
    widget = forms.NumberInput(attrs=WHOLE)
    return forms.IntegerField(label=label, min_value=least, help_text=hint, required=required, widget=widget)


def _text(label: str, most: int, hint: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, help_text=hint, required=required)


class _Keyed(forms.Form):
    """A form with a key of its own: sent again it is the same."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = uuid4


# ------------------------------------------------------------------ a member's own


class ReserveForm(_Keyed):
    """预订"""

    quantity = _number("数量")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].initial = 1


class ReserveForForm(_Keyed):
    """代为预订 One good of those that can be had."""

    good_id = forms.TypedChoiceField(
        label="商品", coerce=int, widget=forms.RadioSelect,
        error_messages={"invalid_choice": "这种商品现在不能预订，原因写在下面，请改选别的。"},
    )  # fmt: skip
    quantity = _number("数量")
    asked = forms.ChoiceField(label="怎么提出的", choices=ASKED, widget=forms.RadioSelect, initial="phone")
    asked_by = _text("谁提出的", 60, "本人提出的不用写；家人代为提出的，写家人的姓名。", required=False)

    def __init__(self, *args: Any, goods: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["good_id"].choices = goods  # type: ignore[attr-defined]
        self.fields["quantity"].initial = 1


# ------------------------------------------------------------------ the counter


class TypedForm(forms.Form):
    """出示的卡"""

    typed = forms.CharField(
        label="卡号，或屏幕上的码",
        max_length=60,
        help_text="卡号10位数字；党员手机上显示的，把“-”和后面8位也输上。",
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "autocapitalize": "off"}),
    )


class RedeemForm(_Keyed):
    """确认兑换"""

    how = forms.ChoiceField(label="领取方式", choices=HOWS, widget=forms.RadioSelect, initial="present")
    other = _text("代领人", 60, "他人代领的，写代领人的姓名；送货上门的，写收货人的姓名。", required=False)
    note = _text("备注", 200, required=False)


class ReturnForm(_Keyed):
    """退货 How many of each line that has something left; a single piece is filled in already. What was sent may also
    be what came back meanwhile: whether it is the same return is not for the form to say."""

    reason = _text("退货原因", 200)
    restocked = forms.BooleanField(
        label="商品完好，放回货架", required=False, initial=True, help_text="不勾的，退回后按报损出库。"
    )

    def __init__(self, *args: Any, kept: Sequence[Kept], **more: Any) -> None:
        super().__init__(*args, **more)
        self.kept = [one for one in kept if one.left or self.is_bound]
        whole = sum(one.left for one in self.kept)
        lines = {f"line-{one.item.pk}": _back(one, 1 if whole == 1 else None) for one in self.kept}
        self.fields = {**lines, **self.fields}

    def clean(self) -> dict[str, Any]:
        """退哪几种、各几件"""
        given = super().clean() or {}
        chosen = [(one.item.pk, given.pop(f"line-{one.item.pk}", None) or 0) for one in self.kept]
        given["lines"] = [(number, many) for number, many in chosen if many]
        if not self.errors and not given["lines"]:
            raise forms.ValidationError("请写上退哪一种、退几件。")
        return given


def _back(one: Kept, many: int | None) -> forms.IntegerField:
    """A line of the receipt; more than is left of it is refused with a sentence, here or when it is written."""
    good = one.item.good
    said = f"{good.name}退几{good.unit}"
    hint = f"兑换{one.item.quantity}{good.unit}，可退{one.left}{good.unit}，每{good.unit}退{show(one.item.price)}分。"
    widget = forms.NumberInput(attrs={**WHOLE, "max": one.left})
    return forms.IntegerField(
        label=said, min_value=0, max_value=one.item.quantity, required=False, initial=many, help_text=hint,
        widget=widget,
        error_messages={"max_value": f"最多可退{one.left}{good.unit}，请按手里实有的数量填写。"},
    )  # fmt: skip


PNG = "data:image/png;base64,"


class ReceiptForm(forms.Form):
    """签收单 The scan or photograph, or what was drawn on the screen."""

    drawn = forms.CharField(required=False, max_length=700_000, widget=forms.HiddenInput)
    scan = forms.FileField(
        label="签收单",
        required=False,
        help_text="签了名的收据，拍照或扫描。",
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf", "data-smaller": True}),
    )

    def clean_drawn(self) -> bytes:
        """签名的图 As the screen drew it; nothing where nobody signed there."""
        text = self.cleaned_data["drawn"]
        if not text:
            return b""
        try:
            return base64.b64decode(text.removeprefix(PNG), validate=True)
        except ValueError as error:
            raise forms.ValidationError("屏幕上的签名没有传完整，请重新签，或上传签了名的收据。") from error

    def clean(self) -> dict[str, Any]:
        """签名或扫描件，总要有一样"""
        given = super().clean() or {}
        if not self.errors and not given.get("drawn") and not given.get("scan"):
            raise forms.ValidationError("请党员在屏幕上签名，或上传签了名的收据。")
        return given


# ------------------------------------------------------------------ the shop


class OpenForm(forms.Form):
    """开门、暂停"""

    note = _text("暂停原因", 120, "写明原因和何时恢复，例如“盘点，4月3日恢复”。党员会看到。", required=False)


class ShopForm(forms.Form):
    """超市"""

    name = _text("名称", 60)
    place = _text("地点", 120)
    hours = _text("开放时间", 120, "例如“每周二、周五上午9点至11点”。", required=False)


class GoodsForm(forms.Form):
    """商品"""

    name = _text("名称", 60)
    price = QuantityField(label="积分", help_text="兑换一份要多少积分。改价只管以后的兑换。")
    unit = forms.CharField(label="单位", max_length=8, initial="件", help_text="例如：件、袋、瓶。")
    description = _text("说明", 300, "规格、产地、保质期等。", required=False)
    is_listed = forms.BooleanField(label="上架，党员看得到", required=False, initial=True)
    limit_count = _number("限量", "每人可兑多少，与下面的时段一起填。", required=False)
    limit_period = forms.ChoiceField(label="限量时段", required=False, choices=[("", "不限量"), *PERIOD_WORDS.items()])
    min_balance = QuantityField(label="最低余额", required=False, help_text="存折余额不低于多少才能兑换。")
    min_score = QuantityField(label="最低得分", required=False, help_text="党员先锋指数得分不低于多少才能兑换。")
    needs_no_objection = forms.BooleanField(label="有未了结的异议时不能兑换", required=False)

    def content(self) -> GoodForm:
        """填好的内容"""
        return GoodForm(**self.cleaned_data)


class PictureForm(forms.Form):
    """商品图片"""

    picture = forms.FileField(
        label="图片",
        help_text="商品的照片。照片里的定位会去掉。",
        widget=forms.FileInput(attrs={"accept": "image/*,.heic,.heif", "data-smaller": True}),
    )


class ReceiveForm(forms.Form):
    """入库"""

    quantity = _number("数量")
    unit_yuan = QuantityField(label="单价", help_text="每一份多少元。捐赠的写估价，可以写0。")
    received_on = forms.DateField(label="入库日期", widget=DayInput())
    document = _text("凭证", 120, "发票号、入库单号或捐赠接收单号。")
    donation = forms.TypedChoiceField(label="捐赠", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, donations: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if donations:
            self.fields["donation"].choices = [("", "不是捐赠，是采购"), *donations]  # type: ignore[attr-defined]
        else:
            del self.fields["donation"]


class CountForm(forms.Form):
    """盘点"""

    counted = _number("实有数", "连同已预订、还没有领走的一起点。", least=0)
    witness = _text("见证人", 60, "一起清点的另一个人的姓名。")
    reason = _text("差异原因", 200, "与账上一致的不用写。", required=False)


class HandOverForm(forms.Form):
    """交接单"""

    to_user_id = forms.TypedChoiceField(label="接收人", coerce=int)
    note = _text("备注", 200, required=False)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user_id"].choices = [("", "请选择"), *people]  # type: ignore[attr-defined]


class AcceptForm(forms.Form):
    """确认交接"""

    answer = _text("说明", 200, required=False)


class RefuseForm(forms.Form):
    """退回交接"""

    answer = _text("不符之处", 200, "哪一种商品、账上多少、实际多少。")
