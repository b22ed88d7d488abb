"""导入花名册的表单"""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from pioneer.members.import_queries import ShownSheet, field_choices
from pioneer.members.imports import SheetChoice

NOT_CHOSEN = "（还没选，不导入）"


class UploadForm(forms.Form):
    """上传"""

    organisation = forms.TypedChoiceField(label="导入到", coerce=int, help_text="文件里的支部在它下面按名称找。")
    file = forms.FileField(
        label="花名册文件",
        max_length=255,
        help_text=".xlsx、.xls、.ods 或 .csv，不超过30 MB，不用改格式。身份证号一列须是文本。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        error_messages={"required": "请选择花名册文件。", "empty": "文件是空的，请重新选择。"},
    )

    def __init__(self, *args: Any, places: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = places  # type: ignore[attr-defined]
        if len(places) == 1:
            self.fields["organisation"].initial = places[0][0]
            self.fields["organisation"].widget = forms.HiddenInput()


class ColumnsForm(forms.Form):
    """对应各列 Per sheet: whether it is read, the branch of rows that name none, and a field for each column."""

    def __init__(self, *args: Any, sheets: Sequence[ShownSheet], branches: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheets = sheets
        named = [("", "文件里写明，或只有一个支部"), *((str(one.pk), one.name) for one in branches)]
        fields = [("", NOT_CHOSEN), *field_choices()]
        for place, sheet in enumerate(sheets):
            used = forms.BooleanField(label="导入这张表", required=False, initial=sheet.used)
            self.fields[f"used{place}"] = used
            if len(named) > 2 and not sheet.has_branch:
                chosen = next((number for number, name in named if name == sheet.branch), "")
                self.fields[f"branch{place}"] = forms.ChoiceField(
                    label="没写支部的人都在", choices=named, required=False, initial=chosen
                )
            for column in sheet.columns:
                self.fields[f"field{place}.{column.index}"] = forms.ChoiceField(
                    label=f"{column.letter}列「{column.heading}」", choices=fields, required=False, initial=column.field
                )

    def shown(self) -> list[dict[str, Any]]:
        """逐表 With the drawn fields of each."""
        return [
            {
                "sheet": sheet,
                "used": self[f"used{place}"],
                "branch": self[f"branch{place}"] if f"branch{place}" in self.fields else None,
                "columns": [(column, self[f"field{place}.{column.index}"]) for column in sheet.columns],
            }
            for place, sheet in enumerate(self.sheets)
        ]

    def chosen(self) -> list[SheetChoice]:
        """所选 As the operation takes it."""
        given = self.cleaned_data
        return [
            SheetChoice(
                used=given[f"used{place}"],
                fields={column.index: given[f"field{place}.{column.index}"] or None for column in sheet.columns},
                branch_id=int(given[f"branch{place}"]) if given.get(f"branch{place}") else None,
            )
            for place, sheet in enumerate(self.sheets)
        ]


class ConfirmForm(forms.Form):
    """确认 The numbers the person has seen."""

    new = forms.IntegerField(min_value=0)
    changed = forms.IntegerField(min_value=0)


class AnswerForm(forms.Form):
    """回答一行"""

    decision = forms.CharField(max_length=40, required=False)
    show = forms.CharField(max_length=10, required=False)
    page = forms.IntegerField(min_value=1, required=False)
