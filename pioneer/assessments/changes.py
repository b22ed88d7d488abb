"""改动的读取 What was changed on a sheet since somebody opened its page, each as a sentence with who did it."""

from dataclasses import dataclass
from datetime import datetime

from pioneer.assessments import queries
from pioneer.assessments.models import Change, Line, Review, Sheet
from pioneer.declarations.models import Declaration
from pioneer.kernel.points import show

SAID = {
    "assessments.enter_line": "加了一条",
    "assessments.enter_lines": "加了一条",
    "assessments.enter_proposals": "记入了一条提议",
    "assessments.edit_line": "改了一条",
    "assessments.remove_line": "撤下了一条",
    "assessments.enter_correction": "登记了冲正",
    "assessments.record_paper_notice": "登记了书面告知",
    "assessments.answer_line": "写了说明",
    "assessments.review_declaration": "考评了申报",
    "assessments.accept_declarations": "核准了申报",
    "assessments.reopen_review": "撤回了核定",
    "assessments.submit_sheet": "送了复核",
    "assessments.return_sheet": "退回了考评表",
    "assessments.confirm_sheet": "复核了考评表",
}
OTHERWISE = "改动了考评表"
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Said:
    """一处改动 Who, what, and how the line or claim stands now."""

    by: str
    what: str
    now: str
    at: datetime
    member_id: int | None
    line_id: int | None

    def __str__(self) -> str:
        return f"{self.by}{self.what}{'：' if self.now else ''}{self.now}"


def since(sheet: Sheet, edit: int, *, but_by: int | None = None) -> list[Said]:
    """打开以后的改动 After the edit number shown, in order; of everybody, or of all others. Three queries at most."""
    found = Change.objects.filter(sheet=sheet, edit__gt=edit)
    if but_by is not None:
        found = found.exclude(by_number=but_by)
    changes = list(found.select_related("line__member", "line__corrects", "declaration__member")[:SHOWN])
    if not changes:
        return []
    names = queries.names_of(change.by_number for change in changes)
    claims = [change.declaration_id for change in changes if change.declaration_id]
    outcomes = {review.declaration_id: review for review in Review.objects.filter(declaration__in=claims)}
    return [_said(change, names, outcomes) for change in changes]


def _said(change: Change, names: dict[int, str], outcomes: dict[int, Review]) -> Said:
    line, claim = change.line, change.declaration
    now, member_id = "", None
    if line is not None:
        now, member_id = of_line(line), line.member_id
    elif claim is not None:
        review = outcomes.get(claim.pk)
        stands = f"现在是“{review.get_outcome_display()}”" if review else "现在待核定"
        now, member_id = f"{_claim(claim)}，{stands}", claim.member_id
    what = SAID.get(change.operation, OTHERWISE)
    return Said(names.get(change.by_number or 0, "系统"), what, now, change.at, member_id, line.pk if line else None)


def of_line(line: Line) -> str:
    """一条现在的样子"""
    on = f"{line.event_on.month}月{line.event_on.day}日"
    stands = "已撤下" if line.state == Line.State.STRUCK else f"现为{show(queries.effect(line), signed=True)}分"
    return f"{line.member.name}　{on}　{line.wording}，{stands}"


def _claim(claim: Declaration) -> str:
    return f"{claim.member.name}　{claim.event_on.month}月{claim.event_on.day}日　{claim.matter[:30]}"


def review_of(declaration_id: int) -> tuple[Review | None, Line | None]:
    """已有的核定 What somebody decided of a claim, and the line that came of it."""
    review = Review.objects.filter(declaration=declaration_id).select_related("sheet").first()
    line = Line.objects.filter(declaration=declaration_id, state=Line.State.STANDING).first()
    return review, line
