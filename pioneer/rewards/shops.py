"""积分超市 Set up by the organisation; opened and closed for the time being by whoever works in it."""

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.kernel.operations import operation
from pioneer.rewards import booking, policies, queries, shop_queries
from pioneer.rewards.models import Shop
from pioneer.rewards.services import check_texts, refuse


@operation("rewards.add_shop")
def add_shop(*, actor: AnyActor, passbook_id: int, name: str, place: str, hours: str = "") -> Shop:
    """设立积分超市"""
    passbook = queries.passbook_for(actor, passbook_id, lock=True)
    policies.require_manages(actor, passbook)
    _check(name, place, hours)
    if Shop.objects.filter(passbook=passbook, name=name.strip()).exists():
        raise DomainError("name_taken", f"已有名为“{name.strip()}”的超市，请换一个名称。")
    made = Shop.objects.create(
        passbook=passbook, name=name.strip(), place=place.strip(), hours=hours.strip(), created_at=clock.now()
    )
    booking.shop_account(made)
    return made


@operation("rewards.change_shop")
def change_shop(*, actor: AnyActor, shop_id: int, name: str, place: str, hours: str = "") -> Shop:
    """修改超市 Its name, where it is, when it is open."""
    shop = shop_queries.shop_for(actor, shop_id, lock=True)
    policies.require_manages(actor, shop.passbook)
    _check(name, place, hours)
    if Shop.objects.filter(passbook=shop.passbook, name=name.strip()).exclude(pk=shop.pk).exists():
        raise DomainError("name_taken", f"已有名为“{name.strip()}”的超市，请换一个名称。")
    shop.name, shop.place, shop.hours = name.strip(), place.strip(), hours.strip()
    shop.save(update_fields=["name", "place", "hours"])
    return shop


@operation("rewards.set_shop_open")
def set_shop_open(*, actor: AnyActor, shop_id: int, is_open: bool, note: str = "") -> Shop:
    """开门、暂停 A closed shop says why and until when."""
    shop = shop_queries.shop_for(actor, shop_id, lock=True)
    policies.require_runs_shop(actor, shop.passbook)
    if not is_open:
        refuse(check_texts({"暂停原因": (note, 120)}))
    shop.is_open, shop.closed_note = is_open, "" if is_open else note.strip()
    shop.save(update_fields=["is_open", "closed_note"])
    return shop


def _check(name: str, place: str, hours: str) -> None:
    faults = check_texts({"名称": (name, 60), "地点": (place, 120)})
    if hours.strip():
        faults += check_texts({"开放时间": (hours, 120)})
    refuse(faults)
