from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0003_sent_forms'),
    ]

    operations = [
        migrations.AddField(
            model_name='sentform',
            name='by',
            field=models.CharField(default='/', max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='sentform',
            name='done',
            field=models.TextField(default=''),
        ),
    ]
