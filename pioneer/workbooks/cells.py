"""单元格: what one cell of a roster says: name, sex, status, phone, floating, track, branch. Pure functions; the same
text is worked out once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

__all__ = [
    "STATUSES",
    "branch_of",
    "floating_of",
    "is_blank_text",
    "name_of",
    "phone_of",
    "plain_text",
    "sex_of_text",
    "status_of",
    "track_of",
]

# 党员状态: identifiers and their Chinese names, as the roster's station keeps them.
STATUSES: dict[str, str] = {
    "full": "正式",
    "probationary": "预备",
    "out_of_contact": "失联",
    "transferred_out": "已转出",
    "left": "已退党",
    "removed": "已除名",
    "expelled": "已开除",
    "deceased": "已故",
}
_STATUS_WORDS: tuple[tuple[str, str], ...] = (
    ("故", "deceased"), ("亡", "deceased"), ("去世", "deceased"), ("死", "deceased"),
    ("失联", "out_of_contact"), ("失去联系", "out_of_contact"),
    ("转出", "transferred_out"), ("转走", "transferred_out"),
    ("退党", "left"), ("除名", "removed"), ("开除", "expelled"),
)  # fmt: skip
_NOT_MEMBERS = ("积极分子", "发展对象", "群众", "共青团", "团员", "申请人", "民主党派")
_NARROW = str.maketrans("０１２３４５６７８９＋－（）／　\u00a0\u200b\ufeff", "0123456789+-()/    ")
_SPACES = re.compile(r"\s+")
_DOTS = str.maketrans(dict.fromkeys("•‧．.∙⋅・･●", "·"))
_BRACKETED = re.compile(r"[（(【\[〔]([^（()）】\]〕]*)[)）】\]〕]?")
_NOTHING = frozenset({"", "无", "/", "-", "--", "—", "——", "暂无", "不详", "空", "\\", "#N/A", "NA", "N/A"})
_YES_WORDS = "是 √ ✓ ✔ 1 1.0 y Y yes 有 流动 流动党员 对 V v True 真"
_NO_WORDS = "否 × ✗ x X 0 0.0 n N no 不是 非 非流动 非流动党员 未流动 不流动 在家 False 假 〇 不 在册 常住 未外出"
_YES, _NO = frozenset(_YES_WORDS.split()), frozenset(_NO_WORDS.split())
_MEMBER_WORDS = frozenset(
    ("中共党员", "党员", "是", "在册", "正常", "在职党员", "离退休党员", "退休党员", "农村党员", "社区党员")
)


def plain_text(value: Any) -> str:
    """文字: a cell as text without spaces at its ends; whole numbers without ".0"."""
    if isinstance(value, str):
        return value.strip(" \t\r\n\u3000\u00a0\u200b\ufeff")
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def is_blank_text(text: str) -> bool:
    """空白: nothing written, or a sign that stands for nothing."""
    return text in _NOTHING


def name_of(value: str) -> tuple[str, str, str]:
    """姓名: (the name, a remark that stood in brackets, the sentence that says what is wrong with it)."""
    if value.isalpha() and len(value) <= 30:
        return value, "", ""
    text, remark = value, ""
    if found := _BRACKETED.search(text):
        remark = found[1].strip()
        text = _BRACKETED.sub("", text)
    text = "".join(text.split()) if not text.isascii() else " ".join(text.split())
    text = text.strip("*＊#'‘’`、,，;；:：\u200b\ufeff").replace("\u200b", "").replace("\ufeff", "")
    if not text:
        return "", remark, "没有姓名，请补填"
    text = text.translate(_DOTS).strip("·")
    return text, remark, _name_problem(text)


def _name_problem(text: str) -> str:
    """The sentence for a name with characters no name has."""
    if any(character in "?？□�■" for character in text):
        return "姓名里有字没能显示（生僻字在转存时丢失），请补写"
    if any("\ue000" <= character <= "\uf8ff" or character >= "\U000f0000" for character in text):
        return "姓名里有造字区的字，换一台电脑就不能显示，请用生僻字输入法重填"
    if any(character.isdigit() for character in text):
        return "姓名里有数字，请改正"
    if len(text) > 30:
        return "姓名过长，请核对这一列是不是姓名"
    if not all(character.isalpha() or character in "· -'〇" for character in text) or not text:
        return "姓名里有不该出现的符号，请改正"
    return ""


@lru_cache(maxsize=4096)
def sex_of_text(text: str) -> str | None:
    """性别: `male` or `female`; empty for nothing; None for what is neither."""
    text = "".join(text.split())
    if is_blank_text(text):
        return ""
    if text in ("男", "男性", "M", "m", "1"):
        return "male"
    return "female" if text in ("女", "女性", "F", "f", "2") else None


@lru_cache(maxsize=4096)
def status_of(text: str) -> tuple[str | None, bool]:
    """党员类别: (status, floating): the status code, empty for nothing, None for what is no member or not known."""
    text = "".join(text.split())
    floating = "流动" in text and "非流动" not in text
    if is_blank_text(text):
        return "", False
    for word, status in _STATUS_WORDS:
        if word in text:
            return status, floating
    if any(word in text for word in _NOT_MEMBERS):
        return None, False
    if "预备" in text and "正式" not in text:
        return "probationary", floating
    if "正式" in text and "预备" not in text:
        return "full", floating
    if (
        text in ("中共党员", "党员", "是", "在册", "正常", "在职党员", "离退休党员", "退休党员", "农村党员", "社区党员")
        or floating
    ):
        return "", floating
    return ("probationary", False) if text == "否" else (None, False)


@lru_cache(maxsize=4096)
def track_of(text: str) -> str | None:
    """类别（农村/社区）: `rural`, `community`, empty for nothing, None for what is neither."""
    text = "".join(text.split())
    if is_blank_text(text):
        return ""
    rural = any(word in text for word in ("农村", "村党员", "rural")) or text in ("农", "村")
    urban = any(word in text for word in ("社区", "城市", "城镇", "居民", "community")) or text in ("社", "城")
    if rural == urban:
        return None
    return "rural" if rural else "community"


@lru_cache(maxsize=8192)
def floating_of(text: str) -> tuple[bool | None, str]:
    """流动: (yes, no or None where it isn't said, the place written beside it)."""
    text = text.strip()
    if is_blank_text(text):
        return None, ""
    compact = "".join(text.split())
    if compact in _YES:
        return True, ""
    if compact in _NO:
        return False, ""
    if compact[0] in "否非未不无":
        return False, ""
    place = compact.removeprefix("是").removeprefix("流动党员").strip("（()）:：,，、-")
    if place in ("流出", "流入", "外出", "流动"):
        return True, ""
    return True, place


def phone_of(value: Any) -> tuple[str, str]:
    """电话: (the mobile number or an empty text, the sentence that says what is wrong)."""
    if isinstance(value, float):
        if not value.is_integer() or not 0 <= value < 1e15:
            return "", "这里不是手机号，请填11位手机号"
        text = str(int(value))
    else:
        text = str(value)
    if len(text) == 11 and text[0] == "1" and text.isascii() and text.isdigit():
        return text, ""
    return _phone_of_text(text)


def _phone_of_text(text: str) -> tuple[str, str]:
    """A phone number with spaces, hyphens, a country code or a second number beside it."""
    text = text.translate(_NARROW).strip(" '‘’`\"“”\t\r\n")
    if is_blank_text(text):
        return "", ""
    parts = [part for part in re.split(r"[/、,，;；\n|]| {2,}", text) if any(c.isdigit() for c in part)]
    numbers = [_digits(part) for part in parts]
    whole = _digits(text)
    if _is_mobile(whole):
        return whole, ""
    mobiles = [number for number in numbers if _is_mobile(number)]
    if mobiles:
        return mobiles[0], "这里写了不止一个号码，只取第一个手机号"
    if (whole.startswith("0") and 10 <= len(whole) <= 12) or len(whole) in (7, 8):
        return "", "这是座机号，不能用来登录，手机号留空"
    return "", f"手机号应为11位，这里是{len(whole)}位，请改正"


def _digits(text: str) -> str:
    """The digits of a number, without +86."""
    kept = "".join(character for character in text if character.isascii() and character.isdigit())
    return kept[2:] if len(kept) == 13 and kept.startswith("86") else kept


def _is_mobile(number: str) -> bool:
    return len(number) == 11 and number[0] == "1"


@lru_cache(maxsize=8192)
def branch_of(text: str) -> str:
    """支部名称: one line, without numbering, spaces and a remark on how many people; empty where no name is left."""
    name = "".join(text.split()).translate(_NARROW)
    name = re.sub(r"^(?:[一二三四五六七八九十]+、|\d+[.、．]|\([一二三四五六七八九十\d]+\))", "", name)
    name = re.sub(r"\((?:[^()]*(?:\d+|[一二三四五六七八九十]+)[人名][^()]*|盖章|公章|章)\)", "", name)
    name = name.strip(":：。;；,，、")
    return "" if is_blank_text(name) else name.replace("(", "（").replace(")", "）")
