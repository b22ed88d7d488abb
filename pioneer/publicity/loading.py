"""成批写入 The demo's notices: publications as they were shown, and the objections against them."""

from collections.abc import Sequence

from pioneer.kernel.loading import Row, require_demo, write
from pioneer.kernel.operations import Acting, operation
from pioneer.publicity.models import Objection, Proof, Publication, PublishedLine, PublishedMember


@operation("publicity.load_publications")
def load_publications(
    *,
    actor: Acting,
    publications: Sequence[Row],
    members: Sequence[Row],
    lines: Sequence[Row],
    objections: Sequence[Row] = (),
    proofs: Sequence[Row] = (),
) -> int:
    """写入公示 Only on a demo. What counted was computed by the engine, as publishing does."""
    require_demo()
    write(Publication, publications)
    write(PublishedMember, members)
    write(PublishedLine, lines)
    write(Objection, objections)
    write(Proof, proofs)
    return len(publications)
