"""跟进的表单"""

from typing import Any

from django import forms

from pioneer.followups.queries import OUTCOMES

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
TOLD_HINT = "没有账号的，写明当面告知的情况：本人签收的日期，或两位见证人的姓名。"
Choices = list[tuple[Any, str]]


def long_text(label: str, hint: str = "", rows: int = 5) -> forms.CharField:
    """一段文字"""
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows}), help_text=hint)


class _Dated(forms.Form):
    """Something done on a day."""

    on = forms.DateField(label="日期", widget=DAY)


class AssignForm(_Dated):
    """确定谈话人"""

    person_id = forms.TypedChoiceField(label="谈话人", coerce=int, help_text="本支部的正式党员，不能是本人申明的亲属。")
    field_order = ("person_id", "on")

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person_id"].choices = [("", "请选择"), *people]  # type: ignore[attr-defined]


class PairForm(AssignForm):
    """结对帮带"""

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, people=people, **kwargs)
        self.fields["person_id"].label = "帮带人"


class TalkForm(_Dated):
    """谈话记录"""

    place = forms.CharField(label="地点", max_length=80)
    people = forms.CharField(label="在场人", max_length=200, help_text="谈话人、记录人和其他在场的人。")
    text = long_text("谈话内容", "指出什么问题，提了什么要求。本人看得到。")
    words = long_text("本人的话", "照本人说的记；没有说的，写“本人没有表态”。", 4)


class PlanForm(_Dated):
    """帮教计划"""

    text = long_text("计划", "要改正什么，怎样帮助，多久走访一次。")
    due_on = forms.DateField(label="期限", widget=DAY)


class VisitForm(_Dated):
    """走访"""

    text = long_text("走访情况", "看到什么，谈了什么，有什么变化。本人看得到。")


class ExtendForm(forms.Form):
    """延长期限"""

    due_on = forms.DateField(label="期限", widget=DAY)
    reason = long_text("理由", rows=3)


class DecideForm(_Dated):
    """作出结论"""

    outcome = forms.ChoiceField(label="结论", choices=OUTCOMES, widget=forms.RadioSelect)
    people = forms.CharField(
        label="作出结论的会议或人员", max_length=200, help_text="例如“支部委员会，应到5人，实到5人”。"
    )
    text = long_text("理由", "依据哪些表现。移交的，写明移交给哪里、按什么程序。本人看得到。", 4)
    due_on = forms.DateField(label="期限", widget=DAY, required=False, help_text="继续帮教的，填新的期限。")
    field_order = ("outcome", "on", "people", "text", "due_on")


class ConfirmForm(forms.Form):
    """确认结论"""

    how = forms.CharField(label="如何告知", max_length=200, required=False, help_text=TOLD_HINT)


class ReturnForm(forms.Form):
    """退回结论"""

    reason = long_text("理由", rows=3)


class EndForm(forms.Form):
    """终止帮教"""

    reason = long_text("原因", "例如“已于某月某日去世”“已转出本区”。不发消息。", 3)


class AnswerForm(forms.Form):
    """本人的话"""

    text = long_text("说明", rows=3)


class TakeDownForm(AnswerForm):
    """代录本人的话"""

    how = forms.CharField(label="如何代录", max_length=200, help_text="例如“本人口述，当面读给本人听后签字”。")


class EncourageForm(forms.Form):
    """勉励"""

    text = long_text("希望和要求", "好在哪里，还希望做到什么。写完马上告知本人。", 6)
    spoken_by = forms.CharField(label="谈话人", max_length=40)
    spoken_on = forms.DateField(label="日期", widget=DAY, help_text="当面谈的日子，在通报以后。")
    how = forms.CharField(label="如何告知", max_length=200, required=False, help_text=TOLD_HINT)


class CorrectTalkForm(TalkForm):
    """更正谈话记录"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "内容"


class CorrectPlanForm(_Dated):
    """更正计划的文字"""

    text = long_text("计划", "期限不在这里改。")


class CorrectVisitForm(_Dated):
    """更正走访记录"""

    text = long_text("内容")
