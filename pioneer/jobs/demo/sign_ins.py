"""登录方式 One sign-in for each role, printed at the end: the only people of the demo who have a password."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from pioneer.jobs.demo.world import World

PASSWORD = "xianfeng-demo-2026"  # noqa: S105  printed for everybody to read; the people are invented
ROLES = {
    "member": "党员",
    "recorder": "支部记录员",
    "secretary": "支部书记",
    "committee_member": "支部委员",
    "community_officer": "社区党务工作者",
    "shopkeeper": "积分超市管理员",
    "merchant": "商户",
    "township_officer": "街道党务工作者",
    "district_officer": "区委组织部（一）",
    "second_district_officer": "区委组织部（二）",
    "auditor": "审计员",
    "system_admin": "系统管理员",
    "security_admin": "安全管理员",
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """一个登录 `login` is the number to sign in with."""

    role: str
    login: str
    name: str
    place: str


def give(world: World) -> None:
    """发放 Passwords for the named people."""
    users = world.of("user")
    hashed = make_password(PASSWORD)  # once: each takes a tenth of a second, and the password is printed for all
    for number in set(world.sign_ins.values()):
        users[number - 1]["password"] = hashed


def table(world: World) -> list[SignIn]:
    """登录表 In the order of ROLES."""
    users = world.of("user")
    places = {row["user_id"]: world.of("organisation")[row["organisation_id"] - 1]["name"] for row in world.of("grant")}
    home = world.branches[0].name
    found = []
    for role, title in ROLES.items():
        if (number := world.sign_ins.get(role)) is not None:
            row = users[number - 1]
            found.append(SignIn(title, row["login"], row["name"], places.get(number, home)))
    return found
