"""declarations.withdraw_declaration"""

import pytest

from pioneer.declarations.models import Declaration
from pioneer.declarations.services import take, withdraw_declaration
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from tests.declarations.conftest import Declare
from tests.world import TODAY, World


def test_it_works_and_twice_is_once(ruled: World, declares: Declare) -> None:
    with clock.at(TODAY):
        made = declares()
        for _ in range(2):
            assert withdraw_declaration(actor=ruled.actor("guilan"), declaration_id=made.pk).state == "withdrawn"


def test_who_entered_it_for_the_member_may_withdraw_it(ruled: World, declares: Declare) -> None:
    with clock.at(TODAY):
        made = declares("recorder", "张㛃")
        assert withdraw_declaration(actor=ruled.actor("recorder"), declaration_id=made.pk).state == "withdrawn"


def test_the_branch_does_not_withdraw_a_members_claim(ruled: World, declares: Declare) -> None:
    with clock.at(TODAY):
        made = declares()
        with pytest.raises(NotAllowed):
            withdraw_declaration(actor=ruled.actor("secretary"), declaration_id=made.pk)


@pytest.mark.parametrize("who", ["xueqin", "other_secretary", "second_secretary"])
def test_others_do_not_even_see_it(ruled: World, declares: Declare, who: str) -> None:
    with clock.at(TODAY):
        made = declares()
        with pytest.raises(NotVisible):
            withdraw_declaration(actor=ruled.actor(who), declaration_id=made.pk)


def test_not_once_the_branch_has_decided(ruled: World, declares: Declare) -> None:
    with clock.at(TODAY):
        made = declares()
        take(made)
        with pytest.raises(DomainError) as refused:
            withdraw_declaration(actor=ruled.actor("guilan"), declaration_id=made.pk)
    assert refused.value.code == "already_reviewed"
    assert Declaration.objects.get().state == "taken"
