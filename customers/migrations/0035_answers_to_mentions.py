from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0034_who_paused_and_weekdays")]
    operations = [
        migrations.AddField(
            "mention",
            "reply_text",
            models.TextField(
                blank=True, db_default="", default="", verbose_name="what was answered"
            ),
        ),
        migrations.AddField(
            "mention",
            "reply_url",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=2000,
                verbose_name="address of the answer",
            ),
        ),
    ]
