"""The name of who put up a notice gives way to the mark of an erasure; all else of a proof stays as before."""

from django.db import migrations

from pioneer.kernel.triggers import Changed, frozen_again, rewritten

CONTENT = (
    "publication_id", "channel", "done_on", "place", "taken_at", "entered_by_number", "created_at", "request_key",
)  # fmt: skip
WITHDRAWAL = ("withdrawn_at", "withdrawn_by_number")


def when(changed: Changed) -> str:
    erases = "(OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL)"
    withdraws = "(OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL)"
    return " OR ".join((
        changed(*CONTENT),
        f"({changed('file_id', 'link')} AND NOT {erases})",
        f"({rewritten(changed, 'done_by')})",
        f"({changed(*WITHDRAWAL)} AND NOT {withdraws})",
        f"({changed('withdrawn_why')} AND NOT {withdraws} AND NOT {erases})",
        f"({changed('erased_at')} AND NOT {erases})",
    ))


class Migration(migrations.Migration):
    dependencies = [("publicity", "0003_proofs_frozen")]
    operations = [frozen_again("publicity_proof", "a proof is withdrawn, never edited", when)]
