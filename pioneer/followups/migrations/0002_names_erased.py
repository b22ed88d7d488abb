"""A name in who spoke, or who took part, gives way to the mark of an erasure; texts are emptied as before."""

from django.db import migrations

from pioneer.kernel.triggers import Changed, frozen_again, rewritten

ENTRY = (
    "follow_up_id", "number", "kind", '"on"', "due_on", "person_id", "outcome", "corrects_id", "branch_id", "by_number",
    "created_at",
)
HOPE = (
    "told_id", "member_id", "branch_id", "first_on", "last_on", "number", "spoken_on", "by_number", "created_at",
)


def emptied(changed: Changed, *texts: str) -> str:
    return " OR ".join(f"({changed(text)} AND NEW.{text} <> '')" for text in texts)


def entry(changed: Changed) -> str:
    texts = emptied(changed, "place", "text", "words", "told_how")
    return f"{changed(*ENTRY)} OR {texts} OR {rewritten(changed, 'people')}"


def hope(changed: Changed) -> str:
    return f"{changed(*HOPE)} OR {emptied(changed, 'text', 'told_how')} OR {rewritten(changed, 'spoken_by')}"


class Migration(migrations.Migration):
    dependencies = [("followups", "0001_initial")]
    operations = [
        frozen_again("followups_entry", "followups_entry is append-only", entry),
        frozen_again("followups_encouragement", "followups_encouragement is append-only", hope),
    ]
