"""A draft remembers what it held before changes were taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0015_counted_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='surveyversion',
            name='later',
            field=models.JSONField(blank=True, default=list, help_text='What a draft held before changes were taken back, the next one last.', verbose_name='contents taken back'),
        ),
    ]
