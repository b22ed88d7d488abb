"""代为预订的读取 Whose card it is that is named at the shop's telephone, and how one asks there."""

from dataclasses import dataclass

from django.db.models import Q

from pioneer.kernel import clock
from pioneer.members.queries import branches_on
from pioneer.organisations.models import Organisation
from pioneer.rewards.models import Account, Card, Reservation, Shop

ASKED = [(str(code), str(label)) for code, label in Reservation.Asked.choices if code != Reservation.Asked.OWN]
MOST = 20


@dataclass(frozen=True, slots=True)
class Named:
    """报来的一张卡 Enough to make sure whose it is: name, branch, the last digits. No balance."""

    account: Account
    branch: str
    ending: str


def named(shop: Shop, said: str) -> list[Named]:
    """查卡 Cards of the shop's passbook that work, by their whole number or by a part of the member's name."""
    said = "".join(said.split())
    if not said:
        return []
    rows = Card.objects.filter(
        Q(number=said) | Q(account__member__name__contains=said), account__passbook=shop.passbook_id, dead_at=None
    )
    return _named(list(rows.select_related("account__member").order_by("account__member__position", "pk")[:MOST]))


def who(account: Account) -> Named:
    """这是谁 With the card that works, if there is one."""
    cards = list(Card.objects.filter(account=account, dead_at=None).select_related("account__member"))
    return _named(cards)[0] if cards else Named(account, "", "")


def _named(cards: list[Card]) -> list[Named]:
    at = branches_on([card.account.member_id or 0 for card in cards], clock.today())
    names = dict(Organisation.objects.filter(pk__in=set(at.values())).values_list("pk", "name"))
    return [
        Named(card.account, names.get(at.get(card.account.member_id or 0, 0), ""), card.number[-4:]) for card in cards
    ]
