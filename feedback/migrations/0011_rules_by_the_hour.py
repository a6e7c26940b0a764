"""When a rule last looked at its customers."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0010_themes'),
    ]

    operations = [
        migrations.AddField(
            model_name='sendingrule',
            name='looked_at',
            field=models.DateTimeField(blank=True, help_text='Rules that go by the day look at their customers once an hour.', null=True, verbose_name='looked at'),
        ),
    ]
