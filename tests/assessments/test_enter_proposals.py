"""assessments.enter_proposals: what attendance and dues propose, ticked into an open sheet, each fact once."""

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from pioneer.assessments.lines import edit_line, enter_correction, remove_line
from pioneer.assessments.models import Line, Sheet
from pioneer.assessments.proposals import Proposal, enter_proposals, proposals
from pioneer.conduct.models import Attendance, Dues, Meeting
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members.models import Exemption
from pioneer.messages.models import Message
from pioneer.rulebook.models import RulebookVersion
from pioneer.scoring import load_text
from tests.assessments.conftest import Month
from tests.conduct import meetings
from tests.world import START


def digest_of(text: str) -> str:
    found = load_text(text).rulebook
    assert found is not None
    return found.digest


@pytest.fixture
def held(month: Month) -> Meeting:
    """10 March: 李桂兰 was absent, 单雪琴 late, 张㛃 on leave; of the dues of March 罗小红's are unpaid."""
    made = meetings.meet(month.world)
    meetings.record(month.world, made, 李桂兰="absent", 单雪琴="late", 张㛃=("leave", "住院"))
    meetings.pay(month.world, 罗小红="unpaid", 李桂兰="paid")
    return made


def offered(month: Month, who: str = "recorder", sheet: Sheet | None = None) -> dict[tuple[str, str], Proposal]:
    found = proposals(month.actor(who), sheet or month.sheet)
    return {(one.entry.name, one.row.code): one for one in found}


def enter(
    month: Month, *chosen: Proposal, who: str = "recorder", key: UUID | None = None, on: Sheet | None = None
) -> list[Line]:
    return enter_proposals(
        actor=month.actor(who),
        sheet_id=(on or month.sheet).pk,
        ticked=[one.key for one in chosen],
        request_key=key or uuid4(),
    )


def test_the_rulebook_says_which_indicator_each_fact_proposes(month: Month, held: Meeting) -> None:
    found = offered(month)
    assert {key: one.value for key, one in found.items() if key[1] != "A1"} == {
        ("李桂兰", "N2"): -200,
        ("单雪琴", "N7"): -50,
        ("罗小红", "N4"): -200,
    }
    came = {name for name, code in found if code == "A1"}
    assert came == {"王保国", "曾永福", "解文军", "罗小红", "喆䶮堃"}, "who was late, absent or on leave has no A1"
    absent = found["李桂兰", "N2"]
    assert absent.fact.ground == "2026年3月10日主题党日“学雷锋”考勤：无故缺席"
    assert (absent.wording, absent.is_ticked, absent.fact.event_on) == ("无故不参加组织生活", True, date(2026, 3, 10))
    assert found["罗小红", "N4"].fact.event_on == date(2026, 3, 31)


def test_what_is_ticked_becomes_lines_that_remember_where_they_came_from(month: Month, held: Meeting) -> None:
    found = offered(month)
    lines = enter(month, found["李桂兰", "N2"], found["王保国", "A1"], found["罗小红", "N4"])
    by_name = {line.member.name: line for line in lines}
    assert by_name["李桂兰"].attendance == meetings.state_of(month.world, held, "李桂兰")
    assert by_name["罗小红"].dues == meetings.paid(month.world, "罗小红")
    assert [by_name[name].value for name in ("李桂兰", "王保国", "罗小红")] == [-200, 50, -200]
    assert Message.objects.filter(user=month.world.users["guilan"], title__contains="扣分2分").exists()
    assert meetings.state_of(month.world, held, "李桂兰").taken_at == clock.now()
    assert offered(month)["李桂兰", "N2"].why_not == "已记入考评表。"


def test_sent_twice_is_entered_once(month: Month, held: Meeting) -> None:
    found, key = offered(month), uuid4()
    chosen = (found["李桂兰", "N2"], found["单雪琴", "N7"])
    assert {one.pk for one in enter(month, *chosen, key=key)} == {one.pk for one in enter(month, *chosen, key=key)}
    assert Line.objects.count() == 2
    with pytest.raises(DomainError) as refused:
        enter(month, *chosen, found["王保国", "A1"], key=key)
    assert refused.value.code == "request_key_reused"


