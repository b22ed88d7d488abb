"""assessments.enter_line, assessments.enter_lines"""

from datetime import date, datetime
from uuid import uuid4

import pytest

from pioneer.assessments.lines import enter_lines
from pioneer.assessments.models import Line, Review
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from tests.assessments.conftest import MARCH_12, Month


def test_a_deduction_is_told_at_once_and_waits_three_working_days(month: Month) -> None:
    line = month.enter()
    assert (line.value, line.wording, line.told_how) == (-200, "无故不参加组织生活", "站内消息")
    # told on Wednesday 1 April; 4 to 6 April is a holiday: 2, 3, 7 April
    assert line.wait_until == datetime(2026, 4, 8, tzinfo=clock.SHANGHAI)
    message = Message.objects.get(user=month.world.users["guilan"])
    assert "扣分2分" in message.text and "2026年4月7日24时" in message.text


def test_an_addition_of_the_branchs_own_accord_tells_nobody(month: Month) -> None:
    line = month.enter(indicator="A3", ground="支委会分工")
    assert line.value == 100 and line.told_at is None and not Message.objects.exists()


def test_a_member_without_account_waits_to_be_told_on_paper(month: Month) -> None:
    line = month.enter("张㛃")
    assert line.told_at is None and line.wait_until is None


def test_by_the_month_with_the_default_of_one(month: Month) -> None:
    assert month.enter(indicator="N4").value == -200
    assert month.enter("单雪琴", indicator="N4", quantity=200).value == -400


def test_it_needs_a_ground(month: Month) -> None:
    with pytest.raises(BadInput) as refused:
        month.enter(ground=" ")
    assert refused.value.faults[0].place == "依据"


@pytest.mark.parametrize("who", ["guilan", "auditor", "district_officer", "township_officer"])
def test_only_the_branchs_people_enter(month: Month, who: str) -> None:
    with pytest.raises((NotAllowed, NotVisible)):
        month.enter("单雪琴", who)
    assert not Line.objects.exists()


def test_nobody_enters_for_itself_or_a_declared_relative(month: Month) -> None:
    month.relate("解文军", "单雪琴")
    for name in ("解文军", "单雪琴"):
        with pytest.raises(NotAllowed) as refused:
            month.enter(name, indicator="A3")
        assert refused.value.code == "recusal"


def test_only_for_who_stands_on_the_roster(month: Month) -> None:
    with pytest.raises(DomainError) as refused:
        month.enter("温如春")
    assert refused.value.code == "not_on_roster"


def test_not_for_a_later_month_nor_tomorrow_nor_another_cycle(month: Month) -> None:
    for day, code in [
        (date(2026, 4, 1), "later_month"),
        (date(2026, 4, 2), "event_in_future"),
        (date(2025, 12, 31), "other_cycle"),
    ]:
        with pytest.raises(DomainError) as refused:
            month.enter(event_on=day)
        assert refused.value.code == code


def test_a_zeroing_is_no_line(month: Month) -> None:
    with pytest.raises(BadInput):
        month.enter(indicator="Z1")


def test_not_after_a_zeroing(month: Month) -> None:
    month.zero()
    with pytest.raises(DomainError) as refused:
        month.enter()
    assert refused.value.code == "cycle_closed"


def test_words_online_need_education_before_a_decision_and_the_words(month: Month) -> None:
    full = {"decision": "3月20日支委会决定", "words": "所发原文"}
    with pytest.raises(BadInput):
        month.enter(indicator="N1", **full)
    record = month.educate("李桂兰", "N1", date(2026, 3, 1))
    for missing in full:
        with pytest.raises(BadInput):
            month.enter(indicator="N1", **{key: value for key, value in full.items() if key != missing})
    line = month.enter(indicator="N1", **full)
    assert (line.value, line.education_id, line.wording) == (
        -500,
        record.pk,
        "发布不良言论，经教育仍不改正（依据：支部委员会决定）",
    )


