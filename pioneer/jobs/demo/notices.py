"""公示与入账 Every event of the notices in order of time: published, objected to, revised, closed, posted.

What counted is drawn by the same functions by which a branch publishes, the chains by those that post.
"""

import heapq
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from pioneer.jobs.demo import corrections, objections
from pioneer.jobs.demo.objections import Outcome
from pioneer.jobs.demo.sheets import BranchMonth, on_roster
from pioneer.jobs.demo.taken_over import own_dice
from pioneer.jobs.demo.world import Branch, Person, Row, World
from pioneer.kernel.clock import end_of
from pioneer.ledger.chain import Posted, build_posting, line_of, reference_of
from pioneer.publicity import snapshot
from pioneer.publicity.snapshot import Listed, Shown, Stated
from pioneer.scoring import Cycle, Engine, Fact, Member, Rulebook, TrackSpell

DOCUMENTS = {"penalty": "已送达的行政处罚决定书", "discipline": "已生效的党纪政务处分决定"}
MARKS = {"probationary": "预备党员", "out_of_contact": "失联"}


def publish(
    world: World, engine: Engine, rulebook: Rulebook, taken: Iterable[BranchMonth], sheets: Iterable[BranchMonth]
) -> None:
    """公示并入账 First what was `taken` over from paper, long before the months."""
    office = _Office(world, engine, rulebook)
    with own_dice(world):
        for made in taken:
            office.at(made.published_at, lambda made=made: office.show(made, 1, made.published_at))  # type: ignore[misc,arg-type]
        office.run()
    for made in sheets:
        if made.published_at is not None:
            office.at(made.published_at, lambda made=made: office.show(made, 1, made.published_at))  # type: ignore[misc]
    office.run()


def token_to_show(world: World) -> str:
    """展示的公示 The latest notice of the branch that is shown."""
    own = {row["id"] for row in world.of("sheet") if row["branch_id"] == world.branches[0].number}
    shown = [row for row in world.of("publication") if row["sheet_id"] in own]
    return str(shown[-1]["token"]) if shown else ""


