"""公示的纸面 A published notice as it leaves the house: the board's poster, the meeting's handout, and what is passed
on in an account or a group.

The board and the meeting carry every ground. What is passed on carries what the rulebook's channels say, mostly the
figures, the grounds of additions and the address; the rest stays behind the address. Nothing here orders people
otherwise than the roster does.
"""

import io
from dataclasses import dataclass
from html import escape
from typing import Any

import segno

from pioneer.kernel.points import show
from pioneer.papers.rendering import render
from pioneer.scoring.channels import USUAL

TITLE = "先锋指数积分公示"
ROOM = 190  # characters of grounds that surely fit in one unbreakable row of the poster
LINES = 20  # of grounds in one unbreakable row of the handout
PICTURE_PPI = 144.0  # 540 points wide become 1080 dots
PICTURE_ROOM = 4200  # points of people's blocks in one long picture: with head and foot below 10,000 dots
GROUNDS = {(True, False): "加分", (False, True): "扣分", (True, True): "加分、扣分", (False, False): ""}


@dataclass(frozen=True, slots=True)
class Ground:
    """得分依据 One line in its public wording, points in hundredths as counted. `day` is empty for a deduction."""

    wording: str
    points: int
    is_addition: bool
    day: str = ""
    reason: str = ""
    is_new: bool = False
    local: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """一位 `note` is what the roster says of the member, `zeroed` the zeroings in force; no `total`: not counted."""

    position: int
    name: str
    positive: int
    reverse: int
    total: int | None
    note: str = ""
    zeroed: str = ""
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """公示 `last_day` is the window's last day while objections are taken, empty afterwards; `state` says what then.
    `account` and `group`: the parts that these channels carry."""

    branch: str
    above: str
    month: str
    revision: int
    window: str
    last_day: str
    state: str
    rulebook: str
    fingerprint: str
    address: str
    people: tuple[Person, ...]
    struck: tuple[str, ...] = ()
    is_replaced: bool = False
    account: tuple[str, ...] = USUAL
    group: tuple[str, ...] = USUAL

    @property
    def times(self) -> str:
        """第几次"""
        return f"第{self.revision}次公示" + ("，更正后" if self.revision > 1 else "")

    @property
    def call(self) -> str:
        """异议的提示 The largest words after the title."""
        return f"认为哪一分不对，请在{self.last_day}24时前告诉我们" if self.last_day else self.state

    @property
    def how(self) -> str:
        """怎样提"""
        where = f"{self.above or '村（社区）'}党群服务中心"
        if self.last_day:
            return f"扫二维码（可以不署名），或到{where}填异议单。每一条都会查清、答复，答复前不入账。"
        if self.is_replaced:
            return "请以最近一次公示为准，扫二维码看。"
        return f"发现错误仍可以告诉{self.branch}，查实后在以后的考评表上冲正，同样公示。"

    @property
    def count(self) -> str:
        """人数"""
        counted = sum(1 for one in self.people if one.total is not None)
        left = len(self.people) - counted
        return f"应评{len(self.people)}人，已评{counted}人" + (f"，不计分{left}人" if left else "")


def poster(shown: Shown, sheet: str) -> bytes:
    """公示栏海报 PDF on `sheet`, "a3" or "a4": the A4 one is the A3 one made smaller."""
    rows = [row for person in shown.people for row in _rows(person)]
    return render("notice_poster", {**_said(shown), "sheet": sheet, "rows": rows})


def handout(shown: Shown) -> bytes:
    """党员大会材料 PDF, A4, every ground on a line of its own."""
    rows = [row for person in shown.people for row in _listed(person)]
    return render("notice_handout", {**_said(shown), "rows": rows, "struck": list(shown.struck)})


def pictures(shown: Shown) -> list[bytes]:
    """长图 PNG, 1080 dots wide, each at most about as long as a phone shows sharply; no ground of a deduction."""
    parts = picture_parts(shown)
    return [_picture(shown, part, number, len(parts)) for number, part in enumerate(parts, start=1)]


def picture_part(shown: Shown, number: int) -> bytes:
    """长图的一张 The one of this number, from 1. Raises LookupError where there are not so many."""
    parts = picture_parts(shown)
    if not 1 <= number <= len(parts):
        raise LookupError(f"长图只有{len(parts)}张")
    return _picture(shown, parts[number - 1], number, len(parts))


