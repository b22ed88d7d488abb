"""权限 Who may do what: one table of role × act. A role holds at its organisation and everything below it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pioneer.accounts.models import Role as Role  # pages know roles from here
from pioneer.kernel.errors import NotAllowed
from pioneer.organisations.models import Organisation


class Act(StrEnum):
    """一项权限 What may be done at an organisation."""

    SEE_TREE = "see_tree"  # where the role is held, below it, and the chain above
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
    PROPOSE_SUPPLEMENT = "propose_supplement"  # 支部补充, and its end
    APPROVE_SUPPLEMENT = "approve_supplement"
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
    SETTLE = "settle"  # 年度评定
    ENTER_MARKS = "enter_marks"  # 民主评议等外部成绩, of one's own branch
    CONFIRM_MARKS = "confirm_marks"  # second person
    IMPORT_FORMERS = "import_formers"  # results of former cycles, with their filing number
    ANNOUNCE = "announce"  # 通报, where a community, or a branch that is one
    FILE = "file"  # 备案, likewise; a township with the district
    RECEIVE_FILING = "receive_filing"  # of those below
    PROPOSE_AMENDMENT = "propose_amendment"
    APPROVE_AMENDMENT = "approve_amendment"
    FOLLOW_UP = "follow_up"  # 跟进帮教
    OVERSEE_FOLLOW_UPS = "oversee_follow_ups"
    PROPOSE_UNQUALIFIED = "propose_unqualified"  # 不合格的认定, put to the branch meeting
    HANDLE_CASE = "handle_case"  # 组织处置: the branch's steps
    REVIEW_CASE = "review_case"  # prior filing, investigation, review: the grass-roots committee
    APPROVE_CASE = "approve_case"  # the committee above
    NOMINATE = "nominate"  # 推荐
    GIVE_OPINION = "give_opinion"
    DECIDE_NOMINATION = "decide_nomination"
    OPEN_PASSBOOK = "open_passbook"  # 积分存折, opened and closed by a decision of the community
    MANAGE_PASSBOOK = "manage_passbook"  # shops, goods, merchants, money
    RUN_SHOP = "run_shop"  # 积分超市: redeem, receive, count
    ISSUE_CARD = "issue_card"
    SERVE_MERCHANT = "serve_merchant"  # of the own merchant
    CHECK_PASSBOOK = "check_passbook"  # second person of a month's money
    SEE_PASSBOOK = "see_passbook"  # its books, without a member's own account
    ARCHIVE = "archive"  # 年度档案: make and take one; it holds what the branch's lead reads
    ERASE = "erase"
    SEE_OVERVIEW = "see_overview"


_BRANCH = {Role.RECORDER, Role.COMMITTEE_MEMBER, Role.DEPUTY_SECRETARY, Role.SECRETARY}
_LEADS = {Role.SECRETARY, Role.DEPUTY_SECRETARY}
_OFFICERS = {Role.COMMUNITY_OFFICER, Role.TOWNSHIP_OFFICER, Role.DISTRICT_OFFICER}

TABLE: dict[Act, frozenset[Role]] = {
    Act.SEE_TREE: frozenset(set(Role) - {Role.SHOPKEEPER, Role.MERCHANT}),
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
    Act.PROPOSE_SUPPLEMENT: frozenset(_LEADS),
    Act.APPROVE_SUPPLEMENT: frozenset({Role.TOWNSHIP_OFFICER}),
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
    Act.SETTLE: frozenset(_OFFICERS | {Role.SECRETARY}),  # a secretary where the branch is a community
    Act.ENTER_MARKS: frozenset(_BRANCH | {Role.COMMUNITY_OFFICER}),
    Act.CONFIRM_MARKS: frozenset({*_LEADS, Role.COMMITTEE_MEMBER, Role.COMMUNITY_OFFICER, Role.TOWNSHIP_OFFICER}),
    Act.IMPORT_FORMERS: frozenset({Role.TOWNSHIP_OFFICER, Role.DISTRICT_OFFICER}),
    Act.ANNOUNCE: frozenset({Role.COMMUNITY_OFFICER, *_LEADS}),
    Act.FILE: frozenset({Role.COMMUNITY_OFFICER, Role.SECRETARY, Role.TOWNSHIP_OFFICER}),
    Act.RECEIVE_FILING: frozenset({Role.TOWNSHIP_OFFICER, Role.DISTRICT_OFFICER}),
    Act.PROPOSE_AMENDMENT: frozenset({Role.COMMUNITY_OFFICER, Role.SECRETARY}),
    Act.APPROVE_AMENDMENT: frozenset({Role.TOWNSHIP_OFFICER}),
    Act.FOLLOW_UP: frozenset(_BRANCH),
    Act.OVERSEE_FOLLOW_UPS: frozenset(_OFFICERS | {Role.AUDITOR}),
    Act.PROPOSE_UNQUALIFIED: frozenset(_LEADS),
    Act.HANDLE_CASE: frozenset(_LEADS | {Role.COMMITTEE_MEMBER}),
    Act.REVIEW_CASE: frozenset({Role.TOWNSHIP_OFFICER}),
    Act.APPROVE_CASE: frozenset({Role.TOWNSHIP_OFFICER, Role.DISTRICT_OFFICER}),
    Act.NOMINATE: frozenset({*_LEADS, Role.COMMUNITY_OFFICER}),
    Act.GIVE_OPINION: frozenset(_OFFICERS),
    Act.DECIDE_NOMINATION: frozenset({Role.TOWNSHIP_OFFICER, Role.DISTRICT_OFFICER}),
    Act.OPEN_PASSBOOK: frozenset({Role.COMMUNITY_OFFICER, Role.SECRETARY}),
    Act.MANAGE_PASSBOOK: frozenset({Role.COMMUNITY_OFFICER, *_LEADS}),
    Act.RUN_SHOP: frozenset({Role.SHOPKEEPER, Role.COMMUNITY_OFFICER, *_LEADS}),
    Act.ISSUE_CARD: frozenset({Role.SHOPKEEPER, Role.COMMUNITY_OFFICER, *_LEADS, Role.RECORDER}),
    Act.SERVE_MERCHANT: frozenset({Role.MERCHANT}),
    Act.CHECK_PASSBOOK: frozenset({Role.COMMUNITY_OFFICER, *_LEADS, Role.TOWNSHIP_OFFICER}),
    Act.SEE_PASSBOOK: frozenset({Role.SHOPKEEPER, *_LEADS, *_OFFICERS, Role.AUDITOR}),
    Act.ARCHIVE: frozenset({*_LEADS, Role.TOWNSHIP_OFFICER, Role.DISTRICT_OFFICER}),
    Act.ERASE: frozenset({Role.SECURITY_ADMIN}),
    Act.SEE_OVERVIEW: frozenset({Role.COMMUNITY_OFFICER, Role.TOWNSHIP_OFFICER, Role.DISTRICT_OFFICER, Role.AUDITOR}),
}


@dataclass(frozen=True, slots=True)
class Held:
    """任职 A grant that holds today."""

    role: Role
    organisation: int
    path: str
    name: str = ""  # the organisation's


@dataclass(frozen=True, slots=True)
class Actor:
    """办事人 A natural person with what it may do today. `number` is the account's; without grants it is a member."""

    number: int
    name: str
    grants: tuple[Held, ...] = ()

    @property
    def role(self) -> str:
        """角色 For the audit: what the person is, joined, or "member"."""
        return "+".join(sorted({held.role.value for held in self.grants}))[:40] or "member"

    def may(self, act: str, path: str) -> bool:
        """可否 The question as earlier stations ask it, who know neither roles nor this table."""
        return any(held.role in TABLE[Act(act)] and path.startswith(held.path) for held in self.grants)


