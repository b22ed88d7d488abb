"""Every state of a notice, and of an objection, × every act × every role: who may do what when, each cell tried.

By act, `WHO` says whom it is open to and whom it is shown to all the same; for everybody else it is not there. By state
and act, the tables say what becomes of it for those whom it is open to: `done`, or the code of the refusal. Where a
cell differs for somebody, `BUT` says so.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from pioneer.accounts.policies import CLOCK, VISITOR
from pioneer.assessments.models import Sheet
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.ledger.services import post_sheet
from pioneer.publicity.models import Objection, Publication
from pioneer.publicity.objections import answer_finally, answer_objection, escalate_objection, object_to_line
from pioneer.publicity.services import close_publication, publish_revision, publish_sheet, refresh_publication
from tests.notices import On, after, close, make_sheet, object_to, post, publish
from tests.publicity.conftest import line_of
from tests.world import World

pytestmark = pytest.mark.one_database

Acts = Mapping[str, Callable[[Any], Any]]
ROLES = (
    *("recorder", "secretary", "deputy", "committee", "community_officer", "township_officer", "district_officer"),
    *("auditor", "guilan", "xueqin", "second_recorder", "other_secretary", "clock", "visitor"),
)


def actor_of(world: World, role: str) -> Any:
    return {"clock": CLOCK, "visitor": VISITOR}.get(role) or world.actor(role)


BRANCH = "recorder secretary deputy committee"
ABOVE = "community_officer township_officer"
LOOK_ON = "district_officer auditor"
EVERYBODY = " ".join(ROLES)
WHO = {
    # act                (open to,                                 shown to)
    "publish": (BRANCH, f"{ABOVE} {LOOK_ON}"),
    "object": (EVERYBODY, ""),
    "publish again": (f"secretary deputy committee {ABOVE}", f"recorder {LOOK_ON}"),
    "refresh": (f"{BRANCH} clock", f"{ABOVE} {LOOK_ON}"),
    "close": (f"{BRANCH} clock", f"{ABOVE} {LOOK_ON}"),
    "post": ("secretary deputy clock", f"recorder committee {ABOVE} {LOOK_ON}"),
    "answer": ("secretary deputy committee", "township_officer"),
    "go to the township": (EVERYBODY, ""),  # whoever has the receipt
    "answer finally": ("township_officer", "secretary deputy committee"),
}


def tried(world: World, acts: Acts, roles: Sequence[str] = ROLES) -> dict[tuple[str, str], str]:
    """Each act by each role, taken back, and what became of it."""
    cells = {}
    for name, act in acts.items():
        for role in roles:
            with transaction.atomic():
                try:
                    act(actor_of(world, role))
                    cells[name, role] = "done"
                except DomainError as refusal:
                    cells[name, role] = refusal.code
                transaction.set_rollback(True)
    return cells


def expected(state: str, outcomes: Mapping[str, str]) -> dict[tuple[str, str], str]:
    cells = {}
    for act, outcome in outcomes.items():
        may, see = (set(roles.split()) for roles in WHO[act])
        for role in ROLES:
            cells[act, role] = outcome if role in may else "not_allowed" if role in see else "not_visible"
            cells[act, role] = BUT.get((state, act), {}).get(role, cells[act, role])
    return cells


# ------------------------------------------------------------------ the notice


def a_notice(world: World, state: str) -> tuple[Sheet, Publication | None]:
    sheet = make_sheet(world, [On("李桂兰"), On("单雪琴", "N7"), On("王保国")])
    if state == "confirmed":
        return sheet, None
    shown = publish(world, sheet)
    if state in ("objected", "upheld", "superseded"):
        objection = object_to(shown, line_of(shown, "单雪琴"))
        if state != "objected":
            answer_objection(actor=world.actor("committee"), objection_id=objection.pk, upheld=True, answer="属实。")
        if state == "superseded":
            publish_revision(actor=world.actor("deputy"), sheet_id=sheet.pk)
    elif state == "closed":
        close(shown)
    elif state == "posted":
        post(shown)
    shown.refresh_from_db()
    return sheet, shown


def acts_on_a_notice(world: World, sheet: Sheet, shown: Publication | None) -> Acts:
    number, token = (shown.pk, shown.token) if shown else (0, "none")
    line = sheet.lines.get(member=world.member("李桂兰"))
    return {
        "publish": lambda actor: publish_sheet(actor=actor, sheet_id=sheet.pk),
        "object": lambda actor: object_to_line(
            actor=actor, token=token, line_id=line.pk, text="那天没有这件事", request_key=uuid4()
        ),
        "publish again": lambda actor: publish_revision(actor=actor, sheet_id=sheet.pk),
        "refresh": lambda actor: refresh_publication(actor=actor, sheet_id=sheet.pk),
        "close": lambda actor: close_publication(actor=actor, publication_id=number),
        "post": lambda actor: post_sheet(actor=actor, publication_id=number),
    }


ACTS = ("publish", "object", "publish again", "refresh", "close", "post")
NOTICE = {
    # state        publish  object         publish again     refresh          close          post
    "confirmed": ("done", "not_visible", "not_published", "not_published", "not_visible", "not_visible"),
    "open": ("done", "done", "nothing_upheld", "nothing_moved", "window_open", "not_closed"),
    "objected": ("done", "done", "nothing_upheld", "nothing_moved", "window_open", "not_closed"),
    "upheld": ("done", "done", "done", "nothing_moved", "window_open", "not_closed"),
    "over": ("done", "window_over", "nothing_upheld", "nothing_moved", "done", "not_closed"),
    "superseded": ("done", "done", "nothing_upheld", "nothing_moved", "superseded", "superseded"),
    "closed": ("done", "window_over", "already_closed", "nothing_moved", "done", "done"),
    "posted": ("done", "window_over", "already_closed", "nothing_moved", "done", "done"),
}  # published, closed or posted once more, the answer is the same notice or posting
BUT: dict[tuple[str, str], dict[str, str]] = {
    ("confirmed", "close"): dict.fromkeys(ROLES, "not_visible"),
    ("confirmed", "post"): dict.fromkeys(ROLES, "not_visible"),
    ("upheld", "publish again"): {"committee": "two_people"},  # who ruled on it
}


@pytest.mark.parametrize("state", NOTICE)
def test_who_may_do_what_with_a_notice(ruled: World, state: str) -> None:
    sheet, shown = a_notice(ruled, state)
    late = shown is not None and state in ("over", "closed", "posted")
    with clock.at(after(shown) if late and shown else clock.now()):
        outcomes = dict(zip(ACTS, NOTICE[state], strict=True))
        assert tried(ruled, acts_on_a_notice(ruled, sheet, shown)) == expected(state, outcomes)


# ------------------------------------------------------------------ the objection


def an_objection(world: World, state: str) -> Objection:
    shown = publish(world, make_sheet(world, [On("李桂兰"), On("单雪琴", "N7"), On("王保国")]))
    row = object_to(shown, line_of(shown, "单雪琴"), is_against_act=state == "township")
    if state in ("rejected", "upheld", "final_rejected", "final_upheld", "too late"):
        upheld = state == "upheld"
        answer_objection(actor=world.actor("committee"), objection_id=row.pk, upheld=upheld, answer="查过了。")
    if state.startswith("final"):
        escalate_objection(actor=VISITOR, receipt=row.receipt)
        officer = world.actor("township_officer")
        answer_finally(actor=officer, objection_id=row.pk, upheld=state == "final_upheld", answer="查过了。")
    row.refresh_from_db()
    return row


def acts_on_an_objection(row: Objection) -> Acts:
    return {
        "answer": lambda actor: answer_objection(actor=actor, objection_id=row.pk, upheld=False, answer="查过了。"),
        "go to the township": lambda actor: escalate_objection(actor=actor, receipt=row.receipt),
        "answer finally": lambda actor: answer_finally(actor=actor, objection_id=row.pk, upheld=True, answer="属实。"),
    }


OBJECTION = {
    # state          answer      go to the township  answer finally
    "open": ("done", "not_answered", "not_with_township"),
    "rejected": ("not_open", "done", "not_with_township"),
    "upheld": ("not_open", "done", "not_with_township"),
    "too late": ("not_open", "too_late", "not_with_township"),
    "township": ("not_open", "not_answered", "done"),
    "final_rejected": ("not_open", "not_answered", "not_with_township"),
    "final_upheld": ("not_open", "not_answered", "not_with_township"),
}


@pytest.mark.parametrize("state", OBJECTION)
def test_who_may_do_what_with_an_objection(ruled: World, state: str) -> None:
    row = an_objection(ruled, state)
    with clock.at(clock.now() + timedelta(days=40 if state == "too late" else 0)):
        outcomes = dict(zip(("answer", "go to the township", "answer finally"), OBJECTION[state], strict=True))
        assert tried(ruled, acts_on_an_objection(row)) == expected(f"an objection {state}", outcomes)
