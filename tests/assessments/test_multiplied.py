"""加倍的情形 Entered, edited, decided on a claim; how the notice and its reasons say it; asked for nowhere else."""

import pytest

from pioneer.assessments.lines import edit_line, enter_lines
from pioneer.assessments.models import Line
from pioneer.kernel.errors import BadInput
from pioneer.publicity.queries import drawn
from pioneer.rulebook.queries import current_rulebook
from pioneer.web.forms.assessments import LineForm
from tests.assessments.conftest import MARCH_12, Month, begin
from tests.world import World, adopt_rulebook

REPORTED = """
[[positive]]
code = "A8"
name = "宣传先进事迹"
aspect = "A"
value = { shape = "fixed", points = 1 }
multipliers = [{ code = "paper", name = "市级媒体报道", factor = 2 }]
wording = "宣传先进事迹"
clause = "第三条A8"
provenance = "assumed"
points_provenance = "assumed"
"""


@pytest.fixture
def month(world: World) -> Month:
    adopt_rulebook(world, more=REPORTED)
    return begin(world)


def form_of(month: Month) -> LineForm:
    book = current_rulebook(month.world.branch.district_number, MARCH_12)
    return LineForm(book=book, people=[], days=("2026-01-01", "2026-03-31"))


def test_it_counts_twice_and_says_so(month: Month) -> None:
    line = month.enter(indicator="A8", multiplier="paper", ground="3月9日《清河日报》")
    assert (line.value, line.multiplier, line.wording) == (200, "paper", "宣传先进事迹（市级媒体报道，按2倍计）")
    month.done()
    shown = [one for row in drawn(month.sheet) for one in row.lines]
    assert [(one.raw, one.counted) for one in shown] == [(200, 200)]
    assert "市级媒体报道，按2倍计" in shown[0].reason


def test_edited_it_counts_once_again(month: Month) -> None:
    line = month.enter(indicator="A8", multiplier="paper", ground="报纸")
    edited = edit_line(
        actor=month.actor("recorder"), line_id=line.pk, edit=line.edit, event_on=MARCH_12, ground="没有见报"
    )
    assert (edited.value, edited.multiplier, edited.wording) == (100, "", "宣传先进事迹")


def test_for_several_members_at_once(month: Month) -> None:
    people = [month.world.member(name).pk for name in ("李桂兰", "张㛃")]
    form = {"indicator": "A8", "event_on": MARCH_12, "ground": "报纸", "multiplier": "paper"}
    lines = enter_lines(actor=month.actor("recorder"), sheet_id=month.sheet.pk, member_ids=people, **form)
    assert [line.value for line in lines] == [200, 200]


def test_the_branch_decides_it_on_a_claim(month: Month) -> None:
    claim = month.claim(indicator="A8")
    month.review(claim, multiplier="paper")
    assert Line.objects.get(declaration=claim).value == 200


def test_a_circumstance_the_indicator_does_not_know_is_refused(month: Month) -> None:
    for indicator, ground in (("A8", "报纸"), ("A3", "支委会分工")):
        with pytest.raises(BadInput) as refused:
            month.enter(indicator=indicator, ground=ground, multiplier="radio")
        assert f"指标{indicator}没有“radio”这一加倍情形" in str(refused.value.faults[0])


def test_the_form_asks_for_it_only_where_the_rules_know_one(month: Month) -> None:
    assert dict(form_of(month).fields["multiplier"].choices)["paper"] == "市级媒体报道（2倍）"  # type: ignore[attr-defined]


def test_under_the_shipped_rules_nothing_is_asked(world: World) -> None:
    adopt_rulebook(world)
    assert "multiplier" not in form_of(begin(world)).fields
