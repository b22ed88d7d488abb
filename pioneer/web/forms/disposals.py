"""组织处置的表单"""

from collections.abc import Sequence
from typing import Any

from django import forms

from pioneer.disposals.order import MOST_MONTHS, USUAL_MONTHS
from pioneer.kernel import clock
from pioneer.web.forms.left_out import LeftOutField

TOLD_HINT = "没有账号的，写明当面告知的情况：本人签收的日期，或两位见证人的姓名。"
TAKEN_HINT = "例如“本人口述，当面读给本人听后签字”。"
Choices = Sequence[tuple[Any, str]]


def _day(label: str, hint: str = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, help_text=hint, initial=clock.today)


def _text(label: str, hint: str = "", *, rows: int = 4, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=2000, widget=widget, help_text=hint, required=required)


def _number(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, widget=forms.NumberInput(attrs={"inputmode": "numeric"}))


def _yes_or_no(label: str, yes: str, no: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=[("yes", yes), ("no", no)], coerce=lambda said: said == "yes", widget=forms.RadioSelect
    )


# ------------------------------------------------------------------ the finding


class ExemptionForm(forms.Form):
    """免评不适用"""

    question = forms.ChoiceField(label="免评问题", widget=forms.RadioSelect)
    by = forms.CharField(label="由谁认定", max_length=60, help_text="例如“支部委员会”，或认定人的姓名。")
    on = _day("认定日期")
    reason = _text("理由", "为什么不适用免评。本人会看到，不必写病名。", rows=3)

    def __init__(self, *args: Any, questions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].choices = list(questions)  # type: ignore[attr-defined]
        if len(questions) == 1:
            self.fields["question"].initial = questions[0][0]


class ProposeForm(forms.Form):
    """提出不合格认定"""

    remarks = _text("支部的说明", "原因已由系统从台账列出，这里补充支部了解的情况。本人会看到。", required=False)
    told_how = forms.CharField(label="如何告知", max_length=200, required=False, help_text=TOLD_HINT)


class FindingAnswerForm(forms.Form):
    """本人答复"""

    statement = _text("答复", "没有意见的，写“没有意见”。提交后交支部党员大会讨论。", rows=6)


class FindingTakeDownForm(FindingAnswerForm):
    """代录答复"""

    taken_how = forms.CharField(label="如何代录", max_length=190, help_text=TAKEN_HINT)


class _Voting(forms.Form):
    present = _number("到会")
    in_favour = _number("赞成")
    against = _number("反对")
    abstained = _number("弃权")
    not_counted = LeftOutField()

    def __init__(self, *args: Any, people: Choices, grounds: Choices, **kwargs: Any) -> None:
        """`people`: those with a vote today."""
        super().__init__(*args, **kwargs)
        said = f"只数有表决权的党员。按今天的花名册有{len(people)}人，系统按大会当天的花名册核算。"
        self.fields["present"].help_text = said
        self.fields["not_counted"].widget.people = people
        self.fields["not_counted"].widget.grounds = grounds


class FindingVoteForm(_Voting):
    """认定的大会表决"""

    on = _day("大会日期")
    note = _text("讨论情况", "本人到会说明的，照原话记。", required=False)
    field_order = ("on", "not_counted", "present", "in_favour", "against", "abstained", "note")


class ApproveForm(forms.Form):
    """批准"""

    reason = _text("意见", rows=3, required=False)


class SendBackForm(forms.Form):
    """退回"""

    reason = _text("理由", "支部和本人都会看到。退回以后可以重新提出，从头办理。", rows=3)


# ------------------------------------------------------------------ the case


