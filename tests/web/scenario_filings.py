"""有备案可办的两个单位 The community's year 2025 is sent and waits; of the village's two received years one is being
amended twice, and its town may file with the district."""

from datetime import date
from typing import Any

from pioneer.conduct.zeroing import answer_zeroing, approve_zeroing, propose_zeroing
from pioneer.files.queries import open_file
from pioneer.filings.amending import answer_amendment, propose_amendment
from pioneer.filings.services import receive, send
from pioneer.kernel import clock
from tests.world import TODAY, World
from tests.year import announce_plainly, settle_plainly

BEFORE = date(2024, 1, 1), date(2024, 12, 31)
LAST = date(2025, 1, 1), date(2025, 12, 31)
WRONG: dict[str, Any] = {
    "indicator": "N4",
    "event_on": date(2024, 6, 12),
    "was_points": -200,
    "now_points": 0,
    "ground": "当月党费已经按时交，台账记错了人。",
    "document": "党费收据，2024年6月12日",
}


def prepare(world: World, things: dict[str, Any]) -> None:
    """备好"""
    with clock.at(TODAY):
        for at, cycle in (("community", LAST), ("village", BEFORE), ("village", LAST)):
            made = settle_plainly(world, at, {"柳大妮": 5900}, first_on=cycle[0], last_on=cycle[1])
            announce_plainly(made, world.organisations[at])
        things["filing"] = send(
            actor=world.actor("community_officer"), unit_id=things["community"].pk, first_on=LAST[0]
        )
        things["filed"], things["filed_later"] = _filed(world, BEFORE[0]), _filed(world, LAST[0])
        _zeroed(world)
        with open_file(things["filing"].package) as file:
            things["filing_package"] = file.read()
        things["amendment"] = _propose(world, things, "柳满仓", scan=("收据.pdf", b"%PDF-1.7 x"))
        waiting = _propose(world, things, "柳大妮")
        things["amendment_answered"] = answer_amendment(
            actor=world.actor("village_recorder"), amendment_id=waiting.pk, statement="谢谢核实。"
        )


def _zeroed(world: World) -> None:
    """Approved after the village had filed that year."""
    case = propose_zeroing(
        actor=world.actor("village_secretary"), member_id=world.member("柳满仓").pk, indicator="Z2",
        document_kind="penalty", in_force=True, issuer="清河示范区公安分局", document_number="清公行罚决字〔2025〕77号",
        document_on=date(2025, 11, 3), facts="因殴打他人被行政拘留五日，决定书已送达。",
    )  # fmt: skip
    answer_zeroing(actor=world.actor("mancang"), case_id=case.pk, statement="我认错。")
    approve_zeroing(actor=world.actor("town_officer"), case_id=case.pk)


def _filed(world: World, first_on: date) -> Any:
    sent = send(actor=world.actor("village_secretary"), unit_id=world.village.pk, first_on=first_on)
    number = f"柳镇备〔{first_on.year + 1}〕1号"
    return receive(actor=world.actor("town_officer"), filing_id=sent.pk, number=number)


def _propose(world: World, things: dict[str, Any], name: str, **more: Any) -> Any:
    return propose_amendment(
        actor=world.actor("village_secretary"),
        filing_id=things["filed"].pk,
        member_id=world.member(name).pk,
        **WRONG,
        **more,
    )