def test_a_second_browser_charges_nothing_again(month: Month, held: Meeting) -> None:
    found = offered(month)
    enter(month, found["李桂兰", "N2"])
    with pytest.raises(BadInput, match="李桂兰 3月10日：这一件已记入考评表"):
        enter(month, found["李桂兰", "N2"], found["单雪琴", "N7"], who="deputy")
    assert Line.objects.count() == 1
    line = Line.objects.get()
    line.pk, line.request_key = None, None
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)


def test_two_absences_of_one_person_are_two_lines(month: Month, held: Meeting) -> None:
    meetings.record(month.world, meetings.meet(month.world, starts_at=time(15)), 李桂兰="absent")
    found = [one for one in proposals(month.actor("recorder"), month.sheet) if one.row.code == "N2"]
    assert len(enter(month, *found)) == 2


def test_what_is_already_there_is_not_ticked_beforehand(month: Month, held: Meeting) -> None:
    month.enter(event_on=date(2026, 3, 10))
    month.claim("曾永福", indicator="A1", event_on=date(2026, 3, 10))
    found = offered(month)
    assert not found["李桂兰", "N2"].is_ticked and "同一天已有一条" in found["李桂兰", "N2"].notes[0]
    assert not found["曾永福", "A1"].is_ticked and "本人已就同一天申报" in found["曾永福", "A1"].notes[0]
    assert enter(month, found["李桂兰", "N2"]), "it may still be ticked by hand: two meetings on a day"


def test_nobody_enters_its_own_or_a_relatives(month: Month, held: Meeting) -> None:
    month.relate("解文军", "李桂兰")
    found = offered(month)
    assert "本人" in found["解文军", "A1"].why_not and "夫妻" in found["李桂兰", "N2"].why_not
    for one in (found["解文军", "A1"], found["李桂兰", "N2"]):
        with pytest.raises(NotAllowed) as refused:
            enter(month, one)
        assert refused.value.code == "recusal"
    assert enter(month, found["解文军", "A1"], who="deputy")


@pytest.mark.parametrize("who", ["guilan", "second_secretary", "auditor", "township_officer"])
def test_only_the_branch_enters(month: Month, held: Meeting, who: str) -> None:
    with pytest.raises((NotAllowed, NotVisible)):
        enter(month, offered(month)["单雪琴", "N7"], who=who)
    assert not Line.objects.exists()


def test_something_must_be_ticked_and_still_stand(month: Month, held: Meeting) -> None:
    with pytest.raises(BadInput, match="没有勾选"):
        enter(month)
    found = offered(month)
    meetings.record(month.world, held, 李桂兰=("leave", "住院"), 单雪琴="late", 张㛃=("leave", "住院"))
    with pytest.raises(DomainError) as refused:
        enter(month, found["李桂兰", "N2"])
    assert refused.value.code == "facts_changed"


def test_an_absence_corrected_to_present_meanwhile_is_not_entered_as_an_attendance_nobody_saw(
    month: Month, held: Meeting
) -> None:
    seen = offered(month)["李桂兰", "N2"]
    meetings.record(month.world, held, 单雪琴="late", 张㛃=("leave", "住院"))
    with pytest.raises(DomainError) as refused:
        enter(month, seen)
    assert refused.value.code == "facts_changed" and not Line.objects.exists()


def test_only_while_the_sheet_is_open(month: Month, held: Meeting) -> None:
    found = offered(month)
    month.submit()
    with pytest.raises(DomainError) as refused:
        enter(month, found["李桂兰", "N2"])
    assert refused.value.code == "sheet_not_open"


