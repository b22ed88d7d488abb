"""成批写入 The demo's roster by date: members, where they belong, status, track, transfers, exemptions."""

from collections.abc import Sequence

from pioneer.kernel.loading import Row, require_demo, write
from pioneer.kernel.operations import Acting, operation
from pioneer.members.models import Exemption, Member, Membership, StatusSpell, TrackSpell, Transfer


@operation("members.load_roster")
def load_roster(
    *,
    actor: Acting,
    members: Sequence[Row],
    memberships: Sequence[Row],
    statuses: Sequence[Row],
    tracks: Sequence[Row],
    transfers: Sequence[Row] = (),
    exemptions: Sequence[Row] = (),
) -> int:
    """写入花名册 Only on a demo. Identity numbers come encrypted."""
    require_demo()
    write(Member, members)
    write(Membership, memberships)
    write(StatusSpell, statuses)
    write(TrackSpell, tracks)
    write(Transfer, transfers)
    write(Exemption, exemptions)
    return len(members)
