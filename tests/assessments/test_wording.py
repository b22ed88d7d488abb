"""公示用语: what is proposed, and what must never be published. No database."""

from pathlib import Path

import pytest

from pioneer.assessments.wording import faults, propose
from pioneer.scoring import load_path

BOOK = load_path(Path(__file__).resolve().parents[2] / "rulebooks" / "jiancaoping").rulebook
assert BOOK is not None
ROWS = BOOK.indicators


@pytest.mark.parametrize(
    ("code", "quantity", "level", "said"),
    [
        ("B2", 350, "", "参加志愿服务3.5小时"),
        ("C2", 200, "", "带动群众就业增收2户"),
        ("A6", None, "district", "受到表彰（区）"),
        ("B5", None, "", "为群众办好事实事"),
        ("N4", 200, "", "未按时足额缴纳党费"),
    ],
)
def test_what_is_proposed(code: str, quantity: int | None, level: str, said: str) -> None:
    assert propose(ROWS[code], quantity, level) == said


@pytest.mark.parametrize(
    "text",
    [
        "电话13800138000",
        "电话138 0013 8000",
        "电话１３８００１３８０００",
        "证号140108195603080007",
        "证号14010819560308000X",
        "帮3号楼住户",
        "帮三单元老人",
        "帮2栋1室住户",
        "帮3-2-501住户",
        "和王保国一起巡查",
        "看望癌症病人",
        "照顾低保户",
        "",
        "长" * 201,
    ],
)
def test_what_must_not_be_published(text: str) -> None:
    assert faults(text, ROWS["B5"], "为群众办好事实事", ["王保国", "李桂兰"], "李桂兰")


@pytest.mark.parametrize(
    "text",
    ["为群众办好事实事", "3月8日在槐园小区清扫积雪3小时", "帮扶2户困难群众", "2026年3月8日参加植树", "带动12户增收"],
)
def test_what_may(text: str) -> None:
    assert faults(text, ROWS["B5"], "为群众办好事实事", ["王保国", "李桂兰"], "李桂兰") == []
