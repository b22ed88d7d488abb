"""手里的公示 Whether a paper, or the file of a notice, is what was published; and what the ledger holds of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pioneer.kernel import clock, sealing
from pioneer.kernel.erased import ERASED
from pioneer.kernel.errors import DomainError, bad
from pioneer.kernel.points import show
from pioneer.ledger.models import Posting
from pioneer.ledger.verification import verify_notice
from pioneer.publicity import fingerprints
from pioneer.publicity.models import Publication
from pioneer.publicity.sheet_files import FORMAT, sheet_of

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """查到的公示 `disagreement` is the first thing in which tables and fingerprint part, empty where they agree."""

    publication: Publication
    posting: Posting | None
    replaced_by: Publication | None
    disagreement: str

    @property
    def name(self) -> str:
        """公示的说法"""
        heading = self.publication.heading
        return f"{heading['branch']}{heading['month']}第{self.publication.revision}次公示"

    @property
    def state(self) -> str:
        """现在怎样 A sentence."""
        if self.replaced_by is not None:
            at = _day(self.publication.superseded_at)
            return f"{at}起由第{self.replaced_by.revision}次公示代替，以第{self.replaced_by.revision}次为准"
        if self.posting is not None:
            return f"{_day(self.posting.posted_at)}入账（第{self.posting.number}号），台账与公示一致"
        return "公示已结束，尚未入账" if self.publication.closed_at else "正在公示，尚未入账"


def held(text: str) -> list[Held]:
    """按指纹查公示 Each notice with this fingerprint, its rows and the ledger checked against it."""
    return [_held(found) for found in fingerprints.by_fingerprint(text)]


def _held(publication: Publication) -> Held:
    return Held(
        publication,
        Posting.objects.filter(publication=publication).first(),
        fingerprints.replaced_by(publication),
        verify_notice(publication),
    )


def compare(content: Content) -> Held:
    """核对公示文件 The notice that the file says it is, where everything agrees; otherwise a DomainError whose sentence
    names the first line that does not."""
    _require_sheet(content)
    found = fingerprints.by_fingerprint(content["fingerprint"]) or _by_place(content)
    if not found:
        raise DomainError("not_published", "没有公示过这样一张表：指纹、表号和次数都对不上，请核对文件的来处。")
    known = _held(found[0])
    try:
        first = next(_differences(sheet_of(found[0]), content), "")
    except (KeyError, TypeError, AttributeError, ValueError):
        raise bad("公示文件", "文件里有缺项或格式不对的地方，不是从公示页下载的原样。请重新取得原文件。") from None
    if first:
        raise DomainError("differs", f"与{known.name}不符：{first}")
    if known.disagreement:
        raise DomainError("tables_differ", known.disagreement)
    return known


def _require_sheet(content: Content) -> None:
    if not isinstance(content, Mapping) or content.get("format") != FORMAT:
        raise bad("公示文件", f"不是公示文件（缺少“{FORMAT}”的标记）。请用公示办理页下载的文件。")
    if not isinstance(content.get("fingerprint"), str):
        raise bad("公示文件", "文件里没有指纹。请用公示办理页下载的文件。")


def _by_place(content: Content) -> list[Publication]:
    """A file whose fingerprint was changed, too, still says which sheet it is of."""
    numbers = (content.get("sheet"), content.get("revision"))
    if not all(isinstance(one, int) for one in numbers):
        return []
    found = Publication.objects.filter(sheet=int(numbers[0]), revision=int(numbers[1]))  # type: ignore[arg-type]
    return list(found.select_related("sheet__branch__parent"))


def _differences(kept: Content, given: Content) -> Iterator[str]:
    """What the file says otherwise than was published, line by line from the top."""
    heads = {
        "published_at": "公示时刻",
        "closes_at": "期满时刻",
        "heading": "表头",
        "revision": "次数",
        "sheet": "表号",
    }
    for name, title in heads.items():
        if given.get(name) != kept[name]:
            yield f"{title}不同，公示为{kept[name]}，文件为{given.get(name)}。"
    members = {row["position"]: row for row in given["members"]}
    for row in kept["members"]:
        mine = members.pop(row["position"], None)
        if mine is None:
            yield f"第{row['position']}行{row['name']}，公示上有，文件里没有。"
        else:
            yield from _in_row(row, mine)
    for position in members:
        yield f"第{position}行，文件里有，公示上没有。"
    if given["fingerprint"] != kept["fingerprint"]:
        yield "内容相同，指纹不同，文件里的指纹被改过。"


def _in_row(kept: Content, given: Content) -> Iterator[str]:
    where = f"第{kept['position']}行{kept['name'] or ERASED}"
    yield from _texts(where, kept, given, {"name": "姓名", "note": "备注"})
    for name, title in {"positive": "正向", "reverse": "反向", "total": "累计"}.items():
        if given[name] != kept[name]:
            yield f"{where}的{title}，公示为{_points(kept[name])}，文件为{_points(given[name])}。"
    if given["key"] != kept["key"]:
        yield f"{where}的党员编号不同，不是同一个人。"
    lines = {line["line"]: line for line in given["lines"]}
    for number, line in enumerate(kept["lines"], start=1):
        place = f"{where}第{number}条“{line['wording'] or ERASED}”"
        mine = lines.pop(line["line"], None)
        if mine is None:
            yield f"{place}，公示上有，文件里没有。"
        else:
            yield from _in_line(place, line, mine)
    for line in lines.values():
        yield f"{where}的“{line['wording']}”，文件里有，公示上没有。"


def _in_line(place: str, kept: Content, given: Content) -> Iterator[str]:
    yield from _texts(place, kept, given, {"wording": "公示用语", "reason": "计分说明"})
    for name, title in {"raw": "分值", "counted": "计入"}.items():
        if given[name] != kept[name]:
            yield f"{place}的{title}，公示为{_points(kept[name])}，文件为{_points(given[name])}。"
    for name, title in {"indicator": "指标", "event_on": "日期", "kind": "性质", "is_open": "可否异议"}.items():
        if given[name] != kept[name]:
            yield f"{place}的{title}，公示为{kept[name]}，文件为{given[name]}。"


def _texts(place: str, kept: Content, given: Content, titles: Mapping[str, str]) -> Iterator[str]:
    """Erased texts are held to their commitment: what the file says must be what was once bound."""
    if not kept["salt"] and not any(kept[name] for name in titles):
        texts = {name: given[name] for name in titles}
        if (given["salt"] or any(texts.values())) and sealing.commitment(given["salt"], texts) != kept["commitment"]:
            yield f"{place}的{'或'.join(titles.values())}不是当时公示的（原文已依规抹除，按承诺值核对）。"
        return
    for name, title in titles.items():
        if given[name] != kept[name]:
            yield f"{place}的{title}，公示为“{kept[name]}”，文件为“{given[name]}”。"


def _points(points: int | None) -> str:
    return "不计" if points is None else f"{show(points)}分"


def _day(at: Any) -> str:
    on = at.astimezone(clock.SHANGHAI).date()
    return f"{on.year}年{on.month}月{on.day}日"
