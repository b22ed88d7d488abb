"""大会表决 How a branch meeting's vote is counted: who has one comes from the roster of that day, nobody enters it.

Who cannot come for one of five grounds may be left out of the number that quorum and majority are counted from, where
the committee above has agreed and the meeting passed it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from pioneer.disposals import queries
from pioneer.disposals.models import Finding, LeftOut, Step
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault
from pioneer.members import spells
from pioneer.members.models import Member
from pioneer.messages.services import tell
from pioneer.organisations.models import Organisation

PLACE = "不计入应到会"
MOST = {"note": 200, "consent": 120}


@dataclass(frozen=True, slots=True)
class Absence:
    """不能到会 By which of the grounds, and what it rests on."""

    ground: str
    note: str


@dataclass(frozen=True, slots=True)
class NotCounted:
    """不计入应到会的 By member, with the document by which the committee above agreed."""

    absences: Mapping[int, Absence]
    consent: str = ""


NOBODY = NotCounted({})


@dataclass(frozen=True, slots=True)
class Vote:
    """一次表决 `with_vote`: who should be there, without the `left_out`."""

    with_vote: int
    present: int
    in_favour: int
    against: int
    abstained: int
    left_out: int = 0

    @property
    def is_quorate(self) -> bool:
        """到会是否过半 More than half of those who should be there; exactly half is not."""
        return 2 * self.present > self.with_vote

    @property
    def is_carried(self) -> bool:
        """赞成是否过半 More than half of all who should be there, not of those present."""
        return 2 * self.in_favour > self.with_vote

    def columns(self) -> dict[str, int]:
        """写入的列"""
        return asdict(self)


def count(
    branch: Organisation,
    on: date,
    present: int,
    in_favour: int,
    against: int,
    abstained: int,
    not_counted: NotCounted = NOBODY,
) -> Vote:
    """计票 Refused where the figures can't be true, who was left out may not be, or no quorum was present."""
    here = {row.id: row.name for row in queries.full_members(branch, on)}
    faults = _not_to_leave_out(here, not_counted)
    left_out = len(not_counted.absences)
    vote = Vote(max(0, len(here) - left_out), present, in_favour, against, abstained, left_out)
    if min(present, in_favour, against, abstained) < 0:
        faults.append(Fault("赞成", "人数不能是负数，请核对。"))
    if present > vote.with_vote:
        faults.append(Fault("到会", f"{_should_come(branch, on, vote)}，到会人数不能多于此数，请核对。"))
    if in_favour + against + abstained != present:
        faults.append(Fault("赞成", f"赞成、反对、弃权相加应等于到会的{present}人，请核对。"))
    if faults:
        raise BadInput(faults)
    if not vote.is_quorate:
        who = "应到会的有表决权的党员" if left_out else "有表决权的党员"
        raise DomainError(
            "no_quorum",
            f"{who}{vote.with_vote}人，到会{present}人，没有超过半数，这次表决无效。请另行召开党员大会。",
        )
    return vote


def _should_come(branch: Organisation, on: date, vote: Vote) -> str:
    all_told = vote.with_vote + vote.left_out
    said = f"{branch.name}{spells.said(on)}有表决权的党员是{all_told}人"
    return f"{said}，不计入应到会{vote.left_out}人，应到会{vote.with_vote}人" if vote.left_out else said


def _not_to_leave_out(here: Mapping[int, str], not_counted: NotCounted) -> list[Fault]:
    """Only who has a vote that day, for one of the grounds, with what it rests on, agreed by the committee above."""
    said = []
    strangers = sum(number not in here for number in not_counted.absences)
    if strangers:
        said.append(f"有{strangers}人大会当天不在本支部，或没有表决权，本来就不计入应到会，请改回“计入”。")
    for number, one in not_counted.absences.items():
        name = here.get(number)
        if name is not None and one.ground not in LeftOut.Ground.values:
            said.append(f"{name}：请选择是哪一种情形；不属于这几种情形的，仍计入应到会。")
        elif name is not None and not 0 < len(one.note.strip()) <= MOST["note"]:
            said.append(f"{name}：请写明依据，最多{MOST['note']}个字。")
    if not_counted.absences and not 0 < len(not_counted.consent.strip()) <= MOST["consent"]:
        said.append(f"须经上级党组织同意，请写明同意的文件或批复，最多{MOST['consent']}个字。")
    return [Fault(PLACE, one) for one in said]


def keep(not_counted: NotCounted, by_number: int | None, on: date, about: Step | Finding) -> None:
    """记下不计入的 And tell each of them, without saying what the meeting was about."""
    if not not_counted.absences:
        return
    meeting: dict[str, Step | Finding] = {"step" if isinstance(about, Step) else "finding": about}
    accounts = dict(Member.objects.filter(pk__in=not_counted.absences).values_list("pk", "user_id"))
    for number, one in not_counted.absences.items():
        made = LeftOut.objects.create(
            **meeting, member_id=number, ground=one.ground, note=one.note.strip(),
            consent=not_counted.consent.strip(), by_number=by_number, created_at=clock.now(),
        )  # fmt: skip
        text = f"{spells.said(on)}的支部党员大会没有把您计入应到会的人数：{made.get_ground_display()}。"
        text += "您的表决权不受影响。与实际情况不符的，请告诉支部书记或乡镇（街道）。"
        title = "一次党员大会没有把您计入应到会人数"
        tell(accounts[number], "disposals.left_out", str(made.pk), title, text, "/me/disposals/")
