"""The papers of the year's end: roster order, one statement a page, and nothing read as markup."""

from typing import Any

import pytest

from pioneer.papers.announcement import (
    Branch,
    Came,
    Ground,
    Handout,
    Listed,
    Minutes,
    Part,
    Said,
    Statement,
    TierRow,
    handout,
    minutes,
    statements,
)
from tests.papers.reading import pages_of, words_of
from tests.papers.test_rendering import HOSTILE

pytestmark = pytest.mark.pure
TIERS = (
    TierRow("90分及以上", "90", 3, 750, "公开表扬。"),
    TierRow("60分以下", "0", 0, 0, "列为不合格。"),
    TierRow("不定等次", "", 1, 250),
)
BOOK = "《先锋指数积分办法》第1版"


def listed(place: int, name: str, **more: Any) -> Listed:
    given = {"positive": "+12.5", "reverse": "−0.5", "score": "82", "tier": "90分及以上", **more}
    return Listed(place, name, **given)


def statement(name: str = "李桂兰", **more: Any) -> Statement:
    given: dict[str, Any] = {
        "number": "M00002",
        "branch": "槐园社区第一党支部",
        "unit": "槐园社区",
        "cycle": "2026年度",
        "rulebook": BOOK,
        "fingerprint": "A1B2 C3D4",
        "parts": (Part("基本指数", "起始分", "", "70", True), Part("正向指数", "A 带头履行党员义务", "+12", "+8")),
        "grounds": (Ground("N7 组织生活迟到、早退", "3月5日、4月9日", "主题党日签到册", "−1"),),
        "score": "77.5",
        "tier": "60至79分",
        "consequence": "由专人警示谈话。",
        **more,
    }
    return Statement(name, **given)


def test_the_handout_stands_in_roster_order_by_branch_with_what_each_tier_means() -> None:
    people = (listed(1, "王保国"), listed(2, "李桂兰", score="", tier="", note="经批准免评"), listed(3, "张㛃"))
    branches = (Branch("第一党支部", people), Branch("第二党支部", (listed(1, "温如春"),)))
    made = handout(Handout("槐园社区", "2026年度", BOOK, "2027年1月11日", "A1B2", branches, TIERS, ("免评的说明。",)))
    said = words_of(made)
    assert said.index("第一党支部") < said.index("王保国") < said.index("李桂兰") < said.index("温如春")
    for words in (
        "不排名次",
        "公开表扬。",
        "列为不合格。",
        "免评的说明。",
        "有不同意见怎么办",
        "只发本单位党员",
        "合计4",
    ):
        assert words in said, words


def test_the_minutes_leave_to_the_pen_what_is_not_recorded() -> None:
    form = Minutes("槐园社区", "2026年度", "", "", "", 2, "", "", TIERS, (Came(1, "张㛃", "第一党支部"),), (), BOOK)
    said = words_of(minutes(form))
    assert "应到2人" in said and "没有的，写“无”" in said and "张㛃" in said and "记录人" in said
    came = Came(1, "张㛃", "第一党支部", "到会", "邮寄，2027年1月12日", "无异议")
    filled = Minutes(
        "槐园社区", "2026年度", "2027年1月11日", "党群服务中心", "段雅文", 2, "1人", "1人", TIERS, (came,),
        (Said("单雪琴", "七月的没有算。"),), BOOK,
    )  # fmt: skip
    said = words_of(minutes(filled))
    assert "段雅文" in said and "单雪琴：七月的没有算。" in said and "邮寄，2027年1月12日" in said and "实到1人" in said


@pytest.mark.parametrize("large", [False, True])
def test_each_statement_is_one_page_that_names_its_own_member_alone(large: bool) -> None:
    grounds = tuple(Ground(f"N{n} 很长的指标名称很长的指标名称", "3月5日", "签到册在支部", "−1") for n in range(1, 4))
    made = statements([statement(grounds=grounds), statement("张㛃", why="经批准免评", tier="", score="")], large=large)
    pages = ["".join(page.split()) for page in pages_of(made)]
    assert len(pages) == 2 and "张㛃" not in pages[0] and "李桂兰" not in pages[1]
    for words in ("得分77.5", "60至79分", "由专人警示谈话。", "N3", "回执", "无异议", "有不同意见", "本人签名"):
        assert words in pages[0], words
    assert "不定等次" in pages[1] and "经批准免评" in pages[1]


def test_a_statement_with_many_grounds_goes_on_overleaf_and_loses_none() -> None:
    grounds = tuple(Ground(f"N{n}", "3月5日", "说明" * 30, "−1") for n in range(40))
    said = words_of(statements([statement(grounds=grounds)]))
    assert all(f"N{n}" in said for n in range(40)) and "本人签名" in said


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_name_or_a_ground_holds_stands_as_it_is(name: str) -> None:
    made = statements([statement(name, grounds=(Ground("N7", "3月5日", name, "−1"),))])
    assert "".join(name.split()) in words_of(made)
