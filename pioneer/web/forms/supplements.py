"""支部补充的表单 The minutes and the rows a branch writes down; the township's decision; the end."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from pioneer.kernel.errors import BadInput, DomainError
from pioneer.kernel.points import show
from pioneer.rulebook.local import LocalRow
from pioneer.rulebook.supplement_checks import LABELS, place_of
from pioneer.rulebook.supplement_queries import SHAPE_NAMES
from pioneer.web.forms.declarations import QuantityField
from pioneer.web.forms.trying import show_refusal

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
WINDOWS = {"month": "每月", "quarter": "每季度", "cycle": "每周期"}
AMOUNTS = ("points", "least", "most")
Choices = Sequence[tuple[str, str]]


class _LeftToTheOperation:
    """Shown as a field that is asked for; that it was left out the operation says, with all other mistakes."""

    def validate(self, value: Any) -> None:
        """Nothing here."""


class _Words(_LeftToTheOperation, forms.CharField):
    pass


class _Amount(_LeftToTheOperation, QuantityField):
    pass


class RowForm(forms.Form):
    """补充的一项 What is left out or not allowed is said by the operation, all at once."""

    use_required_attribute = False  # a row left empty is left out

    name = _Words(label=LABELS["name"], max_length=200, help_text="做什么事，如“参加古树巡护”。")
    shape = forms.ChoiceField(
        label=LABELS["shape"],
        choices=list(SHAPE_NAMES.items()),
        help_text="范围内核定的，每次由支部写明理由后定分。",
    )
    points = _Amount(label=LABELS["points"], help_text="每次，或每个单位，加几分。核定的不填。")
    unit = _Words(label=LABELS["unit"], max_length=200, help_text="按数量计分才填，如小时、户。")
    whole = forms.BooleanField(label="数量只能是整数", required=False)
    least = _Amount(label=LABELS["least"], help_text="范围内核定才填。")
    most = _Amount(label=LABELS["most"], help_text="一次最多几分：按数量、范围内核定才填。")
    month = QuantityField(label="每月最多", required=False)
    quarter = QuantityField(label="每季度最多", required=False)
    cycle = QuantityField(label="每周期最多", required=False)
    tracks = forms.MultipleChoiceField(
        label=LABELS["tracks"], required=False, widget=forms.CheckboxSelectMultiple, help_text="都不选就是都适用。"
    )
    wording = _Words(
        label=LABELS["wording"], max_length=200, help_text="公示栏上怎样写。不写姓名、病情、门牌号和电话。"
    )
    note = forms.CharField(label=LABELS["note"], required=False, max_length=200, help_text="掌握的尺度，如什么算一次。")

    def __init__(self, *args: Any, tracks: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tracks"].choices = list(tracks)  # type: ignore[attr-defined]
        if len(tracks) < 2:
            del self.fields["tracks"]

    @property
    def is_blank(self) -> bool:
        """是否空着 Nothing was written into it."""
        asked = (name for name in self.fields if name not in ("shape", "whole", "tracks"))
        return not any(str(self[name].value() or "").strip() for name in asked)

    @property
    def row(self) -> LocalRow:
        """写下的一项 Of a valid form; what its way of scoring has no use for is left out."""
        said = self.cleaned_data
        shape = said["shape"]
        by_quantity = shape == "per_unit"
        return LocalRow(
            name=said["name"],
            shape=shape,
            wording=said["wording"],
            points=None if shape == "range" else said["points"],
            unit=said["unit"] if by_quantity else "",
            whole=said["whole"] and by_quantity,
            least=said["least"] if shape == "range" else None,
            most=None if shape == "fixed" else said["most"],
            caps={window: said[window] for window in WINDOWS if said[window] is not None},
            tracks=tuple(said.get("tracks", ())),
            note=said["note"],
        )


class MinutesForm(forms.Form):
    """会议和施行日期"""

    met_on = forms.DateField(label="会议日期", widget=DAY, help_text="支部党员大会通过的日期。")
    present = forms.IntegerField(label="到会人数", min_value=1, max_value=10_000, help_text="有表决权的党员。")
    in_favour = forms.IntegerField(label="赞成人数", min_value=0, max_value=10_000, help_text="须超过到会人数的一半。")
    reference = forms.CharField(label="会议记录", max_length=120, help_text="编号或页码，如“会议记录第5号”。不写姓名。")
    effective_on = forms.DateField(
        label="施行日期", widget=DAY, help_text="不能早于今天；批准晚于这一天的，自批准之日起。"
    )
    scan = forms.FileField(label="会议记录的扫描件", required=False, help_text="照片或 pdf，只有支部和上级看得到。")


class RowForms:
    """各项的表单 As many as are asked for, at most as many as the rulebook allows."""

    def __init__(
        self, *, tracks: Choices, most: int, data: QueryDict | None = None, initial: Sequence[Mapping[str, Any]] = ({},)
    ) -> None:
        self.most = most
        self.count = _count(data, most) if data is not None else min(len(initial), most)
        self.forms = [
            RowForm(
                data,
                prefix=f"row{place}",
                tracks=tracks,
                initial=initial[place] if data is None else None,
            )
            for place in range(self.count)
        ]

    @property
    def has_room(self) -> bool:
        """还可再加"""
        return self.count < self.most

    @property
    def written(self) -> list[RowForm]:
        """填了的"""
        return [form for form in self.forms if not form.is_blank]

    def is_valid(self) -> bool:
        """格式无误"""
        valid = [form.is_valid() for form in self.written]
        return all(valid)

    def show_refusal(self, minutes: MinutesForm, refusal: DomainError) -> None:
        """写在表单上 Each mistake at its field, anything else on top."""
        if not isinstance(refusal, BadInput):
            show_refusal(minutes, refusal)
            return
        places = {
            place_of(number, field): (form, _shown_at(field))
            for number, form in enumerate(self.written, start=1)
            for field in ("", *LABELS)
        }
        rest = []
        for fault in refusal.faults:
            form, field = places.get(fault.place, (None, None))
            if form is None:
                rest.append(fault)
            else:
                form.add_error(field if field in form.fields else None, fault.message)
        if rest:
            show_refusal(minutes, BadInput(rest))


def _shown_at(field: str) -> str:
    return "month" if field == "caps" else field


def _count(data: QueryDict, most: int) -> int:
    text = data.get("rows", "1")
    return max(1, min(int(text), most)) if text.isdecimal() and len(text) < 4 else 1


def typed(data: QueryDict, form: type[forms.Form], prefix: str = "") -> dict[str, Any]:
    """填到一半的 What was typed, to be shown again unchecked."""
    at = f"{prefix}-" if prefix else ""
    found: dict[str, Any] = {name: data.get(f"{at}{name}", "") for name in form.base_fields}
    if "tracks" in found:
        found["tracks"] = data.getlist(f"{at}tracks")
    if "whole" in found:
        found["whole"] = bool(found["whole"])
    return found


def one_more(data: QueryDict, most: int) -> list[dict[str, Any]]:
    """再加一项 What was typed into the rows, and an empty one."""
    listed = [typed(data, RowForm, f"row{place}") for place in range(_count(data, most))]
    return [*listed, {}][:most]


def as_typed(row: LocalRow) -> dict[str, Any]:
    """填回表单 A row of an earlier proposal."""
    amounts = {name: getattr(row, name) for name in AMOUNTS} | {window: row.caps.get(window) for window in WINDOWS}
    shown = {name: "" if amount is None else show(amount) for name, amount in amounts.items()}
    said = {"name": row.name, "shape": row.shape, "unit": row.unit, "whole": row.whole}
    return said | shown | {"tracks": list(row.tracks), "wording": row.wording, "note": row.note}


class ReturnForm(forms.Form):
    """退回"""

    reason = forms.CharField(
        label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="要改什么，支部会看到。"
    )


class EndForm(forms.Form):
    """终止 By the township, with the reason."""

    ended_from = forms.DateField(label="终止日期", widget=DAY, help_text="自这一天起不再适用，最早是明天。")
    why = forms.CharField(label="依据", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class EndByBranchForm(forms.Form):
    """终止 By the branch, as its meeting minuted it."""

    ended_from = forms.DateField(label="终止日期", widget=DAY, help_text="自这一天起不再适用，最早是明天。")
    met_on = forms.DateField(label="会议日期", widget=DAY)
    present = forms.IntegerField(label="到会人数", min_value=1, max_value=10_000)
    in_favour = forms.IntegerField(label="赞成人数", min_value=0, max_value=10_000)
    why = forms.CharField(label="会议记录", max_length=120, help_text="编号或页码。")
