"""积分办法的读取 Which version holds on a day, and the rules it says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from pioneer.accounts.models import User
from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.kernel import sealing
from pioneer.kernel.asking import remembered
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import calendar
from pioneer.rulebook import local
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.policies import districts_of
from pioneer.scoring import Engine, Mistake, Rulebook, load_text
from pioneer.scoring.model import Parameter
from pioneer.scoring.periods import add_months

State = RulebookVersion.State
Validity = tuple[str, date, date | None]
KEPT = 256
_rulebooks: dict[Validity, Rulebook] = {}
_engines: dict[tuple[str, tuple[Validity, ...]], Engine] = {}


@dataclass(frozen=True, slots=True)
class Warned:
    """提示 One warning of the check, with the adopter's answer."""

    key: str
    line: int
    place: str
    message: str
    answer: str


@dataclass(frozen=True, slots=True)
class Shipped:
    """随附办法 A rulebook that comes with the program."""

    code: str
    name: str
    text: str


@remembered
def versions_for(district_id: int) -> list[RulebookVersion]:
    """已采用的版本 All adopted versions of a district, by the day they begin."""
    adopted = RulebookVersion.objects.filter(district_id=district_id, state=State.ADOPTED)
    return list(adopted.order_by("valid_from", "number"))


def version_on(district_id: int, on: date) -> RulebookVersion:
    """某日适用的版本 Raises DomainError("no_rulebook") where none holds."""
    holding = [one for one in versions_for(district_id) if one.valid_from <= on]
    found = next((one for one in holding if one.valid_until is None or one.valid_until >= on), None)
    if found is None:
        raise DomainError(
            "no_rulebook",
            f"本区在{on.year}年{on.month}月{on.day}日没有适用的积分办法。"
            "请区委组织部工作人员先在“积分办法”页采用一个自该日或更早起施行的版本。",
        )
    return found


def current_rulebook(district_id: int, on: date) -> Rulebook:
    """某日适用的办法 The rules of the version that holds on the day, each parameter with its clause."""
    return parsed(version_on(district_id, on))


def parsed(version: RulebookVersion) -> Rulebook:
    """版本的内容 The rules of a version; its validity is the version's own, as adopted. Kept by digest."""
    key = _validity(version)
    found = _rulebooks.get(key)
    if found is None:
        found = _read(version)
        _make_room(_rulebooks)
        _rulebooks[key] = found
    return found


def engine_for(district_id: int) -> Engine:
    """计分引擎 Over all adopted versions of the district with what its branches added to them, so that each fact is
    judged by the rules of its own day. One query, and one more where a version allows supplements."""
    versions = versions_for(district_id)
    if not versions:
        raise DomainError(
            "no_rulebook", "本区还没有采用积分办法，不能计分。请区委组织部工作人员先在“积分办法”页起草并采用一个版本。"
        )
    stamp = local.stamp_of(district_id) if any(parsed(version).supplement for version in versions) else ""
    key = stamp, tuple(_validity(version) for version in versions)
    found = _engines.get(key)
    if found is None:
        found = Engine(list(complete(versions).values()))
        _make_room(_engines)
        _engines[key] = found
    return found


def complete(versions: Sequence[RulebookVersion]) -> dict[int, Rulebook]:
    """连同支部补充 The rules of versions, by version, each with every supplement approved under it. One query where a
    version allows supplements."""
    rulebooks = {version.pk: parsed(version) for version in versions}
    added = local.approved_under(version for version in versions if rulebooks[version.pk].supplement)
    return {pk: local.merged(rulebook, added.get(pk, ())) for pk, rulebook in rulebooks.items()}


def void_codes(district_id: int) -> set[str]:
    """认定事项无效的指标 Of any adopted version: they make an event void for everybody. One query."""
    rows = (row for version in versions_for(district_id) for row in parsed(version).indicators.values())
    return {row.code for row in rows if row.voids == "event"}


def deadline(parameter: Parameter, start: date) -> date:
    """期限的最后一天 Of a parameter of the procedure, counted from `start`, which itself is not counted."""
    if parameter.unit == "working_days":
        return calendar().after(start, parameter.value)
    if parameter.unit == "days":
        return start + timedelta(days=parameter.value)
    if parameter.unit in ("months", "years"):
        return add_months(start, parameter.value * (12 if parameter.unit == "years" else 1))
    raise ValueError(f"{parameter.name} is no length of time")


