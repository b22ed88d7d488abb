from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from pioneer.kernel import clock
from pioneer.ledger.models import Entry, EntryText, Posting
from pioneer.ledger.verification import verify
from pioneer.publicity.models import Publication, PublishedLine, PublishedMember
from tests.notices import On, make_sheet, publish, run
from tests.stage import scene
from tests.world import World, adopt_rulebook

ByHand = Callable[..., None]


@scene
def books(ruled: World) -> None:
    """Two months of one branch, a correction in the second, one month of a village."""
    adopt_rulebook(ruled)
    run(ruled, [On("李桂兰"), On("李桂兰", "N7", 14), On("王保国", "B2", 3, quantity=300)], month=1)
    wrong = Entry.objects.get(indicator="N7")
    line = PublishedLine.objects.get(line_id=int(wrong.reference.split(":")[1])).line
    run(ruled, [On("李桂兰"), On("单雪琴", "B2", 3, quantity=300), On("李桂兰", corrects=line)], month=2)
    run(ruled, [On("柳满仓", "C1", 5)], month=2, branch=ruled.village)


def test_it_passes_on_what_the_operations_wrote(books: World) -> None:
    report = verify()
    assert report.disagreement == ""
    assert (report.entries, report.postings) == (7, 3)
    assert "全部相符" in report.summary


def test_the_command_says_so_and_leaves_with_0_or_1(books: World, by_hand: ByHand) -> None:
    said = StringIO()
    call_command("verify", stdout=said)
    assert "核验通过" in said.getvalue()
    by_hand("ledger_entry", "UPDATE ledger_entry SET value = 900 WHERE indicator = 'C1'")
    complaint = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify", stderr=complaint)
    assert left.value.code == 1
    assert "柳沟村第1号入账第1条" in complaint.getvalue()


OTHER_DAY = date(2026, 1, 13)
ENTRY_CHANGES = {
    "value": 150,
    "quantity": 700,
    "indicator": "B1",
    "event": "x",
    "event_on": OTHER_DAY,
    "event_month": 3,
    "order": 9,
    "member_key": uuid4(),
    "reference": "line:999",
    "commitment": "0" * 64,
    "digest": "0" * 64,
    "created_at": datetime(2026, 1, 1, tzinfo=clock.SHANGHAI),
}


@pytest.mark.parametrize("column", ENTRY_CHANGES)
def test_it_names_an_entry_whose_column_was_changed_by_hand(books: World, by_hand: ByHand, column: str) -> None:
    entry = Entry.objects.filter(indicator="B5").order_by("pk").first()
    assert entry is not None
    by_hand("ledger_entry", "SELECT 1")
    Entry.objects.filter(pk=entry.pk).update(**{column: ENTRY_CHANGES[column]})
    found = verify().disagreement
    assert "槐园社区第一党支部第1号入账" in found
    if column not in {"digest", "member_key"}:
        assert "与它的指纹不符" in found


def test_it_names_an_entry_moved_to_another_version_posting_or_correction(books: World, by_hand: ByHand) -> None:
    first, second = Entry.objects.filter(indicator="B5").order_by("pk")
    by_hand("ledger_entry", "SELECT 1")
    Entry.objects.filter(pk=second.pk).update(corrects=first)
    assert "第2号入账" in verify().disagreement
    Entry.objects.filter(pk=second.pk).update(corrects=None)
    assert verify().disagreement == ""
    Entry.objects.filter(pk=second.pk).update(posting=first.posting, order=9)
    assert "第1号入账第9条" in verify().disagreement


POSTING_CHANGES = {
    "number": 7,
    "previous_digest": "0" * 64,
    "digest": "0" * 64,
    "posted_at": datetime(2026, 2, 20, tzinfo=clock.SHANGHAI),
}


@pytest.mark.parametrize("column", POSTING_CHANGES)
def test_it_names_a_posting_whose_column_was_changed_by_hand(books: World, by_hand: ByHand, column: str) -> None:
    by_hand("ledger_posting", "SELECT 1")
    Posting.objects.filter(branch=books.branch, number=1).update(**{column: POSTING_CHANGES[column]})
    assert "槐园社区第一党支部" in verify().disagreement


