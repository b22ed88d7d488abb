"""The finder: each doubt is named with its reason, none rejects, and an honest claim raises none."""

from datetime import date, time
from typing import Any

import pytest
from PIL import Image, ImageDraw

from pioneer.declarations import finder
from pioneer.declarations.models import Declaration, DeclarationFile, Flag
from pioneer.declarations.services import withdraw_declaration
from pioneer.files.models import StoredFile
from pioneer.files.services import likeness_columns
from pioneer.kernel import clock
from tests.declarations.conftest import Declare
from tests.files.test_photographs import photograph, scene
from tests.world import World


@pytest.fixture(autouse=True)
def _midmarch() -> Any:
    with clock.at(date(2026, 3, 16)):
        yield


def flags(claim: Declaration) -> dict[str, str]:
    return {flag.kind: flag.detail for flag in claim.flags.all()}


def other_scene() -> Image.Image:
    made = Image.new("RGB", (240, 160), "white")
    ImageDraw.Draw(made).polygon(((0, 159), (120, 10), (239, 159)), fill="darkgreen")
    return made


def test_an_honest_claim_raises_no_flag(declares: Declare) -> None:
    declares(matter="给困难家庭送去米面油", event_on=date(2026, 3, 10))
    claim = declares(started_at=time(9), minutes=60, evidence=[("a.jpg", photograph())])
    assert claim.state == "submitted" and flags(claim) == {
        Flag.Kind.OLD_PHOTO: "有一张照片拍于2026年3月8日，早于所报的日期。"
    }
    assert not Flag.objects.exclude(declaration=claim).exists()


def test_two_places_at_one_time(declares: Declare) -> None:
    first = declares(started_at=time(9), minutes=90, place="槐园小区", matter="帮独居老人修水管")
    second = declares(started_at=time(10), minutes=30, place="文化广场", matter="清理小广告")
    assert "本人当天09:00至10:30在“槐园小区”另有一条申报" in flags(second)[Flag.Kind.OVERLAP]
    assert second.flags.get(kind=Flag.Kind.OVERLAP).other == first
    third = declares(started_at=time(10, 30), minutes=30, place="社区会议室", matter="参加居民议事")
    assert Flag.Kind.OVERLAP not in flags(third)
    same_place = declares(started_at=time(9, 30), minutes=5, place="槐园小区", matter="顺手搬了三箱东西")
    assert Flag.Kind.OVERLAP not in flags(same_place)


def test_more_hours_than_a_day_gives(declares: Declare) -> None:
    declares(minutes=600, matter="清理河道的垃圾")
    claim = declares(minutes=500, matter="给果树剪枝的活")
    assert flags(claim)[Flag.Kind.HOURS] == "本人当天申报的用时合计18小时20分，请核对。"


def test_similar_words_in_the_branch_within_thirty_days(ruled: World, declares: Declare) -> None:
    with clock.at(date(2026, 2, 12)):
        declares(event_on=date(2026, 2, 9), matter="帮独居老人王阿姨修水管")
    first = declares("recorder", "张㛃", event_on=date(2026, 2, 10), matter="帮独居老人王阿姨修好水管")
    claim = declares(matter="帮独居老人王阿姨，修水管。")
    assert flags(claim)[Flag.Kind.SIMILAR].startswith("与张㛃2月10日的申报文字相似（")
    assert {flag.other_id for flag in claim.flags.filter(kind=Flag.Kind.SIMILAR)} == {first.pk}
    assert Flag.Kind.SIMILAR not in flags(declares(matter="修水管"))  # too short to say anything


def test_one_deed_under_two_indicators(declares: Declare) -> None:
    first = declares(indicator="B5", matter="帮独居老人修好水管")
    second = declares(indicator="B4", matter="帮独居老人修好水管。")
    assert "以另一项（B5）申报过相近的事" in flags(second)[Flag.Kind.SAME_EVENT]
    linked = declares(indicator="B1", matter="帮独居老人修好水管", same_as_id=first.pk)
    assert all(flag.other_id != first.pk for flag in linked.flags.filter(kind=Flag.Kind.SAME_EVENT))


