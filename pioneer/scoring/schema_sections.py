"""格式总表·各章: every table of a rulebook in the order of the canonical text, with its keys."""

from __future__ import annotations

from pioneer.scoring.schema_indicators import CAP_KEYS, POSITIVE, REVERSE, WINDOWS, ZEROING, caps
from pioneer.scoring.schema_kinds import (
    PROVENANCE,
    PROVENANCES,
    SOURCE,
    Key,
    Section,
    choice,
    code,
    note,
    points,
    refer,
    text,
    whole,
    words_of,
)

__all__ = ["CAP_KEYS", "SECTIONS", "WINDOWS"]

PERIODS = words_of(month="每月", quarter="每季度", cycle="每周期")
RESULT_PERIODS = words_of(month="每月", quarter="每季度")
CAP_ON = words_of(additions="只限加分", net="加减相抵后")
STATUSES = words_of(
    probationary="预备党员",
    exempt="豁免",
    out_of_contact="失联",
    transferred_out="已转出",
    left="已退党",
    removed="已除名",
    expelled="已开除",
    deceased="已故",
)
PARTS = words_of(scores="得分", additions="加分依据", deductions="扣分依据", link="公示页的链接")
EVERY = words_of(week="每周", month="每月", quarter="每季度", year="每年")
BY = words_of(member="党员", branch="支部", community="村、社区")
FOLLOWS = words_of(commend="表扬推荐", encourage="勉励", help="谈话帮教", unqualified="列为不合格")
UNITS = words_of(working_days="个工作日", days="天", months="个月", years="年", count="件")
MOST_VALUE = 3660


def _cap_period(what: str) -> Key:
    return choice(
        "cap_period", "上限时段", f"{what}在每月、每季度还是整个周期内起作用。", PERIODS,
        required=False, default="cycle", needed="合计方法为按期相加或按期平均时，须与计分时段相同或更短。",
    )  # fmt: skip


def _cap_on(what: str) -> Key:
    return choice("cap_on", "上限口径", f"{what}是否给上限腾出余地。", CAP_ON, required=False, default="additions")


def _consequence(meaning: str) -> Key:
    return text("consequence", "运用", meaning, required=False, default="")


