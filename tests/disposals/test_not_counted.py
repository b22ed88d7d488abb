"""Who cannot come for one of five grounds is left out of the count of a meeting, agreed above, and nobody else is."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from pioneer.disposals import queries
from pioneer.disposals.erasure import erase_texts
from pioneer.disposals.holding import sections
from pioneer.disposals.models import LeftOut
from pioneer.disposals.papers import case_pdf, finding_pdf
from pioneer.disposals.services import answer_unqualified
from pioneer.disposals.showing import finding_steps, steps_of, votes_text
from pioneer.disposals.votes import Absence, NotCounted
from pioneer.kernel.errors import BadInput, DomainError
from pioneer.messages.models import Message
from tests.disposals.proceedings import CALL, WHO, act, announced, brought, filed, propose, voted
from tests.papers.reading import words_of
from tests.world import World

BEDRIDDEN, ABROAD = Absence("bedridden", "女儿证明，去年九月起卧床"), Absence("abroad", "探亲，护照复印件在册")
AGREED = "槐委〔2027〕3号"
COUNTED = "有表决权7人，不计入应到会2人，应到会5人，到会3人；赞成3，反对0，弃权0"


def without(world: World, consent: str = AGREED, **absences: Absence) -> NotCounted:
    """By the word of the cast: `bedridden` is 李桂兰, `abroad` 张㛃."""
    names = {"bedridden": "李桂兰", "abroad": "张㛃", "probationary": "喆䶮堃"}
    return NotCounted({world.member(names[word]).pk: one for word, one in absences.items()}, consent)


def test_quorum_and_majority_are_counted_from_the_others(ruled: World) -> None:
    filed(ruled)
    case = brought(ruled, "reviewed")
    given: dict[str, Any] = {"present": 3, "in_favour": 3, "against": 0}
    with pytest.raises(DomainError, match="7人，到会3人，没有超过半数"):
        act(ruled, case, "voted", **given)
    with pytest.raises(DomainError, match="应到会的有表决权的党员6人，到会3人，没有超过半数"):
        act(ruled, case, "voted", **given, not_counted=without(ruled, bedridden=BEDRIDDEN))
    two = without(ruled, bedridden=BEDRIDDEN, abroad=ABROAD)
    with pytest.raises(BadInput, match="不计入应到会2人，应到会5人，到会人数不能多于此数"):
        act(ruled, case, "voted", present=6, in_favour=6, against=0, not_counted=two)
    step = act(ruled, case, "voted", **given, not_counted=two)
    assert (step.with_vote, step.left_out, step.agreed) == (5, 2, True)
    assert {(one.member.name, one.ground, one.consent, one.by_number) for one in step.not_counted.all()} == {
        ("李桂兰", "bedridden", AGREED, ruled.users["secretary"].pk),
        ("张㛃", "abroad", AGREED, ruled.users["secretary"].pk),
    }


@pytest.mark.parametrize(
    ("absences", "consent", "said"),
    [
        ({"bedridden": Absence("busy", "农忙")}, AGREED, "请选择是哪一种情形"),
        ({"bedridden": Absence("", "农忙")}, AGREED, "仍计入应到会"),
        ({"bedridden": Absence("bedridden", " ")}, AGREED, "李桂兰：请写明依据"),
        ({"bedridden": Absence("bedridden", "字" * 201)}, AGREED, "最多200个字"),
        ({"bedridden": BEDRIDDEN}, " ", "须经上级党组织同意"),
        ({"probationary": ABROAD}, AGREED, "有1人大会当天不在本支部，或没有表决权"),
    ],
)
def test_who_may_not_be_left_out_is_counted(
    ruled: World, absences: dict[str, Absence], consent: str, said: str
) -> None:
    filed(ruled)
    case = brought(ruled, "reviewed")
    with pytest.raises(BadInput, match=said):
        act(ruled, case, "voted", not_counted=without(ruled, consent, **absences))
    assert not LeftOut.objects.exists()


def test_a_finding_is_voted_on_in_the_same_way_and_its_member_reads_no_illness(ruled: World) -> None:
    found = propose(ruled, announced(ruled)[WHO])
    answer_unqualified(actor=ruled.actor(CALL), finding_id=found.pk, statement="我有意见。")
    two = without(ruled, bedridden=BEDRIDDEN, abroad=ABROAD)
    made = voted(ruled, found, present=3, in_favour=3, against=0, not_counted=two)
    assert (made.state, made.with_vote, made.left_out) == ("adopted", 5, 2)
    assert votes_text(made) == COUNTED
    own, full = (finding_steps(made, with_texts=True, in_full=way)[2].text for way in (False, True))
    assert "李桂兰、张㛃（" in own and AGREED in own and "女儿证明" not in own
    assert "李桂兰：年老体弱卧床不起，或长期生病生活不能自理。女儿证明" in full
    assert "李桂兰" not in finding_steps(made, with_texts=False)[2].text, "who reads no texts reads no names"
    with pytest.raises(Exception, match="keeps what was decided"), transaction.atomic():
        type(made).objects.filter(pk=made.pk).update(left_out=3)


def test_each_is_told_sees_it_and_takes_it_away_without_learning_what_it_was_about(ruled: World) -> None:
    filed(ruled)
    case = brought(ruled, "reviewed")
    act(ruled, case, "voted", present=4, in_favour=4, against=0, not_counted=without(ruled, bedridden=BEDRIDDEN))
    guilan = ruled.member("李桂兰")
    told = Message.objects.get(user=ruled.users["guilan"], kind="disposals.left_out")
    assert "没有把您计入应到会" in told.text and told.link == "/me/disposals/" and WHO not in told.text + told.title
    (one,) = queries.not_counted(guilan)
    assert (one.branch, one.note, one.consent) == (ruled.branch.name, BEDRIDDEN.note, AGREED)
    held = {part.title: part.rows for part in sections(guilan)}
    assert held["没有计入应到会的党员大会"][0][3] == BEDRIDDEN.note and not queries.not_counted(case.member)
    erase_texts(guilan.pk)
    row = LeftOut.objects.get()
    assert (row.ground, row.note, row.consent, row.step_id is not None) == ("", "", "", True)
    facts = dict(next(step for step in steps_of(case, with_texts=True, in_full=True) if step.kind == "voted").facts)
    assert "（已抹除）：1人" in facts["不计入应到会"]
    for change in ({"note": "改"}, {"member": case.member_id}):
        with pytest.raises(Exception, match="only erased"), transaction.atomic():
            LeftOut.objects.update(**change)
    with pytest.raises(Exception, match="only erased"), transaction.atomic():
        LeftOut.objects.all().delete()


@pytest.mark.one_database
def test_the_resolution_names_them_and_leaves_a_line_before_the_meeting(ruled: World) -> None:
    filed(ruled)
    case = brought(ruled, "reviewed")
    assert "不计入应到会" in words_of(case_pdf(case, "resolution"))
    act(ruled, case, "voted", present=3, in_favour=3, against=0,
        not_counted=without(ruled, bedridden=BEDRIDDEN, abroad=ABROAD))  # fmt: skip
    said = words_of(case_pdf(case, "resolution"))
    assert "李桂兰、张㛃（年老体弱卧床不起，或长期生病生活不能自理：1人；自费出国半年以上：1人）" in said
    assert f"经上级党组织同意（{AGREED}），并经大会通过" in said and "女儿证明" not in said
    assert "应到会到会赞成" in said
    found = propose(ruled, announced(ruled)[WHO])
    assert "不计入应到会" in words_of(finding_pdf(found, "resolution"))


@pytest.mark.one_database
def test_the_page_asks_for_each_and_keeps_what_was_typed(ruled: World, client: Client) -> None:
    filed(ruled)
    case = brought(ruled, "reviewed")
    client.force_login(ruled.users["secretary"], backend="pioneer.accounts.backends.NumberBackend")
    number = ruled.member("李桂兰").pk
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert f'name="not_counted_ground_{number}"' in page and "按今天的花名册有7人" in page
    given = {"on": "2027-01-11", "present": "4", "in_favour": "4", "against": "0", "abstained": "0"}
    given |= {f"not_counted_ground_{number}": "bedridden", f"not_counted_note_{number}": "女儿证明"}
    answer = client.post(f"/cases/{case.pk}/steps/voted/", given)
    said = answer.content.decode()
    assert answer.status_code == 422 and "须经上级党组织同意" in said
    assert 'value="女儿证明"' in said and '<option value="bedridden" selected>' in said
    assert client.post(f"/cases/{case.pk}/steps/voted/", {**given, "not_counted_consent": AGREED}).status_code == 302
    assert "女儿证明" in client.get(f"/cases/{case.pk}/").content.decode()
    client.force_login(ruled.users[CALL], backend="pioneer.accounts.backends.NumberBackend")
    own = client.get(f"/cases/{case.pk}/").content.decode()
    assert "不计入应到会1人，应到会6人" in own and "李桂兰" in own and "女儿证明" not in own
    client.force_login(ruled.users["guilan"], backend="pioneer.accounts.backends.NumberBackend")
    mine = client.get("/me/disposals/").content.decode()
    assert "没有把您计入应到会的党员大会" in mine and "女儿证明" in mine
