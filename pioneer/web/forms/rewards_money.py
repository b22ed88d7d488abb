"""存折经费的表单 Money in and out, a correction, a donation, the month counted."""

from decimal import Decimal

from django import forms

from pioneer.web.forms.rewards_books import DAY, MonthForm, YuanField, ground_of, line_of

KINDS = [("grant", "拨款"), ("other_in", "其他收入"), ("other_out", "其他支出")]
DONATIONS = [("money", "捐款"), ("goods", "捐物")]


class MoneyForm(forms.Form):
    """记经费"""

    kind = forms.ChoiceField(
        label="类别", choices=KINDS, widget=forms.RadioSelect,
        help_text="采购、捐款和商户结算由入库、捐赠登记、付款自动记账，不在这里记。",
    )  # fmt: skip
    cents = YuanField(label="金额", help_text="单位元，不写正负号。")
    on = forms.DateField(label="日期", widget=DAY, help_text="钱收到或付出的日子。")
    text = line_of("摘要", 200)
    document = line_of("凭证", 120, "拨款文件、收据或发票的编号。")


class CorrectForm(forms.Form):
    """更正经费"""

    reason = ground_of("更正原因")


class DonationForm(forms.Form):
    """记捐赠"""

    kind = forms.ChoiceField(label="类别", choices=DONATIONS, widget=forms.RadioSelect)
    donor = line_of("捐赠人", 80)
    is_anonymous = forms.BooleanField(
        label="捐赠人不愿具名", required=False, help_text="姓名只留在台账里备查，别处写“不具名”。"
    )
    on = forms.DateField(label="日期", widget=DAY)
    cents = YuanField(
        label="金额",
        required=False,
        min_value=Decimal(0),
        help_text="单位元。捐款的填金额，捐物的填估值；没有估的不填。",
    )
    what = line_of("捐赠物品", 200, "捐物的填：什么、多少。入库时选这一笔捐赠。", required=False)
    document = line_of("凭证", 120, "开给捐赠人的收据编号。", required=False)

    def clean_cents(self) -> int:
        return self.cleaned_data["cents"] or 0


class ScanForm(forms.Form):
    """签字的月报"""

    scan = forms.FileField(
        label="签字的月报", help_text="两人签了字的月报，拍照或扫描。存了不能换。",
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf", "data-smaller": True}),
    )  # fmt: skip


class CountForm(MonthForm):
    """月结"""

    counted_cents = YuanField(
        label="实有金额", min_value=Decimal(0), help_text="月末那天的现金，加上银行存款，单位元。先清点，再填。"
    )
    note = forms.CharField(
        label="差异说明", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="实有与账面不同的，写明差在哪里、怎样处理。相同的不填。",
    )  # fmt: skip
