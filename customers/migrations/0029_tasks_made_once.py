"""Tasks that the product makes once, and mails found by their address."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0028_replies'),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='key',
            field=models.CharField(blank=True, help_text='What a task that nobody has written stands for.', max_length=200, null=True, unique=True, verbose_name='made once by'),
        ),
        migrations.AddIndex(
            model_name='outgoingemail',
            index=models.Index(django.db.models.functions.text.Upper('to_email'), name='mail_by_address'),
        ),
    ]
