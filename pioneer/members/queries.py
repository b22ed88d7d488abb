"""党员的读取 Every read of the roster by date: who belongs where on a day, with which status and track.

What the engine must know of a member is made here and nowhere else: `scoring_members`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from pioneer import scoring
from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.members.models import (
    GONE,
    Exemption,
    Member,
    Membership,
    Status,
    StatusSpell,
    Track,
    TrackSpell,
)
from pioneer.organisations.models import Organisation
from pioneer.rulebook.queries import current_rulebook

EXEMPT = "exempt"
STATUS_CHOICES = [(code, str(name)) for code, name in Status.choices if code != Status.TRANSFERRED_OUT]
PRESENT_CHOICES = [(code, str(name)) for code, name in Status.choices if code not in GONE]
SEX_CHOICES = [(code, str(name)) for code, name in Member.Sex.choices]
GROUND_CHOICES = [(code, str(name)) for code, name in Exemption.Ground.choices]
TRACK_NAMES = {code: str(name) for code, name in Track.choices}
HELD = (Exemption.State.APPROVED, Exemption.State.ENDED)


def covering(day: date) -> Q:
    """某日在内的时段 The spells that hold on a day; the last day counts."""
    return Q(from_on__lte=day) & (Q(until_on__isnull=True) | Q(until_on__gte=day))


# ------------------------------------------------------------------ who may see whom


def member_of(user_number: int | None) -> Member | None:
    """本人 The member behind an account, or None for an officer who is on no roster."""
    return Member.objects.filter(user_id=user_number).first() if user_number is not None else None


def visible_to(actor: AnyActor) -> QuerySet[Member]:
    """看得到的党员 By the subtree of the branch they belong to now, or belonged to last; and always oneself."""
    mine = Q(user_id=actor.number) if actor.number is not None else Q(pk__in=[])
    subtrees = paths(actor, Act.SEE_ROSTER)
    if not subtrees:
        return Member.objects.filter(mine)
    return Member.objects.filter(mine | Q(pk__in=last_within(subtrees)))


def last_within(subtrees: Iterable[str]) -> QuerySet[Membership]:
    """The members whose latest membership lies within one of the subtrees."""
    within = Q(pk__in=[])
    for path in subtrees:
        within |= Q(branch__path__startswith=path)
    later = Membership.objects.filter(member=OuterRef("member"), from_on__gt=OuterRef("from_on"))
    return Membership.objects.filter(within).filter(~Exists(later)).values("member_id")  # type: ignore[return-value]


def get_visible(actor: AnyActor, member_id: int) -> Member:
    """取一位党员 NotVisible where the actor may not see it."""
    found = visible_to(actor).select_related("user", "district").filter(pk=member_id).first()
    if found is None:
        raise NotVisible
    return found


def branches_for(actor: AnyActor) -> QuerySet[Organisation]:
    """看得到花名册的支部 That stand today, in the order of the tree."""
    within = Q(pk__in=[])
    for path in paths(actor, Act.SEE_ROSTER):
        within |= Q(path__startswith=path)
    return Organisation.objects.filter(within, is_branch=True, closed_on__isnull=True).order_by("path")


def without_members(actor: AnyActor) -> list[Organisation]:
    """花名册还空着的支部 Where the actor imports rosters and nobody has been entered yet. One query."""
    within = Q(pk__in=[])
    for path in paths(actor, Act.IMPORT_ROSTER):
        within |= Q(path__startswith=path)
    anybody = Membership.objects.filter(branch=OuterRef("pk"))
    bare = Organisation.objects.filter(within, ~Exists(anybody), is_branch=True, closed_on__isnull=True)
    return list(bare.order_by("path"))


def branch_for(actor: AnyActor, branch_id: int) -> Organisation:
    """取一个支部 NotVisible where the actor doesn't see its roster."""
    found = branches_for(actor).select_related("parent").filter(pk=branch_id).first()
    if found is None:
        raise NotVisible
    return found


