"""清零与亲属 Zeroing cases in each state, with their documents, and a few declared relations."""

from datetime import timedelta
from typing import Any

from pioneer.jobs.demo import files
from pioneer.jobs.demo.extent import Month, moment
from pioneer.jobs.demo.world import Person, World
from pioneer.kernel.clock import end_of

PENALTY = {"indicator": "Z2", "document_kind": "penalty", "issuer": "清河示范区公安分局（演示）"}
DISCIPLINE = {"indicator": "Z3", "document_kind": "discipline", "issuer": "中共清河示范区纪律检查委员会（演示）"}


def judge(world: World) -> None:
    """立案 One approved and standing, one approved and reversed, one waiting for the member, one for the township."""
    _relations(world)
    if len(world.branches) < 4:
        return
    serving = {user for branch in world.branches for user in branch.officers.values()} | set(world.sign_ins.values())
    people = [
        p
        for branch in world.branches[1:]
        for p in branch.roster[-3:]
        if p.status == "full"
        and p.gone_on is None
        and len(p.homes) == 1
        and p.user not in serving
        and not p.exempt_from
    ]
    world.rng.shuffle(people)
    months = world.months
    if len(months) >= 7:
        _approved(world, people.pop(), months[-5], PENALTY)
        reversed_one = people.pop()
        row = _approved(world, reversed_one, months[-6], DISCIPLINE)
        _reverse(world, reversed_one, row, months[-3])
    _proposed(world, people.pop(), answered=True)
    _proposed(world, people.pop(), answered=False)


def _case(world: World, person: Person, document: dict[str, str], on: Any, proposed_at: Any) -> dict[str, Any]:
    branch = person.homes[0][1]
    number = f"演示〔{on.year}〕{len(world.of('zeroing')) + 11}号"
    return world.add(
        "zeroing",
        member_id=person.number,
        branch_id=branch.number,
        **document,
        document_number=number,
        document_on=on,
        file_id=files.paper(world, f"{document['issuer']} {number}", on),
        facts="依据所附文件，事实清楚，文件已生效（演示数据，纯属虚构）。",
        told_at=proposed_at,
        told_how="站内消息" if person.user else "书面告知，本人签收回执（演示）",
        answer_until=end_of(world.calendar.after(proposed_at.date(), 5)),
        proposed_by_number=branch.officers["secretary"],
        proposed_at=proposed_at,
        state="proposed",
    )


def _approved(world: World, person: Person, month: Month, document: dict[str, str]) -> dict[str, Any]:
    on = month.last - timedelta(days=6)
    proposed_at = moment(on + timedelta(days=3), 10)
    row = _case(world, person, document, on, proposed_at)
    decided_at = row["answer_until"] + timedelta(days=1, hours=10)
    row.update(
        state="approved",
        statement="我认错，服从处理。",
        statement_at=proposed_at + timedelta(days=1),
        decided_by_number=person.homes[0][1].community.township.officers[0],
        decided_at=decided_at,
        decision_reason="文件已生效，符合清零规定，同意。",
    )
    person.zeroed_on = on
    return row


def _reverse(world: World, person: Person, row: dict[str, Any], month: Month) -> None:
    at = moment(month.first + timedelta(days=9), 11)
    row.update(
        state="reversed",
        reversed_by_number=row["decided_by_number"],
        reversed_at=at,
        reversal_document="原处分决定已由同级机关撤销（演示文号：演示撤〔2026〕3号）",
    )
    person.reversed_on = month.first


def _proposed(world: World, person: Person, *, answered: bool) -> None:
    on = world.today - timedelta(days=9 if answered else 4)
    proposed_at = world.at(on + timedelta(days=1), 9, 12)
    row = _case(world, person, PENALTY, on, proposed_at)
    person.zeroed_on = on
    person.reversed_on = on  # nothing is closed before the township has decided
    if answered:
        row.update(state="answered", statement="希望考虑我的认错态度。", statement_at=proposed_at + timedelta(days=2))


def _relations(world: World) -> None:
    for branch in world.branches[:: max(1, len(world.branches) // 12)]:
        people = [p for p in branch.roster if p.gone_on is None]
        if len(people) > 5:
            one, other = people[3], people[4]
            world.add(
                "relation",
                member_id=one.number,
                relative_id=other.number,
                kind="配偶",
                by_number=branch.recorder,
                created_at=moment(world.start, 10),
            )
