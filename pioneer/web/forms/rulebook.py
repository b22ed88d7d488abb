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


class StartForm(forms.Form):
    """另起一份草稿: from a version, from what ships, or from a file."""

    begin = forms.ChoiceField(label="从哪里起草", widget=forms.RadioSelect)
    file = forms.FileField(
        label="办法文件",
        required=False,
        max_length=255,
        help_text="从这里下载、改好的 Excel（.xlsx），或 rulebook.toml。里面有错误也可以，到起草台上改。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.toml"}),
    )

    FILE = "file"

    def __init__(self, *args: Any, beginnings: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["begin"].choices = [*beginnings, (self.FILE, "我自己的文件")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("begin") == self.FILE and cleaned.get("file") is None and "file" not in self.errors:
            self.add_error("file", "请选择文件，或改选上面的一项。")
        _check_size(self, cleaned.get("file"))
        return cleaned


class UploadForm(forms.Form):
    """换上改好的文件"""

    edit = forms.IntegerField(widget=forms.HiddenInput)
    file = forms.FileField(
        label="改好的文件",
        max_length=255,
        help_text="从这份草稿下载的 Excel（.xlsx），或 rulebook.toml。草稿的全文换成文件里的。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.toml"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
    )
    with_mistakes = forms.BooleanField(label="内容有错误也换上，到起草台上再改", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _check_size(self, cleaned.get("file"))
        return cleaned


def _check_size(form: forms.Form, file: Any) -> None:
    if file is not None and file.size > LARGEST:
        form.add_error("file", "文件过大，不像是一部积分办法。请核对后再选。")


class SubmitForm(forms.Form):
    """提交草稿"""

    edit = forms.IntegerField(widget=forms.HiddenInput)
    valid_from = forms.DateField(
        label="施行日期", widget=DAY, help_text="从这一天起的事按新版计分。已有施行中的办法时，须是今天或以后。"
    )


class CompareForm(forms.Form):
    """对照哪两份"""

    old = forms.ChoiceField(label="原来")
    new = forms.ChoiceField(label="现在")

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("old", "new"):
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]


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
