"""认定事项无效 An event declared void by one member's line takes everybody's later additions with it, wherever they
are; what was posted before stays until it is corrected."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pioneer.accounts.policies import CLOCK
from pioneer.assessments.lines import edit_line, enter_line
from pioneer.assessments.models import Line
from pioneer.assessments.services import open_sheet
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput
from pioneer.ledger.models import Entry
from pioneer.ledger.queries import score_of, totals_of
from pioneer.ledger.verification import verify
from pioneer.publicity.models import PublishedLine
from pioneer.publicity.queries import figures_moved
from tests import notices
from tests.notices import On, make_sheet, publish, run
from tests.world import TODAY, World, adopt_rulebook

VOIDING = """
[[reverse]]
code = "N14"
name = "组织的活动弄虚作假，经查实"
voids = "event"
wording = "活动弄虚作假"
clause = "第四条N14"
provenance = "assumed"
"""
PARTY = "三月义诊"


@pytest.fixture
def ruled(world: World) -> World:
    """The cast with a rulebook by which an event may be declared void."""
    adopt_rulebook(world, more=VOIDING)
    return world


@pytest.fixture(autouse=True)
def _first_of_april() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def shown(name: str) -> PublishedLine:
    return PublishedLine.objects.filter(member__name=name).order_by("-publication_id", "-line_id")[0]


def total(world: World, name: str) -> int:
    return score_of(world.member(name), date(2026, 6, 30)).score


def test_on_the_same_notice_nobody_gets_anything_for_it(ruled: World) -> None:
    run(ruled, [On("李桂兰", "B5", event=PARTY), On("单雪琴", "B5", event=PARTY), On("王保国", "N14", event=PARTY)])
    for name in ("李桂兰", "单雪琴"):
        assert (shown(name).raw, shown(name).counted) == (100, 0)
        assert "已按N14认定无效，不计分" in shown(name).reason and PARTY not in shown(name).reason
        assert total(ruled, name) == 7000
    assert verify().disagreement == ""


def test_another_event_is_another_matter(ruled: World) -> None:
    run(ruled, [On("李桂兰", "B5", event="四月义诊"), On("王保国", "N14", event=PARTY), On("单雪琴", "B5")])
    assert total(ruled, "李桂兰") == total(ruled, "单雪琴") == 7100
    assert verify().disagreement == ""


def test_in_another_branch_what_comes_later_counts_no_more(ruled: World) -> None:
    run(ruled, [On("王保国", "N14", event=PARTY)], month=2)
    run(ruled, [On("温如春", "B5", event=PARTY), On("卜晓峰", "B5")], branch=ruled.second_branch)
    assert shown("温如春").counted == 0 and shown("卜晓峰").counted == 100
    assert total(ruled, "温如春") == 7000 and total(ruled, "卜晓峰") == 7100
    assert totals_of([ruled.member("温如春").pk], 2026) == {ruled.member("温如春").pk: 7000}
    entries = Entry.objects.exclude(event="").values_list("event", flat=True)
    assert len(entries) == 2 and len(set(entries)) == 1, "the books call it one happening, and not by its name"
    assert verify().disagreement == ""


def test_what_was_posted_before_stays(ruled: World) -> None:
    run(ruled, [On("温如春", "B5", event=PARTY)], month=2, branch=ruled.second_branch)
    run(ruled, [On("王保国", "N14", event=PARTY)], month=3)
    run(ruled, [On("温如春", "B4", event=PARTY, month=3)], month=4, branch=ruled.second_branch)
    assert total(ruled, "温如春") == 7100
    with clock.at(date(2026, 5, 30)):
        assert verify().disagreement == ""


def test_a_notice_in_its_window_is_shown_anew(ruled: World) -> None:
    waiting = publish(ruled, make_sheet(ruled, [On("温如春", "B5", event=PARTY)], branch=ruled.second_branch),
                      "second_recorder")  # fmt: skip
    notices.close(publish(ruled, make_sheet(ruled, [On("王保国", "N14", event=PARTY)])))
    with clock.at(notices.after(waiting)):
        assert figures_moved(waiting)


def test_taken_back_it_counts_again(ruled: World) -> None:
    run(ruled, [On("王保国", "N14", event=PARTY)], month=2)
    run(ruled, [On("温如春", "B5", event=PARTY)], branch=ruled.second_branch)
    assert total(ruled, "温如春") == 7000
    wrong = Line.objects.get(indicator="N14")
    run(ruled, [On("王保国", corrects=wrong), On("李桂兰", "B5", event=PARTY)], month=4)
    assert total(ruled, "温如春") == total(ruled, "李桂兰") == 7100
    with clock.at(date(2026, 5, 30)):
        assert verify().disagreement == ""


def test_once_the_member_is_erased_the_books_still_verify(ruled: World) -> None:
    from pioneer.assessments.erasure import erase_texts

    run(ruled, [On("王保国", "N14", event=PARTY)], month=2)
    run(ruled, [On("温如春", "B5", event=PARTY)], branch=ruled.second_branch)
    erase_texts(ruled.member("王保国").pk)
    assert set(Line.objects.values_list("event", flat=True)) == {f"line:{Line.objects.get(indicator='N14').pk}"}
    assert total(ruled, "温如春") == 7000
    assert verify().disagreement == ""


def test_the_line_must_name_the_event(ruled: World) -> None:
    with clock.at(date(2026, 3, 2)):
        sheet = open_sheet(actor=CLOCK, branch_id=ruled.branch.pk, year=2026, month=3)

    def enter(**more: Any) -> Line:
        return enter_line(
            actor=ruled.actor("recorder"),
            sheet_id=sheet.pk,
            member_id=ruled.member("罗小红").pk,
            indicator="N14",
            event_on=date(2026, 3, 12),
            ground="查实记录",
            request_key=uuid4(),
            **more,
        )

    with pytest.raises(BadInput, match="请写明是哪一件事") as refusal:
        enter()
    assert refusal.value.faults[0].place == "同一件事的名称"
    line = enter(event=PARTY)
    assert (line.event, line.value) == (PARTY, 0)
    with pytest.raises(BadInput, match="请写明是哪一件事"):
        edit_line(
            actor=ruled.actor("recorder"), line_id=line.pk, edit=0, event_on=line.event_on, ground="查实记录", event=" "
        )


def test_it_takes_the_same_number_of_queries_for_many(ruled: World) -> None:
    members = [ruled.member(name).pk for name in ("温如春", "卜晓峰", "李桂兰")]
    counts = []
    for month, count in ((1, 1), (2, 8)):
        run(ruled, [On("王保国", "N14", day, event=f"{month}.{day}") for day in range(1, 1 + count)], month=month)
        lines = [On("温如春", "B5", day, event=f"{month}.{day}") for day in range(1, 1 + count)]
        sheet = make_sheet(ruled, lines, month=month, branch=ruled.second_branch)
        from pioneer.publicity.queries import drawn

        for ask in (lambda: totals_of(members, 2026), lambda sheet=sheet: drawn(sheet)):
            with CaptureQueriesContext(connection) as asked:
                ask()
            counts.append(len(asked))
    assert counts[:2] == counts[2:], counts


def test_where_the_rulebook_knows_no_such_thing_nothing_is_asked(world: World) -> None:
    adopt_rulebook(world)
    run(world, [On("李桂兰", "B5", event=PARTY)])
    with CaptureQueriesContext(connection) as asked:
        totals_of([world.member("李桂兰").pk], 2026)
    assert len(asked) == 9
