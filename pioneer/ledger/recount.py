"""重算 Each figure of a notice again, by the engine, from what the ledger held when it was published."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pioneer.assessments.models import Line
from pioneer.conduct.models import ZeroingCase
from pioneer.kernel.points import show
from pioneer.ledger import chain
from pioneer.ledger.books import Books, Disagreement, Report, Row
from pioneer.ledger.models import Entry
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.publicity import snapshot
from pioneer.publicity.models import PublishedLine
from pioneer.rulebook import local
from pioneer.rulebook.models import RulebookVersion, Supplement
from pioneer.rulebook.queries import complete, versions_for
from pioneer.scoring import Cycle, Engine, Fact, Indicator, Rulebook, load_text
from pioneer.scoring import Member as Scored

CORRECTION, MOVED = PublishedLine.Kind.CORRECTION, PublishedLine.Kind.MOVED


def notice_name(branch: Organisation, publication: Row) -> str:
    """公示的说法"""
    of = f"{publication['sheet__year']}年{publication['sheet__month']}月"
    return f"{branch.name}{of}第{publication['revision']}次公示"


class Engines:
    """当时的引擎 The engine over the versions adopted by a moment: a later version never rewrites what was shown. Each
    with all that branches ever added to it: one more row moves no other, and `locals` says whether it stood by then."""

    def __init__(self) -> None:
        self.versions: dict[int, list[RulebookVersion]] = {}
        self.complete: dict[int, dict[int, Rulebook]] = {}
        self.locals: dict[tuple[int, int], Supplement] = {}
        self.built: dict[tuple[int, ...], Engine] = {}

    def at(self, district: int, moment: datetime) -> Engine:
        """某时的引擎"""
        if district not in self.versions:
            self._read(district)
        every = self.versions[district]
        known = [one for one in every if one.adopted_at is not None and one.adopted_at <= moment] or every
        key = tuple(one.pk for one in known)
        if key not in self.built:
            rulebooks = [self.complete[district][one.pk] for one in known]
            if len(known) < len(every):
                outcome = load_text(known[-1].text)
                until = outcome.rulebook.meta.valid_to if outcome.rulebook else None
                rulebooks[-1] = replace(rulebooks[-1], meta=replace(rulebooks[-1].meta, valid_to=until))
            self.built[key] = Engine(rulebooks)
        return self.built[key]

    def check_local(self, district: int, row: Indicator, on: date, shown_at: datetime) -> str:
        """支部补充是否成立 What is wrong with a line of a branch's own indicator; empty where nothing is."""
        supplement = self.locals.get((district, local.number_of(row.code)))
        if supplement is None or supplement.decided_at is None or supplement.decided_at > shown_at:
            return "公示时还没有批准"
        if supplement.valid_from is None or on < supplement.valid_from:
            return "发生之日还没有施行"
        if supplement.ended_from is not None and on >= supplement.ended_from:
            return "发生之日已经终止"
        return ""

    def void_codes(self, district: int) -> set[str]:
        """认定事项无效的指标 Of any version of the district."""
        if district not in self.versions:
            self._read(district)
        rows = (row for one in self.complete[district].values() for row in one.indicators.values())
        return {row.code for row in rows if row.voids == "event"}

    def _read(self, district: int) -> None:
        versions = self.versions[district] = versions_for(district)
        self.complete[district] = complete(versions)
        if any(one.supplement for one in self.complete[district].values()):
            approved = local.approved_under(versions).values()
            self.locals |= {(district, one.number): one for rows in approved for one in rows}


