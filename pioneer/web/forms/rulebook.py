"""积分办法的表单"""

from collections.abc import Iterable
from typing import Any

from django import forms

from pioneer.rulebook.queries import Warned

LARGEST = 2_000_000
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DraftForm(forms.Form):
    """起草办法: a file, or the text itself."""

    valid_from = forms.DateField(
        label="施行日期",
        required=False,
        widget=DAY,
        help_text="不填就用文本里写的。已有施行中的办法时，不能早于今天。",
    )
    file = forms.FileField(label="办法文件", required=False, help_text="rulebook.toml，写法见说明文档。")
    text = forms.CharField(
        label="或者粘贴、修改文本",
        required=False,
        strip=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "source-text"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is not None and file.size > LARGEST:
            raise forms.ValidationError("文件过大，不像是一部积分办法。请核对后再选。")
        if file is None and not (cleaned.get("text") or "").strip():
            raise forms.ValidationError("请选择办法文件，或粘贴办法的文本。")
        return cleaned

    @property
    def content(self) -> str | bytes:
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file is not None else str(self.cleaned_data["text"])


class AdoptForm(forms.Form):
    """采用办法: one answer for each warning."""

    def __init__(self, *args: Any, warnings: Iterable[Warned], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in warnings:
            self.fields[one.key] = forms.CharField(
                label=f"{one.place}（第{one.line}行）",
                help_text=f"{one.message}。请写明为何仍然采用。",
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 3}),
            )


class DayForm(forms.Form):
    """某日适用"""

    on = forms.DateField(label="日期", required=False, widget=DAY)
