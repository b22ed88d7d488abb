"""推荐的表单"""

from collections.abc import Sequence
from typing import Any

from django import forms

from pioneer.kernel import clock
from pioneer.nominations.calling import KINDS, LEVELS

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
CHECKS = "没有正在进行的纪律审查\n没有正在核查的问题反映"
HOW = "例如“书面同意，本人签字，2月3日”。"
Choices = Sequence[tuple[Any, str]]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _yes(value: str) -> bool:
    return value == "yes"


def _either(label: str, yes: str, no: str, **more: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=[("yes", yes), ("no", no)], coerce=_yes, widget=forms.RadioSelect, **more
    )


class CallForm(forms.Form):
    """推荐通知"""

    organisation = forms.TypedChoiceField(label="发出通知的组织", coerce=int)
    kind = forms.ChoiceField(label="种类", choices=KINDS)
    level = forms.ChoiceField(label="级别", choices=LEVELS)
    title = forms.CharField(label="名称", max_length=60, help_text="例如“2026年槐园街道优秀共产党员”。")
    document_number = forms.CharField(label="文号", max_length=60)
    places = forms.IntegerField(label="名额", min_value=1, max_value=999, help_text="最后确定的人数不会超过它。")
    opens_on = forms.DateField(label="开始日期", widget=DAY)
    closes_on = forms.DateField(label="截止日期", widget=DAY, help_text="支部在这段时间里提名；党龄也算到截止日。")
    cycles = forms.IntegerField(
        label="看几个周期的备案结果",
        min_value=0,
        max_value=10,
        initial=1,
        help_text="从最近一个已经结束的周期往前连续数；不看的填0。",
    )
    tiers = forms.MultipleChoiceField(
        label="等次",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不选的，就是积分办法规定予以表扬的等次。",
    )
    no_zeroing = forms.BooleanField(label="这些周期及以后没有清零", required=False, initial=True)
    years = forms.IntegerField(label="党龄至少几年", min_value=0, max_value=80, initial=0, help_text="不限的填0。")
    track = forms.ChoiceField(label="类别", required=False)
    full_only = forms.BooleanField(label="只限正式党员", required=False, initial=True)
    checks = forms.CharField(
        label="须核实的事项",
        required=False,
        widget=_area(3),
        initial=CHECKS,
        help_text="每行一项。系统查不到的事，由乡镇（街道）以上的一位同志逐人具名核实，没有核实的不能确定。",
    )
    requirements = forms.CharField(label="其他要求", max_length=2000, required=False, widget=_area(4))

    def __init__(self, *args: Any, places_to_call: Choices, tiers: Choices, tracks: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = list(places_to_call)  # type: ignore[attr-defined]
        self.fields["tiers"].choices = list(tiers)  # type: ignore[attr-defined]
        self.fields["track"].choices = [("", "不限"), *tracks]  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """撤回"""

    reason = forms.CharField(label="理由", max_length=200, widget=_area(2), help_text="本人会看到。")


class ProposeNominationForm(forms.Form):
    """提出推荐人选"""

    grounds = forms.CharField(
        label="推荐理由", max_length=1000, widget=_area(5), help_text="会议讨论的情况和依据。本人和上级看到，不公开。"
    )
    wording = forms.CharField(
        label="公示用语", max_length=200, widget=_area(2), help_text="公示时这样介绍。不写得分、家庭、健康和住址。"
    )
    meeting_on = forms.DateField(label="会议日期", widget=DAY)
    present = forms.IntegerField(label="到会人数", min_value=1, max_value=999, required=False)
    in_favour = forms.IntegerField(label="同意票数", min_value=0, max_value=999, required=False)


class OwnAnswerForm(forms.Form):
    """本人答复"""

    is_willing = _either("是否同意被推荐", "同意", "不同意")


class TakenAnswerForm(OwnAnswerForm):
    """代录答复"""

    how = forms.CharField(label="如何答复", max_length=110, help_text=HOW)


class OpinionForm(forms.Form):
    """提出意见"""

    organisation_id = forms.IntegerField(widget=forms.HiddenInput)
    is_for = _either("意见", "同意推荐", "不同意推荐")
    text = forms.CharField(label="说明", max_length=500, widget=_area(3), help_text="署您的姓名，本人会看到。")


class CheckForm(forms.Form):
    """核实一项"""

    position = forms.TypedChoiceField(label="核实事项", coerce=int)
    is_clear = _either("核实结果", "属实，没有问题", "没有通过")
    note = forms.CharField(label="情况说明", max_length=200, required=False, help_text="没有通过的要写，本人会看到。")

    def __init__(self, *args: Any, checks: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].choices = list(checks)  # type: ignore[attr-defined]


class ReceiveForm(forms.Form):
    """登记异议"""

    organisation_id = forms.TypedChoiceField(label="收到的组织", coerce=int)
    came_on = forms.DateField(label="收到日期", widget=DAY)
    text = forms.CharField(
        label="异议内容", max_length=1000, widget=_area(4), help_text="本人会看到内容，不要写提出人的姓名。"
    )
    objector_name = forms.CharField(
        label="提出人", max_length=60, required=False, help_text="只有答复的人看得到。匿名的不填。"
    )
    objector_contact = forms.CharField(label="联系方式", max_length=60, required=False)

    def __init__(self, *args: Any, receivers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation_id"].choices = list(receivers)  # type: ignore[attr-defined]
        self.fields["came_on"].initial = clock.today()


class AnswerObjectionForm(forms.Form):
    """答复异议"""

    is_upheld = _either("结论", "成立", "不成立")
    answer = forms.CharField(label="答复", max_length=500, widget=_area(3), help_text="核查的情况和结论，本人会看到。")


class DecideForm(forms.Form):
    """决定"""

    is_chosen = _either("决定", "确定为人选", "不确定")
    document_number = forms.CharField(label="文号", max_length=60)
    decided_on = forms.DateField(label="决定日期", widget=DAY)
    reason = forms.CharField(
        label="理由", max_length=200, required=False, widget=_area(2), help_text="不确定的要写，支部和本人都会看到。"
    )


class ShowForm(forms.Form):
    """公示人选"""

    nominations = forms.TypedMultipleChoiceField(label="公示哪些人选", coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nominations"].choices = list(people)  # type: ignore[attr-defined]


class NamedForm(forms.Form):
    """是否公布姓名"""

    is_willing = _either("公开表扬时公布您的姓名", "同意公布", "不公布")


class TakenNamedForm(NamedForm):
    """代录是否公布姓名"""

    commended = forms.TypedChoiceField(label="谁的答复", coerce=int)
    how = forms.CharField(label="如何答复", max_length=110, help_text="例如“当面口头答复，1月20日”。")
    field_order = ("commended", "is_willing", "how")

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_willing"].label = "公开表扬时公布姓名"
        self.fields["commended"].choices = list(people)  # type: ignore[attr-defined]


class IssueForm(forms.Form):
    """审定表扬名单"""

    named = forms.TypedMultipleChoiceField(
        label="公布姓名", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label="不公布的理由", max_length=120, required=False, help_text="没有勾选、本人又没有表示不愿的，写明理由。"
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named"].choices = list(people)  # type: ignore[attr-defined]
