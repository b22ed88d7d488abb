"""`pioneer settle`: asked for from the shell, worked out to the end, said in a few lines."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pioneer.assessments.models import Sheet
from pioneer.kernel import clock
from pioneer.kernel.models import AuditEvent
from pioneer.results.models import Settlement
from tests.results.conftest import posted_year as posted_year
from tests.results.conftest import year as year
from tests.world import World


def said(*words: str) -> str:
    out = StringIO()
    call_command("settle", *words, stdout=out)
    return out.getvalue()


def test_it_settles_and_says_what_came_of_it(year: World) -> None:
    text = said("--at", "槐园社区", "--cycle", "2026")
    made = Settlement.objects.get()
    assert (made.organisation, made.is_trial, made.by_number) == (year.organisations["community"], False, None)
    assert text.splitlines()[0] == "槐园社区2026年度评定（第1次），10名党员"
    assert "60至79分　9名" in text and "不定等次　1名" in text and made.digest in text
    assert "试算（第1次）" in said("--at", "槐园社区", "--cycle", "2026-01-01", "--trial")
    event = AuditEvent.objects.filter(operation="results.settle_cycle").latest("pk")
    assert event.actor_role == "console"


def test_what_stands_in_the_way_is_told_sentence_by_sentence(year: World) -> None:
    Sheet.objects.create(branch=year.branch, year=2026, month=5, opened_at=clock.now())
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("settle", "--at", "槐园社区", "--cycle", "2026", stdout=out)
    assert left.value.code == 3 and "先办完这1件：\n  槐园社区第一党支部2026年5月" in out.getvalue()
    assert not Settlement.objects.exists()


def test_another_cycle_or_organisation_is_refused_with_what_there_is(year: World) -> None:
    with pytest.raises(CommandError, match="没有可以评定的周期“1999”。可以评定的：2027年度、2026年度"):
        said("--at", "槐园社区", "--cycle", "1999")
    with pytest.raises(CommandError, match="看不懂周期“去年”"):
        said("--at", "槐园社区", "--cycle", "去年")
    with pytest.raises(CommandError, match="没有找到组织"):
        said("--at", "没有", "--cycle", "2026")
    with pytest.raises(CommandError, match="“槐园社区第一党支部”不单独评定"):
        said("--at", "槐园社区第一党支部", "--cycle", "2026")
