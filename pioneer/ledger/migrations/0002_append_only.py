from django.db import migrations

from pioneer.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [append_only("ledger_posting"), append_only("ledger_entry")]