@pytest.mark.parametrize(
    ("name", "indicator", "on", "kind", "said"),
    [
        ("李桂兰", "N11", MARCH_12, "reminder", "不早于发生日"),
        ("李桂兰", "N11", date(2025, 3, 1), "reminder", "已失效"),
        ("李桂兰", "N11", date(2026, 3, 1), "education", "请选择"),
        ("李桂兰", "N1", date(2026, 3, 1), "reminder", "请选择"),
        ("单雪琴", "N11", date(2026, 3, 1), "reminder", "请选择"),
    ],
)
def test_a_reminder_is_of_the_member_the_indicator_and_an_earlier_day(
    month: Month, name: str, indicator: str, on: date, kind: str, said: str
) -> None:
    record = month.educate(name, indicator, on, kind)
    with pytest.raises(BadInput) as refused:
        month.enter(indicator="N11", education_id=record.pk)
    assert said in refused.value.message


def test_a_record_the_member_never_saw_is_no_ground(month: Month) -> None:
    record = month.educate("李桂兰", "N11", date(2026, 3, 1), "reminder")
    record.shown_at = None
    record.save()
    for more in ({}, {"education_id": record.pk}):
        with pytest.raises(BadInput):
            month.enter(indicator="N11", **more)


def test_a_deduction_shows_its_indicator_and_nothing_more(month: Month) -> None:
    with pytest.raises(BadInput) as refused:
        month.enter(wording="李桂兰3月12日去打牌没来开会")
    assert "应为“无故不参加组织生活”" in refused.value.message


def test_a_false_claim_is_void_with_the_deduction(month: Month) -> None:
    claim = month.claim()
    month.review(claim)
    with pytest.raises(BadInput):
        month.enter(indicator="N10")
    month.enter(indicator="N10", void_declaration_id=claim.pk)
    assert Review.objects.get().outcome == "rejected"
    told = Message.objects.get(user=month.world.users["guilan"], kind="assessments.claim_decided")
    assert "不予认可" in told.title and "作废" in told.text
    assert [line.value for line in Line.objects.filter(state="standing")] == [-500]


def test_an_undecided_false_claim_is_rejected_with_the_deduction(month: Month) -> None:
    claim = month.claim()
    month.enter(indicator="N10", void_declaration_id=claim.pk)
    assert Review.objects.get(declaration=claim).outcome == "rejected"


def test_a_false_claim_of_somebody_else_is_not_voided(month: Month) -> None:
    claim = month.claim("单雪琴")
    with pytest.raises(BadInput):
        month.enter(indicator="N10", void_declaration_id=claim.pk)
    assert not Review.objects.exists()


def test_a_claim_already_shown_must_be_corrected_first(month: Month) -> None:
    claim = month.claim()
    month.review(claim)
    april = month.april()
    month.done()
    with pytest.raises(DomainError) as refused:
        month.enter(indicator="N10", void_declaration_id=claim.pk, on=april)
    assert refused.value.code == "claim_shown"


def test_sent_twice_it_is_one_line(month: Month) -> None:
    key = uuid4()
    assert month.enter(request_key=key) == month.enter(request_key=key)
    assert Line.objects.count() == 1 and Message.objects.count() == 1
    with pytest.raises(DomainError) as refused:
        month.enter(request_key=key, indicator="N7")
    assert refused.value.code == "request_key_reused"


def test_several_members_at_once_or_none(month: Month) -> None:
    def enter(*names: str) -> list[Line]:
        return enter_lines(
            actor=month.actor("recorder"),
            sheet_id=month.sheet.pk,
            member_ids=[month.world.member(name).pk for name in names],
            indicator="A1",
            event_on=MARCH_12,
            ground="3月主题党日签到册",
        )

    with pytest.raises(NotAllowed):
        enter("李桂兰", "解文军")
    assert not Line.objects.exists()
    assert [line.value for line in enter("李桂兰", "张㛃", "单雪琴")] == [50, 50, 50]


def test_a_refusal_says_what_is_to_be_done_first(month: Month) -> None:
    with pytest.raises(BadInput, match="请先在“日常纪实”写提醒并出示给本人；此后再发生的，才能扣分。"):
        month.enter(indicator="N11")
    month.educate("李桂兰", "N1", date(2026, 3, 1))
    with pytest.raises(BadInput, match="请在“决定或核定理由”写明支部委员会哪天、怎么决定的。"):
        month.enter(indicator="N1", words="原话")
    with pytest.raises(BadInput, match="请在“所发表的言论”写明原话"):
        month.enter(indicator="N1", decision="3月15日支委会决定")
