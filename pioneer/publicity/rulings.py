"""裁定的核对 What an answer to an objection may say, and what an upheld one may put in a line's place. Reads only."""

from pioneer.assessments import roster, wording
from pioneer.assessments.models import Line
from pioneer.declarations.models import Declaration
from pioneer.kernel.errors import BadInput, Fault
from pioneer.kernel.points import show
from pioneer.publicity import objection_queries
from pioneer.publicity.models import Objection
from pioneer.rulebook.queries import engine_for
from pioneer.scoring import Indicator, product


def check(
    row: Objection, upheld: bool, answer: str, public_answer: str, new_value: int | None, new_wording: str
) -> None:
    """核对答复 BadInput with everything that is wrong with it."""
    faults = []
    if not answer.strip():
        faults.append(Fault("答复", "请写明查到的情况和结论。"))
    if len(public_answer) > 200 or len(new_wording) > wording.LONGEST:
        faults.append(Fault("公示用语", "请缩短到200个字以内。"))
    private = wording.private_in(public_answer, roster.names_near(row.publication.sheet.branch), _name(row))
    faults += [Fault("公示页上的一句话", text) for text in private]
    if upheld and row.review is not None and new_value is None:
        faults.append(Fault("分值", "申报予以认可的，请写明认定的分值。"))
    if upheld and new_value is not None:
        faults += _change_faults(row, new_value, new_wording)
    if faults:
        raise BadInput(faults)


def wording_of(row: Objection, new_value: int | None, said: str) -> str:
    """更正后的公示用语 What was said; for a claim that had no line the rulebook's, so none stands without."""
    said = said.strip()
    found = _indicator(row)
    if said or new_value is None or row.line is not None or found is None:
        return said
    return _proposed(row, found)


def _about(row: Objection) -> Line | Declaration:
    if row.line is not None:
        return row.line
    assert row.review is not None
    return row.review.declaration


def _name(row: Objection) -> str:
    return objection_queries.member_of(row).name


def _indicator(row: Objection) -> Indicator | None:
    about = _about(row)
    version = engine_for(row.publication.sheet.branch.district_number).version_on(about.event_on)
    return version.indicators.get(about.indicator) if version else None


def _proposed(row: Objection, found: Indicator) -> str:
    about = _about(row)
    decided = row.line is not None and bool(row.line.decision.strip())
    return wording.propose(found, about.quantity, about.level, has_decision=decided)


def _change_faults(row: Objection, new_value: int, new_wording: str) -> list[Fault]:
    found = _indicator(row)
    if found is None:
        return [Fault("指标", "积分办法里没有这一项。")]
    faults = []
    if (new_value > 0) == (found.index == "reverse") or new_value == 0:
        faults.append(Fault("分值", "加分项目请写大于0的分值，扣分项目请写小于0的分值；整条撤下请选“撤下”。"))
    elif (most := most_of(found)) is not None and abs(new_value) > most:
        faults.append(Fault("分值", f"按积分办法，“{found.name}”一次最多{show(most)}分，请改正。"))
    if row.line is not None and row.line.corrects_id is not None:
        faults.append(Fault("分值", "更正条目只能撤下，不能改分值。"))
    said = new_wording.strip() or (row.line.wording if row.line is not None else "")
    if row.line is None or said != row.line.wording:
        proposed = _proposed(row, found)
        near = roster.names_near(row.publication.sheet.branch)
        texts = wording.faults(said or proposed, found, proposed, near, _name(row))
        faults += [Fault("公示用语", text) for text in texts]
    return faults


def most_of(row: Indicator) -> int | None:
    """一次最多 The greatest value one occurrence may have, without sign; None where the rulebook sets no limit."""
    value = row.value
    if value is None:
        return 0
    if value.shape == "per_unit" and value.maximum is None:
        return None
    amounts = {
        "fixed": (value.points, *value.by_track.values()),
        "per_unit": (value.maximum or 0,),
        "range": (value.maximum or 0,),
        "nth": value.times,
        "shortfall": (product(value.required, value.points) if value.maximum is None else value.maximum,),
        "to_floor": (value.points,),
    }.get(value.shape, tuple(step.points for step in value.steps))
    factor = max((multiplier.factor for multiplier in row.multipliers), default=100)
    return max(amounts, default=0) * max(factor, 100) // 100
