"""组织的权限 Who may change the tree and the holiday table.

Accounts stand after organisations, so the actor is known here only by what it can answer.
"""

from collections.abc import Sequence
from typing import Protocol

from pioneer.kernel.errors import NotAllowed
from pioneer.organisations.models import Organisation


class Standing(Protocol):
    """任职 A role held at an organisation, whose path is a prefix of all below."""

    @property
    def path(self) -> str: ...


class Acting(Protocol):
    """办事人 What this station asks of an actor."""

    @property
    def number(self) -> int | None: ...
    @property
    def role(self) -> str: ...
    @property
    def grants(self) -> Sequence[Standing]: ...
    def may(self, act: str, path: str) -> bool: ...


SENTENCES = {
    "edit_tree": "组织的设立、更名和改隶由上级乡镇（街道）党务工作者或区委组织部工作人员办理，您目前没有这项任职。",
    "reorganise": "组织的合并、分设和撤销由上级乡镇（街道）党务工作者或区委组织部工作人员办理，您目前没有这项任职。",
    "edit_holidays": "节假日表由系统管理员或区委组织部工作人员录入，您目前没有这项任职。",
}


def require(actor: Acting, act: str, organisation: Organisation) -> None:
    """必须可 Raises NotAllowed with the sentence that says who may."""
    if not actor.may(act, organisation.path):
        raise NotAllowed(SENTENCES[act])


def require_anywhere(actor: Acting, act: str) -> None:
    """必须可 For what is one for the whole house, like the holiday table."""
    if not may_anywhere(actor, act):
        raise NotAllowed(SENTENCES[act])


def may_anywhere(actor: Acting, act: str) -> bool:
    """可否 Whether the actor has the act at any organisation."""
    return any(actor.may(act, held.path) for held in actor.grants)
