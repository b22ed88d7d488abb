"""人 The members with their spells, accounts and roles. All invented; identity numbers have the serial 000."""

from datetime import date, timedelta
from typing import Any

from pioneer.jobs.demo import words
from pioneer.jobs.demo.extent import moment
from pioneer.jobs.demo.world import Branch, Person, World
from pioneer.kernel import identity
from pioneer.kernel.encryption import encrypt, lookup

UNUSABLE = "!"  # how Django marks a password nobody can give
AREA = 149900  # a province that exists, a county that does not


def settle(world: World) -> None:
    """安家 Officers, then the members branch by branch, then who serves in the branch."""
    people = _Register(world)
    people.officers()
    for branch in world.branches:
        people.branch(branch)
    people.supplements()


class _Register:
    """登记 Writes people as rows; keeps what must be unique."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.phones = 0
        self.identities: set[str] = set()

    def user(self, name: str, login: str, phone: str, organisation: int) -> int:
        row = self.world.add(
            "user",
            login=login,
            phone=phone,
            name=name,
            organisation_id=organisation,
            password=UNUSABLE + self.world.hex(40),
            created_at=moment(self.world.since(organisation), 9),
        )
        return int(row["id"])

    def grant(self, user: int, role: str, organisation: int) -> int:
        from_on = self.world.since(organisation)
        self.world.add("grant", user_id=user, role=role, organisation_id=organisation, from_on=from_on)
        return user

    def phone(self) -> str:
        self.phones += 1
        block, number = divmod(self.phones, 10_000)
        return f"19{block}0000{number:04d}"

    def name(self, is_male: bool) -> str:
        rng = self.world.rng
        given = rng.choice(words.GIVEN_MALE if is_male else words.GIVEN_FEMALE)
        return rng.choice(words.SURNAMES) + given

    def officer(self, role: str, organisation: int) -> int:
        number = len(self.world.of("user")) + 1
        user = self.user(self.name(self.world.chance(0.5)), f"G{number:05d}", self.phone(), organisation)
        return self.grant(user, role, organisation)

    def officers(self) -> None:
        """各级党务工作者 Two per township, one per community, two of the district, auditor, administrators."""
        signs = self.world.sign_ins
        signs["district_officer"] = self.officer("district_officer", 1)
        signs["second_district_officer"] = self.officer("district_officer", 1)
        signs["auditor"] = self.officer("auditor", 1)
        signs["system_admin"] = self.officer("system_admin", 1)
        signs["security_admin"] = self.officer("security_admin", 1)
        for township in self.world.townships:
            township.officers = [self.officer("township_officer", township.number) for _ in range(2)]
        for community in self.world.communities:
            community.officer = self.officer("community_officer", community.number)
        signs["township_officer"] = self.world.townships[0].officers[0]
        signs["community_officer"] = self.world.communities[0].officer

    def branch(self, branch: Branch) -> None:
        """一个支部 Its members, and who serves in it. Where the secretary is sent from above, it is no member of it."""
        rng = self.world.rng
        is_first = branch is self.world.branches[0]
        for _ in range(branch.size):
            self.member(branch)
        able = [p for p in branch.roster if p.status == "full" and p.gone_on is None and self.age(p) < 75]
        able = able or branch.roster
        serving = iter(able)
        if branch.size > 5:
            roles = ["recorder", "committee_member"] + (["deputy_secretary"] if branch.size > 30 else [])
            for role in roles:
                if (person := next(serving, None)) is not None:
                    branch.officers[role] = self.grant(self.account(person), role, branch.number)
        if is_first or rng.random() < 0.5 or (person := next(serving, None)) is None:
            branch.officers["secretary"] = self.officer("secretary", branch.number)
        else:
            branch.officers["secretary"] = self.grant(self.account(person), "secretary", branch.number)
        if is_first:
            signs = self.world.sign_ins
            signs.update(secretary=branch.officers["secretary"], recorder=branch.recorder)
            if "committee_member" in branch.officers:
                signs["committee_member"] = branch.officers["committee_member"]
            signs["member"] = self.show_case(branch, list(serving))

    def show_case(self, branch: Branch, rest: list[Person]) -> int:
        """示范党员 The member whose page is shown: takes part, and is there all year."""
        person = next((p for p in rest if p.user is None or p.user not in branch.officers.values()), branch.roster[-1])
        person.zeal = 0.95
        return self.account(person)

    def account(self, person: Person) -> int:
        if person.user is None:
            row = self.world.of("member")[person.number - 1]
            person.user = self.user(person.name, row["number"], row["phone"], person.homes[0][1].number)
            row["user_id"] = person.user
        return person.user

    def age(self, person: Person) -> int:
        today = self.world.today
        return (
            today.year
            - person.birth_on.year
            - ((today.month, today.day) < (person.birth_on.month, person.birth_on.day))
        )

    def member(self, branch: Branch) -> None:
        world, rng = self.world, self.world.rng
        is_male = world.chance(0.62)
        birth_on = date(world.today.year - self._age(), rng.randint(1, 12), rng.randint(1, 28))
        status, joined_on = self._standing(birth_on)
        name = rng.choice(words.RARE) if world.chance(0.002) else self.name(is_male)
        number = self._identity(birth_on)
        row = world.add(
            "member",
            key=world.uuid(),
            district_id=1,
            number=f"01{len(world.people) + 1:06d}",
            name=name,
            sex="male" if is_male else "female",
            birth_on=birth_on,
            joined_on=joined_on,
            full_on=joined_on.replace(year=joined_on.year + 1) if status == "full" else None,
            phone=self.phone(),
            nation="汉族" if world.chance(0.97) else "回族",
            education=rng.choice(words.EDUCATION),
            note="演示数据",
            identity_sealed=encrypt(number),
            identity_lookup=lookup(number),
            identity_shown=identity.mask(number),
            position=len(world.people) + 1,
            created_at=moment(world.since(branch.number), 9),
        )
        begins = max(world.since(branch.number), joined_on)
        person = Person(row["id"], row["key"], name, [(begins, branch)], self._zeal(), birth_on, status)
        person.joined_on = joined_on if joined_on > world.start else None
        if world.chance(0.04) and status == "full":
            person.is_floating = row["is_floating"] = True
            row["floating_to"] = rng.choice(["省城务工", "外省务工", "随子女居住在外地"])
            person.zeal *= 0.4
        world.people.append(person)
        branch.roster.append(person)
        if world.chance(0.6):
            self.account(person)

    def _age(self) -> int:
        rng = self.world.rng
        return min(90, max(22, round(rng.gauss(52, 16))))

    def _zeal(self) -> float:
        rng = self.world.rng
        kind = rng.random()
        return rng.uniform(0, 0.15) if kind < 0.25 else rng.uniform(0.25, 0.6) if kind < 0.7 else rng.uniform(0.65, 1)

    def _standing(self, birth_on: date) -> tuple[str, date]:
        """Status and the day of joining: a few joined within the last year and are probationary."""
        world, rng = self.world, self.world.rng
        if world.chance(0.025) and world.today.year - birth_on.year < 60:
            return "probationary", world.today - timedelta(days=rng.randint(40, 330))
        age = rng.randint(19, 34)
        year = min(birth_on.year + age, world.start.year - 2)
        return "full", date(year, rng.choice([6, 7, 9, 11, 12]), rng.randint(1, 28))

    def _identity(self, birth_on: date) -> str:
        for area in range(AREA, AREA + 100):
            front = f"{area}{birth_on:%Y%m%d}000"
            if front not in self.identities:
                self.identities.add(front)
                return front + identity.check_digit(front)
        raise ValueError("too many invented people were born on one day")

    def supplements(self) -> None:
        """变动 Deaths, departures, lost contact, transfers, exemptions; then the spells that say all this by date."""
        self._changes()
        self._exemptions()
        for person in self.world.people:
            self._spells(person)

    def _plain(self) -> list[Person]:
        """People to whom something may happen: in no office, full, not on the first branch's show."""
        serving = {user for branch in self.world.branches for user in branch.officers.values()}
        serving |= set(self.world.sign_ins.values())
        return [p for p in self.world.people if p.status == "full" and p.user not in serving and p.gone_on is None]

    def _changes(self) -> None:
        world, rng = self.world, self.world.rng
        people = self._plain()
        rng.shuffle(people)
        scale = max(1, round(world.extent.members / 375))
        first, last = world.months[0].first, world.today - timedelta(days=12)
        span = max(1, (last - first).days)

        def day() -> date:
            return first + timedelta(days=rng.randint(0, span))

        for status, count in (("deceased", scale), ("transferred_out", max(1, scale // 2)), ("left", scale // 6)):
            for _ in range(count):
                person = people.pop()
                person.gone_on, person.status = day(), status
        for _ in range(scale // 3):
            people.pop().status = "out_of_contact"
        if len(world.branches) < 2:
            return
        for turn in range(scale * 3 // 2 + 1):
            person = people.pop()
            others = [b for b in world.branches if b is not person.homes[0][1] and b.track == person.homes[0][1].track]
            if others:
                is_open = turn % 6 == 5
                self._transfer(person, others[0] if is_open else rng.choice(others), day(), is_open=is_open)

    def _transfer(self, person: Person, target: Branch, on: date, *, is_open: bool) -> None:
        world, home = self.world, person.homes[0][1]
        on = world.today - timedelta(days=2) if is_open else on
        row: dict[str, Any] = {
            "member_id": person.number,
            "from_branch_id": home.number,
            "to_branch_id": target.number,
            "on": on,
            "document": "党员组织关系介绍信（演示）",
            "proposed_by_number": home.officers["secretary"],
            "created_at": world.at(on - timedelta(days=4)),
            "state": "proposed",
        }
        if not is_open:
            row.update(state="accepted", decided_by_number=target.officers["secretary"], decided_at=world.at(on))
            person.homes.append((on, target))
            target.roster.append(person)
        world.add("transfer", **row)

    def _exemptions(self) -> None:
        world, rng = self.world, self.world.rng
        old = [p for p in self._plain() if self.age(p) >= 70]
        rng.shuffle(old)
        old.sort(key=lambda person: person.homes[-1][1] is not world.branches[0])  # one waits for the secretary shown
        for turn, person in enumerate(old[: max(3, len(old) // 3)]):
            state = ("applied", "branch_agreed", "refused")[turn] if turn < 3 else "approved"
            self._exemption(person, "age", state)
        scale = max(1, world.extent.members // 700)
        others = [p for p in self._plain() if self.age(p) < 70 and p.exempt_from is None]
        for turn in range(min(scale, len(others) // 8)):
            self._exemption(others[turn * 5], "ill" if turn % 2 else "abroad", "approved")

    def _exemption(self, person: Person, ground: str, state: str) -> None:
        world, rng = self.world, self.world.rng
        home = person.homes[-1][1]
        decided = state in ("approved", "refused")
        applied = (
            world.months[0].first + timedelta(days=rng.randint(0, 20)) if decided else world.today - timedelta(days=6)
        )
        agreed_by = home.officers.get("committee_member") or home.officers["secretary"]
        row: dict[str, Any] = {
            "member_id": person.number,
            "ground": ground,
            "explanation": {
                "age": "年满70周岁，本人申请",
                "ill": "长期卧病在床，家属代为申请",
                "abroad": "随子女出境居住",
            }[ground],
            "from_on": applied if decided else world.current.first,
            "state": state,
            "applied_by_number": person.user or home.recorder,
            "applied_at": world.at(applied),
        }
        if state != "applied":
            row.update(branch_by_number=agreed_by, branch_at=world.at(applied + timedelta(days=3)))
        if decided:
            officer = home.community.township.officers[0]
            row.update(township_by_number=officer, township_at=world.at(applied + timedelta(days=8)))
        if state == "refused":
            row["reason"] = "本人表示仍愿参加组织生活，暂不免评"
        if state == "approved":
            person.exempt_from = applied
            person.zeal *= 0.1
        world.add("exemption", **row)

    def _spells(self, person: Person) -> None:
        world = self.world
        until = person.gone_on - timedelta(days=1) if person.gone_on else None
        for place, (from_on, branch) in enumerate(person.homes):
            following = person.homes[place + 1][0] - timedelta(days=1) if place + 1 < len(person.homes) else None
            world.add(
                "membership",
                member_id=person.number,
                branch_id=branch.number,
                from_on=from_on,
                until_on=following or until,
            )
        begins = person.homes[0][0]
        world.add("track", member_id=person.number, track=person.homes[0][1].track, from_on=begins)
        if person.gone_on is not None:
            world.add("status", member_id=person.number, status="full", from_on=begins, until_on=until)
            world.add("status", member_id=person.number, status=person.status, from_on=person.gone_on, document="演示")
        else:
            world.add("status", member_id=person.number, status=person.status, from_on=begins)
