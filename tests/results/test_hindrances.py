"""`results.settle_cycle`: what stands in the way of settling in earnest, each thing by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from pioneer.assessments.models import Sheet
from pioneer.conduct.models import ZeroingCase
from pioneer.declarations.models import Declaration
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.members.models import Exemption, Membership, Transfer
from pioneer.organisations.models import Organisation
from pioneer.publicity.models import Objection, Publication
from pioneer.results.cycles import ruled
from pioneer.results.formers import keep_filed
from pioneer.results.hindrances import Hindrance, hindrances
from tests.results.cycles import AFTER, FIRST, adopt, ask, line, make, of, settled
from tests.results.past import filed, marked
from tests.world import World

# ------------------------------------------------------------------ what stands in the way


def in_the_way(world: World, at: str = "community") -> list[Hindrance]:
    place = world.organisations[at]
    return hindrances(place, ruled(place.district_number, FIRST))


def refused(world: World, words: str) -> None:
    with pytest.raises(DomainError) as refusal:
        ask(world)
    assert refusal.value.code == "hindered" and words in refusal.value.message


def the_only(world: World, kind: str) -> Hindrance:
    found = in_the_way(world)
    assert [one.kind for one in found] == [kind]
    refused(world, found[0].sentence)
    assert settled(world.organisations["community"], is_trial=True).is_trial
    return found[0]


def test_nothing_stands_in_the_way(year: World) -> None:
    assert in_the_way(year) == []


def test_a_cycle_not_over_yet(year: World) -> None:
    with clock.at(date(2026, 12, 31)):
        assert the_only(year, "running").sentence.startswith("2026年度到2026年12月31日才结束")


def test_a_cycle_from_before_the_branches_began(year: World) -> None:
    Organisation.objects.update(opened_on=FIRST)
    former = ruled(year.district.pk, date(2025, 1, 1))
    assert [one.kind for one in hindrances(year.organisations["community"], former)] == ["nothing"]
    with pytest.raises(DomainError) as refusal:
        ask(year, first_on=date(2025, 1, 1))
    assert "2025年度没有一张考评表" in refusal.value.message


def test_a_sheet_that_is_not_published(year: World) -> None:
    sheet = make(year)
    found = the_only(year, "sheet")
    assert found.subject == sheet.pk and "2026年5月的月度考评表还没有公示（考评中）" in found.sentence


def test_an_empty_supplementary_sheet_stands_in_nobodys_way(year: World) -> None:
    sheet = make(year, kind="supplementary", sequence=1)
    assert in_the_way(year) == []
    line(year, sheet)
    assert [one.kind for one in in_the_way(year)] == ["sheet"]


def test_a_notice_that_is_not_posted(year: World) -> None:
    shown = publication(year)
    found = the_only(year, "publication")
    assert found.subject == shown.pk and "已公示，还没有入账" in found.sentence


def publication(world: World) -> Publication:
    return Publication.objects.create(
        sheet=make(world, state="confirmed", confirmed_at=clock.now()), published_at=clock.now(),
        closes_at=clock.now() + timedelta(days=7), digest="",
    )  # fmt: skip


def test_a_month_without_a_sheet(year: World) -> None:
    sheet = Sheet.objects.get(branch=year.branch, kind="takeover")
    Sheet.objects.filter(pk=sheet.pk).update(taken_over_on=date(2026, 10, 31))
    found = the_only(year, "no_sheet")
    assert "槐园社区第一党支部没有2026年11月、2026年12月的考评表" in found.sentence


def test_an_open_objection(year: World) -> None:
    shown = publication(year)
    made = Objection.objects.create(
        publication=shown, line=line(year, shown.sheet), receipt="R1", text="不实", created_at=clock.now(),
        request_key="6f9619ff-8b86-4d01-b42d-00cf4fc964aa", due_at=datetime(2027, 1, 25, tzinfo=clock.SHANGHAI),
    )  # fmt: skip
    found = [one for one in in_the_way(year) if one.kind == "objection"]
    assert [one.subject for one in found] == [made.pk] and "到期2027年1月25日" in found[0].sentence
    refused(year, "一件异议待支部答复")
    Objection.objects.filter(pk=made.pk).update(state="rejected", answered_at=clock.now())
    assert "objection" not in [one.kind for one in in_the_way(year)]


def test_a_statement_that_may_still_come(year: World) -> None:
    shown = make(year)
    line(year, shown, told_at=clock.now(), wait_until=clock.now() + timedelta(days=3))
    assert "有1条扣分正等本人说明" in " ".join(one.sentence for one in in_the_way(year))
    refused(year, "月度考评表还没有公示")
    with clock.at(AFTER + timedelta(days=4)):
        assert "等本人说明" not in " ".join(one.sentence for one in in_the_way(year))


def test_claims_nobody_evaluated(year: World) -> None:
    for day in (3, 4):
        Declaration.objects.create(
            member=year.member("李桂兰"), branch=year.branch, indicator="B5", event_on=date(2026, 12, day),
            place="村口", matter="扫雪", created_at=clock.now(),
        )  # fmt: skip
    assert "槐园社区第一党支部有2项申报还没有考评" in the_only(year, "claims").sentence


def test_a_transfer_that_is_not_resolved(year: World) -> None:
    made = Transfer.objects.create(
        member=year.member("李桂兰"), from_branch=year.branch, to_branch=year.village, on=date(2026, 12, 20),
        created_at=clock.now(),
    )  # fmt: skip
    found = the_only(year, "transfer")
    assert found.subject == made.pk and "李桂兰从槐园社区第一党支部转往柳沟村还没有接收" in found.sentence
    assert [one.kind for one in in_the_way(year, "village")] == ["transfer"]


def test_a_zeroing_that_is_not_decided(year: World) -> None:
    made = ZeroingCase.objects.create(
        member=year.member("李桂兰"), branch=year.branch, indicator="Z1", document_kind="penalty", issuer="公安分局",
        document_number="1", document_on=date(2026, 11, 2), facts="…", answer_until=clock.now(),
        proposed_at=clock.now(),
    )  # fmt: skip
    assert the_only(year, "zeroing").subject == made.pk


def test_an_exemption_that_is_not_decided(year: World) -> None:
    made = Exemption.objects.create(
        member=year.member("李桂兰"), ground="age", from_on=date(2026, 3, 8), applied_at=clock.now()
    )
    assert the_only(year, "exemption").subject == made.pk


def test_marks_from_outside_the_points_that_are_not_on_record(year: World) -> None:
    def component(content: dict[str, Any]) -> None:
        content["components"] = [
            {"code": "M", "name": "民主评议", "max": 100, "weight": 0.2, "clause": "第九条", "provenance": "assumed"}
        ]

    adopt(year, component)
    found = in_the_way(year)
    assert [(one.kind, one.subject) for one in found] == [
        ("marks", year.branch.pk), ("marks", year.second_branch.pk),
    ]  # fmt: skip
    assert found[0].sentence.startswith(
        "槐园社区第一党支部的“民主评议”（第九条）还缺7名党员的成绩"
    )  # not the probationary
    refused(year, found[1].sentence)
    trial = settled(year.organisations["community"], is_trial=True)
    assert of(trial, year, "王保国").why == "missing"
    for name in year.members:
        if name not in ("喆䶮堃", "温如春"):
            marked(year.member(name), year.branch.pk, 8500)
    waiting = marked(year.member("温如春"), year.branch.pk, 9000, confirmed_by_number=None, confirmed_at=None)
    assert ["还缺1名" in one.sentence or "1项成绩还没有核对" in one.sentence for one in in_the_way(year)] == [
        True,
        True,
    ]
    type(waiting).objects.filter(pk=waiting.pk).update(confirmed_by_number=5, confirmed_at=clock.now())
    assert in_the_way(year) == []
    made = settled(year.organisations["community"])
    assert (of(made, year, "王保国").outside, of(made, year, "温如春").outside) == (1700, 1800)


def test_a_former_score_that_is_not_on_record(year: World) -> None:
    def inherit(content: dict[str, Any]) -> None:
        content["opening"] |= {"inherited_share": 0.1, "inherited_without": 2}

    adopt(year, inherit)
    assert in_the_way(year) == []  # the branches began with this cycle: there is no score to inherit
    assert of(settled(year.organisations["community"]), year, "王保国").opening == 7200
    Membership.objects.filter(branch__parent=year.organisations["community"]).update(from_on=date(2025, 6, 1))
    found = the_only(year, "formers")
    assert "结转上一周期的得分，10名党员的2025年度结果还没有备案" in found.sentence
    keep_filed([filed(one, 2025, 6000, 6540) for one in year.members.values()], 1)
    assert in_the_way(year) == []
    assert of(settled(year.organisations["community"]), year, "王保国").opening == 7654
