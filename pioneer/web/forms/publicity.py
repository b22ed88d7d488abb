"""公示表单 Objecting, answering, finding one's objection again."""

from typing import Any
from uuid import uuid4

from django import forms

from pioneer.kernel.points import parse
from pioneer.publicity.proof_queries import CHANNELS
from pioneer.web.forms.declarations import DayInput


class ObjectForm(forms.Form):
    """提出异议 From the public page."""

    text = forms.CharField(
        label="异议内容",
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": 2000}),
        max_length=2000,
        help_text="哪里不对、您知道的情况。可以写时间、地点、还有谁知道。",
    )
    name = forms.CharField(
        label="您的姓名", max_length=60, required=False, help_text="可不署名。署名只有答复的人看得到，当事人看不到。"
    )
    contact = forms.CharField(label="联系方式", max_length=60, required=False, help_text="需要进一步了解情况时联系您。")
    is_against_act = forms.BooleanField(label="我是对经办人的做法有意见，请直接交乡镇（街道）答复", required=False)
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class PaperObjectForm(ObjectForm):
    """登记书面异议"""

    line = forms.ChoiceField(
        label="对哪一条", help_text="未获认可的申报由申报的党员本人提出，按本人登记；其余各条任何人都可以提。"
    )

    field_order = ("line", "text", "name", "contact", "is_against_act", "request_key")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]
        self.fields["name"].help_text = "异议人不愿署名的，请留空。"


class ReviewObjectForm(forms.Form):
    """对不予认可提出异议"""

    text = forms.CharField(label="异议内容", widget=forms.Textarea(attrs={"rows": 6}), max_length=2000)
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class AnswerForm(forms.Form):
    """答复异议"""

    verdict = forms.ChoiceField(
        label="结论",
        choices=[
            ("rejected", "不成立：原条目不变"),
            ("strike", "成立：撤下这一条"),
            ("change", "成立：改分值或公示用语"),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label="答复",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        help_text="查到的情况和结论，异议人凭回执号看得到，当事人也看得到。",
    )
    public_answer = forms.CharField(
        label="公示页上的一句话", max_length=200, required=False, help_text="例如“经核实，原记录属实”。不写他人姓名。"
    )
    new_value = forms.CharField(label="改为的分值", required=False, max_length=8, help_text="扣分写负数，例如 -0.5。")
    new_wording = forms.CharField(label="改为的公示用语", required=False, max_length=200)

    def __init__(self, *args: Any, about_claim: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if about_claim:  # nothing stands on the sheet yet that could be struck
            self.fields["verdict"].choices = [  # type: ignore[attr-defined]
                ("rejected", "不成立：仍不予认可"),
                ("change", "成立：予以认可，按下面的分值记入"),
            ]
            self.fields["new_value"].label, self.fields["new_value"].help_text = "认可的分值", "例如 0.5。"
            self.fields["new_wording"].label = "公示用语"

    def clean_new_value(self) -> int | None:
        text = self.cleaned_data["new_value"].strip()
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as mistake:
            raise forms.ValidationError(f"{mistake}。") from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == "change" and cleaned.get("new_value") is None and "new_value" not in self.errors:
            self.add_error("new_value", "请写明改为多少分；分值不变只改用语的，写原来的分值。")
        return cleaned

    @property
    def ruling(self) -> dict[str, Any]:
        """裁定 As the operation takes it."""
        verdict = self.cleaned_data["verdict"]
        changed = verdict == "change"
        return {
            "upheld": verdict != "rejected",
            "answer": self.cleaned_data["answer"],
            "public_answer": self.cleaned_data["public_answer"],
            "new_value": self.cleaned_data["new_value"] if changed else None,
            "new_wording": self.cleaned_data["new_wording"] if changed else "",
        }


class ReceiptForm(forms.Form):
    """查异议"""

    receipt = forms.CharField(label="回执号", max_length=16, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class FingerprintForm(forms.Form):
    """核对指纹"""

    fingerprint = forms.CharField(
        label="指纹",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text="印在公示下端，三组，每组四个字符，例如 7F3A 19C2 B05E。空格可以不填。",
    )


class EscalateForm(forms.Form):
    """提请乡镇（街道）"""

    why = forms.CharField(
        label="为什么不同意", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ProofForm(forms.Form):
    """登记张贴凭证"""

    channel = forms.ChoiceField(label="渠道", choices=list(CHANNELS.items()), widget=forms.RadioSelect)
    done_on = forms.DateField(label="哪一天", widget=DayInput())
    place = forms.CharField(
        label="在哪里", max_length=120, help_text="例如“槐园社区东门公示栏”“3月党员大会”“第一党支部党员群”。"
    )
    done_by = forms.CharField(label="谁办的", max_length=60, required=False, help_text="不填就是您本人。")
    file = forms.FileField(
        label="附件",
        required=False,
        widget=forms.FileInput(attrs={"data-smaller": True}),
        help_text="公示栏传照片，要看得出贴在哪里；党员大会传会议记录；公众号、微信群传截图。照片里的定位会去掉。",
    )
    link = forms.CharField(
        label="网址", max_length=300, required=False, help_text="公众号文章的网址；公众号、微信群有网址的可以不传截图。"
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class WithdrawProofForm(forms.Form):
    """撤回张贴凭证"""

    why = forms.CharField(
        label="撤回原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text="例如“传错了照片”。"
    )
