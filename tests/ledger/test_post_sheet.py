from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from pioneer.accounts.policies import CLOCK
from pioneer.conduct.models import ZeroingCase
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.ledger.models import Entry, Posting
from pioneer.ledger.queries import score_of, totals_of
from pioneer.ledger.services import post_sheet
from pioneer.ledger.verification import verify
from pioneer.publicity.models import PublishedLine
from tests.notices import On, after, close, make_sheet, post, publish, run
from tests.world import World, adopt_rulebook, build

APRIL = date(2026, 4, 1)


def test_it_posts_exactly_the_lines_of_the_notice(ruled: World) -> None:
    posting = run(ruled, [On("李桂兰"), On("李桂兰", "B2", 3, quantity=300), On("王保国", "N7", 9)])
    entries = list(Entry.objects.filter(posting=posting))
    assert [(entry.indicator, entry.value, entry.event_on.day) for entry in entries] == [
        ("B2", 150, 3),
        ("N7", -50, 9),
        ("B5", 100, 12),
    ]
    assert posting.number == 1 and posting.previous_digest == ""
    assert entries[0].text.ground == "李桂兰的志愿服务，签到册在支部"
    assert totals_of([ruled.member("李桂兰").pk, ruled.member("王保国").pk], 2026) == {
        ruled.member("李桂兰").pk: 7250,
        ruled.member("王保国").pk: 6950,
    }


def test_the_value_is_stored_before_caps_and_what_counts_is_derived(ruled: World) -> None:
    run(ruled, [On("李桂兰", "B5", day) for day in (3, 5, 7, 9)])
    assert sum(Entry.objects.values_list("value", flat=True)) == 400
    score = score_of(ruled.member("李桂兰"), APRIL)
    assert score.positive == 300


def test_postings_of_a_branch_are_chained(ruled: World) -> None:
    first, second = run(ruled, [On("李桂兰")], month=1), run(ruled, [On("李桂兰")], month=2)
    other = run(ruled, [On("柳满仓", "C1")], month=2, branch=ruled.village)
    assert second.number == 2 and second.previous_digest == first.digest
    assert other.number == 1 and other.previous_digest == ""


def test_posted_twice_it_is_the_same_posting(ruled: World) -> None:
    posting = run(ruled, [On("李桂兰")])
    assert post_sheet(actor=CLOCK, publication_id=posting.publication_id) == posting
    assert Entry.objects.count() == 1


def test_not_before_the_notice_is_closed(ruled: World) -> None:
    with clock.at(APRIL):
        shown = publish(ruled, make_sheet(ruled, [On("李桂兰")]))
        with pytest.raises(DomainError, match="还没有结束") as refused:
            post_sheet(actor=CLOCK, publication_id=shown.pk)
    assert refused.value.code == "not_closed"


def test_in_the_order_of_closing(ruled: World) -> None:
    with clock.at(date(2026, 3, 2)):
        first = close(publish(ruled, make_sheet(ruled, [On("李桂兰")], month=2)))
    with clock.at(APRIL):
        second = close(publish(ruled, make_sheet(ruled, [On("李桂兰")])))
    with pytest.raises(DomainError, match="2026年2月的公示先结束") as refused:
        post_sheet(actor=CLOCK, publication_id=second.pk)
    assert refused.value.code == "earlier_unposted"
    post_sheet(actor=CLOCK, publication_id=first.pk)
    assert post_sheet(actor=CLOCK, publication_id=second.pk).number == 2


def test_by_the_branchs_leads_and_nobody_else(ruled: World) -> None:
    with clock.at(APRIL):
        shown = publish(ruled, make_sheet(ruled, [On("李桂兰")]))
    with clock.at(after(close(shown))):
        with pytest.raises(NotAllowed):
            post_sheet(actor=ruled.actor("recorder"), publication_id=shown.pk)
        with pytest.raises(NotVisible):
            post_sheet(actor=ruled.actor("other_secretary"), publication_id=shown.pk)
        assert post_sheet(actor=ruled.actor("secretary"), publication_id=shown.pk).number == 1