class _Office:
    """公示办 One event after another; what lies in the future has not happened."""

    def __init__(self, world: World, engine: Engine, rulebook: Rulebook) -> None:
        self.world = world
        self.engine = engine
        self.rulebook = rulebook
        self.count = 0
        self.events: list[tuple[datetime, int, Callable[[], None]]] = []
        self.people = {person.number: person for person in world.people}
        self.posted: dict[tuple[int, Cycle], list[Fact]] = {}
        self.entries: dict[int, int] = {}
        self.chains: dict[int, tuple[int, str]] = {}
        self.scored: dict[tuple[int, Cycle], Member] = {}
        self.given = 0
        self.happenings: dict[tuple[int, str], int] = {}
        for line in world.of("line"):
            if line["event"]:
                self._first_of(line)
        self.open: set[int] = set()
        self.books: dict[int, list[tuple[datetime, Row]]] = {}
        self.zeroings = {
            row["member_id"]: row for row in world.of("zeroing") if row["state"] in ("approved", "reversed")
        }

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        """到时 Remembers what happens at a moment."""
        self.count += 1
        heapq.heappush(self.events, (moment, self.count, act))

    def run(self) -> None:
        while self.events:
            moment, _, act = heapq.heappop(self.events)
            if moment <= self.world.now:
                act()

    # -------------------------------------------------------------- showing

    def show(self, made: BranchMonth, revision: int, moment: datetime, former: list[Shown] | None = None) -> None:
        """公示 One revision of a sheet, with its window."""
        world = self.world
        if former is None and made.branch.number in self.open:
            self.at(moment + timedelta(days=1), lambda: self.show(made, 1, moment + timedelta(days=1)))
            return
        self.open.add(made.branch.number)
        cycle = self.engine.cycle_of(made.month.last)
        people = [p for p in made.branch.roster if on_roster(world, p, made.branch, made.month)]
        people.sort(key=lambda person: person.number)
        if former is None and not made.is_taken_over:
            book = self.books.setdefault(made.branch.number, [])
            wrong = corrections.correct(world, made, people, book)
            book[:] = [one for one in book if one[1] is not wrong]
        zeroings = {p.number: self._zeroed(p, cycle, moment) for p in people}
        roster = [Listed(p.number, str(p.key), p.name, _note(p, zeroings[p.number], made.month.last)) for p in people]
        lines = [_stated(line) for line in made.lines if line.get("state", "standing") == "standing"]
        rows = snapshot.draw(
            self.engine,
            cycle,
            roster,
            lines,
            {p.number: self.posted.get((p.number, cycle), ()) for p in people},
            zeroings,
            {p.number: self._scored(p, cycle) for p in people},
            self._wordings(lines, cycle),
        )
        publication = world.add(
            "publication",
            sheet_id=made.sheet["id"],
            revision=revision,
            token=world.hex(24),
            published_at=moment,
            published_by_number=made.branch.recorder if former is None else _second(made.branch),
            closes_at=self._window(moment),
            closed_at=None,
            heading=self._heading(made, moment),
        )
        shown = [line for row in rows for line in row.lines]
        opened = _open_again(former, shown)
        self._write(publication, rows, shown, opened)
        outcome = None
        if former is None and not made.is_taken_over:
            outcome = objections.object_to(world, made, publication, self.rulebook.procedure)
        self._follow(made, publication, shown, outcome)

    def _window(self, moment: datetime) -> datetime:
        window = self.rulebook.procedure.publication_window
        return end_of(self.world.calendar.after(moment.date(), window.value))

    def _wordings(self, lines: Iterable[Stated], cycle: Cycle) -> dict[int, str]:
        """The wordings of what the corrected members have posted: a correction may move some of it."""
        every = self.world.of("line")
        members = {line.member_id for line in lines if line.corrects_id is not None}
        return {
            fact.row: every[fact.row - 1]["wording"] for one in members for fact in self.posted.get((one, cycle), ())
        }

    def _heading(self, made: BranchMonth, moment: datetime) -> dict[str, str]:
        month, kind = f"{made.month.year}年{made.month.month}月", "月度考评表"
        if made.is_taken_over:
            month, kind = f"结转（至{month}{made.month.last.day}日）", "结转表"
        return {
            "branch": self._organisation(made)["name"],
            "above": self.world.of("organisation")[self._organisation(made)["parent_id"] - 1]["name"],
            "month": month,
            "kind": kind,
            "rulebook": f"{self.rulebook.meta.name}（第1版）",
            "rulebook_digest": self.rulebook.digest,
            "published": moment.date().isoformat(),
        }

    def _organisation(self, made: BranchMonth) -> Row:
        return self.world.of("organisation")[made.branch.number - 1]

    def _write(self, publication: Row, rows: list[snapshot.Row], shown: list[Shown], opened: set[int]) -> None:
        members, lines = [], []
        for row in rows:
            salt = self.world.hex()
            listed = row.listed
            commitment = snapshot.member_commitment(salt, listed.name, listed.note)
            self.world.add(
                "published_member",
                publication_id=publication["id"],
                member_id=listed.member_id,
                position=row.position,
                name=listed.name,
                note=listed.note,
                positive=row.positive,
                reverse=row.reverse,
                total=row.total,
                salt=salt,
                commitment=commitment,
            )
            members.append((row.position, listed.key, row.positive, row.reverse, row.total, commitment))
        for line in shown:
            salt = self.world.hex()
            commitment = snapshot.line_commitment(salt, line.wording, line.reason)
            is_open = line.line_id in opened
            self.world.add(
                "published_line",
                publication_id=publication["id"],
                line_id=line.line_id,
                member_id=line.member_id,
                indicator=line.indicator,
                event_on=line.event_on,
                kind=line.kind,
                raw=line.raw,
                counted=line.counted,
                reason=line.reason,
                wording=line.wording,
                is_open=is_open,
                salt=salt,
                commitment=commitment,
            )
            key = str(self.people[line.member_id].key)
            lines.append(
                (
                    line.line_id,
                    key,
                    line.indicator,
                    str(line.event_on),
                    line.kind,
                    line.raw,
                    line.counted,
                    is_open,
                    commitment,
                )
            )
        publication["digest"] = snapshot.publication_digest(
            sheet_id=publication["sheet_id"],
            revision=publication["revision"],
            published_at=publication["published_at"],
            closes_at=publication["closes_at"],
            heading=publication["heading"],
            members=members,
            lines=lines,
        )

    # -------------------------------------------------------------- what follows

    def _follow(self, made: BranchMonth, publication: Row, shown: list[Shown], outcome: Outcome | None) -> None:
        """Revised where an objection is upheld, else closed when the window is over and every objection answered."""
        if outcome is not None and outcome.struck is not None and outcome.struck_at is not None:
            at, struck = outcome.struck_at, outcome.struck
            self.at(at, lambda: self._revise(made, publication, shown, struck, outcome.row, at))
            return
        if outcome is not None and outcome.waits_until is None:
            return
        closes = publication["closes_at"]
        if outcome is not None and outcome.waits_until is not None:
            closes = max(closes, outcome.waits_until)
        closed_at = closes + timedelta(minutes=self.world.rng.randint(1, 9))
        self.at(closed_at, lambda: self._close(made, publication, shown, closed_at))

    def _revise(
        self, made: BranchMonth, publication: Row, shown: list[Shown], struck: Row, objection: Row, at: datetime
    ) -> None:
        made.sheet["revision"] = 2
        objection["applied_in"] = 2
        struck.update(state="struck", struck_why=f"异议{objection['receipt']}成立", struck_in=2)
        publication["superseded_at"] = at
        self.show(made, 2, at, former=shown)

    def _close(self, made: BranchMonth, publication: Row, shown: list[Shown], closed_at: datetime) -> None:
        """Closed, and posted a minute later: exactly the lines of the notice."""
        publication["closed_at"] = closed_at
        self.open.discard(made.branch.number)
        posted_at = closed_at + timedelta(minutes=1)
        raw = {line.line_id: line.raw for line in shown if line.kind != snapshot.MOVED}
        lines = [line for line in made.lines if line["id"] in raw]
        number, previous = self.chains.get(made.branch.number, (0, ""))
        built = build_posting(
            branch=made.branch.number,
            number=number + 1,
            previous=[previous] if previous else [],
            publication=publication["id"],
            publication_digest=publication["digest"],
            closed_at=closed_at,
            posted_at=posted_at,
            lines=[self._posted(line, raw[line["id"]]) for line in lines],
            salt=self.world.hex,
            posting_id=len(self.world.of("posting")) + 1,
            entry_ids=self._entry_id,
        )
        self.world.rows.setdefault("posting", []).append(built.posting)
        self.world.rows.setdefault("entry", []).extend(built.entries)
        for text in built.texts:
            self.world.add("text", **text)
        self.chains[made.branch.number] = (number + 1, built.posting["digest"])
        self._remember(made, lines, built.posting["id"], posted_at)

    def _entry_id(self) -> int:
        self.given += 1
        return self.given

    def _posted(self, line: Row, raw: int) -> Posted:
        corrects = line.get("corrects_id")
        return Posted(
            line=line["id"],
            member_key=self.people[line["member_id"]].key,
            version=1,
            indicator=line["indicator"],
            event_on=line["event_on"],
            value=raw,
            quantity=line["quantity"],
            event=reference_of(self._first_of(line)) if line["event"] else "",
            corrects=self.entries[corrects] if corrects is not None else None,
            carried=line.get("carried", False),
            wording=line["wording"],
            ground=line["ground"],
        )

    def _first_of(self, line: Row) -> int:
        """The first line of the same happening: the books name it by number, no word of it enters them."""
        return self.happenings.setdefault((line["member_id"], line["event"]), line["id"])

    def _remember(self, made: BranchMonth, lines: list[Row], order: int, posted_at: datetime) -> None:
        """What is posted goes before what later notices show; what a correction takes back is left out."""
        cycle = self.engine.cycle_of(made.month.last)
        for entry in self.world.of("entry")[-len(lines) :] if lines else []:
            self.entries[line_of(entry["reference"])] = entry["id"]
        self.books.setdefault(made.branch.number, []).extend((posted_at, line) for line in lines)
        for line in lines:
            facts = self.posted.setdefault((line["member_id"], cycle), [])
            if (wrong := line.get("corrects_id")) is not None:
                facts[:] = [fact for fact in facts if fact.row != wrong]
            else:
                facts.append(snapshot.fact_of(_stated(line), order))

    # -------------------------------------------------------------- what the engine must know

    def _scored(self, person: Person, cycle: Cycle) -> Member:
        key = (person.number, cycle)
        if key not in self.scored:
            status = person.status
            if person.gone_on is not None and person.gone_on > cycle.last_on:
                status = "full"
            elif person.exempt_from and person.exempt_from <= cycle.last_on and status in ("full", "out_of_contact"):
                status = "exempt"
            joined = person.joined_on
            self.scored[key] = Member(
                code=str(person.key),
                tracks=(TrackSpell(person.homes[0][0], person.homes[0][1].track),),
                name=person.name,
                status=status,
                joined_on=joined if joined and cycle.first_on <= joined <= cycle.last_on else None,
            )
        return self.scored[key]

    def _zeroed(self, person: Person, cycle: Cycle, moment: datetime) -> list[Fact]:
        case = self.zeroings.get(person.number)
        if case is None or case["decided_at"] > moment or not cycle.first_on <= case["document_on"] <= cycle.last_on:
            return []
        if case.get("reversed_at") is not None and case["reversed_at"] <= moment:
            return []
        document = DOCUMENTS[case["document_kind"]]
        return [
            Fact(
                -case["id"], case["indicator"], case["document_on"], document=document, document_on=case["document_on"]
            )
        ]