@dataclass(frozen=True, slots=True)
class Clock:
    """时钟 The named system actor; may do only what each station's policies.py lists for it."""

    number: None = None
    name: str = "系统时钟"
    role: str = "clock"
    grants: tuple[Held, ...] = ()

    def may(self, act: str, path: str) -> bool:
        """可否 Nothing of the table; what the clock may do stands in each station's policies."""
        return False


@dataclass(frozen=True, slots=True)
class Visitor:
    """来人 Who has not signed in: may use a slip, and nothing of the table."""

    number: None = None
    name: str = "未登录者"
    role: str = "visitor"
    grants: tuple[Held, ...] = ()

    def may(self, act: str, path: str) -> bool:
        """可否 Nothing of the table."""
        return False


CLOCK = Clock()
VISITOR = Visitor()
SETUP = Clock(name="安装程序", role="setup")  # acts once, on an empty database
CONSOLE = Clock(name="控制台", role="console")  # whoever has the server's shell; does what a station's policies list
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


# --- slips and grants: who stands above whom --------------------------------------------------------------------------

BRANCH_ROLES = frozenset({*_BRANCH, Role.SHOPKEEPER, Role.MERCHANT})
OFFICER_ROLES = frozenset(set(Role) - BRANCH_ROLES)
NEEDS_SECOND_FACTOR = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
SEPARATE = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})  # never two of them in one person
_RANK = {Role.COMMUNITY_OFFICER: 1, Role.TOWNSHIP_OFFICER: 2, Role.DISTRICT_OFFICER: 3, Role.AUDITOR: 3}
_LEVEL = {
    Role.COMMUNITY_OFFICER: "community",
    Role.TOWNSHIP_OFFICER: "township",
    **dict.fromkeys({Role.DISTRICT_OFFICER, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}, "district"),
}


