"""Mails that are worth waiting for the contact budget."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0026_mails_sent_again'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoingemail',
            name='patient_until',
            field=models.DateTimeField(blank=True, help_text='Empty: it is not sent where the person has had enough mails.', null=True, verbose_name='waits for the contact budget until'),
        ),
    ]
