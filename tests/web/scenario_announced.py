"""通报以后 Two settled cycles long over: one announced in the community, with a dissent; one waits for its meeting."""

from datetime import date
from typing import Any

from pioneer.kernel import clock
from pioneer.results import announcing_queries as queries
from pioneer.results.models import Told
from tests.web.routes_announced import WORDS
from tests.world import TODAY, World
from tests.year import announce_plainly, settle_plainly


def announced(world: World, things: dict[str, Any]) -> None:
    """2018年度已通报，2017年度待通报"""
    community = world.organisations["community"]
    with clock.at(TODAY):
        made = settle_plainly(world, first_on=date(2018, 1, 1), last_on=date(2018, 12, 31))
        held = announce_plainly(made, community)
        rows = Told.objects.filter(announcement=held)
        rows.update(was_present=None, handed_on=None, handed_how="", answer="", answered_on=None)
        rows.filter(result__member=world.member("单雪琴")).update(answer="dissents", words=WORDS, answered_on=TODAY)
        waiting = settle_plainly(world, first_on=date(2017, 1, 1), last_on=date(2017, 12, 31))
    things["told_settlement"], things["announcement"], things["settled_before"] = made, held, waiting
    things["told"] = rows.get(result__member=world.member("李桂兰"))
    things["told_on_paper"] = rows.get(result__member=world.member("张㛃"))
    things["told_result"] = things["told"].result
    things["told_seal"] = queries.seal_of(held, [world.branch.pk])
