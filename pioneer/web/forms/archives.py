"""年度档案的表单"""

from collections.abc import Sequence
from typing import Any

from django import forms

from pioneer.archives.checking import MOST


class ChooseArchiveCycleForm(forms.Form):
    """选周期: which cycle the page shows."""

    cycle = forms.ChoiceField(label="周期")

    def __init__(self, *args: Any, cycles: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle"].choices = list(cycles)  # type: ignore[attr-defined]


class MakeArchiveForm(forms.Form):
    """做年度档案: whole, or for the time being."""

    is_provisional = forms.BooleanField(required=False, widget=forms.HiddenInput)


class CheckArchiveForm(forms.Form):
    """核验年度档案: the file in hand."""

    archive = forms.FileField(
        label="年度档案（zip）", help_text="从系统下载的，或光盘、U盘上保存的。文件不会留在系统里。"
    )

    def clean_archive(self) -> Any:
        given = self.cleaned_data["archive"]
        if given.size > MOST:
            raise forms.ValidationError(f"文件超过{MOST // 1024 // 1024} MB，不像一份年度档案，请核对选的文件。")
        return given
