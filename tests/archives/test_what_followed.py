"""What follows a result stands in the archive as day, decision and document; what was said of a person stays out."""

import json
from datetime import date
from typing import Any

from pioneer.archives import queries
from pioneer.archives.contents import make
from pioneer.archives.gathering import figures_of, gather
from pioneer.conduct.models import ZeroingCase
from pioneer.disposals.models import Case, CaseGround, Finding, Step, StepText
from pioneer.followups.models import Encouragement, Entry, FollowUp
from pioneer.kernel import clock
from pioneer.members.models import Member
from pioneer.nominations.models import Call, Nomination
from pioneer.results.models import Announcement, FormerResult, Told
from tests.archives.conftest import AFTER, FIRST, LAST
from tests.world import World
from tests.year import announce_plainly, settle_plainly

PRIVATE = "这句话不出案卷"
DAY = date(2027, 1, 19)


def test_the_decision_the_day_and_the_document_and_no_more(ruled: World) -> None:
    with clock.at(AFTER):
        held = announce_plainly(settle_plainly(ruled, "village", {"柳大妮": 5500, "柳满仓": 7000}), ruled.village)
        _helped(ruled, ruled.member("柳满仓"))
        _nominated(ruled)
        _unqualified(ruled, held)
        _zeroed(ruled)
        facts = gather(ruled.village, queries.cycle_for(ruled.village, FIRST)).facts
        made = make(facts, 1)
    assert PRIVATE not in json.dumps(facts, ensure_ascii=False) and PRIVATE.encode() not in made.content
    (helped,) = facts["follow_ups"]
    assert (helped["outcome"], helped["steps"]) == ("已经改正", [["警示谈话", "2027-01-19"]])
    assert [one["spoken_by"] for one in facts["encouragements"]] == ["柳长根"]
    assert [(one["name"], one["call_document"]) for one in facts["nominations"]] == [("柳满仓", "柳委〔2027〕2号")]
    assert [(one["name"], one["state"]) for one in facts["findings"]] == [("柳大妮", "已认定为不合格")]
    (case,) = facts["cases"]
    assert case["steps"] == [["支部委员会提议，报基层党委预审", "2027-01-19", "柳委〔2027〕5号"]]
    assert [one["document_number"] for one in facts["zeroings"]] == ["1号"], "what was refused is nowhere"
    figures = figures_of(facts)
    assert (figures["results"], figures["recounted"]) == (3, 1), "rows to which no engine came are marked"
    assert facts["state"] == "provisional" and facts["unfinished"] == ["柳沟村2026年度的结果还没有备案。"]


def _helped(world: World, member: Member) -> None:
    of: dict[str, Any] = {
        "told": Told.objects.get(result__member=member), "member": member, "branch": world.village,
        "first_on": FIRST, "last_on": LAST,
    }  # fmt: skip
    Encouragement.objects.create(
        **of, text=PRIVATE, spoken_by="柳长根", spoken_on=DAY, told_how="当面", created_at=clock.now()
    )
    case = FollowUp.objects.create(
        **of, announced_on=DAY, state="closed", outcome="corrected", closed_on=DAY, opened_at=clock.now()
    )
    Entry.objects.create(
        follow_up=case, number=1, kind="talk", on=DAY, text=PRIVATE, words=PRIVATE, branch=world.village,
        created_at=clock.now(),
    )  # fmt: skip


def _nominated(world: World) -> None:
    call = Call.objects.create(
        organisation=world.organisations["town"], kind="outstanding", level="township", title="优秀共产党员",
        document_number="柳委〔2027〕2号", places=1, opens_on=DAY, closes_on=DAY, cycles=0, issued_at=clock.now(),
    )  # fmt: skip
    for name, state in (("柳满仓", "proposed"), ("柳长根", "declined")):
        Nomination.objects.create(
            call=call, member=world.member(name), branch=world.village, state=state, grounds=PRIVATE, meeting_on=DAY,
            proposed_at=clock.now(),
        )  # fmt: skip


def _unqualified(world: World, held: Announcement) -> None:
    votes = {"with_vote": 3, "present": 3, "abstained": 0}
    outcomes: list[tuple[str, str, dict[str, Any]]] = [
        ("柳大妮", "approved", {"in_favour": 2, "against": 1, "decided_on": DAY}),
        ("柳满仓", "not_adopted", {"in_favour": 1, "against": 2}),
    ]
    for name, state, more in outcomes:
        member = world.member(name)
        Finding.objects.create(
            member=member, branch=world.village, result=Told.objects.get(result__member=member).result,
            announcement=held, first_on=FIRST, last_on=LAST, score=5500, tier_name="60分以下", causes=[PRIVATE],
            statement=PRIVATE, state=state, proposed_on=DAY, proposed_at=clock.now(), answer_until=DAY, met_on=DAY,
            **votes, **more,
        )  # fmt: skip
        former = FormerResult.objects.create(
            member=member, first_on=FIRST, last_on=LAST, score=5500, unit_name="柳沟村", filing_number="1号",
            filed_on=DAY, created_at=clock.now(),
        )  # fmt: skip
        case = Case.objects.create(
            member=member, branch=world.village, kind="correction", months=6, latest_first_on=FIRST, cycles=1,
            state="in_effect" if state == "approved" else "discontinued", ended_on=DAY, ended_why=PRIVATE,
            created_at=clock.now(),
        )  # fmt: skip
        CaseGround.objects.create(case=case, former=former)
        step = Step.objects.create(case=case, number=1, kind="proposed", on=DAY, created_at=clock.now())
        StepText.objects.create(step=step, people=PRIVATE, content=PRIVATE, opinion=PRIVATE, document="柳委〔2027〕5号")


def _zeroed(world: World) -> None:
    for number, state in (("1号", "approved"), ("2号", "refused")):
        ZeroingCase.objects.create(
            member=world.member("柳长根"), branch=world.village, indicator="Z2", document_kind="penalty",
            issuer="某公安分局", document_number=number, document_on=date(2026, 12, 20), facts=PRIVATE, state=state,
            answer_until=clock.now(), decided_at=clock.now(), proposed_at=clock.now(), statement=PRIVATE,
        )  # fmt: skip
