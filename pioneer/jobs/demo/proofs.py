"""张贴凭证 A photograph of the board beside most notices of the demo; one now and then is still missing."""

from datetime import timedelta

from pioneer.jobs.demo import files
from pioneer.jobs.demo.world import World
from pioneer.kernel.clock import SHANGHAI

BOARDS = 3  # drawn pictures that stand for photographs
SHARE = 0.95


def hang(world: World) -> None:
    """张贴 In the village or community of the branch, within the hour."""
    boards = [files.keep(world, files.picture(n + 11), f"公示栏{n + 1}.png", world.start) for n in range(BOARDS)]
    for publication in world.of("publication"):
        if publication.get("superseded_at") is None and world.chance(SHARE):
            at = publication["published_at"] + timedelta(minutes=world.rng.randrange(5, 50))
            heading = publication["heading"]
            world.add(
                "proof",
                publication_id=publication["id"],
                channel="board",
                done_on=at.astimezone(SHANGHAI).date(),
                place=f"{heading['above'] or heading['branch']}公示栏",
                file_id=world.rng.choice(boards),
                entered_by_number=publication["published_by_number"],
                created_at=at,
                request_key=world.uuid(),
            )