def test_lines_of_who_was_zeroed_meanwhile_are_not_posted(ruled: World) -> None:
    run(ruled, [On("李桂兰")], month=2)
    with clock.at(APRIL):
        shown = publish(ruled, make_sheet(ruled, [On("李桂兰"), On("王保国")]))
    closed = close(shown)
    _zero(ruled, "李桂兰")
    with clock.at(after(closed)):
        posting = post_sheet(actor=CLOCK, publication_id=shown.pk)
    assert [entry.member_key for entry in posting.entries.all()] == [ruled.member("王保国").key]
    assert PublishedLine.objects.get(publication=shown, withheld=True).member == ruled.member("李桂兰")
    score = score_of(ruled.member("李桂兰"), date(2026, 5, 1))
    assert score.zeroed and score.score == 0
    assert verify().disagreement == ""


def _zero(world: World, name: str) -> None:
    ZeroingCase.objects.create(
        member=world.member(name),
        branch=world.branch,
        indicator="Z2",
        document_kind="penalty",
        issuer="某公安分局",
        document_number="1号",
        document_on=date(2026, 4, 9),
        facts="略",
        state="approved",
        answer_until=clock.noon(APRIL),
        decided_at=clock.noon(date(2026, 4, 9)),
        proposed_at=clock.noon(APRIL),
    )


def test_a_correction_reverses_an_entry_and_leaves_no_trace(ruled: World) -> None:
    run(ruled, [On("李桂兰", "B5", day) for day in (3, 5, 7, 9)], month=1)  # 3 of 4 count
    first = Entry.objects.order_by("order").first()
    assert first is not None
    line = PublishedLine.objects.get(line_id=int(first.reference.split(":")[1])).line
    posting = run(ruled, [On("李桂兰", corrects=line)], month=2)
    entry = posting.entries.get()
    assert (entry.value, entry.corrects) == (-100, first)
    shown = {row.kind: row for row in PublishedLine.objects.filter(publication=posting.publication)}
    assert shown["correction"].counted == -100
    assert shown["moved"].counted == 100  # the fourth has room now, and the notice says so
    assert score_of(ruled.member("李桂兰"), APRIL).score == 7300
    assert verify().disagreement == ""


def test_a_correction_of_what_is_not_posted_is_refused(ruled: World) -> None:
    sheet = make_sheet(ruled, [On("李桂兰")], month=2)
    line = sheet.lines.get()
    with clock.at(APRIL):
        shown = publish(ruled, make_sheet(ruled, [On("李桂兰", corrects=line)]))
    close(shown)
    with clock.at(after(shown)), pytest.raises(DomainError, match="还没有入账") as refused:
        post_sheet(actor=CLOCK, publication_id=shown.pk)
    assert refused.value.code == "nothing_to_correct"


@pytest.mark.django_db(transaction=True)
def test_two_threads_at_once_make_one_set_of_entries() -> None:
    world = build()
    adopt_rulebook(world)
    with clock.at(APRIL):
        shown = publish(world, make_sheet(world, [On("李桂兰"), On("王保国", "B1")]))
    close(shown)
    start, made = Barrier(4), []

    def go() -> None:
        start.wait()
        try:
            made.append(post_sheet(actor=CLOCK, publication_id=shown.pk).pk)
        finally:
            connection.close()

    threads = [Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4 and len(set(made)) == 1
    assert Posting.objects.count() == 1 and Entry.objects.count() == 2
    assert verify().disagreement == ""


def test_totals_take_a_constant_number_of_queries(ruled: World, django_assert_num_queries: object) -> None:
    run(ruled, [On(name) for name in ("李桂兰", "王保国", "张㛃", "单雪琴")])
    few = [ruled.member("李桂兰").pk]
    many = [member.pk for name, member in ruled.members.items() if not name.startswith("外")]
    totals_of(few, 2026)
    with django_assert_num_queries(9):  # type: ignore[operator]
        totals_of(few, 2026)
    with django_assert_num_queries(9):  # type: ignore[operator]
        totals_of(many, 2026)


def test_a_posting_is_what_the_closing_showed_when_a_member_moved(ruled: World) -> None:
    post_one = run(ruled, [On("李桂兰", "B5", 3)], month=1)
    assert post_one.entries.count() == 1
    assert post(_second(ruled)).number == 2


def _second(world: World):  # type: ignore[no-untyped-def]
    with clock.at(date(2026, 3, 2)):
        return publish(world, make_sheet(world, [On("李桂兰", "B5", 4)], month=2))
