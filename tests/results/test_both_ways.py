"""A settlement's two ways against the engine: members added up straight from the index, members whose entries are
looked at one by one, and both side by side, under every rulebook that is shipped."""

from __future__ import annotations

import os
import random
from datetime import date, timedelta
from typing import Any

import pytest

from pioneer.assessments.models import Sheet
from pioneer.conduct.models import ZeroingCase
from pioneer.kernel import clock
from pioneer.ledger.models import Entry, Posting
from pioneer.members.models import Member, Membership, StatusSpell, TrackSpell
from pioneer.publicity.models import Publication
from pioneer.results import short_way, working
from pioneer.results.cycles import Ruled, ruled
from pioneer.results.slate import Slate, clean_slate
from pioneer.results.working import work_out
from pioneer.rulebook.models import RulebookVersion
from pioneer.scoring import Rulebook
from pioneer.scoring.periods import cycle_of
from tests.results.cycles import AFTER
from tests.results.drafts import load
from tests.results.test_stored import expected
from tests.world import ROOT, World

SHIPPED = sorted(file.parent.name for file in (ROOT / "rulebooks").glob("*/rulebook.toml"))
SHORT = {"jiancaoping", "qingwu", "yunxiu", "qitang"}  # where at least some go the short way
OFTEN = {"jiancaoping", "qingwu"}  # where few are kept from it by an indicator
FEW, MANY = 30, int(os.environ.get("MEMBERS", "2000"))
ENTRIES = 25


