"""栏目 The few entries under the bar, by role. Stations add theirs to ENTRIES."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from pioneer.accounts.policies import SEPARATE, Act, Actor, has_role, paths
from pioneer.disposals import queries as disposals
from pioneer.kernel.asking import asked_once
from pioneer.members.queries import member_of
from pioneer.rewards.door_queries import doors


@dataclass(frozen=True, slots=True)
class Entry:
    """一个栏目 `url` is a url name without arguments; shown where `when(actor)` is true, and of one's own as a member
    (`own`) only to who is on a roster."""

    text: str
    url: str
    when: Callable[[Actor], bool]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """显示的栏目 An entry as the page shows it; on a narrow screen one that is not `near` stands under 更多."""

    text: str
    url: str
    current: bool
    near: bool = True


@dataclass(frozen=True, slots=True)
class Bar:
    """栏目条 The entries in their order, and on a narrow screen those under 更多."""

    entries: tuple[Shown, ...]

    @property
    def further(self) -> list[Shown]:
        """更多 Empty where all have room."""
        return [one for one in self.entries if not one.near]

    @property
    def current_further(self) -> Shown | None:
        """更多中的当前栏目 So that the closed 更多 can say that one is in it."""
        return next((one for one in self.further if one.current), None)


def carries(*acts: Act) -> Callable[[Actor], bool]:
    """持有权限 True for who has one of the acts anywhere."""
    return lambda actor: any(paths(actor, act) for act in acts)


def not_administrator(actor: Actor) -> bool:
    """可能是党员 The three administrators do nothing else under their accounts."""
    return not has_role(actor, SEPARATE)


def _only_cards(actor: Actor) -> bool:
    """For the members of a branch below, without the books."""
    return doors(actor).cards and not doors(actor).books


# Daily work first, then one's own, then what is set up once, then what is only read.
ENTRIES: list[Entry] = [
    Entry("首页", "home", lambda actor: bool(actor.grants)),
    Entry("考评", "sheets", carries(Act.SEE_SHEET)),
    Entry("公示", "publications", carries(Act.SEE_SHEET)),
    Entry("花名册", "rosters", carries(Act.SEE_ROSTER)),
    Entry("日常纪实", "conduct", carries(Act.WRITE_CONDUCT, Act.APPROVE_ZEROING)),
    Entry("总览", "overview", carries(Act.SEE_OVERVIEW)),
    Entry("年度评定", "settlements", carries(Act.SETTLE, Act.SEE_OVERVIEW)),
    Entry("年底通报", "announcements", carries(Act.ANNOUNCE)),
    Entry("备案", "filings", carries(Act.FILE, Act.RECEIVE_FILING, Act.SEE_OVERVIEW)),
    Entry("跟进", "follow-ups", carries(Act.FOLLOW_UP, Act.OVERSEE_FOLLOW_UPS)),
    Entry("推荐", "nominations", carries(Act.NOMINATE, Act.GIVE_OPINION, Act.ANSWER_OBJECTION, Act.SEE_OVERVIEW)),
    Entry("组织处置", "disposals", lambda actor: bool(disposals.scope(actor))),
    Entry("积分存折管理", "passbooks", lambda actor: bool(actor.grants) and doors(actor).books),
    Entry("积分存折", "passbooks", lambda actor: bool(actor.grants) and _only_cards(actor)),
    Entry("商户", "merchants", carries(Act.SERVE_MERCHANT)),
    Entry("年度档案", "archives", carries(Act.ARCHIVE)),
    Entry("积分超市", "shops", lambda actor: bool(actor.grants) and doors(actor).shop),
    Entry("我的积分", "member-home", not_administrator, own=True),
    Entry("我的存折", "passbook", lambda actor: not_administrator(actor) and doors(actor).own, own=True),
    Entry("我的评定", "own-results", lambda actor: not actor.grants, own=True),
    Entry("我的申报", "declarations", not_administrator, own=True),
    Entry("我的推荐", "own-nominations", lambda actor: not actor.grants, own=True),
    Entry("我的档案", "own-file", lambda actor: not actor.grants),
    Entry("我的纪实", "own-conduct", lambda actor: not actor.grants),
    Entry("组织", "organisations", carries(Act.EDIT_TREE)),
    Entry("节假日", "holidays", carries(Act.EDIT_HOLIDAYS)),
    Entry("账号与任职", "users", carries(Act.MAKE_USERS, Act.GRANT_BRANCH_ROLES, Act.GRANT_OFFICER_ROLES)),
    Entry("审计", "audit", carries(Act.READ_AUDIT)),
    Entry("抹除", "erasure", carries(Act.ERASE)),
    Entry("积分办法", "rulebook", lambda actor: True),
]

# Who holds a role has up to twenty: on a narrow screen one line of them, the first of these that are shown and 更多.
NEAREST = [
    *("home", "overview", "audit", "sheets", "publications", "rosters", "shops", "merchants", "member-home"),
    *("declarations", "users", "rulebook"),
]
FEW = 5  # are not folded
ROOM = (4, 9)  # entries, and characters in them: beside 更多 in large print on 360 px


def shown(request: HttpRequest, actor: Actor) -> Bar:
    """本人的栏目 The entries of this person; the one whose page is open is marked. A member's all stand open."""
    here = request.path
    entries = []
    on_roster = not actor.grants or member_of(actor.number) is not None
    with asked_once():
        open_to = [entry for entry in ENTRIES if entry.when(actor)]
    for entry in open_to:
        if entry.own and actor.grants and not on_roster:
            continue
        try:
            url = reverse(entry.url)
        except NoReverseMatch:
            continue
        entries.append((entry, url))
    inside = [url for _, url in entries if (here == url if url == "/" else here.startswith(url))]
    current = max(inside, key=len, default="")  # of /me/ and /me/file/ the nearer
    open_ones = [entry for entry, _ in entries]
    near = _near(open_ones) if actor.grants and len(entries) > FEW else open_ones
    return Bar(tuple(Shown(entry.text, url, url == current, entry in near) for entry, url in entries))


def _near(entries: list[Entry]) -> list[Entry]:
    """Those for which one line has room, by NEAREST."""
    most, room = ROOM
    found: list[Entry] = []
    for entry in sorted((one for one in entries if one.url in NEAREST), key=lambda one: NEAREST.index(one.url)):
        if len(found) < most and sum(len(one.text) for one in [*found, entry]) <= room:
            found.append(entry)
    return found
