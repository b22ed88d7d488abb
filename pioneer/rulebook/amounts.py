"""分值与限额的写法 Values, caps and conditions of an indicator in plain words: 每小时0.5分，一次最多2分；每月最多4分.

Pure. Every key of docs/rulebook.md that an indicator can hold is said here.
"""

from collections.abc import Callable, Mapping

from pioneer.scoring import Indicator, Rulebook, show
from pioneer.scoring.model import Period, Value, Window

WINDOWS: dict[Window, str] = {"day": "每日", "week": "每周", "month": "每月", "quarter": "每季度", "cycle": "每周期"}
PERIODS: dict[Period, str] = {"month": "每月", "quarter": "每季度", "cycle": "每周期"}
PRIORS = {"education": "须先有教育记录", "reminder": "须先有提醒记录"}
SOURCES = {
    "attendance": "支部登记到会的，据考勤提议记入",
    "late": "支部登记迟到、早退的，据考勤提议记入",
    "absence": "支部登记无故缺席的，据考勤提议记入",
    "dues": "支部登记未按时足额缴纳党费的，据以提议记入",
}
VOIDS = {"claim": "本人就同一件事所得的加分作废", "event": "此项活动无效，所有人就这件事所得的加分作废"}


def track_name(rulebook: Rulebook, code: str) -> str:
    """类别的名称 Its code where the rulebook does not know it."""
    track = rulebook.track(code)
    return track.name if track else code


def tier_name(rulebook: Rulebook, code: str) -> str:
    """等次的名称 Its code where the rulebook does not know it."""
    tier = rulebook.tier(code)
    return f"“{tier.name if tier else code}”"


def caps_text(caps: Mapping[Window, int]) -> str:
    """限额 每月最多2分，每周期最多8分."""
    return "，".join(f"{WINDOWS[window]}最多{show(caps[window])}分" for window in WINDOWS if window in caps)


def value_text(rulebook: Rulebook, indicator: Indicator) -> str:
    """分值 In words: 每次0.5分；每小时0.5分，一次最多2分；2至5分，写明理由后确定."""
    value = indicator.value
    if value is None:
        return ""
    return _SHAPES[value.shape](rulebook, indicator, value, "减" if indicator.index == "reverse" else "")


def conditions(rulebook: Rulebook, one: Indicator) -> tuple[str, ...]:
    """条件与后果 What must be on record, what else follows, how a line of it reads in a notice."""
    said = []
    if one.local:
        said.append(f"本支部补充：{one.local}")
    if one.prior is not None:
        said.append(PRIORS[one.prior.kind])
    if one.needs_decision:
        said.append("须经支部委员会决定")
    if one.needs_words:
        said.append("须记录原话")
    if one.needs_document:
        said.append("须有生效文件")
    if one.voids is not None:
        said.append(VOIDS[one.voids] + "；已经入账的，更正以前不变")
    if one.pool is not None:
        name = next((pool.name for pool in rulebook.pools if pool.code == one.pool), one.pool)
        said.append(f"从“{name}”中扣减")
    said += [f"{multiplier.name}的按{show(multiplier.factor)}倍计" for multiplier in one.multipliers]
    if one.tier_direct is not None:
        said.append(f"直接定为{tier_name(rulebook, one.tier_direct)}")
    if one.tier_at_most is not None:
        said.append(f"等次最高为{tier_name(rulebook, one.tier_at_most)}")
    if one.proposed_from is not None:
        said.append(SOURCES[one.proposed_from])
    if one.note:
        said.append(one.note.rstrip("。"))
    if one.wording != one.name:
        said.append(f"公示用语：{one.wording}")
    return tuple(said)


# ---------------------------------------------------------------- shapes


def _each(rulebook: Rulebook, value: Value, sign: str) -> str:
    """Points by track, the rest named last: 农村2分，其余1分."""
    if not value.by_track:
        return f"{sign}{show(value.points)}分"
    by_track = [f"{track_name(rulebook, code)}{sign}{show(points)}分" for code, points in value.by_track.items()]
    return "，".join([*by_track, f"其余{sign}{show(value.points)}分"])


def _most(value: Value, sign: str) -> str:
    return f"，一次最多{sign}{show(value.maximum)}分" if value.maximum is not None else ""


def _fixed(rulebook: Rulebook, one: Indicator, value: Value, sign: str) -> str:
    return f"每次{_each(rulebook, value, sign)}"


def _per_unit(rulebook: Rulebook, one: Indicator, value: Value, sign: str) -> str:
    text = f"每{value.unit}{_each(rulebook, value, sign)}"
    text += "，按整数计" if value.whole else "，不足的按比例计"
    text += _most(value, sign)
    return text + (f"，没有写明数量的按{show(value.default)}{value.unit}计" if value.default is not None else "")


def _range(rulebook: Rulebook, one: Indicator, value: Value, sign: str) -> str:
    return f"每次{sign}{show(value.minimum)}至{show(value.maximum or 0)}分，写明理由后确定"


def _ladder(rulebook: Rulebook, one: Indicator, value: Value, sign: str) -> str:
    steps = "，".join(f"{step.name}{sign}{show(step.points)}分" for step in value.steps)
    return f"{steps}；同一件事就高计一次"


def _brackets(rulebook: Rulebook, one: Indicator, value: Value, sign: str) -> str:
    return "，".join(f"满{show(step.start)}{value.unit}{sign}{show(step.points)}分" for step in value.steps)


def _cumulative(rulebook: Rulebook, one: Indicator, value: Value, sign: str) -> str:
    return f"累计{_brackets(rulebook, one, value, sign)}；达到高一档的，替换而不累加"


def _nth(rulebook: Rulebook, one: Indicator, value: Value, sign: str) -> str:
    times = [f"第{n}次{sign}{show(points)}分" for n, points in enumerate(value.times, start=1)]
    back = f"，向前{value.back_months}个月内合并计次" if value.back_months else ""
    return "，".join(times) + "，此后同末次" + back


def _shortfall(rulebook: Rulebook, one: Indicator, value: Value, sign: str) -> str:
    text = f"应达{show(value.required)}{value.unit}，每少1{value.unit}减{show(value.points)}分"
    return text + ("，按整数计" if value.whole else "，不足的按比例计") + _most(value, "减")


def _to_floor(rulebook: Rulebook, one: Indicator, value: Value, sign: str) -> str:
    pool = next((pool for pool in rulebook.pools if pool.code == one.pool), None)
    if pool is None:
        return "扣完为止"
    return f"“{pool.name}”当期的分一次扣至{show(pool.floor)}分"


_SHAPES: dict[str, Callable[[Rulebook, Indicator, Value, str], str]] = {
    "fixed": _fixed,
    "per_unit": _per_unit,
    "range": _range,
    "ladder": _ladder,
    "brackets": _brackets,
    "cumulative": _cumulative,
    "nth": _nth,
    "shortfall": _shortfall,
    "to_floor": _to_floor,
}
