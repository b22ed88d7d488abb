"""考评的表单 Reviewing a claim, adding a line, correcting one, telling on paper, the member's statement."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms

from pioneer.scoring import Indicator, Rulebook, show
from pioneer.web.forms.declarations import DayInput, QuantityField


def _text(label: str, rows: int = 2, hint: str = "", required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, help_text=hint, required=required, max_length=2000)


def _points(label: str, hint: str = "") -> QuantityField:
    return QuantityField(label=label, required=False, help_text=hint)


def choices_of(rows: Sequence[Indicator], groups: dict[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """指标的选项 Grouped by aspect, in the order of the rulebook; what the branch added stands apart."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        other = "反向" if row.index == "reverse" else "其他"
        group = "支部补充" if row.local else groups.get(row.aspect or "", other)
        found.setdefault(group, []).append((row.code, f"{row.code} {row.name}"))
    return list(found.items())


def _levels(rows: Sequence[Indicator]) -> list[tuple[str, str]]:
    steps = [step for row in rows if row.value and row.value.shape == "ladder" for step in row.value.steps]
    return [("", "不分级别"), *dict.fromkeys((step.code, step.name) for step in steps)]


class _Valued(forms.Form):
    """What gives an occurrence its value, shared by the forms below."""

    quantity = _points("数量", "按小时、户数、月数计的才填。")
    level = forms.ChoiceField(label="级别", required=False)
    multiplier = forms.ChoiceField(label="加倍的情形", required=False)
    decided = _points("核定分值", "只有写明“几至几分”的指标才填。")
    decision = _text(
        "决定或核定理由", hint="须支部委员会决定的，写明哪天、怎么决定的；在范围内定分的，写明为什么。", required=False
    )
    event = forms.CharField(
        label="同一件事的名称",
        required=False,
        max_length=60,
        help_text="几条说的是同一件事时，填同一个名称，只计最高的一条。",
    )
    wording = forms.CharField(
        label="公示用语", required=False, max_length=200, help_text="不填则按办法写。不写他人姓名、病情、门牌号和电话。"
    )

    def set_levels(self, rows: Sequence[Indicator]) -> None:
        """级别与加倍情形的选项 Where no indicator knows a circumstance, nothing is asked."""
        self.fields["level"].choices = _levels(rows)  # type: ignore[attr-defined]
        found = dict.fromkeys(
            (one.code, f"{one.name}（{show(one.factor)}倍）") for row in rows for one in row.multipliers
        )
        if found:
            self.fields["multiplier"].choices = [("", "没有"), *found]  # type: ignore[attr-defined]
        else:
            del self.fields["multiplier"]


