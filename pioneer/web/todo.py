"""待办 One thing that waits for a person on the first page."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Todo:
    """一项待办 `text` says what ("考评表待复核"), `count` how many, `url` where, `due` by when, `note` a line more."""

    text: str
    count: int
    url: str
    due: date | None = None
    urgent: bool = False
    note: str = ""
