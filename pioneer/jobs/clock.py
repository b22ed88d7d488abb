"""时钟 What is due, done in the order of the month: open sheets, pass on objections, close windows, post, credit,
remind; then what nobody comes back for is cleared away.

One round does everything that is due, so after a stop the next round catches up, the earliest first. A round twice does
nothing twice, and two rounds at once leave one result: every step is an operation that locks and looks again. What one
branch refuses is said in one line and does not hold up the others.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pioneer.accounts.policies import CLOCK
from pioneer.assessments.services import open_sheet
from pioneer.disposals import queries as disposals
from pioneer.disposals.reminders import remind_case
from pioneer.filings import reminders as filings
from pioneer.filings.reminders import remind_late
from pioneer.followups import reminders as followups
from pioneer.followups.reminders import remind_person
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.ledger import queries as ledger
from pioneer.ledger.services import post_sheet
from pioneer.members import import_queries
from pioneer.members.imports import discard_roster
from pioneer.overview.queries import unopened
from pioneer.publicity import lateness, revising
from pioneer.publicity import queries as publicity
from pioneer.publicity.objections import escalate_overdue_objections
from pioneer.publicity.reminders import remind_due
from pioneer.publicity.services import close_publication, refresh_publication
from pioneer.results import alarm_queries
from pioneer.results.alarms import look_for_alarms
from pioneer.rewards import expiry_queries, merchant_queries, shop_queries
from pioneer.rewards import queries as rewards
from pioneer.rewards.crediting import credit_posting, credit_waiting
from pioneer.rewards.expiring import expire_points, warn_of_expiry
from pioneer.rewards.reserving import expire_reservation
from pioneer.rewards.statements import make_statement

log = logging.getLogger(__name__)
ANOTHER_WAS_FIRST = {"sheet_exists", "superseded", "not_abandoned", "not_due", "stated_already"}
NOT_YET = {"objections_open", "window_open", "not_closed"}
FIGURES_MOVED = "figures_moved"
Due = Iterable[tuple[str, Callable[[], Any]]]


@dataclass(slots=True)
class Round:
    """一轮 How often each step was done, and a line for each thing that could not be."""

    done: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def run(self, step: str, due: Due) -> None:
        """办一步 Each thing due, one after another; a failure is kept and logged, and the next is tried."""
        self.done.setdefault(step, 0)
        for what, act in due:
            try:
                self.done[step] += act() is not None
            except DomainError as refusal:
                if refusal.code not in ANOTHER_WAS_FIRST | NOT_YET:
                    self._failed(f"{step} {what}：{refusal.message}")
            except Exception as error:
                self._failed(f"{step} {what}：{type(error).__name__} {error}")

    def _failed(self, line: str) -> None:
        self.failures.append(line)
        log.warning("%s", line.replace("\n", " "))

    def __str__(self) -> str:
        return "，".join(f"{step}{count}" for step, count in self.done.items())


def go_round() -> Round:
    """办一轮 Everything that is due now."""
    done = Round()
    open_months(done)
    close_windows(done)
    post(done)
    raise_alarms(done)
    credit_passbooks(done)
    expire_in_passbooks(done)
    state_merchants(done)
    remind(done)
    remind_filings(done)
    remind_follow_ups(done)
    remind_cases(done)
    discard_abandoned(done)
    return done


def open_months(done: Round) -> None:
    """开考评表 Every month not opened yet, the earliest first."""
    done.run(
        "开考评表",
        (
            (
                f"{year}年{month}月（支部{branch}）",
                partial(open_sheet, actor=CLOCK, branch_id=branch, year=year, month=month),
            )
            for branch, year, month in unopened(clock.today())
        ),
    )


def close_windows(done: Round) -> None:
    """结束公示 What nobody answered in time goes to the township; then every window that is over is closed.

    Only what can be done is tried: a round that has nothing to do leaves nothing in the audit."""
    late: Due = [("", lambda: escalate_overdue_objections(actor=CLOCK) or None)]
    done.run("移交逾期异议", late if revising.is_overdue_somewhere() else [])
    done.run(
        "结束公示",
        (
            (_said(notice), partial(_close_or_refresh, notice.pk, notice.sheet_id))
            for notice in publicity.due_to_close()
            if not revising.is_held_up(notice)
        ),
    )


def _close_or_refresh(publication_id: int, sheet_id: int) -> Any:
    """Where another notice has moved the figures meanwhile, they are shown anew, and the new window runs first."""
    try:
        return close_publication(actor=CLOCK, publication_id=publication_id)
    except DomainError as refusal:
        if refusal.code != FIGURES_MOVED:
            raise
    return refresh_publication(actor=CLOCK, sheet_id=sheet_id)


def post(done: Round) -> None:
    """入账 What is closed, in the order of closing."""
    done.run(
        "入账",
        ((_said(notice), partial(post_sheet, actor=CLOCK, publication_id=notice.pk)) for notice in ledger.to_post()),
    )


def raise_alarms(done: Round) -> None:
    """预警 After each posting, whom it brought across an alarm line of the rulebook is told, and its branch."""
    done.run(
        "预警",
        (
            (f"{one.branch.name}第{one.number}次入账", partial(look_for_alarms, actor=CLOCK, posting_id=one.pk))
            for one in alarm_queries.to_look_at()
        ),
    )


def credit_passbooks(done: Round) -> None:
    """转入存折 What was posted, in the order of posting; then what waited for this month's budget."""
    done.run(
        "转入存折",
        (
            (f"{one.branch.name}第{one.number}次入账", partial(credit_posting, actor=CLOCK, posting_id=one.pk))
            for one in rewards.to_credit()
        ),
    )
    done.run(
        "补转存折",
        (
            (one.organisation.name, partial(credit_waiting, actor=CLOCK, passbook_id=one.pk))
            for one in rewards.waiting_passbooks()
        ),
    )


