"""推荐的纸面与文字 What a list, a notice and a letter say, from what is on record."""

from collections.abc import Sequence
from datetime import date

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.kernel.points import show
from pioneer.nominations import queries
from pioneer.nominations.eligibility import COMMEND
from pioneer.nominations.models import Call, Commendation, Commended, Nomination, Notice
from pioneer.papers import honour
from pioneer.results.cycles import cycle_text
from pioneer.rulebook.queries import current_rulebook, parsed
from pioneer.scoring import Cycle, Rulebook

LISTS = {"poster-a3": "海报（A3）", "poster-a4": "海报（A4）", "handout": "会议材料（A4）"}


def rules_of(shown: Commendation) -> Rulebook:
    """名单所依据的办法 The one by which the results were settled."""
    return parsed(shown.announcement.settlement.version)


def cycle_of(shown: Commendation) -> str:
    """名单的周期"""
    return cycle_text(Cycle(shown.announcement.first_on, shown.announcement.last_on))


def named(shown: Commendation) -> list[Commended]:
    """公布姓名的人 In the order of the roster."""
    return [one for one in queries.people_of(shown) if one.is_named]


def said(shown: Commendation) -> honour.Commended:
    """名单的内容 Without anybody's score."""
    if shown.issued_at is None:
        raise DomainError("not_issued", "名单还没有审定发布，不能打印。请先由第二个人审定。")
    groups: dict[str, list[str]] = {}
    for one in named(shown):
        groups.setdefault(one.result.branch.name, []).append(one.member.name)
    if not groups:
        raise DomainError("nobody_named", "名单上没有公布姓名的人，没有可以打印的内容。")
    rules = rules_of(shown)
    clause = next((tier.clause for tier in rules.tiers if tier.follow == COMMEND), "")
    return honour.Commended(
        unit=shown.unit.name,
        cycle=cycle_of(shown),
        rulebook=rules.meta.name,
        clause=clause,
        day=_day(shown.issued_at.astimezone(clock.SHANGHAI).date()),
        groups=tuple(honour.Group(branch, tuple(names)) for branch, names in groups.items()),
    )


def list_pdf(shown: Commendation, kind: str) -> bytes:
    """表扬名单的纸面 `kind` of LISTS. LookupError for another."""
    if kind not in LISTS:
        raise LookupError(f"没有“{kind}”这种纸面")
    content = said(shown)
    if kind == "handout":
        return honour.commendation_handout(content)
    return honour.commendation_poster(content, kind.removeprefix("poster-"))


def wordings(shown: Commendation) -> list[tuple[str, str]]:
    """对外的文字 For the official account and the group. A score only where the rulebook itself says that the channel
    carries scores."""
    content = said(shown)
    channels = rules_of(shown).channels
    account, group = (channels.account, channels.group) if channels else ((), ())
    return [("公众号", _wording(shown, content, account)), ("微信群", _wording(shown, content, group))]


def _wording(shown: Commendation, content: honour.Commended, parts: Sequence[str]) -> str:
    lines = [f"{content.unit}{content.cycle}{honour.COMMENDED}", honour.opening(content)]
    scores = {one.member.name: f"（{show(one.result.score)}分）" for one in named(shown)} if "scores" in parts else {}
    for group in content.groups:
        lines.append(f"{group.branch}：" + "、".join(f"{name}{scores.get(name, '')}" for name in group.names))
    return "\n".join([*lines, "名单按花名册顺序排列，不排名次。", f"{content.unit}　{content.day}"])


# ------------------------------------------------------------------ nominations


def notice_pdf(notice: Notice) -> bytes:
    """推荐人选公示 All those shown who still stand: every branch below hangs the same paper."""
    call = notice.call
    rows = queries.shown_in(notice)
    if not rows:
        raise DomainError("nobody_shown", "这次公示的人选都已撤回，没有可以打印的内容。")
    window = current_rulebook(call.organisation.district_number, notice.shown_on).procedure.publication_window
    branches = list(dict.fromkeys(one.branch.name for one in rows))
    return honour.nomination_notice(
        organisation=call.organisation.name,
        title=call.title,
        document=f"{call.document_number}推荐通知",
        people=[honour.Proposed(one.member.name, one.branch.name, one.wording) for one in rows],
        window=f"{_day(notice.shown_on)}张贴，到{_day(notice.last_on)}24时止",
        receivers=[call.organisation.name, *branches],
        day=_day(notice.shown_on),
        clause=f"积分办法{window.clause}",
    )


def letter_pdf(one: Nomination) -> bytes:
    """通知书 To who was chosen."""
    if one.state != Nomination.State.CHOSEN or one.decided_on is None:
        raise DomainError("not_chosen", f"这项推荐现在是“{one.get_state_display()}”，确定以后才有通知书。")
    return honour.nomination_letter(
        name=one.member.name,
        branch=one.branch.name,
        organisation=one.call.organisation.name,
        title=one.call.title,
        document=one.document_number,
        day=_day(one.decided_on),
        call=f"{one.call.document_number}　{label_of(one.call)}",
    )


def label_of(call: Call) -> str:
    """种类和级别"""
    return f"{call.get_level_display()}{call.get_kind_display()}"


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