def _validity(version: RulebookVersion) -> Validity:
    return version.digest, version.valid_from, version.valid_until


def _read(version: RulebookVersion) -> Rulebook:
    outcome = load_text(version.text)
    if outcome.rulebook is None or outcome.rulebook.digest != version.digest:
        raise DomainError(
            "rulebook_damaged",
            f"积分办法“{version.name}”第{version.number}版的文本与采用时的指纹不符或已读不通，已停止计分。"
            "请系统管理员用备份核对数据库。",
        )
    meta = replace(outcome.rulebook.meta, valid_from=version.valid_from, valid_to=version.valid_until)
    return replace(outcome.rulebook, meta=meta)


def _make_room(kept: dict[Validity, Rulebook] | dict[tuple[str, tuple[Validity, ...]], Engine]) -> None:
    """What is kept can always be made again: a full cache is emptied."""
    if len(kept) >= KEPT:
        kept.clear()


def answer_key(warning: Mistake) -> str:
    """提示的编号 What the adopter's answer to a warning is kept under; the same for the same warning."""
    return sealing.digest([warning.place, warning.message])[:16]


def visible_to(actor: AnyActor, also_in: int | None = None) -> QuerySet[RulebookVersion]:
    """可见的版本 Adopted ones of the districts where the actor holds a role, or is a member (`also_in`); drafts and
    what was discarded for who drafts or adopts there."""
    districts = districts_of(actor) | ({also_in} if also_in else set())
    own = {int(path.split("/")[1]) for act in (Act.DRAFT_RULEBOOK, Act.ADOPT_RULEBOOK) for path in paths(actor, act)}
    seen = Q(district__in=own) | Q(district__in=districts, state=State.ADOPTED)
    return RulebookVersion.objects.filter(seen).select_related("district")


def version_for(actor: AnyActor, version_id: int, also_in: int | None = None) -> RulebookVersion:
    """可见的一个版本 Raises NotVisible where the actor may not see it."""
    found = visible_to(actor, also_in).filter(pk=version_id).first()
    if found is None:
        raise NotVisible()
    return found


def districts_to_draft(actor: AnyActor) -> list[Organisation]:
    """可起草的区 The districts for which the actor may draft."""
    tops = [int(path.split("/")[1]) for path in paths(actor, Act.DRAFT_RULEBOOK)]
    return list(Organisation.objects.filter(pk__in=tops, level=Organisation.Level.DISTRICT))


def warnings_of(version: RulebookVersion) -> list[Warned]:
    """提示与答复 What the check warns of in a version's text, each with the adopter's answer where there is one."""
    found = []
    for warning in load_text(version.text).warnings:
        key = answer_key(warning)
        answered = version.answers.get(key, {})
        found.append(Warned(key, warning.line, warning.place, warning.message, answered.get("answer", "")))
    return found


def shipped() -> list[Shipped]:
    """随附办法 The rulebooks that come with the program, by folder name."""
    files = sorted((settings.ROOT / "rulebooks").glob("*/rulebook.toml"))
    found = (_read_shipped(file, file.stat().st_mtime_ns) for file in files)
    return [one for one in found if one is not None]


@cache
def _read_shipped(file: Path, changed: int) -> Shipped | None:
    """One of them, read once for each time its file was changed."""
    text = file.read_text(encoding="utf-8")
    outcome = load_text(text)
    return None if outcome.rulebook is None else Shipped(file.parent.name, outcome.rulebook.meta.name, text)


def names_behind(version: RulebookVersion) -> dict[str, str]:
    """起草人与采用人 By name, as far as the accounts still know them."""
    names = dict(User.objects.filter(pk__in=_numbers(version)).values_list("pk", "name"))
    return {
        "drafted": names.get(version.drafted_by_number or 0, ""),
        "adopted": names.get(version.adopted_by_number or 0, ""),
    }


def _numbers(version: RulebookVersion) -> list[int]:
    return [number for number in (version.drafted_by_number, version.adopted_by_number) if number is not None]
