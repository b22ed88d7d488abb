"""考评的权限 Who may evaluate, who must step aside, and who is the second person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pioneer.accounts.models import Role
from pioneer.accounts.policies import Act, AnyActor, Clock, may, require
from pioneer.assessments.models import Line
from pioneer.kernel.errors import NotAllowed
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation

CLOCK_MAY = frozenset({"assessments.open_sheet"})


def require_open(actor: AnyActor, branch: Organisation) -> None:
    """须可开立 The branch's own people, or the clock."""
    if not isinstance(actor, Clock):
        require(actor, Act.EVALUATE, branch)


def is_own(actor: AnyActor, line: Line) -> bool:
    """是否本人的条目"""
    return actor.number is not None and line.member.user_id == actor.number


def require_evaluate(
    actor: AnyActor, branch: Organisation, member: Member, kin: Mapping[int, str], *, nobody_else: bool
) -> None:
    """须可考评 Someone of the branch who is neither the member nor a declared relative.

    `nobody_else`: everyone of the branch would have to step aside; then the officer of the level above does it.
    """
    from_above = nobody_else and may(actor, Act.CONFIRM_ABOVE, branch)
    if not from_above:
        require(actor, Act.EVALUATE, branch)
    if member.pk in kin:
        raise NotAllowed(
            f"应回避：{member.name}是您{_of(kin[member.pk])}。请由{branch.name}的其他人办理；"
            "支部里都须回避的，由村（社区）或乡镇（街道）党务工作者办理。",
            code="recusal",
        )


def _of(relation: str) -> str:
    return "本人" if relation == "本人" else f"申明的亲属（{relation}）"


# ------------------------------------------------------------------ the second person, part by part


@dataclass(frozen=True, slots=True)
class Part:
    """待复核的一处 A standing line, or a rejected claim: whose it is, who dealt with it, and who has confirmed it."""

    member: int = 0
    name: str = ""
    handlers: frozenset[int] = frozenset()
    line: int | None = None
    review: int | None = None
    confirmed_by: int | None = None


WHOLE = Part()  # where no line is left to confirm, the sheet itself still takes a second person


@dataclass(frozen=True, slots=True)
class Candidate:
    """可能的复核人 A person with a role that may confirm here; `recused_from` are itself and its declared relatives."""

    number: int
    name: str
    role: Role
    organisation: str
    is_submitter: bool = False
    recused_from: frozenset[int] = frozenset()

    def may(self, part: Part) -> bool:
        """可否复核这一处"""
        return not (self.is_submitter or self.number in part.handlers or part.member in self.recused_from)

    @property
    def shown(self) -> str:
        from_above = self.role in (Role.COMMUNITY_OFFICER, Role.TOWNSHIP_OFFICER)
        return f"{self.organisation}的{self.name}" if from_above else f"{self.name}（{self.role.label}）"


