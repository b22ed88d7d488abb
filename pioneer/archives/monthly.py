"""档案的表格：花名册、公示和台账 From the facts and nothing else."""

from collections.abc import Iterator
from typing import Any

from pioneer.archives.frame import Row
from pioneer.archives.tables import BOOKS, PERSON, ROSTER, SHOWN, Column, Part, day, month, who_of
from pioneer.kernel.erased import ERASED
from pioneer.kernel.points import show

KINDS = {"own": "本表条目", "correction": "更正", "moved": "因更正变动"}
NOTICE = (Column("月份"), Column("第几次", "number"))
FINGERPRINT = Column("指纹", "digest", -1)


def of_months(facts: Row) -> list[Part]:
    """花名册、公示和台账"""
    notices = facts["notices"]
    return [
        _roster(facts),
        _notices(notices),
        _listed(notices),
        _lines(notices),
        _objections(notices),
        _proofs(notices),
        _postings(facts),
        _entries(facts),
    ]


def _roster(facts: Row) -> Part:
    columns = (Column("序号", "number"), *PERSON, Column("状态"), Column("类别"), Column("说明", "wrapped", 1))
    rows = []
    for place, one in enumerate(facts["roster"], start=1):
        said = ["流动党员"] if one["is_floating"] else []
        said += ["经批准免评"] if one["is_exempt"] else []
        said += _spells(one["in_branch"], facts["cycle"])
        rows.append([place, *who_of(one), one["status"], one["track"], "，".join(said)])
    return Part("花名册", ROSTER, columns, rows)


def _spells(spells: list[list[str]], cycle: Row) -> Iterator[str]:
    """When it came and went, as far as that was within the cycle."""
    for first, last in spells:
        if first > cycle["first_on"]:
            yield f"{day(first)}起在本支部"
        if last:
            yield f"{day(last)}止"


# ------------------------------------------------------------------ notices


def _where(notice: Row) -> list[Any]:
    return [month(notice), notice["revision"]]


def state_of(notice: Row) -> str:
    """公示的现况"""
    if notice["superseded_at"]:
        return "由下一次公示代替"
    if notice["posting"]:
        return f"第{notice['posting']}号入账"
    return "已办结，还没有入账" if notice["closed_at"] else "正在公示"


def name_on(row: Row) -> str:
    """公示上的姓名"""
    return row["name"] or ERASED


def _notices(notices: list[Row]) -> Part:
    days = (Column("公示日期", "date"), Column("办结日期", "date"), Column("现况", share=1))
    counts = tuple(Column(name, "number") for name in ("列名", "条目", "异议"))
    rows = [
        [
            *(*_where(one), one["published_at"][:10], one["closed_at"][:10], state_of(one), len(one["members"])),
            *(sum(len(row["lines"]) for row in one["members"]), len(one["objections"]), one["fingerprint"]),
        ]
        for one in notices
    ]
    return Part("公示", SHOWN, (*NOTICE, *days, *counts, FINGERPRINT), rows)


def _listed(notices: list[Row]) -> Part:
    figures = (Column("加分", "change"), Column("扣分", "change"), Column("累计", "points"))
    rows = [
        [*_where(one), row["position"], name_on(row), row["note"], row["positive"], row["reverse"], row["total"]]
        for one in notices
        for row in one["members"]
    ]
    return Part("公示名单", "", (*NOTICE, Column("序号", "number"), Column("姓名"), Column("备注"), *figures), rows)


def _lines(notices: list[Row]) -> Part:
    columns = (
        *(*NOTICE, Column("姓名"), Column("指标"), Column("名称", "wrapped"), Column("日期", "date"), Column("种类")),
        *(Column("原值", "change"), Column("计入", "change"), Column("没有入账")),
        *(Column("公示用语", "wrapped"), Column("计分依据", "wrapped")),
    )
    rows = [
        [
            *(*_where(one), name_on(row), line["indicator"], line["name"], line["event_on"]),
            *(KINDS.get(line["kind"], line["kind"]), line["raw"], line["counted"]),
            *("清零或另表办理" if line["withheld"] else "", line["wording"], line["reason"]),
        ]
        for one in notices
        for row in one["members"]
        for line in row["lines"]
    ]
    return Part("公示条目", "", columns, rows)


def _objections(notices: list[Row]) -> Part:
    columns = (
        *(*NOTICE, Column("提出日期", "date"), Column("对哪一项"), Column("结果"), Column("答复日期", "date")),
        Column("公开的答复", "wrapped", 1),
    )
    names = ("came_on", "indicator", "state", "answered_on", "answer")
    rows = [[*_where(one), *(each[name] for name in names)] for one in notices for each in one["objections"]]
    return Part("异议", SHOWN, columns, rows)


def _proofs(notices: list[Row]) -> Part:
    columns = (*NOTICE, Column("渠道"), Column("日期", "date"), Column("地点", "wrapped", 1))
    rows = [
        [*_where(one), *(each[k] for k in ("channel", "done_on", "place"))] for one in notices for each in one["proofs"]
    ]
    return Part("张贴", SHOWN, columns, rows)


# ------------------------------------------------------------------ the ledger


def _postings(facts: Row) -> Part:
    columns = (
        *(
            Column("入账号", "number"),
            Column("公示月份", share=1),
            Column("入账日期", "date"),
            Column("条目", "number"),
        ),
        *(Column("上一号指纹", "digest", -1), FINGERPRINT),
    )
    rows = []
    for one in facts["ledger"]["postings"]:
        what = [month(one), one["posted_on"], len(one["entries"])] if one["own"] else ["（别的周期）", "", None]
        rows.append([one["number"], *what, one["previous_digest"], one["digest"]])
    return Part("入账", BOOKS, columns, rows)


def _entries(facts: Row) -> Part:
    columns = (
        *(Column("入账号", "number"), Column("条目编号", "number"), Column("党员编号", share=-1), Column("姓名")),
        *(Column("指标"), Column("名称", "wrapped", -1), Column("日期", "date"), Column("分值", "change")),
        *(Column("数量"), Column("冲正"), Column("公示用语", "wrapped", 1), Column("摘要", "digest", -1)),
    )
    rows = []
    for one in facts["ledger"]["postings"]:
        for each in one.get("entries", ()):
            who = facts["people"].get(each["member"], {"number": "", "name": ""})
            name = facts["indicators"].get(each["indicator"], {}).get("name", "")
            what = (each["indicator"], name, each["event_on"], each["value"], _quantity(each), _corrects(each))
            rows.append([one["number"], each["number"], *who_of(who), *what, each["wording"], each["digest"]])
    return Part("台账条目", BOOKS, columns, rows)


def _quantity(each: Row) -> str:
    return show(each["quantity"]) if each["quantity"] is not None else ""


def _corrects(each: Row) -> str:
    return f"冲正{each['corrects']}" if each["corrects"] else "结转" if each["carried"] else ""
