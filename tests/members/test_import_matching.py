"""导入：一行说的是谁、会改什么"""
from tests.members.rosters import *
from tests.world import World

def test_x(world: World) -> None:
    made = checked(world, roster(person("薛明月"), person("李桂兰", None)))
    print(made.counts, [(r.verdict, r.reasons) for r in made.rows.all()])
    made = confirm(world, made)
    made = checked(world, MESSY.read_bytes(), "community_officer", "community")
    print(made.counts)
    confirm(world, made, "community_officer")
    made = checked(world, MESSY.read_bytes(), "community_officer", "community")
    print(made.counts)
    assert 0
