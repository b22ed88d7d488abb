"""渠道: what leaves the board and the meeting. These two always carry everything; an account and a group carry what the
rulebook says, or, where it says nothing, the scores, the grounds of additions and the link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pioneer.scoring.kinds import Provenance

Part = Literal["scores", "additions", "deductions", "link"]
PARTS: tuple[Part, ...] = ("scores", "additions", "deductions", "link")
USUAL: tuple[Part, ...] = ("scores", "additions", "link")


@dataclass(frozen=True, slots=True)
class Channels:
    """渠道: what the official account and the chat group carry."""

    account: tuple[Part, ...]
    group: tuple[Part, ...]
    clause: str
    provenance: Provenance
