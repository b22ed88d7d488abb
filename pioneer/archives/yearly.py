"""档案的表格：评定结果、通报、备案和此后各事，积分办法 From the facts and nothing else."""

from pioneer.archives.frame import Row
from pioneer.archives.tables import AFTER, FILED, PERSON, RESULT, RULES, TOLD, Column, Kind, Part, day, who_of

NO_TIER = "不定等次"


def tier(facts: Row, code: str) -> str:
    """等次的名称"""
    names = facts["result"]["tiers"] if facts["result"] else {}
    return str(names.get(code, code)) or NO_TIER


def of_year(facts: Row) -> list[Part]:
    """评定结果和此后各事，积分办法"""
    return [*_results(facts), *_told(facts), *_filed(facts), *_after(facts), *_rules(facts)]


# ------------------------------------------------------------------ the result, the announcement, the filing


def _results(facts: Row) -> list[Part]:
    rows, aspects = [], []
    for place, one in enumerate(facts["result"]["rows"] if facts["result"] else (), start=1):
        points = [one[name] for name in ("opening", "positive", "reverse", "outside", "score")]
        said = [one["why"]] if one["why"] else []
        said += ["清零"] if one["is_zeroed"] else []
        said += [] if one["recounts"] else ["评定以后登记有变动，重算与此不同"]
        rows.append([place, *who_of(one), *points, tier(facts, one["tier"]), "，".join(said)])
        aspects += [[*who_of(one), each["aspect"], each["raw"], each["counted"]] for each in one["aspects"]]
    kinds: tuple[tuple[str, Kind], ...] = (
        *(("基本", "points"), ("正向", "change"), ("反向", "change"), ("外部成绩", "points"), ("得分", "points")),
    )
    columns = (Column("序号", "number"), *PERSON, *(Column(name, kind) for name, kind in kinds), Column("等次"))
    sums = (Column("方面"), Column("原值", "change"), Column("计入", "change"))
    return [
        Part("评定结果", RESULT, (*columns, Column("说明", "wrapped", 1)), rows),
        Part("方面小计", "", (*PERSON, *sums), aspects),
    ]


def _told(facts: Row) -> list[Part]:
    meetings, told = [], []
    for one in facts["announcements"]:
        there = sum(1 for each in one["told"] if each["was_present"])
        said = "现行" if one["is_latest"] else "以后又评定、通报过"
        meetings.append([one["held_on"], one["place"], one["presided_by"], len(one["told"]), there, said])
        for each in one["told"]:
            handed = f"{day(each['handed_on'])}　{each['handed_how']}" if each["handed_on"] else ""
            there_text = {True: "到会", False: "没有到会", None: ""}[each["was_present"]]
            told.append([one["held_on"], *who_of(each), there_text, handed, each["answer"], each["words"]])
    columns = (Column("会议日期", "date"), Column("地点", share=1), Column("主持人"))
    counts = (Column("本支部列名", "number"), Column("到会", "number"), Column("说明"))
    people = (Column("会议日期", "date"), *PERSON, Column("到会"), Column("送达个人结果"), Column("本人意见"))
    return [
        Part("通报会议", TOLD, (*columns, *counts), meetings),
        Part("通报到人", TOLD, (*people, Column("原话", "wrapped", 1)), told),
    ]


def _filed(facts: Row) -> list[Part]:
    filed = [
        [one[name] for name in ("revision", "to", "sent_on", "state", "number", "decided_on", "package_digest")]
        for one in facts["filings"]
    ]
    amended = [
        [
            *(*who_of(one), one["kind"], one["indicator"], one["event_on"], one["was_points"], one["now_points"]),
            *(one["was_score"], one["now_score"], tier(facts, one["was_tier"]), tier(facts, one["now_tier"])),
            *(one["document"], one["state"], one["decided_on"]),
        ]
        for one in facts["amendments"]
    ]
    columns = (
        *(Column("第几次", "number"), Column("报到", share=1), Column("报送日期", "date"), Column("状态")),
        *(Column("备案号"), Column("接收或退回", "date"), Column("备案包指纹", "digest", -1)),
    )
    changed = (
        *(Column("党员编号", share=-1), Column("姓名"), Column("种类"), Column("指标"), Column("日期", "date")),
        *(Column("原计", "change"), Column("改计", "change"), Column("原得分", "points"), Column("现得分", "points")),
        *(
            Column("原等次"),
            Column("现等次"),
            Column("文件", "wrapped", 1),
            Column("状态"),
            Column("决定日期", "date", -1),
        ),
    )
    return [Part("备案", FILED, columns, filed), Part("更正", FILED, changed, amended)]