META = (
    code("编号", "办法的短名：字母、数字、-和_。"),
    text("name", "名称", "办法的全称。"),
    text("district", "适用地区", "哪里的办法。"),
    text("version", "版本", "第几版，如“1”。"),
    Key("valid_from", "day", "起始日", "从哪一天起施行。"),
    Key("valid_to", "day", "截止日", "施行到哪一天；不写则到下一版开始为止。", required=False),
    PROVENANCE,
    note(),
)
CYCLE = (
    whole("start_month", "起始月份", "周期从几月开始：1为日历年，7为七月至次年六月。", 1, 12, unit="月"),
    whole("months", "月数", "一个周期多少个月：3、6或12。", 3, 12, unit="个月"),
    *SOURCE,
)
TRACKS = (code("编号", "类别的编号，如 rural。"), text("name", "名称", "类别的名称，如“农村”。"), *SOURCE, note())
OPENING = (
    points("points", "基本分", "周期开始时的分；可以为0。"),
    Key("by_track", "points_by_track", "分类别基本分", "所列类别用这里的基本分。", required=False, unit="分"),
    choice("period", "分配时段", "基本分按周期给一次，还是每月、每季度重新给。", PERIODS, required=False,
           default="cycle", needed="合计方法为按期相加或按期平均且有基本分时必填，须与计分时段相同。"),
    points("inherited_share", "结转比例", "加上上周期得分的几成，如0.2为两成。", required=False, default=0, unit=""),
    points("inherited_without", "无上期得分时", "没有上周期得分的人以多少分代替。", required=False,
           needed="有结转比例时必填。"),
    *SOURCE,
)  # fmt: skip
CLAMP = (
    points("floor", "最低分", "周期总分最低多少；不写则不限。", required=False),
    points("ceiling", "最高分", "周期总分最高多少；不写则不限。", required=False),
    *SOURCE,
)
RESULT = (
    choice("method", "合计方法", "周期得分怎样合计。",
           words_of(total="逐项累计", sum="按期相加", mean="按期平均")),
    choice("period", "计分时段", "按月还是按季度计分。", RESULT_PERIODS, required=False,
           needed="按期相加、按期平均时必填。"),
    points("floor", "每期最低分", "每期得分最低多少；只用于按期相加、按期平均。", required=False),
    points("ceiling", "每期最高分", "每期得分最高多少；只用于按期相加、按期平均。", required=False),
    points("coefficient", "系数", "本人合计乘以多少，然后才加外部成绩。", required=False, default=1, unit=""),
    Key("coefficient_by_track", "points_by_track", "分类别系数", "所列类别用这里的系数。", required=False),
    *SOURCE,
)  # fmt: skip
_INDEX_NAME = text("name", "名称", "办法对这一指数的叫法。")
INDEX_BASIC = (_INDEX_NAME, *SOURCE)
INDEX_POSITIVE = (
    _INDEX_NAME,
    points("cap", "加分上限", "所有加分合计最多多少；不写则不限。", required=False, positive=True),
    _cap_on("扣分"),
    _cap_period("加分上限"),
    *SOURCE,
)
INDEX_REVERSE = (
    _INDEX_NAME,
    points("cap", "扣分上限", "所有扣分合计最多多少；不写则不限。", required=False, positive=True),
    _cap_period("扣分上限"),
    choice("repeat", "重复发生", "同一指标在周期内第二次起是否加倍。", words_of(none="不加倍", double="加倍"),
           required=False, default="none"),
    *SOURCE,
)  # fmt: skip
ASPECTS = (
    code("编号", "方面的编号，如“A”。"),
    text("name", "名称", "方面的名称。"),
    points("cap", "加分上限", "这一方面的加分最多多少；不写则不限。", required=False, positive=True),
    _cap_on("本方面的扣分"),
    _cap_period("加分上限"),
    *SOURCE,
    choice("cap_provenance", "上限出处", "方面出自源文本而上限没有时，分别注明。", PROVENANCES,
           required=False, follows="provenance"),
)  # fmt: skip
POOLS = (
    code("编号", "分池的编号。"),
    text("name", "名称", "分池的名称。"),
    points("points", "分值", "分池一期有多少分，可供扣减。", positive=True),
    points("floor", "底分", "扣到多少为止。", required=False, default=0),
    choice("period", "时段", "按周期给一次，还是每月、每季度重新给。", PERIODS, required=False, default="cycle"),
    *SOURCE,
)
GROUPS = (
    code("编号", "合并封顶的编号。"),
    text("name", "名称", "合并封顶的名称。"),
    Key("indicators", "references", "指标", "哪些指标合并封顶，须同属一个指数。", refers="indicators"),
    caps("封顶", "这些指标合起来各时段最多计多少分。", required=True),
    *SOURCE,
)
TIERS = (
    code("编号", "等次的编号。"),
    text("name", "名称", "等次的名称。"),
    points("lower", "下限", "达到多少分为这一等次；由高到低排列。"),
    _consequence("到这一等次怎样办。"),
    text("list", "公开名单", "这一等次列入的公开名单，如“红榜”。", required=False, default=""),
    choice("follow", "后续", "通报以后办理什么；由高到低，好的在前；不写则没有后续。", FOLLOWS, required=False),
    *SOURCE,
)
COMPONENTS = (
    code("编号", "外部成绩的编号，不与指标重复。"),
    text("name", "名称", "外部成绩的名称，如“民主评议”。"),
    points("max", "满分", "满分多少；超过满分的成绩不能用。", positive=True),
    points("weight", "权重", "成绩乘以多少后加入得分。", positive=True, unit=""),
    points("without", "没有成绩时", "没有录入成绩的人加多少分；不写则录入之前不定等次。", required=False),
    choice("several", "多次成绩", "一个周期内有两次成绩时怎样办。",
           words_of(refuse="后一次不能用", latest="取最近一次", mean="取平均"), required=False, default="refuse"),
    *SOURCE,
)  # fmt: skip
QUOTAS = (
    refer("tier", "tiers", "等次", "限制哪个等次的人数。"),
    Key("share", "share", "比例", "占多少，如“1/3”或0.3，在0与1之间。"),
    choice("end", "从哪一端", "从高分一端限制，还是从低分一端划定。", words_of(top="从高到低", bottom="从低到高")),
    choice("of", "人数口径", "以哪些人为基数并参加排序。", words_of(full="定等次的正式党员", all="所有定等次的人"),
           required=False, default="full"),
    choice("rounding", "取整", "人数不是整数时怎样取整。",
           words_of(down="舍去小数", up="进位", half_up="四舍五入")),
    choice("ties", "同分", "分数线上同分的人怎样办。", words_of(below="都落到线下", above="都留在线上")),
    *SOURCE,
)  # fmt: skip
STREAKS = (
    code("编号", "连续等次的编号。"),
    text("name", "名称", "连续等次的名称。"),
    refer("at_most", "tiers", "不高于", "连续处在这一等次或更低。", required=False, needed="与“不低于”写其一。"),
    refer("at_least", "tiers", "不低于", "连续处在这一等次或更高。", required=False, needed="与“不高于”写其一。"),
    whole("cycles", "周期数", "连续多少个周期。", 2, 10, unit="个周期"),
    _consequence("提出什么建议；只是提出，由组织决定。"),
    *SOURCE,
)
ALARMS = (
    code("编号", "预警线的编号。"),
    text("name", "名称", "预警线的名称。"),
    points("below", "得分低于", "目前得分低于多少时预警。", required=False, needed="与“扣分达到”写其一。"),
    points("deductions", "扣分达到", "目前扣分累计达到多少时预警。", required=False, positive=True,
           needed="与“得分低于”写其一。"),
    choice("period", "扣分时段", "扣分在每月、每季度还是整个周期内累计。", PERIODS, required=False, default="cycle"),
    refer("tier_at_most", "tiers", "限定最高等次", "预警未解除时最好只能是哪个等次。", required=False),
    _consequence("预警后怎样办。"),
    *SOURCE,
)  # fmt: skip
SUPPLEMENT = (
    whole("indicators", "指标数", "一个支部最多补充多少个指标。", 1, 20, unit="个"),
    points("points", "一次最多", "补充指标一次最多计多少分。", positive=True),
    caps("合计封顶", "一名党员的全部补充指标合起来各时段最多计多少分。", required=True),
    refer("aspect", "aspects", "方面", "计入哪个方面；不写则不归方面。", required=False),
    *SOURCE,
)
PASSBOOK = (
    Key("indices", "choices", "转入的指数", "哪些指数的入账条目转入存折；反向指数的条目收回积分，最多收到余额为零。",
        choices=words_of(positive="正向指数", reverse="反向指数")),
    points("ratio", "兑换比率", "得分每1分是存折里的多少积分。", positive=True, unit=""),
    choice("rounding", "取整", "一条转入的存折积分怎样取整。",
           words_of(exact="保留两位小数", down="舍去小数", half_up="四舍五入", up="进位"),
           required=False, default="exact"),
    choice("keep", "结余", "存折里没用完的积分怎样处理。",
           words_of(carried="一直有效", cleared="周期结束时作废", expiring="转入满几年作废")),
    whole("years", "年数", "转入满几年作废，先转入的先用。", 1, 10, required=False, unit="年",
          needed="结余为转入满几年作废时必填，其他时候不写。"),
    points("budget", "每月转入上限", "一个组织每月最多转入多少存折积分，超出的等到下月；不写则不限。",
           required=False, positive=True, unit=""),
    *SOURCE,
)  # fmt: skip
CHANNELS = (
    Key("account", "choices", "公众号", "公众号文章写哪些；公示栏、党员大会总是全部写。", choices=PARTS),
    Key("group", "choices", "微信群", "发到群里的文字和长图写哪些。", choices=PARTS),
    *SOURCE,
)
CADENCE = (
    choice("every", "频次", "多久一次。", EVERY),
    text("by", "由谁", "由谁来做。", choices=BY),
    *SOURCE,
)
PEOPLE = (
    Key("untiered", "choices", "不定等次的身份", "周期最后一天是哪些身份的人只计分、不定等次。",
        required=False, choices=STATUSES),
    *SOURCE,
)  # fmt: skip

