"""一并录入 In the branches that are shown: an event entered for several at once, and paper forms of the week."""

import random
from datetime import timedelta

from pioneer.declarations.paper_queries import CODE_LENGTH, LETTERS
from pioneer.jobs.demo.evidence import BRANCHES
from pioneer.jobs.demo.world import Branch, Row, World

EVENT = "支部集体活动日"
MOST = 4
SHARED = ("indicator", "event_on", "minutes", "place", "matter", "quantity", "level")


def gather(world: World) -> None:
    """补上批次 Of claims that wait to be evaluated: nothing that was decided is changed."""
    draw = random.Random(24)  # noqa: S311  the same codes every time; nothing secret
    for branch in world.branches[:BRANCHES]:
        waiting = [claim for claim in world.of("declaration") if _waits(world, branch, claim)]
        first = {claim["member_id"]: claim for claim in waiting}
        claims = list(first.values())
        if len(claims) > 2:
            _one_event(world, branch, claims[1 : MOST + 1])
        if claims:
            _paper_form(world, branch, claims[0], "".join(draw.choice(LETTERS) for _ in range(CODE_LENGTH)))


def _waits(world: World, branch: Branch, claim: Row) -> bool:
    is_open = claim["branch_id"] == branch.number and claim["state"] == "submitted"
    return is_open and claim["is_proxy"] and not claim["event"] and claim["event_on"] >= world.current.first


def _batch(world: World, branch: Branch, claims: list[Row], form: int | None = None) -> None:
    last = max(claims, key=lambda claim: claim["created_at"])
    made = world.add(
        "batch",
        branch_id=branch.number,
        form_id=form,
        request_key=world.uuid(),
        entered_by_number=last["entered_by_number"],
        created_at=last["created_at"],
    )
    for claim in claims:
        claim |= {key: last[key] for key in ("entered_by_number", "created_at")}
        claim["batch_id"] = made["id"]


def _one_event(world: World, branch: Branch, claims: list[Row]) -> None:
    shown = max(claims, key=lambda claim: claim["event_on"])
    for claim in claims:
        claim |= {key: shown[key] for key in SHARED}
        claim["event"] = EVENT
    _batch(world, branch, claims)


def _paper_form(world: World, branch: Branch, claim: Row, code: str) -> None:
    monday = claim["event_on"] - timedelta(days=claim["event_on"].weekday())
    form = world.add(
        "weekly_form",
        member_id=claim["member_id"],
        branch_id=branch.number,
        monday=monday,
        code=code,
        printed_by_number=claim["entered_by_number"],
        printed_at=min(world.at(monday), claim["created_at"]),
    )
    _batch(world, branch, [claim], form["id"])
