"""公示用语 The public wording: proposed from the indicator, checked for what must never be published."""

import re
from collections.abc import Iterable

from pioneer.kernel.points import show
from pioneer.scoring import Indicator

LONGEST = 200
_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_NUMBER = re.compile(r"\d(?:[\s\-—.·]?[\dXx]){6,}")
_NUMERAL = r"[0-9一二三四五六七八九十百]+"
_ADDRESS = re.compile(rf"{_NUMERAL}\s*(?:号楼|栋|幢|单元|室|门牌)|{_NUMERAL}-{_NUMERAL}-{_NUMERAL}")
_CONDITION = re.compile("癌|艾滋|精神病|精神障碍|抑郁|肝炎|肺结核|瘫痪|残疾|低保户|五保户|特困户|刑满释放|吸毒")


def propose(
    row: Indicator, quantity: int | None, level: str, *, has_decision: bool = False, multiplier: str = ""
) -> str:
    """建议用语 What the notice would say of it: the rulebook's wording with the quantity or the level, and for what an
    addition counts more."""
    said = _plainly(row, quantity, level, has_decision)
    found = next((one for one in row.multipliers if multiplier in (one.code, one.name)), None)
    return f"{said}（{found.name}，按{show(found.factor)}倍计）" if found and row.index != "reverse" else said


def _plainly(row: Indicator, quantity: int | None, level: str, has_decision: bool) -> str:
    text = row.wording
    value = row.value
    if row.index == "reverse":
        return f"{text}（依据：支部委员会决定）" if row.needs_decision and has_decision else text
    if value is not None and value.shape in ("per_unit", "brackets", "cumulative"):
        counted = quantity if quantity is not None else value.default
        return f"{text}{show(counted)}{value.unit}" if counted is not None else text
    if value is not None and value.shape == "ladder" and level:
        name = next((step.name for step in value.steps if level in (step.code, step.name, *step.aliases)), level)
        return f"{text}（{name}）"
    return text


def faults(text: str, row: Indicator, proposed: str, names: Iterable[str], own_name: str) -> list[str]:
    """不可公示之处 Sentences, one per thing that must not stand on a notice; empty where the wording may be shown."""
    found: list[str] = []
    if not text.strip():
        return ["请填写公示用语。"]
    if len(text) > LONGEST:
        found.append(f"公示用语请缩短到{LONGEST}个字以内。")
    if row.index == "reverse" and text != proposed:
        found.append(f"扣分条目对外只写指标和依据的种类，公示用语应为“{proposed}”；具体情况请写在“依据”里。")
        return found
    return found + private_in(text, names, own_name)


def private_in(text: str, names: Iterable[str], own_name: str) -> list[str]:
    """不可公示的内容 Of anything that a notice is to say: numbers, addresses, health, other people's names."""
    found: list[str] = []
    plain = text.translate(_NARROW)
    if hit := _NUMBER.search(plain):
        found.append(f"“{hit.group()}”像电话号码或证件号码，不能公示，请删去。")
    if hit := _ADDRESS.search(plain):
        found.append(f"“{hit.group()}”写到了楼栋单元门牌，公示用语最多写到村或小区，请删去。")
    if hit := _CONDITION.search(plain):
        found.append(f"“{hit.group()}”涉及他人的健康或家庭情况，不能公示，请换一种说法，如“困难群众”。")
    others = [name for name in names if len(name) > 1 and name != own_name and name in text]
    if others:
        found.append(f"写到了其他人的姓名（{'、'.join(dict.fromkeys(others))}），不能公示，请删去。")
    return found
