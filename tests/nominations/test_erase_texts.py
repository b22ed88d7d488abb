"""抹除推荐的文字 Even of what was decided and issued: the texts go, that it was and how it ended stays."""

from datetime import date

from pioneer.kernel import clock
from pioneer.ledger.erasure import later
from pioneer.nominations.commending import issue_commendation
from pioneer.nominations.deciding import answer_objection, record_objection
from pioneer.nominations.erasure import erase_texts
from tests.nominations.course import call, decide, drafted, file, ready
from tests.world import TODAY, World


def test_texts_go_and_the_rest_stays(town: World) -> None:
    assert erase_texts in later()
    shown = drafted(town, scores={"李桂兰": 9500})
    file(town, "李桂兰")
    one, day = ready(town, call(town), "李桂兰")
    found = record_objection(
        actor=town.actor("committee"), nomination_id=one.pk, organisation_id=town.branch.pk, came_on=TODAY,
        text="没有到场", objector_name="赵某", objector_contact="139",
    )  # fmt: skip
    answer_objection(actor=town.actor("secretary"), objection_id=found.pk, is_upheld=False, answer="请过假")
    one = decide(town, one, day, reason="表现好")
    with clock.at(date(2026, 4, 10)):
        issue_commendation(actor=town.actor("township_officer"), commendation_id=shown.pk, named=[], reason="在核实")
    erase_texts(town.member("李桂兰").pk)
    for row in (one, found, shown.people.get(), one.opinions.get()):
        row.refresh_from_db()
    assert (one.grounds, one.wording, one.answer_how, one.reason, one.state) == ("", "", "", "", "chosen")
    assert (found.text, found.objector_name, found.objector_contact, found.answer) == ("", "", "", "")
    assert found.is_upheld is False and one.opinions.get().text == "" and one.opinions.get().is_for
    assert shown.people.get().left_off == ""


def test_who_gave_an_opinion_and_is_erased_loses_its_name_there(town: World) -> None:
    file(town, "李桂兰")
    one, _ = ready(town, call(town), "李桂兰")
    given = one.opinions.get()
    assert given.by_name
    member = town.member("王保国")
    member.user_id = given.by_number
    type(member).objects.filter(user=given.by_number).update(user=None)
    member.save()
    erase_texts(member.pk)
    given.refresh_from_db()
    assert (given.by_name, given.is_for) == ("（已抹除）", True) and given.text