def picture_parts(shown: Shown) -> list[tuple[Person, ...]]:
    """长图怎样分张 In roster order, by how high each person's block stands; the pictures about equally long."""
    people = shown.people if "scores" in shown.group else ()
    heights = [_height(one, shown.group) for one in people]
    count = max(1, -(-sum(heights) // PICTURE_ROOM))
    goal, parts, filled = sum(heights) / count, [[]], 0.0  # type: ignore[var-annotated]
    for one, height in zip(people, heights, strict=True):
        if parts[-1] and filled + height / 2 > goal * len(parts):
            parts.append([])
        parts[-1].append(one)
        filled += height
    return [tuple(part) for part in parts]


def _height(one: Person, parts: tuple[str, ...]) -> int:
    """About how many points high: name and figures, then a line of grounds for every 26 characters."""
    grounds = "；".join(_sentence(it) for it in _carried(one, parts))
    return 122 + 32 * (1 + (len(grounds) + 5) // 26) + (22 if len(one.name + one.note) > 22 else 0)


def _picture(shown: Shown, people: tuple[Person, ...], number: int, count: int) -> bytes:
    rows = [
        {
            **_figures(one),
            "note": _said_beside(one, shown.group),
            "grounds": [_passed_on(it) for it in _carried(one, shown.group)],
        }
        for one in people
    ]
    which = f"第{number}张，共{count}张" if count > 1 else ""
    content = {**_said(shown), "rows": rows, "which": which, "kind": _kind_of_grounds(shown.group)}
    return render("notice_picture", content, format="png", ppi=PICTURE_PPI)[0]


def chat(shown: Shown) -> bytes:
    """微信群文字 Plain text; no ground of a deduction."""
    said = [f"【{TITLE}】{shown.branch}　{shown.month}", shown.times, shown.window, shown.count, "", shown.call]
    said += [f"逐条依据和提异议（可以不署名）：{shown.address}", ""]
    kind = _kind_of_grounds(shown.group)
    for one in shown.people if "scores" in shown.group else ():
        figures = _figures(one)
        beside = _said_beside(one, shown.group)
        note = f"（{beside}）" if beside else ""
        said.append(f"{one.position}. {_line(one.name)}{_line(note)}")
        said.append("　".join(f"{label}{figures[key]}" for label, key in _COLUMNS))
        if kind:
            grounds = "；".join(_sentence(it) for it in _carried(one, shown.group)) or f"无{kind}"
            said.append(f"{kind}依据：{_line(grounds)}")
    said += ["", *([_ORDER] if "scores" in shown.group else []), f"公示指纹　{shown.fingerprint}"]
    return ("\n".join(said) + "\n").encode()


def article(shown: Shown) -> bytes:
    """公众号文章 A page to paste, its look in the elements themselves; no ground of a deduction."""
    kind = _kind_of_grounds(shown.account)
    heads = [*_HEADS, *([f"{kind}依据"] if kind else [])]
    rows = "".join(_article_row(one, shown.account) for one in shown.people)
    head = "".join(f'<th scope="col" style="{_CELL}">{label}</th>' for label in heads)
    table = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>"
    people = (
        f'<table style="border-collapse:collapse;width:100%">{table}</table>\n' if "scores" in shown.account else ""
    )
    address = escape(shown.address)
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{escape(f'{shown.branch}{shown.month}积分公示')}</title></head>\n"
        '<body style="font-size:18px;line-height:1.6;color:#1f1b16">\n'
        f'<h1 style="font-size:26px;color:#a8161b;text-align:center">{TITLE}</h1>\n'
        f'<p style="text-align:center">{escape(shown.branch)}　{escape(shown.month)}<br>{shown.times}</p>\n'
        f"<p>{escape(shown.window)}<br>{shown.count}</p>\n"
        f'<h2 style="font-size:22px">{escape(shown.call)}</h2>\n'
        f'<p>逐条依据和提异议（可以不署名）：<a href="{address}" style="color:#a8161b">{address}</a></p>\n'
        f"{people}"
        f"<p>{_ORDER if people else ''}依据：{escape(shown.rulebook)}</p>\n"
        f"<p>公示指纹　{shown.fingerprint}</p>\n</body></html>\n"
    ).encode()


_COLUMNS = (("正向", "positive"), ("反向", "reverse"), ("本月", "month"), ("累计", "total"))
_HEADS = ("序", "姓名", *(label for label, _ in _COLUMNS))
_CELL = "border-bottom:1px solid #d8cfc1;padding:6px;text-align:left;vertical-align:top"
_ORDER = "名单按花名册顺序排列，不排名次。"


def _article_row(one: Person, parts: tuple[str, ...]) -> str:
    figures, kind = _figures(one), _kind_of_grounds(parts)
    beside = _said_beside(one, parts)
    note = f"<br><small>{escape(beside)}</small>" if beside else ""
    cells = [str(one.position), f"<strong>{escape(one.name)}</strong>{note}"]
    cells += [figures[key] for _, key in _COLUMNS]
    if kind:
        cells.append("；".join(escape(_sentence(it)) for it in _carried(one, parts)) or f"无{kind}")
    return "<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells) + "</tr>\n"


def _said(shown: Shown) -> dict[str, Any]:
    """What every one of the papers says."""
    keys = ("branch", "month", "window", "call", "how", "times", "count", "rulebook", "fingerprint", "address")
    return {"title": TITLE, "qr": qr(shown.address), **{key: getattr(shown, key) for key in keys}}


def qr(address: str) -> str:
    """二维码 As SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=2, scale=4, xmldecl=False)
    return drawn.getvalue().decode()


def _figures(one: Person) -> dict[str, Any]:
    return {
        "position": one.position,
        "name": one.name,
        "positive": show(one.positive, signed=True),
        "reverse": show(one.reverse, signed=True),
        "month": show(one.positive + one.reverse, signed=True),
        "total": "不计" if one.total is None else show(one.total),
    }


def _rows(person: Person) -> list[dict[str, Any]]:
    """A person's rows on the poster: one, or more where the grounds are too many for a row that is not broken."""
    parts: list[list[dict[str, str]]] = [[]]
    room = ROOM
    for one in _grouped(person.grounds):
        ground = _brief(one)
        words = ground["text"]
        while len(words) > ROOM - 12:
            parts.append([{"text": words[: ROOM - 12], "points": ""}])
            words, room = words[ROOM - 12 :], 0
        if room < len(words) + 12:
            parts.append([])
            room = ROOM
        parts[-1].append({**ground, "text": words})
        room -= len(words) + 12
    return _continued(person, parts)


def _listed(person: Person) -> list[dict[str, Any]]:
    """A person's rows in the handout, as many as keep each of them shorter than a page."""
    parts: list[list[dict[str, str]]] = [[]]
    room = LINES
    for one in person.grounds:
        ground = _full(one)
        lines = 1 + sum(len(ground[key]) for key in ("text", "day", "points")) // 12 + -(-len(ground["more"]) // 14)
        if room < lines:
            parts.append([])
            room = LINES
        parts[-1].append(ground)
        room -= lines
    return _continued(person, parts)


def _continued(person: Person, parts: list[list[dict[str, str]]]) -> list[dict[str, Any]]:
    """The figures stand in the first row only."""
    full = [part for part in parts if part] or [[]]
    figures = {**_figures(person), "note": _note(person), "continued": False}
    blank = {**figures, **{key: "" for _, key in _COLUMNS}, "note": "", "continued": True}
    return [{**(blank if number else figures), "grounds": part} for number, part in enumerate(full)]


def _grouped(grounds: tuple[Ground, ...]) -> list[Ground]:
    """Lines that say the same become one, with how often."""
    found: dict[tuple[str, bool, str, bool, str], list[Ground]] = {}
    for one in grounds:
        found.setdefault((one.wording, one.is_addition, one.reason, one.is_new, one.local), []).append(one)
    return [
        Ground(
            wording=said[0] + (f"（{len(same)}次）" if len(same) > 1 else ""),
            points=sum(one.points for one in same),
            is_addition=same[0].is_addition,
            reason=same[0].reason,
            is_new=same[0].is_new,
            local=same[0].local,
        )
        for said, same in found.items()
    ]


def _carried(one: Person, parts: tuple[str, ...]) -> list[Ground]:
    """The grounds that a channel carries."""
    wanted = [it for it in one.grounds if ("additions" if it.is_addition else "deductions") in parts]
    return _grouped(tuple(wanted))


def _kind_of_grounds(parts: tuple[str, ...]) -> str:
    return GROUNDS["additions" in parts, "deductions" in parts]


def _said_beside(one: Person, parts: tuple[str, ...]) -> str:
    """A zeroing is a ground like a deduction's."""
    return _note(one) if "deductions" in parts else one.note


def passes_on(shown: Shown) -> str:
    """群里、公众号上写什么 A sentence for who passes it on."""

    def said(parts: tuple[str, ...]) -> str:
        kind = _kind_of_grounds(parts)
        return "、".join(["得分"] * ("scores" in parts) + [f"{kind}依据"] * bool(kind) + ["公示页的链接"])

    if shown.group == shown.account:
        return f"群里、公众号上写{said(shown.group)}；全部依据在公示栏、党员大会和链接里看。"
    where = f"群里写{said(shown.group)}，公众号上写{said(shown.account)}"
    return f"{where}；全部依据在公示栏、党员大会和链接里看。"


def _passed_on(one: Ground) -> dict[str, str]:
    """Without the reason of a cap or a correction, which stands behind the address."""
    return {"text": one.wording, "points": show(one.points, signed=True)}


def _sentence(one: Ground) -> str:
    return " ".join(_passed_on(one).values())


def _brief(one: Ground) -> dict[str, str]:
    more = [*(["支部补充"] if one.local else []), *([one.reason] if one.reason else [])]
    more += ["本次更正"] if one.is_new else []
    return {
        "text": one.wording + (f"（{'；'.join(more)}）" if more else ""),
        "points": show(one.points, signed=True),
    }


def _full(one: Ground) -> dict[str, str]:
    more = [*([one.local] if one.local else []), *([one.reason] if one.reason else [])]
    more += ["本次更正"] if one.is_new else []
    return {"text": one.wording, "day": one.day, "more": "；".join(more), "points": show(one.points, signed=True)}


def _note(one: Person) -> str:
    return "　".join(part for part in (one.note, one.zeroed) if part)


def _line(text: str) -> str:
    """On one line, whatever breaks it holds."""
    return " ".join(text.splitlines())
