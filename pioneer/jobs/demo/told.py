"""消息 What the people with a sign-in find in their inbox."""

from datetime import datetime, timedelta

from pioneer.jobs.demo.world import Row, World
from pioneer.kernel.points import show


def tell(world: World) -> None:
    """告知 Deductions and decisions on claims of the shown member, and of its branch's people."""
    members = {row["user_id"]: row for row in world.of("member") if row.get("user_id")}
    named = {members[user]["id"]: user for user in set(world.sign_ins.values()) if user in members}
    for line in world.of("line"):
        if line["member_id"] in named and line["value"] < 0 and not line.get("carried"):
            _deduction(world, named[line["member_id"]], line)
    claims = {row["id"]: row for row in world.of("declaration") if row["member_id"] in named}
    for review in world.of("review"):
        claim = claims.get(review["declaration_id"])
        if claim is not None and review["outcome"] != "accepted":
            _decision(world, named[claim["member_id"]], claim, review)


def _deduction(world: World, user: int, line: Row) -> None:
    until = line["wait_until"] - timedelta(days=1)
    points = show(abs(line["value"]))
    world.add(
        "message",
        user_id=user,
        kind="assessments.line_told",
        reference=f"line:{line['id']}:0",
        title=f"{line['event_on'].month}月考评：扣分{points}分，请您说明",
        text=f"{line['event_on'].month}月{line['event_on'].day}日　{line['wording']}，扣分{points}分。"
        f"依据：{line['ground']}。"
        f"如有不同意见，请在{until.year}年{until.month}月{until.day}日24时以前说明；"
        "您的说明会与这一条放在一起，由复核人看到。",
        link=f"/lines/{line['id']}/statement/",
        created_at=line["created_at"],
        read_at=_read(world, line["created_at"]),
    )


def _decision(world: World, user: int, claim: Row, review: Row) -> None:
    what = "不予认可" if review["outcome"] == "rejected" else "调整后核准"
    world.add(
        "message",
        user_id=user,
        kind="assessments.claim_decided",
        reference=f"claim:{claim['id']}:{review['id']}",
        title=f"您{claim['event_on'].month}月{claim['event_on'].day}日的申报{what}",
        text=f"{claim['matter']}：{what}。理由：{review['reason']} 公示期内，您可以对这一条提出异议。",
        link="/declarations/",
        created_at=review["created_at"],
        read_at=_read(world, review["created_at"]),
    )


def _read(world: World, at: datetime) -> datetime | None:
    """Older messages have been read; the newest wait."""
    return at + timedelta(days=1) if at < world.now - timedelta(days=20) else None
