"""存折的入口 Which pages of the passbook there are for a person, asked at every page of the site: one query."""

from dataclasses import dataclass

from django.db.models import Exists, Q

from pioneer.accounts.models import User
from pioneer.accounts.policies import Act, Actor, paths
from pioneer.kernel.asking import remembered
from pioneer.organisations.models import Organisation
from pioneer.rewards.models import Account, Passbook, Shop
from pioneer.rewards.queries import issuing_under


@dataclass(frozen=True, slots=True)
class Doors:
    """入口 An account of one's own, a shop to work in, books to see or a passbook to open, cards to issue."""

    own: bool
    shop: bool
    books: bool
    cards: bool


@remembered
def doors(actor: Actor) -> Doors:
    """有哪些入口"""
    own = Account.objects.filter(kind=Account.Kind.MEMBER, member__user=actor.number)
    shop = Shop.objects.filter(_below(actor, Act.RUN_SHOP, "passbook__organisation__path"))
    books = Passbook.objects.filter(_below(actor, Act.SEE_PASSBOOK, "organisation__path"))
    cards = Passbook.objects.filter(organisation__in=issuing_under(actor))
    having = Passbook.objects.filter(closes_on=None).values("organisation")
    to_open = Organisation.objects.filter(
        _below(actor, Act.OPEN_PASSBOOK, "path"), level=Organisation.Level.COMMUNITY, closed_on__isnull=True
    ).exclude(pk__in=having)
    asked = User.objects.filter(pk=actor.number).order_by()
    found = asked.values_list(Exists(own), Exists(shop), Exists(books), Exists(to_open), Exists(cards)).first()
    if found is None:
        return Doors(False, False, False, False)
    own_one, a_shop, some_books, one_to_open, some_cards = found
    return Doors(own_one, a_shop, some_books or one_to_open, some_cards)


def _below(actor: Actor, act: Act, field: str) -> Q:
    within = Q(pk__in=[])
    for path in paths(actor, act):
        within |= Q(**{f"{field}__startswith": path})
    return within
