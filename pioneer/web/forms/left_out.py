"""不计入应到会的表单 One field for all members with a vote: who is not counted, why, and who above agreed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

from pioneer.disposals.votes import MOST, NOBODY, Absence, NotCounted

HINT = (
    "一般没有，不用填。因病、出国等五种情形确实不能到会的，经上级党组织同意、并经大会通过，可以不计入应到会人数；"
    "其他没有来的，仍计入。系统会告诉本人；没有账号的，由支部当面告知。"
)


class LeftOutWidget(forms.Widget):
    """逐人选择 A folded list: a choice and a text for each, and the document of the committee above."""

    template_name = "disposals/left_out.html"
    use_fieldset = True
    people: Sequence[tuple[int, str]] = ()
    grounds: Sequence[tuple[str, str]] = ()

    def id_for_label(self, id_: str) -> str:
        """没有单一的控件"""
        return ""

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """总是有值"""
        return False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """提交的 By member: the ground chosen and the text, where either is there."""
        absences: dict[int, tuple[str, str]] = {}
        for key in data:
            start, _, number = key.rpartition("_")
            if start == f"{name}_ground" and number.isascii() and number.isdigit() and len(number) < 16:
                said = str(data.get(key, "")), str(data.get(f"{name}_note_{number}", ""))
                if any(text.strip() for text in said):
                    absences[int(number)] = said
        return {"absences": absences, "consent": str(data.get(f"{name}_consent", ""))}

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        """给模板的"""
        given = value or {"absences": {}, "consent": ""}
        context = super().get_context(name, None, dict(attrs or {}))
        context["widget"] |= {
            "people": [(number, who, *given["absences"].get(number, ("", ""))) for number, who in self.people],
            "grounds": self.grounds,
            "consent": given["consent"],
            "is_open": bool(given["absences"] or given["consent"]),
            "most": MOST,
        }
        return context


class LeftOutField(forms.Field):
    """不计入应到会"""

    widget = LeftOutWidget

    def __init__(self) -> None:
        super().__init__(label="不计入应到会", required=False, help_text=HINT)

    def clean(self, value: Any) -> NotCounted:
        """交给操作的"""
        if not value["absences"]:
            return NOBODY
        absences = {number: Absence(ground, note) for number, (ground, note) in value["absences"].items()}
        for text in (value["consent"], *(one.note for one in absences.values())):
            ProhibitNullCharactersValidator()(text)
        return NotCounted(absences, value["consent"])
