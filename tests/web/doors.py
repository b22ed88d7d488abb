"""路由表的词 The cast in groups, and what a row of the table says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Who = frozenset[str]


def who(*codes: str) -> Who:
    """谁"""
    return frozenset(codes)


# --- the cast, in groups; "own" is 槐园社区第一党支部 and what stands above it ---
LEADS = who("secretary", "deputy")
BRANCH = LEADS | who("recorder", "committee")
COMMUNITY = who("community_officer")
TOWNSHIP = who("township_officer", "second_township_officer")
DISTRICT = who("district_officer", "second_district_officer")
ABOVE = COMMUNITY | TOWNSHIP
OFFICERS = ABOVE | DISTRICT
AUDITOR = who("auditor")
SECRETARIES = who("secretary", "second_secretary", "village_secretary", "other_secretary")
SYSTEM = who("system_admin")
SECURITY = who("security_admin")
SECOND_BRANCH = who("second_recorder", "second_secretary")
VILLAGE = who("village_secretary", "village_recorder")
TOWN = who("town_officer")
OTHER_BRANCH = who("other_secretary", "other_recorder")
OTHER_ABOVE = who("other_township_officer", "other_district_officer")
PLAIN = who("guilan", "xueqin", "mancang", "other_member")  # members without a role
ROLES_IN_BRANCHES = BRANCH | SECOND_BRANCH | VILLAGE | OTHER_BRANCH
ROLES_ABOVE = OFFICERS | TOWN | OTHER_ABOVE
ADMINISTRATORS = AUDITOR | SYSTEM | SECURITY
ISSUERS = LEADS | who("recorder")  # of cards, to members of the branch
SHOPKEEPER = who("shopkeeper")  # of the passbook: tests/web/scenario_rewards.py
MERCHANT = who("merchant")
EVERYBODY = ROLES_IN_BRANCHES | ROLES_ABOVE | ADMINISTRATORS | PLAIN | SHOPKEEPER | MERCHANT
NOBODY: Who = frozenset()
MEMBERS = (ROLES_IN_BRANCHES | PLAIN) - who("other_recorder")  # people with a row in a roster
OF_DISTRICT = EVERYBODY - OTHER_BRANCH - OTHER_ABOVE - who("other_member")

SEE = BRANCH | OFFICERS | AUDITOR  # the branch's roster, sheets, notices and postings
SEE_ANYWHERE = ROLES_IN_BRANCHES | ROLES_ABOVE | AUDITOR
EDIT_ROSTER = LEADS | who("recorder") | TOWNSHIP | DISTRICT
IMPORT = EDIT_ROSTER | COMMUNITY
IMPORT_ANYWHERE = (ROLES_IN_BRANCHES | ROLES_ABOVE) - who("committee")
MOVE = LEADS | TOWNSHIP | DISTRICT  # propose and receive transfers
CONFIRM = LEADS | who("committee") | ABOVE
HANDS = LEADS | OFFICERS | SYSTEM  # a slip for a member of the branch
OVER_RECORDER = OFFICERS | SYSTEM  # stands above the branch's recorder
SEES_USER = LEADS | OFFICERS | SYSTEM | SECURITY
MAKES_USERS = SYSTEM | TOWNSHIP | DISTRICT | TOWN | OTHER_ABOVE


Data = Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """一行"""

    sees: Who | None = None
    does: Who | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    data: Data = field(default_factory=dict)
    query: str | Callable[[Mapping[str, Any]], str] = ""
    public: bool = False
    reads: bool = False  # a POST that is answered and writes nothing


def page(sees: Who, query: str = "", **args: str) -> Row:
    """只读的页"""
    return Row(sees=sees, args=args, query=query)


def act(does: Who, data: Data | None = None, **args: str) -> Row:
    """只收POST的一步"""
    return Row(does=does, args=args, data=data or {})


def form(sees: Who, does: Who | None = None, data: Data | None = None, query: Any = "", **args: str) -> Row:
    """一页表单 Who sees it may send it, unless `does` says otherwise."""
    return Row(sees=sees, does=sees if does is None else does, args=args, data=data or {}, query=query)
