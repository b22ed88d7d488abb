"""Names in what stands give way to the mark of an erasure: who witnessed a count, signed an agreement, gave something."""

from functools import partial

from django.db import migrations

from pioneer.kernel.triggers import Changed, frozen_again, rewritten

COUNT = ("good_id", "expected", "counted", "at", "by_number")
AGREEMENT = (
    "merchant_id", "from_on", "until_on", "signed_on", "document", "cents_per_point", "by_number", "created_at",
)  # fmt: skip
DONATION = ("passbook_id", "number", "kind", "is_anonymous", '"on"', "cents", "document", "by_number", "created_at")


def when(columns: tuple[str, ...], name: str, rest: str, changed: Changed) -> str:
    """`rest`: a text that may only be emptied, or a day that is set once."""
    once = rest.endswith("_on")
    stays = f"OLD.{rest} IS NOT NULL" if once else f"NEW.{rest} <> ''"
    return f"{changed(*columns)} OR {rewritten(changed, name)} OR ({changed(rest)} AND {stays})"


def again(table: str, columns: tuple[str, ...], name: str, rest: str) -> migrations.RunPython:
    return frozen_again(table, f"{table}: what was written stands", partial(when, columns, name, rest))


class Migration(migrations.Migration):
    dependencies = [("rewards", "0003_asked_at_the_shop")]
    operations = [
        again("rewards_stockcount", COUNT, "witness", "reason"),
        again("rewards_agreement", AGREEMENT, "signed_by", "ended_on"),
        again("rewards_donation", DONATION, "donor", "what"),
    ]
