"""合计与等次的条文 What a rulebook says of the score as a whole: how it adds up, outside marks, tiers, quotas, alarms,
streaks, and what branches may add. Pure."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from pioneer.rulebook.amounts import caps_text, tier_name, track_name
from pioneer.rulebook.articles import Article, Sentence, article
from pioneer.scoring import Rulebook, show
from pioneer.scoring.model import Alarm, Component, PassbookRule, Quota, Streak, SupplementRule

SEVERAL = {
    "refuse": "已有成绩以后再来的，不予采用",
    "latest": "有几个的，以日期在后的为准",
    "mean": "有几个的，取平均数",
}
ROUNDINGS = {"down": "尾数舍去", "up": "尾数进一", "half_up": "尾数四舍五入"}
TIES = {"below": "界线上同分的都在界线以下", "above": "界线上同分的都在界线以上"}
RANKED = {"full": "参评的正式党员", "all": "定等次的全体党员"}
NOW = {"month": "一个月内", "quarter": "一个季度内", "cycle": "一个周期内"}


class Ruled(Protocol):
    """一行规定 What every row of the file says of itself."""

    @property
    def clause(self) -> str: ...
    @property
    def provenance(self) -> str: ...


R = TypeVar("R", bound=Ruled)


def ruled(row: Ruled, text: str) -> Sentence:
    """一句 With the row's own clause and provenance."""
    return Sentence(text, row.provenance != "source", row.clause)


def by_clause(title: str, rows: Iterable[R], say: Callable[[R], str]) -> list[Article]:
    """按条分列 One article per clause, in the order of the rows."""
    found: dict[str, list[Sentence]] = {}
    for row in rows:
        found.setdefault(row.clause, []).append(ruled(row, say(row)))
    return [article(clause, title, said) for clause, said in found.items()]


def result(rulebook: Rulebook) -> list[Article]:
    """得分的合计 Nothing where the file says nothing of it: then the score simply runs on through the cycle."""
    rule = rulebook.result
    if not rule.clause:
        return []
    said = [ruled(rule, _method(rulebook))]
    if rule.floor is not None:
        said.append(ruled(rule, f"每期得分最低计至{show(rule.floor)}分。"))
    if rule.ceiling is not None:
        said.append(ruled(rule, f"每期得分最高计至{show(rule.ceiling)}分。"))
    if rule.coefficient != 100 or rule.coefficient_by_track:
        by_track = [f"{track_name(rulebook, code)}{show(one)}" for code, one in rule.coefficient_by_track.items()]
        others = f"其余{show(rule.coefficient)}" if by_track else show(rule.coefficient)
        text = f"本人得分乘以系数计入：{'，'.join([*by_track, others])}；以周期最后一日的类别为准。"
        said.append(ruled(rule, text))
    return [article(rule.clause, "得分的合计", said)]


def _method(rulebook: Rulebook) -> str:
    rule = rulebook.result
    if rule.method == "total":
        return "得分在一个周期内连续累计。"
    each = "每月" if rule.period == "month" else "每季度" if rule.period == "quarter" else "每期"
    if rule.method == "sum":
        return f"{each}各计一次得分，各次相加为周期得分。"
    return f"{each}各计一次得分，取平均数（四舍五入到两位小数）为周期得分；加入以前已经结束又没有记录的，不列入平均。"


def components(rulebook: Rulebook) -> list[Article]:
    """外部成绩"""
    return by_clause("外部成绩", rulebook.components, _component)


def _component(row: Component) -> str:
    without = "没有成绩的，有了以后再定等次" if row.without is None else f"没有成绩的计{show(row.without)}分"
    return (
        f"“{row.name}”（{row.code}）满分{show(row.maximum)}分，成绩乘以{show(row.weight)}计入得分；"
        f"{without}；{SEVERAL[row.several]}。"
    )


def quotas(rulebook: Rulebook) -> list[Article]:
    """名额"""
    return by_clause("名额", rulebook.quotas, lambda row: _quota(rulebook, row))


