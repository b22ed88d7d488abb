"""Every text that a table can hold is erased with the member it is about, or stands here with why it needn't be.

What erases is read from the stations' own code: `update`, `delete`, `erase_name` and assignments in their rooms for it.
"""

import ast
from collections import defaultdict

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from tests.world import ROOT

pytestmark = pytest.mark.pure
ROOMS = {
    "members": ("rights.py", "import_bundles.py"),
    "accounts": ("following.py",),
}
EVERYTHING = "*"


class Erased(ast.NodeVisitor):
    """What one room empties: model and field. A name stands for the model its expression begins with."""

    def __init__(self, known: set[str]) -> None:
        self.known = known
        self.stands: dict[str, str] = {}
        self.found: dict[str, set[str]] = defaultdict(set)

    def model_of(self, node: ast.AST) -> str:
        while True:
            if isinstance(node, ast.Name):
                return node.id if node.id in self.known else self.stands.get(node.id, "")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                node = node.args[0]  # list(rows)
            elif isinstance(node, ast.Call):
                node = node.func
            elif isinstance(node, ast.Attribute):
                node = node.value
            elif isinstance(node, ast.IfExp):
                node = node.body
            else:
                return ""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for one in [*node.args.args, *node.args.kwonlyargs]:
            if isinstance(one.annotation, ast.Name):
                self.stands[one.arg] = one.annotation.id
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.stands[target.id] = self.model_of(node.value)
            for one in ast.walk(target):
                if isinstance(one, ast.Attribute):
                    self.found[self.model_of(one.value)].add(one.attr)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        if isinstance(node.target, ast.Name):
            self.stands[node.target.id] = self.model_of(node.iter)
        if isinstance(node.iter, ast.Tuple):  # for name in ("phone", "note"): setattr(member, name, "")
            named = {one.value for one in node.iter.elts if isinstance(one, ast.Constant)}
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "setattr":
                    self.found[self.model_of(call.args[0])] |= {str(one) for one in named}
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            self.found[self.model_of(node.func.value)] |= {one.arg for one in node.keywords if one.arg}
        if isinstance(node.func, ast.Attribute) and node.func.attr == "delete":
            self.found[self.model_of(node.func.value)].add(EVERYTHING)
        if isinstance(node.func, ast.Name) and node.func.id == "erase_name":
            field = node.args[1]
            assert isinstance(field, ast.Constant)
            self.found[self.model_of(node.args[0])].add(str(field.value))
        self.generic_visit(node)


