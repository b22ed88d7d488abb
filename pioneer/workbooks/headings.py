"""表头: which field a column's heading means. Normalisation and lists of synonyms, no guessing at letters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["FIELDS", "IGNORE", "match_heading", "normalise_heading"]

# 字段: the identifier of a field and its Chinese name, in the order in which forms list them.
FIELDS: dict[str, str] = {
    "name": "姓名",
    "identity": "身份证号",
    "sex": "性别",
    "birth": "出生日期",
    "nation": "民族",
    "education": "学历",
    "joined": "入党日期",
    "full": "转正日期",
    "status": "党员类别",
    "branch": "所在党支部",
    "track": "农村/社区类别",
    "phone": "联系电话",
    "floating": "是否流动党员",
    "floating_to": "流动去向",
    "number": "党员编号",
    "note": "备注",
}
# 不导入: columns that are known and not needed (addresses, posts, introducers …).
IGNORE = "ignore"

_SPELLINGS: dict[str, str] = {
    "name": "姓名 党员姓名 名字 本人姓名 党员 党员名字 党员名称 名称 name",
    "identity": """身份证号 公民身份号码 公民身份证号码 公民身份证号 居民身份证号 居民身份证号码 身份证 身份证号码
        身份号码 证件号码 证件号 身份证件号码 有效证件号码 identity idcard""",
    "sex": "性别 男女 sex",
    "birth": "出生日期 出生年月 出生年月日 出生时间 生日 出生 birthday",
    "nation": "民族",
    "education": "学历 文化程度 学历学位 最高学历 全日制学历 文化 教育程度",
    "joined": """入党时间 入党日期 入党年月 入党年月日 加入党组织日期 加入党组织时间 加入中共组织的时间
        加入中国共产党时间 何时入党 入党 接收为预备党员时间 成为预备党员时间 成为预备党员日期 接收预备党员时间""",
    "full": """转正时间 转正日期 转正年月 转为正式党员日期 转为正式党员时间 成为正式党员时间 成为正式党员日期
        正式党员时间 转正 预备党员转正时间 何时转正""",
    "status": """党员类别 人员类别 党员类型 党员状态 党员身份 政治面貌 类别 是否正式党员 正式预备 党籍状态 人员类型
        状态""",
    "branch": """所在支部 所在党支部 党支部 支部 支部名称 党支部名称 所属支部 所属党支部 所属党组织 所在党组织
        党组织名称 所在基层党组织 所属基层党组织 组织关系所在支部 组织关系所在党支部 党组织 隶属党组织 组织关系
        组织关系所在单位 所属组织""",
    "track": "农村社区 党员积分类别 积分类别 考评类别 管理类别 城乡类别 所属领域 track",
    "phone": "手机 手机号 手机号码 联系电话 电话 电话号码 联系方式 移动电话 联系手机 本人电话 phone",
    "floating": """是否流动党员 是否流动 流动党员 流动 是否为流动党员 是否外出流动 是否外出 流动情况 流动类型
        流动状态""",
    "floating_to": """流出地 流入地 去向 流动去向 流向 外出去向 流动地 流动地点 外出地点 外出地 务工地点 流出地点
        现流入地 流往地""",
    "number": "党员编号 党员号 编号 党员代码 人员编号 党员证号 积分卡号 党员序列号 member",
    "note": "备注 说明 备注说明 其他 其它 note",
    IGNORE: """序号 序 序列 no 编次 家庭住址 住址 现住址 家庭地址 居住地 现居住地 户籍地 籍贯 年龄 党龄 职务
        党内职务 职业 照片 工作单位 工作岗位 入党介绍人 介绍人 参加工作时间 婚姻状况 健康状况 党费 签字 签名 网格
        楼栋 门牌号 健康 特长 qq 微信 微信号""",
}
_EXACT = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings.split()}

# A heading about somebody or something else than the member's own particulars.
_OTHER_MATTERS = """介绍人 配偶 家属 家庭成员 父亲 母亲 子女 户主 监护 紧急 联系人 书记 委员 职务 岗位 单位 地址 住址
    户籍 籍贯 居住 申请 积极分子 发展对象 转入 转出 转接 参加工作 毕业 党费 党龄 年龄 照片 签 备案 培训 奖 处分 银行
    账号 车牌 院校 专业 学校 评议 困难 低保 残疾"""
_OTHERS = tuple(_OTHER_MATTERS.split())

# (field, one of these must occur, none of these may); the first that fits wins.
_RULES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("identity", ("身份证", "身份号", "证件号"), ("类型", "有效期", "是否", "地址")),
    ("full", ("转正", "转为正式", "成为正式", "正式党员日期", "正式党员时间"), ("是否",)),
    (
        "joined",
        ("入党时间", "入党日期", "入党年", "加入党组织", "加入中国共产党", "成为预备", "接收预备", "预备党员时间"),
        (),
    ),
    ("joined", ("入党",), ("地点", "支部", "编号", "文号", "方式", "类型", "志愿", "介绍", "是否", "在", "材料")),
    ("birth", ("出生", "生日"), ("地", "证")),
    ("floating_to", ("去向", "流出地", "流入地", "流动地", "外出地", "务工地", "流向", "流往"), ("时间", "日期")),
    ("floating", ("流动", "外出"), ("时间", "日期", "原因", "证")),
    ("phone", ("手机", "电话", "联系方式"), ("家庭电话", "办公", "固定", "座机", "短号")),
    ("status", ("党员类别", "人员类别", "党员类型", "党员状态", "党员身份", "正式预备", "政治面貌", "党籍"), ()),
    ("track", ("农村社区", "积分类别"), ()),
    ("number", ("党员编号", "党员号", "人员编号", "党员代码", "党员证号"), ()),
    (
        "branch",
        ("支部", "党组织"),
        ("入党", "原", "时间", "日期", "人数", "类型", "电话", "职", "代码", "编号", "大会", "意见"),
    ),
    ("name", ("姓名", "名字"), ("曾用", "拼音", "英文", "别名")),
    ("sex", ("性别",), ()),
    ("nation", ("民族",), ()),
    ("education", ("学历", "文化程度"), ("时间",)),
    ("note", ("备注",), ()),
)


@lru_cache(maxsize=4096)
def normalise_heading(text: str) -> str:
    """表头整理: full-width made narrow, lower case; spaces, punctuation and bracketed remarks taken out."""
    plain = unicodedata.normalize("NFKC", text).lower()
    kept: list[str] = []
    depth = 0
    for character in plain:
        if character in "([{〔【<《":
            depth += 1
        elif character in ")]}〕】>》":
            depth = max(depth - 1, 0)
        elif depth == 0 and character.isalnum():
            kept.append(character)
    if kept:
        return "".join(kept)
    return "".join(character for character in plain if character.isalnum())


@lru_cache(maxsize=4096)
def match_heading(text: str) -> tuple[str | None, float]:
    """识别表头: the field a heading means and how sure that is, from 0 to 1; (None, 0) for one that is not known."""
    heading = normalise_heading(text)
    if not heading or len(heading) > 30:
        return None, 0.0
    if found := _EXACT.get(heading):
        return found, 1.0
    trimmed = heading.removeprefix("党员").removeprefix("本人").removesuffix("必填").removesuffix("选填")
    if found := _EXACT.get(trimmed):
        return found, 0.95
    if any(word in heading for word in _OTHERS):
        return _about_others(heading)
    for name, wanted, unwanted in _RULES:
        if any(word in heading for word in wanted) and not any(word in heading for word in unwanted):
            return name, 0.75
    return None, 0.0


def _about_others(heading: str) -> tuple[str | None, float]:
    """A heading with a word of another matter, unless it ends as a plain heading of ours does."""
    if "组织关系" in heading and "支部" in heading and "转" not in heading:
        return "branch", 0.7
    if "身份证" in heading and not any(word in heading for word in ("配偶", "家属", "介绍人", "户主", "址", "联系人")):
        return "identity", 0.6
    return IGNORE, 0.8
