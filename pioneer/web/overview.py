"""总览页 Which branch is late with which step, what waits, how the scores lie."""

import re

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from pioneer.accounts.policies import Act, Actor, paths
from pioneer.kernel.errors import NotVisible
from pioneer.overview import queries
from pioneer.overview.queries import Month, Overview
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.todo import Todo

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
FEW = 30  # up to this many branches are shown one by one; more are summed by township first


def todo(actor: Actor) -> list[Todo]:
    """待办 Branches that are late with the month's sheet."""
    if not paths(actor, Act.SEE_OVERVIEW):
        return []
    seen = queries.overview(actor)
    late = len(seen.late)
    if not late:
        return []
    return [
        Todo(
            f"{seen.month.month}月考评逾期的支部",
            late,
            reverse("overview"),
            urgent=True,
            note="看看卡在哪一步，提醒支部办理",
        )
    ]


@signed_in
def overview(request: SignedIn) -> HttpResponse:
    """总览 `month` as 2026-03, `at` an organisation below the actor's own."""
    month = _month(request.GET.get("month", ""))
    at = _number(request.GET.get("at", ""))
    seen = queries.overview(request.actor, month, at)
    is_summed = at is None and len(seen.rows) > FEW
    return render(
        request,
        "overview/overview.html",
        {
            "seen": seen,
            "at": at,
            "place": seen.rows[0].township if at is not None and seen.rows else "",
            "is_summed": is_summed,
            "rows": seen.late if is_summed else seen.rows,
            "bars": _bars(seen),
            "later": seen.month.after if seen.month.after != queries.running_month().after else None,
        },
    )


def _month(text: str) -> Month | None:
    found = MONTH.fullmatch(text)
    if text and not found:
        raise NotVisible
    return Month(int(found[1]), int(found[2])) if found else None


def _number(text: str) -> int | None:
    if text and not (text.isascii() and text.isdigit() and len(text) < 18):
        raise NotVisible
    return int(text) if text else None


def _bars(seen: Overview) -> list[dict[str, object]]:
    """得分分布图 One bar for each tier, its width in per mille of all."""
    spread = seen.spread
    total = sum(spread)
    if not total:
        return []
    return [
        {"name": name, "count": count, "width": count * 600 // total, "share": round(count * 100 / total)}
        for name, count in zip(seen.tiers, spread, strict=True)
    ]