def test_a_line_taken_down_frees_the_fact_and_leaves_a_note(month: Month, held: Meeting) -> None:
    (line,) = enter(month, offered(month)["李桂兰", "N2"])
    remove_line(actor=month.actor("recorder"), line_id=line.pk, reason="本人当日值班")
    assert meetings.state_of(month.world, held, "李桂兰").taken_at is None
    again = offered(month)["李桂兰", "N2"]
    assert not again.is_ticked and again.notes == ("曾经记入，已撤下：本人当日值班",)
    (other,) = enter(month, again)
    assert other.pk != line.pk


def test_the_day_of_a_line_stays_that_of_its_fact(month: Month, held: Meeting) -> None:
    (line,) = enter(month, offered(month)["李桂兰", "N2"])
    form = {"actor": month.actor("recorder"), "line_id": line.pk, "edit": line.edit, "ground": "签到册"}
    with pytest.raises(DomainError) as refused:
        edit_line(event_on=line.event_on - timedelta(days=1), **form)
    assert refused.value.code == "from_fact"
    assert edit_line(event_on=line.event_on, **form).ground == "签到册"


def test_after_a_correction_the_fact_is_not_charged_again(month: Month, held: Meeting) -> None:
    (line,) = enter(month, offered(month)["李桂兰", "N2"])
    month.done()
    with clock.at(date(2026, 4, 20)):
        april = month.april()
        enter_correction(actor=month.actor("recorder"), sheet_id=april.pk, line_id=line.pk, ground="当日值班，有记录")
        assert offered(month, sheet=april)["李桂兰", "N2"].why_not == "已记入考评表。"


def test_an_earlier_months_facts_are_offered_but_not_ticked(month: Month, held: Meeting) -> None:
    month.done()
    with clock.at(date(2026, 4, 20)):
        found = offered(month, sheet=month.april())
        assert found["李桂兰", "N2"].notes == ("补记：3月的事。",)


def test_a_later_months_facts_are_not(month: Month, held: Meeting) -> None:
    with clock.at(date(2026, 4, 20)):
        meetings.record(month.world, meetings.meet(month.world, on=date(2026, 4, 8)), 李桂兰="absent")
        assert {one.fact.event_on.month for one in proposals(month.actor("recorder"), month.sheet)} == {3}


def test_neither_the_exempt_nor_whom_a_zeroing_has_closed(month: Month, held: Meeting) -> None:
    Exemption.objects.create(
        member=month.world.member("罗小红"), ground="ill", from_on=START, state="approved", applied_at=clock.now()
    )
    month.zero("李桂兰")
    found = offered(month)
    assert ("罗小红", "N4") not in found and "清零" in found["李桂兰", "N2"].why_not


def test_a_cancelled_meeting_offers_nothing(month: Month, held: Meeting) -> None:
    Meeting.objects.update(cancelled_at=clock.now())
    assert {code for _, code in offered(month)} == {"N4"}


def test_a_value_that_needs_more_is_said_and_not_ticked(month: Month, held: Meeting) -> None:
    version = RulebookVersion.objects.get()
    old = 'shape = "per_unit", points = 2, unit = "个月", whole = true, default = 1'
    version.text = version.text.replace(old, 'shape = "per_unit", points = 2, unit = "个月"')
    RulebookVersion.objects.create(
        **{field.name: getattr(version, field.name) for field in version._meta.fields if field.name not in ("id",)}
        | {"number": 2, "digest": digest_of(version.text), "valid_from": date(2026, 2, 1)}
    )
    assert "加一条" in offered(month)["罗小红", "N4"].why_not


def test_the_same_number_of_queries_whatever_the_number(
    month: Month, held: Meeting, django_assert_num_queries: Any
) -> None:
    proposals(month.actor("recorder"), month.sheet)
    with django_assert_num_queries(18):
        proposals(month.actor("recorder"), month.sheet)
    for day in (11, 12, 13, 17):
        meetings.record(month.world, meetings.meet(month.world, on=date(2026, 3, day)), 李桂兰="absent")
    actor = month.actor("recorder")
    assert Attendance.objects.count() == 40 and Dues.objects.count() == 2
    with django_assert_num_queries(17):
        proposals(actor, month.sheet)
