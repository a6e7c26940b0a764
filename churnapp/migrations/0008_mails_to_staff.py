from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('churnapp', '0007_privacy_notice'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='language',
            field=models.CharField(blank=True, choices=[('en', 'English'), ('nb', 'Norsk bokmål'), ('da', 'Dansk'), ('sv', 'Svenska')], max_length=20, verbose_name='language of mails'),
        ),
        migrations.AddField(
            model_name='user',
            name='mail_digest',
            field=models.CharField(choices=[('daily', 'each morning'), ('weekly', 'each Monday'), ('never', 'never')], default='never', max_length=6, verbose_name='a summary of new answers'),
        ),
        migrations.AddField(
            model_name='user',
            name='mail_unhappy',
            field=models.BooleanField(default=True, verbose_name='each unhappy answer of my customers'),
        ),
    ]