def test_it_names_a_posting_put_under_another_branch_or_publication(books: World, by_hand: ByHand) -> None:
    by_hand("ledger_posting", "SELECT 1")
    Posting.objects.filter(branch=books.village).update(branch=books.second_branch)
    assert "槐园社区第二党支部第1号入账" in verify().disagreement


def test_it_names_a_deleted_entry(books: World, by_hand: ByHand) -> None:
    entry = Entry.objects.get(indicator="C1")
    EntryText.objects.filter(entry=entry).delete()
    by_hand("ledger_entry", "DELETE FROM ledger_entry WHERE id = %s", [entry.pk])
    assert verify().disagreement == f"柳沟村第1号入账缺少条目{entry.reference}，公示上有而台账里没有。"


def test_it_names_a_deleted_last_posting(books: World, by_hand: ByHand) -> None:
    posting = Posting.objects.get(branch=books.village)
    EntryText.objects.filter(entry__posting=posting).delete()
    by_hand("ledger_entry", "DELETE FROM ledger_entry WHERE posting_id = %s", [posting.pk])
    by_hand("ledger_posting", "DELETE FROM ledger_posting WHERE id = %s", [posting.pk])
    assert "台账里已经没有它" in verify().disagreement


@pytest.mark.parametrize(("column", "value"), [("wording", "别的"), ("ground", "别的"), ("salt", "00")])
def test_it_names_a_changed_text(books: World, column: str, value: str) -> None:
    EntryText.objects.filter(entry__indicator="C1").update(**{column: value})
    assert "柳沟村第1号入账第1条" in verify().disagreement


@pytest.mark.parametrize(
    ("column", "value"),
    [("counted", 5), ("raw", 5), ("wording", "别的"), ("reason", "别的"), ("indicator", "B1"), ("kind", "moved")],
)
def test_it_names_a_changed_line_of_a_notice(books: World, column: str, value: object) -> None:
    PublishedLine.objects.filter(indicator="C1").update(**{column: value})
    assert "柳沟村" in verify().disagreement


@pytest.mark.parametrize(
    ("column", "value"), [("positive", 5), ("reverse", -5), ("total", 5), ("name", "别人"), ("position", 77)]
)
def test_it_names_a_changed_row_of_a_notice(books: World, column: str, value: object) -> None:
    PublishedMember.objects.filter(member=books.member("柳满仓")).update(**{column: value})
    assert "柳沟村2026年2月第1次公示" in verify().disagreement


def test_it_names_a_notice_whose_window_was_changed(books: World) -> None:
    shown = Publication.objects.get(sheet__branch=books.village)
    Publication.objects.filter(pk=shown.pk).update(closes_at=shown.closes_at - timedelta(days=3))
    assert "柳沟村" in verify().disagreement


def test_a_text_that_is_gone_without_erasure_does_not_pass(books: World) -> None:
    PublishedLine.objects.filter(indicator="C1").update(wording="", reason="", salt="")
    assert "并未办理抹除" in verify().disagreement


def test_a_figure_that_the_ledger_does_not_give_is_named_even_with_a_right_fingerprint(books: World) -> None:
    from pioneer.publicity import services

    with clock.at(date(2026, 4, 2)):
        shown = publish(books, make_sheet(books, [On("单雪琴")]))
    PublishedMember.objects.filter(publication=shown, member=books.member("单雪琴")).update(total=9900)
    people, lines = list(shown.members.all()), list(shown.lines.all())
    keys = {member.pk: str(member.key) for member in books.members.values()}
    Publication.objects.filter(pk=shown.pk).update(digest=services.digest_of(shown, people, lines, keys))
    found = verify().disagreement
    assert "累计公示为99分，按台账重算为" in found


def test_the_tables_refuse_changes_by_themselves(books: World) -> None:
    from django.db import DatabaseError, transaction

    for statement in ("UPDATE ledger_entry SET value = 1", "DELETE FROM ledger_posting"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
