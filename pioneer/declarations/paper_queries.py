"""纸质申报表的读取 A form by its code, what was entered from it, and what each member is likely to write on it."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.declarations.models import Declaration, WeeklyForm
from pioneer.declarations.queries import Choice, choice_of, latest_codes
from pioneer.declarations.weeks import week_name
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members import queries as members
from pioneer.organisations.models import Organisation
from pioneer.papers.weekly_form import Page
from pioneer.rulebook.supplement_queries import rules_for

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that reads as something else: no 0 O 1 I L
CODE_LENGTH = 8
BACK_DAYS = 180  # of a member's claims its form learns from
ON_PAPER = 8  # likely indicators with a box each


def branches_for(actor: AnyActor) -> QuerySet[Organisation]:
    """可代报的支部 Those that stand, for whose members the actor may enter claims."""
    scope = Q(pk__in=[])
    for path in paths(actor, Act.DECLARE_FOR):
        scope |= Q(path__startswith=path)
    return Organisation.objects.filter(scope, is_branch=True, closed_on__isnull=True).order_by("path")


def branch_for(actor: AnyActor, branch_id: int) -> Organisation:
    """取一个可代报的支部"""
    found = branches_for(actor).filter(pk=branch_id).first()
    if found is None:
        raise NotVisible
    return found


def plain(code: str) -> str:
    """编码 As it is kept: spaces, hyphens, full width and small letters make no difference."""
    text = unicodedata.normalize("NFKC", code[:40]).upper()
    return "".join(c for c in text if c.isascii() and c.isalnum())


def shown(code: str) -> str:
    """编码 As it is printed: "7F3A-K9C2"."""
    return f"{code[:4]}-{code[4:]}"


def forms_for(actor: AnyActor) -> QuerySet[WeeklyForm]:
    """可录入的表 Of the branches for which the actor enters claims."""
    return WeeklyForm.objects.filter(branch__in=branches_for(actor).order_by().values("pk"))


def knows(actor: AnyActor, code: str) -> bool:
    """有无此编码"""
    return forms_for(actor).filter(code=plain(code)).exists()


def form_by(actor: AnyActor, code: str) -> WeeklyForm:
    """按编码取表 NotVisible to who does not enter claims for its branch."""
    found = forms_for(actor).select_related("member", "branch").filter(code=plain(code)).first()
    if found is None:
        raise NotVisible
    return found


def entered_from(form: WeeklyForm) -> QuerySet[Declaration]:
    """已录的 What was entered from this form, in the order of the paper."""
    return Declaration.objects.filter(batch__form=form).select_related("member", "branch").order_by("pk")


def days_of(form: WeeklyForm) -> list[date]:
    """这一周的日子 Those that have come."""
    days = [form.monday + timedelta(days=number) for number in range(7)]
    return [day for day in days if day <= clock.today()]


@dataclass(frozen=True, slots=True)
class Likely:
    """可能用到的指标 Of one member: the last used first, then the others in the rulebook's order."""

    choices: tuple[Choice, ...]
    used: int

    @property
    def on_paper(self) -> tuple[Choice, ...]:
        return self.choices[:ON_PAPER]


def likely(branch: Organisation, member_ids: Sequence[int], on: date) -> dict[int, Likely]:
    """每位可能用到的指标 A constant number of queries for any number of members."""
    today = clock.today()
    rules = rules_for(branch.district_number, [branch.pk], min(on, today))
    tracks = members.tracks_of(member_ids)
    used: dict[int, list[tuple[str, date]]] = {}
    latest = Declaration.objects.filter(member__in=member_ids, event_on__gte=today - timedelta(days=BACK_DAYS))
    for member, code, day in latest.order_by("-created_at", "-id").values_list("member_id", "indicator", "event_on"):
        used.setdefault(member, []).append((code, day))
    found = {}
    for member in member_ids:
        track = members.track_at(tracks.get(member, []), on)
        rows = {row.code: row for row in rules.of_index("positive", track)} if track else {}
        first = [code for code in latest_codes(used.get(member, []), today) if code in rows]
        codes = [*first, *(code for code in rows if code not in first)]
        found[member] = Likely(tuple(choice_of(rows[code], rules, code in first) for code in codes), len(first))
    return found


def pages(branch: Organisation, forms: Iterable[WeeklyForm], site: str, path: str) -> list[Page]:
    """纸面的内容 `site` is where the program is reached, `path` the page of a form with its code left out ("{}")."""
    listed = list(forms)
    ids = [form.member_id for form in listed]
    chosen = likely(branch, ids, listed[0].monday) if listed else {}
    hints = members.same_name_hints([form.member for form in listed])
    return [
        Page(
            name=form.member.name,
            hint=hints.get(form.member_id, ""),
            branch=branch.name,
            week=_week(form.monday),
            days=tuple(_day(form.monday + timedelta(days=number)) for number in range(7)),
            indicators=tuple((one.code, one.name, one.unit) for one in chosen[form.member_id].on_paper),
            code=shown(form.code),
            address=site + path.format(form.code),
        )
        for form in listed
    ]


def _week(monday: date) -> str:
    last = monday + timedelta(days=6)
    year, week, _ = monday.isocalendar()
    return f"{year}年第{week}周　{_day(monday)}至{_day(last)}"


def _day(on: date) -> str:
    return f"{on.month}月{on.day}日"


def file_name(branch: Organisation, monday: date) -> str:
    """文件名"""
    return f"{branch.name}每周申报表{week_name(monday)}"
