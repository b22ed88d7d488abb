"""账号的读取 Every read of accounts."""

from django.db.models import Q

from pioneer.accounts.models import Grant, Role, User
from pioneer.accounts.policies import Actor, Held
from pioneer.kernel import clock


def actor_of(user: User) -> Actor:
    """办事人 The person behind an account with the grants that hold today. One query."""
    today = clock.today()
    held = (
        Grant.objects.filter(user=user, from_on__lte=today, organisation__closed_on__isnull=True)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=today))
        .values_list("role", "organisation_id", "organisation__path")
    )
    return Actor(number=user.pk, name=user.name, grants=tuple(Held(Role(r), o, p) for r, o, p in held))
