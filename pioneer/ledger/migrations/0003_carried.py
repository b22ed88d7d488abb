from django.db import migrations, models

from pioneer.kernel.triggers import append_only_again


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]
    operations = [
        migrations.AddField(model_name="entry", name="carried", field=models.BooleanField(default=False)),
        append_only_again("ledger_entry"),
    ]