def _quota(rulebook: Rulebook, row: Quota) -> str:
    tier, share = tier_name(rulebook, row.tier), f"{row.share[0]}/{row.share[1]}"
    of, how = RANKED[row.ranked], f"{ROUNDINGS[row.rounding]}，{TIES[row.ties]}"
    if row.end == "top":
        return f"{tier}不超过{of}的{share}（{how}），超出的依次降到下一等次。"
    return f"{of}中得分最后的{share}（{how}）定为{tier}，本来更低的不变。"


def streaks(rulebook: Rulebook) -> list[Article]:
    """连续等次"""
    return by_clause("连续等次", rulebook.streaks, lambda row: _streak(rulebook, row))


def _streak(rulebook: Rulebook, row: Streak) -> str:
    side = f"{tier_name(rulebook, row.at_most or row.at_least or '')}及{'以下' if row.at_most else '以上'}"
    follows = f"：{row.consequence.rstrip('。')}" if row.consequence else ""
    return f"“{row.name}”：连同本周期连续{row.cycles}个周期都在{side}{follows}。只提出，由党组织决定。"


def alarms(rulebook: Rulebook) -> list[Article]:
    """预警"""
    return by_clause("预警", rulebook.alarms, lambda row: _alarm(rulebook, row))


def _alarm(rulebook: Rulebook, row: Alarm) -> str:
    if row.below is not None:
        when = f"得分低于{show(row.below)}分"
    else:
        when = f"{NOW[row.period]}扣分累计达到{show(row.deductions or 0)}分"
    follows = f"：{row.consequence.rstrip('。')}" if row.consequence else ""
    limit = f"；其间等次最高为{tier_name(rulebook, row.tier_at_most)}" if row.tier_at_most else ""
    return f"“{row.name}”：{when}的{follows}{limit}。"


def supplement(rulebook: Rulebook) -> list[Article]:
    """支部补充"""
    rule = rulebook.supplement
    return [article(rule.clause, "支部补充", [ruled(rule, _supplement(rulebook, rule))])] if rule else []


def _supplement(rulebook: Rulebook, rule: SupplementRule) -> str:
    aspect = rulebook.aspect(rule.aspect) if rule.aspect else None
    inside = f"，计入“{aspect.name if aspect else rule.aspect}”" if rule.aspect else ""
    return (
        f"支部可以补充不超过{rule.indicators}项加分事项，一次最多{show(rule.points)}分，"
        f"合计{caps_text(rule.caps)}{inside}；经支部党员大会通过并记录，报乡镇（街道）批准，显示时一律注明。"
    )


WORTHS = {"exact": "保留两位小数", "down": "舍去小数", "half_up": "四舍五入取整", "up": "有小数即进位"}


def passbook(rulebook: Rulebook) -> list[Article]:
    """积分存折"""
    rule = rulebook.passbook
    return [article(rule.clause, "积分存折", [ruled(rule, text) for text in _passbook(rulebook, rule)])] if rule else []


def _passbook(rulebook: Rulebook, rule: PassbookRule) -> list[str]:
    kept = {
        "carried": "存折积分一直有效",
        "cleared": "存折积分到转入时所在周期的最后一天作废，作废前30天通知本人",
        "expiring": f"存折积分转入满{rule.years}年作废，先转入的先用，作废前30天通知本人",
    }
    names = "、".join(rulebook.indices[index].name for index in rule.indices)
    said = [
        f"开设积分存折的组织，{names}的条目入账后按计入的分转入存折，每1分为{show(rule.ratio)}存折积分，"
        f"{WORTHS[rule.rounding]}；存折的收支不影响得分。",
        f"{kept[rule.keep]}。",
    ]
    if rule.budget is not None:
        said.append(f"一个组织每月最多转入{show(rule.budget)}存折积分，超出的下月补转。")
    return said


PARTS = {"scores": "得分", "additions": "加分依据", "deductions": "扣分依据", "link": "公示页的链接"}


def channels(rulebook: Rulebook) -> list[Article]:
    """公开渠道"""
    rule = rulebook.channels
    if rule is None:
        return []
    said = "；".join(
        f"{where}写{'、'.join(PARTS[part] for part in parts)}"
        for where, parts in (("公众号", rule.account), ("微信群", rule.group))
    )
    return [article(rule.clause, "公开渠道", [ruled(rule, f"公示栏、党员大会写得分和全部依据；{said}。")])]
