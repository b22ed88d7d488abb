"""档案里的评定结果 The branch's rows of the settlement, and of each member what the engine must know to come to the
same score: as it stood when the cycle was settled. `recounting` needs nothing but what is written down here."""

from django.db.models import Exists, OuterRef

from pioneer.archives import recounting
from pioneer.archives.frame import Frame, Row, on, whole
from pioneer.conduct.models import ZeroingCase
from pioneer.ledger import voids
from pioneer.ledger.models import Entry
from pioneer.ledger.queries import COLUMNS, as_facts
from pioneer.members.models import Member
from pioneer.members.queries import scoring_members
from pioneer.results.former_cycles import with_formers
from pioneer.results.formers import former_results
from pioneer.results.mark_queries import FAR, standing_marks, usable
from pioneer.results.models import Result, ResultAspect, ResultReached, Settlement
from pioneer.results.settlement_queries import WHY, latest_for, tier_names
from pioneer.rulebook import local
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.queries import engine_for, parsed, versions_for
from pioneer.scoring import Fact
from pioneer.scoring import Member as Scored

RULEBOOK = "积分办法-第"


def versions(frame: Frame) -> list[RulebookVersion]:
    """本周期的办法 Every adopted version that holds on a day of it."""
    return [
        one
        for one in versions_for(frame.branch.district_number)
        if one.valid_from <= frame.cycle.last_on
        and (one.valid_until is None or one.valid_until >= frame.cycle.first_on)
    ]


def rulebooks(frame: Frame) -> list[Row]:
    """积分办法 With their texts, to read and to compute by."""
    return [
        {
            "number": one.number,
            "name": one.name,
            "digest": one.digest,
            "valid_from": on(one.valid_from),
            "valid_until": on(one.valid_until),
            "adopted_on": frame.day(one.adopted_at),
            "file": f"{RULEBOOK}{one.number}版.toml",
            "text": one.text,
        }
        for one in versions(frame)
    ]


def supplements(frame: Frame) -> list[Row]:
    """支部补充 Approved under those versions, all of the district: an entry may have been posted elsewhere."""
    found = versions(frame)
    numbers = {one.pk: one.number for one in found}
    rows = local.approved_under(one for one in found if parsed(one).supplement)
    return [
        {
            "number": one.number,
            "version": numbers[one.version_id],
            "branch": one.branch.name,
            "valid_from": on(one.valid_from),
            "ended_from": on(one.ended_from),
            "digest": one.digest,
            "text": one.text,
        }
        for listed in rows.values()
        for one in listed
    ]


def indicators(frame: Frame) -> Row:
    """指标的名称 Of all versions, the latest name last."""
    found: Row = {}
    for one in versions(frame):
        rows = local.merged(parsed(one), local.approved_under([one]).get(one.pk, ())).indicators.values()
        found |= {row.code: {"name": row.name, "index": row.index, "clause": row.clause} for row in rows}
    return dict(sorted(found.items()))


# ------------------------------------------------------------------ the result


def result(frame: Frame, books: list[Row], added: list[Row]) -> Row | None:
    """评定结果 None where nothing was settled in earnest. Each row says whether it comes out the same again."""
    made = latest_for(frame.unit, frame.cycle.first_on)
    if made is None:
        return None
    rows = Result.objects.filter(settlement=made, branch=frame.branch).select_related("member").order_by("order")
    listed = list(rows)
    found: Row = {
        "settlement": {
            "organisation": made.organisation.name,
            "number": made.number,
            "made_on": on(made.made_on),
            "digest": made.digest,
            "version": made.version.number,
            "versions": list(made.versions),
        },
        "tiers": tier_names(made),
        **_inputs(frame, made, [one.member_id for one in listed]),
    }
    frame.moment(made.made_at)
    aspects, reached = _aspects(listed), _reached(listed)
    found["rows"] = [_row(frame, one, aspects.get(one.pk, []), reached.get(one.pk, [])) for one in listed]
    differing = recounting.differing(
        {"cycle": cycle_row(frame), "rulebooks": books, "supplements": added, "result": found}
    )
    for row in found["rows"]:
        row["recounts"] = row["member"] not in differing
    return found


