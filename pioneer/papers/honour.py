"""表扬与推荐的纸面 A commendation list for the board and the meeting, the notice of those proposed, the letter to the
chosen. Nobody is ranked: names stand as they are given, in the order of the roster, without a score."""

from collections.abc import Sequence
from dataclasses import dataclass

from pioneer.papers.rendering import render

COMMENDED = "先锋指数表扬名单"
PROPOSED = "推荐人选公示"


@dataclass(frozen=True, slots=True)
class Group:
    """一个支部 and the names of it."""

    branch: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commended:
    """表扬名单 `clause` is where the rulebook says that the tier is commended."""

    unit: str
    cycle: str
    rulebook: str
    clause: str
    day: str
    groups: tuple[Group, ...]


def opening(shown: Commended) -> str:
    """名单的导语 The same on paper and in the wording that is passed on."""
    count = sum(len(group.names) for group in shown.groups)
    return (
        f"经党员申报、支部考评、公示和年度评定，依据《{shown.rulebook}》{shown.clause}，"
        f"对{shown.cycle}表现突出的下列{count}名党员，予以公开表扬。"
    )


def commendation_poster(shown: Commended, sheet: str) -> bytes:
    """表扬名单海报 PDF, `sheet` a3 or a4."""
    return render("commendation_poster", {**_commended(shown), "sheet": sheet})


def commendation_handout(shown: Commended) -> bytes:
    """表扬名单会议材料 PDF, A4: what is read out at the meeting."""
    return render("commendation_handout", _commended(shown))


def _commended(shown: Commended) -> dict[str, object]:
    return {
        "title": COMMENDED,
        "unit": shown.unit,
        "cycle": shown.cycle,
        "opening": opening(shown),
        "groups": [{"branch": group.branch, "names": list(group.names)} for group in shown.groups],
        "day": shown.day,
        "count": sum(len(group.names) for group in shown.groups),
    }


@dataclass(frozen=True, slots=True)
class Proposed:
    """公示的一位"""

    name: str
    branch: str
    wording: str


def nomination_notice(
    *,
    organisation: str,
    title: str,
    document: str,
    people: Sequence[Proposed],
    window: str,
    receivers: Sequence[str],
    day: str,
    clause: str,
) -> bytes:
    """推荐人选公示 PDF, A4."""
    return render(
        "nomination_notice",
        {
            "title": PROPOSED,
            "organisation": organisation,
            "honour": title,
            "document": document,
            "people": [{"name": one.name, "branch": one.branch, "wording": one.wording} for one in people],
            "window": window,
            "receivers": list(receivers),
            "day": day,
            "clause": clause,
        },
    )


def nomination_letter(
    *, name: str, branch: str, organisation: str, title: str, document: str, day: str, call: str
) -> bytes:
    """推荐人选通知书 PDF, A4, for the member."""
    return render(
        "nomination_letter",
        {
            "title": "推荐人选通知书",
            "name": name,
            "branch": branch,
            "organisation": organisation,
            "honour": title,
            "document": document,
            "day": day,
            "call": call,
        },
    )
