"""How often a mail was sent again after it had failed: each time another mail."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0025_reason_views'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoingemail',
            name='resends',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='How often somebody sent it again after it had failed: a new mail each time.', verbose_name='sent again'),
        ),
    ]
