"""消息 What the people with a sign-in find in their inbox."""

from datetime import timedelta

from pioneer.jobs.demo.world import Row, World
from pioneer.kernel.points import show


def tell(world: World) -> None:
    """告知 Deductions and decisions on claims of the shown member, and of its branch's people."""
    members = {row["user_id"]: row for row in world.of("member") if row.get("user_id")}
    named = {members[user]["id"]: user for user in set(world.sign_ins.values()) if user in members}
    for line in world.of("line"):
        if line["member_id"] in named and line["value"] < 0:
            _deduction(world, named[line["member_id"]], line)
    claims = {row["id"]: row for row in world.of("declaration") if row["member_id"] in named}
    for review in world.of("review"):
        claim = claims.get(review["declaration_id"])
        if claim is not None and review["outcome"] != "accepted":
            _decision(world, named[claim["member_id"]], claim, review)


def _deduction(world: World, user: int, line: Row) -> None:
    world.add(
        "message",
        user_id=user,
        kind="line_told",
        reference=f"line:{line['id']}",
        title=f"支部记了一条扣分：{line['wording']}（{show(line['value'], signed=True)}分）",
        text=f"发生日期{line['event_on'].month}月{line['event_on'].day}日，依据：{line['ground']}。"
        "您可以在复核前说明情况，说明会与条目放在一起。",
        created_at=line["created_at"],
        read_at=_read(world, line["created_at"]),
    )


def _decision(world: World, user: int, claim: Row, review: Row) -> None:
    what = "未予认可" if review["outcome"] == "rejected" else "调整后核准"
    world.add(
        "message",
        user_id=user,
        kind="review_told",
        reference=f"review:{review['id']}",
        title=f"您的一条申报{what}",
        text=f"{claim['event_on'].month}月{claim['event_on'].day}日“{claim['matter']}”：{review['reason']}。"
        "如有不同意见，可在公示期内提出异议。",
        created_at=review["created_at"],
        read_at=_read(world, review["created_at"]),
    )


def _read(world: World, at: object) -> object:
    """Older messages have been read; the newest wait."""
    assert hasattr(at, "date")
    return at + timedelta(days=1) if at < world.now - timedelta(days=20) else None  # type: ignore[operator]
