"""Beginning a draft: from a version, from what ships, from a file that has mistakes."""

import pytest

from pioneer.kernel.errors import BadInput, NotAllowed, NotVisible
from pioneer.rulebook.draft_queries import in_work
from pioneer.rulebook.models import RulebookDraft, RulebookVersion
from pioneer.scoring.writing import format_text
from tests.rulebook.conftest import TEXT, changed
from tests.rulebook.drafts import started
from tests.world import World, adopt_rulebook


def test_it_works(world: World) -> None:
    draft = started(world, base_name="随附办法")
    assert (draft.state, draft.edit, draft.name, draft.base_name) == (
        "work",
        0,
        "尖草坪区党员先锋指数积分办法",
        "随附办法",
    )
    assert draft.text == draft.base_text == format_text(TEXT) and draft.based_on is None
    assert not RulebookVersion.objects.exists()
    assert in_work(world.actor("second_district_officer")) == [draft]


def test_from_a_version(world: World) -> None:
    version = adopt_rulebook(world)
    draft = started(world, text="", version_id=version.pk)
    assert (draft.based_on, draft.base_name) == (version, f"第{version.number}版") and draft.text == format_text(
        version.text
    )


def test_a_text_with_mistakes_may_be_put_right_here(world: World) -> None:
    wrong = changed(("points = 70", 'points = "七十"'), ("[clamp]", "[klamp]"))
    assert '"七十"' in started(world, text=wrong).text


@pytest.mark.parametrize("text", ["不是TOML", b"\xff\xfe", "[meta", "x = 1" + " " * 2_000_000])
def test_what_is_no_toml_is_refused(world: World, text: str | bytes) -> None:
    with pytest.raises(BadInput):
        started(world, text=text)
    assert not RulebookDraft.objects.exists()


def test_a_draft_without_a_name_is_called_so(world: World) -> None:
    assert started(world, text="").name == "（未写名称）"


@pytest.mark.parametrize("who", ["township_officer", "secretary", "auditor", "system_admin"])
def test_only_the_district_may(world: World, who: str) -> None:
    with pytest.raises(NotAllowed, match="区委组织部工作人员"):
        started(world, who)


def test_another_district_sees_neither_draft_nor_version(world: World) -> None:
    version, draft = adopt_rulebook(world), started(world)
    with pytest.raises(NotVisible):
        started(world, "other_district_officer")
    assert not in_work(world.actor("other_district_officer")) and not in_work(world.actor("secretary"))
    other = adopt_rulebook(world, "other_district")
    with pytest.raises(NotVisible):
        started(world, text="", version_id=other.pk)
    assert draft.state == "work" and version.state == "adopted"