# ------------------------------------------------------------------ what followed, the rules


def _after(facts: Row) -> list[Part]:
    simple = (
        *(("清零", "zeroings", _ZEROING), ("勉励", "encouragements", _HOPE), ("公开表扬", "commendations", _PRAISE)),
        *(("推荐", "nominations", _NOMINATION), ("不合格的认定", "findings", _FINDING)),
    )
    found = [
        Part(
            name,
            AFTER,
            (*PERSON, *columns.values()),
            [[*who_of(one), *(one[key] for key in columns)] for one in facts[key_of]],
        )
        for name, key_of, columns in simple
    ]
    helped = [
        [*who_of(one), one["opened_on"], one["state"], one["outcome"], one["closed_on"], _steps(one["steps"])]
        for one in facts["follow_ups"]
    ]
    cases = [
        [
            *who_of(one),
            one["kind"] + (f"（{one['months']}个月）" if one["months"] else ""),
            one["state"],
            one["ended_on"],
            _steps(one["steps"]),
        ]
        for one in facts["cases"]
    ]
    help_of = (Column("开展日期", "date"), Column("状态"), Column("结论"), Column("了结日期", "date"))
    case_of = (Column("处置"), Column("状态"), Column("了结日期", "date"))
    step_of = Column("各步", "wrapped", 1)
    found.insert(2, Part("帮教", AFTER, (*PERSON, *help_of, step_of), helped))
    return [*found, Part("组织处置", AFTER, (*PERSON, *case_of, step_of), cases)]


_ZEROING = {
    "indicator": Column("情形"), "issuer": Column("发文机关", "wrapped", 1),
    "document_number": Column("文号", "wrapped", 1), "document_on": Column("文件日期", "date"),
    "state": Column("状态"), "decided_on": Column("决定日期", "date"),
}  # fmt: skip
_HOPE = {"spoken_on": Column("谈勉励的日期", "date"), "spoken_by": Column("由谁", share=1)}
_PRAISE = {"unit": Column("发布单位", share=1), "issued_on": Column("发布日期", "date")}
_NOMINATION = {
    "by": Column("推荐给"), "title": Column("推荐什么", "wrapped", 1), "meeting_on": Column("支部会议", "date"),
    "present": Column("到会", "number"), "in_favour": Column("赞成", "number"), "state": Column("状态"),
    "document_number": Column("决定文号"), "decided_on": Column("决定日期", "date"),
}  # fmt: skip
_FINDING = {
    "proposed_on": Column("提出日期", "date"), "met_on": Column("大会日期", "date"),
    "votes": Column("表决", "wrapped", 1), "state": Column("状态"), "decided_on": Column("审批日期", "date"),
}  # fmt: skip


def _steps(steps: list[list[str]]) -> str:
    return "；".join(
        f"{name}{day(on)}" + (f"（{paper[0]}）" if paper and paper[0] else "") for name, on, *paper in steps
    )


def _rules(facts: Row) -> list[Part]:
    books = [
        [one[name] for name in ("number", "name", "valid_from", "valid_until", "file", "digest")]
        for one in facts["rulebooks"]
    ]
    added = [
        [one[name] for name in ("number", "branch", "version", "valid_from", "ended_from", "digest")]
        for one in facts["supplements"]
    ]
    spans = (Column("施行", "date"), Column("截止", "date"))
    return [
        Part(
            "办法版本",
            RULES,
            (Column("第几版", "number"), Column("名称", share=1), *spans, Column("文件"), Column("摘要", "digest", -1)),
            books,
        ),
        Part(
            "支部补充",
            RULES,
            (
                *(Column("编号", "number"), Column("支部", share=1), Column("对第几版", "number"), *spans),
                Column("摘要", "digest", -1),
            ),
            added,
        ),
    ]
