"""合并、分设、撤销和抹除的表单"""

from typing import Any

from django import forms

from pioneer.web.forms.members import day, text

FIRST_DAY = "新的安排从这一天起生效，不能晚于今天。"
STAYS = "stays"
NEW = "new"
NEW_BRANCHES = ("一", "二", "三")  # a branch is hardly ever split into more at once


class MergeForm(forms.Form):
    """合并支部"""

    branches = forms.TypedMultipleChoiceField(
        label="并进来的党支部",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个要合并的党支部。"},
    )
    goes_on = forms.ChoiceField(label="合并以后", widget=forms.RadioSelect, initial=STAYS)
    name = text("新党支部的名称", 80, required=False, hint="合并成一个新党支部时填写全称。")
    on = day("日期", hint=FIRST_DAY)
    document = text("批复文号", 120, required=False)

    def __init__(self, *args: Any, shown: Any, others: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(STAYS, f"并入“{shown.name}”，名称不变")]
        if shown.is_community:
            del self.fields["name"]
        else:
            choices.append((NEW, "合并成一个新的党支部"))
        self.fields["branches"].choices = others  # type: ignore[attr-defined]
        self.fields["goes_on"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("goes_on") == NEW and not cleaned.get("name"):
            self.add_error("name", "请填写新党支部的全称。")
        return cleaned


class SplitForm(forms.Form):
    """分设支部 The names of the new branches, and for each member where it goes."""

    on = day("日期", hint=FIRST_DAY)
    document = text("批复文号", 120, required=False)

    def __init__(self, *args: Any, shown: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        fewest = 2 if shown.is_community else 1
        stay = "请选择" if shown.is_community else "留在原支部"
        where = [("", stay), *((str(place), f"新支部{said}") for place, said in enumerate(NEW_BRANCHES))]
        named = {
            f"name_{place}": text(f"新支部{said}的名称", 80, required=place < fewest)
            for place, said in enumerate(NEW_BRANCHES)
        }
        chosen = {
            f"to_{number}": forms.ChoiceField(label=name, choices=where, required=bool(shown.is_community))
            for number, name in people
        }
        self.fields = {**named, **self.fields, **chosen}

    @property
    def names(self) -> list[forms.BoundField]:
        """新支部的名称"""
        return [self[f"name_{place}"] for place in range(len(NEW_BRANCHES))]

    @property
    def places(self) -> list[forms.BoundField]:
        """每名党员的去处"""
        return [self[f"to_{number}"] for number, _ in self.people]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = [cleaned.get(f"name_{place}", "") for place in range(len(NEW_BRANCHES))]
        given = [name for name in names if name]
        if len(set(given)) < len(given):
            self.add_error(None, "新支部的名称不能相同。")
        for number, name in self.people:
            place = cleaned.get(f"to_{number}")
            if place and not names[int(place)]:
                self.add_error(f"to_{number}", f"{name}要去的新支部还没有名称，请在上面填写，或另选一个。")
        return cleaned

    def groups(self) -> dict[str, list[int]]:
        """分组 The name of each new branch with the members that go to it."""
        cleaned = self.cleaned_data
        return {
            name: [number for number, _ in self.people if cleaned.get(f"to_{number}") == str(place)]
            for place in range(len(NEW_BRANCHES))
            if (name := cleaned.get(f"name_{place}", ""))
        }


class CloseForm(forms.Form):
    """撤销组织"""

    on = day("日期", hint="从这一天起撤销，不能晚于今天。")
    document = text("批复文号", 120, required=False)


class EraseForm(forms.Form):
    """抹除"""

    sure = forms.BooleanField(
        label="已核对姓名和编号，知道抹除以后不能恢复",
        error_messages={"required": "请先核对，再勾选这一项。"},
    )