DEADLINE = ("working_days", "days")
PARAMETERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("publication_window", "公示期", DEADLINE),
    ("statement_wait", "告知后等候申辩", DEADLINE),
    ("public_page", "公示页保留", ("days",)),
    ("objection_answer", "支部答复异议", DEADLINE),
    ("objection_referral", "对答复不服提交上级", DEADLINE),
    ("township_answer", "乡镇、街道答复", DEADLINE),
    ("objections_split", "异议超过此数时只留下所涉各条", ("count",)),
    ("education_validity", "教育记录、提醒的有效期", ("months",)),
    ("tier_months", "参评等次的最短时间", ("months",)),
    ("amendment", "备案后扣分更正的时限", ("months",)),
    ("zeroing_answer", "清零前党员答复", DEADLINE),
    ("passbook_after_transfer", "转出后存折还可使用", ("days",)),
    ("passbook_after_death", "亡故后存折还可使用", ("days",)),
    ("erasure", "离开后个人文字保留", ("years",)),
    ("slip_validity", "一次性登录码有效", ("days",)),
    ("similar_text", "相似申报比对范围", ("days",)),
    ("exemption_age", "可申请豁免的年龄", ("years",)),
    ("exemption_abroad", "可申请豁免的出境时间", ("months",)),
    ("late_claim", "超过此时间的申报提请核对", ("days",)),
    ("publish_by", "月末以后公示的时限", DEADLINE),
    ("case_answer", "提出不合格认定后党员答复", DEADLINE),
    ("case_step", "组织处置中支部办理一步", DEADLINE),
    ("case_review", "组织处置中上级答复一步", DEADLINE),
    ("appeal", "对组织处置申诉", (*DEADLINE, "months")),
    ("appeal_answer", "答复申诉", (*DEADLINE, "months")),
    ("file_by", "周期结束以后备案的时限", (*DEADLINE, "months")),
    ("follow_talk", "帮教谈话的时限", DEADLINE),
    ("follow_visit", "帮教走访的间隔", ("days",)),
    ("follow_limit", "帮教计划的最长期限", ("months",)),
    ("follow_reminder", "帮教提醒的间隔", ("days",)),
)
OPTIONAL_PARAMETERS = (
    "late_claim", "publish_by", "case_answer", "case_step", "case_review", "appeal", "appeal_answer", "file_by",
    "follow_talk", "follow_visit", "follow_limit", "follow_reminder",
)  # fmt: skip


