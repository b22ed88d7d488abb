"""删除文字 Text goes; the key, the days and the spells stay."""

from datetime import date

from django.apps import apps
from django.forms.models import model_to_dict

from pioneer.kernel import clock
from pioneer.members import queries
from pioneer.members.models import Member
from pioneer.members.rights import erase_texts
from pioneer.members.services import correct_identity
from pioneer.scoring import Cycle
from tests.members.people import number_of
from tests.members.test_propose_transfer import propose
from tests.world import TODAY, World

CYCLE = Cycle(date(2026, 1, 1), date(2026, 12, 31))


def test_nothing_said_about_the_person_is_left(world: World) -> None:
    member = world.member("李桂兰")
    with clock.at(TODAY):
        correct_identity(
            actor=world.actor("recorder"),
            member_id=member.pk,
            identity=number_of(date(1956, 3, 9)),
            reason="李桂兰原件",
        )
    propose(world, to="", to_outside="李桂兰的新单位", document="李桂兰介绍信")
    before = queries.scoring_members([member.pk], CYCLE)[member.pk]
    member.refresh_from_db()
    with clock.at(TODAY):
        erased = erase_texts(member)
    assert erased.erased_at is not None and erased.key == world.member("李桂兰").key
    after = queries.scoring_members([member.pk], CYCLE)[member.pk]
    assert (after.code, after.tracks, after.status) == (before.code, before.tracks, before.status)
    kept = [str(model_to_dict(row)) for model in _tables() for row in model.objects.all()]
    assert not [text for text in kept if "李桂兰" in text or "1956" in text]


def _tables() -> list[type]:
    own = list(apps.get_app_config("members").get_models())
    return [*own, apps.get_model("accounts.User")]


def test_the_account_lets_nobody_in_any_more(world: World) -> None:
    member = Member.objects.select_related("user").get(pk=world.member("李桂兰").pk)
    with clock.at(TODAY):
        erase_texts(member)
    user = world.users["guilan"]
    user.refresh_from_db()
    assert not user.is_active and user.phone is None and user.name == "已删除"
