"""得分依据: the sentences. Kept as templates with arguments and only written out when somebody reads them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pioneer.scoring.facts import Fact
from pioneer.scoring.model import Indicator, Value
from pioneer.scoring.points import HUNDRED, show

WINDOW_NAMES = {"day": "当日", "week": "本周", "month": "本月", "quarter": "本季度", "cycle": "本周期"}
PRIOR_NAMES = {"education": "教育记录", "reminder": "提醒记录"}
TIME_NAMES = ("第一次", "第二次", "第三次", "第四次", "第五次")

CAPPED = "{0}{1}已满{2}分，截去{3}分"
GROUP_CAPPED = "{0}{1}合计已满{2}分，截去{3}分"
EVENT_TAKEN = "同一事项（{0}）已按分值更高的{1}计分，本条不重复计"
EVENT_EARLIER = "同一事项（{0}）已按{1}计{2}分，本条只补差额"
EVENT_TAKEN_REVERSE = "同一事项（{0}）已按扣分更多的{1}扣分，本条不重复扣"
EVENT_EARLIER_REVERSE = "同一事项（{0}）已按{1}扣{2}分，本条只补差额"
AFTER_ZEROING = "{0}的文件已作清零处理，本周期积分管理终止，此后的事项不再计分"
NO_PRIOR = "没有发生日之前的{0}，按条件不予{1}分"
PRIOR_NOT_BEFORE = "{0}（{1}）不早于发生日，须在此前一天或更早"
PRIOR_TOO_OLD = "{0}（{1}）距发生日超过{2}，已失效"
NO_DECISION = "没有支部委员会的决定，按条件不予{0}分"
NO_WORDS = "没有记下原话，按条件不予{0}分"
NO_DOCUMENT = "没有要求的文件，按条件不予{0}分"
VOIDED = "同一事项（{0}）已按{1}认定无效"
NOT_LATEST = "以{0}的成绩为准，本次不计"
AVERAGED_LATER = "与本周期其他各次成绩平均，合并计入最后一次"
AVERAGED = "本周期{0}次成绩平均为{1}分"
ONLY_COUNTED = "发生在本周期之前，只用于累计次数"
REPEATED = "本周期内再次发生，加倍"
TIME_OF = "{0}发生"
MULTIPLIED = "{0}，按{1}倍计"
LADDER_REACHED = "累计{0}{1}，达到{2}分档，比此前增加{3}分"


class Note(NamedTuple):
    """说明: a template and its arguments; whole numbers among them are points in hundredths, dates are dates."""

    template: str
    args: tuple[object, ...] = ()


def day_text(day: date) -> str:
    """日期写法: ``2026年3月8日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def sentence(note: Note) -> str:
    """说明文字: the note written out, without a full stop."""
    return note.template.format(*(_text(item) for item in note.args))


def _text(item: object) -> str:
    if isinstance(item, int):
        return show(item)
    if isinstance(item, date):
        return day_text(item)
    return str(item)


def window_text(window: str) -> str:
    """时段写法: 当日, 本周, 本月, 本季度, 本周期."""
    return WINDOW_NAMES[window]


def time_text(number: int) -> str:
    """次数写法: 第一次 …"""
    return TIME_NAMES[number - 1] if number <= len(TIME_NAMES) else f"第{number}次"


def explain(fact: Fact, indicator: Indicator, raw: int, counted: int, notes: tuple[Note, ...]) -> str:
    """得分依据: the whole sentence of one line, with its clause.

    ``raw`` and ``counted`` are signed hundredths.
    """
    if indicator.index == "zeroing":
        trims = "".join(f"；{sentence(note)}" for note in notes)
        document = f"，依据{fact.document}" if fact.document else ""
        decided = f"（{day_text(fact.document_on or fact.event_on)}）"
        return f"{indicator.name}{document}{decided}，本周期得分清零{trims}（{indicator.clause}）"
    local = f"（支部补充，{indicator.local}）" if indicator.local else ""
    if indicator.index == "outside":
        return _marked(fact, indicator, counted, notes)
    if indicator.value is None and not notes:
        effect = "所涉申报无效" if indicator.voids else "影响等次"
        return f"{indicator.name}，不计分值，{effect}（{indicator.clause}）"
    verb = "扣" if indicator.index == "reverse" else "计"
    about = f"{indicator.name}{local}{_valued(fact, indicator)}"
    if not notes:
        return f"{about}，{verb}{show(abs(counted))}分（{indicator.clause}）"
    could = "应扣" if indicator.index == "reverse" else "本可得"
    trims = "；".join(sentence(note) for note in notes)
    end = f"{verb}{show(abs(counted))}分" if counted else f"不{verb}分"
    return f"{about}，{could}{show(abs(raw))}分；{trims}，{end}（{indicator.clause}）"


def _marked(fact: Fact, indicator: Indicator, counted: int, notes: tuple[Note, ...]) -> str:
    weight = indicator.value.points if indicator.value else HUNDRED
    about = f"{indicator.name}{show(fact.value or 0)}分，按{show(weight)}折算"
    trims = "".join(f"；{sentence(note)}" for note in notes)
    return f"{about}{trims}，计{show(counted)}分（{indicator.clause}）"


def _valued(fact: Fact, indicator: Indicator) -> str:
    value = indicator.value
    if value is None:
        return ""
    if fact.fixed is not None and fact.quantity is None and fact.level is None:
        return ""  # a settled value: what it is stands in the rest of the sentence
    if value.shape == "to_floor":
        return "，扣完为止"
    if value.shape in ("per_unit", "brackets", "cumulative", "shortfall"):
        return _by_quantity(fact, value)
    if value.shape == "range":
        limits = f"{show(value.minimum)}至{show(value.maximum or 0)}分"
        return f"，在{limits}内定为{show(abs(fact.value or 0))}分" if fact.value is not None else f"（{limits}）"
    if value.shape == "ladder":
        return f"（{fact.level}）" if fact.level else ""
    if value.shape == "nth":
        return ""
    points = value.by_track.get(fact.track or "", value.points)
    return f"，每次{show(points)}分"


def _by_quantity(fact: Fact, value: Value) -> str:
    quantity = fact.quantity if fact.quantity is not None else value.default
    if quantity is None:
        quantity = HUNDRED
    if value.shape == "shortfall":
        return _short(quantity, value)
    if value.shape != "per_unit":
        return f"{show(quantity)}{value.unit}"
    points = value.by_track.get(fact.track or "", value.points)
    each = f"每{value.unit}{show(points)}分"
    most = f"、一次最多{show(value.maximum)}分" if value.maximum is not None else ""
    return f"{show(quantity)}{value.unit}，{each}{most}"


def _short(quantity: int, value: Value) -> str:
    missing = max(0, value.required - quantity)
    each = f"每差1{value.unit}{show(value.points)}分"
    most = f"、最多{show(value.maximum)}分" if value.maximum is not None else ""
    unit = value.unit
    return f"，应达{show(value.required)}{unit}，实为{show(quantity)}{unit}，差{show(missing)}{unit}，{each}{most}"
