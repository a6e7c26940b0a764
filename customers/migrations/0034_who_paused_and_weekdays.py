import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PAUSED_BY = {
    "blank": True,
    "null": True,
    "on_delete": django.db.models.deletion.SET_NULL,
    "related_name": "+",
    "to": settings.AUTH_USER_MODEL,
    "verbose_name": "paused by",
}


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("customers", "0032_mail_tried_for_days"),
    ]

    operations = [
        migrations.AddField("mailbatch", "paused_by", models.ForeignKey(**PAUSED_BY)),
        migrations.AddField("sendingrate", "paused_by", models.ForeignKey(**PAUSED_BY)),
        migrations.AddField(
            "sendingrate",
            "weekdays_only",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="Saturdays and Sundays are quiet as well, in the zone of the recipient.",
                verbose_name="only from Monday to Friday",
            ),
        ),
    ]