def branches_of_district(district_id: int) -> QuerySet[Organisation]:
    """本区的支部 All that stand, for choosing where somebody goes."""
    return (
        Organisation.objects.filter(path__startswith=f"/{district_id}/", is_branch=True, closed_on__isnull=True)
        .select_related("parent")
        .order_by("path")
    )


# ------------------------------------------------------------------ one member on a day


def branch_on(member: Member, day: date) -> Organisation | None:
    """某日所在支部 None before the first and after the last membership."""
    spells = Membership.objects.filter(covering(day), member=member).select_related("branch").order_by("-from_on")
    spell = spells.first()
    return spell.branch if spell else None


def last_branch(member: Member) -> Organisation | None:
    """现在或最后所在支部 Who keeps the file of a member that has gone."""
    spell = Membership.objects.filter(member=member).select_related("branch").order_by("-from_on").first()
    return spell.branch if spell else None


def status_on(member: Member, day: date) -> str:
    """某日状态"""
    return statuses_on([member.pk], day).get(member.pk, Status.FULL.value)


def track_on(member: Member, day: date) -> str | None:
    """某日类别 Before the first spell, the first one's; None where no track was ever entered."""
    return track_at(tracks_of([member.pk]).get(member.pk, []), day)


def status_before_leaving(member: Member) -> str:
    """离开前的状态 The last status in which the member was present; full where none is on record."""
    present = StatusSpell.objects.filter(member=member).exclude(status__in=GONE).order_by("-from_on")
    return present.values_list("status", flat=True).first() or Status.FULL.value


# ------------------------------------------------------------------ many members on a day


def statuses_on(ids: Collection[int], day: date) -> dict[int, str]:
    """某日状态 Of many at once. Before the first spell, the first one's. One query."""
    found: dict[int, str] = {}
    spells = StatusSpell.objects.filter(member__in=ids).order_by("member_id", "from_on")
    for member_id, status, from_on in spells.values_list("member_id", "status", "from_on"):
        if from_on <= day or member_id not in found:
            found[member_id] = status
    return found


def tracks_of(ids: Collection[int]) -> dict[int, list[scoring.TrackSpell]]:
    """类别时段 Of many at once, ascending by date. One query."""
    found: dict[int, list[scoring.TrackSpell]] = {}
    spells = TrackSpell.objects.filter(member__in=ids).order_by("member_id", "from_on")
    for member_id, from_on, track in spells.values_list("member_id", "from_on", "track"):
        found.setdefault(member_id, []).append(scoring.TrackSpell(from_on, track))
    return found


def track_at(spells: Sequence[scoring.TrackSpell], day: date) -> str | None:
    """时段中的类别 The track that holds on a day within a member's spells."""
    held = [spell.track for spell in spells if spell.from_on <= day]
    return held[-1] if held else spells[0].track if spells else None


def branches_on(ids: Collection[int], day: date) -> dict[int, int]:
    """某日所在支部 Of many at once: branch number by member. One query."""
    spells = Membership.objects.filter(covering(day), member__in=ids)
    return dict(spells.values_list("member_id", "branch_id"))


def branches_during(ids: Collection[int], first: date, last: date) -> QuerySet[Membership]:
    """某段时间所在支部 Branches to which any of these belonged on some day of a stretch; read only when asked for."""
    within = Q(from_on__lte=last) & (Q(until_on__isnull=True) | Q(until_on__gte=first))
    return Membership.objects.filter(within, member__in=ids).order_by().values("branch_id")  # type: ignore[return-value]


def exempt_on(ids: Collection[int], day: date) -> set[int]:
    """某日免评的 Whose approved exemption holds on that day; an ended one held until its last. One query."""
    held = Exemption.objects.filter(covering(day), member__in=ids, state__in=HELD)
    return set(held.values_list("member_id", flat=True))


def deceased_among(ids: Collection[int], by: date) -> set[int]:
    """已故的 Who has died by that day: on no unpublished paper, and told nothing. One query."""
    spells = StatusSpell.objects.filter(member__in=ids, status=Status.DECEASED, from_on__lte=by, until_on__isnull=True)
    return set(spells.values_list("member_id", flat=True))