def _parameter(label: str, units: tuple[str, ...]) -> tuple[Key, ...]:
    return (
        text("name", "名称", f"这一期限或数目的叫法，如“{label}”。"),
        whole("value", "数值", "多少，须为整数。", 1, MOST_VALUE),
        choice("unit", "单位", "数值的单位。", tuple(unit for unit in UNITS if unit.word in units)),
        *SOURCE,
    )


def _one(name: str, label: str, meaning: str, keys: tuple[Key, ...], required: bool = True) -> Section:
    return Section(name, label, meaning, "one", keys, required)


def _many(name: str, label: str, meaning: str, keys: tuple[Key, ...], required: bool = False) -> Section:
    return Section(name, label, meaning, "many", keys, required)


SECTIONS: tuple[Section, ...] = (
    _one("meta", "办法", "办法的名称、地区、版本和施行日期。", META),
    _one("cycle", "周期", "多长时间结算一次。", CYCLE),
    _many("tracks", "类别", "党员分几类，各类可有自己的指标。", TRACKS, True),
    _one("opening", "基本指数", "周期开始时的分。", OPENING),
    _one("result", "合计", "周期得分怎样合计；不写则逐项累计。", RESULT, False),
    _one("clamp", "最低分与最高分", "对周期总分的限制，只用一次。", CLAMP),
    _one("indices.basic", "基本指数名称", "基本指数的叫法。", INDEX_BASIC),
    _one("indices.positive", "正向指数", "加分的指数。", INDEX_POSITIVE),
    _one("indices.reverse", "反向指数", "扣分的指数。", INDEX_REVERSE),
    _one("indices.zeroing", "清零指数", "清零的指数。", INDEX_BASIC),
    _many("aspects", "方面", "加分指标所属的方面及其上限。", ASPECTS),
    _many("pools", "分池", "只供扣减的分，扣完为止。", POOLS),
    _many("positive", "正向指标", "加分的指标。", POSITIVE),
    _many("reverse", "反向指标", "扣分的指标。", REVERSE),
    _many("zeroing", "清零指标", "清零的指标。", ZEROING),
    _many("groups", "合并封顶", "几个指标合用的上限。", GROUPS),
    _many("tiers", "等次", "由高到低的各等次。", TIERS, True),
    _many("components", "外部成绩", "按权重计入得分的民主评议、测试等成绩。", COMPONENTS),
    _many("quotas", "名额", "某一等次的人数占比。", QUOTAS),
    _many("streaks", "连续等次", "连续几个周期处在某一等次时提出的建议。", STREAKS),
    _many("alarms", "预警线", "周期当中提醒的分数线。", ALARMS),
    _one("supplement", "支部补充", "支部可自行补充的指标；不写则支部不能补充。", SUPPLEMENT, False),
    _one("passbook", "积分存折", "得分怎样转入积分存折；不写则不能开设存折。", PASSBOOK, False),
    _one("channels", "公开渠道", "公众号、微信群各写哪些；不写则写得分、加分依据和链接。", CHANNELS, False),
    _one("cadence.declaration", "党员申报", "三步工作法之一：党员申报。", CADENCE),
    _one("cadence.assessment", "支部考评", "三步工作法之二：支部考评。", CADENCE),
    _one("cadence.announcement", "年底通报", "三步工作法之三：年底通报。", CADENCE),
    _one("people", "人员", "哪些身份的人只计分、不定等次。", PEOPLE),
    *(
        _one(
            f"procedure.{name}",
            label,
            f"程序参数：{label}。",
            _parameter(label, units),
            name not in OPTIONAL_PARAMETERS,
        )
        for name, label, units in PARAMETERS
    ),
)
