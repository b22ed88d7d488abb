from django.db import migrations

from pioneer.kernel.triggers import frozen

CONTENT = (
    "text", "digest", "valid_from", "number", "name", "district_id", "state", "answers",
    "drafted_by_number", "drafted_at", "adopted_by_number", "adopted_at",
)  # fmt: skip
ADOPTED = "OLD.state = 'adopted'"
# The end of its validity alone may still come: set once, or brought forward, when the next version is adopted.
LATER_END = "(NEW.valid_until IS NULL AND OLD.valid_until IS NOT NULL) OR NEW.valid_until > OLD.valid_until"


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0001_initial")]
    operations = [
        frozen(
            "rulebook_rulebookversion",
            "an adopted rulebook is frozen",
            lambda changed: f"{ADOPTED} AND ({changed(*CONTENT)} OR {LATER_END})",
            kept=ADOPTED,
        )
    ]
