"""核验 Recomputes everything that was published and posted, branch by branch, and names the first row that disagrees.

Entries, their texts, the chains, what each notice showed and its fingerprint, and every figure on it by the engine, from
what was posted when it was published. Texts that were erased are counted and pass.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from pioneer.assessments.models import Line
from pioneer.conduct.models import ZeroingCase
from pioneer.kernel import sealing
from pioneer.kernel.errors import DomainError
from pioneer.kernel.models import AuditEvent
from pioneer.kernel.points import show
from pioneer.ledger import chain, queries
from pioneer.ledger.models import Entry, EntryText, Posting
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.publicity import snapshot
from pioneer.publicity.models import Publication, PublishedLine, PublishedMember
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.queries import parsed, versions_for
from pioneer.scoring import Cycle, Engine, Fact, load_text
from pioneer.scoring import Member as Scored

Row = dict[str, Any]
OWN, CORRECTION, MOVED = PublishedLine.Kind.OWN, PublishedLine.Kind.CORRECTION, PublishedLine.Kind.MOVED


class Disagreement(Exception):
    """不符 The first row that disagrees, as one sentence."""


@dataclass(slots=True)
class Report:
    """核验结果 How much was recomputed; `disagreement` is empty where everything agrees."""

    branches: int = 0
    postings: int = 0
    entries: int = 0
    publications: int = 0
    figures: int = 0
    erased: int = 0
    disagreement: str = ""

    @property
    def summary(self) -> str:
        """小结"""
        erased = f"其中{self.erased}处文字已依规抹除，分数和指纹照常核对。" if self.erased else ""
        return (
            f"核验通过：{self.branches}个支部，{self.publications}次公示，{self.postings}次入账，{self.entries}条台账，"
            f"{self.figures}行公示分数，逐一重算，全部相符。{erased}"
        )


def verify(tell: Callable[[Organisation], None] = lambda branch: None) -> Report:
    """核验全部台账 Stops at the first disagreement. `tell` hears each branch when it is done."""
    report = Report()
    engines = _Engines()
    try:
        for branch in Organisation.objects.filter(is_branch=True).order_by("path").iterator():
            _Branch(branch, report, engines).check()
            tell(branch)
        _check_rest(report)
    except Disagreement as found:
        report.disagreement = str(found)
    except DomainError as refusal:
        report.disagreement = refusal.message
    return report


def _check_rest(report: Report) -> None:
    """What stands outside the chains of branches: nothing may."""
    for posting in Posting.objects.filter(branch__is_branch=False).select_related("branch").order_by("pk")[:1]:
        if not posting.branch.is_community:
            raise Disagreement(f"{posting.branch.name}不是党支部，却有第{posting.number}号入账。")
    if Posting.objects.count() != report.postings or Entry.objects.count() != report.entries:
        raise Disagreement("台账里有不属于任何支部入账链的记录，请用备份核对 ledger_posting 和 ledger_entry 两张表。")
    done = AuditEvent.objects.filter(operation="ledger.post_sheet", refused="").order_by("pk")
    standing = set(Posting.objects.order_by().values_list("pk", flat=True))
    for number, at in done.values_list("target_number", "at").iterator():
        if number not in standing:
            raise Disagreement(f"审计记录{at:%Y-%m-%d %H:%M}写有一次入账（记录号{number}），台账里已经没有它。")


class _Engines:
    """当时的引擎 The engine over the versions adopted by a moment: a later version never rewrites what was shown."""

    def __init__(self) -> None:
        self.versions: dict[int, list[RulebookVersion]] = {}
        self.built: dict[tuple[int, ...], Engine] = {}

    def at(self, district: int, moment: datetime) -> Engine:
        if district not in self.versions:
            self.versions[district] = versions_for(district)
        every = self.versions[district]
        known = [one for one in every if one.adopted_at is not None and one.adopted_at <= moment] or every
        key = tuple(one.pk for one in known)
        if key not in self.built:
            rulebooks = [parsed(one) for one in known]
            if len(known) < len(every):
                outcome = load_text(known[-1].text)
                until = outcome.rulebook.meta.valid_to if outcome.rulebook else None
                rulebooks[-1] = replace(rulebooks[-1], meta=replace(rulebooks[-1].meta, valid_to=until))
            self.built[key] = Engine(rulebooks)
        return self.built[key]


@dataclass(slots=True)
class _Books:
    """一个支部的账 Its rows, as they stand in the tables."""

    publications: dict[int, Row] = field(default_factory=dict)
    members: dict[int, list[Row]] = field(default_factory=dict)
    lines: dict[int, list[Row]] = field(default_factory=dict)
    postings: list[Row] = field(default_factory=list)
    entries: dict[int, list[Row]] = field(default_factory=dict)
    texts: dict[int, Row] = field(default_factory=dict)
    people: dict[int, Row] = field(default_factory=dict)


def _read(branch: Organisation) -> _Books:
    books = _Books()
    shown = Publication.objects.filter(sheet__branch=branch).order_by("published_at", "pk")
    columns = ("id", "sheet_id", "revision", "published_at", "closes_at", "closed_at", "digest", "heading")
    for row in shown.values(*columns, "sheet__year", "sheet__month"):
        books.publications[row["id"]] = row
    people = PublishedMember.objects.filter(publication__sheet__branch=branch).order_by("publication_id", "position")
    shown_people: Iterable[Any] = people.values()
    for row in shown_people:
        books.members.setdefault(row["publication_id"], []).append(row)
    lines = PublishedLine.objects.filter(publication__sheet__branch=branch).order_by("publication_id", "line_id")
    for row in lines.values(*_LINE_COLUMNS):
        books.lines.setdefault(row["publication_id"], []).append(row)
    postings: Iterable[Any] = Posting.objects.filter(branch=branch).order_by("number").values()
    books.postings = list(postings)
    entries: Iterable[Any] = Entry.objects.filter(posting__branch=branch).order_by("posting_id", "order").values()
    for row in entries:
        books.entries.setdefault(row["posting_id"], []).append(row)
    texts: Iterable[Any] = EntryText.objects.filter(entry__posting__branch=branch).values()
    for row in texts:
        books.texts[row["entry_id"]] = row
    ids = {row["member_id"] for rows in (*books.members.values(), *books.lines.values()) for row in rows}
    members_of: Iterable[Any] = Member.objects.filter(pk__in=ids).order_by().values("id", "key", "erased_at")
    for row in members_of:
        books.people[row["id"]] = row
    return books


_LINE_COLUMNS = (
    "publication_id", "line_id", "member_id", "indicator", "event_on", "kind", "raw", "counted", "reason", "wording",
    "is_open", "withheld", "salt", "commitment", "line__corrects_id", "line__event", "line__quantity",
)  # fmt: skip


class _Branch:
    """一个支部的核验"""

    def __init__(self, branch: Organisation, report: Report, engines: _Engines) -> None:
        self.branch = branch
        self.report = report
        self.engines = engines
        self.books = _read(branch)

    def check(self) -> None:
        """逐项 Chains and entries first, then what was shown, then the figures."""
        self.report.branches += 1
        previous, cited = "", set[str]()
        for number, posting in enumerate(self.books.postings, start=1):
            self._check_link(posting, number, previous, cited)
            self._check_posting(posting)
            previous = posting["digest"]
        for publication in self.books.publications.values():
            self._check_publication(publication)
        _Figures(self).check()

    def name(self, posting: Row) -> str:
        """入账的说法"""
        return f"{self.branch.name}第{posting['number']}号入账"

    def notice(self, publication: Row) -> str:
        """公示的说法"""
        of = f"{publication['sheet__year']}年{publication['sheet__month']}月"
        return f"{self.branch.name}{of}第{publication['revision']}次公示"

    # -------------------------------------------------------------- the chain

    def _check_link(self, posting: Row, number: int, previous: str, cited: set[str]) -> None:
        if posting["number"] != number:
            raise Disagreement(f"{self.branch.name}缺少第{number}号入账，其后是第{posting['number']}号。")
        digests = posting["previous_digest"].split(chain.SEPARATOR) if posting["previous_digest"] else []
        if previous:
            if not digests or digests[0] != previous:
                raise Disagreement(f"{self.name(posting)}引用的上一号指纹与第{number - 1}号入账不符。")
            digests = digests[1:]
        former = {digest for one in queries.merged_into(self.branch.pk) for digest in queries.heads(one)}
        for digest in digests:
            if digest not in former or digest in cited:
                raise Disagreement(f"{self.name(posting)}引用了不是并入支部最后一次入账的指纹（{digest[:12]}）。")
            cited.add(digest)

    def _check_posting(self, posting: Row) -> None:
        entries = self.books.entries.get(posting["id"], [])
        publication = self.books.publications.get(posting["publication_id"])
        if publication is None:
            raise Disagreement(f"{self.name(posting)}所依据的公示不是本支部的，或已经没有了。")
        for entry in entries:
            self._check_entry(posting, entry)
        self._check_same_as_shown(posting, publication, entries)
        digests = (entry["digest"] for entry in entries)
        if chain.posting_digest(posting, publication["digest"], publication["closed_at"], digests) != posting["digest"]:
            raise Disagreement(f"{self.name(posting)}的内容与它的指纹不符。")
        self.report.postings += 1
        self.report.entries += len(entries)

    def _check_entry(self, posting: Row, entry: Row) -> None:
        what = f"{self.name(posting)}第{entry['order']}条（{entry['reference']}）"
        if chain.entry_digest(entry, self.branch.pk, posting["number"]) != entry["digest"]:
            raise Disagreement(f"{what}的内容与它的指纹不符。")
        text = self.books.texts.get(entry["id"])
        if text is None:
            raise Disagreement(f"{what}的公示用语和依据那一行没有了。")
        if text["erased_at"] is not None:
            if text["wording"] or text["ground"] or text["salt"]:
                raise Disagreement(f"{what}标为已抹除，却还留有文字。")
            self.report.erased += 1
        elif chain.text_commitment(text["salt"], text["wording"], text["ground"]) != entry["commitment"]:
            raise Disagreement(f"{what}的公示用语或依据与入账时的承诺值不符。")

    def _check_same_as_shown(self, posting: Row, publication: Row, entries: Iterable[Row]) -> None:
        shown = {
            chain.reference_of(row["line_id"]): row
            for row in self.books.lines.get(publication["id"], [])
            if row["kind"] != MOVED and not row["withheld"]
        }
        for entry in entries:
            row = shown.pop(entry["reference"], None)
            if row is None:
                raise Disagreement(f"{self.name(posting)}的{entry['reference']}没有在所依据的公示上出现过。")
            key = self.books.people[row["member_id"]]["key"]
            posted = (entry["indicator"], entry["event_on"], entry["value"], entry["member_key"])
            if posted != (row["indicator"], row["event_on"], row["raw"], key):
                raise Disagreement(f"{self.name(posting)}的{entry['reference']}与公示上的指标、日期、分值或党员不符。")
        if shown:
            raise Disagreement(f"{self.name(posting)}缺少条目{min(shown, key=chain.line_of)}，公示上有而台账里没有。")

    # -------------------------------------------------------------- what was shown

    def _check_publication(self, publication: Row) -> None:
        people = self.books.members.get(publication["id"], [])
        lines = self.books.lines.get(publication["id"], [])
        for row in people:
            texts = {"name": row["name"], "note": row["note"]}
            self._check_shown(publication, row, texts, f"第{row['position']}行的姓名或备注")
        for row in lines:
            texts = {"wording": row["wording"], "reason": row["reason"]}
            self._check_shown(publication, row, texts, f"条目line:{row['line_id']}的公示用语或得分依据")
        if self._digest(publication, people, lines) != publication["digest"]:
            raise Disagreement(f"{self.notice(publication)}的内容与它的指纹不符。")
        self.report.publications += 1

    def _check_shown(self, publication: Row, row: Row, texts: dict[str, str], what: str) -> None:
        if not row["salt"] and not any(texts.values()):
            if self.books.people[row["member_id"]]["erased_at"] is None:
                raise Disagreement(f"{self.notice(publication)}{what}没有了，而这名党员的文字并未办理抹除。")
            self.report.erased += 1
        elif sealing.commitment(row["salt"], texts) != row["commitment"]:
            raise Disagreement(f"{self.notice(publication)}{what}与公示时的承诺值不符。")

    def _digest(self, publication: Row, people: Iterable[Row], lines: Iterable[Row]) -> str:
        key = {number: str(row["key"]) for number, row in self.books.people.items()}
        return snapshot.publication_digest(
            sheet_id=publication["sheet_id"],
            revision=publication["revision"],
            published_at=publication["published_at"],
            closes_at=publication["closes_at"],
            heading=publication["heading"],
            members=[
                (r["position"], key[r["member_id"]], r["positive"], r["reverse"], r["total"], r["commitment"])
                for r in people
            ],
            lines=[
                (
                    r["line_id"],
                    key[r["member_id"]],
                    r["indicator"],
                    r["event_on"].isoformat(),
                    r["kind"],
                    r["raw"],
                    r["counted"],
                    r["is_open"],
                    r["commitment"],
                )
                for r in lines
            ],
        )


class _Figures:
    """公示的分数 Each counted value and total again, by the engine, from what the ledger held when it was published."""

    def __init__(self, of: _Branch) -> None:
        self.of = of
        self.books = of.books
        self.ids = list(self.books.people)
        self.key_of = {row["key"]: number for number, row in self.books.people.items()}
        self.entries = self._entries()
        self.zeroings = self._zeroings()
        self.scored: dict[Cycle, dict[int, Scored]] = {}
        self.known: dict[tuple[Any, ...], int | None] = {}

    def check(self) -> None:
        """逐次公示"""
        district = self.of.branch.district_number
        for publication in self.books.publications.values():
            engine = self.of.engines.at(district, publication["published_at"])
            cycle = engine.cycle_of(_last_day(publication))
            if cycle not in self.scored:
                self.scored[cycle] = members.scoring_members(self.ids, cycle)
            self._check_notice(publication, engine, cycle)

    def _entries(self) -> dict[int, list[Row]]:
        """Of all these members, wherever posted, in the order of closing."""
        columns = ("pk", "member_key", "reference", "indicator", "event_on", "value", "quantity", "corrects_id")
        rows = Entry.objects.filter(member_key__in=list(self.key_of)).order_by(
            "posting__publication__closed_at", "posting__publication_id", "order"
        )
        found: dict[int, list[Row]] = {}
        lines = Line.objects.filter(member__in=self.ids).exclude(event="").order_by()
        happenings = {chain.reference_of(number): event for number, event in lines.values_list("pk", "event")}
        for row in rows.values(*columns, "posting__publication__closed_at", "posting__publication_id"):
            row["event"] = happenings.get(row["reference"], "")  # as the notices knew it
            found.setdefault(self.key_of[row["member_key"]], []).append(row)
        return found

    def _zeroings(self) -> dict[int, list[ZeroingCase]]:
        found: dict[int, list[ZeroingCase]] = {}
        for case in ZeroingCase.objects.filter(member__in=self.ids, state__in=["approved", "reversed"]).order_by(
            "document_on", "pk"
        ):
            found.setdefault(case.member_id, []).append(case)
        return found

    def _check_notice(self, publication: Row, engine: Engine, cycle: Cycle) -> None:
        at = publication["published_at"]
        people = self.books.members.get(publication["id"], [])
        lines: dict[int, list[Row]] = {}
        for row in self.books.lines.get(publication["id"], []):
            lines.setdefault(row["member_id"], []).append(row)
        for row in people:
            number = row["member_id"]
            scored = self.scored[cycle].get(number)
            if scored is None or not scored.tracks:
                continue
            self._check_person(publication, row, lines.get(number, []), engine, cycle, scored, at)
            self.of.report.figures += 1

    def _check_person(
        self, publication: Row, row: Row, shown: list[Row], engine: Engine, cycle: Cycle, scored: Scored, at: datetime
    ) -> None:
        number = row["member_id"]
        before = list(self._before(number, cycle, at))
        zeroings = self._in_force(number, cycle, at)
        state = (number, cycle, id(engine), tuple(fact.row for fact in zeroings))
        if not shown and (key := (*state, frozenset(fact.row for fact in before))) in self.known:
            self._compare(publication, row, 0, 0, self.known[key])
            return
        stated = [_stated(line) for line in shown if line["kind"] != MOVED]
        listed = snapshot.Listed(number, "", "")
        (drawn,) = snapshot.draw(
            engine, cycle, [listed], stated, {number: before}, {number: zeroings}, {number: scored}, reasons=False
        )
        self._compare_lines(publication, row, shown, drawn.lines)
        self._compare(publication, row, drawn.positive, drawn.reverse, drawn.total)
        gone = {line.corrects_id for line in stated if line.corrects_id}
        after = {fact.row for fact in before} - gone | {line.line_id for line in stated if not line.corrects_id}
        self.known[(*state, frozenset(after))] = drawn.total

    def _before(self, number: int, cycle: Cycle, at: datetime) -> Iterator[Fact]:
        rows = [row for row in self.entries.get(number, []) if row["posting__publication__closed_at"] < at]
        gone = {row["corrects_id"] for row in rows if row["corrects_id"]}
        order: dict[tuple[Any, Any], int] = {}
        for row in rows:
            place = order.setdefault((row["posting__publication__closed_at"], row["posting__publication_id"]), len(order))
            if row["corrects_id"] or row["pk"] in gone or not cycle.first_on <= row["event_on"] <= cycle.last_on:
                continue
            yield Fact(
                row=chain.line_of(row["reference"]),
                indicator=row["indicator"],
                event_on=row["event_on"],
                event=row["event"] or None,
                quantity=row["quantity"],
                fixed=row["value"],
                posted_order=place + 1,
            )

    def _in_force(self, number: int, cycle: Cycle, at: datetime) -> list[Fact]:
        return [
            Fact(
                row=-case.pk,
                indicator=case.indicator,
                event_on=case.document_on,
                document=case.get_document_kind_display(),
                document_on=case.document_on,
            )
            for case in self.zeroings.get(number, [])
            if cycle.first_on <= case.document_on <= cycle.last_on
            and case.decided_at is not None
            and case.decided_at <= at
            and (case.reversed_at is None or case.reversed_at > at)
        ]

    def _compare_lines(
        self, publication: Row, row: Row, shown: Iterable[Row], drawn: Iterable[snapshot.Shown]
    ) -> None:
        again = {line.line_id: line for line in drawn}
        for line in shown:
            found = again.pop(line["line_id"], None)
            what = f"{self.of.notice(publication)}第{row['position']}行的条目line:{line['line_id']}"
            if found is None or found.kind != line["kind"]:
                raise Disagreement(f"{what}重算时不该出现。")
            if (found.raw, found.counted) != (line["raw"], line["counted"]):
                raise Disagreement(
                    f"{what}公示计{show(line['counted'])}分（原值{show(line['raw'])}），"
                    f"按台账重算应计{show(found.counted)}分（原值{show(found.raw)}）。"
                )
        for number in again:
            raise Disagreement(f"{self.of.notice(publication)}第{row['position']}行少了因更正变动的条目line:{number}。")

    def _compare(self, publication: Row, row: Row, positive: int, reverse: int, total: int | None) -> None:
        what = f"{self.of.notice(publication)}第{row['position']}行"
        for word, said, found in (("正向", row["positive"], positive), ("反向", row["reverse"], reverse)):
            if said != found:
                raise Disagreement(f"{what}的{word}公示为{show(said)}分，重算为{show(found)}分。")
        if row["total"] is not None and total is not None and row["total"] != total:
            raise Disagreement(f"{what}的累计公示为{show(row['total'])}分，按台账重算为{show(total)}分。")


def _stated(row: Row) -> snapshot.Stated:
    """A line as it was shown; what takes another back carries no value of its own."""
    value = 0 if row["kind"] == CORRECTION else row["raw"]
    event = row["line__event"]
    return snapshot.Stated(
        row["line_id"],
        row["member_id"],
        row["indicator"],
        row["event_on"],
        value,
        event,
        corrects_id=row["line__corrects_id"],
        quantity=row["line__quantity"],
    )


def _last_day(publication: Row) -> date:
    year, month = publication["sheet__year"], publication["sheet__month"]
    return date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)
