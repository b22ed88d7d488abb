from datetime import date

import pytest

from pioneer.declarations.models import Declaration
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.ledger.erasure import erase_member
from pioneer.ledger.models import Entry, EntryText
from pioneer.ledger.queries import score_of
from pioneer.ledger.verification import verify
from pioneer.members.models import StatusSpell
from pioneer.organisations.models import HolidayYear
from pioneer.publicity.models import PublishedLine, PublishedMember
from tests.notices import On, make_sheet, object_to, publish, run
from tests.world import World

LEFT = date(2026, 5, 6)
LATE = date(2031, 6, 1)


def leave(world: World, name: str = "李桂兰") -> None:
    spell = StatusSpell.objects.get(member=world.member(name))
    spell.until_on = date(2026, 5, 5)
    spell.save()
    StatusSpell.objects.create(member=world.member(name), status="left", from_on=LEFT, document="退党批复")


def test_the_texts_go_and_the_books_still_verify(ruled: World) -> None:
    run(
        ruled,
        [On("李桂兰", event="帮邻居"), On("李桂兰", "B2", 12, quantity=200, event="帮邻居"), On("王保国")],
        month=2,
    )
    Declaration.objects.create(
        member=ruled.member("李桂兰"), branch=ruled.branch, indicator="B5", event_on=LEFT, place="某处", matter="某事",
        created_at=clock.now(),
    )  # fmt: skip
    with clock.at(date(2026, 4, 1)):
        shown = publish(ruled, make_sheet(ruled, [On("李桂兰")]))
        made = object_to(shown, shown.lines.get(member=ruled.member("李桂兰")).line, text="某人的事")
    before = score_of(ruled.member("李桂兰"), date(2026, 4, 1)).score
    leave(ruled)
    HolidayYear.objects.create(year=2031, source="x")
    with clock.at(LATE):
        erased = erase_member(actor=ruled.actor("security_admin"), member_id=ruled.member("李桂兰").pk)
    assert erased.erased_at is not None and erased.name != "李桂兰"
    texts = EntryText.objects.filter(entry__member_key=erased.key)
    assert {(text.wording, text.ground, text.salt) for text in texts} == {("", "", "")}
    assert not PublishedMember.objects.filter(name="李桂兰").exists()
    assert not PublishedLine.objects.filter(member=erased).exclude(wording="", reason="", salt="").exists()
    assert Declaration.objects.get(member=erased).matter == ""
    made.refresh_from_db()
    assert made.text == ""
    report = verify()
    assert report.disagreement == "" and report.erased > 3
    assert "抹除" in report.summary
    assert score_of(erased, date(2026, 4, 1)).score == before
    assert Entry.objects.filter(member_key=erased.key).count() == 2


def test_erased_twice_is_erased_once(ruled: World) -> None:
    leave(ruled)
    with clock.at(LATE):
        first = erase_member(actor=ruled.actor("security_admin"), member_id=ruled.member("李桂兰").pk)
        again = erase_member(actor=ruled.actor("security_admin"), member_id=ruled.member("李桂兰").pk)
    assert first.erased_at == again.erased_at


def test_not_while_on_the_roster_nor_too_early(ruled: World) -> None:
    number = ruled.member("李桂兰").pk
    with pytest.raises(DomainError) as refused:
        erase_member(actor=ruled.actor("security_admin"), member_id=number)
    assert refused.value.code == "still_here"
    leave(ruled)
    with clock.at(date(2031, 5, 5)), pytest.raises(DomainError, match="文字保留到2031年5月6日") as refused:
        erase_member(actor=ruled.actor("security_admin"), member_id=number)
    assert refused.value.code == "too_early"


def test_by_the_security_administrator_of_the_district_alone(ruled: World) -> None:
    leave(ruled)
    number = ruled.member("李桂兰").pk
    with clock.at(LATE):
        for who in ("secretary", "district_officer", "system_admin"):
            with pytest.raises((NotAllowed, NotVisible)):
                erase_member(actor=ruled.actor(who), member_id=number)
        with pytest.raises(NotVisible):
            erase_member(actor=ruled.actor("other_district_officer"), member_id=number)
