"""公示页的期限 Until when a notice's public page stands: some days after its posting, by the rulebook."""

from datetime import datetime, timedelta

from pioneer.kernel import clock
from pioneer.ledger.queries import posting_of
from pioneer.publicity import queries
from pioneer.publicity.models import Publication
from pioneer.rulebook.queries import current_rulebook


def has_ended(publication: Publication, posted_at: datetime) -> bool:
    """是否已到期"""
    on = posted_at.astimezone(clock.SHANGHAI).date()
    keep = current_rulebook(publication.sheet.branch.district_number, on).procedure.public_page
    return clock.today() > on + timedelta(days=keep.value)


def is_standing(publication: Publication) -> bool:
    """公示页是否还在 The one that its address leads to: of the latest revision. A constant number of queries."""
    latest = queries.by_token(publication.token)
    posting = posting_of(latest.pk)
    return posting is None or not has_ended(latest, posting.posted_at)
