from datetime import date

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed
from pioneer.ledger.queries import score_of
from pioneer.ledger.reorganisation import close_branch, merge_branches, split_branch
from pioneer.ledger.verification import verify
from pioneer.members.queries import branch_on
from tests.notices import On, make_sheet, run
from tests.world import World

MAY = date(2026, 5, 6)


@pytest.fixture(autouse=True)
def _may() -> object:
    with clock.at(MAY):
        yield


def test_a_merged_branchs_next_posting_cites_both_chains(ruled: World) -> None:
    own = run(ruled, [On("李桂兰")], month=3)
    gone = run(ruled, [On("温如春", "B1")], month=3, branch=ruled.second_branch)
    merge_branches(
        actor=ruled.actor("township_officer"),
        branch_ids=[ruled.second_branch.pk],
        into_id=ruled.branch.pk,
        on=date(2026, 5, 1),
    )
    assert branch_on(ruled.member("温如春"), MAY) == ruled.branch
    posting = run(ruled, [On("温如春", "B1"), On("李桂兰")], month=5)
    assert posting.previous_digest.split("\n") == [own.digest, gone.digest]
    assert run(ruled, [On("李桂兰")], month=6).previous_digest == posting.digest
    assert score_of(ruled.member("温如春"), MAY).score == 7100
    assert verify().disagreement == ""


def test_a_new_branch_of_two_cites_both_in_its_first_posting(ruled: World) -> None:
    first = run(ruled, [On("李桂兰")], month=3)
    second = run(ruled, [On("温如春", "B1")], month=3, branch=ruled.second_branch)
    made = merge_branches(
        actor=ruled.actor("township_officer"),
        branch_ids=[ruled.branch.pk, ruled.second_branch.pk],
        name="槐园社区党支部",
        on=date(2026, 5, 1),
    )
    from pioneer.ledger.queries import heads

    assert heads(made.pk) == [first.digest, second.digest]
    assert branch_on(ruled.member("李桂兰"), MAY) == made


def test_refused_while_a_sheet_stands_unposted(ruled: World) -> None:
    make_sheet(ruled, [On("李桂兰")])
    for act in (
        lambda: merge_branches(
            actor=ruled.actor("township_officer"),
            branch_ids=[ruled.branch.pk, ruled.second_branch.pk],
            name="新支部",
            on=date(2026, 5, 1),
        ),
        lambda: split_branch(
            actor=ruled.actor("township_officer"), branch_id=ruled.branch.pk, groups={"第三党支部": []}, on=MAY
        ),
        lambda: close_branch(actor=ruled.actor("township_officer"), organisation_id=ruled.branch.pk, on=MAY),
    ):
        with pytest.raises(DomainError, match="2026年3月月度考评表") as refused:
            act()
        assert refused.value.code == "unposted_sheet"


def test_an_empty_open_sheet_is_no_hindrance(ruled: World) -> None:
    make_sheet(ruled, [], month=5, state="open", confirmed_by_number=None, confirmed_at=None)
    made = split_branch(
        actor=ruled.actor("township_officer"),
        branch_id=ruled.branch.pk,
        groups={"第三党支部": [ruled.member("李桂兰").pk]},
        on=MAY,
    )
    assert branch_on(ruled.member("李桂兰"), MAY) == made[0]
    assert branch_on(ruled.member("王保国"), MAY) == ruled.branch


def test_a_village_that_splits_must_place_everybody(ruled: World) -> None:
    with pytest.raises(DomainError, match="还有1名党员没有分到支部"):
        split_branch(
            actor=ruled.actor("town_officer"),
            branch_id=ruled.village.pk,
            groups={
                "柳沟村第一党支部": [ruled.member("柳长根").pk],
                "柳沟村第二党支部": [ruled.member("柳大妮").pk],
            },
            on=MAY,
        )


def test_closed_only_when_nobody_is_left_and_not_by_the_branch(ruled: World) -> None:
    with pytest.raises(DomainError, match="还有2名党员"):
        close_branch(actor=ruled.actor("township_officer"), organisation_id=ruled.second_branch.pk, on=MAY)
    with pytest.raises(NotAllowed):
        close_branch(actor=ruled.actor("secretary"), organisation_id=ruled.branch.pk, on=MAY)
