"""草稿的写入 A rulebook in work: begun from one that stands, changed table by table and row by row, submitted or
withdrawn. It may be unfinished and wrong until it is submitted; then every check of the loader must pass."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotAllowed, bad
from pioneer.kernel.operations import operation
from pioneer.rulebook.draft_queries import draft_for
from pioneer.rulebook.editing import Change, changed, table_of
from pioneer.rulebook.findings import findings_of
from pioneer.rulebook.models import DraftEdit, RulebookDraft
from pioneer.rulebook.queries import version_for, versions_for
from pioneer.rulebook.services import locked_district, made_version
from pioneer.scoring.comparison import compare
from pioneer.scoring.loader import LARGEST_FILE
from pioneer.scoring.writing import Content, NotToml, format_text, read_content

State = RulebookDraft.State
MOST_SAID = 6
UNNAMED = "（未写名称）"


@operation("rulebook.start_draft")
def start_draft(
    *, actor: AnyActor, district_id: int, text: str | bytes = "", version_id: int | None = None, base_name: str = ""
) -> RulebookDraft:
    """开始起草 From a version, or from a text: what ships, or a file of one's own, which may have mistakes."""
    district = locked_district(actor, district_id)
    version = version_for(actor, version_id) if version_id is not None else None
    require(actor, Act.DRAFT_RULEBOOK, district)
    content = _read(version.text if version else text)
    plain = _written(content)
    now = clock.now()
    return RulebookDraft.objects.create(
        district=district,
        name=_name(content),
        text=plain,
        base_text=plain,
        base_name=f"第{version.number}版" if version else base_name[:160] or "起草时的文本",
        based_on=version if version and version.district_id == district.pk else None,
        started_by_number=_person(actor),
        started_at=now,
        changed_by_number=_person(actor),
        changed_at=now,
    )


@operation("rulebook.edit_draft")
def edit_draft(*, actor: AnyActor, draft_id: int, edit: int, change: Change) -> RulebookDraft:
    """改草稿 One table or one row; `edit` is the number the page showed. What changes nothing is no edit."""
    draft = _locked(actor, draft_id)
    _check_edit(draft, edit)
    before = read_content(draft.text)
    return _keep(actor, draft, before, changed(before, change))


@operation("rulebook.replace_draft")
def replace_draft(*, actor: AnyActor, draft_id: int, edit: int, text: str | bytes) -> RulebookDraft:
    """换上全文 The whole content, as it comes back from Excel or from a file; mistakes in it may be put right here."""
    draft = _locked(actor, draft_id)
    _check_edit(draft, edit)
    return _keep(actor, draft, read_content(draft.text), _read(text))


@operation("rulebook.submit_draft")
def submit_draft(*, actor: AnyActor, draft_id: int, edit: int, valid_from: date) -> RulebookDraft:
    """提交草稿 With the day it shall begin. Every mistake is named; without one it becomes a version to be adopted by
    somebody who had no hand in it."""
    locked_district(actor, draft_for(actor, draft_id).district_id)
    draft = _locked(actor, draft_id)
    _check_edit(draft, edit)
    _check_beginning(draft, valid_from)
    content = read_content(draft.text)
    meta = table_of(content, "meta")
    if meta is not None:
        content["meta"] = {**meta, "valid_from": valid_from}
    text = _written(content)
    mistakes = findings_of(text).mistakes
    if mistakes:
        raise BadInput([Fault(one.title, one.sentence) for one in mistakes])
    draft.version = made_version(actor, draft.district, text, valid_from)
    draft.text, draft.name = text, _name(content)
    draft.state = State.SUBMITTED
    draft.save(update_fields=["text", "name", "version", "state"])
    return draft


@operation("rulebook.withdraw_draft")
def withdraw_draft(*, actor: AnyActor, draft_id: int) -> RulebookDraft:
    """撤销草稿 It can't be changed any more and leaves the list."""
    draft = _locked(actor, draft_id)
    draft.state = State.WITHDRAWN
    draft.save(update_fields=["state"])
    return draft


# ---------------------------------------------------------------- what they share


def _locked(actor: AnyActor, draft_id: int) -> RulebookDraft:
    """Load and lock, may you, is it still in work."""
    draft_for(actor, draft_id)
    draft = RulebookDraft.objects.select_for_update(of=("self",)).select_related("district").get(pk=draft_id)
    require(actor, Act.DRAFT_RULEBOOK, draft.district)
    if draft.state != State.WORK:
        raise DomainError(
            "not_in_work",
            f"这份草稿{State(draft.state).label}，不能再改。要接着改，请从积分办法页另起一份草稿。",
        )
    return draft


def _person(actor: AnyActor) -> int:
    if actor.number is None:
        raise NotAllowed("积分办法由人起草，系统时钟不起草。")
    return actor.number


def _check_edit(draft: RulebookDraft, edit: int) -> None:
    if edit != draft.edit:
        raise DomainError(
            "changed_meanwhile",
            "您打开这一页以后，这份草稿在别处改过，这一步没有办。请看过改了什么，再办一次；您填的内容没有丢。",
        )


def _check_beginning(draft: RulebookDraft, valid_from: date) -> None:
    """The adoption checks it again; whoever chooses the day is told now."""
    adopted = versions_for(draft.district_id)
    if not adopted:
        return
    last = adopted[-1]
    if valid_from <= last.valid_from:
        raise bad(
            "施行日期", f"第{last.number}版自{_day(last.valid_from)}起施行，新版本须自更晚的日期起施行，请另选日期。"
        )
    if valid_from < clock.today():
        raise bad("施行日期", "办法不溯及既往，请选今天或以后的日期。")


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def _read(text: str | bytes) -> Content:
    try:
        return read_content(text)
    except NotToml as refusal:
        raise BadInput(
            [Fault(f"第{one.line}行" if one.line else one.place, one.message) for one in refusal.mistakes]
        ) from None


def _written(content: Content) -> str:
    try:
        text = format_text(content)
    except NotToml as refusal:
        raise BadInput([Fault(one.place, one.message) for one in refusal.mistakes]) from None
    if len(text) > LARGEST_FILE:
        raise BadInput([Fault("", "内容过大，不像是一部积分办法。请删减后再保存。")])
    return text


def _keep(actor: AnyActor, draft: RulebookDraft, before: Content, after: Content) -> RulebookDraft:
    text = _written(after)
    if text == draft.text:
        return draft
    draft.text, draft.name = text, _name(after)
    draft.edit += 1
    draft.changed_by_number, draft.changed_at = _person(actor), clock.now()
    draft.save(update_fields=["text", "name", "edit", "changed_by_number", "changed_at"])
    DraftEdit.objects.create(
        draft=draft,
        edit=draft.edit,
        by_number=draft.changed_by_number,
        at=draft.changed_at,
        said=_said(compare(before, after)),
    )
    return draft


def _said(differences: Iterable[Any]) -> list[str]:
    sentences = [one.sentence[:200] for one in differences]
    if not sentences:
        return ["写法有变，意思未变"]
    more = len(sentences) - MOST_SAID
    return sentences[:MOST_SAID] + ([f"另有{more}处"] if more > 0 else [])


def _name(content: Mapping[str, Any]) -> str:
    meta = table_of(content, "meta") or {}
    name = meta.get("name")
    return name.strip()[:120] if isinstance(name, str) and name.strip() else UNNAMED
