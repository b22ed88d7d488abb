"""草稿的读取 Drafts in work: who sees them, what they hold, who has worked on them, and what may be compared."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from pioneer.accounts.models import User
from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.kernel.errors import NotVisible
from pioneer.rulebook import queries
from pioneer.rulebook.models import DraftEdit, RulebookDraft, RulebookVersion
from pioneer.scoring.writing import Content, read_content

State = RulebookDraft.State
SHOWN_EDITS = 12


@dataclass(frozen=True, slots=True)
class Compared:
    """对照的一方 A version, a draft, or what a draft began from."""

    key: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """一次改动 Who, when, and what in words."""

    edit: int
    by: str
    at: object
    said: tuple[str, ...]


def drafts_for(actor: AnyActor) -> QuerySet[RulebookDraft]:
    """可见的草稿 Of the districts where the actor drafts or adopts."""
    own = {int(path.split("/")[1]) for act in (Act.DRAFT_RULEBOOK, Act.ADOPT_RULEBOOK) for path in paths(actor, act)}
    return RulebookDraft.objects.filter(district__in=own).select_related("district", "based_on", "version")


def draft_for(actor: AnyActor, draft_id: int) -> RulebookDraft:
    """可见的一份草稿 Raises NotVisible where the actor may not see it."""
    found = drafts_for(actor).filter(pk=draft_id).first()
    if found is None:
        raise NotVisible()
    return found


def in_work(actor: AnyActor) -> list[RulebookDraft]:
    """起草中的 For the list; without their texts."""
    return list(drafts_for(actor).filter(state=State.WORK).defer("text", "base_text"))


def content_of(draft: RulebookDraft) -> Content:
    """草稿的内容 Numbers as int and Decimal; it is TOML whatever else is wrong with it."""
    return read_content(draft.text)


def edits_of(draft: RulebookDraft, after: int = 0) -> list[Told]:
    """改动 The latest first; after an edit, or the last few."""
    rows = list(DraftEdit.objects.filter(draft=draft, edit__gt=after)[:SHOWN_EDITS])
    names = names_of(row.by_number for row in rows)
    return [Told(row.edit, names.get(row.by_number, ""), row.at, tuple(row.said)) for row in rows]


def names_of(numbers: Iterable[int]) -> dict[int, str]:
    """姓名 As far as the accounts still know them."""
    return dict(User.objects.filter(pk__in=set(numbers)).values_list("pk", "name"))


def drafters_of(version: RulebookVersion) -> set[int]:
    """起草过的人 Who submitted a version and everybody who worked on its draft: none of them adopts it."""
    worked = DraftEdit.objects.filter(draft__version=version).values_list("by_number", flat=True)
    began = RulebookDraft.objects.filter(version=version).values_list("started_by_number", flat=True)
    return {number for number in (*worked, *began, version.drafted_by_number) if number is not None}


def waiting_for(actor: AnyActor) -> list[RulebookVersion]:
    """等此人核对的 Versions to be adopted that the actor had no hand in."""
    if not paths(actor, Act.ADOPT_RULEBOOK):
        return []
    worked = RulebookDraft.objects.filter(
        Q(started_by_number=actor.number) | Q(edits__by_number=actor.number), version__isnull=False
    )
    found = queries.visible_to(actor).filter(state=RulebookVersion.State.DRAFT)
    return list(found.exclude(drafted_by_number=actor.number).exclude(pk__in=worked.values("version")))


# ---------------------------------------------------------------- comparing


def compared(actor: AnyActor, key: str, also_in: int | None = None) -> Compared:
    """对照的一方 By its key: `v3` the version, `d5` the draft, `d5-base` what the draft began from."""
    kind, number, rest = key[:1], key[1:].removesuffix("-base"), key.endswith("-base")
    if kind not in ("v", "d") or not number.isdecimal() or len(number) > 17:
        raise NotVisible()
    if kind == "v":
        version = queries.version_for(actor, int(number), also_in)
        return Compared(key, f"第{version.number}版", version.text)
    draft = draft_for(actor, int(number))
    if rest:
        return Compared(key, draft.base_name, draft.base_text)
    return Compared(key, "这份草稿", draft.text)


def comparable(actor: AnyActor, also_in: int | None = None) -> list[tuple[str, str]]:
    """可对照的 Every version and every draft in work that the actor sees, by key, the latest first."""
    drafts = [(f"d{one.pk}", f"草稿《{one.name}》") for one in in_work(actor)]
    versions = queries.visible_to(actor, also_in).defer("text").order_by("-number")
    return drafts + [(f"v{one.pk}", f"第{one.number}版《{one.name}》（{one.get_state_display()}）") for one in versions]


def version_before(version: RulebookVersion) -> RulebookVersion | None:
    """前一版 The adopted one with the next lower number, for the comparison."""
    adopted = RulebookVersion.objects.filter(district=version.district_id, state=RulebookVersion.State.ADOPTED)
    return adopted.filter(number__lt=version.number).defer("text").order_by("-number").first()
