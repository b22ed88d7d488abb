"""补齐 What the scenario lacks for a form to take effect; what the form brings then, from whom and to which address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import F
from django.urls import reverse

from pioneer.accounts.models import User
from pioneer.accounts.policies import Actor
from pioneer.accounts.queries import actor_of
from pioneer.assessments.models import Review
from pioneer.conduct.models import Dues
from pioneer.declarations.models import Declaration
from pioneer.kernel import clock
from pioneer.members.models import Exemption, StatusSpell
from pioneer.organisations.models import Organisation
from pioneer.publicity.models import Objection, Publication, PublishedLine
from pioneer.publicity.objections import answer_objection
from pioneer.rulebook.draft_queries import content_of
from pioneer.rulebook.drafting import edit_draft
from pioneer.rulebook.editing import Change, rows_of
from tests.world import OFFICERS, START, TODAY

Things = Mapping[str, Any]


@dataclass
class Ready:
    """备好的表单 Only what differs from the row of the table."""

    data: Mapping[str, Any] = field(default_factory=dict)
    address: str = ""
    person: str = ""


def actor(code: str) -> Actor:
    """一个任职的人"""
    number = next(place for place, row in enumerate(OFFICERS, start=1) if row[0] == code)
    return actor_of(User.objects.get(login=f"G{number:05d}"))


def _mended_draft(things: Things) -> Ready:
    """The one mistake in the draft is taken out."""
    work = type(things["work"]).objects.get(pk=things["work"].pk)
    row = {**rows_of(content_of(work), "positive")[0], "caps": {"month": 2}}
    mended = edit_draft(
        actor=actor("district_officer"), draft_id=work.pk, edit=work.edit, change=Change("set", "positive", 0, row)
    )
    return Ready({"edit": str(mended.edit), "valid_from": "2026-09-01"})


def _gone_outside(things: Things) -> Ready:
    """The member has been transferred to another district."""
    member, since = things["member"].pk, TODAY - timedelta(days=40)
    StatusSpell.objects.filter(member=member, until_on__isnull=True).update(until_on=since - timedelta(days=1))
    StatusSpell.objects.create(member_id=member, status="transferred_out", from_on=since)
    return Ready()


def _branch(things: Things, name: str) -> Organisation:
    """A branch of this community in which nothing ever was."""
    above = things["community"]
    made = Organisation.objects.create(
        name=name, level="branch", parent=above, path="", is_branch=True, setting="urban", opened_on=START
    )
    made.path = f"{above.path}{made.pk}/"
    made.save()
    return made


def _two_new_branches(things: Things) -> Ready:
    one, other = _branch(things, "槐园社区第八党支部"), _branch(things, "槐园社区第九党支部")
    return Ready({"branches": [other.pk]}, reverse("merge-branches", args=[one.pk]))


def _a_new_branch(things: Things) -> Ready:
    return Ready(address=reverse("split-branch", args=[_branch(things, "槐园社区第八党支部").pk]))


def _an_empty_branch(things: Things) -> Ready:
    return Ready(address=reverse("close-organisation", args=[_branch(things, "槐园社区第八党支部").pk]))


def _nothing_shown_before(things: Things) -> Ready:
    """The branch's other notices have been closed."""
    standing = Publication.objects.filter(sheet__branch=things["branch"], closed_at__isnull=True)
    standing.update(closed_at=F("closes_at"))
    return Ready()


def _moved(things: Things) -> Ready:
    """Another notice was closed meanwhile: what this one counts is not what it shows."""
    PublishedLine.objects.filter(publication=things["publication"], line=things["shown_line"]).update(counted=1)
    return Ready()


def _window_over(things: Things) -> Ready:
    """Its days are over, and nobody objected."""
    Objection.objects.filter(publication=things["publication"]).delete()
    before = clock.now() - timedelta(days=20)
    Publication.objects.filter(pk=things["publication"].pk).update(
        published_at=before, closes_at=before + timedelta(days=9)
    )
    return Ready()


def _answered(objection: Objection, *, upheld: bool) -> None:
    answer_objection(
        actor=actor("secretary"),
        objection_id=objection.pk,
        upheld=upheld,
        answer="查了签到册。",
        public_answer="已核实。",
    )


def _upheld(things: Things) -> Ready:
    _answered(things["objection"], upheld=True)
    return Ready(person="deputy")


def _rejected(things: Things) -> Ready:
    _answered(things["objection"], upheld=False)
    return Ready()


def _rejected_about_guilan(things: Things) -> Ready:
    _answered(things["objection_about_guilan"], upheld=False)
    return Ready()


def _claim_rejected_on_a_shown_sheet(things: Things) -> Ready:
    claim = Declaration.objects.get(pk=things["rejected_review"].declaration_id)
    claim.pk, claim.request_key = None, uuid4()
    claim.save()
    review = Review.objects.create(
        declaration=claim,
        sheet=things["shown_sheet"],
        outcome="rejected",
        reason="这是家务。",
        by_number=things["recorder"].pk,
        created_at=clock.now() - timedelta(days=20),
    )
    return Ready({"request_key": str(uuid4())}, reverse("object-to-review", args=[review.pk]))


def _dues_still_open(things: Things) -> Ready:
    Dues.objects.filter(branch=things["branch"], year=2026, month=3).delete()
    return Ready({"edit": "0"})


def _whole_claim(things: Things) -> Ready:
    claim = {"event_on": "2026-03-29", "place": "槐园小区", "matter": "帮邻居抬冰箱", "request_key": str(uuid4())}
    return Ready({"member": str(things["member"].pk), **claim}, person="guilan")


def _branch_without_takeover(things: Things) -> Ready:
    return Ready({"branch_id": things["second_branch"].pk}, person="second_recorder")


def _free_account(things: Things) -> Ready:
    made = User.objects.create(
        login="G90001", phone="19900090001", name="张㛃", organisation=things["branch"], created_at=clock.now()
    )
    return Ready({"login": made.login})


def _exempt_since_january(things: Things) -> Ready:
    Exemption.objects.filter(pk=things["exemption_approved"].pk).update(from_on=date(2026, 1, 5))
    return Ready({"last_on": "2026-03-31"})


def _all_decided(things: Things) -> Ready:
    Declaration.objects.filter(branch=things["branch"], state="submitted").update(state="withdrawn")
    sheet = type(things["sheet"]).objects.get(pk=things["sheet"].pk)
    return Ready({"edit": str(sheet.edit)})


READY: dict[str, Callable[[Things], Ready]] = {
    "submit-draft": _mended_draft,
    "receive-back": _gone_outside,
    "close-organisation": _an_empty_branch,
    "merge-branches": _two_new_branches,
    "split-branch": _a_new_branch,
    "publish-sheet": _nothing_shown_before,
    "close-publication": _window_over,
    "revise-publication": _upheld,
    "refresh-publication": _moved,
    "receipt": _rejected,
    "objection-concerning": _rejected_about_guilan,
    "object-to-review": _claim_rejected_on_a_shown_sheet,
    "dues-month": _dues_still_open,
    "declaring-phone": _whole_claim,
    "new-takeover": _branch_without_takeover,
    "link-account": _free_account,
    "end-exemption": _exempt_since_january,
    "submit-sheet": _all_decided,
}
