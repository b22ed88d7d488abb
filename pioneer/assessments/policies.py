"""考评的权限 Who may evaluate, who must step aside, and who is the second person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pioneer.accounts.models import Role
from pioneer.accounts.policies import Act, AnyActor, Clock, may, require
from pioneer.assessments.models import Line, Sheet
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """可能的复核人 A person with a role that may confirm, and why it may not here (empty: it may)."""

    number: int
    name: str
    role: Role
    organisation: str
    aside: str = ""
    recused_lines: int = 0

    @property
    def shown(self) -> str:
        from_above = self.role in (Role.COMMUNITY_OFFICER, Role.TOWNSHIP_OFFICER)
        return f"{self.organisation}的{self.name}" if from_above else f"{self.name}（{self.role.label}）"


@dataclass(frozen=True, slots=True)
class SecondPerson:
    """第二人 Who may confirm a sheet: of the branch, else of the community, else of the township."""

    branch: tuple[Candidate, ...]
    community: tuple[Candidate, ...]
    township: tuple[Candidate, ...]

    @property
    def free(self) -> tuple[Candidate, ...]:
        """可以复核的人 The lowest level where somebody is left."""
        for level in (self.branch, self.community, self.township):
            if left := tuple(person for person in level if not person.aside):
                return left
        return ()

    @property
    def is_from_above(self) -> bool:
        """是否由上级复核"""
        return not any(not person.aside for person in self.branch)

    def why_above(self, branch: Organisation) -> str:
        """由上级复核的原因 As named on the sheet."""
        recused = any(person.recused_lines for person in self.branch)
        why = "能复核的人均须回避" if recused else "能复核的人不足两人"
        return f"{branch.name}{why}"

    def refusal(self, actor: AnyActor) -> str:
        """为何不能 Why the actor may not confirm, and who could; empty where it may."""
        if any(person.number == actor.number for person in self.free):
            return ""
        who = "、".join(dict.fromkeys(person.shown for person in self.free))
        could = f"可由{who}复核。" if who else "目前没有可以复核的人，请上级党组织任命。"
        own = next((p for p in (*self.branch, *self.community, *self.township) if p.number == actor.number), None)
        if own is None:
            return f"这张考评表不由您复核。{could}"
        return f"{own.aside or '支部还有能复核的人，不需要上级代为复核。'}{could}"


def candidate_aside(name: str, is_preparer: bool, lines: int) -> str:
    """须让开的原因 The sentence for one person, empty where there is none."""
    if lines:
        return f"应回避：表中有{lines}条是您本人或您申明的亲属的。"
    if is_preparer:
        return "您经手考评或送复核了这张表，复核须由另一个人办理。"
    return ""


def standing_for(sheet: Sheet, lines: Iterable[Line]) -> set[int]:
    """经手人 Who prepared the sheet: submitted it, or entered one of its lines."""
    people = {line.entered_by_number for line in lines if line.entered_by_number is not None}
    return people | ({sheet.submitted_by_number} if sheet.submitted_by_number is not None else set())