def _second(branch: Branch) -> int:
    """Who shows a revision is not the secretary, who ruled on the objection."""
    for role in ("deputy_secretary", "committee_member"):
        if branch.officers.get(role) not in (None, branch.officers["secretary"]):
            return branch.officers[role]
    return branch.community.officer


def _note(person: Person, zeroings: Iterable[Fact], on: date) -> str:
    marks = [MARKS[person.status]] if person.status in MARKS else []
    marks += ["流动党员"] if person.is_floating else []
    marks += ["免评"] if person.exempt_from and person.exempt_from <= on else []
    return "　".join([*marks, *(f"清零{fact.indicator}（{fact.document}）" for fact in zeroings)])


def _stated(line: Row) -> Stated:
    return Stated(
        line["id"],
        line["member_id"],
        line["indicator"],
        line["event_on"],
        line["value"],
        line["event"],
        line["wording"],
        line.get("corrects_id"),
        line.get("quantity"),
        line.get("level") or "",
        line.get("carried", False),
    )


def _open_again(former: list[Shown] | None, shown: list[Shown]) -> set[int]:
    """On a first notice every line may be objected to; on a revision those that are new or count otherwise."""
    before = {line.line_id: line.counted for line in former or ()}
    return {line.line_id for line in shown if former is None or before.get(line.line_id) != line.counted}
