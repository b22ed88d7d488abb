"""A proof of display is never changed: it may be withdrawn once, and what names people may be erased once. A reminder
that was told stays told."""

from django.db import migrations

from pioneer.kernel.triggers import Changed, append_only, frozen

CONTENT = (
    "publication_id", "channel", "done_on", "place", "taken_at", "entered_by_number", "created_at", "request_key",
)  # fmt: skip
TEXTS = ("file_id", "done_by", "link")
WITHDRAWAL = ("withdrawn_at", "withdrawn_by_number")


def when(changed: Changed) -> str:
    erases = "(OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL)"
    withdraws = "(OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL)"
    return " OR ".join((
        changed(*CONTENT),
        f"({changed(*TEXTS)} AND NOT {erases})",
        f"({changed(*WITHDRAWAL)} AND NOT {withdraws})",
        f"({changed('withdrawn_why')} AND NOT {withdraws} AND NOT {erases})",
        f"({changed('erased_at')} AND NOT {erases})",
    ))


class Migration(migrations.Migration):
    dependencies = [("publicity", "0002_proofs_and_reminders")]
    operations = [
        frozen("publicity_proof", "a proof is withdrawn, never edited", when),
        append_only("publicity_reminder"),
    ]
