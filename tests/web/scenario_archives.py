"""有档案的支部 The village's received year has one whole edition and one for the time being; another is being made."""

from datetime import date
from typing import Any

from pioneer.archives.services import ask_archive
from pioneer.files.queries import open_file
from pioneer.kernel import clock
from tests.archives.bundles import kept
from tests.world import TODAY, World

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


def prepare(world: World, things: dict[str, Any]) -> None:
    """备好"""
    people = [world.member(name) for name in ("柳满仓", "柳大妮")]
    with clock.at(TODAY):
        more = {"is_provisional": True, "unfinished": 2}
        things["archive_before"] = kept(world.village, FIRST, LAST, people[:1], **more)
        things["archive"] = kept(world.village, FIRST, LAST, people, edition=2, changes=["备案：新增1次。"])
        things["archive_run"] = ask_archive(
            actor=world.actor("secretary"), branch_id=world.branch.pk, first_on=date(2026, 1, 1), is_provisional=True
        )
    with open_file(things["archive"].package) as file:
        things["archive_package"] = file.read()
