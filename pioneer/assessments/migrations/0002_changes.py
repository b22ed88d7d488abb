import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0001_initial'),
        ('declarations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edit', models.PositiveIntegerField()),
                ('operation', models.CharField(max_length=60)),
                ('by_number', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('declaration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='declarations.declaration')),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.line')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='assessments.sheet')),
            ],
            options={
                'ordering': ['sheet', 'edit'],
                'constraints': [models.UniqueConstraint(fields=('sheet', 'edit'), name='change_once')],
            },
        ),
    ]
