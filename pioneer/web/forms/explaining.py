"""设想的表单 One more thing of one's own: what, when, how much. Sent with the address; nothing is stored."""

from itertools import groupby
from typing import Any

from django import forms

from pioneer.declarations.queries import Choice, Offer
from pioneer.scoring import Cycle, Fact
from pioneer.web.forms.declarations import DayInput, QuantityField


class SupposeForm(forms.Form):
    """如果再做一件"""

    indicator = forms.ChoiceField(label="做什么", error_messages={"required": "请选一项。"})
    event_on = forms.DateField(
        label="哪一天",
        help_text="本周期内的一天，还没到的也可以。",
        error_messages={"required": "请选本周期内的一天。"},
    )
    quantity = QuantityField(label="数量", required=False, help_text="按小时、次数等计分的项目才填。")
    level = forms.ChoiceField(label="级别", required=False, help_text="按级别计分的项目才选。")
    value = QuantityField(label="定几分", required=False, help_text="由支部在几分之间核定的项目，填您设想的分。")

    def __init__(self, data: Any = None, *, offer: Offer, cycle: Cycle, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.cycle = cycle
        self.offer = offer
        groups = groupby(offer.choices, key=lambda choice: choice.aspect)
        listed = [(aspect or "其他", [(one.code, _named(one)) for one in some]) for aspect, some in groups]
        levels = {pair: None for choice in offer.choices for pair in choice.levels}
        self.fields["indicator"].choices = [("", "请选择"), *listed]  # type: ignore[attr-defined]
        self.fields["level"].choices = [("", "请选择"), *levels]  # type: ignore[attr-defined]
        self.fields["event_on"].widget = DayInput(min=cycle.first_on.isoformat(), max=cycle.last_on.isoformat())
        if not levels:
            del self.fields["level"]

    def clean_event_on(self) -> Any:
        """In the cycle that is explained, past or still to come."""
        on = self.cleaned_data["event_on"]
        first, last = self.cycle
        if not first <= on <= last:
            raise forms.ValidationError(
                f"请选本周期内的日子：{first.year}年{first.month}月{first.day}日"
                f"至{last.year}年{last.month}月{last.day}日。"
            )
        return on

    def fact(self) -> Fact:
        """设想的事实 What its conditions ask to be on record is taken to be there."""
        said = self.cleaned_data
        return Fact(
            row=0,
            indicator=said["indicator"],
            event_on=said["event_on"],
            quantity=said["quantity"],
            value=said["value"],
            level=said.get("level") or None,
            education_on=said["event_on"],
            document="设想",
            decision=True,
            words=True,
        )


def _named(choice: Choice) -> str:
    return f"{choice.code} {choice.name}（{choice.worth}）"
