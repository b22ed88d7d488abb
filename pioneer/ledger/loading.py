"""成批写入 The demo's postings: chains, entries and their erasable texts."""

from collections.abc import Sequence

from pioneer.kernel.loading import Row, require_demo, write
from pioneer.kernel.operations import Acting, operation
from pioneer.ledger.models import Entry, EntryText, Posting


@operation("ledger.load_postings")
def load_postings(*, actor: Acting, postings: Sequence[Row], entries: Sequence[Row], texts: Sequence[Row]) -> int:
    """写入台账 Only on a demo. Digests and chains come computed, and `verify` recomputes them all."""
    require_demo()
    write(Posting, postings)
    write(Entry, entries)
    write(EntryText, texts)
    return len(postings)
