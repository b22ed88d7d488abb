"""权限 Who may do what: one table of role × act. A role holds at its organisation and everything below it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pioneer.accounts.models import Role
from pioneer.kernel.errors import NotAllowed
from pioneer.organisations.models import Organisation


class Act(StrEnum):
    """一项权限 What may be done at an organisation."""

    EDIT_TREE = "edit_tree"  # create, rename, move organisations
    REORGANISE = "reorganise"  # merge, split, close
    EDIT_HOLIDAYS = "edit_holidays"
    MAKE_USERS = "make_users"  # accounts of officers, and their slips
    GRANT_BRANCH_ROLES = "grant_branch_roles"
    GRANT_OFFICER_ROLES = "grant_officer_roles"
    HAND_SLIPS = "hand_slips"  # slips of members of a branch
    READ_AUDIT = "read_audit"
    DRAFT_RULEBOOK = "draft_rulebook"
    ADOPT_RULEBOOK = "adopt_rulebook"
    SEE_ROSTER = "see_roster"
    EDIT_ROSTER = "edit_roster"
    IMPORT_ROSTER = "import_roster"
    SEE_IDENTITY = "see_identity"  # the whole identity number
    PROPOSE_TRANSFER = "propose_transfer"
    AGREE_EXEMPTION = "agree_exemption"
    APPROVE_EXEMPTION = "approve_exemption"
    WRITE_CONDUCT = "write_conduct"  # education records, reminders, relations
    PROPOSE_ZEROING = "propose_zeroing"
    APPROVE_ZEROING = "approve_zeroing"
    DECLARE_FOR = "declare_for"  # 代报
    EVALUATE = "evaluate"  # review claims, enter lines, submit the sheet
    CONFIRM = "confirm"  # second person
    CONFIRM_ABOVE = "confirm_above"  # second person where the branch is too small
    PUBLISH = "publish"
    ANSWER_OBJECTION = "answer_objection"
    ANSWER_FINALLY = "answer_finally"
    SEE_SHEET = "see_sheet"
    POST = "post"
    ERASE = "erase"
    SEE_OVERVIEW = "see_overview"


_BRANCH = {Role.RECORDER, Role.COMMITTEE_MEMBER, Role.DEPUTY_SECRETARY, Role.SECRETARY}
_LEADS = {Role.SECRETARY, Role.DEPUTY_SECRETARY}
_OFFICERS = {Role.COMMUNITY_OFFICER, Role.TOWNSHIP_OFFICER, Role.DISTRICT_OFFICER}

TABLE: dict[Act, frozenset[Role]] = {
    Act.EDIT_TREE: frozenset({Role.DISTRICT_OFFICER, Role.TOWNSHIP_OFFICER}),
    Act.REORGANISE: frozenset({Role.DISTRICT_OFFICER, Role.TOWNSHIP_OFFICER}),
    Act.EDIT_HOLIDAYS: frozenset({Role.SYSTEM_ADMIN, Role.DISTRICT_OFFICER}),
    Act.MAKE_USERS: frozenset({Role.SYSTEM_ADMIN, Role.DISTRICT_OFFICER, Role.TOWNSHIP_OFFICER}),
    Act.GRANT_BRANCH_ROLES: frozenset({Role.SECURITY_ADMIN, Role.TOWNSHIP_OFFICER, Role.DISTRICT_OFFICER}),
    Act.GRANT_OFFICER_ROLES: frozenset({Role.SECURITY_ADMIN}),
    Act.HAND_SLIPS: frozenset(_LEADS | _OFFICERS),
    Act.READ_AUDIT: frozenset({Role.AUDITOR, Role.SECURITY_ADMIN}),
    Act.DRAFT_RULEBOOK: frozenset({Role.DISTRICT_OFFICER}),
    Act.ADOPT_RULEBOOK: frozenset({Role.DISTRICT_OFFICER}),
    Act.SEE_ROSTER: frozenset(_BRANCH | _OFFICERS | {Role.AUDITOR}),
    Act.EDIT_ROSTER: frozenset({*_LEADS, Role.RECORDER, Role.TOWNSHIP_OFFICER, Role.DISTRICT_OFFICER}),
    Act.IMPORT_ROSTER: frozenset({*_LEADS, Role.RECORDER, *_OFFICERS}),
    Act.SEE_IDENTITY: frozenset({Role.SECRETARY, Role.TOWNSHIP_OFFICER, Role.DISTRICT_OFFICER}),
    Act.PROPOSE_TRANSFER: frozenset(_LEADS | {Role.TOWNSHIP_OFFICER, Role.DISTRICT_OFFICER}),
    Act.AGREE_EXEMPTION: frozenset(_LEADS | {Role.COMMITTEE_MEMBER}),
    Act.APPROVE_EXEMPTION: frozenset({Role.TOWNSHIP_OFFICER}),
    Act.WRITE_CONDUCT: frozenset(_BRANCH),
    Act.PROPOSE_ZEROING: frozenset(_LEADS),
    Act.APPROVE_ZEROING: frozenset({Role.TOWNSHIP_OFFICER}),
    Act.DECLARE_FOR: frozenset(_BRANCH | {Role.COMMUNITY_OFFICER}),
    Act.EVALUATE: frozenset(_BRANCH),
    Act.CONFIRM: frozenset({*_LEADS, Role.COMMITTEE_MEMBER}),
    Act.CONFIRM_ABOVE: frozenset({Role.COMMUNITY_OFFICER, Role.TOWNSHIP_OFFICER}),
    Act.PUBLISH: frozenset(_BRANCH),
    Act.ANSWER_OBJECTION: frozenset({*_LEADS, Role.COMMITTEE_MEMBER}),
    Act.ANSWER_FINALLY: frozenset({Role.TOWNSHIP_OFFICER}),
    Act.SEE_SHEET: frozenset(_BRANCH | _OFFICERS | {Role.AUDITOR}),
    Act.POST: frozenset(_LEADS),
    Act.ERASE: frozenset({Role.SECURITY_ADMIN}),
    Act.SEE_OVERVIEW: frozenset({Role.COMMUNITY_OFFICER, Role.TOWNSHIP_OFFICER, Role.DISTRICT_OFFICER, Role.AUDITOR}),
}


@dataclass(frozen=True, slots=True)
class Held:
    """任职 A grant that holds today."""

    role: Role
    organisation: int
    path: str


@dataclass(frozen=True, slots=True)
class Actor:
    """办事人 A natural person with what it may do today. `number` is the account's; a person without grants is a member."""

    number: int
    name: str
    grants: tuple[Held, ...] = ()

    @property
    def role(self) -> str:
        """角色 For the audit: what the person is, joined, or "member"."""
        return "+".join(sorted({held.role.value for held in self.grants}))[:40] or "member"


