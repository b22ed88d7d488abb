"""积分办法的写入 Drafted by one person from a file, adopted by another, then frozen: a change is the next version."""

from collections.abc import Mapping
from datetime import date, timedelta

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.organisations.models import Organisation
from pioneer.rulebook.draft_queries import drafters_of
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.policies import districts_of, is_second_person
from pioneer.rulebook.queries import answer_key, version_for
from pioneer.scoring import Outcome, Rulebook, load_text

State = RulebookVersion.State
ANSWER_LENGTH = 500


@operation("rulebook.draft_version")
def draft_version(
    *, actor: AnyActor, district_id: int, text: str | bytes, valid_from: date | None = None
) -> RulebookVersion:
    """起草办法 From the text of a rulebook file. Every mistake of the text is listed; nothing is written where there is
    one. `valid_from` is the day it shall begin, the text's own where none is given."""
    district = locked_district(actor, district_id)
    require(actor, Act.DRAFT_RULEBOOK, district)
    return made_version(actor, district, text, valid_from)


@operation("rulebook.adopt_version")
def adopt_version(*, actor: AnyActor, version_id: int, answers: Mapping[str, str] | None = None) -> RulebookVersion:
    """采用办法 By a second person, who answers each warning. The version before it ends the day before."""
    version = _locked_version(actor, version_id)
    require(actor, Act.ADOPT_RULEBOOK, version.district)
    _check_draft(version)
    is_second_person(actor, drafters_of(version))
    outcome = load_text(version.text)
    _checked(outcome)
    version.answers = _answered(outcome, answers or {})
    former = _check_beginning(version)
    if former is not None:
        eve = version.valid_from - timedelta(days=1)
        if former.valid_until is None or former.valid_until > eve:
            former.valid_until = eve
            former.save(update_fields=["valid_until"])
    version.state = State.ADOPTED
    version.adopted_by_number = actor.number
    version.adopted_at = clock.now()
    version.save(update_fields=["answers", "state", "adopted_by_number", "adopted_at"])
    return version


@operation("rulebook.discard_draft")
def discard_draft(*, actor: AnyActor, version_id: int) -> RulebookVersion:
    """放弃草案 It stays in the list, marked; its number is not used again."""
    version = _locked_version(actor, version_id)
    require(actor, Act.DRAFT_RULEBOOK, version.district)
    _check_draft(version)
    version.state = State.DISCARDED
    version.save(update_fields=["state"])
    return version


def made_version(
    actor: AnyActor, district: Organisation, text: str | bytes, valid_from: date | None
) -> RulebookVersion:
    """成为草案 A text without mistakes as the next version of a locked district, to be adopted."""
    rulebook = _checked(load_text(text))
    begins = valid_from or rulebook.meta.valid_from
    ends = rulebook.meta.valid_to
    if ends is not None and ends < begins:
        raise bad("施行日期", f"文本写明的截止日期是{_day(ends)}，早于施行日期{_day(begins)}。请改正其中一个。")
    _check_no_twin(district, rulebook)
    last = RulebookVersion.objects.filter(district=district).order_by("-number").first()
    return RulebookVersion.objects.create(
        district=district,
        number=(last.number if last else 0) + 1,
        name=rulebook.meta.name[:120],
        text=_plain(text),
        digest=rulebook.digest,
        valid_from=begins,
        valid_until=ends,
        drafted_by_number=actor.number,
        drafted_at=clock.now(),
    )


def locked_district(actor: AnyActor, district_id: int) -> Organisation:
    """锁定本区 Versions of a district are written one after another: the district's row is the lock."""
    found = (
        Organisation.objects.select_for_update().filter(pk=district_id, level=Organisation.Level.DISTRICT).first()
        if district_id in districts_of(actor)
        else None
    )
    if found is None:
        raise NotVisible()
    return found


def _locked_version(actor: AnyActor, version_id: int) -> RulebookVersion:
    seen = version_for(actor, version_id)
    locked_district(actor, seen.district_id)
    return RulebookVersion.objects.select_for_update(of=("self",)).select_related("district").get(pk=version_id)


def _checked(outcome: Outcome) -> Rulebook:
    if outcome.rulebook is None:
        raise BadInput(
            [Fault(f"第{one.line}行 {one.place}" if one.line else one.place, one.message) for one in outcome.mistakes]
        )
    return outcome.rulebook


def _plain(text: str | bytes) -> str:
    """The text as its digest covers it: UTF-8 without a mark at the start, plain line ends."""
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _check_no_twin(district: Organisation, rulebook: Rulebook) -> None:
    twin = (
        RulebookVersion.objects.filter(district=district, digest=rulebook.digest)
        .exclude(state=State.DISCARDED)
        .order_by("-number")
        .first()
    )
    if twin is not None:
        raise DomainError(
            "same_text",
            f"这份文本与第{twin.number}版（{State(twin.state).label}）一字不差，不必再起草。要改施行日期，请先放弃原草案。",
        )


def _check_draft(version: RulebookVersion) -> None:
    if version.state != State.DRAFT:
        raise DomainError(
            "not_a_draft",
            f"第{version.number}版{State(version.state).label}，不能再办理。要更改办法，请起草下一个版本。",
        )


def _check_beginning(version: RulebookVersion) -> RulebookVersion | None:
    """The version before it, if any. A first version may begin earlier than today: the rules existed on paper. A later
    one may not: what was done under the old rules is judged by them."""
    adopted = RulebookVersion.objects.select_for_update().filter(district=version.district_id, state=State.ADOPTED)
    former = adopted.order_by("-valid_from").first()
    if former is None:
        return None
    if version.valid_from <= former.valid_from:
        raise DomainError(
            "begins_too_early",
            f"第{former.number}版自{_day(former.valid_from)}起施行，新版本须自更晚的日期起施行。请放弃此草案，改好施行日期再起草。",
        )
    if version.valid_from < clock.today():
        raise DomainError(
            "begins_in_the_past",
            f"新版本的施行日期{_day(version.valid_from)}已经过去。办法不溯及既往，"
            "请放弃此草案，把施行日期改为今天或以后再起草。",
        )
    return former


def _answered(outcome: Outcome, answers: Mapping[str, str]) -> dict[str, dict[str, str]]:
    kept, faults = {}, []
    for warning in outcome.warnings:
        key = answer_key(warning)
        answer = answers.get(key, "").strip()
        if not answer:
            faults.append(Fault(f"第{warning.line}行 {warning.place}", f"{warning.message}。请逐条写明为何仍然采用。"))
        elif len(answer) > ANSWER_LENGTH:
            faults.append(Fault(warning.place, f"答复有{len(answer)}个字，最多{ANSWER_LENGTH}个字。"))
        kept[key] = {"warning": f"{warning.place}：{warning.message}", "answer": answer}
    if faults:
        raise BadInput(faults)
    return kept


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
