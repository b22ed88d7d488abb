"""同一页只问一次 On a page that puts together what many stations say, the same question is asked once.

    with asked_once():
        waiting = [todo for station in STATIONS for todo in station(actor)]

A page that opens this only reads: an answer is kept until the page is done, whatever is written meanwhile. Everywhere
else a function marked `remembered` asks every time.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar, cast

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
_answers: ContextVar[dict[Hashable, object] | None] = ContextVar("answers", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """只问一次 Within it; what was known before is asked anew."""
    before = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(before)


def remembered(ask: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """记住答案 Within `asked_once`, by what is asked with; nobody changes the answer."""

    @wraps(ask)
    def asked(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        answers = _answers.get()
        if answers is None:
            return ask(*args, **kwargs)
        key = (ask, args, tuple(sorted(kwargs.items())))
        if key not in answers:
            answers[key] = ask(*args, **kwargs)
        return cast(Answer, answers[key])

    return asked
