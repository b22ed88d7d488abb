"""大会表决 How a branch meeting's vote is counted: who has one comes from the roster of that day, nobody enters it."""

from dataclasses import asdict, dataclass
from datetime import date

from pioneer.disposals import queries
from pioneer.kernel.errors import BadInput, DomainError, Fault
from pioneer.members import spells
from pioneer.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Vote:
    """一次表决"""

    with_vote: int
    present: int
    in_favour: int
    against: int
    abstained: int

    @property
    def is_quorate(self) -> bool:
        """到会是否过半 More than half of those with a vote; exactly half is not."""
        return 2 * self.present > self.with_vote

    @property
    def is_carried(self) -> bool:
        """赞成是否过半 More than half of all with a vote, not of those present."""
        return 2 * self.in_favour > self.with_vote

    def columns(self) -> dict[str, int]:
        """写入的列"""
        return asdict(self)


def count(branch: Organisation, on: date, present: int, in_favour: int, against: int, abstained: int) -> Vote:
    """计票 Refused where the figures can't be true, or where no quorum was present."""
    vote = Vote(queries.with_vote(branch, on), present, in_favour, against, abstained)
    faults = []
    if min(present, in_favour, against, abstained) < 0:
        faults.append(Fault("赞成", "人数不能是负数，请核对。"))
    if present > vote.with_vote:
        said = f"{branch.name}{spells.said(on)}有表决权的党员是{vote.with_vote}人，到会人数不能多于此数，请核对。"
        faults.append(Fault("到会", said))
    if in_favour + against + abstained != present:
        faults.append(Fault("赞成", f"赞成、反对、弃权相加应等于到会的{present}人，请核对。"))
    if faults:
        raise BadInput(faults)
    if not vote.is_quorate:
        raise DomainError(
            "no_quorum",
            f"有表决权的党员{vote.with_vote}人，到会{present}人，没有超过半数，这次表决无效。请另行召开党员大会。",
        )
    return vote
