"""更正身份证号"""

from datetime import date

import pytest

from pioneer.kernel import clock, encryption
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members.models import Member, Rectification
from pioneer.members.services import correct_identity
from tests.members.people import number_of
from tests.world import TODAY, World

NUMBER = number_of(date(1956, 3, 9))


def correct(world: World, who: str = "recorder", name: str = "李桂兰", **values: str) -> Member:
    with clock.at(TODAY):
        return correct_identity(
            **{
                "actor": world.actor(who),
                "member_id": world.member(name).pk,
                "identity": NUMBER,
                "reason": "与身份证原件核对",
                **values,
            }
        )


def test_it_works(world: World) -> None:
    made = correct(world)
    assert encryption.decrypt(bytes(made.identity_sealed or b"")) == NUMBER
    assert made.birth_on == date(1956, 3, 9) and made.identity_missing_why == ""
    kept = Rectification.objects.get(member=made)
    assert kept.before == {"identity": "无", "birth_on": "1956-03-08"}


def test_the_former_number_stays_masked_in_the_file(world: World) -> None:
    correct(world)
    other = number_of(date(1956, 3, 10))
    made = correct(world, identity=other)
    kept = Rectification.objects.filter(member=made).last()
    assert kept is not None and kept.before["identity"] == f"1401**********{NUMBER[-4:]}"


def test_spaces_and_full_width_digits_are_understood(world: World) -> None:
    wide = NUMBER.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    made = correct(world, identity=f" {wide[:6]} {wide[6:]} ")
    assert made.identity_lookup == encryption.lookup(NUMBER)


@pytest.mark.parametrize(
    ("identity", "sentence"),
    [
        ("1.40108E+17", "Excel 已丢失末几位，请将该列设为文本后重填"),
        (NUMBER[:15] + "000", "Excel 已丢失末几位，请将该列设为文本后重填"),
        ("14010819560230000X", "身份证号"),
        ("140108560309000", "15位的旧号码"),
    ],
)
def test_a_wrong_number_is_refused_with_the_sentence(world: World, identity: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        correct(world, identity=identity)


def test_it_needs_a_reason(world: World) -> None:
    with pytest.raises(BadInput, match="请写明理由和依据"):
        correct(world, reason=" ")


def test_a_number_of_somebody_else_is_refused(world: World) -> None:
    correct(world)
    with pytest.raises(DomainError, match="已经登记在一位党员名下"):
        correct(world, name="单雪琴")


def test_the_same_number_again_is_refused(world: World) -> None:
    correct(world)
    with pytest.raises(DomainError, match="无须更正"):
        correct(world)


def test_nobody_corrects_ones_own(world: World) -> None:
    with pytest.raises(NotAllowed, match="须由他人办理"):
        correct(world, "recorder", "解文军")


def test_who_only_reads_may_not(world: World) -> None:
    with pytest.raises(NotAllowed):
        correct(world, "committee")


def test_for_another_branch_it_does_not_exist(world: World) -> None:
    with pytest.raises(NotVisible):
        correct(world, "second_secretary")
