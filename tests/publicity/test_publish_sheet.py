from datetime import date

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.members.models import Exemption, StatusSpell
from pioneer.organisations.models import HolidayYear
from pioneer.publicity.models import Publication, PublishedLine, PublishedMember
from pioneer.publicity.services import publish_sheet
from tests.notices import On, make_sheet, publish, run
from tests.world import World


def test_it_shows_everybody_in_roster_order_with_what_counted(shown: Publication, ruled: World) -> None:
    people = list(PublishedMember.objects.filter(publication=shown))
    assert [person.name for person in people][:4] == ["王保国", "李桂兰", "张㛃", "曾永福"]
    assert len(people) == 8
    guilan = people[1]
    assert (guilan.positive, guilan.reverse, guilan.total) == (300, 0, 7300)
    trimmed = PublishedLine.objects.get(publication=shown, member=guilan.member, event_on__day=9)
    assert (trimmed.raw, trimmed.counted) == (100, 0)
    assert "本月为群众办好事实事已满3分，截去1分" in trimmed.reason
    assert people[2].total == 7000  # no lines of its own
    assert people[7].note == "预备党员"


def test_the_window_ends_at_midnight_of_the_fifth_working_day(shown: Publication) -> None:
    assert shown.closes_at == clock.end_of(date(2026, 4, 9))  # 4 to 6 April is a holiday


def test_a_year_without_holidays_stops_it_with_the_sentence(ruled: World) -> None:
    sheet = make_sheet(ruled, [On("李桂兰")], month=12)
    with clock.at(date(2026, 12, 31)), pytest.raises(DomainError):
        publish(ruled, sheet)
    with clock.at(date(2027, 1, 1)), pytest.raises(DomainError, match="节假日表里没有2027年"):
        publish(ruled, sheet)
    HolidayYear.objects.create(year=2027, source="x")
    with clock.at(date(2027, 1, 1)):
        assert publish(ruled, sheet).closes_at == clock.end_of(date(2027, 1, 8))


def test_not_before_the_month_is_over_nor_unconfirmed(ruled: World) -> None:
    early = make_sheet(ruled, [], month=4)
    with pytest.raises(DomainError) as refused:
        publish(ruled, early)
    assert refused.value.code == "month_not_over"
    unread = make_sheet(ruled, [], state="submitted", confirmed_by_number=None, confirmed_at=None)
    with pytest.raises(DomainError) as refused:
        publish(ruled, unread)
    assert refused.value.code == "not_confirmed"


def test_published_twice_it_is_the_same_notice(shown: Publication, ruled: World) -> None:
    assert publish(ruled, shown.sheet) == shown


def test_the_next_month_waits_for_the_one_before(shown: Publication, ruled: World) -> None:
    with clock.at(date(2026, 5, 6)), pytest.raises(DomainError, match="3月的公示还没有办结"):
        publish(ruled, make_sheet(ruled, [], month=4))


def test_by_the_branch_alone(ruled: World) -> None:
    sheet = make_sheet(ruled, [])
    with pytest.raises(NotVisible):
        publish_sheet(actor=ruled.actor("second_recorder"), sheet_id=sheet.pk)
    with pytest.raises(NotAllowed):
        publish_sheet(actor=ruled.actor("township_officer"), sheet_id=sheet.pk)


def test_the_exempt_stand_without_total_and_the_deceased_not_at_all(ruled: World) -> None:
    Exemption.objects.create(
        member=ruled.member("李桂兰"), ground="age", from_on=date(2026, 1, 1), state="approved", applied_at=clock.now()
    )
    StatusSpell.objects.filter(member=ruled.member("张㛃")).update(until_on=date(2026, 3, 31))
    StatusSpell.objects.create(member=ruled.member("张㛃"), status="deceased", from_on=date(2026, 4, 1))
    found = publish(ruled, make_sheet(ruled, [On("李桂兰"), On("张㛃")]))
    people = {person.name: person for person in found.members.all()}
    assert people["李桂兰"].total is None and people["李桂兰"].note == "免评"
    assert "张㛃" not in people
    assert found.lines.count() == 1


def test_the_total_holds_what_closed_months_gave(ruled: World) -> None:
    run(ruled, [On("李桂兰", "B5", day) for day in (3, 5)], month=2)
    found = publish(ruled, make_sheet(ruled, [On("李桂兰")]))
    assert found.members.get(name="李桂兰").total == 7300


def test_the_digest_covers_no_name_and_no_wording(shown: Publication, ruled: World) -> None:
    from pioneer.publicity import services

    people, lines = list(shown.members.all()), list(shown.lines.all())
    for row in (*people, *lines):
        row.salt = ""
    for person in people:
        person.name = person.note = ""
    for line in lines:
        line.wording = line.reason = ""
    keys = {member.pk: str(member.key) for member in ruled.members.values()}
    assert services.digest_of(shown, people, lines, keys) == shown.digest


def test_what_nobody_confirmed_moves_to_the_next_open_sheet(ruled: World) -> None:
    """A zeroing reversed after the sheet was confirmed brings that member's lines back, which nobody has read."""
    sheet = make_sheet(ruled, [On("李桂兰"), On("单雪琴")])
    back = sheet.lines.get(member=ruled.member("单雪琴"))
    sheet.lines.filter(pk=back.pk).update(confirmed_by_number=None, confirmed_at=None)
    with pytest.raises(DomainError, match=r"单雪琴的清零在复核之后撤销.*请先开立下月考评表"):
        publish(ruled, sheet)
    april = make_sheet(ruled, [], month=4, state="open", confirmed_by_number=None, confirmed_at=None)
    shown = publish(ruled, sheet)
    assert [line.member.name for line in shown.lines.select_related("member")] == ["李桂兰"]
    back.refresh_from_db()
    assert back.state == "struck" and "未经复核" in back.struck_why
    carried = april.lines.get()
    assert (carried.member.name, carried.state, carried.confirmed_by_number) == ("单雪琴", "standing", None)
