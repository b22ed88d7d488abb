"""行的种类: is a row a member, a heading of a section (第一党支部, 预备党员), a total, a note, a repeated header?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pioneer.workbooks.cells import branch_of, plain_text
from pioneer.workbooks.headings import match_heading

__all__ = ["Kind", "kind_of_row", "labelled_branch", "titled_branch", "titled_category"]

_FOOTER_WORDS = """合计 总计 小计 共计 总数 总人数 填表 填报 制表 审核 审批 负责人 经办 联系人： 签字 签名 签章 盖章
    （盖章 注： 注: 注1 注意 备注： 备注: 说明： 说明: 填写说明 支部书记 书记签 书记： 日期： 日期: 以上 以下空白
    截至 截止 共有 ※ 附："""
_FOOTERS = tuple(_FOOTER_WORDS.split())
_SENTENCE_WORDS = ("支部", "党员", "名单", "花名册", "：", "。")
_NAME_HEADINGS = frozenset(("姓名", "党员姓名", "名字", "姓名*", "*姓名"))
_SECTION_STATUSES = (("正式", "full"), ("预备", "probationary"), ("失联", "out_of_contact"))
_SECTION_ENDS = ("支部", "党总支", "党委", "党组织", "党小组", "正式党员", "预备党员", "流动党员", "失联党员")
_TITLE_ENDS = ("花名册", "名单", "登记表", "一览表", "名册", "信息表", "统计表", "台账")
_LABEL_WORDS = (
    "支部名称 党支部名称 所在支部 所在党支部 党支部 支部 填报单位 填报党组织 单位 党组织名称 党组织 所属党支部"
)
_LABELS = frozenset(_LABEL_WORDS.split())
_UP_TO_BRANCH = re.compile(r".*支部(?![书委副])(?:[（(][^）)]*[）)])?")


@dataclass(frozen=True, slots=True)
class Kind:
    """种类: `person`, `blank`, `header`, `section`, `skip`; for a section what it says, for a skipped row why."""

    what: str
    reason: str = ""
    text: str = ""
    branch: str = ""
    status: str = ""
    floating: bool = False


PERSON = Kind("person")
BLANK = Kind("blank")


def kind_of_row(row: list[Any], own: list[Any], name: Any, particulars: int) -> Kind:
    """判断: `own` are the cells without those a merge has filled, `name` what stands under 姓名, `particulars` how many
    other cells that describe a person are filled."""
    texts = list(dict.fromkeys(text for value in own if (text := "".join(plain_text(value).split()))))
    if not texts:
        return BLANK
    compact = "".join(plain_text(name).split())
    if not _NAME_HEADINGS.isdisjoint(texts) and _is_header(texts):
        return Kind("header", "重复的表头", " ".join(texts)[:60])
    if particulars == 0 and (branch := labelled_branch(texts)):
        return Kind("section", "支部标题", " ".join(texts)[:60], branch=branch)
    if texts[0].startswith(_FOOTERS) or compact.startswith(_FOOTERS):
        return Kind("skip", "合计、签字或说明", " ".join(texts)[:60])
    if particulars == 0 and len(texts) <= 3 and (section := _section(texts, compact)):
        return section
    if compact:
        if particulars or _could_be_a_name(compact):
            return PERSON
        return Kind("skip", "不是党员的行（标题或说明）", " ".join(texts)[:60])
    if particulars >= 2:
        return PERSON
    if len(texts) == 1 and texts[0].replace(".", "").isdigit():
        return Kind("skip", "只有序号，没有内容", texts[0])
    return Kind("skip", "没有姓名，不是党员的行", " ".join(texts)[:60])


def _is_header(texts: list[str]) -> bool:
    """Whether most texts of a row are headings."""
    known = sum(match_heading(text)[0] is not None for text in texts)
    return known >= 2 and known * 2 >= len(texts)


def _could_be_a_name(text: str) -> bool:
    """Whether a lone text can be somebody's name rather than a sentence."""
    bare = text.replace("·", "").replace("•", "")
    return len(bare) <= (15 if bare != text else 6) and not any(word in text for word in _SENTENCE_WORDS)


def labelled_branch(texts: list[str]) -> str:
    """支部一栏: the branch behind a label such as 党支部名称：… or 填报单位：…, in the same text or the next."""
    label, colon, rest = texts[0].replace(":", "：").partition("：")
    if not colon or "".join(label.split()) not in _LABELS:
        return ""
    rest = rest.strip() or (texts[1] if len(texts) > 1 else "")
    for word in ("填报时间", "填表时间", "填报日期", "填表日期"):
        rest = rest.partition(word)[0]
    name = branch_of(rest)
    return name if "支部" in name else ""


def titled_branch(text: str) -> str:
    """标题里的支部: the branch a title names (槐园社区第一党支部党员花名册), or an empty text."""
    found = _UP_TO_BRANCH.match("".join(text.split()))
    name = branch_of(found[0]) if found else ""
    if (
        len(name) <= 3
        or name.startswith(("各", "所属", "下属", "全部", "注", "说明"))
        or any(c in name for c in "：。，")
    ):
        return ""
    return name


def titled_category(texts: list[str]) -> tuple[str, bool]:
    """标题里的类别: (status, floating) where the titles over a table speak of one category alone (预备党员名单)."""
    status, floating = "", False
    for text in texts:
        named = [code for word, code in _SECTION_STATUSES if word + "党员" in text]
        if len(named) == 1 and "、" not in text:
            status = named[0]
        floating = floating or (branch_of(text).endswith(_TITLE_ENDS) and "流动党员" in text and not named)
    return status, floating


def _section(texts: list[str], name: str) -> Kind | None:
    """A section's heading: the first text, possibly with a count beside it."""
    text = texts[0]
    if (name and name != text) or len(text) > 45:
        return None
    bare = branch_of(text).split("（")[0]
    if not bare.endswith((*_SECTION_ENDS, *_TITLE_ENDS)):
        return None
    branch = titled_branch(text) or (branch_of(text) if bare.endswith(("支部", "党总支", "党委")) else "")
    status = next((code for word, code in _SECTION_STATUSES if word in bare), "")
    floating = "流动党员" in bare
    if not branch and not status and not floating:
        return None
    reason = "支部标题" if branch else "分类标题"
    return Kind("section", reason, text, branch=branch, status=status, floating=floating)
