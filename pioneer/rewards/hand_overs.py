"""交接单 One shopkeeper hands the shelf to the next: goods with their stock by the books, confirmed by the other."""

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, bad
from pioneer.kernel.operations import operation
from pioneer.messages.services import tell
from pioneer.rewards import policies, shop_queries
from pioneer.rewards.models import Good, HandOver
from pioneer.rewards.services import check_texts, refuse


@operation("rewards.make_hand_over")
def make_hand_over(*, actor: AnyActor, shop_id: int, to_user_id: int, note: str = "") -> HandOver:
    """开交接单 What the books say this moment; the other counts and answers."""
    shop = shop_queries.shop_for(actor, shop_id, lock=True)
    policies.require_runs_shop(actor, shop.passbook)
    if note.strip():
        refuse(check_texts({"备注": (note, 200)}))
    if to_user_id not in {user.pk for user in shop_queries.colleagues(actor, shop)}:
        raise bad("接收人", "请从能办理本超市的同志中选择接收人，不能选本人。")
    if HandOver.objects.filter(shop=shop, accepted_at=None, refused_at=None).exists():
        raise DomainError("hand_over_open", "上一张交接单还没有答复，请先请接收人确认或退回。")
    assert actor.number is not None
    goods = Good.objects.filter(shop=shop).order_by("name", "pk")
    made = HandOver.objects.create(
        shop=shop, from_number=actor.number, to_number=to_user_id, note=note.strip(), made_at=clock.now(),
        lines=[
            {"good": one.pk, "name": one.name, "unit": one.unit, "stock": one.stock, "reserved": one.reserved}
            for one in goods
        ],
    )  # fmt: skip
    title, text = f"{shop.name}的交接单等您确认", "请对照清点商品，相符的确认，不符的写明退回。"
    tell(to_user_id, "rewards.hand_over", str(made.pk), title, text, f"/shops/{shop.pk}/hand-overs/{made.pk}/")
    return made


@operation("rewards.answer_hand_over")
def answer_hand_over(*, actor: AnyActor, hand_over_id: int, accepted: bool, answer: str = "") -> HandOver:
    """答复交接单 By the one it is handed to; what does not agree is said and sent back."""
    found = shop_queries.hand_over_for(actor, hand_over_id, lock=True)
    if actor.number != found.to_number:
        raise NotAllowed("交接单由接收人本人确认或退回。")
    if found.accepted_at is not None or found.refused_at is not None:
        raise DomainError("answered_already", "这张交接单已经答复，无须再办。")
    if not accepted:
        refuse(check_texts({"不符之处": (answer, 200)}))
    elif answer.strip():
        refuse(check_texts({"说明": (answer, 200)}))
    found.answer = answer.strip()
    if accepted:
        found.accepted_at = clock.now()
    else:
        found.refused_at = clock.now()
    found.save(update_fields=["answer", "accepted_at", "refused_at"])
    said = "已确认" if accepted else "已退回"
    tell(
        found.from_number, "rewards.hand_over_answered", str(found.pk), f"交接单{said}",
        found.answer or "清点相符。", f"/shops/{found.shop_id}/hand-overs/{found.pk}/",
    )  # fmt: skip
    return found