@dataclass(frozen=True, slots=True)
class Clock:
    """时钟 The named system actor; may do only what each station's policies.py lists for it."""

    number: None = None
    name: str = "系统时钟"
    role: str = "clock"
    grants: tuple[Held, ...] = ()


CLOCK = Clock()
AnyActor = Actor | Clock


def may(actor: AnyActor, act: Act, organisation: Organisation) -> bool:
    """可否 Whether a grant of the actor, at the organisation or above it, carries the act."""
    return any(held.role in TABLE[act] and organisation.path.startswith(held.path) for held in actor.grants)


def require(actor: AnyActor, act: Act, organisation: Organisation, sentence: str = "") -> None:
    """必须可 Raises NotAllowed with a sentence that says who may."""
    if not may(actor, act, organisation):
        who = "、".join(role.label for role in Role if role in TABLE[act])
        raise NotAllowed(sentence or f"此项由{organisation.name}的{who}办理，您目前没有这项任职。")


def paths(actor: AnyActor, act: Act) -> list[str]:
    """范围 The subtrees (path prefixes) in which the actor has the act."""
    return sorted({held.path for held in actor.grants if held.role in TABLE[act]})


def has_role(actor: AnyActor, roles: Iterable[Role]) -> bool:
    """有无任职 Whether the actor holds one of the roles anywhere."""
    wanted = set(roles)
    return any(held.role in wanted for held in actor.grants)