@dataclass(frozen=True, slots=True)
class SecondPerson:
    """第二人 Who may confirm which part of a sheet: of the branch, else of the community, else of the township."""

    branch: tuple[Candidate, ...]
    community: tuple[Candidate, ...]
    township: tuple[Candidate, ...]
    parts: tuple[Part, ...] = ()

    @property
    def left(self) -> tuple[Part, ...]:
        """还没有复核的"""
        return tuple(part for part in self.parts if part.confirmed_by is None)

    @property
    def is_begun(self) -> bool:
        """是否已复核一部分"""
        return any(part.confirmed_by is not None for part in self.parts)

    def free_for(self, part: Part) -> tuple[Candidate, ...]:
        """可以复核这一处的人 Of the lowest level where somebody may."""
        for level in (self.branch, self.community, self.township):
            if free := tuple(person for person in level if person.may(part)):
                return free
        return ()

    def share_of(self, actor: AnyActor) -> tuple[Part, ...]:
        """归此人复核的 What is left that the actor may confirm; where no line is left, WHOLE for a second person."""
        waiting = self.left or (WHOLE,)
        return tuple(part for part in waiting if any(one.number == actor.number for one in self.free_for(part)))

    def candidate(self, actor: AnyActor, part: Part) -> Candidate:
        """以何身份 As whom the actor confirms this part of its share."""
        return next(one for one in self.free_for(part) if one.number == actor.number)

    def is_from_above(self, actor: AnyActor) -> bool:
        """是否由上级复核 Whether the actor's share is one that nobody of the branch may confirm."""
        share = self.share_of(actor)
        return bool(share) and not any(person.may(part) for part in share for person in self.branch)

    def why_above(self, branch: str, parts: Sequence[Part]) -> str:
        """由上级复核的原因 As named on the sheet: whose lines, unless it is all of them, and why."""
        recused = any(
            not person.is_submitter and person.number not in part.handlers and part.member in person.recused_from
            for part in parts
            for person in self.branch
        )
        why = f"{branch}{'能复核的人均须回避' if recused else '能复核的人不足两人'}"
        if len(parts) == max(len(self.parts), 1):
            return why
        return f"{whose(parts)}的{len(parts)}条，{why}"

    def outstanding(self, parts: Sequence[Part]) -> str:
        """还剩什么 How many of these wait for somebody else, whose they are, and who could confirm them."""
        groups: dict[tuple[int, ...], list[Part]] = {}
        for part in parts:
            groups.setdefault(tuple(one.number for one in self.free_for(part)), []).append(part)
        if not groups:
            return ""
        if len(groups) == 1:
            return f"还有{len(parts)}条（{whose(parts)}的）待另一位同志复核：{self._could(parts[0])}。"
        each = "；".join(f"{whose(some)}的{len(some)}条{self._could(some[0])}" for some in groups.values())
        return f"还有{len(parts)}条待另一位同志复核：{each}。"

    def refusal(self, actor: AnyActor) -> str:
        """为何不能 Why the actor may confirm nothing of what is left, and who could; empty where it may."""
        if self.share_of(actor):
            return ""
        return f"{self._why_not(actor)}{self._who_could()}"

    def _who_could(self) -> str:
        free = [self.free_for(part) for part in self.left or (WHOLE,)]
        if self.left and (self.is_begun or not all(free)):
            return self.outstanding(self.left)
        who = "、".join(dict.fromkeys(one.shown for some in free for one in some))
        if not who:
            return f"{self._could(WHOLE)}。"
        apart = "，各人须回避的由其他人办理" if len(set(free)) > 1 else ""
        return f"可由{who}办理{apart}。"

    def _why_not(self, actor: AnyActor) -> str:
        found = (one for one in (*self.branch, *self.community, *self.township) if one.number == actor.number)
        own = next(found, None)
        if own is None:
            return "这张考评表不由您复核。"
        if own.is_submitter:
            return "这张考评表由您送复核，复核须由另一个人办理。"
        if any(own.may(part) for part in self.left or (WHOLE,)):
            return "还有能复核的人，不需要上级代为复核。"
        mine = sum(1 for part in self.left if part.member in own.recused_from)
        done = "您能复核的都已复核。" if any(part.confirmed_by == own.number for part in self.parts) else ""
        if mine == len(self.left):
            return f"{done}应回避：这{mine}条是您本人或您申明的亲属的。"
        if not mine:
            return f"{done}这{len(self.left)}条由您经手考评，复核须由另一个人办理。"
        return f"{done}应回避：{mine}条是您本人或您申明的亲属的，其余由您经手考评，复核须由另一个人办理。"

    def _could(self, part: Part) -> str:
        who = "、".join(dict.fromkeys(one.shown for one in self.free_for(part)))
        return f"可由{who}办理" if who else "目前没有可以复核的人，请上级党组织任命"


def whose(parts: Iterable[Part]) -> str:
    """谁的 The names of the members concerned; of many, the first three."""
    names = list(dict.fromkeys(part.name for part in parts))
    return "、".join(names) if len(names) <= 4 else f"{'、'.join(names[:3])}等{len(names)}人"
