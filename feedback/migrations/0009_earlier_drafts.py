"""A draft remembers what it held before its last changes."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0008_mail_of_an_answer'),
    ]

    operations = [
        migrations.AddField(
            model_name='surveyversion',
            name='earlier',
            field=models.JSONField(blank=True, default=list, help_text='What a draft held before its last changes, the oldest first, to go back to.', verbose_name='earlier contents'),
        ),
    ]
