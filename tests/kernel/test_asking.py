"""On a page that puts together what many stations say, the same question is asked once; elsewhere every time."""

import pytest

from pioneer.kernel.asking import asked_once, remembered

pytestmark = pytest.mark.pure


def test_within_a_page_once_and_elsewhere_every_time() -> None:
    asked: list[tuple[int, bool]] = []

    @remembered
    def ask(number: int, *, loudly: bool = False) -> int:
        asked.append((number, loudly))
        return number * 2

    assert [ask(1), ask(1)] == [2, 2] and len(asked) == 2
    with asked_once():
        assert [ask(1), ask(1), ask(2), ask(1, loudly=True)] == [2, 2, 4, 2]
        assert asked[2:] == [(1, False), (2, False), (1, True)]
        with asked_once():
            ask(1)
        assert len(asked) == 6
    ask(1)
    assert len(asked) == 7


def test_a_refusal_is_not_remembered() -> None:
    turns: list[int] = []

    @remembered
    def ask() -> int:
        turns.append(1)
        raise LookupError

    with asked_once():
        for _ in range(2):
            with pytest.raises(LookupError):
                ask()
    assert len(turns) == 2
