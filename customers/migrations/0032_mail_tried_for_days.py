from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0031_erased_stay_out'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoingemail',
            name='first_tried_at',
            field=models.DateTimeField(blank=True, help_text='Some days from then on it is given up; its key is known for some hours.', null=True, verbose_name='first tried'),
        ),
        migrations.AddIndex(
            model_name='outgoingemail',
            index=models.Index(condition=models.Q(('error_code', 'out_of_reach'), ('state', 'retry')), fields=['due_at'], name='mail_out_of_reach'),
        ),
    ]