def expire_in_passbooks(done: Round) -> None:
    """存折到期 Reservations nobody came for, points told of a month ago, and those to be told of now."""
    done.run(
        "预订过期",
        (
            (f"预订第{one.pk}号", partial(expire_reservation, actor=CLOCK, reservation_id=one.pk))
            for one in shop_queries.overdue_reservations()
        ),
    )
    done.run(
        "积分到期",
        (
            (f"第{one.pk}号账户", partial(expire_points, actor=CLOCK, account_id=one.pk))
            for one in expiry_queries.accounts_to_expire()
        ),
    )
    done.run(
        "到期提醒存折",
        (
            (f"第{one.pk}号账户", partial(warn_of_expiry, actor=CLOCK, account_id=one.pk))
            for one in expiry_queries.accounts_to_warn()
        ),
    )


def state_merchants(done: Round) -> None:
    """商户结算单 Of each month that has ended."""
    done.run(
        "商户结算单",
        (
            (
                f"{merchant.name}{year}年{month}月",
                partial(make_statement, actor=CLOCK, merchant_id=merchant.pk, year=year, month=month),
            )
            for merchant, year, month in merchant_queries.to_state()
        ),
    )


def remind(done: Round) -> None:
    """到期提醒 What is due is told to the branch, what is late to the township, each once."""
    done.run(
        "到期提醒",
        (
            (
                f"{one.month}{one.step}",
                partial(remind_due, actor=CLOCK, sheet_id=one.sheet.pk, step=one.step, kind=kind),
            )
            for one, kind in lateness.to_remind()
        ),
    )


def remind_cases(done: Round) -> None:
    """组织处置到期提醒 The next step of a case, or the end of a correction, each once."""
    done.run(
        "处置提醒",
        ((f"处置第{one.pk}号", partial(remind_case, actor=CLOCK, case_id=one.pk)) for one in disposals.due_to_remind()),
    )


def remind_filings(done: Round) -> None:
    """催报备案 A unit that has not filed by the day due is told, and the level above, once."""
    done.run(
        "催报备案",
        (
            (unit.name, partial(remind_late, actor=CLOCK, unit_id=unit.pk, first_on=cycle.first_on))
            for unit, cycle in filings.to_remind()
        ),
    )


def remind_follow_ups(done: Round) -> None:
    """提醒帮教 Who has something late or near its end, at most as often as the rulebook lets."""
    done.run(
        "帮教提醒",
        (
            (f"第{number}号账号", partial(remind_person, actor=CLOCK, user_id=number))
            for number in followups.to_remind()
        ),
    )


def discard_abandoned(done: Round) -> None:
    """清除旧花名册 Uploaded and never confirmed: what they hold about people is not kept for nothing."""
    done.run(
        "清除旧花名册",
        (
            (f"导入第{one.pk}号", partial(discard_roster, actor=CLOCK, import_id=one.pk))
            for one in import_queries.abandoned()
        ),
    )


def _said(notice: Any) -> str:
    sheet = notice.sheet
    return f"{sheet.branch.name}{sheet.year}年{sheet.month}月"
