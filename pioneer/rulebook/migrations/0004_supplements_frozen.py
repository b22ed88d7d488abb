"""A supplement once decided is frozen; of an approved one only the end may still come, once."""

from django.db import migrations

from pioneer.kernel.triggers import Changed, frozen

CONTENT = (
    "district_id", "branch_id", "version_id", "number", "text", "digest", "count", "met_on", "present", "in_favour",
    "reference", "scan_id", "effective_on", "proposed_by_number", "proposed_at",
)  # fmt: skip
DECISION = ("state", "decided_by_number", "decided_at", "decision_reason", "valid_from")
END = ("ended_from", "ended_why", "ended_by_number", "ended_at", "turn", "stamp")
DECIDED = "OLD.state <> 'proposed'"


def when(changed: Changed) -> str:
    ends_again = f"((OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL) AND {changed(*END)})"
    return f"{changed(*CONTENT)} OR ({DECIDED} AND ({changed(*DECISION)} OR {ends_again}))"


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0003_supplements")]
    operations = [frozen("rulebook_supplement", "a supplement is frozen", when, kept=DECIDED)]
