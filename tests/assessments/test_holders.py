"""Who could be the second person: grants that hold, not those that ended this morning."""

from pioneer.accounts.models import Grant
from pioneer.accounts.policies import Act
from pioneer.accounts.services import end_grant, grant_role
from pioneer.assessments import roster
from tests.assessments.conftest import Month


def test_a_role_granted_and_ended_on_one_day_is_not_counted_any_more(month: Month) -> None:
    officer, xueqin = month.actor("township_officer"), month.world.users["xueqin"]
    grant = grant_role(actor=officer, user_id=xueqin.pk, role="committee_member", organisation_id=month.world.branch.pk)
    assert roster.holders(month.world.branch, Act.CONFIRM).filter(user=xueqin).exists()
    end_grant(actor=officer, grant_id=grant.pk)
    assert not roster.holders(month.world.branch, Act.CONFIRM).filter(user=xueqin).exists()
    assert Grant.objects.filter(user=xueqin).count() == 1
