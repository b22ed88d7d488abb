"""推荐的一程 A settlement of 2025 announced and filed, seen in April 2026, and the steps of a nomination after it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pioneer.kernel import clock
from pioneer.nominations.calling import Terms, issue_call, show_nominations
from pioneer.nominations.commending import draft_commendation
from pioneer.nominations.deciding import confirm_check, decide_nomination, give_opinion
from pioneer.nominations.models import Call, Commendation, Nomination
from pioneer.nominations.services import answer_nomination, propose_nomination
from pioneer.results.formers import Filed, keep_filed
from pioneer.results.models import Announcement
from tests.world import TODAY, World
from tests.year import announce_plainly, settle_plainly

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
BEST = {"李桂兰": 9500, "单雪琴": 9100, "王保国": 9300, "温如春": 9000, "罗小红": 8990, "柳满仓": 9200, "柳长根": 9400}
CLEAN = "没有正在办理的组织处置"


def announced(world: World, at: str = "community", scores: dict[str, int] | None = None, **more: Any) -> Announcement:
    """2025 settled and told at the unit's meeting on 20 January 2026."""
    made = settle_plainly(world, at, BEST if scores is None else scores, first_on=FIRST, last_on=LAST, **more)
    return announce_plainly(made, world.organisations[at], date(2026, 1, 20))


def drafted(world: World, at: str = "community", who: str = "community_officer", **more: Any) -> Commendation:
    with clock.at(TODAY):
        return draft_commendation(actor=world.actor(who), announcement_id=announced(world, at, **more).pk)


def file(world: World, name: str, year: int = 2025, tier: str = "t90", **changes: Any) -> None:
    """One filed result of a member."""
    lower, tier_name = {"t90": (9000, "90分及以上"), "t80": (8000, "80至89分"), "": (None, "")}[tier]
    given: dict[str, Any] = {
        "member": world.member(name).pk, "first_on": date(year, 1, 1), "last_on": date(year, 12, 31), "score": 9200,
        "tier": tier, "tier_name": tier_name, "lower": lower, "is_zeroed": False, "why": "" if tier else "预备党员",
        "unit": None, "unit_name": "槐园社区", "filing_number": f"备〔{year}〕1号",
        "filed_on": date(year + 1, 1, 20), **changes,
    }  # fmt: skip
    keep_filed([Filed(**given)], by_number=1)


def terms(**changes: Any) -> Terms:
    given: dict[str, Any] = {
        "kind": "outstanding", "level": "township", "title": "槐园街道优秀共产党员",
        "document_number": "槐街党〔2026〕7号",
        "places": 1, "opens_on": TODAY, "closes_on": date(2026, 4, 15), "checks": [CLEAN], **changes,
    }  # fmt: skip
    return Terms(**given)


def call(world: World, who: str = "township_officer", at: str = "street", **changes: Any) -> Call:
    with clock.at(TODAY):
        return issue_call(actor=world.actor(who), organisation_id=world.organisations[at].pk, terms=terms(**changes))


def propose(world: World, made: Call, name: str, who: str = "deputy", **changes: Any) -> Nomination:
    given: dict[str, Any] = {
        "grounds": "三年如一日照看独居老人。", "wording": "热心服务居民，带头参加志愿服务。",
        "meeting_on": TODAY, **changes,
    }  # fmt: skip
    with clock.at(TODAY):
        return propose_nomination(actor=world.actor(who), call_id=made.pk, member_id=world.member(name).pk, **given)


def agreed(world: World, made: Call, name: str, who: str = "deputy", recorder: str = "secretary") -> Nomination:
    one = propose(world, made, name, who)
    with clock.at(TODAY):
        return answer_nomination(
            actor=world.actor(recorder), nomination_id=one.pk, is_willing=True, how="书面同意，本人签字"
        )


def opined(world: World, one: Nomination, at: str = "community", who: str = "community_officer") -> Nomination:
    with clock.at(TODAY):
        give_opinion(
            actor=world.actor(who),
            nomination_id=one.pk,
            organisation_id=world.organisations[at].pk,
            is_for=True,
            text="表现突出，同意。",
        )
    return one


def shown(world: World, made: Call, *people: Nomination, who: str = "township_officer") -> date:
    """Shown on 1 April; the day on which it may be decided."""
    with clock.at(TODAY):
        notice = show_nominations(actor=world.actor(who), call_id=made.pk, nominations=[one.pk for one in people])
    return notice.last_on + timedelta(days=1)


def ready(world: World, made: Call, name: str, **more: Any) -> tuple[Nomination, date]:
    """Agreed, with the community's opinion, shown, checked: ready to be chosen on the day answered."""
    one = opined(world, agreed(world, made, name, **more))
    day = shown(world, made, one)
    with clock.at(TODAY):
        confirm_check(actor=world.actor("township_officer"), nomination_id=one.pk, position=0, is_clear=True)
    one.refresh_from_db()
    return one, day


def decide(world: World, one: Nomination, day: date, who: str = "township_officer", **changes: Any) -> Nomination:
    given: dict[str, Any] = {"is_chosen": True, "document_number": "槐街党〔2026〕12号", "decided_on": day, **changes}
    with clock.at(day):
        return decide_nomination(actor=world.actor(who), nomination_id=one.pk, **given)
