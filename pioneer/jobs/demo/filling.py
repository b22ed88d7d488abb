"""填充 The stages of the demo, in station order, each timed. All of it is committed together, or nothing is."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction

from pioneer.accounts.loading import load_users
from pioneer.accounts.policies import CLOCK
from pioneer.assessments.loading import load_sheets
from pioneer.conduct.loading import load_attendance, load_conduct
from pioneer.declarations.loading import load_declarations
from pioneer.files.loading import load_files
from pioneer.jobs.demo import (
    attendance,
    cases,
    evidence,
    months,
    notices,
    passbook,
    people,
    proofs,
    sign_ins,
    taken_over,
    together,
    told,
    tree,
    year,
)
from pioneer.jobs.demo.extent import Extent, moment
from pioneer.jobs.demo.world import World
from pioneer.ledger.loading import load_postings
from pioneer.members.loading import load_roster
from pioneer.messages.loading import load_messages
from pioneer.organisations.loading import load_tree, mark_demo
from pioneer.publicity.loading import load_publications
from pioneer.rulebook.loading import load_versions
from pioneer.scoring import Engine, Rulebook, load_path

Result = TypeVar("Result")
RULEBOOK = Path("rulebooks") / "jiancaoping"


@dataclass(slots=True)
class Filled:
    """填好的演示 What is printed at the end."""

    sign_ins: list[sign_ins.SignIn]
    token: str
    counts: dict[str, int]
    card: str = ""
    seconds: dict[str, float] = field(default_factory=dict)


def fill(extent: Extent, say: Callable[[str, float], None] = lambda stage, seconds: None) -> Filled:
    """填充演示 Refused by `mark_demo` where there are organisations. `say` hears each stage and its seconds."""
    stages = _Stages(say)
    with transaction.atomic():
        mark_demo(actor=CLOCK)
        world = World(extent)
        filled = stages.run(world)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return filled


class _Stages:
    """各步 What is made at each step and where it is written."""

    def __init__(self, say: Callable[[str, float], None]) -> None:
        self.say = say
        self.seconds: dict[str, float] = {}

    def run(self, world: World) -> Filled:
        text, rulebook = _rulebook()
        engine = Engine([rulebook])
        self.time("组织和节假日", lambda: tree.plant(world))
        self.time("党员和账号", lambda: people.settle(world))
        passbook.staff(world)
        self.time("登录密码", lambda: sign_ins.give(world))
        self.time("清零案件", lambda: cases.judge(world))
        sheets = self.time("申报和考评", lambda: months.live(world, engine))
        taken = self.time("上一年度的结转", lambda: taken_over.carry(world, engine))
        self.time("考勤和党费", lambda: attendance.keep(world, sheets))
        self.time("公示和台账", lambda: notices.publish(world, engine, rulebook, taken, sheets))
        self.time("佐证和消息", lambda: _last_touches(world))
        self.time("写入组织、账号、办法", lambda: self.first(world, text, rulebook))
        self.time("写入花名册、日常纪实", lambda: self.second(world))
        self.time("写入申报、考评表", lambda: self.third(world))
        self.time("写入公示、台账", lambda: self.fourth(world))
        self.time("上一年度", lambda: year.pass_year(world))
        card = self.time("积分存折", lambda: passbook.keep(world))
        counts = {table: len(rows) for table, rows in world.rows.items()}
        return Filled(sign_ins.table(world), notices.token_to_show(world), counts, card, self.seconds)

    def time(self, stage: str, work: Callable[[], Result]) -> Result:
        """计时 One stage; each may be slow only once."""
        begun = time.perf_counter()
        result = work()
        self.seconds[stage] = time.perf_counter() - begun
        self.say(stage, self.seconds[stage])
        return result

    def first(self, world: World, text: str, rulebook: Rulebook) -> None:
        of = world.of
        load_tree(
            actor=CLOCK,
            organisations=of("organisation"),
            changes=of("change"),
            years=of("year"),
            holidays=of("holiday"),
        )
        load_files(actor=CLOCK, files=of("file"))
        load_users(actor=CLOCK, users=of("user"), grants=of("grant"))
        load_messages(actor=CLOCK, messages=of("message"))
        signs = world.sign_ins
        load_versions(
            actor=CLOCK,
            versions=[
                {
                    "id": 1,
                    "district_id": 1,
                    "number": 1,
                    "name": rulebook.meta.name,
                    "text": text,
                    "digest": rulebook.digest,
                    "valid_from": rulebook.meta.valid_from,
                    "state": "adopted",
                    "drafted_by_number": signs["district_officer"],
                    "drafted_at": moment(world.founded, 9),
                    "adopted_by_number": signs["second_district_officer"],
                    "adopted_at": moment(world.founded, 15),
                }
            ],
        )

    def second(self, world: World) -> None:
        of = world.of
        load_roster(
            actor=CLOCK,
            members=of("member"),
            memberships=of("membership"),
            statuses=of("status"),
            tracks=of("track"),
            transfers=of("transfer"),
            exemptions=of("exemption"),
        )
        load_conduct(actor=CLOCK, records=of("record"), relations=of("relation"), zeroings=of("zeroing"))
        load_attendance(
            actor=CLOCK,
            meetings=of("meeting"),
            leaves=of("leave"),
            attendance=of("attendance"),
            dues=of("dues"),
        )

    def third(self, world: World) -> None:
        of = world.of
        load_declarations(
            actor=CLOCK,
            declarations=of("declaration"),
            files=of("declaration_file"),
            forms=of("weekly_form"),
            batches=of("batch"),
        )
        load_sheets(actor=CLOCK, sheets=of("sheet"), lines=of("line"), reviews=of("review"))

    def fourth(self, world: World) -> None:
        of = world.of
        load_publications(
            actor=CLOCK,
            publications=of("publication"),
            members=of("published_member"),
            lines=of("published_line"),
            objections=of("objection"),
            proofs=of("proof"),
        )
        load_postings(actor=CLOCK, postings=of("posting"), entries=of("entry"), texts=of("text"))


def _last_touches(world: World) -> None:
    evidence.attach(world)
    together.gather(world)
    proofs.hang(world)
    told.tell(world)


def _rulebook() -> tuple[str, Rulebook]:
    file = settings.ROOT / RULEBOOK / "rulebook.toml"
    outcome = load_path(file)
    if outcome.rulebook is None:
        raise ValueError("\n".join(str(mistake) for mistake in outcome.mistakes))
    return file.read_text(encoding="utf-8"), outcome.rulebook
