"""核验 Recomputes everything that was published and posted, branch by branch, and names the first row that disagrees.

Entries, their texts, the chains, what each notice showed and its fingerprint, and every figure on it by the engine,
from what was posted when it was published. Texts that were erased are counted and pass.
"""

from collections.abc import Callable, Iterable

from pioneer.kernel import sealing
from pioneer.kernel.errors import DomainError
from pioneer.kernel.models import AuditEvent
from pioneer.ledger import chain, queries
from pioneer.ledger.books import Books, Disagreement, Report, Row, read
from pioneer.ledger.models import Entry, Posting
from pioneer.ledger.recount import Engines, Figures, notice_name
from pioneer.organisations.models import Organisation
from pioneer.publicity import snapshot
from pioneer.publicity.models import Publication, PublishedLine

MOVED = PublishedLine.Kind.MOVED


def verify(tell: Callable[[Organisation], None] = lambda branch: None) -> Report:
    """核验全部台账 Stops at the first disagreement. `tell` hears each branch when it is done."""
    report = Report()
    engines = Engines()
    try:
        for branch in Organisation.objects.filter(is_branch=True).order_by("path").iterator():
            _Branch(branch, report, engines, read(branch)).check()
            tell(branch)
        _check_rest(report)
    except Disagreement as found:
        report.disagreement = str(found)
    except DomainError as refusal:
        report.disagreement = refusal.message
    return report


def verify_notice(publication: Publication) -> str:
    """核验一次公示 Its rows against its fingerprint and, where it is posted, the ledger's entries against its rows. The
    sentence of the first disagreement, empty where there is none. A constant number of queries."""
    branch = publication.sheet.branch
    try:
        _Branch(branch, Report(), Engines(), read(branch, publication.pk)).check_notice()
    except Disagreement as found:
        return str(found)
    return ""


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


class _Branch:
    """一个支部的核验"""

    def __init__(self, branch: Organisation, report: Report, engines: Engines, books: Books) -> None:
        self.branch = branch
        self.report = report
        self.engines = engines
        self.books = books

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
        Figures(self.branch, self.books, self.report, self.engines).check()

    def check_notice(self) -> None:
        """只核公示和它的入账 Of the notices and postings in the books, without chain and figures."""
        for publication in self.books.publications.values():
            self._check_publication(publication)
        for posting in self.books.postings:
            self._check_posting(posting)

    def name(self, posting: Row) -> str:
        """入账的说法"""
        return f"{self.branch.name}第{posting['number']}号入账"

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
            raise Disagreement(f"{notice_name(self.branch, publication)}的内容与它的指纹不符。")
        self.report.publications += 1

    def _check_shown(self, publication: Row, row: Row, texts: dict[str, str], what: str) -> None:
        if not row["salt"] and not any(texts.values()):
            if self.books.people[row["member_id"]]["erased_at"] is None:
                which = notice_name(self.branch, publication)
                raise Disagreement(f"{which}{what}没有了，而这名党员的文字并未办理抹除。")
            self.report.erased += 1
        elif sealing.commitment(row["salt"], texts) != row["commitment"]:
            raise Disagreement(f"{notice_name(self.branch, publication)}{what}与公示时的承诺值不符。")

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