def fits(role: Role, organisation: Organisation) -> bool:
    """可否设此职 Whether the role exists at an organisation of this level."""
    if role in {Role.SHOPKEEPER, Role.MERCHANT}:
        return organisation.level != Organisation.Level.DISTRICT
    if role in BRANCH_ROLES:
        return organisation.is_branch
    return organisation.level == _LEVEL[role]


def outranks(actor: AnyActor, post: Held) -> bool:
    """是否上级 Whether the actor stands above this post: a higher office over the same subtree, or an administrator.

    The two administrators hand slips to each other; neither to one of its own kind.
    """
    for held in actor.grants:
        if not post.path.startswith(held.path):
            continue
        if held.role == Role.SYSTEM_ADMIN and post.role != Role.SYSTEM_ADMIN:
            return True
        if held.role == Role.SECURITY_ADMIN and post.role == Role.SYSTEM_ADMIN:
            return True
        if (
            held.role in _OFFICERS
            and post.role not in NEEDS_SECOND_FACTOR
            and _RANK[held.role] > _RANK.get(post.role, 0)
        ):
            return True
    return False


def may_hand(actor: AnyActor, number: int, posts: Iterable[Held], home: Organisation | None) -> bool:
    """可否开纸条 Never to oneself; to a post-holder from above every post; to a member by the branch's leads."""
    if actor.number is None or actor.number == number:
        return False
    posts = list(posts)
    if posts:
        return all(outranks(actor, post) for post in posts)
    return home is not None and (may(actor, Act.HAND_SLIPS, home) or may(actor, Act.MAKE_USERS, home))


def require_hand(actor: AnyActor, number: int, posts: Iterable[Held], home: Organisation | None) -> None:
    """必须可开 Raises NotAllowed with the sentence that says who may."""
    if actor.number == number:
        raise NotAllowed("本人的账号由他人办理：党员请找所在支部的书记或副书记，任职人员请找上一级。")
    if not may_hand(actor, number, posts, home):
        raise NotAllowed(
            "这个账号不由您办理：普通党员由所在支部的书记、副书记办理，任职人员由上一级的党务工作者或系统管理员办理。"
        )


def grant_act(role: Role) -> Act:
    """授予此职所需的权限"""
    return Act.GRANT_BRANCH_ROLES if role in BRANCH_ROLES else Act.GRANT_OFFICER_ROLES


def grantable(actor: AnyActor, organisation: Organisation) -> list[Role]:
    """可授予的职务 The roles the actor may grant at an organisation."""
    return [role for role in Role if fits(role, organisation) and may(actor, grant_act(role), organisation)]


def require_grant(actor: AnyActor, number: int, role: Role, organisation: Organisation) -> None:
    """必须可授 Nobody grants a role to oneself or ends an own one."""
    if actor.number == number:
        raise NotAllowed("本人的任职由他人办理，请找安全管理员或上一级的党务工作者。")
    require(actor, grant_act(role), organisation)


def needs_second_factor(actor: AnyActor) -> bool:
    """须二次验证 Administrators sign in with a second factor (graded protection)."""
    return has_role(actor, NEEDS_SECOND_FACTOR)
