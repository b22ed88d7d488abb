"""Sending a filing back: with reasons, overall or for single members; what comes again is the next revision."""

import pytest
from django.db import DatabaseError, transaction

from pioneer.filings.models import Filing, ReturnedLine
from pioneer.filings.services import send_back
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed
from pioneer.messages.models import Message
from pioneer.results.models import FormerResult
from tests.filings.conftest import filed, sent
from tests.world import World


def test_it_works_and_sent_again_it_is_the_next_revision(announced: World) -> None:
    made = sent(announced)
    member = announced.member("张㛃")
    back = send_back(
        actor=announced.actor("township_officer"), filing_id=made.pk, reason="", lines={member.pk: "得分与公示不符。"}
    )
    assert back.state == "returned" and not FormerResult.objects.exists()
    assert ReturnedLine.objects.get().reason == "得分与公示不符。"
    message = Message.objects.get(kind="filings.returned")
    assert "张㛃" not in message.text and message.user == announced.users["community_officer"]
    with pytest.raises(DomainError, match="已经退回"):
        send_back(actor=announced.actor("township_officer"), filing_id=made.pk, reason="再退")
    for change in ({"state": "sent", "decided_at": None}, {"return_reason": "改"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Filing.objects.filter(pk=made.pk).update(**change)
    again = filed(announced)
    assert (again.revision, again.state) == (2, "received")


def test_it_says_why(announced: World) -> None:
    made = sent(announced)
    actor = announced.actor("township_officer")
    with pytest.raises(BadInput, match="请写明哪里不对"):
        send_back(actor=actor, filing_id=made.pk, reason=" ", lines={announced.member("张㛃").pk: " "})
    with pytest.raises(BadInput, match="不在这份备案里"):
        send_back(actor=actor, filing_id=made.pk, reason="", lines={announced.member("柳满仓").pk: "不对"})


def test_not_by_who_sent_nor_from_below(announced: World) -> None:
    made = sent(announced, "township_officer")
    with pytest.raises(DomainError, match="另一位工作人员"):
        send_back(actor=announced.actor("township_officer"), filing_id=made.pk, reason="不对")
    with pytest.raises(NotAllowed):
        send_back(actor=announced.actor("community_officer"), filing_id=made.pk, reason="不对")