def test_the_same_and_nearly_the_same_photograph_anywhere_in_the_district(ruled: World, declares: Declare) -> None:
    declares("village_recorder", "柳长根", matter="修村口的路灯", evidence=[("a.jpg", photograph())])
    same = declares(evidence=[("b.jpg", photograph())])
    assert flags(same)[Flag.Kind.SAME_PHOTO] == "与本区另一个支部一名党员3月12日的申报是同一张照片。"
    near = declares("xueqin", "单雪琴", matter="陪老人去医院", evidence=[("c.jpg", photograph(quality=55))])
    assert any("几乎是同一张照片" in flag.detail for flag in near.flags.filter(kind=Flag.Kind.SAME_PHOTO))
    unlike = declares("recorder", "张㛃", matter="清扫楼道", evidence=[("d.png", photograph("PNG", other_scene()))])
    assert not {Flag.Kind.SAME_PHOTO, Flag.Kind.LIKE_PHOTO} & set(flags(unlike))


@pytest.mark.parametrize(("bits", "kind"), [(0, "same_photo"), (3, "same_photo"), (4, "like_photo"), (9, "")])
def test_how_alike_counts_by_bits(ruled: World, declares: Declare, bits: int, kind: str) -> None:
    claim = declares(evidence=[("a.png", photograph("PNG", scene()))])
    own = claim.files.get().file
    likeness = (own.likeness or 0) & ((1 << 64) - 1)
    changed = likeness ^ sum(1 << (place * 5) for place in range(bits) if bits <= 3) if bits <= 3 else likeness
    if bits > 3:  # all in the first three bands, so that the fourth still finds it
        changed = likeness ^ sum(1 << place for place in range(0, bits * 5, 5))
    other = declares("recorder", "张㛃", matter="清扫楼道")
    twin = StoredFile.objects.create(
        digest="f" * 64,
        size=1,
        content_type="image/jpeg",
        name="x.jpg",
        created_at=clock.now(),
        **likeness_columns(changed),
    )
    DeclarationFile.objects.create(declaration=other, file=twin)
    found = {one.kind for one in finder.find(claim) if one.other == other.pk}
    assert found & {"same_photo", "like_photo"} == ({kind} if kind else set())


def test_a_claim_long_after_its_event(ruled: World) -> None:
    with clock.at(date(2027, 2, 16)):
        days = (clock.today() - date(2026, 1, 12)).days
        person, day = ruled.member("李桂兰"), date(2026, 1, 12)
        late = Declaration.objects.create(
            member=person, branch=ruled.branch, event_on=day, matter="浇花", created_at=clock.now()
        )
        said = {one.kind: one.detail for one in finder.find(late)}
    assert days == 400 and Flag.Kind.LATE not in said
    with clock.at(date(2027, 2, 17)):
        said = {one.kind: one.detail for one in finder.find(late)}
    assert said == {Flag.Kind.LATE: "事情过去401天才申报（超过400天），请核对佐证。"}


def test_what_was_withdrawn_is_compared_with_nothing(ruled: World, declares: Declare) -> None:
    first = declares(started_at=time(9), minutes=90, evidence=[("a.jpg", photograph())])
    withdraw_declaration(actor=ruled.actor("guilan"), declaration_id=first.pk)
    second = declares(started_at=time(9), minutes=90, place="文化广场", evidence=[("a.jpg", photograph())])
    assert set(flags(second)) == {Flag.Kind.OLD_PHOTO}


def test_a_constant_number_of_queries(declares: Declare, django_assert_num_queries: Any) -> None:
    claim = declares(started_at=time(9), minutes=90, evidence=[("a.jpg", photograph())])
    with django_assert_num_queries(6):
        finder.find(claim)
    pictures = [(f"{quality}.jpg", photograph(quality=quality)) for quality in range(40, 49)]
    many = declares("recorder", "张㛃", matter="清扫楼道和院子", evidence=pictures)
    assert many.files.count() > 1
    with django_assert_num_queries(6):
        finder.find(many)
    for number in range(12):
        declares(
            "recorder",
            "张㛃",
            matter=f"帮独居老人修水管{number}",
            evidence=[("a.jpg", photograph(quality=90 - number))],
        )
    with django_assert_num_queries(7):  # one more, for who said nearly the same
        finder.find(claim)