@pytest.mark.parametrize("name", SHIPPED)
def test_some_members_under_every_rulebook(world: World, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    both_ways(world, name, FEW, random.Random(name), monkeypatch)


@pytest.mark.campaign
@pytest.mark.parametrize("name", SHIPPED)
def test_many_members_under_every_rulebook(world: World, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    both_ways(world, name, MANY, random.Random(name), monkeypatch)


def both_ways(world: World, name: str, members: int, chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
    book = adopt(world, name)
    rules = ruled(world.district.pk, cycle_of(book.cycle, date(2026, 6, 30)).first_on)
    Generated(world, book, rules, chance).fill(members)
    with clock.at(AFTER):
        mixed, ways = outcome_of(world, rules)
        assert mixed == expected(world.district, world.district, rules.cycle)
        assert (ways[0] > 0) == (name in SHORT) and ways[2] > 0
        assert (ways[1] > 0) == (name in SHORT) or (members == FEW and name not in OFTEN)
        monkeypatch.setattr(short_way, "FEW", 0)  # everybody's part of the index is read, as of a whole district
        assert outcome_of(world, rules) == (mixed, ways)
        monkeypatch.setattr(working, "short_plan", lambda rules: None)
        slow, (short, *_) = outcome_of(world, rules)
        assert slow == mixed and not short
        part = world.organisations["community"]
        assert outcome_of(world, rules, part)[0].items() <= mixed.items()


def adopt(world: World, name: str) -> Rulebook:
    text = (ROOT / "rulebooks" / name / "rulebook.toml").read_text(encoding="utf-8")
    RulebookVersion.objects.create(
        district=world.district, number=1, name=name, text=text, digest=load(text).digest, state="adopted",
        valid_from=date(2020, 1, 1), drafted_at=clock.now(), adopted_at=clock.now(),
    )  # fmt: skip
    return load(text)


def outcome_of(world: World, rules: Ruled, at: Any = None) -> tuple[dict[int, Any], tuple[int, ...]]:
    """What would be written of each; and how many went the short way, of those how many after their events were looked
    at, and how many the long way."""
    with clean_slate() as slate:
        work_out(slate, at or world.district, rules)
        short = slate.number("SELECT COUNT(*) FROM short")
        shares, apart = slate.rows("SELECT COALESCE(SUM(sharing), 0), COUNT(*) FROM apart")[0]
        return on_the_slate(slate), (short, shares, apart - shares)


def on_the_slate(slate: Slate) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for number, unit, branch, status, *points, earned, tier, zeroed in slate.rows(
        "SELECT member, unit, branch, status, opening, positive, reverse, outside, score, earned, tier, zeroed "
        "FROM outcome"
    ):
        found[number] = {
            "unit": unit, "branch": branch, "status": status, "points": tuple(points), "tiers": (earned, tier),
            "zeroed": bool(zeroed), "aspects": {}, "alarms": [], "streaks": [],
        }  # fmt: skip
    for number, aspect, raw, counted in slate.rows("SELECT member, aspect, raw, counted FROM outcome_aspects"):
        found[number]["aspects"][aspect] = (raw, counted)
    for number, kind, code in sorted(slate.rows("SELECT member, kind, code FROM outcome_reached")):
        found[number]["alarms" if kind == "alarm" else "streaks"].append(code)
    return found


class Generated:
    """Members in all branches, with entries of the rulebook's indicators at random: few days and few indicators each,
    so that caps are met; some with several entries of an event, some with what sends a member the long way; and some
    of the year before."""

    def __init__(self, world: World, book: Rulebook, rules: Ruled, chance: random.Random) -> None:
        self.world, self.book, self.cycle, self.chance = world, book, rules.cycle, chance
        self.version = RulebookVersion.objects.get()
        self.rows = [one for one in book.indicators.values() if one.index != "zeroing"]
        self.entries: list[Entry] = []

    def fill(self, members: int) -> None:
        branches = [self.world.branch, self.world.second_branch, self.world.village]
        postings = [self._posting(branch, number) for branch in branches for number in (1, 2)]
        for number in range(members):
            member = self._member(number, self.chance.choice(branches))
            for _ in range(self.chance.choice((0, 3, ENTRIES, ENTRIES))):
                self._entry(member, self.chance.choice(postings))
            self.days = [day - timedelta(366) for day in self.days]
            self.own = self.chance.sample(self.rows, min(len(self.rows), 3))
            for _ in range(4):  # of the year before, under indicators that may have nothing in this one
                self._entry(member, self.chance.choice(postings))
        Entry.objects.bulk_create(self.entries)
        wrong = self.chance.sample(self.entries, len(self.entries) // 12)
        Entry.objects.bulk_create([self._taken_back(one, place) for place, one in enumerate(wrong)])

    def _member(self, number: int, branch: Any) -> Member:
        chance, first = self.chance, self.cycle.first_on
        made = Member.objects.create(
            district=self.world.district, number=f"G{number}", name=f"演示{number}", created_at=clock.now(),
            joined_on=first + timedelta(chance.randrange(-900, 360)) if chance.random() < 0.2 else None,
        )  # fmt: skip
        since = date(2020, 1, 1)
        Membership.objects.create(member=made, branch=branch, from_on=since)
        status = chance.choice(("full",) * 6 + ("probationary", "out_of_contact"))
        StatusSpell.objects.create(member=made, status=status, from_on=since)
        tracks = [track.code for track in self.book.tracks]
        changes = first + timedelta(chance.randrange(300)) if chance.random() < 0.15 and len(tracks) > 1 else None
        until = changes - timedelta(1) if changes else None
        TrackSpell.objects.create(member=made, track=chance.choice(tracks), from_on=since, until_on=until)
        if changes:
            TrackSpell.objects.create(member=made, track=chance.choice(tracks), from_on=changes)
        if chance.random() < 0.05:
            self._zeroed(made, branch)
        self.own = chance.sample(self.rows, min(len(self.rows), 6))
        self.days = [first + timedelta(chance.randrange(360)) for _ in range(9)]
        self.apart, self.shares = chance.random() < 0.2, chance.random() < 0.4
        return made

    def _zeroed(self, member: Member, branch: Any) -> None:
        code = next(one.code for one in self.book.indicators.values() if one.index == "zeroing")
        ZeroingCase.objects.create(
            member=member, branch=branch, indicator=code, issuer="区法院", document_number="1",
            document_on=self.cycle.first_on + timedelta(200), document_kind="判决书", state="approved",
            answer_until=clock.now(), proposed_at=clock.now(), facts="",
            decided_at=clock.now(),
        )  # fmt: skip

    def _entry(self, member: Member, posting: Posting) -> None:
        chance, row = self.chance, self.chance.choice(self.own)
        worth = 0 if row.value is None else chance.choice((50, 50, 100, 150, 200, 333))
        if self.apart and chance.random() < 0.05:
            worth = 0
        number, day = len(self.entries) + 1, chance.choice(self.days)
        day = min(day, self.cycle.last_on)
        event = (
            chance.choice(("甲", "乙"))
            if self.shares and chance.random() < 0.3
            else f"line:{number}" * (number % 9 == 0)
        )
        self.entries.append(
            Entry(
                posting=posting, order=number, member_key=member.key, rulebook_version=self.version,
                indicator=row.code, event=event, value=-worth if row.index == "reverse" else worth, quantity=100,
                carried=self.apart and not event and chance.random() < 0.05, event_on=day,
                event_month=day.year * 12 + day.month, created_at=clock.now(), reference=f"line:{number}",
                commitment="", digest="",
            )
        )  # fmt: skip

    def _taken_back(self, wrong: Entry, place: int) -> Entry:
        number = 1_000_000 + place
        return Entry(
            posting=wrong.posting, order=number, member_key=wrong.member_key, rulebook_version=self.version,
            indicator=wrong.indicator, value=-wrong.value, corrects=wrong, event_on=wrong.event_on,
            event_month=wrong.event_month, created_at=clock.now(), reference=f"line:{number}", commitment="", digest="",
        )  # fmt: skip

    def _posting(self, branch: Any, number: int) -> Posting:
        then = clock.noon(date(2026, number, 2))
        sheet = Sheet.objects.create(branch=branch, year=2026, month=number, opened_at=then)
        shown = Publication.objects.create(
            sheet=sheet, published_at=then, closes_at=then, closed_at=then + timedelta(branch.pk % 3), digest=""
        )
        return Posting.objects.create(
            branch=branch, number=number, publication=shown, posted_at=then, previous_digest="", digest=""
        )
