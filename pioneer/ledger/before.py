"""入账以前的得分 What members had before one posting: what it changed can be told from it."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from pioneer.ledger import voids
from pioneer.ledger.models import Entry, Posting
from pioneer.ledger.queries import COLUMNS, as_facts
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.publicity import queries as publicity
from pioneer.scoring import Cycle, Engine, Fact, Score


def members_of(posting: Posting) -> list[int]:
    """一次入账涉及的党员"""
    keys = Entry.objects.filter(posting=posting).order_by().values("member_key")
    return list(Member.objects.filter(key__in=keys).order_by("pk").values_list("pk", flat=True))


def scores_before(member_ids: Collection[int], posting: Posting, cycle: Cycle, engine: Engine) -> dict[int, Score]:
    """入账以前的得分 From what was posted earlier; a correction of this posting has taken nothing back yet. Who has no
    track is left out. Constant queries."""
    scored = members.scoring_members(member_ids, cycle)
    keys = dict(Member.objects.filter(pk__in=member_ids).order_by().values_list("key", "pk"))
    zeroings = publicity.zeroing_facts(member_ids, cycle)
    facts: dict[int, list[Fact]] = {number: list(zeroings.get(number, ())) for number in scored}
    taken_back = Entry.objects.filter(corrects=OuterRef("pk"), posting__lt=posting.pk)
    earlier = Entry.objects.filter(
        member_key__in=list(keys), event_on__range=cycle, corrects__isnull=True, posting__lt=posting.pk
    )
    rows = earlier.exclude(Exists(taken_back)).order_by("posting_id", "order").values_list(*COLUMNS)
    for key, standing in as_facts(list(rows)).items():
        facts[keys[key]] += [one.fact for one in standing]
    voided = voids.declared(engine, scored, facts, cycle)
    return {
        number: engine.score(person, facts[number], cycle, voided) for number, person in scored.items() if person.tracks
    }
