"""组织 The district, its townships and streets, communities of both settings, and their branches."""

from itertools import cycle, product

from pioneer.jobs.demo import words
from pioneer.jobs.demo.extent import moment
from pioneer.jobs.demo.world import Branch, Community, Row, Township, World

SMALL = (3, 4, 5)  # members of the smallest branches: too few for two people of their own


def plant(world: World) -> None:
    """建组织 The whole tree, its history, the holiday tables, and how many members each branch is given."""
    _holidays(world)
    district = _organisation(world, words.DISTRICT, "district")
    townships = words.TOWNSHIPS[: world.extent.townships]
    quota, rest = divmod(world.extent.branches, len(townships))
    names = {
        False: _names(words.URBAN_FRONT, words.URBAN_BACK, "社区"),
        True: _names(words.RURAL_FRONT, words.RURAL_BACK, "村"),
    }
    for place, (name, is_rural) in enumerate(townships):
        row = _organisation(world, name, "township", district)
        township = Township(row["id"], name)
        world.townships.append(township)
        _communities(world, township, row, is_rural, quota + (place < rest), names[is_rural])
    _sizes(world)


def _holidays(world: World) -> None:
    for table in world.tables:
        year = world.add("year", year=table.year, source=table.source)
        for on, is_working, name in table.days:
            world.add("holiday", year_id=year["id"], on=on, is_working=is_working, name=name)


def _names(front: list[str], back: list[str], kind: str) -> "cycle[str]":
    return cycle([f"{first}{last}{kind}" for last, first in product(back, front)])


def _communities(world: World, township: Township, above: Row, is_rural: bool, quota: int, names: "cycle[str]") -> None:
    while quota > 0:
        several = world.chance(0.25) if is_rural else True
        count = min(quota, world.rng.choice([2, 2, 3]) if several else 1)
        quota -= count
        is_first = not world.communities
        name = f"{words.FIRST_COMMUNITY}社区" if is_first else next(names)
        is_both = is_rural and count == 1
        row = _organisation(
            world, name, "community", above, is_branch=is_both, setting="rural" if is_rural else "urban"
        )
        community = Community(row["id"], name, township, is_rural)
        world.communities.append(community)
        if is_both:
            world.branches.append(Branch(row["id"], f"{name}党支部", row["path"], community))
            continue
        for number in range(count):
            title = f"{name}第{words.NUMERALS[number]}党支部" if count > 1 else f"{name}党支部"
            made = _organisation(world, title, "branch", row, is_branch=True, setting=row["setting"])
            world.branches.append(Branch(made["id"], title, made["path"], community))


def _organisation(world: World, name: str, level: str, above: Row | None = None, **more: object) -> Row:
    on = above["opened_on"] if above else world.founded
    if level == "township" and world.townships:
        on = world.start
    row = world.add("organisation", name=name, level=level, opened_on=on, **{"setting": "", **more})
    row["parent_id"] = above["id"] if above else None
    row["path"] = f"{above['path'] if above else '/'}{row['id']}/"
    row["position"] = row["id"]
    world.add(
        "change",
        organisation_id=row["id"],
        kind="created",
        on=on,
        document="演示数据",
        created_at=moment(on, 9),
    )
    return row


def _sizes(world: World) -> None:
    """Members per branch: the first is a good size to show, a few are too small for two people of their own."""
    count, total = len(world.branches), world.extent.members
    weights = [world.rng.uniform(0.4, 1.7) for _ in world.branches]
    share = total / sum(weights)
    for place, (branch, weight) in enumerate(zip(world.branches, weights, strict=True)):
        branch.size = max(6, round(weight * share))
        if place and count > 10 and place % 17 == 0:
            branch.size = SMALL[place % 3]
    world.branches[0].size = min(40, max(8, total // 2))
    spare = total - sum(branch.size for branch in world.branches)
    for branch in cycle(world.branches[1:]) if count > 1 else []:
        if spare == 0:
            break
        if branch.size > 8 or (spare > 0 and branch.size > 5):
            step = 1 if spare > 0 else -1
            branch.size += step
            spare -= step
        elif all(other.size <= 8 for other in world.branches[1:]):
            break
