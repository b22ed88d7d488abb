"""佐证 A few drawn pictures beside the claims of the branch that is shown."""

from datetime import timedelta

from pioneer.jobs.demo import files
from pioneer.jobs.demo.world import World

PICTURES = 5
SHARE = 0.5
BRANCHES = 3  # how many branches have pictures: enough to show, and no megabytes for nothing


def attach(world: World) -> None:
    """附佐证"""
    kept = [files.keep(world, files.picture(n), f"现场照片{n + 1}.png", world.start) for n in range(PICTURES)]
    shown = {branch.number for branch in world.branches[:BRANCHES]}
    recent = world.months[-1].first - timedelta(days=1)
    for claim in world.of("declaration"):
        if claim["branch_id"] in shown and claim["event_on"] > recent and world.chance(SHARE):
            for file in world.rng.sample(kept, world.rng.choice([1, 1, 2])):
                world.add("declaration_file", declaration_id=claim["id"], file_id=file)