class ClaimForm(_Valued):
    """考评一条申报"""

    outcome = forms.ChoiceField(
        label="结论",
        choices=[("accepted", "核准"), ("altered", "调整后核准"), ("rejected", "不予认可")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选一个结论。"},
    )
    reason = _text("理由", hint="调整或不予认可时必填，本人会看到。", required=False)
    indicator = forms.ChoiceField(label="指标", required=False)

    field_order = [
        "outcome",
        "reason",
        "indicator",
        "quantity",
        "level",
        "multiplier",
        "decided",
        "decision",
        "wording",
        "event",
    ]

    def __init__(
        self, data: Any = None, *, book: Rulebook, track: str, initial: dict[str, Any], flags: Sequence[Any] = ()
    ) -> None:
        super().__init__(data, initial=initial)
        rows = book.of_index("positive", track)
        aspects = {aspect.code: aspect.name for aspect in book.aspects}
        self.fields["indicator"].choices = choices_of(rows, aspects)  # type: ignore[attr-defined]
        self.set_levels(rows)
        self.flags = list(flags)
        for flag in self.flags:
            label = f"核实情况（{flag.get_kind_display()}）"
            self.fields[f"doubt_{flag.pk}"] = _text(label, hint="如问过谁、看过什么、为何不成立。", required=False)

    @property
    def doubts(self) -> list[tuple[Any, forms.BoundField]]:
        """疑点 Each with the field in which the reviewer says why it is unfounded."""
        return [(flag, self[f"doubt_{flag.pk}"]) for flag in self.flags]

    def spoken(self) -> dict[str, Any]:
        """填写的内容 As the operation takes it."""
        said = dict(self.cleaned_data)
        said["doubts"] = {flag.pk: said.pop(f"doubt_{flag.pk}") for flag in self.flags}
        return said


class LineForm(_Valued):
    """加一条、改一条"""

    indicator = forms.ChoiceField(label="指标", error_messages={"required": "请选择指标。"})
    members = forms.MultipleChoiceField(
        label="党员",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一名党员。"},
    )
    event_on = forms.DateField(label="发生日期")
    ground = _text("依据", hint="如签到册、会议记录、缴费记录。只有支部看得到，公示时不显示。")
    words = _text("所发表的言论", hint="只有办法要求记录言论的指标才填，不公示。", required=False)
    void_declaration_id = forms.TypedChoiceField(
        label="所涉申报",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="虚报、重复申报的，选出那一条，它同时作废。",
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    field_order = [
        "members",
        "indicator",
        "event_on",
        "quantity",
        "level",
        "multiplier",
        "decided",
        "ground",
        "decision",
        "words",
        "void_declaration_id",
        "wording",
        "event",
    ]

    def __init__(
        self,
        data: Any = None,
        *,
        book: Rulebook,
        people: Sequence[tuple[int, str]],
        claims: Sequence[tuple[int, str]] = (),
        days: tuple[str, str],
        initial: dict[str, Any] | None = None,
        fixed: bool = False,
    ) -> None:
        super().__init__(data, initial={"request_key": uuid4(), **(initial or {})})
        rows = [*book.of_index("positive"), *book.of_index("reverse")]
        aspects = {aspect.code: aspect.name for aspect in book.aspects}
        indicators = choices_of(rows, aspects)
        self.fields["indicator"].choices = [("", "请选择"), *indicators]  # type: ignore[attr-defined]
        self.fields["members"].choices = list(people)  # type: ignore[attr-defined]
        self.fields["void_declaration_id"].choices = [("", "没有"), *claims]  # type: ignore[attr-defined]
        self.fields["event_on"].widget = DayInput(min=days[0], max=days[1])
        self.set_levels(rows)
        if fixed:
            for name in ("indicator", "members", "void_declaration_id"):
                del self.fields[name]
        elif not claims:
            del self.fields["void_declaration_id"]


class EditForm(LineForm):
    """改一条 `edit` is the number of the line's version shown."""

    edit = forms.IntegerField(widget=forms.HiddenInput)


class CorrectionForm(_Valued):
    """冲正"""

    ground = _text("更正的依据", hint="写明哪里错了，凭什么更正。公示时不显示。")
    indicator = forms.ChoiceField(label="另记一条", required=False, help_text="只是取消原来那条的，不选。")

    field_order = ["ground", "indicator", "quantity", "level", "multiplier", "decided", "decision", "wording"]

    def __init__(self, data: Any = None, *, book: Rulebook) -> None:
        super().__init__(data)
        rows = [*book.of_index("positive"), *book.of_index("reverse")]
        aspects = {aspect.code: aspect.name for aspect in book.aspects}
        self.fields["indicator"].choices = [("", "不另记"), *choices_of(rows, aspects)]  # type: ignore[attr-defined]
        self.set_levels(rows)
        del self.fields["event"]


class ReasonForm(forms.Form):
    """写明原因"""

    reason = _text("原因")


class NoticeForm(forms.Form):
    """登记书面告知"""

    told_on = forms.DateField(label="告知日期")
    how = forms.ChoiceField(
        label="告知方式",
        choices=[("receipt", "本人签收了回执"), ("witnesses", "两名见证人在场")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择告知方式。"},
    )
    first = forms.CharField(label="见证人一", required=False, max_length=60)
    second = forms.CharField(label="见证人二", required=False, max_length=60)

    def __init__(self, data: Any = None, *, days: tuple[str, str]) -> None:
        super().__init__(data, initial={"told_on": days[1], "how": "receipt"})
        self.fields["told_on"].widget = DayInput(min=days[0], max=days[1])


class StatementForm(forms.Form):
    """说明 The member's own words."""

    statement = _text(
        "我的说明", rows=5, hint="写清当时的情况，有请假条、记录的可以说明在哪里。没有意见也可以写“没有意见”。"
    )


class OpenForm(forms.Form):
    """开立考评表"""

    branch = forms.IntegerField()
    month = forms.RegexField(r"^20\d\d-(0[1-9]|1[0-2])$")
    reason = forms.CharField(required=False, max_length=200)
