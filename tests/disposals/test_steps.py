"""The steps of a case: each in its turn and by whom it is for, none skipped, repeated or back-dated."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from pioneer.conduct.models import DeclaredRelation
from pioneer.disposals import order
from pioneer.disposals.models import Case, CaseGround, Step, StepText
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members.models import StatusSpell
from pioneer.messages.models import Message
from tests.disposals.proceedings import CALL, OPERATIONS, WHO, act, brought, filed, later, open_case, refused_advice
from tests.world import World

KEPT = r"append-only|erased, never edited|keeps what it is about"
KINDS = {"correction": 8, "advice": 10}


@pytest.mark.parametrize("kind", KINDS)
def test_every_act_out_of_its_turn_is_refused(ruled: World, kind: str) -> None:
    """The table step × act: at each point exactly the next step of that kind goes through."""
    filed(ruled)
    case = open_case(ruled, kind)
    steps = list(order.order_of(kind))
    assert len(steps) == KINDS[kind]
    for due in [*steps[1:], None]:
        case.refresh_from_db()
        allowed = order.next_steps(kind, case.state, [step.kind for step in case.steps.all()])
        for other in OPERATIONS:
            if other not in allowed:
                with pytest.raises(DomainError) as refusal, transaction.atomic():
                    act(ruled, case, other)
                assert refusal.value.code in ("not_its_turn", "case_over"), (due, other)
        if due is not None:
            assert allowed == (due,)
            act(ruled, case, due)
    case.refresh_from_db()
    assert case.state == "in_effect"
    assert [step.number for step in case.steps.all()] == list(range(1, len(steps) + 1))
    told = Message.objects.filter(user=ruled.users[CALL], kind__startswith="disposals.step_").count()
    assert told == len(steps), "the member is told of every step at once"
    assert StatusSpell.objects.get(member=case.member, until_on=None).status == "full", "membership does not change"


def test_a_case_that_is_over_takes_no_step(ruled: World) -> None:
    filed(ruled)
    case = brought(ruled, "prior_filed")
    act(ruled, case, "investigated")
    act(ruled, case, "talked")
    act(ruled, case, "reviewed", agreed=False, content="事实不清")
    for step in OPERATIONS:
        with pytest.raises(DomainError, match="没有要办的步骤了"):
            act(ruled, case, step)


AT = {"prior_filed": "proposed", "reviewed": "talked", "approved": "voted"}


@pytest.mark.parametrize("step", AT)
def test_the_committee_above_may_refuse_with_its_reason(ruled: World, step: str) -> None:
    filed(ruled)
    case = brought(ruled, AT[step])
    with pytest.raises(BadInput, match="请写明理由"):
        act(ruled, case, step, agreed=False, content="")
    with pytest.raises(BadInput, match="文号"):
        act(ruled, case, step, document="")
    act(ruled, case, step, agreed=False, content="事实不清")
    case.refresh_from_db()
    assert (case.state, case.due_on) == ("not_agreed", None)


@pytest.mark.parametrize("step", ["reviewed_above", "approved_above"])
def test_the_level_above_may_refuse_an_advice_to_leave(ruled: World, step: str) -> None:
    filed(ruled)
    case = brought(ruled, {"reviewed_above": "reviewed", "approved_above": "approved"}[step], "advice")
    act(ruled, case, step, agreed=False, content="可以先限期改正")
    case.refresh_from_db()
    assert case.state == "not_agreed"


def test_each_step_is_for_one_desk(ruled: World) -> None:
    filed(ruled)
    case = open_case(ruled, "advice")
    outside = {
        "branch": ("recorder", "township_officer", "district_officer", "second_secretary", "auditor", CALL),
        "township": ("secretary", "community_officer", "district_officer", "town_officer", "auditor", CALL),
        "district": ("secretary", "township_officer", "other_district_officer", "auditor", CALL),
    }
    for step in order.order_of("advice")[1:]:
        for who in outside[order.DESK[step]]:
            with pytest.raises((NotAllowed, NotVisible)):
                act(ruled, case, step, who)
        act(ruled, case, step)


def test_recusal_follows_the_person(ruled: World) -> None:
    filed(ruled)
    case = open_case(ruled)
    act(ruled, case, "prior_filed")
    DeclaredRelation.objects.create(
        member=ruled.member(WHO), relative=ruled.member("罗小红"), kind="姑嫂", created_at=clock.now()
    )
    with pytest.raises(NotAllowed, match="须回避"):
        act(ruled, case, "investigated", "committee")
    act(ruled, case, "investigated")
    with pytest.raises(DomainError, match="罗小红是本人申明的亲属"):
        act(ruled, case, "talked")


def test_a_step_is_never_before_the_one_before_nor_after_today(ruled: World) -> None:
    filed(ruled)
    with clock.at(date(2027, 1, 20)):
        case = open_case(ruled)
        for on, said in ((date(2027, 1, 19), "这一步不能在它之前"), (date(2027, 1, 21), "不能晚于今天")):
            with pytest.raises(BadInput, match=said):
                act(ruled, case, "prior_filed", on=on)
        act(ruled, case, "prior_filed", on=date(2027, 1, 20))
        with pytest.raises(BadInput, match="上一步“基层党委预审”在2027年1月20日"):
            act(ruled, case, "investigated", on=date(2027, 1, 12))


def test_the_talk_is_by_two_full_members_and_hears_the_member(ruled: World) -> None:
    filed(ruled)
    case = brought(ruled, "investigated")
    number = {name: ruled.member(name).pk for name in ("王保国", "罗小红", "喆䶮堃", WHO)}
    for talkers, said in (
        ([number["王保国"]], "两位不同"),
        ([number["王保国"]] * 2, "两位不同"),
        ([number["王保国"], number[WHO]], "不能是本人"),
        ([number["王保国"], number["喆䶮堃"]], "不是正式党员"),
    ):
        with pytest.raises(DomainError, match=said):
            act(ruled, case, "talked", talkers=talkers)
    with pytest.raises(BadInput, match="照本人的原话"):
        act(ruled, case, "talked", opinion=" ")
    for witnesses in ("", "李四", "李四、李四", "王保国、李四"):
        with pytest.raises(BadInput, match="两位见证人"):
            act(ruled, case, "talked", spoke=False, opinion="", witnesses=witnesses)
    step = act(ruled, case, "talked", spoke=False, opinion="", witnesses="李四，赵六")
    assert (step.spoke, step.text.people, step.text.opinion) == (False, "李四、赵六", "")


@pytest.mark.parametrize(
    ("vote", "state"),
    [((4, 4, 0, 0), "open"), ((7, 4, 3, 0), "open"), ((7, 3, 4, 0), "not_adopted"), ((6, 3, 0, 3), "not_adopted")],
)
def test_the_vote_of_the_branch_meeting(ruled: World, vote: tuple[int, int, int, int], state: str) -> None:
    filed(ruled)
    case = brought(ruled, "reviewed")
    given = dict(zip(("present", "in_favour", "against", "abstained"), vote, strict=True))
    step = act(ruled, case, "voted", **given)
    case.refresh_from_db()
    assert (case.state, step.with_vote, step.agreed) == (state, 7, state == "open")


def test_exactly_half_is_refused(ruled: World) -> None:
    filed(ruled)
    case = brought(ruled, "reviewed")
    StatusSpell.objects.filter(member=ruled.member("张㛃")).update(status="out_of_contact")
    with pytest.raises(DomainError, match="没有超过半数，这次表决无效"):
        act(ruled, case, "voted", present=3, in_favour=3, against=0)
    assert act(ruled, case, "voted", present=6, in_favour=3, against=3).agreed is False


def test_who_left_meanwhile_ends_the_case_by_hand(ruled: World) -> None:
    filed(ruled)
    case = open_case(ruled)
    StatusSpell.objects.filter(member=case.member).update(status="left")
    with pytest.raises(DomainError, match="请写明理由终止"):
        act(ruled, case, "prior_filed")


def test_the_answer_to_an_advice_is_recorded_once(ruled: World) -> None:
    filed(ruled)
    case = refused_advice(ruled)
    answer = case.steps.get(kind="responded")
    assert (answer.agreed, answer.text.opinion, answer.text.content) == (False, "我不退。", "本人书面答复")
    with pytest.raises(DomainError, match="本人申诉"):
        act(ruled, case, "responded", agreed=True)


def test_deadlines_run_from_step_to_step_in_working_days(ruled: World) -> None:
    filed(ruled)
    case = open_case(ruled)
    seen = {}
    for step in order.order_of("correction")[1:]:
        act(ruled, case, step)
        case.refresh_from_db()
        seen[step.value] = case.due_on
    ten, fifteen = date(2027, 1, 25), date(2027, 2, 1)
    assert seen == {
        "prior_filed": fifteen, "investigated": fifteen, "talked": ten, "reviewed": fifteen, "voted": ten,
        "approved": fifteen, "announced": date(2027, 7, 11),
    }  # fmt: skip


def test_the_database_refuses_a_skipped_a_repeated_and_a_back_dated_step(ruled: World) -> None:
    filed(ruled)
    with clock.at(later(5)):
        case = brought(ruled, "prior_filed")
    first = case.steps.get(number=2).on

    def row(**more: object) -> Step:
        given = {"case": case, "kind": "investigated", "number": 3, "on": first, "not_before": first,
                 "created_at": clock.now(), **more}  # fmt: skip
        return Step(**given)

    day = first - timedelta(days=1)
    for wrong in (
        {"number": 4},
        {"number": 2},
        {"on": day},
        {"on": day, "not_before": day},
        {"kind": "prior_filed", "agreed": True},
        {"kind": "proposed"},
        {"kind": "voted", "agreed": True, "with_vote": 6, "present": 3, "in_favour": 3, "against": 0, "abstained": 0},
        {"kind": "voted", "agreed": True, "with_vote": 6, "present": 6, "in_favour": 3, "against": 3, "abstained": 0},
        {"kind": "talked", "spoke": True},
        {"kind": "reviewed"},
    ):
        with pytest.raises(Exception, match=r"(?i)constraint|follow one another|unique"), transaction.atomic():
            row(**wrong).save(force_insert=True)
    row().save()
    assert case.steps.count() == 3


def test_what_was_recorded_is_neither_changed_nor_deleted(ruled: World) -> None:
    filed(ruled)
    case = brought(ruled, "announced")
    for table in (Step, CaseGround, StepText, Case):
        with (
            pytest.raises(Exception, match=KEPT),
            transaction.atomic(),
        ):
            table.objects.all()._raw_delete(table.objects.db)
    for statement in (
        "UPDATE disposals_step SET agreed = NULL",
        "UPDATE disposals_steptext SET content = '改写'",
        "UPDATE disposals_case SET kind = 'advice', months = NULL",
        "UPDATE disposals_case SET state = 'open', ended_on = NULL",
    ):
        with pytest.raises(Exception, match=KEPT), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(
            member=case.member, branch=case.branch, kind="removal", latest_first_on=date(2026, 1, 1), cycles=2,
            created_at=clock.now(),
        )  # fmt: skip