# ------------------------------------------------------------------ the roster


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """花名册的一行 A member of a branch on a day. `hint` tells two of one name apart, within the organisation only."""

    id: int
    key: UUID
    number: str
    name: str
    status: str
    track: str | None
    floating: bool
    exempt: bool
    user_id: int | None
    position: int
    identity_shown: str
    birth_on: date | None
    hint: str = ""

    @property
    def probationary(self) -> bool:
        return self.status == Status.PROBATIONARY

    @property
    def status_name(self) -> str:
        """状态的中文"""
        return str(Status(self.status).label)

    @property
    def marks(self) -> tuple[str, ...]:
        """标注 Probationary, out of contact, floating, exempt: in words."""
        said = (
            ("预备党员", self.probationary),
            ("失联", self.status == Status.OUT_OF_CONTACT),
            ("流动党员", self.floating),
            ("免评", self.exempt),
        )
        return tuple(word for word, holds in said if holds)


def roster(branch: Organisation, on: date, *, unpublished: bool = False) -> list[RosterEntry]:
    """某日花名册 Who belongs to the branch on a day, in roster order, without who had gone by then. Four queries.

    `unpublished`: for a paper not yet published, which a deceased member leaves the same day, whatever day it is about.
    """
    here = Membership.objects.filter(covering(on), branch=branch).values("member_id")
    return entries(Member.objects.filter(pk__in=here), on, unpublished=unpublished)


def entries(
    members: Iterable[Member], on: date, *, unpublished: bool = False, with_gone: bool = False
) -> list[RosterEntry]:
    """花名册的行 These members as they stand on a day, in roster order. Three queries beside the members'."""
    rows = sorted(members, key=lambda member: (member.position, member.pk))
    ids = [member.pk for member in rows]
    statuses, tracks, exempt = statuses_on(ids, on), tracks_of(ids), exempt_on(ids, on)
    if not with_gone:
        rows = [row for row in rows if statuses.get(row.pk, Status.FULL) not in GONE]
    if unpublished:
        today = statuses_on(ids, clock.today())
        rows = [row for row in rows if today.get(row.pk) != Status.DECEASED]
    hints = same_name_hints(rows)
    return [
        RosterEntry(
            id=row.pk,
            key=row.key,
            number=row.number,
            name=row.name,
            status=statuses.get(row.pk, Status.FULL.value),
            track=track_at(tracks.get(row.pk, []), on),
            floating=row.is_floating,
            exempt=row.pk in exempt,
            user_id=row.user_id,
            position=row.position,
            identity_shown=row.identity_shown,
            birth_on=row.birth_on,
            hint=hints.get(row.pk, ""),
        )
        for row in rows
    ]


def gone_from(branch: Organisation) -> list[RosterEntry]:
    """已离开的 Whose file the branch keeps: deceased, left, transferred outside, removed."""
    kept = Member.objects.filter(pk__in=last_within([branch.path]), erased_at__isnull=True)
    return [row for row in entries(kept, clock.today(), with_gone=True) if row.status in GONE]


def found(actor: AnyActor, words: str, most: int = 50) -> list[tuple[Member, str]]:
    """查党员 With the branch's name. By a part of the name, or the number or phone from its beginning; only whom the
    actor sees. Two queries."""
    words = words.strip()
    if not words:
        return []
    like = Q(name__contains=words) | Q(number__startswith=words) | Q(phone__startswith=words)
    members = list(visible_to(actor).filter(like, erased_at__isnull=True)[:most])
    spells = Membership.objects.filter(member__in=members).order_by("from_on")
    branches = dict(spells.values_list("member_id", "branch__name"))
    return [(member, branches.get(member.pk, "")) for member in members]


def headcounts(branch_ids: Collection[int], day: date) -> dict[int, int]:
    """在册人数 Of many branches at once, without who had gone by that day. One query."""
    later = StatusSpell.objects.filter(member=OuterRef("member"), from_on__lte=day, status__in=GONE).filter(
        Q(until_on__isnull=True) | Q(until_on__gte=day)
    )
    here = Membership.objects.filter(covering(day), branch__in=branch_ids).filter(~Exists(later))
    return dict(here.order_by().values("branch_id").annotate(count=Count("pk")).values_list("branch_id", "count"))


