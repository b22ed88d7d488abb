"""支部补充的核对 What is wrong with the rows a branch writes down: everything at once, each at its field. Pure."""

import re
from collections.abc import Iterator, Sequence

from pioneer.kernel.errors import Fault
from pioneer.rulebook.local import LocalRow, text_of
from pioneer.scoring import Mistake, Rulebook
from pioneer.scoring.supplements import SHAPES, load_supplement

LABELS = {
    "name": "名称",
    "shape": "计分方式",
    "points": "分值",
    "unit": "单位",
    "least": "最低分",
    "most": "最高分",
    "caps": "限额",
    "tracks": "类别",
    "wording": "公示用语",
    "note": "说明",
}
LENGTHS = {"name": 60, "unit": 10, "wording": 80, "note": 200}
_PLACE = re.compile(r"positive\[(\d+)\](?:\.(\w+))?(?:\.(\w+))?")
_FIELDS = {"points": "points", "unit": "unit", "min": "least", "max": "most", "shape": "shape"}


def place_of(number: int, field: str) -> str:
    """错误的位置 第2项的分值."""
    return f"第{number}项的{LABELS[field]}" if field in LABELS else f"第{number}项"


def faults(branch: str, minutes: str, number: int, rows: Sequence[LocalRow], base: Rulebook) -> list[Fault]:
    """全部错误 By row and field: what was left out, then what the rulebook doesn't allow."""
    if not rows:
        return [Fault("", "请至少填写一项补充指标。")]
    missing = [(place, field, said) for place, row in enumerate(rows, start=1) for field, said in _left_out(row)]
    known = {(place, field) for place, field, _ in missing}
    found = [Fault(place_of(place, field), said) for place, field, said in missing]
    for mistake in load_supplement(text_of(branch, minutes, number, rows), base).mistakes:
        row, field = _where(mistake, rows)
        if not known & {(row, field), (row, "shape")}:
            said = mistake.message.replace('shape = "fixed"', "“每次固定分”")
            found.append(Fault(place_of(row, field) if row else "", f"{said}。"))
    names = [row.name.strip() for row in rows]
    found += [
        Fault(place_of(place, "name"), "与前面一项同名，请合并或改名。")
        for place, name in enumerate(names, start=1)
        if name and name in names[: place - 1]
    ]
    return found


def _left_out(row: LocalRow) -> Iterator[tuple[str, str]]:
    if row.shape not in SHAPES:
        yield "shape", "请选择计分方式。"
    for field in ("name", "wording"):
        if not getattr(row, field).strip():
            yield field, "请填写。"
    for field, most in LENGTHS.items():
        if len(getattr(row, field)) > most:
            yield field, f"请缩短到{most}个字以内。"
    if row.shape in ("fixed", "per_unit") and row.points is None:
        yield "points", "请填写每次几分。" if row.shape == "fixed" else "请填写每个单位几分。"
    if row.shape == "per_unit" and not row.unit.strip():
        yield "unit", "请填写按什么计，如小时、户。"
    if row.shape == "per_unit" and row.most is None:
        yield "most", "按数量计分的，请填写一次最多几分。"
    if row.shape == "range":
        if row.least is None:
            yield "least", "请填写最低几分。"
        if row.most is None:
            yield "most", "请填写最高几分。"


def _where(mistake: Mistake, rows: Sequence[LocalRow]) -> tuple[int, str]:
    """Row (from 1) and field; 0 where it is about all of them."""
    found = _PLACE.match(mistake.place)
    if found is None:
        return 0, ""
    number, key, inner = int(found[1]), found[2] or "", found[3] or ""
    if key == "value":
        shape = rows[number - 1].shape if number <= len(rows) else ""
        usual = "points" if shape == "fixed" else "most"
        return number, _FIELDS.get(inner, usual)
    return number, key if key in LABELS else ""