class OpenForm(forms.Form):
    """提出组织处置"""

    kind = forms.ChoiceField(label="处置方式", widget=forms.RadioSelect)
    months = forms.IntegerField(
        label="改正期限（月）",
        min_value=1,
        max_value=MOST_MONTHS,
        required=False,
        initial=USUAL_MONTHS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=f"只用于限期改正，一般{USUAL_MONTHS}个月，最长{MOST_MONTHS}个月。",
    )
    on = _day("日期", "支部委员会开会研究的一天。")
    people = forms.CharField(label="参加人员", max_length=200, help_text="姓名之间用顿号隔开。")
    content = _text("提议的理由", "本人马上会看到。", rows=5)
    document = forms.CharField(label="支部文号", max_length=120, required=False)

    def __init__(self, *args: Any, kinds: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """上级的答复"""

    agreed = _yes_or_no("答复", "同意", "不同意，处置到此结束")
    on = _day("日期")
    document = forms.CharField(label="文号", max_length=120, help_text="答复的文件，例如“槐委〔2027〕6号”。")
    content = _text("意见", "不同意的，请写明理由。支部和本人都会看到。", required=False)


class InvestigateForm(forms.Form):
    """调查核实"""

    on = _day("日期")
    people = forms.CharField(label="调查人", max_length=200, help_text="姓名之间用顿号隔开。")
    content = _text("调查核实的情况", "有利和不利于本人的情况都要写。", rows=6)
    document = forms.CharField(label="材料", max_length=120, required=False, help_text="调查材料存放在哪里、几页。")


class TalkForm(forms.Form):
    """谈话"""

    on = _day("日期")
    first = forms.TypedChoiceField(label="谈话人", coerce=int, help_text="两位正式党员，不能是本人或其亲属。")
    second = forms.TypedChoiceField(label="另一位谈话人", coerce=int)
    content = _text("谈话内容", "讲明了哪些依据和情况。")
    spoke = _yes_or_no("本人是否说明意见", "说明了，或表示没有意见", "拒绝说明")
    opinion = _text("本人意见", "照本人的原话记；没有意见的，写“没有意见”。", rows=5, required=False)
    witnesses = forms.CharField(
        label="见证人", max_length=120, required=False, help_text="拒绝说明的，写两位见证人的姓名，用顿号隔开。"
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            self.fields[name].choices = [("", "请选择"), *people]  # type: ignore[attr-defined]


class VoteForm(_Voting):
    """大会表决"""

    on = _day("大会日期")
    content = _text("本人到会和说明的情况", "本人可以到会说明；没有到会的，写明是否通知了本人。", required=False)
    document = forms.CharField(label="会议记录", max_length=120, required=False, help_text="记录存放在哪里、几页。")
    field_order = ("on", "not_counted", "present", "in_favour", "against", "abstained", "content", "document")


class AnnounceForm(forms.Form):
    """宣布"""

    on = _day("日期")
    people = forms.CharField(label="宣布人", max_length=200)
    content = _text("如何宣布和送达", "在哪里宣布，决定书如何送到本人手里，是否讲明了申诉的权利。")


class RespondForm(forms.Form):
    """对劝告的答复"""

    agreed = _yes_or_no("本人的答复", "接受劝告，申请退党", "不接受")
    on = _day("日期")
    content = _text("本人的话", "照原话记。")
    how = forms.CharField(label="如何答复", max_length=200, help_text="例如“本人书面答复”。")


class AppealForm(forms.Form):
    """申诉"""

    content = _text("申诉", "写明不服的理由和要求。", rows=6)


class AppealForForm(AppealForm):
    """代交申诉"""

    how = forms.CharField(label="如何代录", max_length=190, help_text="例如“本人书面申诉，2027年3月1日收到”。")


class AppealAnswerForm(forms.Form):
    """答复申诉"""

    upheld = _yes_or_no("答复", "申诉成立，撤销处置", "申诉不成立，维持原决定")
    on = _day("日期")
    content = _text("答复的理由", "本人会看到。")
    document = forms.CharField(label="文号", max_length=120)


class ReplyForm(forms.Form):
    """本人意见"""

    step = forms.IntegerField(widget=forms.HiddenInput)
    content = _text("意见", "没有意见的，写“没有意见”。每一步可以说明一次，提交后不能改写。", rows=5)


class ReplyForForm(ReplyForm):
    """代录意见"""

    how = forms.CharField(label="如何代录", max_length=190, help_text=TAKEN_HINT)


class DiscontinueForm(forms.Form):
    """终止"""

    reason = _text("理由", "本人和各级都会看到。", rows=3)