def texts() -> list[tuple[str, type[models.Model], str]]:
    """Station, table and column of every free text: codes that are chosen from a list are none."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    return [
        (name.removeprefix("pioneer."), model, field.name)
        for name in settings.STATIONS
        for model in apps.get_app_config(name.removeprefix("pioneer.")).get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, kinds) and not field.choices
    ]


def erased_by(station: str) -> dict[str, set[str]]:
    known = {model.__name__ for model in apps.get_app_config(station).get_models()} | {"User"}
    reading = Erased(known)
    for room in ROOMS.get(station, ("erasure.py",)):
        file = ROOT / "pioneer" / station / room
        if file.exists():
            reading.visit(ast.parse(file.read_text(encoding="utf-8")))
    return reading.found


def test_every_text_is_erased_or_said_to_be_about_nobody() -> None:
    left: dict[str, set[str]] = defaultdict(set)
    for station, model, field in texts():
        gone = erased_by(station).get(model.__name__, set())
        if not {field, EVERYTHING} & gone:
            left[f"{station}.{model.__name__}"].add(field)
    kept: dict[str, set[str]] = defaultdict(set)
    for group in KEPT.values():
        for table, fields in group.items():
            kept[table] |= set(fields.split())
    missing = {table: found for table, fields in left.items() if (found := fields - kept.get(table, set()))}
    assert not missing, "neither erased nor said here to be about nobody"
    stale = {table: found for table, fields in kept.items() if (found := fields - left.get(table, set()))}
    assert not stale, "said here, but erased by now or gone"


KEPT: dict[str, dict[str, str]] = {
    "codes, digests, references, numbers and figures": {
        "kernel.AuditEvent": "operation actor_role arguments target_kind refused",
        "kernel.Mark": "name value",
        "kernel.SentForm": "key by done led_to",
        "files.StoredFile": "digest content_type",
        "accounts.Slip": "code_digest",
        "members.TrackSpell": "track",
        "members.Rectification": "fields",
        "members.RosterImport": "layout counts",
        "conduct.EducationRecord": "indicator",
        "conduct.ZeroingCase": "indicator",
        "declarations.Declaration": "indicator level",
        "assessments.Sheet": "confirmed_by_role",
        "assessments.Line": "indicator level multiplier",
        "assessments.Change": "operation",
        "publicity.Publication": "token digest",
        "publicity.PublishedMember": "commitment",
        "publicity.PublishedLine": "indicator commitment",
        "publicity.Objection": "receipt",
        "ledger.Posting": "previous_digest digest",
        "ledger.Entry": "indicator event reference commitment digest",
        "results.Settlement": "versions digest",
        "results.Result": "status earned tier",
        "results.ResultAspect": "aspect",
        "results.ResultReached": "code",
        "results.ResultChange": "was now",
        "results.OutsideMark": "component",
        "results.Alarmed": "code",
        "filings.Filing": "counts package_digest number",
        "filings.Amendment": "indicator was_tier now_earned now_tier",
        "disposals.Finding": "tier_name",
        "disposals.Case": "streak",
        "rewards.Transfer": "reference",
        "rewards.FedLine": "indicator",
        "rewards.OfferUse": "content",
        "rewards.Reservation": "content",
        "rewards.Redemption": "content",
        "rewards.Return": "content",
        "rewards.MonthClose": "figures",
        "archives.Archive": "figures changes content_digest package_digest list_digest",
    },
    "what stays by decision: the member's number, how exact a day is known, the result that was filed": {
        "members.Member": "number birth_precision joined_precision",
        "members.ClosedCycle": "filing_number",
        "results.FormerResult": "tier tier_name why unit_name filing_number",
    },
    "organisations, rules, calendars, calls: no person is named by their form": {
        "organisations.Organisation": "name path",
        "organisations.OrganisationChange": "former_name document",
        "organisations.HolidayYear": "source",
        "organisations.Holiday": "name",
        "rulebook.RulebookVersion": "name text digest answers",
        "rulebook.Supplement": "text digest reference decision_reason ended_why stamp",
        "rulebook.RulebookDraft": "name text base_text base_name",
        "rulebook.DraftEdit": "said",
        "publicity.Publication": "heading",
        "filings.MissingUnit": "reason",
        "nominations.Call": "title document_number requirements tiers track checks withdrawn_reason",
        "nominations.Nomination": "document_number",
    },
    "when and where something was held or shown, and of a whole sheet or meeting why": {
        "conduct.Meeting": "place theme cancelled_why",
        "assessments.Sheet": "reason returned_why",
        "publicity.Proof": "place",
        "results.Announcement": "place",
    },
    "goods, money, shops and merchants, who are no members here": {
        "rewards.Passbook": "decided_by document close_decided_by close_document close_reason",
        "rewards.Card": "number",
        "rewards.Shop": "name place hours closed_note",
        "rewards.Good": "name description unit",
        "rewards.Batch": "document",
        "rewards.StockCount": "reason",
        "rewards.HandOver": "lines note answer",
        "rewards.Merchant": "name address phone",
        "rewards.Agreement": "document ended_why",
        "rewards.Offer": "title",
        "rewards.Statement": "dispute",
        "rewards.Donation": "what document",
        "rewards.MoneyEntry": "text document",
        "rewards.MonthClose": "note",
    },
    "gone by another way: with the work that is done, with the file, with the password": {
        "kernel.Task": "kind arguments message result",
        "files.StoredFile": "name",
        "accounts.User": "password",
        "members.RosterImport": "name content samples",
        "members.ColumnMemory": "heading field",
    },
}
