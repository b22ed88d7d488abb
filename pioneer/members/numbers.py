"""党员编号 The number a member signs in with where there is no phone: district, then six digits, never used twice."""

from django.db.models import Max
from django.db.models.functions import Length

from pioneer.members.models import Member
from pioneer.organisations.models import Organisation


def next_numbers(district_id: int, count: int = 1) -> list[str]:
    """接下来的编号 Called inside an operation; the district's row is locked until its transaction ends."""
    Organisation.objects.select_for_update().get(pk=district_id)
    prefix = f"{district_id:02d}"
    given = Member.objects.annotate(digits=Length("number")).filter(
        digits=len(prefix) + 6, number__gte=f"{prefix}000000", number__lte=f"{prefix}999999"
    )
    last = given.aggregate(last=Max("number"))["last"]
    start = int(last[len(prefix) :]) if last else 0
    return [f"{prefix}{start + step:06d}" for step in range(1, count + 1)]
