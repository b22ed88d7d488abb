"""汇总备案的写入 A township files with its district: the received filings of its units by number and digest, and which
units are missing and why. Received or sent back like any other."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pioneer.accounts.policies import AnyActor
from pioneer.filings import policies, queries
from pioneer.filings.contents import NO_TIER, Package, heading
from pioneer.filings.documents import COLLECTION_FORM, COLLECTION_TABLE
from pioneer.filings.models import CollectedFiling, Filing, MissingUnit
from pioneer.filings.packing import pack, sealed
from pioneer.filings.services import addressed, next_revision, put
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.kernel.operations import operation
from pioneer.kernel.sealing import short
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import in_tree_order
from pioneer.papers.rendering import render
from pioneer.results.cycles import cycle_text
from pioneer.scoring import Cycle
from pioneer.workbooks.writing import Heading, Table, write_workbook

State = Filing.State
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Parts:
    """一个乡镇（街道）的备案情况 Received filings of its units, and the units without."""

    received: tuple[Filing, ...]
    missing: tuple[Organisation, ...]

    @property
    def counts(self) -> list[list[Any]]:
        """各等次人数合计 The order is that of the first filing; units of one district share their tiers."""
        total, names = Counter[str](), dict[str, str]()
        for one in self.received:
            for code, name, members in one.counts:
                total[code] += members
                names.setdefault(code, name)
        names[""] = names.pop("", NO_TIER)
        return [[code, name, total[code]] for code, name in names.items()]


def parts_of(township: Organisation, cycle: Cycle) -> Parts:
    """汇总的内容 A constant number of queries."""
    filed = Filing.objects.filter(
        unit__path__startswith=township.path, first_on=cycle.first_on, state=State.RECEIVED, settlement__isnull=False
    )
    found = {one.unit_id: one for one in filed.select_related("unit").order_by("revision")}
    owing = Organisation.objects.filter(
        queries.units(), path__startswith=township.path, closed_on__isnull=True, opened_on__lte=cycle.last_on
    )
    received = in_tree_order(one.unit for one in found.values())
    return Parts(tuple(found[unit.pk] for unit in received), tuple(in_tree_order(owing.exclude(pk__in=found))))


def has_news(township: Organisation, cycle: Cycle, parts: Parts) -> bool:
    """有无可报的 Nothing waits at the district, and it has not received just these."""
    last = queries.latest_filings([township.pk], cycle.first_on).get(township.pk)
    if last is None or last.state == State.RETURNED:
        return bool(parts.received)
    before = set(CollectedFiling.objects.filter(filing=last).values_list("part_id", flat=True))
    return last.state == State.RECEIVED and before != {one.pk for one in parts.received}


@operation("filings.send_collected")
def send_collected(*, actor: AnyActor, township_id: int, first_on: date, reasons: Mapping[int, str]) -> Filing:
    """报送汇总备案 By a township to its district. `reasons`: of each unit that is missing, by its number."""
    seen = queries.place_for(actor, township_id)
    township = Organisation.objects.select_for_update().get(pk=seen.pk)
    policies.require_file(actor, township)
    if not queries.is_township(township):
        raise NotVisible
    cycle = queries.cycle_for(township, first_on)
    parts = parts_of(township, cycle)
    _require_news(township, cycle, parts)
    said = _check(parts, reasons)
    to, revision = queries.receiver_of(township), next_revision(township, cycle)
    filing = Filing(**addressed(township, to, cycle, revision))
    put(filing, _package(filing, parts, said), actor.number)
    CollectedFiling.objects.bulk_create(CollectedFiling(filing=filing, part=one) for one in parts.received)
    MissingUnit.objects.bulk_create(
        MissingUnit(filing=filing, unit=unit, reason=said[unit.pk]) for unit in parts.missing
    )
    return filing


def _require_news(township: Organisation, cycle: Cycle, parts: Parts) -> None:
    """Something to file, nothing that waits, and not what the district has already."""
    if not parts.received:
        raise DomainError("nothing_received", f"{township.name}还没有接收过{cycle_text(cycle)}的备案，没有可以汇总的。")
    last = queries.latest_filings([township.pk], cycle.first_on).get(township.pk)
    if last is not None and last.state == State.SENT:
        raise DomainError("sent_already", f"已经报送过，正等{last.to.name}接收。要改的，请其先退回。")
    if last is not None and not has_news(township, cycle, parts):
        raise DomainError("filed_already", f"已经备案（{last.number}），此后没有新的备案和更正，不用再报送。")


def _check(parts: Parts, reasons: Mapping[int, str]) -> dict[int, str]:
    said = {unit.pk: reasons.get(unit.pk, "").strip() for unit in parts.missing}
    faults = [Fault(unit.name, "请写明为什么没有备案。") for unit in parts.missing if not said[unit.pk]]
    faults += [Fault(unit.name, f"最多{LONGEST}个字。") for unit in parts.missing if len(said[unit.pk]) > LONGEST]
    if faults:
        raise BadInput(faults)
    return said


# ------------------------------------------------------------------ the package


def _package(filing: Filing, parts: Parts, said: Mapping[int, str]) -> Package:
    cycle, counts = Cycle(filing.first_on, filing.last_on), parts.counts
    members = sum(one.members for one in parts.received)
    documents = {
        COLLECTION_TABLE: _workbook(cycle, filing, parts, said),
        COLLECTION_FORM: render("filing_collection", _form(cycle, filing, parts, said)),
    }
    manifest = {
        **heading(filing.unit, filing.to, cycle, filing.revision),
        "kind": "collection",
        "counts": counts,
        "parts": [
            {
                "unit": {"number": one.unit_id, "name": one.unit.name},
                "filing_number": one.number,
                "revision": one.revision,
                "digest": one.package_digest,
                "counts": one.counts,
            }
            for one in parts.received
        ],
        "missing": [
            {"unit": {"number": unit.pk, "name": unit.name}, "reason": said[unit.pk]} for unit in parts.missing
        ],
    }
    return Package(pack(sealed(manifest, documents), documents), members, counts)


def _workbook(cycle: Cycle, filing: Filing, parts: Parts, said: Mapping[int, str]) -> bytes:
    tiers = [(code, name) for code, name, _ in parts.counts]
    headings = [Heading("单位"), Heading("备案号"), Heading("党员", "number")]
    headings += [Heading(name, "number") for _, name in tiers]
    headings += [Heading("说明", "wrapped", 30), Heading("备案包指纹", width=68)]
    rows: list[list[Any]] = []
    for one in parts.received:
        own = {code: members for code, _, members in one.counts}
        figures = [own.get(code, 0) for code, _ in tiers]
        note = "含更正" if one.revision > 1 and "更正" in one.number else ""
        rows.append([one.unit.name, one.number, one.members, *figures, note, one.package_digest])
    for unit in parts.missing:
        rows.append([unit.name, "", "", *([""] * len(tiers)), f"没有备案：{said[unit.pk]}", ""])
    title = f"{filing.unit.name}{cycle_text(cycle)}备案汇总（第{filing.revision}次报送）"
    return write_workbook([Table("备案汇总", headings, rows, title)], made_on=cycle.last_on)


def _form(cycle: Cycle, filing: Filing, parts: Parts, said: Mapping[int, str]) -> dict[str, Any]:
    return {
        "title": "备案汇总表",
        "unit": filing.unit.name,
        "to": filing.to.name,
        "cycle": cycle_text(cycle),
        "times": f"第{filing.revision}次报送",
        "counts": [{"name": name, "members": str(members)} for _, name, members in parts.counts],
        "parts": [
            {
                "unit": one.unit.name,
                "number": one.number,
                "members": str(one.members),
                "tiers": "，".join(f"{name}{members}人" for _, name, members in one.counts if members),
                "digest": short(one.package_digest),
            }
            for one in parts.received
        ],
        "missing": [{"unit": unit.name, "reason": said[unit.pk]} for unit in parts.missing],
    }
