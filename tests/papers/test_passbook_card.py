"""The card on paper: name and number, four on a sheet, whatever a name holds."""

import pytest

from pioneer.papers.passbook_card import Face, passbook_card
from tests.papers.reading import pages_of
from tests.papers.test_rendering import HOSTILE

pytestmark = pytest.mark.pure


def test_the_fifth_card_begins_a_second_sheet() -> None:
    faces = [Face(f"党员{place}", f"012345678{place}", "槐园社区", "2026年4月1日") for place in range(5)]
    first, second = pages_of(passbook_card(faces))
    assert first.count("使用说明") == 4 and "012 345" not in second
    assert "党员4" in second and "0123 456 784" in second and "槐园社区" in second
    assert passbook_card(faces) == passbook_card(faces)


def test_a_name_is_text_and_nothing_else() -> None:
    faces = [Face(name, "0123456782", "槐园社区", "2026年4月1日") for name in HOSTILE[:4]]
    assert len(pages_of(passbook_card(faces))) == 1