def same_name_hints(members: Sequence[Member]) -> dict[int, str]:
    """同名提示 For each of several members of one name: what tells it from the others."""
    by_name: dict[str, list[Member]] = {}
    for member in members:
        by_name.setdefault(member.name, []).append(member)
    return {row.pk: _hint(row) for rows in by_name.values() if len(rows) > 1 for row in rows}


def same_name_hint(member: Member) -> str:
    """同名提示 Of one member among those of its branch today; empty where the name stands once."""
    branch = last_branch(member)
    if branch is None:
        return ""
    here = Membership.objects.filter(covering(clock.today()), branch=branch).values("member_id")
    others = Member.objects.filter(pk__in=here, name=member.name).exclude(pk=member.pk)
    return _hint(member) if others.exists() else ""


def _hint(member: Member) -> str:
    """The identity number's last digits, else the birth date, else the member number."""
    if len(member.identity_shown) >= 4:
        return f"身份证尾号{member.identity_shown[-4:]}"
    if member.birth_on is None:
        return f"编号{member.number}"
    born = f"{member.birth_on.year}年"
    if member.birth_precision != "year":
        born += f"{member.birth_on.month}月"
    if member.birth_precision == "day":
        born += f"{member.birth_on.day}日"
    return f"{born}出生"


def present_named(branch: Organisation, name: str) -> list[Member]:
    """同名在册的 Members of the branch of this name who have not gone."""
    today = clock.today()
    here = Membership.objects.filter(covering(today), branch=branch).values("member_id")
    named = list(Member.objects.filter(pk__in=here, name=name))
    statuses = statuses_on([member.pk for member in named], today)
    return [member for member in named if statuses.get(member.pk) not in GONE]


# ------------------------------------------------------------------ tracks by the rulebook


def track_names(district_id: int, on: date) -> dict[str, str]:
    """类别名称 The tracks of the rulebook that holds on the day; before a district has one, the two of the source."""
    try:
        rules = current_rulebook(district_id, on)
    except DomainError as missing:
        if missing.code != "no_rulebook":
            raise
        return dict(TRACK_NAMES)
    return {track.code: track.name for track in rules.tracks}


def usual_track(branch: Organisation) -> str:
    """通常类别 What the branch's setting suggests."""
    return Track.RURAL.value if branch.setting == Organisation.Setting.RURAL else Track.COMMUNITY.value


# ------------------------------------------------------------------ what the engine must know


def scoring_members(ids: Collection[int], cycle: scoring.Cycle) -> dict[int, scoring.Member]:
    """计分用的党员 Roster facts as the engine takes them: tracks, the status on the cycle's last day, when joined.

    An exemption that holds on the last day makes a full member `exempt`. When somebody joined the Party or came from
    outside is said where it is known and not after the cycle. Four queries.
    """
    members = Member.objects.filter(pk__in=ids)
    statuses, tracks = statuses_on(ids, cycle.last_on), tracks_of(ids)
    exempt = exempt_on(ids, cycle.last_on)
    return {
        member.pk: scoring.Member(
            code=str(member.key),
            name=member.name,
            tracks=tuple(tracks.get(member.pk, ())),
            status=_scoring_status(statuses.get(member.pk, Status.FULL.value), member.pk in exempt),
            joined_on=_joined_by(member, cycle),
        )
        for member in members
    }


def _scoring_status(status: str, is_exempt: bool) -> str:
    return EXEMPT if is_exempt and status in (Status.FULL, Status.OUT_OF_CONTACT) else status


def _joined_by(member: Member, cycle: scoring.Cycle) -> date | None:
    """The later of joining and coming from outside, of those not after the cycle."""
    return max((day for day in (member.joined_on, member.arrived_on) if day and day <= cycle.last_on), default=None)
