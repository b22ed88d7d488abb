"""推荐在办的事 For the table of routes: a list that waits, one issued, calls with nominations at every step."""

from datetime import date
from typing import Any

from pioneer.kernel import clock
from pioneer.nominations.calling import issue_call, show_nominations
from pioneer.nominations.commending import draft_commendation, issue_commendation
from pioneer.nominations.deciding import confirm_check, decide_nomination, give_opinion, record_objection
from pioneer.nominations.models import Call, Nomination
from pioneer.nominations.services import answer_nomination, propose_nomination
from pioneer.results.models import Announcement
from tests.nominations.course import terms
from tests.world import TODAY, World
from tests.year import announce_plainly, settle_plainly

EARLY, SHOWN, OVER = date(2026, 3, 16), date(2026, 3, 20), date(2026, 3, 30)


def prepare(world: World, things: dict[str, Any]) -> None:
    """备好"""
    with clock.at(EARLY):
        _lists(world, things)
        over = _call(world, opens_on=EARLY, closes_on=date(2026, 3, 18), places=2)
        chosen, things["shown_nomination"] = _ready(world, over, "单雪琴"), _ready(world, over, "李桂兰")
    with clock.at(SHOWN):
        people = [chosen.pk, things["shown_nomination"].pk]
        things["nomination_notice"] = show_nominations(
            actor=world.actor("township_officer"), call_id=over.pk, nominations=people
        )
    with clock.at(OVER):
        things["chosen_nomination"] = decide_nomination(
            actor=world.actor("second_township_officer"),
            nomination_id=chosen.pk,
            is_chosen=True,
            document_number="槐街党〔2026〕12号",
            decided_on=OVER,
        )
        things["nomination_objection"] = record_objection(
            actor=world.actor("committee"),
            nomination_id=things["shown_nomination"].pk,
            organisation_id=world.branch.pk,
            came_on=date(2026, 3, 24),
            text="有一次志愿服务没有到场。",
        )
    things["over_call"] = over
    with clock.at(TODAY):
        things["nomination_call"] = _call(world, opens_on=TODAY, closes_on=date(2026, 4, 15), checks=[])
        things["proposed_nomination"] = _propose(world, things["nomination_call"], "李桂兰")
        things["agreed_nomination"] = _agree(world, _propose(world, things["nomination_call"], "单雪琴"))
        ready = _call(world, opens_on=TODAY, closes_on=date(2026, 4, 15), title="槐园街道先进个人", kind="award")
        things["ready_call"], things["ready_nomination"] = ready, _ready(world, ready, "罗小红")
        things["nominee"] = world.member("罗小红")
        things["empty_call"] = _call(world, opens_on=TODAY, closes_on=date(2026, 4, 15), title="区党代表")


def _lists(world: World, things: dict[str, Any]) -> None:
    things["undrafted"] = _announced(world, "community", 2023)
    listed = draft_commendation(
        actor=world.actor("community_officer"), announcement_id=_announced(world, "community", 2024).pk
    )
    things["commendation"] = listed
    things["commended"] = listed.people.get(member__name="李桂兰")
    village = draft_commendation(
        actor=world.actor("village_secretary"), announcement_id=_announced(world, "village", 2024).pk
    )
    with clock.at(SHOWN):
        things["issued_commendation"] = issue_commendation(
            actor=world.actor("town_officer"),
            commendation_id=village.pk,
            named=[one.pk for one in village.people.all()],
        )


def _announced(world: World, at: str, year: int) -> Announcement:
    best = {"李桂兰": 9500, "温如春": 9100, "柳满仓": 9200}
    made = settle_plainly(world, at, best, first_on=date(year, 1, 1), last_on=date(year, 12, 31))
    return announce_plainly(made, world.organisations[at], date(year + 1, 1, 20))


def _call(world: World, **changes: Any) -> Call:
    given = terms(cycles=0, **changes)
    street = world.organisations["street"].pk
    return issue_call(actor=world.actor("township_officer"), organisation_id=street, terms=given)


def _propose(world: World, call: Call, name: str) -> Nomination:
    return propose_nomination(
        actor=world.actor("deputy"),
        call_id=call.pk,
        member_id=world.member(name).pk,
        grounds="三年如一日照看独居老人，带动邻居参加志愿服务，支部党员大会一致同意。",
        wording="热心服务居民，带头参加志愿服务。",
        meeting_on=clock.today(),
        present=7,
        in_favour=7,
    )


def _agree(world: World, one: Nomination) -> Nomination:
    return answer_nomination(
        actor=world.actor("secretary"), nomination_id=one.pk, is_willing=True, how="书面同意，本人签字"
    )


def _ready(world: World, call: Call, name: str) -> Nomination:
    one = _agree(world, _propose(world, call, name))
    give_opinion(
        actor=world.actor("community_officer"),
        nomination_id=one.pk,
        organisation_id=world.organisations["community"].pk,
        is_for=True,
        text="群众反映好，同意推荐。",
    )
    if call.checks:
        confirm_check(actor=world.actor("township_officer"), nomination_id=one.pk, position=0, is_clear=True)
    return one