def cycle_row(frame: Frame) -> Row:
    """周期"""
    return {"first_on": on(frame.cycle.first_on), "last_on": on(frame.cycle.last_on)}


def _row(frame: Frame, one: Result, aspects: list[Row], reached: list[str]) -> Row:
    points = ("opening", "positive", "reverse", "outside", "score")
    return {
        "place": one.order,
        **frame.who(one.member),
        "status": one.status,
        **{name: whole(getattr(one, name)) for name in points},
        "earned": one.earned,
        "tier": one.tier,
        "is_zeroed": one.is_zeroed,
        "why": WHY.get(one.why, one.why),
        "aspects": aspects,
        "reached": reached,
    }


def _aspects(rows: list[Result]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for one in ResultAspect.objects.filter(result__in=rows).order_by("result", "aspect"):
        row = {"aspect": one.aspect, "raw": whole(one.raw), "counted": whole(one.counted)}
        found.setdefault(one.result_id, []).append(row)
    return found


def _reached(rows: list[Result]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for one in ResultReached.objects.filter(result__in=rows).order_by("result", "kind", "code"):
        found.setdefault(one.result_id, []).append(one.code)
    return found


# ------------------------------------------------------------------ what the engine must know


def _inputs(frame: Frame, made: Settlement, numbers: list[int]) -> Row:
    engine, cycle = engine_for(frame.branch.district_number), frame.cycle
    everybody = voids.with_declaring(numbers, cycle) if engine.voids_for_everybody else numbers
    facts = _facts(frame, made, everybody)
    scored = scoring_members(everybody, cycle)
    former = former_results(numbers, before=cycle.first_on)
    voided = voids.declared(engine, scored, facts, cycle)
    inputs = []
    for number in numbers:
        person = with_formers(scored[number], former.get(number, ()), cycle.first_on)
        inputs.append({**_scored(person), "facts": [_fact(one) for one in facts.get(number, ())]})
    return {"inputs": inputs, "voided": [[one.event, one.order, one.code] for one in voided]}


def _scored(person: Scored) -> Row:
    return {
        "member": person.code,
        "status": person.status,
        "joined_on": on(person.joined_on),
        "tracks": [[on(one.from_on), one.track] for one in person.tracks],
        "previous": person.previous,
        "former": list(person.former),
    }


def _fact(one: Fact) -> Row:
    """What is not said is left out: a list of facts is read by people, too."""
    said = one._asdict()
    kept = {key: value for key, value in said.items() if value is not None and value is not False}
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in kept.items()}


def _facts(frame: Frame, made: Settlement, numbers: list[int]) -> dict[int, list[Fact]]:
    """Zeroings first, then entries in the order of closing, then marks: as they stood at the settlement."""
    found: dict[int, list[Fact]] = {number: [] for number in numbers}
    cycle, by = frame.cycle, made.made_at
    cases = ZeroingCase.objects.filter(member__in=numbers, document_on__range=cycle, decided_at__lte=by)
    for case in cases.filter(state__in=("approved", "reversed")).order_by("document_on", "pk"):
        if case.reversed_at is None or case.reversed_at > by:
            kind = case.get_document_kind_display()
            fact = Fact(-case.pk, case.indicator, case.document_on, document=kind, document_on=case.document_on)
            found[case.member_id].append(fact)
    keys = dict(Member.objects.filter(pk__in=numbers).order_by().values_list("key", "pk"))
    taken_back = Entry.objects.filter(corrects=OuterRef("pk"), posting__posted_at__lte=by)
    entries = Entry.objects.filter(
        ~Exists(taken_back),
        member_key__in=list(keys),
        event_on__range=cycle,
        corrects__isnull=True,
        posting__posted_at__lte=by,
    )
    for key, standing in as_facts(entries.order_by("posting_id", "order").values_list(*COLUMNS)).items():
        found[keys[key]] += [one.fact for one in standing]
    known = standing_marks().filter(member__in=numbers, confirmed_at__lte=by)
    for mark in usable(known, parsed(made.version).components, cycle).order_by("on", "pk"):
        found[mark.member_id].append(Fact(FAR + mark.pk, mark.component, mark.on, value=whole(mark.value)))
    return found
