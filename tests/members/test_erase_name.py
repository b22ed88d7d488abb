"""A name in a text about others gives way to a mark: alone, in a list, with an office; no other name is touched."""

import pytest

from pioneer.members.naming import without

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("王伟", "（已抹除）"),
        ("李四、王伟、赵六", "李四、（已抹除）、赵六"),
        ("支部书记王伟，委员李四", "支部书记（已抹除），委员李四"),
        ("王伟强、王伟", "王伟强、（已抹除）"),
        ("王伟强", "王伟强"),
        ("主持人：王伟（书记）", "主持人：（已抹除）（书记）"),
        ("支部委员会", "支部委员会"),
    ],
)
def test_what_is_left_of_the_text(text: str, left: str) -> None:
    assert without(text, "王伟", {"王伟强"}) == left
