"""The clock: it catches up in order, once; one branch that fails does not hold up the others; two workers are one."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from pioneer.assessments.models import Sheet
from pioneer.jobs import clock as jobs
from pioneer.jobs.demo.extent import Extent
from pioneer.jobs.demo.filling import fill
from pioneer.kernel import clock
from pioneer.kernel.models import AuditEvent
from pioneer.ledger.models import Entry, Posting
from pioneer.organisations.models import Organisation
from pioneer.publicity.models import Objection, Publication
from tests.stage import scene

TODAY = date(2026, 11, 24)
LATER = date(2027, 2, 10)
SMALL = Extent(townships=2, branches=4, members=40, months=3)


@scene
def demo() -> None:
    """The district of four branches."""
    with clock.at(TODAY):
        fill(SMALL)


def open_notices() -> set[int]:
    waiting = Publication.objects.filter(closed_at__isnull=True, superseded_at__isnull=True)
    return set(waiting.values_list("pk", flat=True))


@pytest.mark.one_database
def test_after_a_stop_it_opens_every_month_in_order(demo: None) -> None:
    with clock.at(LATER):
        done = jobs.go_round()
    assert done.failures == []
    for branch in Organisation.objects.filter(is_branch=True):
        months = list(Sheet.objects.filter(branch=branch, year=2027).order_by("month").values_list("month", flat=True))
        assert months == [1, 2]
        assert Sheet.objects.filter(branch=branch, year=2026, month=12).count() == 1
    opened = AuditEvent.objects.filter(operation="assessments.open_sheet").order_by("pk")
    told = [(row.arguments["year"], row.arguments["month"]) for row in opened]
    assert told == sorted(told) and {row.actor_role for row in opened} == {"clock"}


def test_it_closes_what_is_over_and_posts_it(demo: None) -> None:
    waiting = open_notices()
    assert waiting
    with clock.at(TODAY):
        assert jobs.go_round().done["结束公示"] == 0
    with clock.at(LATER):
        jobs.go_round()
    posted = set(Posting.objects.filter(publication__in=waiting).values_list("publication_id", flat=True))
    closed = set(Publication.objects.filter(pk__in=waiting, closed_at__isnull=False).values_list("pk", flat=True))
    assert posted == closed and closed


def test_a_second_round_does_nothing_twice(demo: None) -> None:
    with clock.at(LATER):
        jobs.go_round()
        before = (Sheet.objects.count(), Posting.objects.count(), Entry.objects.count())
        again = jobs.go_round()
    assert (Sheet.objects.count(), Posting.objects.count(), Entry.objects.count()) == before
    assert not any(again.done.values()) and not again.failures


@pytest.mark.one_database
def test_an_objection_nobody_answers_goes_to_the_township_and_the_window_stays_open(demo: None) -> None:
    notice = Publication.objects.filter(pk__in=open_notices()).order_by("pk").first()
    assert notice is not None
    made = Objection.objects.create(
        publication=notice,
        line=notice.lines.order_by("pk")[0].line,
        receipt="AAAA-BBBB-CCCC",
        text="没有这回事。",
        request_key="00000000-0000-4000-8000-000000000001",
        created_at=clock.noon(TODAY),
        due_at=clock.noon(TODAY + timedelta(days=7)),
    )
    with clock.at(LATER):
        done = jobs.go_round()
    made.refresh_from_db()
    notice.refresh_from_db()
    assert made.state == Objection.State.TOWNSHIP
    assert notice.closed_at is None and done.failures == []
    before = AuditEvent.objects.count()
    with clock.at(LATER):
        jobs.go_round()
    assert AuditEvent.objects.count() == before  # a round that can do nothing leaves nothing behind


@pytest.mark.one_database
def test_a_branch_that_fails_is_said_in_one_line_and_holds_up_nobody(
    demo: None, caplog: pytest.LogCaptureFixture
) -> None:
    other = Organisation.objects.create(name="无办法区", level="district", path="", opened_on=date(2026, 1, 1))
    Organisation.objects.filter(pk=other.pk).update(path=f"/{other.pk}/")
    town = Organisation.objects.create(
        name="无办法镇", level="township", parent=other, path=f"/{other.pk}/x/", opened_on=date(2026, 1, 1)
    )
    branch = Organisation.objects.create(
        name="无办法村",
        level="community",
        is_branch=True,
        parent=town,
        path=f"/{other.pk}/{town.pk}/0/",
        opened_on=date(2026, 1, 1),
    )
    with clock.at(LATER):
        done = jobs.go_round()
    assert len(done.failures) == 1 and "没有适用的积分办法" in done.failures[0] and "\n" not in done.failures[0]
    assert not Sheet.objects.filter(branch=branch).exists()
    assert done.done["开考评表"] == 4 * 3
    assert "没有适用的积分办法" in caplog.text


def test_the_command_goes_one_round(demo: None) -> None:
    out = StringIO()
    with clock.at(LATER):
        call_command("work", "--once", stdout=out)
    assert "开考评表12" in out.getvalue()


@pytest.mark.parametrize(
    ("command", "said"), [("open_month", "开考评表12"), ("close_windows", "结束公示"), ("post", "入账0")]
)
@pytest.mark.one_database
def test_each_step_is_a_command_of_its_own(demo: None, command: str, said: str) -> None:
    out = StringIO()
    with clock.at(LATER):
        call_command(command, stdout=out)
    assert said in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_post_once(demo: None) -> None:
    waiting = open_notices()
    rounds: list[jobs.Round] = []
    with clock.at(LATER):
        together(lambda: rounds.append(jobs.go_round()))
    assert [line for done in rounds for line in done.failures] == []
    posted = list(Posting.objects.filter(publication__in=waiting).values_list("publication_id", flat=True))
    assert posted and len(posted) == len(set(posted))
    for branch in Organisation.objects.filter(is_branch=True):
        numbers = list(Posting.objects.filter(branch=branch).order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert Sheet.objects.filter(branch=branch, year=2027, month=1).count() == 1


def together(work: Callable[[], object]) -> None:
    barrier = threading.Barrier(2)

    def run() -> None:
        barrier.wait()
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