class Figures:
    """公示的分数 Each counted value and total again, by the engine, from what the ledger held when it was published."""

    def __init__(self, branch: Organisation, books: Books, report: Report, engines: Engines) -> None:
        self.branch = branch
        self.books = books
        self.report = report
        self.engines = engines
        self.key_of = {row["key"]: number for number, row in self.books.people.items()}
        self.declaring = self._declaring()
        self.ids = list(self.key_of.values())
        self.order: dict[tuple[Any, Any], int] = {}
        self.entries = self._entries()
        self.zeroings = self._zeroings()
        self.scored: dict[Cycle, dict[int, Scored]] = {}
        self.known: dict[tuple[Any, ...], int | None] = {}

    def check(self) -> None:
        """逐次公示"""
        district = self.branch.district_number
        for publication in self.books.publications.values():
            engine = self.engines.at(district, publication["published_at"])
            cycle = engine.cycle_of(_last_day(publication))
            if cycle not in self.scored:
                self.scored[cycle] = members.scoring_members(self.ids, cycle)
            self._check_notice(publication, engine, cycle)

    def _declaring(self) -> list[int]:
        """Whose lines, shown here or posted anywhere in the district, make an event void for everybody: they are looked
        at too, wherever they belong. No query where the rulebook knows no such indicator."""
        codes = self.engines.void_codes(self.branch.district_number)
        if not codes:
            return []
        posted = Entry.objects.filter(indicator__in=codes).order_by().values("member_key")
        people = Member.objects.filter(district=self.branch.district_number, key__in=posted).order_by("pk")
        found = dict(people.values_list("key", "pk"))
        self.key_of |= found
        shown = (row["member_id"] for rows in self.books.lines.values() for row in rows if row["indicator"] in codes)
        return sorted({*found.values(), *shown})

    def _entries(self) -> dict[int, list[Row]]:
        """Of all these members, wherever posted, in the order of closing."""
        columns = ("pk", "member_key", "reference", "indicator", "event_on", "value", "quantity", "carried")
        rows = Entry.objects.filter(member_key__in=list(self.key_of)).order_by(
            "posting__publication__closed_at", "posting__publication_id", "order"
        )
        found: dict[int, list[Row]] = {}
        lines = Line.objects.filter(member__in=self.ids).exclude(event="").order_by()
        happenings = {chain.reference_of(number): event for number, event in lines.values_list("pk", "event")}
        for row in rows.values(*columns, "corrects_id", "posting__publication__closed_at", "posting__publication_id"):
            row["event"] = happenings.get(row["reference"], "")  # as the notices knew it
            self.order.setdefault(_place(row), len(self.order) + 1)
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
        voided = self._voided(lines, engine, cycle, at)
        for row in people:
            number = row["member_id"]
            scored = self.scored[cycle].get(number)
            if scored is None or not scored.tracks:
                continue
            self._check_person(publication, row, lines.get(number, []), engine, cycle, scored, voided)
            self.report.figures += 1

    def _voided(self, lines: Mapping[int, Sequence[Row]], engine: Engine, cycle: Cycle, at: datetime) -> snapshot.Voids:
        """What others than the person looked at declare void, as it stood then."""
        if not self.declaring:
            return snapshot.NO_VOIDS
        scored = {number: self.scored[cycle][number] for number in self.declaring if number in self.scored[cycle]}
        return snapshot.declared_void(
            engine,
            cycle,
            {number: [_stated(line) for line in rows if line["kind"] != MOVED] for number, rows in lines.items()},
            {number: list(self._before(number, cycle, at)) for number in scored},
            {number: self._in_force(number, cycle, at) for number in scored},
            scored,
        )

    def _check_person(
        self,
        publication: Row,
        row: Row,
        shown: list[Row],
        engine: Engine,
        cycle: Cycle,
        scored: Scored,
        voided: snapshot.Voids,
    ) -> None:
        number, at = row["member_id"], publication["published_at"]
        before = list(self._before(number, cycle, at))
        zeroings = self._in_force(number, cycle, at)
        state = (number, cycle, id(engine), tuple(fact.row for fact in zeroings), frozenset(voided[1]))
        if not shown and (key := (*state, frozenset(fact.row for fact in before))) in self.known:
            self._compare(publication, row, 0, 0, self.known[key])
            return
        stated = [_stated(line) for line in shown if line["kind"] != MOVED]
        listed = snapshot.Listed(number, "", "")
        (drawn,) = snapshot.draw(
            engine,
            cycle,
            [listed],
            stated,
            {number: before},
            {number: zeroings},
            {number: scored},
            reasons=False,
            voided=voided,
        )
        self._check_locals(publication, row, shown, engine)
        self._compare_lines(publication, row, shown, drawn.lines)
        self._compare(publication, row, drawn.positive, drawn.reverse, drawn.total)
        gone = {line.corrects_id for line in stated if line.corrects_id}
        after = {fact.row for fact in before} - gone | {line.line_id for line in stated if not line.corrects_id}
        self.known[(*state, frozenset(after))] = drawn.total

    def _before(self, number: int, cycle: Cycle, at: datetime) -> Iterator[Fact]:
        rows = [row for row in self.entries.get(number, []) if row["posting__publication__closed_at"] <= at]
        gone = {row["corrects_id"] for row in rows if row["corrects_id"]}
        for row in rows:
            if row["corrects_id"] or row["pk"] in gone or not cycle.first_on <= row["event_on"] <= cycle.last_on:
                continue
            yield Fact(
                row=chain.line_of(row["reference"]),
                indicator=row["indicator"],
                event_on=row["event_on"],
                event=row["event"] or None,
                quantity=row["quantity"],
                fixed=row["value"],
                posted_order=self.order[_place(row)],
                carried=row["carried"],
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

    def _check_locals(self, publication: Row, row: Row, shown: Iterable[Row], engine: Engine) -> None:
        for line in shown:
            version = engine.version_on(line["event_on"])
            found = version.indicators.get(line["indicator"]) if version else None
            if found is None or not found.local or line["kind"] == MOVED:
                continue
            district, at = self.branch.district_number, publication["published_at"]
            if wrong := self.engines.check_local(district, found, line["event_on"], at):
                what = f"{notice_name(self.branch, publication)}第{row['position']}行的条目line:{line['line_id']}"
                raise Disagreement(f"{what}按支部补充的{found.code}计分，而它{wrong}。")

    def _compare_lines(self, publication: Row, row: Row, shown: Iterable[Row], drawn: Iterable[snapshot.Shown]) -> None:
        again = {line.line_id: line for line in drawn}
        for line in shown:
            found = again.pop(line["line_id"], None)
            what = f"{notice_name(self.branch, publication)}第{row['position']}行的条目line:{line['line_id']}"
            if found is None or found.kind != line["kind"]:
                raise Disagreement(f"{what}重算时不该出现。")
            if (found.raw, found.counted) != (line["raw"], line["counted"]):
                raise Disagreement(
                    f"{what}公示计{show(line['counted'])}分（原值{show(line['raw'])}），"
                    f"按台账重算应计{show(found.counted)}分（原值{show(found.raw)}）。"
                )
        for number in again:
            what = f"{notice_name(self.branch, publication)}第{row['position']}行"
            raise Disagreement(f"{what}少了因更正变动的条目line:{number}。")

    def _compare(self, publication: Row, row: Row, positive: int, reverse: int, total: int | None) -> None:
        what = f"{notice_name(self.branch, publication)}第{row['position']}行"
        for word, said, found in (("正向", row["positive"], positive), ("反向", row["reverse"], reverse)):
            if said != found:
                raise Disagreement(f"{what}的{word}公示为{show(said)}分，重算为{show(found)}分。")
        if row["total"] is not None and total is not None and row["total"] != total:
            raise Disagreement(f"{what}的累计公示为{show(row['total'])}分，按台账重算为{show(total)}分。")


def _place(row: Row) -> tuple[Any, Any]:
    """Postings count in the order in which their notices were closed."""
    return row["posting__publication__closed_at"], row["posting__publication_id"]


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
        carried=bool(row["line__carried"]),
    )


def _last_day(publication: Row) -> date:
    year, month = publication["sheet__year"], publication["sheet__month"]
    return date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)
