"""每周申报表 The paper for who has no phone: printed for every member of a branch, found again by its code."""

import secrets
from datetime import date, timedelta

from pioneer.accounts.policies import AnyActor
from pioneer.declarations import policies
from pioneer.declarations.models import WeeklyForm
from pioneer.declarations.paper_queries import CODE_LENGTH, LETTERS
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.organisations.models import Organisation

AHEAD = timedelta(days=60)
BACK = timedelta(days=366)


@operation("declarations.print_weekly_forms")
def print_weekly_forms(*, actor: AnyActor, branch_id: int, monday: date) -> list[WeeklyForm]:
    """打印每周申报表 One for each member of the branch today, in roster order. Printed again it bears the same code."""
    branch = Organisation.objects.select_for_update().filter(pk=branch_id, is_branch=True).first()
    if branch is None:
        raise NotVisible
    policies.require_print(actor, branch)
    today = clock.today()
    if monday.weekday() != 0 or not today - BACK <= monday <= today + AHEAD:
        raise bad("哪一周", "请选一年以内、两个月以后之前的一周。")
    listed = [row.id for row in members.roster(branch, today, unpublished=True)]
    if branch.closed_on is not None or not listed:
        raise DomainError("nobody", f"{branch.name}的花名册上没有人。请先导入花名册，再打印申报表。")
    known = set(WeeklyForm.objects.filter(branch=branch, monday=monday).values_list("member_id", flat=True))
    WeeklyForm.objects.bulk_create(
        WeeklyForm(
            member_id=member,
            branch=branch,
            monday=monday,
            code=new_code(),
            printed_by_number=actor.number,
            printed_at=clock.now(),
        )
        for member in listed
        if member not in known
    )
    forms = WeeklyForm.objects.filter(branch=branch, monday=monday, member__in=listed).select_related("member")
    place = {member: number for number, member in enumerate(listed)}
    return sorted(forms, key=lambda form: place[form.member_id])


def new_code() -> str:
    """表上的编码 Eight characters drawn at random."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
