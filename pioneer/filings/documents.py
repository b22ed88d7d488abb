"""备案的文件 The documents of a package: the table as Excel, the form as PDF, fingerprints, dissents, amendments, and
the minutes as they were handed in. Names stand here and nowhere else in the package."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from pioneer.filings.packing import canonical
from pioneer.kernel import clock
from pioneer.kernel.points import show
from pioneer.kernel.sealing import short
from pioneer.papers.rendering import render
from pioneer.results.cycles import cycle_text
from pioneer.results.models import Told
from pioneer.results.settlement_queries import WHY
from pioneer.workbooks.writing import Heading, Table, write_workbook

if TYPE_CHECKING:
    from pioneer.filings.contents import Basis, Valid
    from pioneer.filings.models import Amendment

TABLE, FORM, FINGERPRINTS = "评定结果.xlsx", "备案表.pdf", "公示指纹.json"
DISSENTS, AMENDMENTS, MINUTES = "不同意见.json", "更正.json", "会议记录"
COLLECTION_TABLE, COLLECTION_FORM = "备案汇总.xlsx", "备案汇总表.pdf"


def of_unit(basis: "Basis", counts: Sequence[Sequence[Any]]) -> dict[str, bytes]:
    """一个单位的文件 By name, in the order of the list."""
    made = {
        TABLE: _workbook(basis),
        FORM: render("filing", _form(basis, counts)),
        FINGERPRINTS: canonical([_notice(one) for one in basis.notices]),
        DISSENTS: canonical([{"name": name, "words": words} for name, words in _dissents(basis)]),
        AMENDMENTS: canonical(
            [dict(zip(("name", "what", "score", "tier", "ground"), row, strict=True)) for row in _amendments(basis)]
        ),
    }
    if basis.minutes is not None:
        name, content = basis.minutes
        made[f"{MINUTES}{PurePath(name).suffix.lower()}"] = content
    return made


# ------------------------------------------------------------------ the table


def _workbook(basis: "Basis") -> bytes:
    title = f"{basis.unit.name}{cycle_text(basis.cycle)}评定结果（备案第{basis.revision}次报送）"
    headings = [Heading("序号", "number"), Heading("党员编号"), Heading("姓名"), Heading("支部")]
    headings += [Heading(name, "number") for name in ("基本", "正向", "反向", "外部成绩", "得分")]
    headings += [Heading("等次"), Heading("说明", width=24), Heading("通报"), Heading("本人意见", "wrapped", 30)]
    shown = [Heading("支部"), Heading("月份"), Heading("公示次数", "number"), Heading("公示日期", "date")]
    tables = [
        Table("评定结果", headings, _rows(basis), title),
        Table(
            "更正",
            [
                Heading("姓名"),
                Heading("更正内容", "wrapped", 40),
                Heading("得分"),
                Heading("等次"),
                Heading("依据", "wrapped", 40),
            ],
            _amendments(basis),
        ),
        Table(
            "公示指纹",
            [*shown, Heading("指纹", width=68)],
            [[one.sheet.branch.name, _month(one), one.revision, _day_of(one), one.digest] for one in basis.notices],
        ),
        Table("说明", [Heading("说明", "wrapped", 90)], [[text] for text in _notes(basis)]),
    ]
    return write_workbook(tables, made_on=basis.made.made_on)


def _rows(basis: "Basis") -> Iterator[list[Any]]:
    for place, one in enumerate(basis.named, start=1):
        row = one.result
        points = (row.opening, row.positive, row.reverse, row.outside, one.score)
        told = basis.told.get(row.pk)
        yield [
            *(place, row.member.number, row.member.name, row.branch.name),
            *(Decimal(int(each)) / 100 for each in points),
            *(_tier(basis, one), _remark(one), _told(told), _answer(told)),
        ]


def _notes(basis: "Basis") -> list[str]:
    made = basis.made
    versions = "、".join(f"第{one}版" for one in made.versions)
    found = [
        f"评定：{made.organisation.name}第{made.number}次，{_day(made.made_on)}，按积分办法{versions}。",
        f"通报：{_day(basis.held.held_on)}，{basis.held.place}，主持人{basis.held.presided_by}。",
        f"评定结果摘要：{made.digest}",
    ]
    return found + ([f"没有全部通报到人的原因：{basis.untold_reason}"] if basis.untold_reason else [])


# ------------------------------------------------------------------ the form


def _form(basis: "Basis", counts: Sequence[Sequence[Any]]) -> dict[str, Any]:
    told = [basis.told.get(one.result.pk) for one in basis.named]
    present = sum(1 for one in told if one and one.was_present)
    handed = sum(1 for one in told if one and one.handed_on)
    return {
        "title": "评定结果备案表",
        "unit": basis.unit.name,
        "to": basis.to.name,
        "cycle": cycle_text(basis.cycle),
        "times": f"第{basis.revision}次报送" + ("，含更正" if basis.amendments else ""),
        "facts": [
            {"label": "报送单位", "text": basis.unit.name},
            {"label": "接收单位", "text": basis.to.name},
            {
                "label": "评定",
                "text": f"{basis.made.organisation.name}第{basis.made.number}次，{_day(basis.made.made_on)}",
            },
            {
                "label": "通报",
                "text": f"{_day(basis.held.held_on)}，{basis.held.place}，主持人{basis.held.presided_by}",
            },
            {"label": "通报到人", "text": f"列名{len(told)}人，到会{present}人，送达个人结果{handed}人"},
            *([{"label": "未全部通报的原因", "text": basis.untold_reason}] if basis.untold_reason else []),
        ],
        "counts": [{"name": name, "members": str(members)} for _, name, members in counts],
        "people": [_person(basis, place, one) for place, one in enumerate(basis.named, start=1)],
        "dissents": [{"name": name, "words": words} for name, words in _dissents(basis)],
        "amendments": [
            dict(zip(("name", "what", "score", "tier", "ground"), row, strict=True)) for row in _amendments(basis)
        ],
        "notices": [
            {"name": f"{one.sheet.branch.name}{_month(one)}", "day": _day(_day_of(one)), "digest": short(one.digest)}
            for one in basis.notices
        ],
        "digest": short(basis.made.digest),
    }


def _person(basis: "Basis", place: int, one: "Valid") -> dict[str, str]:
    row = one.result
    return {
        "place": str(place),
        "name": row.member.name,
        "branch": row.branch.name,
        "opening": show(int(row.opening)),
        "positive": show(int(row.positive), signed=True),
        "reverse": show(int(row.reverse), signed=True),
        "score": show(one.score),
        "tier": _tier(basis, one),
        "remark": _remark(one),
    }


# ------------------------------------------------------------------ one person in words


def _tier(basis: "Basis", one: "Valid") -> str:
    return basis.names.get(one.tier, one.tier) or "不定等次"


def _remark(one: "Valid") -> str:
    said = [WHY.get(one.why, one.why)] if one.why else []
    said += ["清零"] if one.is_zeroed else []
    said += ["已更正"] if one.amended else []
    return "，".join(said)


def _told(told: Told | None) -> str:
    if told is None:
        return ""
    said = ["到会"] if told.was_present else []
    said += [f"{_day(told.handed_on)}送达"] if told.handed_on else []
    return "，".join(said)


def _answer(told: Told | None) -> str:
    if told is None or not told.answer:
        return ""
    return told.get_answer_display() + (f"：{told.words}" if told.words else "")


def _dissents(basis: "Basis") -> list[tuple[str, str]]:
    found = []
    for one in basis.named:
        told = basis.told.get(one.result.pk)
        if told is not None and told.answer == Told.Answer.DISSENTS:
            found.append((one.result.member.name, told.words))
    return found


def _amendments(basis: "Basis") -> list[list[str]]:
    """Name, what, score, tier, ground: of everybody who stands on the lists."""
    found = []
    for one in basis.amendments:
        if one.result.order in basis.left_out:
            continue
        was, now = (basis.names.get(code, code) or "不定等次" for code in (one.was_tier, one.now_tier))
        found.append(
            [
                one.member.name,
                f"{one.indicator}（{_day(one.event_on)}）{_change(one)}",
                f"{show(int(one.was_score))} → {show(int(one.now_score))}",
                was if was == now else f"{was} → {now}",
                "；".join(text.rstrip("。；") for text in (one.ground, one.document) if text),
            ]
        )
    return found


def _change(one: "Amendment") -> str:
    if one.kind != "points":
        return str(one.get_kind_display())
    return f"{show(int(one.was_points), signed=True)}分改为{show(int(one.now_points), signed=True)}分"


def _notice(one: Any) -> dict[str, Any]:
    return {
        "branch": one.sheet.branch.name,
        "year": one.sheet.year,
        "month": one.sheet.month,
        "sequence": one.sheet.sequence,
        "revision": one.revision,
        "published_on": _day_of(one).isoformat(),
        "digest": one.digest,
    }


def _month(one: Any) -> str:
    return f"{one.sheet.year}年{one.sheet.month}月" + (f"补充{one.sheet.sequence}" if one.sheet.sequence else "")


def _day_of(one: Any) -> date:
    on: date = one.published_at.astimezone(clock.SHANGHAI).date()
    return on


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
