"""路由表 Who gets through which door: every address of the site × every person of the cast, written down by hand.

A row says how the address is made from the scenario (`args`: url argument → name of a thing in it), what a POST
brings, and who gets through: `sees` with a GET, `does` with a POST (None: the door does not take that method).
Everybody else of the cast is turned away, and who is not signed in is led to the sign-in, unless the row is `public`.
"""

from tests.web import (
    routes_archives,
    routes_before,
    routes_disposals,
    routes_filings,
    routes_followups,
    routes_month,
    routes_nominations,
    routes_rewards,
    routes_rewards_books,
    routes_year,
)
from tests.web.doors import EVERYBODY as EVERYBODY
from tests.web.doors import Row

ROUTES: dict[str, Row] = {
    **routes_before.ROUTES,
    **routes_month.ROUTES,
    **routes_year.ROUTES,
    **routes_filings.ROUTES,
    **routes_followups.ROUTES,
    **routes_nominations.ROUTES,
    **routes_disposals.ROUTES,
    **routes_archives.ROUTES,
    **routes_rewards.ROUTES,
    **routes_rewards_books.ROUTES,
}
