"""党员档案 The file of one member: who, where, since when, what was decided. The same for the page and to take away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pioneer.accounts.models import User
from pioneer.kernel import clock
from pioneer.members import queries, spells
from pioneer.members.models import (
    GONE,
    Exemption,
    Member,
    Membership,
    Rectification,
    Status,
    StatusSpell,
    TrackSpell,
    Transfer,
)
from pioneer.members.particulars import LABELS
from pioneer.organisations.models import Organisation

SEXES = dict(queries.SEX_CHOICES)


@dataclass(frozen=True, slots=True)
class Stretch:
    """一段 What held from one day to another."""

    what: str
    from_on: date
    until_on: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """一次更正 The fields with what stood there before."""

    before: tuple[tuple[str, str], ...]
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """档案 A member with all its spells and decisions, the latest first."""

    member: Member
    branch: Organisation | None
    status: str
    track: str
    hint: str
    is_exempt: bool
    memberships: tuple[Stretch, ...]
    statuses: tuple[Stretch, ...]
    tracks: tuple[Stretch, ...]
    transfers: tuple[Transfer, ...]
    exemptions: tuple[Exemption, ...]
    corrections: tuple[Correction, ...]
    names: dict[int, str]

    @property
    def born(self) -> str:
        return spells.said(self.member.birth_on, self.member.birth_precision)

    @property
    def joined(self) -> str:
        return spells.said(self.member.joined_on, self.member.joined_precision)

    @property
    def is_gone(self) -> bool:
        return self.status in GONE

    @property
    def status_name(self) -> str:
        return str(Status(self.status).label)

    @property
    def open_transfer(self) -> Transfer | None:
        return next((one for one in self.transfers if one.state == Transfer.State.PROPOSED), None)

    @property
    def open_exemption(self) -> Exemption | None:
        """在办或有效的免评 The one that is under way or holds."""
        going = (Exemption.State.APPLIED, Exemption.State.BRANCH_AGREED)
        today = clock.today()
        for one in self.exemptions:
            holds = one.state == Exemption.State.APPROVED and (one.until_on is None or one.until_on >= today)
            if one.state in going or holds:
                return one
        return None


def dossier(member: Member) -> Dossier:
    """取档案 The same number of queries for a short life and a long one."""
    today = clock.today()
    memberships = list(Membership.objects.filter(member=member).select_related("branch").order_by("-from_on"))
    statuses = list(StatusSpell.objects.filter(member=member).order_by("-from_on"))
    tracks = list(TrackSpell.objects.filter(member=member).order_by("-from_on"))
    transfers = tuple(
        Transfer.objects.filter(member=member).select_related("from_branch", "to_branch").order_by("-created_at", "-id")
    )
    exemptions = tuple(Exemption.objects.filter(member=member).order_by("-applied_at", "-id"))
    rectified = list(Rectification.objects.filter(member=member).order_by("-created_at", "-id"))
    names = _names(transfers, exemptions, rectified)
    called = {**queries.TRACK_NAMES, **queries.track_names(member.district_id, today)}
    track = next((one.track for one in tracks if one.from_on <= today), tracks[-1].track if tracks else "")
    status = next((one.status for one in statuses if one.from_on <= today), Status.FULL.value)
    return Dossier(
        member=member,
        branch=memberships[0].branch if memberships else None,
        status=status,
        track=called.get(track, track),
        hint=queries.same_name_hint(member),
        is_exempt=any(one.state in queries.HELD and _covers(one, today) for one in exemptions),
        memberships=tuple(Stretch(one.branch.name, one.from_on, one.until_on) for one in memberships),
        statuses=tuple(Stretch(one.get_status_display(), one.from_on, one.until_on, one.document) for one in statuses),
        tracks=tuple(Stretch(called.get(one.track, one.track), one.from_on, one.until_on) for one in tracks),
        transfers=transfers,
        exemptions=exemptions,
        corrections=tuple(
            Correction(
                tuple((LABELS.get(field, field), _before(one.before.get(field, ""))) for field in one.fields),
                one.reason,
                names.get(one.by_number or 0, ""),
                one.created_at,
            )
            for one in rectified
        ),
        names=names,
    )


def _before(value: str) -> str:
    """What stood there before, a date as people write it."""
    try:
        return spells.said(date.fromisoformat(value))
    except ValueError:
        return SEXES.get(value, value) or "无"


def _covers(one: Exemption, day: date) -> bool:
    return one.from_on <= day and (one.until_on is None or one.until_on >= day)


def _names(*rows: Sequence[Any]) -> dict[int, str]:
    """Who did what, by number, in one query."""
    fields = (
        "proposed_by_number",
        "decided_by_number",
        "applied_by_number",
        "branch_by_number",
        "township_by_number",
        "by_number",
    )
    numbers = {getattr(row, field, None) for group in rows for row in group for field in fields}
    return dict(User.objects.filter(pk__in=[n for n in numbers if n]).values_list("pk", "name"))


# ------------------------------------------------------------------ to take away


@dataclass(frozen=True, slots=True)
class Section:
    """一部分 One kind of record: a title, columns, and rows of plain values."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def sections_of(member: Member, *, identity: str) -> list[Section]:
    """全部记录 All that this station holds about a member, as plain tables."""
    file = dossier(member)
    by = file.names
    stretch = ("内容", "起", "止", "文件")
    return [
        Section("基本情况", ("项目", "内容"), _who(member, identity)),
        Section("所在支部", stretch, tuple((s.what, s.from_on, s.until_on, s.note) for s in file.memberships)),
        Section("状态", stretch, tuple((s.what, s.from_on, s.until_on, s.note) for s in file.statuses)),
        Section("类别", stretch, tuple((s.what, s.from_on, s.until_on, s.note) for s in file.tracks)),
        Section(
            "组织关系转接",
            ("从", "到", "日期", "介绍信", "状态", "说明", "提出人", "办理人"),
            tuple(
                (
                    t.from_branch.name,
                    t.to_branch.name if t.to_branch else t.to_outside,
                    t.on,
                    t.document,
                    t.get_state_display(),
                    t.reason,
                    by.get(t.proposed_by_number or 0, ""),
                    by.get(t.decided_by_number or 0, ""),
                )
                for t in file.transfers
            ),
        ),
        Section(
            "免评",
            ("事由", "说明", "起", "止", "状态", "理由"),
            tuple(
                (e.get_ground_display(), e.explanation, e.from_on, e.until_on, e.get_state_display(), e.reason)
                for e in file.exemptions
            ),
        ),
        Section(
            "更正记录",
            ("项目", "更正前", "理由", "更正人", "日期"),
            tuple(
                (field, before, c.reason, c.by, c.at.astimezone(clock.SHANGHAI).date())
                for c in file.corrections
                for field, before in c.before
            ),
        ),
    ]


def _who(member: Member, identity: str) -> tuple[tuple[Any, ...], ...]:
    return (
        ("党员编号", member.number),
        ("姓名", member.name),
        ("身份证号", identity),
        ("性别", member.get_sex_display()),
        ("出生日期", member.birth_on),
        ("民族", member.nation),
        ("学历", member.education),
        ("入党日期", member.joined_on),
        ("转正日期", member.full_on),
        ("从区外转入日期", member.arrived_on),
        ("电话", member.phone),
        ("流动党员", "是" if member.is_floating else "否"),
        ("流动去向", member.floating_to),
        ("备注", member.note),
        ("登录号码", member.user.login if member.user else ""),
        ("账号上的手机号", (member.user.phone or "") if member.user else ""),
    )
