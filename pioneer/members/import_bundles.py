"""导入行的存取 The rows of an import and what they say, by the bundle: written, opened, put back, gone."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pioneer.kernel import bulk
from pioneer.members.import_content import Opened, Plain, codes_of, plain, seal, unseal
from pioneer.members.judging import Judged
from pioneer.members.models import Member, RosterImport, RosterImportBundle, RosterImportRow

SIZE = RosterImportRow.BUNDLE
_COLUMNS = ("roster_import_id", "place", "sheet", "row", "verdict", "reasons", "member_id", "decision")


def write(found: RosterImport, rows: Sequence[Judged]) -> None:
    """写下核对结果 In place of an earlier one."""
    forget(found)
    bulk.insert(
        RosterImportRow,
        _COLUMNS,
        (
            (
                *(found.pk, place, one.entry.row.sheet, one.entry.row.row, one.verdict, codes_of(one.mistakes)),
                *(one.known.id if one.known else None, ""),
            )
            for place, one in enumerate(rows)
        ),
    )
    bundles = ((found.pk, number, seal([plain(one) for one in part])) for number, part in enumerate(_parts(rows, SIZE)))
    bulk.insert(RosterImportBundle, ("roster_import_id", "number", "content"), bundles)


def _parts(rows: Sequence[Judged], size: int) -> Iterator[list[Judged]]:
    rest = iter(rows)
    while part := list(islice(rest, size)):
        yield part


def forget(found: RosterImport) -> None:
    """不再保留 Neither the rows nor what they say."""
    RosterImportBundle.objects.filter(roster_import=found).delete()
    RosterImportRow.objects.filter(roster_import=found).delete()


def opened(found: RosterImport, rows: Iterable[RosterImportRow]) -> Iterator[tuple[RosterImportRow, Opened]]:
    """打开这些行 In one query for the bundles they are in; a row that was erased meanwhile is passed over."""
    rows = list(rows)
    numbers = {row.place // SIZE for row in rows}
    bundles = RosterImportBundle.objects.filter(roster_import=found, number__in=numbers)
    plains = {number: unseal(content) for number, content in bundles.values_list("number", "content")}
    for row in rows:
        content = plains[row.place // SIZE][row.place % SIZE]
        if content is not None:
            yield row, Opened(row.sheet, row.row, content)


def plains_of(found: RosterImport) -> Iterator[list[Plain | None]]:
    """全部内容 Bundle by bundle."""
    bundles = RosterImportBundle.objects.filter(roster_import=found).order_by("number")
    for content in bundles.values_list("content", flat=True).iterator(chunk_size=20):
        yield unseal(content)


def put_back(row: RosterImportRow, content: Plain | None) -> None:
    """放回一行 What it says now; None where nothing of it is kept any longer."""
    bundle = RosterImportBundle.objects.select_for_update().get(
        roster_import=row.roster_import_id, number=row.place // SIZE
    )
    rows = unseal(bundle.content)
    rows[row.place % SIZE] = content
    bundle.content = seal(rows)
    bundle.save(update_fields=["content"])


def erase(member: Member) -> None:
    """删除一人的 What waiting imports say about a member; the rows stay, to keep their places."""
    for row in RosterImportRow.objects.filter(member=member):
        put_back(row, None)
        row.reasons = []
        row.save(update_fields=["reasons"])
